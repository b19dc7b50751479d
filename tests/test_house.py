"""The house rules that no type checker knows: who imports whom, what the rules may not touch, what every route says."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoring import policy
from server import cli
from server.app import create_app
from server.commands.figures import measurements
from server.settings import Settings
from tests.bench.asking import NAMES, asked_for

ROOT = Path(__file__).parents[1]
PACKAGES = ("scoring", "certificates", "server", "admin")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
NO_NAMES = {"service", "services", "manager", "helper", "helpers", "util", "utils", "base", "common"}
LONGEST_MODULE = 400

CLOCK_DICE_DISK = {
    *(
        "io",
        "os",
        "pathlib",
        "random",
        "secrets",
        "shutil",
        "socket",
        "subprocess",
        "tempfile",
        "time",
        "uuid",
        "zoneinfo",
    ),
    *("asyncio", "multiprocessing", "threading", "urllib", "http", "sqlite3", "glob"),
}

VIOLATIONS = [
    ("corridor", "server/people/flow.py", "server.draw"),
    ("corridor", "server/competitions/flow.py", "server.verification"),
    ("corridor", "server/results/flow.py", "server.pipeline"),
    ("corridor", "server/pipeline.py", "admin"),
    ("corridor", "server/marks/flow.py", "server.app"),
    ("corridor", "admin/__init__.py", "server.app"),
    ("corridor", "server/database/tables/people.py", "server.people.flow"),
    ("corridor", "scoring/ladder.py", "server.database.tables"),
    ("corridor", "scoring/ladder.py", "certificates"),
    ("corridor", "certificates/numbering.py", "scoring"),
    ("rules-and-paper", "scoring/ladder.py", "server.errors"),
    ("rules-and-paper", "certificates/numbering.py", "admin"),
    ("flow", "server/marks/flow.py", "server.marks.http"),
    ("flow", "server/people/flow.py", "server.people.pages"),
    ("ground", "server/settings.py", "server.people"),
    ("ground", "server/database/cluster.py", "server.app"),
    ("weasyprint", "certificates/numbering.py", "weasyprint"),
    ("weasyprint", "server/issuing/printing.py", "weasyprint"),
    ("scipy", "server/competitions/panels.py", "scipy"),
    ("piccolo-admin", "admin/raw/door.py", "piccolo_admin"),
]


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def at(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def imported(path: Path) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or ""


def lint_imports(where: Path, *only: str) -> subprocess.CompletedProcess[str]:
    words = [part for contract in only for part in ("--contract", contract)]
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--no-logo", "--no-cache", *words],
        cwd=where, env={"PYTHONPATH": str(where), "PYTHONUTF8": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house without its data, to be spoilt."""
    made = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", made)
    for path in modules(*PACKAGES):
        target = made / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return made


def test_every_import_contract_is_kept() -> None:
    """Who may import whom, as pyproject.toml says."""
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", sorted({contract for contract, _, _ in VIOLATIONS}))
def test_an_import_contract_breaks_when_it_is_violated(copy: Path, contract: str) -> None:
    """A contract that nothing breaks holds nothing: each forbidden import, and each is reported by itself."""
    violations = [(copy / module, forbidden) for kept, module, forbidden in VIOLATIONS if kept == contract]
    before = {path: path.read_text(encoding="utf-8") for path, _ in violations}
    for path, forbidden in violations:
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\nimport {forbidden}\n", encoding="utf-8")
    try:
        done = lint_imports(copy, contract)
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")
    assert done.returncode == 1 and "BROKEN" in done.stdout, done.stdout + done.stderr
    told = " ".join(done.stdout.split())
    for path, forbidden in violations:
        importer = ".".join(path.relative_to(copy).with_suffix("").parts).removesuffix(".__init__")
        assert f"- {importer} -> {forbidden} (l." in told, done.stdout


def test_every_contract_has_a_violation() -> None:
    """The list above forgets no contract."""
    assert {contract for contract, _, _ in VIOLATIONS} == {contract["id"] for contract in CONTRACTS}


def test_the_rules_import_the_standard_library_only() -> None:
    """scoring/ can be read, run and checked by anybody with a Python."""
    foreign = [
        f"{at(path, node)} {name}"
        for path in modules("scoring")
        for node, name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names | {"scoring"} and not getattr(node, "level", 0)
    ]
    assert foreign == []


def test_the_rules_have_no_clock_no_dice_and_no_disk() -> None:
    """Time and seed are arguments; policies that are shipped are read as package resources."""
    found = [
        f"{at(path, node)} {name}"
        for path in modules("scoring")
        for node, name in imported(path)
        if name.split(".")[0] in CLOCK_DICE_DISK
    ]
    for path in modules("scoring"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                found.append(f"{at(path, node)} open")
            if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow", "read_bytes", "write_text"):
                found.append(f"{at(path, node)} .{node.attr}")
    assert found == []


def test_the_rules_have_no_float() -> None:
    """Marks are integers and fractions; a float would let two judges disagree about the same sum."""
    found = []
    for path in modules("scoring"):
        for node in ast.walk(tree(path)):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            named = isinstance(node, ast.Name) and node.id in ("float", "complex")
            if literal or named:
                found.append(at(path, node))
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    """No service, manager, helper, utils, base or common: a module is called after what it decides."""
    found = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES, "tests")
        if NO_NAMES & {word for part in path.relative_to(ROOT).with_suffix("").parts for word in part.split("_")}
    ]
    assert found == []


def test_no_module_is_too_long() -> None:
    """A module that grew past 400 lines decides more than one thing."""
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in modules(*PACKAGES)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_test_states_its_promise() -> None:
    """A test is a sentence with a docstring."""
    silent = [
        f"{at(path, node)} {node.name}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_decides() -> None:
    """A docstring opens every module that has something in it."""
    found = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert found == []


def test_every_route_has_an_access_decision(tmp_path: Path) -> None:
    """The application does not start otherwise; here the routes are walked once more, from outside."""
    app = create_app(Settings(tmp_path, b"t" * 32, "postgresql://nobody@localhost/none"))
    silent = [
        (route.path, method)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)])
        for method in getattr(handler, "http_methods", {"*"}) - {"OPTIONS"}
        if handler is None or "access" not in handler.opt
    ]
    assert len(app.routes) > 10 and silent == []


def test_the_bench_of_pages_knows_every_page(tmp_path: Path) -> None:
    """A route that comes is measured at a province's size or left out with a reason; none stops the others' measuring."""
    app = create_app(Settings(tmp_path, b"t" * 32, "postgresql://nobody@localhost/none"))
    asked = {one.address for one in asked_for(app, {name: f"a-{name}" for name in NAMES})}
    assert {"/c/a-slug/results/E060", "/office/a-slug/review", "/office/a-slug/certificates"} <= asked


@pytest.mark.parametrize("name", policy.shipped())
def test_every_shipped_policy_loads(name: str) -> None:
    """A policy that is in the box is read strictly, and is called what its file is called."""
    assert policy.load(name).id == name


def test_there_are_policies() -> None:
    """The test above has something to load."""
    assert policy.shipped()


@pytest.mark.parametrize("name", [*cli.COMMANDS, *cli.IN_THE_SCRIPT])
def test_every_command_is_in_the_readme(name: str) -> None:
    """Who reads the README knows every command."""
    assert f"podium {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_loads(name: str) -> None:
    """The table of commands names modules that are there."""
    command = cli.podium.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None and command.help


def test_pages_load_nothing_from_elsewhere() -> None:
    """A venue has no internet: scripts, styles, fonts and pictures come from Podium itself."""
    loading = re.compile(
        r"""(?:\ssrc\s*=|<link\b[^>]*\shref\s*=|\burl\(|@import|\bfrom|\bimport\(?|\bfetch\()\s*["'(]?\s*(?:https?:)?//\w""",
        re.I,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in ("server/web", "admin")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".html", ".css", ".js", ".mjs", ".jinja", ".svg", ".webmanifest")
        for match in loading.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_a_lock_names_no_package_index(lock: str) -> None:
    """Versions and hashes say what is installed; where from is for each machine to say."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text and "index" not in text
    pinned = re.findall(r"^[a-z0-9][^\s=]*==[^\n]*", text, re.M)
    assert pinned and all(line.endswith("\\") for line in pinned), "a pin without a hash"


def test_ci_runs_what_the_readme_says() -> None:
    """A green CI means that a newcomer's `./podium test` is green."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands == ["exec ./podium test"]
    assert "./podium test" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["bench", "faults"])
def test_every_measurement_can_be_loaded(kind: str) -> None:
    """No measurement was left behind by what it measures; packages that only a benchmark needs may be missing here."""
    for name in measurements(kind):
        try:
            importlib.import_module(f"tests.{kind}.{name}")
        except ModuleNotFoundError as missing:
            assert missing.name and not missing.name.startswith(("server", "admin", "tests", "scoring", "certificates"))
