"""The made-up county: repeatable, invented, dirty where it says so, and true to its plan."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from expectations.contract import contracts
from expectations.identity import fault, written
from pipelines.sample import make_county
from pipelines.sample.dirt import SPOTS, WITHOUT_CONTRACT
from pipelines.sample.manners import DAYS, MONTHS, YEARS, manner_of
from pipelines.sample.plan import PLAN

AS_OF = date(2026, 1, 21)
HOUSEHOLDS = 200
FILE_NAME = re.compile(r"([a-z_]+)_370402_(\d{6}|\d{8}|\d{4}S[12])_(\d{2})\.(csv|xlsx|parquet)")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("county")
    make_county(home, HOUSEHOLDS, seed=7, as_of=AS_OF)
    return home


def rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def truth(home: Path, table: str) -> list[dict[str, str]]:
    header, *cells = rows(home / "truth" / f"{table}.csv")
    return [dict(zip(header, row, strict=True)) for row in cells]


def prints(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file()
    }


def delivered(home: Path, extract: str, period: str) -> list[dict[str, str]]:
    """The rows of a plain UTF-8 delivery, under their Chinese headers."""
    header, *cells = rows(next((home / "inbox").rglob(f"{extract}_370402_{period}_01.csv")))
    return [dict(zip(header, row, strict=True)) for row in cells if row]


def test_the_same_seed_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    make_county(tmp_path, HOUSEHOLDS, seed=7, as_of=AS_OF)
    assert prints(tmp_path) == prints(home)


def test_another_seed_gives_another_county(home: Path, tmp_path: Path) -> None:
    make_county(tmp_path, HOUSEHOLDS, seed=8, as_of=AS_OF)
    assert prints(tmp_path)["truth/events.csv"] != prints(home)["truth/events.csv"]


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2025, 8, 31), date(2026, 10, 1)])
def test_any_night_has_its_county(as_of: date, tmp_path: Path) -> None:
    make_county(tmp_path, 150, seed=3, as_of=as_of)
    assert {row["event"] for row in truth(tmp_path, "events")} == {event.kind for event in PLAN}
    assert all(row["happened_on"] < as_of.replace(day=1).isoformat() for row in truth(tmp_path, "events"))


def test_every_file_has_a_name_and_place_by_contract(home: Path) -> None:
    found = set()
    for path in (home / "inbox").rglob("*.*"):
        match = FILE_NAME.fullmatch(path.name)
        assert match, path.name
        found.add(match[1])
        if match[1] != WITHOUT_CONTRACT:
            assert path.parent.name == contracts()[match[1]].folder
    assert WITHOUT_CONTRACT in found
    assert found == {*contracts(), WITHOUT_CONTRACT}


def test_every_format_and_encoding_of_the_field_occurs(home: Path) -> None:
    files = [path for path in (home / "inbox").rglob("*") if path.is_file()]
    starts = {path.read_bytes()[:2] for path in files}
    assert {".csv", ".xlsx", ".parquet"} == {path.suffix for path in files}
    assert {b"\xff\xfe", b"\xef\xbb"} <= starts
    in_gb18030 = next((home / "inbox").rglob("civil_affairs_members_370402_202503_01.csv")).read_bytes()
    assert re.search("[𠮷㐂]", in_gb18030.decode("gb18030"))
    with pytest.raises(UnicodeDecodeError):
        in_gb18030.decode("utf-8")


def test_every_manner_of_writing_is_some_body_s(home: Path) -> None:
    used = [manner_of(extract, ago) for extract in contracts() for ago in range(1, 25)]
    assert {m.encoding for m in used} == {"utf-8", "utf-8-sig", "gb18030", "utf-16-le"}
    assert {m.separator for m in used} == {",", "\t", "|"}
    assert {m.suffix for m in used} == {"csv", "xlsx", "parquet"}
    assert {m.header for m in used} == {"zh", "english", "alias"}
    assert {m.codes for m in used} == {"codes", "labels"}
    assert {m.days for m in used} == set(DAYS)
    assert {m.months for m in used} == set(MONTHS)
    assert {m.years for m in used} == set(YEARS)
    assert {m.yes_no[1] for m in used} == {"是", "1", "yes", "Y"}


def test_numbers_are_valid_and_nobodys(home: Path) -> None:
    numbers = [row["身份证号"] for row in delivered(home, "civil_affairs_members", "202512")]
    blank = [number for number in numbers if not number]
    assert len(blank) == sum(row["event"] == "birth_without_number" for row in truth(home, "events"))
    for number in filter(None, numbers):
        assert written(number).startswith("990402")
        assert fault(number, AS_OF) is None


def test_the_truth_names_households_that_exist(home: Path) -> None:
    known = {row["家庭编号"] for row in delivered(home, "civil_affairs_members", "202512")}
    events = truth(home, "events")
    assert {event.kind for event in PLAN} == {row["event"] for row in events}
    assert {row["household_no"] for row in events} <= known
    assert {row["hardship"] for row in events} == {"yes", "strain", "no"}
    assert len(events) < HOUSEHOLDS / 2


def test_a_planned_fall_is_in_the_files(home: Path) -> None:
    household = next(row["household_no"] for row in truth(home, "events") if row["event"] == "wage_fall_60")
    members = delivered(home, "civil_affairs_members", "202512")
    head = next(m["身份证号"] for m in members if m["家庭编号"] == household and m["与户主关系"] == "02")

    def base(period: str) -> float:
        wages = delivered(home, "employment_contributions", period)
        return next(float(row["缴费基数"]) for row in wages if row["身份证号"] == head)

    assert base("202512") == pytest.approx(0.4 * base("202503"))


def test_every_kind_of_dirt_lies_where_the_table_says(home: Path) -> None:
    dirt = truth(home, "dirt")
    of_whole_files = {
        "duplicate_delivery", "corrected_delivery", "missing_required_column", "file_without_contract",
        "late_delivery", "short_delivery",
    }  # fmt: skip
    assert {row["kind"] for row in dirt} == {spot.kind for spot in SPOTS} | of_whole_files
    found = {row["kind"]: (home / "inbox" / row["file"], row["line"]) for row in dirt}

    def line_of(kind: str, encoding: str = "utf-8-sig") -> str:
        path, line = found[kind]
        return path.read_bytes().decode(encoding).splitlines()[int(line) - 1]

    assert re.match(r"9\.9E\+17,", line_of("destroyed_id"))
    assert re.match(r"990402\d{9},", line_of("id_of_15_digits", "gb18030"))
    assert "x" in line_of("lower_case_x")
    assert re.match(r"[\uff10-\uff19]{17}", line_of("full_width_digits"))
    assert "1.2万" in line_of("money_in_ten_thousands", "utf-16")
    assert re.search(r",\d\d/\d\d/\d{4},", line_of("date_day_first"))
    assert line_of("blank_line", "gb18030") == ""
    assert line_of("ragged_row").count(",") == 6
    path, line = found["duplicate_row"]
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[int(line) - 1] == lines[int(line) - 2]


def test_second_deliveries_are_what_they_claim(home: Path) -> None:
    second = {row["kind"]: home / "inbox" / row["file"] for row in truth(home, "dirt")}
    again = second["duplicate_delivery"]
    assert again.read_bytes() == again.with_name(again.name.replace("_02.", "_01.")).read_bytes()
    corrected = second["corrected_delivery"]
    assert corrected.read_bytes() != corrected.with_name(corrected.name.replace("_02.", "_01.")).read_bytes()
    assert "登记日期" not in second["missing_required_column"].read_text("utf-8-sig")


def test_a_county_is_never_mixed_with_real_files(tmp_path: Path) -> None:
    real = tmp_path / "inbox" / "health" / "health_settlements_370402_202512_01.csv"
    real.parent.mkdir(parents=True)
    real.write_text("")
    with pytest.raises(FileExistsError):
        make_county(tmp_path, HOUSEHOLDS)
    assert prints(tmp_path).keys() == {"inbox/health/health_settlements_370402_202512_01.csv"}


def test_too_small_a_county_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 150"):
        make_county(tmp_path, 20)
