"""The page by which tablets come to trust a machine in a hall."""

from typing import Any

from server.lan.pages import _code

Values = dict[str, Any]


def lan_samples(base: Values) -> dict[str, tuple[str, Values]]:
    """By its name, by its address alone, and in no network at all."""
    fingerprint = ":".join(f"{n * 7 % 256:02X}" for n in range(32))
    hall = {
        "page": "http://192.168.1.20:8765/lan",
        "code": _code("http://192.168.1.20:8765/lan"),
        "fingerprint": fingerprint,
    }
    apps = [f"https://{host}:8443/tablet" for host in ("podium.local", "192.168.1.20", "10.10.0.3")]
    sites = [{"app": app, "code": _code(app)} for app in apps]
    return {
        "lan": (
            "public/lan.html",
            {**base, "trusted": False, "hall": hall, "sites": sites, "name": "podium.local", "uncovered": []},
        ),
        "lan-address": (
            "public/lan.html",
            {**base, "trusted": True, "hall": hall, "sites": sites[1:2], "name": "", "uncovered": ["203.0.113.9"]},
        ),
        "lan-alone": (
            "public/lan.html",
            {**base, "trusted": False, "hall": hall, "sites": [], "name": "", "uncovered": []},
        ),
    }
