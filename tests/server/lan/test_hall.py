"""`podium serve --lan`, run as a person runs it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx

from server.people.flow import add_account, one_time_login
from server.people.http import COOKIE, TLS_COOKIE


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def signed_in(client: httpx.Client, token: str) -> httpx.Response:
    client.get("/api/session")
    return client.post("/api/session", json={"token": token}, headers={"x-csrf-token": client.cookies["podium_csrf"]})


async def test_a_hall_is_served_over_http_and_https_and_a_session_of_one_is_no_session_of_the_other(
    database: str, tmp_path: Path
) -> None:
    """A tablet takes the authority over HTTP and then meets a certificate that it signed; the app opens both ways; a
    session begun over HTTPS travels over HTTPS only, and one begun over HTTP works without it."""
    account, now = await add_account("han", "韩梅"), datetime.now(UTC)
    tokens = [await one_time_login(account, now) for _ in range(2)]
    port, https_port = free_port(), free_port()
    environment = {**os.environ, "PODIUM_DATA": str(tmp_path), "PODIUM_PORT": str(port), "DATABASE_URL": database}
    serving = [sys.executable, "-m", "server.cli", "serve", "--lan", "--https-port", str(https_port)]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*serving, "--until-parent-ends"], env=environment, text=True, **pipes) as server:  # type: ignore[call-overload]
        assert f":{port}/lan" in server.stderr.readline()
        server.stderr.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as open_way:
            trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            trusted.load_verify_locations(cadata=open_way.get("/lan/podium.crt").content)
            assert "SHA-256" in open_way.get("/lan?lang=en").text
            assert signed_in(open_way, tokens[0]).headers["set-cookie"].startswith(f"{COOKIE}=")
            assert open_way.get("/api/session").json()["name"]
            with httpx.Client(base_url=f"https://127.0.0.1:{https_port}", verify=trusted) as shut_way:
                assert shut_way.get("/tablet").status_code == 200
                cookie = signed_in(shut_way, tokens[1]).headers["set-cookie"]
                assert cookie.startswith(f"{TLS_COOKIE}=") and "Secure" in cookie
                assert shut_way.get("/api/session").json()["name"]
                assert not shut_way.get(f"http://127.0.0.1:{port}/api/session").json()["name"]
        server.communicate("")
