"""The bulletin in a real browser: drawn whole without a network, in Chinese, on any width, on paper, by day and night."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from homes import NIGHT
from selenium import webdriver

from assets.bulletin.page import page
from assets.home import Home

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--window-size=1000,1400",
)  # fmt: skip
SPILLS = """
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width > 0 && (box.right > width + 1 || box.left < -1) && !e.closest('.wide');
    }).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 20));
"""
GLYPHS = """
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const seen = sign => {
        canvas.clearRect(0, 0, 40, 40);
        canvas.font = '24px ' + getComputedStyle(document.querySelector(arguments[0])).fontFamily;
        canvas.fillText(sign, 4, 30);
        return canvas.getImageData(0, 0, 40, 40).data.join();
    };
    return new Set([...arguments[1]].map(seen)).size;
"""


def large() -> dict[str, list[dict[str, Any]]]:
    """A county of eighteen towns, thirty nights, every table filled."""
    towns = [
        {"town": f"9904020{i:02}", "name": f"第{i}镇（很长的名称示例）", "red": 5 + i, "orange": 9 + 2 * i, "yellow": 20 + 3 * i,
         "families": 34 + 6 * i} for i in range(1, 19)
    ]  # fmt: skip
    towns[3] |= {"red": None, "orange": None}
    towns[17] |= dict.fromkeys(("red", "orange", "yellow", "families"))
    whole = {"town": None, "name": "全县", "families": 1641, "red": 270, "orange": 510, "yellow": 861}
    nights = [
        {"night": NIGHT - timedelta(days=29 - i), "listed": None if i == 7 else 1500 + 31 * (i % 9), "handed_out": 20 + i,
         "answered": 3 * i or None} for i in range(30)
    ]  # fmt: skip
    words = {"says_en": "words"}
    return {
        "towns": [whole, *towns],
        "nights": nights,
        "rules": [{"rule": f"RULE-{i}", "title": "扣除刚性支出后收入过低", "families": 400 - 20 * i} for i in range(15)]
        + [{"rule": "FEW", "title": "少", "families": None}],
        "deadlines": [
            {"place": i, "says": says, "families": 100 * i, **words}
            for i, says in enumerate(("已逾期", "今日到期", "七日内到期"), 1)
        ],
        "waiting": [{"says": "待再次评估", "families": 31, **words}, {"says": "网格已满", "families": None, **words}],
        "yields": [
            {"rule": f"RULE-{i}", "title": "扣除刚性支出后收入过低", "bodies": "医保、民政", "visits": 90 - i, "share": None if i == 3 else 0.4,
             "low": 0.31, "high": 0.5, "is_weak": i == 5} for i in range(8)
        ],
        "feeds": [
            {"place": "第二镇", "state_name": "暂缓", "is_held": True, "gate_name": "完整性", "feeds": "参保登记（医保）",
             "since_month": "2025-12", "reason": "上月人员 12.0% 再次出现，常年为 99.0%", "rules": 7}
        ] * 6,
        "drifts": [
            {"what": "单位编号（社保缴费）", "town_name": "第二镇", "since_month": "2025-11", "says": "空白占比由 2.0% 变为 12.0%",
             "months": [{"back": back, "is_drifted": back <= i % 3 + 1} for back in range(1, 19) if back != 9]} for i in range(7)
        ] + [{"what": "规则 RULE-1 扣除刚性支出后收入过低", "town_name": "全县", "since_month": "2026-01", "says": "命中户数高于以往任何一月", "months": None}],
        "uncompared": [{"too_short": 3, "too_few": 9}],
        "quality": [
            {"body": body, "files": 3, "bad_files": 0, "records": 12345, "rejected": None, "warned": 6}
            for body in ("人社", "住建", "公安", "农业农村", "医保", "卫健", "应急", "教育", "残联", "民政")
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Whatever a page would fetch fails."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium and chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
    )
    yield driver
    driver.quit()


@pytest.fixture(scope="module", params=["demo", "large"])
def bulletin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up county, and a drawn one of a large county."""
    if request.param == "demo":
        home: Home = request.getfixturevalue("demo")
        return home.outbox / NIGHT.isoformat() / "bulletin_370402.html"
    path = tmp_path_factory.mktemp("large") / "bulletin.html"
    path.write_text(page(NIGHT, "示例县", large()), encoding="utf-8")
    return path


def test_it_asks_for_nothing_and_complains_of_nothing(bulletin: Path, browser: webdriver.Chrome) -> None:
    browser.get_log("performance")
    browser.get(bulletin.as_uri())
    asked = re.findall(
        r'"requestWillBeSent".*?"url":"([^"]+)"', "\n".join(e["message"] for e in browser.get_log("performance"))
    )
    assert {url for url in asked if not url.startswith(bulletin.as_uri())} == set()
    assert [entry["message"] for entry in browser.get_log("browser")] == []
    assert (
        browser.execute_script("return document.scripts.length + document.querySelectorAll('link, img, iframe').length")
        == 0
    )


def test_chinese_signs_are_drawn_each_as_itself(bulletin: Path, browser: webdriver.Chrome) -> None:
    """Signs that no font holds are all drawn as the same box."""
    browser.get(bulletin.as_uri())
    signs = "低收入家庭红橙黄镇街道逾期反馈隐去"
    for where in ("h1", "td", "svg text"):
        assert browser.execute_script(GLYPHS, where, signs) == len(set(signs)), where
    assert browser.execute_script(GLYPHS, "h1", "\ue001\ue002\ue003") == 1, "else the test could not fail"


def test_bars_are_as_long_as_their_counts(bulletin: Path, browser: webdriver.Chrome) -> None:
    browser.get(bulletin.as_uri())
    bars = browser.execute_script(
        "return [...document.querySelectorAll('#rules [id^=\"rules-bar-\"]')].map(e => e.getBoundingClientRect().width)"
    )
    counts = [
        int(n) for n in re.findall(r">(\d+)</text>", bulletin.read_text(encoding="utf-8").partition('id="rules"')[2])
    ]
    assert len(bars) == len(counts) > 5
    assert [bar / bars[0] for bar in bars] == pytest.approx([count / counts[0] for count in counts], abs=0.01)
    assert browser.execute_script("return document.querySelectorAll('[id^=\"towns-bar-\"]').length") > 0
    assert (
        browser.execute_script(
            "const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new Set(ids).size"
        )
        == 0
    )


@pytest.mark.parametrize("width", [1000, 760, 390])
def test_nothing_spills_over_the_width(bulletin: Path, browser: webdriver.Chrome, width: int) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 1400, "deviceScaleFactor": 1, "mobile": False}
    )
    browser.get(bulletin.as_uri())
    assert browser.execute_script("return document.documentElement.clientWidth") == width
    assert browser.execute_script(SPILLS) == []
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints_on_a_few_sheets(bulletin: Path, browser: webdriver.Chrome) -> None:
    browser.get(bulletin.as_uri())
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = base64.b64decode(printed["data"])
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= 3
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf, "A4 is 595 points wide"


def test_it_looks_the_same_by_day_and_by_night(bulletin: Path, browser: webdriver.Chrome) -> None:
    seen = []
    for scheme in ("light", "dark"):
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        browser.get(bulletin.as_uri())
        seen.append(browser.get_screenshot_as_base64())
    assert seen[0] == seen[1]


def test_a_night_twice_is_the_same_page() -> None:
    assert page(date(2026, 1, 21), "示例县", large()) == page(date(2026, 1, 21), "示例县", large())
