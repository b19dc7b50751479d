"""`./podium` sets itself up from any place, once, whatever interrupts it or starts beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

pytestmark = pytest.mark.slow

STUB = "import sys\nprint('ran', *sys.argv[1:])\n"


def run(program: Path, *words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *words],
        cwd=cwd,
        env=ENVIRONMENT | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def made(place: Path) -> Path:
    """A checkout that needs no packages."""
    (place / "server").mkdir(parents=True)
    (place / "tests").mkdir()
    shutil.copy(ROOT / "podium", place)
    (place / "server" / "__init__.py").write_text("")
    (place / "server" / "cli.py").write_text(STUB)
    (place / "requirements.lock").write_text("# nothing\n")
    (place / "tests" / "requirements.lock").write_text("# nothing\n")
    return place


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str, str]]]:
    """Two first starts at once, at a path with a space and a quote in it; where, and what they said."""
    place = made(tmp_path_factory.mktemp("set-up") / "the organiser's files")
    command = [place / "podium", "status", "a b"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    starts = [subprocess.Popen(command, env=ENVIRONMENT, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    told = [start.communicate(timeout=300) for start in starts]
    return place, [(start.returncode, *said) for start, said in zip(starts, told, strict=True)]


@pytest.fixture
def checkout(first_starts: tuple[Path, object], tmp_path: Path) -> Path:
    """A checkout that is set up, for one test to change."""
    return Path(shutil.copytree(first_starts[0], tmp_path / "a copy", symlinks=True))


def test_it_runs_from_anywhere_and_through_a_link(tmp_path: Path) -> None:
    """A link on the PATH, another folder, and a `server` folder there that is not ours."""
    (tmp_path / "bin dir").mkdir()
    (tmp_path / "bin dir" / "podium").symlink_to(ROOT / "podium")
    (tmp_path / "again").symlink_to(Path("bin dir") / "podium")
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "cli.py").write_text("raise SystemExit('not ours')")
    done = run(tmp_path / "again", "status", "--json", cwd=tmp_path, PODIUM_DATA=str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["data"] == str(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_word_about_the_installation_loads_no_web_server(tmp_path: Path) -> None:
    """`podium status` answers in a moment, because none of what takes a second to load is loaded for it."""
    line = ["-X", "importtime", "-m", "server.cli", "status"]
    done = run(Path(sys.executable), *line, cwd=ROOT, PODIUM_DATA=str(tmp_path / "data"))
    assert done.returncode == 0 and "server.version" in done.stderr
    assert [name for name in ("litestar", "weasyprint", "openpyxl", "pikepdf") if f" {name}\n" in done.stderr] == []


def test_two_first_starts_at_once_make_one_environment(first_starts: tuple[Path, list[tuple[int, str, str]]]) -> None:
    """The second waits for the first, and both run."""
    place, told = first_starts
    assert [(code, out) for code, out, _ in told] == [(0, "ran status a b\n")] * 2, told
    assert sum(said.count("making the Python environment") for *_, said in told) == 1
    assert run(place / "podium", "serve").stderr == "", "a later start has nothing to say"


def test_an_interrupted_installation_is_begun_anew(checkout: Path) -> None:
    """A killed set-up leaves an environment that nobody can trust; the next start throws it away."""
    (checkout / ".venv" / ".unfinished").touch()
    (checkout / ".venv" / "half").touch()
    done = run(checkout / "podium", "status")
    assert (done.returncode, done.stdout) == (0, "ran status\n"), done.stderr
    assert not (checkout / ".venv" / ".unfinished").exists() and not (checkout / ".venv" / "half").exists()


def test_a_changed_lock_is_installed(checkout: Path) -> None:
    """After an update the packages follow the lock file; the environment stays. The words are the terminal's."""
    (checkout / ".venv" / "kept").touch()
    (checkout / "requirements.lock").write_text("# still nothing\n")
    done = run(checkout / "podium", "status", LANG="zh_CN.UTF-8")
    assert "安装锁定版本的 Python 包" in done.stderr and done.stdout == "ran status\n"
    assert (checkout / ".venv" / "kept").exists()


def test_a_package_without_a_hash_is_refused(checkout: Path) -> None:
    """What is installed is what was locked, or nothing; and the words say what to do."""
    (checkout / "requirements.lock").write_text("click==8.1.7\n")
    done = run(checkout / "podium", "status")
    assert done.returncode == 1 and done.stdout == ""
    assert "hash" in done.stderr and "./podium again" in done.stderr


def test_a_release_that_came_after_the_lock_stops_nobody(checkout: Path, tmp_path: Path) -> None:
    """A locked package asks for another with an extra, and that other has a newer release: the locked one is taken."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    locked = [wheel(wheels, "asks", "1.0", "Requires-Dist: asked[more]==1.*\n"), wheel(wheels, "asked", "1.0")]
    wheel(wheels, "asked", "1.1", "Provides-Extra: more\n")
    (checkout / "requirements.lock").write_text("".join(locked))
    done = run(checkout / "podium", "status", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels))
    assert (done.returncode, done.stdout) == (0, "ran status\n"), done.stderr
    assert list(checkout.glob(".venv/lib/*/site-packages/asked-1.0.dist-info"))


def wheel(folder: Path, name: str, version: str, more: str = "") -> str:
    """Write a package with nothing in it; its line for a lock file."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    inside = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{inside}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}")
        archive.writestr(f"{inside}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{inside}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def test_without_python_and_package_manager_it_says_what_to_install(tmp_path: Path) -> None:
    """Where nothing can be installed, the reader is told exactly what is missing."""
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("readlink", "dirname", "uname", "cat", "cksum", "id"):
        (bare / name).symlink_to(str(shutil.which(name)))
    done = run(made(tmp_path / "new") / "podium", "status", PATH=str(bare))
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr and "by hand" in done.stderr


def test_the_script_is_plain_posix_sh() -> None:
    """dash parses it; bash is not needed."""
    shell = shutil.which("dash") or "/bin/sh"
    assert subprocess.run([shell, "-n", ROOT / "podium"], check=False).returncode == 0
