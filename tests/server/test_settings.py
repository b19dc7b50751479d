"""Settings come from the environment; a wrong one is refused with its name and the mend, and the key is made once."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from server import settings
from server.errors import Refusal


def refused(environ: dict[str, str]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        settings.load(environ)
    return caught.value


def test_nothing_set_is_enough(tmp_path: Path) -> None:
    """Defaults: the home's data folder, the private database, this machine only."""
    told = settings.load({"HOME": str(tmp_path)})
    assert told.data == tmp_path / ".local" / "share" / "podium"
    assert (told.database_url, told.host, told.port, told.base_url) == (
        None,
        "127.0.0.1",
        8765,
        "http://127.0.0.1:8765",
    )


def test_every_variable_counts(tmp_path: Path) -> None:
    """What is set is what is used."""
    told = settings.load(
        {
            "PODIUM_DATA": str(tmp_path / "here"),
            "DATABASE_URL": "postgresql://u:p@db.example/podium",
            "PODIUM_HOST": "0.0.0.0",
            "PODIUM_PORT": "80",
            "PODIUM_BASE_URL": "https://podium.example/",
            "PODIUM_KEY": "k" * 32,
        }
    )
    assert told == settings.Settings(
        tmp_path / "here", b"k" * 32, "postgresql://u:p@db.example/podium", "0.0.0.0", 80, "https://podium.example"
    )
    assert not (tmp_path / "here").exists()
    assert "p@db" not in repr(told) and "kkk" not in repr(told)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PODIUM_PORT", "eighty", "settings.malformed"),
        ("PODIUM_PORT", "0", "settings.malformed"),
        ("PODIUM_PORT", "65536", "settings.malformed"),
        ("PODIUM_PORT", "８０", "settings.malformed"),
        ("PODIUM_BASE_URL", "podium.example", "settings.malformed"),
        ("PODIUM_BASE_URL", "ftp://podium.example", "settings.malformed"),
        ("PODIUM_BASE_URL", "https://podium.example/?a=b", "settings.malformed"),
        ("DATABASE_URL", "mysql://db/podium", "settings.malformed"),
        ("DATABASE_URL", "postgresql://db", "settings.malformed"),
        ("PODIUM_DATA", "relative/folder", "settings.malformed"),
        ("PODIUM_KEY", "short", "settings.malformed"),
        ("PODIUM_PROT", "80", "settings.unknown"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str, code: str) -> None:
    """The refusal names the variable and says what to do, in both languages; nothing is made."""
    refusal = refused({"HOME": str(tmp_path), name: value})
    assert refusal.code == code
    for words in (refusal.words.zh, refusal.words.en):
        assert name in words
    assert refusal.mend.zh and refusal.mend.en
    assert list(tmp_path.iterdir()) == []


def test_the_password_of_a_database_is_not_told(tmp_path: Path) -> None:
    """A malformed DATABASE_URL is refused without repeating it."""
    refusal = refused({"HOME": str(tmp_path), "DATABASE_URL": "mysql://u:hunter2@db/podium"})
    assert "hunter2" not in refusal.words.en + refusal.words.zh + str(refusal)


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    """The first start makes the key; every later one finds it."""
    environ = {"PODIUM_DATA": str(tmp_path / "data")}
    first = settings.load(environ)
    assert stat.S_IMODE((tmp_path / "data" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert settings.load(environ).secret == first.secret and len(first.secret) == 64


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Whoever is first makes the key for all, and nobody reads half of it."""
    environ = {"PODIUM_DATA": str(tmp_path / "data")}
    found: list[bytes] = []
    gate = threading.Barrier(16)

    def start() -> None:
        gate.wait()
        found.append(settings.load(environ).secret)

    starts = [threading.Thread(target=start) for _ in range(16)]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    assert len(found) == 16 and len(set(found)) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["key"]


def test_asking_makes_nothing(tmp_path: Path) -> None:
    """`podium status` on a new machine leaves it as it was."""
    told = settings.load({"PODIUM_DATA": str(tmp_path / "data")}, make_key=False)
    assert told.secret == b"" and not (tmp_path / "data").exists()
    with pytest.raises(Refusal, match=r"settings\.key-missing"):
        told.key("identity-numbers")


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    """Where a database is, a new key would make its identity numbers unreadable for ever."""
    (tmp_path / "postgres").mkdir()
    assert refused({"PODIUM_DATA": str(tmp_path)}).code == "settings.key-missing"
    assert not (tmp_path / "key").exists()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Like ssh, and with the command that mends it."""
    settings.load({"PODIUM_DATA": str(tmp_path)})
    (tmp_path / "key").chmod(0o644)
    refusal = refused({"PODIUM_DATA": str(tmp_path)})
    assert refusal.code == "settings.key-open" and "chmod 600" in refusal.mend.en


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    """A key file that was cut short is not used as if it were a key."""
    (tmp_path / "key").touch(0o600)
    assert refused({"PODIUM_DATA": str(tmp_path)}).code == "settings.key-damaged"


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    """Keys are 32 bytes, differ by purpose and by secret, and are the same at every start."""
    one, other = settings.Settings(tmp_path, b"a" * 32), settings.Settings(tmp_path, b"b" * 32)
    keys = [one.key("identity-numbers"), one.key("identity-index"), other.key("identity-numbers")]
    assert len(set(keys)) == 3 and {len(key) for key in keys} == {32}
    # Issued data depends on this derivation: it never changes.
    assert one.key("identity-numbers").hex() == "e17204113b27545f5818f67e55f3bf81b1cb01323598379cedc88718505637f0"
