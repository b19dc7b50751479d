"""What a tablet trusts once it has installed the authority of a hall, and what it never does."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from server.lan.authority import Authority, authority, certified, renew

NOW = datetime.now(UTC).replace(microsecond=0)
PASSWORD = b"the secret of this installation"


def hello(made: Authority, server: ssl.SSLContext, name: str) -> None:
    """A whole TLS handshake in memory, from a client that trusts the authority alone. Raises ssl.SSLError."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=made.der)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    open_sides = [asking, answering]
    while open_sides:
        for side in list(open_sides):
            try:
                side.do_handshake()
                open_sides.remove(side)
            except ssl.SSLWantReadError:
                continue


def test_a_tablet_trusts_the_machine_by_every_name_it_has_also_after_it_moved(tmp_path: Path) -> None:
    """By name and by private address; when the machine is given another address, by that one from the next connection on."""
    made = authority(tmp_path, PASSWORD, "laptop", NOW)
    context = certified(made, ["podium.local"], ["192.168.1.20"], NOW)
    hello(made, context, "podium.local")
    hello(made, context, "192.168.1.20")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        hello(made, context, "10.0.0.7")
    renew(context, made, ["podium.local"], ["10.0.0.7"], NOW)
    hello(made, context, "10.0.0.7")


@pytest.mark.parametrize("name", ["bank.example", "local.example", "203.0.113.9"])
def test_the_authority_is_worth_nothing_elsewhere(tmp_path: Path, name: str) -> None:
    """Whoever steals its key cannot pretend to be another site before the tablets of the hall (RFC 5280, 4.2.1.10)."""

    class Thief(Authority):
        def speaks_for(self, address: str) -> bool:
            return True

    made = authority(tmp_path, PASSWORD, "laptop", NOW)
    thief = Thief(made.folder, made.certificate, made.key, made.password)
    names, addresses = ([], [name]) if name[0].isdigit() else ([name], [])
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        hello(made, certified(thief, names, addresses, NOW), name)


def test_the_authority_stays_the_same_and_its_key_is_shut(tmp_path: Path) -> None:
    """The next start has the same authority, so that no tablet is touched twice; on the disk its key is encrypted, for its
    owner only; shortly before its end there is a new one."""
    made = authority(tmp_path, PASSWORD, "laptop", NOW)
    assert authority(tmp_path, PASSWORD, "laptop", NOW).fingerprint == made.fingerprint
    kept = tmp_path / "authority.pem"
    assert kept.stat().st_mode & 0o077 == 0
    with pytest.raises(TypeError):
        load_pem_private_key(kept.read_bytes(), None)
    with pytest.raises(ValueError):
        authority(tmp_path, b"another installation", "laptop", NOW)
    assert authority(tmp_path, PASSWORD, "laptop", NOW + timedelta(days=3600)).fingerprint != made.fingerprint
