"""The bulletin of a whole night: named by the manifest, linked from the run, told by the statistics, the same twice."""

from __future__ import annotations

import re

import dagster as dg
import pytest
from homes import NIGHT, copy_of, manifest, published, records

from assets.bulletin import page
from assets.home import Home
from assets.night import Night
from assets.tables import sql_tables

AREA6 = "370402"
PAGE = f"bulletin_{AREA6}.html"


def test_the_manifest_names_it(demo: Home) -> None:
    (told,) = [file for file in manifest(demo, NIGHT)["files"] if file["kind"] == "bulletin"]
    assert (told["path"], told["area"], told["title"], told["format"]) == (PAGE, AREA6, "每夜简报", "html")


def test_the_run_links_to_it_and_says_it_in_short(demo: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOWINCOME_HOME", str(demo.root))
    monkeypatch.setenv("DAGSTER_HOME", str(demo.dagster))
    with dg.DagsterInstance.from_config(str(demo.dagster)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("outbox"))
    assert event and event.asset_materialization
    metadata = event.asset_materialization.metadata
    assert str(metadata[f"bulletin_{AREA6}"].value) == str(demo.outbox / NIGHT.isoformat() / PAGE)
    assert f"| {AREA6} | " in str(metadata["summary"].value)


def test_it_tells_what_the_statistics_tell(demo: Home) -> None:
    told = {
        (row["乡镇代码"], row["项目"]): row["家庭数"]
        for row in records(published(demo, NIGHT)[f"statistics_{AREA6}.csv"])
    }
    drawn = published(demo, NIGHT)[PAGE].decode()
    with Night.of(demo, NIGHT) as night:
        rows = page._rows(night, "towns")
        assert page.summary(night).splitlines()[-1] == f"| {AREA6} | " + " | ".join(
            told[AREA6, item] for item in ("all", "3", "2", "1")
        ) + " |"  # fmt: skip
    for row in rows:
        place = row["town"] or AREA6
        for name, item in (("families", "all"), ("red", "3"), ("orange", "2"), ("yellow", "1")):
            assert told[place, item] == ("…" if row[name] is None else str(row[name]))
    bars = len(re.findall(r'id="towns-bar-\d+-(?:red|orange|yellow)"', drawn))
    assert bars == sum(bool(row[level]) for row in rows if row["town"] for level in ("red", "orange", "yellow"))


def test_it_names_nobody(demo: Home) -> None:
    """No number of a case, a household or a grid, and nothing from elsewhere."""
    content = published(demo, NIGHT)[PAGE].decode()
    for row in records(published(demo, NIGHT)[f"risk_list_{AREA6}.csv"]):
        for name in ("预警编号", "家庭编号", "户主姓名", "户主身份证号"):
            assert not row[name] or row[name] not in content
    assert not set(re.findall(r'(?:https?:)?//[^\s"<)]+', content)) - {
        "//www.w3.org/2000/svg", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink",
    }  # fmt: skip
    assert "<script" not in content


def test_it_says_what_is_compared_and_what_is_not(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where nothing drifts one quiet line and no chart; what drifts is told with its months, and no count of anybody."""
    assert "未见漂移" in (drawn := published(demo, NIGHT)[PAGE].decode()) and "drift-usual" not in drawn
    home = copy_of(demo, tmp_path_factory.mktemp("drifting") / "home")
    with Night.of(home, NIGHT) as night:
        night.open("drift")
        night.connection.execute(
            "create or replace temp table drift_now as select * replace (column_name = 'base' and area = area6 as is_told, "
            "case when column_name = 'base' and back = 1 then 'drifted' else state end as state, "
            "month::date as since_month, '金额分布与往期不同（PSI 0.42）：请看单位' as says) from drift"
        )
        night.connection.execute("create or replace temp view drift as from drift_now")
        figures = {name: page._rows(night, name) for name in sql_tables("bulletin")}
    rows = [row for row in figures["drifts"] if row["what"] == "缴费基数（社会保险缴费）"]
    assert [(row["town_name"], row["since_month"], row["says"]) for row in rows] == [
        ("全县", "2025-12", "金额分布与往期不同（PSI 0.42）")
    ]
    assert [month["is_drifted"] for month in rows[0]["months"]][:2] == [True, False]
    drawn = page.page(NIGHT, "示例县", figures | {"drifts": rows})
    assert len(re.findall(r'id="drift-drifted-\d+-\d+"', drawn)) == 1
    assert len(re.findall(r'id="drift-usual-\d+-\d+"', drawn)) == len(rows[0]["months"]) - 1
    assert "2025-12</td>" in drawn and "未见漂移" not in drawn


def test_the_night_again_writes_the_same_page(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = copy_of(demo, tmp_path_factory.mktemp("again") / "home")
    out = tmp_path_factory.mktemp("out")
    with Night.of(home, NIGHT) as night:
        list(page.write(night, out))
    assert (out / PAGE).read_bytes() == published(demo, NIGHT)[PAGE]
