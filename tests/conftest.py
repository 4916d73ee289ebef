"""What tests share: a made-up county through the command line, once a session, and homes to copy from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from canaries import plant
from click.testing import CliRunner
from filelock import FileLock
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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Home:
    """A home that all workers of a run share: whoever comes first makes it, the others wait."""
    shared = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder = shared / name
    with FileLock(f"{folder}.lock"):
        if not (folder / "made").exists():
            make(folder / "home")
            (folder / "made").touch()
    return Home.at(folder / "home")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A county whose files lie in the inbox; no night has run. Copy it, never change it."""
    from pipelines.cli import main

    def make(root: Path) -> None:
        made = CliRunner().invoke(main, ["sample", "--out", str(root), "--households", str(HOUSEHOLDS)])
        assert made.exit_code == 0, made.output
        Home.at(root).pseudonym_key()

    return once(tmp_path_factory, "county", make)


@pytest.fixture(scope="session")
def demo(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The county after its night. Look at it, copy it, never change it."""
    from pipelines.running import run_night

    return once(tmp_path_factory, "demo", lambda root: run_night(copy_of(county, root), NIGHT))


@pytest.fixture(scope="session")
def evening(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The night before has run, and the files of December lie in the inbox. Copy it, never change it."""
    from pipelines.running import run_night

    def make(root: Path) -> None:
        home = copy_of(county, root)
        aside = home.root / "aside"
        for path in list(home.inbox.rglob("*_202512_*")):
            (aside / path.parent.name).mkdir(parents=True, exist_ok=True)
            path.rename(aside / path.parent.name / path.name)
        run_night(home, EVE)
        for path in aside.rglob("*_202512_*"):
            path.rename(home.inbox / path.parent.name / path.name)
        shutil.rmtree(aside)

    return once(tmp_path_factory, "evening", make)


@pytest.fixture(scope="session")
def undisturbed(evening: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The evening after its night: what every disturbed night must come to."""
    from pipelines.running import run_night

    return once(tmp_path_factory, "undisturbed", lambda root: run_night(copy_of(evening, root), NIGHT))


@pytest.fixture
def made(county: Home, tmp_path: Path) -> Home:
    """A county of one's own."""
    return copy_of(county, tmp_path / "home")


@pytest.fixture(scope="session")
def planted(county: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The county with canaries in its files, after its night. Look at it, copy it, never change it."""
    from pipelines.running import run_night

    def make(root: Path) -> None:
        home = copy_of(county, root)
        plant(home)
        run_night(home, NIGHT)

    return once(tmp_path_factory, "planted", make)
