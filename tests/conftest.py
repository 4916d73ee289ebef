"""What tests share: a made-up county through the command line, once a session, and homes to copy from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import plant
from click.testing import CliRunner
from homes import EVE, HOUSEHOLDS, NIGHT, copy_of

from assets.home import Home


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    """Running a night points environment variables and the umask at its home; every test starts with the old ones."""
    before, mask = dict(os.environ), os.umask(0o022)
    os.umask(mask)
    yield
    os.environ.clear()
    os.environ.update(before)
    os.umask(mask)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A county whose files lie in the inbox; no night has run. Copy it, never change it."""
    from pipelines.cli import main

    root = tmp_path_factory.mktemp("county") / "home"
    made = CliRunner().invoke(main, ["sample", "--out", str(root), "--households", str(HOUSEHOLDS)])
    assert made.exit_code == 0, made.output
    home = Home.at(root)
    home.pseudonym_key()
    return home


@pytest.fixture(scope="session")
def demo(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The county after its night. Look at it, copy it, never change it."""
    from pipelines.running import run_night

    home = copy_of(county, tmp_path_factory.mktemp("demo") / "home")
    run_night(home, NIGHT)
    return home


@pytest.fixture(scope="session")
def evening(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The night before has run, and the files of December lie in the inbox. Copy it, never change it."""
    from pipelines.running import run_night

    home = copy_of(county, tmp_path_factory.mktemp("evening") / "home")
    aside = home.root / "aside"
    late = list(home.inbox.rglob("*_202512_*"))
    for path in late:
        (aside / path.parent.name).mkdir(parents=True, exist_ok=True)
        path.rename(aside / path.parent.name / path.name)
    run_night(home, EVE)
    for path in aside.rglob("*_202512_*"):
        path.rename(home.inbox / path.parent.name / path.name)
    shutil.rmtree(aside)
    return home


@pytest.fixture(scope="session")
def undisturbed(evening: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The evening after its night: what every disturbed night must come to."""
    from pipelines.running import run_night

    home = copy_of(evening, tmp_path_factory.mktemp("undisturbed") / "home")
    run_night(home, NIGHT)
    return home


@pytest.fixture
def made(county: Home, tmp_path: Path) -> Home:
    """A county of one's own."""
    return copy_of(county, tmp_path / "home")


@pytest.fixture(scope="session")
def planted(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The county with canaries in its files, after its night. Look at it, copy it, never change it."""
    from pipelines.running import run_night

    home = copy_of(county, tmp_path_factory.mktemp("planted") / "home")
    plant(home)
    run_night(home, NIGHT)
    return home
