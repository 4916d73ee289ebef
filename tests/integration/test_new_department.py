"""A made-up eleventh department: its contract dropped in is all that it takes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "tests" / "new_department" / "legal_aid_cases.py"
EXTRACT, NIGHT = "legal_aid_cases", "2026-01-21"
KEPT = ("civil_affairs_members", "civil_affairs_income", EXTRACT)  # the night of three extracts is told in seconds

ASSETS = """
import json
from pipelines.definitions import defs
graph = defs.resolve_asset_graph()
checks = {}
for key in graph.asset_check_keys:
    checks.setdefault(key.asset_key.to_user_string(), []).append(key.name)
print(json.dumps({key.to_user_string(): sorted(checks.get(key.to_user_string(), [])) for key in graph.get_all_asset_keys()}))
"""


def prints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def python(root: Path, arguments: Sequence[object]) -> str:
    """Run the copied project's own code."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOWINCOME_", "DAGSTER_", "PYTHONPATH"))}
    run = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=root, env=kept | {"PYTHONPATH": str(root)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project without tests, before the contract is dropped in, and its sample county."""
    root = tmp_path_factory.mktemp("project") / "lowincome"
    for package in ("expectations", "assets", "pipelines", "docs"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    return root


def test_a_contract_dropped_in_is_all_it_takes(project: Path, tmp_path: Path) -> None:
    def sample(home: Path) -> dict[str, str]:
        python(project, ["-m", "pipelines.cli", "sample", "--out", home, "--households", "150"])
        return prints(home / "inbox") | prints(home / "truth")

    before, files = sample(tmp_path / "before"), prints(project)
    shutil.copy(CONTRACT, project / "expectations" / "contracts" / CONTRACT.name)

    home = tmp_path / "home"
    after = sample(home)
    new = after.keys() - before.keys()
    assert len(new) >= 9 and all(name.startswith(f"justice/{EXTRACT}_370402_2025") for name in new)
    assert {name: after[name] for name in before} == before, "the sample of other departments changed"

    for path in (home / "inbox").rglob("*.*"):
        if not path.name.startswith(KEPT):
            path.unlink()
    python(project, ["-m", "pipelines.cli", "run", "--home", home, "--as-of", NIGHT])
    rows = pq.read_table(home / "lake" / EXTRACT / NIGHT / "accepted.parquet")
    assert rows.num_rows > 20 and {"person_key", "case_no", "claimed"} <= set(rows.column_names)
    assert "name" not in rows.column_names and "id_no" not in rows.column_names

    assets = json.loads(python(project, ["-c", ASSETS]))
    judged = {row["name"]: row for row in pq.read_table(home / "lake" / EXTRACT / NIGHT / "checks.parquet").to_pylist()}
    assert set(judged) >= {"rows__at_least_one", "granted_on__future", "row__day_order"}
    shown = set(assets[EXTRACT])
    assert {name if name in shown else name.split("__")[0] for name in judged} == shown, "a promise without its check"
    assert {row["broken"] for row in judged.values()} == {0} and {row["seen"] for row in judged.values()} == {
        rows.num_rows
    }

    python(project, ["-m", "pipelines.documents", "docs"])
    told = (project / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert "## 法律援助案件 `legal_aid_cases`（司法）" in told and "标的额" in told
    changed = {name for name, content in prints(project).items() if files.get(name) != content}
    assert {n for n in changed if not n.startswith("docs/")} == {f"expectations/contracts/{CONTRACT.name}"}


def test_the_guide_quotes_the_very_contract() -> None:
    guide = (ROOT / "docs" / "new_department.md").read_text(encoding="utf-8")
    assert f"```python\n{CONTRACT.read_text(encoding='utf-8')}```\n" in guide
