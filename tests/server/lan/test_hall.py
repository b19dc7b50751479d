"""`podium serve --lan`, run as a person runs it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def signed_in(client: httpx.Client, link: str) -> httpx.Response:
    client.get("/api/session")
    return client.post("/api/session", json={"token": link}, headers={"x-csrf-token": client.cookies["podium_csrf"]})


def test_a_hall_is_served_over_http_and_https_and_a_session_of_one_is_no_session_of_the_other(
    dsn: str, tmp_path: Path
) -> None:
    """A tablet takes the authority over HTTP and then meets a certificate that it signed; the app opens both ways; a
    session begun over HTTPS travels over HTTPS only, and one begun over HTTP works without it."""
    port, https_port = free_port(), free_port()
    environment = {
        **os.environ,
        "PODIUM_DATA": str(tmp_path),
        "PODIUM_PORT": str(port),
        "DATABASE_URL": dsn,
        "LC_ALL": "C.UTF-8",
    }
    podium = [sys.executable, "-m", "server.cli"]
    links = [
        subprocess.run(
            [*podium, "organiser", "han"], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    tokens = [next(word for word in link.split() if "/sign-in/" in word).rpartition("/")[2] for link in links]
    serving = [*podium, "serve", "--lan", "--https-port", str(https_port), "--until-parent-ends"]
    with subprocess.Popen(serving, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = [server.stderr.readline() for _ in range(2)]
        assert f":{port}/lan" in said[0], said
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as open_way:
            trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            trusted.load_verify_locations(cadata=open_way.get("/lan/podium.crt").content)
            assert "SHA-256" in open_way.get("/lan?lang=en").text
            assert signed_in(open_way, tokens[0]).headers["set-cookie"].startswith("podium=")
            assert open_way.get("/api/session").json()["name"]
            with httpx.Client(base_url=f"https://127.0.0.1:{https_port}", verify=trusted) as shut_way:
                assert shut_way.get("/tablet").status_code == 200
                cookie = signed_in(shut_way, tokens[1]).headers["set-cookie"]
                assert cookie.startswith("__Host-podium=") and "Secure" in cookie
                assert shut_way.get("/api/session").json()["name"]
                assert not shut_way.get(f"http://127.0.0.1:{port}/api/session").json()["name"]
        server.communicate("")
