"""Reference files as people write them: read whatever saved them, and every contradiction told with file, line and cure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets import reference
from assets.home import Home, Refusal
from assets.reference.declared import FILES

HEADS = {file.name: ",".join(column.name for column in file.columns) for file in FILES}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def write(home: Home, file: str, rows: str) -> None:
    """Drawn rows (without a head) as lines 2, 3, … of a home's file."""
    lines = [",".join(cell.strip() for cell in line.split("|")) for line in rows.splitlines() if line.strip()]
    (home.reference / file).write_text("\n".join([HEADS[file], *lines]) + "\n", encoding="utf-8")


def told(home: Home) -> list[str]:
    return [str(fault) for fault in reference.faults(home)]


def where(home: Home) -> list[str]:
    return [f"{f.path.rpartition('/')[2]} {f.line} {f.column}".strip() for f in reference.faults(home)]


def test_what_is_shipped_is_without_fault(home: Home) -> None:
    assert told(home) == []
    rows = reference.standing(home, "standing_values").to_pylist()
    shizhong = {
        (r["name"], r["residence"]): (r["value"], r["unit"]) for r in rows if r["area_prefix"] == "370402"
    }  # fmt: skip
    assert shizhong == {
        ("dibao", "urban"): (Decimal(941), "month"),
        ("dibao", "rural"): (Decimal(824), "month"),
        ("tekun", "urban"): (Decimal(1255), "month"),
        ("tekun", "rural"): (Decimal(1072), "month"),
        ("orphan", "any"): (Decimal(1882), "month"),
        ("unattended_child", "any"): (Decimal(1332), "month"),
        ("orphan_education", "any"): (Decimal(10000), "year"),
    }


def test_every_cell_that_cannot_be_right_is_told_and_none_is_shown(home: Home) -> None:
    """Line by line: what is drawn in the comment of each row is its only fault."""
    write(
        home,
        "standards.csv",
        """
            dibao | 990401 | urban | 800   | month | 2025-01-01 |            | 2025-01-01 | good
            Dibao | 990401 | urban | 800   | month | 2025-01-01 |            | 2025-01-01 | name
            dibao | 99040  | urban | 800   | month | 2025-01-01 |            | 2025-01-01 | prefix
            dibao | 990402 | both  | 800   | month | 2025-01-01 |            | 2025-01-01 | residence
            dibao | 990403 | urban | 800元 | month | 2025-01-01 |            | 2025-01-01 | value
            dibao | 990403 | rural | -1    | month | 2025-01-01 |            | 2025-01-01 | value
            dibao | 990404 | urban | 800   | week  | 2025-01-01 |            | 2025-01-01 | unit
            dibao | 990405 | urban | 800   | month | 2025-02-30 |            | 2025-01-01 | valid_from
            dibao | 990406 | urban | 800   | month |            | 2025-12-31 | 2025-01-01 | valid_from
            dibao | 990407 | urban | 800   | month | 2025-01-01 |            |            | known_at
            dibao | 9.9E+05 | urban |      | month | 2025-01-01 |            | 2025-01-01 | two of them
        """,
    )
    assert where(home) == [
        "standards.csv 3 name", "standards.csv 4 area_prefix", "standards.csv 5 residence", "standards.csv 6 value",
        "standards.csv 7 value", "standards.csv 8 unit", "standards.csv 9 valid_from", "standards.csv 10 valid_from",
        "standards.csv 11 known_at", "standards.csv 12 area_prefix", "standards.csv 12 value",
    ]  # fmt: skip
    all_told = "\n".join(told(home))
    assert "reference/standards.csv line 8: unit is not month or year; write month or year" in all_told
    assert "line 12: area_prefix was turned into a number such as 3.7E+11 by a spreadsheet" in all_told
    assert "line 12: value is blank" in all_told
    assert not any(cell in all_told for cell in ("Dibao", "99040 ", "both", "800元", "week", "2025-02-30"))


def test_the_run_names_all_of_them_up_to_twenty(home: Home) -> None:
    write(
        home, "standards.csv", "\n".join(f"dibao|9904{i:02}|urban|?|month|2025-01-01||2025-01-01|" for i in range(25))
    )
    with pytest.raises(Refusal) as refusal:
        reference.standing(home, "standing_values")
    lines = str(refusal.value).splitlines()
    assert lines[0].startswith("The reference files are wrong in 25 places") and len(lines) == 22
    assert "line 2:" in lines[1] and lines[-1].strip() == "… and 5 more."


def test_a_gap_names_both_rows_and_the_days_between(home: Home) -> None:
    write(
        home,
        "standards.csv",
        """
            dibao | 990402 | urban | 800 | month | 2024-01-01 | 2024-06-30 | 2024-01-01 |
            dibao | 990402 | urban | 850 | month | 2024-07-01 | 2024-12-31 | 2024-06-01 |
            dibao | 990402 | rural | 700 | month | 2024-01-01 | 2024-06-30 | 2024-01-01 |
            dibao | 990402 | urban | 900 | month | 2025-07-01 |            | 2025-06-01 |
            tekun | 990402 | urban | 900 | month | 2025-07-01 |            | 2025-06-01 |
        """,
    )
    assert told(home) == [
        "reference/standards.csv line 5: valid_from leaves dibao without a value from 2025-01-01 to 2025-06-30, "
        "between line 3 and this one; add a row for these days, or let line 3 end on 2025-06-30"
    ]


def test_a_long_row_closes_what_short_ones_leave_open(home: Home) -> None:
    write(
        home,
        "standards.csv",
        """
            dibao | 990402 | urban | 800 | month | 2024-01-01 |            | 2024-01-01 |
            dibao | 990402 | urban | 850 | month | 2024-03-01 | 2024-04-30 | 2024-02-01 |
            dibao | 990402 | urban | 900 | month | 2025-01-01 |            | 2025-01-01 |
        """,
    )
    assert told(home) == []


def test_two_values_known_since_the_same_day_are_a_contradiction_and_a_correction_is_none(home: Home) -> None:
    write(
        home,
        "standards.csv",
        """
            twice     | 990402 | urban | 800 | month | 2025-01-01 |            | 2025-01-01 |
            twice     | 990402 | urban | 850 | month | 2025-07-01 |            | 2025-01-01 |
            beside    | 990402 | urban | 800 | month | 2025-01-01 |            | 2025-01-01 |
            beside    | 990402 | any   | 850 | month | 2025-01-01 |            | 2025-01-01 |
            beside    | 990403 | urban | 850 | month | 2025-01-01 |            | 2025-01-01 |
            corrected | 990402 | urban | 800 | month | 2025-01-01 |            | 2025-01-01 |
            corrected | 990402 | urban | 810 | month | 2025-01-01 |            | 2025-03-01 |
            rises     | 990402 | urban | 800 | month | 2025-01-01 |            | 2025-01-01 |
            rises     | 990402 | urban | 900 | month | 2026-01-01 |            | 2025-11-01 |
            runs into | 990402 | urban | 900 | month | 2026-01-01 |            | 2025-11-01 |
            runs into | 990402 | urban | 810 | month | 2025-01-01 |            | 2025-12-01 |
            up to it  | 990402 | urban | 900 | month | 2026-01-01 |            | 2025-11-01 |
            up to it  | 990402 | urban | 810 | month | 2025-01-01 | 2025-12-31 | 2025-12-01 |
        """.replace("runs into", "runs_into").replace("up to it", "up_to_it"),
    )
    assert told(home) == [
        "reference/standards.csv line 3: valid_from gives twice a second value from 2025-07-01 on: line 2 is valid then "
        "too, and both are known since the same day; end the one the day before the other begins, or give the "
        "correction a later known_at",
        "reference/standards.csv line 12: valid_from is known later than line 11, begins before it and runs on into its "
        "days; end this row on 2025-12-31 and, if it replaces line 11 too, add a row valid from 2026-01-01",
    ]


def test_a_parameter_has_the_unit_of_the_shipped_one_and_stands_in_one_file(home: Home) -> None:
    write(
        home,
        "parameters.csv",
        """
            med_abs_listed | 9904 | any | 9000 | ratio | 2025-01-01 | | 2025-01-01 |
            local_floor    | 9904 | any | 1    | yuan  | 2025-01-01 | | 2025-01-01 |
        """,
    )
    write(home, "standards.csv", "med_abs_others|9904|any|9000|year|2025-01-01||2025-01-01|")
    assert [line.partition(" (")[0] for line in told(home)] == [
        "reference/parameters.csv line 2: unit is ratio, but med_abs_listed is given in yuan",
        "reference/standards.csv line 2: name is the name med_abs_others, which stands in parameters.csv too",
    ]


@pytest.mark.parametrize(
    "save",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace("2025-01-01", "2025/1/1").encode("gb18030"),
        lambda text: text.replace("2025-01-01", "2025年1月1日").encode(),
        lambda text: "".join(f"{line},,\n" for line in text.splitlines()).encode() + b",,,,,,,,,,\n\n",
    ],
    ids=["bom", "gb18030", "utf-16", "crlf", "unicode text", "short dates", "chinese dates", "empty cells and lines"],
)  # fmt: skip
def test_what_spreadsheets_save_is_read(home: Home, save) -> None:  # type: ignore[no-untyped-def]
    text = f"{HEADS['standards.csv']}\ndibao,990402,urban,800,month,2025-01-01,,2025-01-01,某县民政局\n"
    (home.reference / "standards.csv").write_bytes(save(text))
    assert told(home) == []
    (row,) = [r for r in reference.standing(home, "standing_values").to_pylist() if r["origin"] == "home"]
    assert (row["value"], row["valid_from"], row["document"]) == (Decimal(800), date(2025, 1, 1), "某县民政局")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04 a workbook", "reference/standards.csv: is a workbook; save it as CSV UTF-8"),
        (b"name,\xff\xfe\xfd\xff\n\xff\xff\n", "reference/standards.csv: is neither UTF-8 nor GB18030 text"),
        (b"", "reference/standards.csv line 1: does not name the columns name,area_prefix,"),
        (b"name,area_prefix,residence,value\n", "reference/standards.csv line 1: does not name the columns"),
        ((HEADS["standards.csv"] + "\ndibao,990402,urban\n").encode(), "line 2: has 3 cells, not 9; quote a cell"),
        (HEADS["standards.csv"].encode() + b"\n" + b"x" * 200_000, "line 2: cannot be split into cells; look for a quote"),
        ((HEADS["standards.csv"] + "\ndibao,99,any,1,month,2025-01-01,,2025-01-01,a,b\n").encode(), "line 2: has 10 cells"),
    ],
    ids=["workbook", "no text", "empty", "header", "short row", "endless cell", "long row"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_clear_sentence(home: Home, content: bytes, says: str) -> None:
    (home.reference / "standards.csv").write_bytes(content)
    (line,) = told(home)
    assert says in line


def test_columns_may_stand_in_any_order(home: Home) -> None:
    (home.reference / "calendar.csv").write_text(
        "is_workday,day\n" + "".join(f"1,2027-{d.month:02}-{d.day:02}\n" for d in year(2027)), encoding="utf-8"
    )
    assert told(home) == []


def year(number: int) -> list[date]:
    first = date(number, 1, 1).toordinal()
    return [date.fromordinal(first + i) for i in range(date(number + 1, 1, 1).toordinal() - first)]


def test_areas_that_contradict_themselves(home: Home) -> None:
    write(
        home,
        "areas.csv",
        """
            990000000000 | 某省   |              | province |            |            |
            990400000000 | 某市   | 990000000000 | city     |            |            |
            990401000000 | 甲县   | 990400000000 | county   |            | 2025-06-30 | 990402000000
            990402000000 | 甲区   | 990400000000 | county   | 2025-07-01 |            |
            990403000001 | 乙县   | 990400000000 | county   |            |            |
            990404000000 | 丙县   | 990500000000 | county   |            |            |
            990405000000 | 丁县   | 990400000000 | county   |            | 2025-06-30 | 990499000000
            990406000000 | 戊县   | 990400000000 | county   |            |            | 990402000000
            990407000000 | 己县   | 990400000000 | county   |            | 2025-06-30 | 990408000000
            990408000000 | 庚县   | 990400000000 | county   |            | 2025-06-30 | 990407000000
            990409000000 | 辛县   | 990400000000 | county   |            | 2025-06-30 |
            990409000000 | 辛区   | 990400000000 | county   | 2025-06-30 |            |
            990410000000 | 壬县   | 990400000000 | county   | 2025-06-30 | 2025-01-01 |
        """,
    )
    assert where(home) == [
        "areas.csv 6 code", "areas.csv 7 parent", "areas.csv 8 successor", "areas.csv 9 successor",
        "areas.csv 10 successor", "areas.csv 11 successor", "areas.csv 13 valid_from", "areas.csv 14 valid_to",
    ]  # fmt: skip


def test_grids_and_calendar_that_contradict_themselves(home: Home) -> None:
    write(
        home,
        "grids.csv",
        """
            99040200100101 | 990402001001 | 一网格 | 某人 | 12
            99040200100102 | 990402001002 |        |      |
            99040200100101 | 990402001001 |        |      |
        """,
    )
    write(home, "calendar.csv", "2027-01-01|0\n2027-01-03|0\n2027-01-03|1\n2025-10-11|0")
    assert where(home) == [
        "calendar.csv 4 day", "calendar.csv 4 day", "grids.csv 3 area12", "grids.csv 4 grid_code",
    ]  # fmt: skip
    assert any(
        "is of 2027, of which the calendar has 2 days; list every day of the year" in line for line in told(home)
    )


def test_cells_of_areas_grids_and_days(home: Home) -> None:
    write(home, "areas.csv", "99041 | 某县 | | district | soon | |\n 990401000000 | | | county | | | 3.7E+11")
    write(home, "grids.csv", "990402001001 | 990402001001 | | | many")
    write(home, "calendar.csv", "2027-13-01 | maybe")
    assert where(home) == [
        "areas.csv 2 code", "areas.csv 2 level", "areas.csv 2 valid_from", "areas.csv 3 name", "areas.csv 3 successor",
        "calendar.csv 2 day", "calendar.csv 2 is_workday", "grids.csv 2 grid_code", "grids.csv 2 visits_a_week",
    ]  # fmt: skip


def test_rows_are_held_against_each_other_once_their_cells_can_be_read(home: Home) -> None:
    """A row in the middle with a wrong unit is no gap; with the unit mended, the row that ends before it begins is told."""
    rows = """
        dibao | 990402 | urban | 800 | month | 2024-01-01 | 2024-12-31 | 2024-01-01 |
        dibao | 990402 | urban | 850 | {}    | 2025-01-01 | 2025-12-31 | 2025-01-01 |
        dibao | 990402 | urban | 900 | month | 2026-01-01 | 2025-01-01 | 2026-01-01 |
    """
    write(home, "standards.csv", rows.format("week"))
    assert where(home) == ["standards.csv 3 unit"]
    write(home, "standards.csv", rows.format("month"))
    assert where(home) == ["standards.csv 4 valid_to"]


def test_a_mended_file_is_read_again(home: Home) -> None:
    write(home, "standards.csv", "dibao|990402|urban|?|month|2025-01-01||2025-01-01|")
    assert len(told(home)) == 1
    write(home, "standards.csv", "dibao|990402|urban|80|month|2025-01-01||2025-01-01|")
    assert told(home) == []
