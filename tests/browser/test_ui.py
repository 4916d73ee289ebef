"""The Dagster UI in a real browser: the asset graph with its groups, and green and red checks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from homes import NIGHT, copy_of
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from ui import Ui

from assets.home import Home

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1800,1200",
)  # fmt: skip
SECONDS = 90


@pytest.fixture(scope="module")
def ui(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    folder = tmp_path_factory.mktemp("ui")
    with Ui(copy_of(demo, folder / "home"), folder / "ui.log") as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium and chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "SEVERE"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def text_of(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def shows(browser: webdriver.Chrome, *words: str) -> None:
    """Waits until the page shows all of these words."""
    WebDriverWait(browser, SECONDS).until(
        lambda driver: all(word in text_of(driver) for word in words), f"the page never showed {words}"
    )


def test_the_graph_reads_like_the_picture(ui: Ui, browser: webdriver.Chrome) -> None:
    browser.get(f"{ui.address}/asset-groups")
    shows(
        browser, "deliveries", "extracts", "households", "household_months", "household_profile", "hits", "cases", "lists",
        "feeds", "standards",
    )  # fmt: skip
    assert "Join the Dagster community" not in text_of(browser)


def test_an_asset_says_what_it_is(ui: Ui, browser: webdriver.Chrome) -> None:
    browser.get(f"{ui.address}/assets/health_settlements")
    shows(browser, "one settlement of one visit", "settled_at", "health")


def test_green_and_red_checks_stand_beside_each_other(ui: Ui, browser: webdriver.Chrome) -> None:
    browser.get(f"{ui.address}/assets/health_settlements?view=checks")
    shows(browser, "Succeeded", "Failed", "row__key_twice")
    said = Path(ui.log).read_text(encoding="utf-8")
    assert "Traceback" not in said


def test_the_pages_complain_of_nothing(ui: Ui, browser: webdriver.Chrome) -> None:
    """No page that our definitions fill in breaks in the browser; what the UI would fetch from elsewhere is not ours."""
    for page in ("asset-groups", "assets/household_profile", "assets/hits?view=lineage", "jobs", "automation", "runs"):
        browser.get(f"{ui.address}/{page}")
        shows(browser, "Runs")
    said = [entry["message"] for entry in browser.get_log("browser")]
    assert not [message for message in said if ui.address in message], said


def test_a_night_launched_from_the_ui_succeeds(ui: Ui) -> None:
    assert ui.wait(ui.launch("nightly", NIGHT)) == "SUCCESS"
