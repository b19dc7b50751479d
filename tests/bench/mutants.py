"""What the tests of the rules would miss: every rule spoilt in one place, one after the other, and who notices.

mutmut spoils `standings`, `ties`, `awards`, `promotion` and what they lean on, and runs the tests that touch the spoilt
function. Lines with Chinese are sentences for people and are left alone: tests/scoring/test_cases.py holds that every
sentence stands in both languages. A spoilt rule that no test notices is listed, with the reason why it may, from
mutants.toml; one without a reason is a hole in the tests.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = ("standings", "ties", "awards", "promotion", "titles", "selecting", "scope")
SURVIVED = 0
"""The exit code of tests that noticed nothing."""
SETTINGS = f"""
[tool.mutmut]
source_paths = ["scoring"]
only_mutate = {[f"scoring/{module}.py" for module in MODULES]!r}
also_copy = ["scoring", "README.md", "README.zh-CN.md"]
do_not_mutate_patterns = ["[\\u4e00-\\u9fff]"]
pytest_add_cli_args_test_selection = ["tests/scoring"]
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-k", "not readme and not same_bytes"]
"""
Row = dict[str, str | int | float]


def measure() -> list[Row]:
    """One row a module, then one for each survivor with its reason."""
    reasons = tomllib.loads((ROOT / "tests" / "bench" / "mutants.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory(prefix="podium-mutants-") as folder:
        tree = Path(folder)
        for part in ("scoring", "tests"):
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("README.md", "README.zh-CN.md"):
            shutil.copy(ROOT / file, tree)
        settings = (ROOT / "pyproject.toml").read_text("utf-8") + SETTINGS
        (tree / "pyproject.toml").write_text(settings, "utf-8")
        subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "2"], cwd=tree, check=False)
        outcomes = {module: _outcomes(tree, module) for module in MODULES}
        survivors = {
            module: [_change(tree, name) for name, code in found.items() if code == SURVIVED]
            for module, found in outcomes.items()
        }
        rows = [_row(module, outcomes[module], survivors[module], reasons) for module in MODULES]
        return [*rows, *(_survivor(change, reasons) for changes in survivors.values() for change in changes)]


def _outcomes(tree: Path, module: str) -> dict[str, int | None]:
    """Name of the mutant → the exit code of the tests."""
    meta = tree / "mutants" / "scoring" / f"{module}.py.meta"
    codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return codes


def _change(tree: Path, name: str) -> str:
    """The spoilt function and line: `ties.breaker: "criterion": lambda result: None,`."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=tree, check=False, capture_output=True, text=True
    ).stdout
    changed = [line[1:] for line in shown.splitlines() if line[:1] == "+" and line[:3] != "+++"]
    function = name.removeprefix("scoring.").partition("__mutmut_")[0].replace(".x_", ".")
    return f"{function}: {' '.join(' '.join(changed).split())}"


def _row(module: str, outcomes: Mapping[str, int | None], changes: Sequence[str], reasons: Mapping[str, str]) -> Row:
    return {
        "what": module,
        "mutants": len(outcomes),
        "noticed": sum(code not in (SURVIVED, None) for code in outcomes.values()),
        "survived": len(changes),
        "without a reason": sum(change not in reasons for change in changes),
    }


def _survivor(change: str, reasons: Mapping[str, str]) -> Row:
    return {"what": change, "why it may": reasons.get(change, "–")}
