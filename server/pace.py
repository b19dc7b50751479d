"""How often verification and badges are answered to one address: numbers follow each other, and nobody may walk through them at leisure.

A venue or an office shares one address, so the limit is wide: a person who scans papers all day does not meet it. An IPv6
network is one address, because whoever has one has them all.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from litestar import Request
from litestar.middleware.rate_limit import RateLimitConfig

MOST = 120
"""Answers in a minute."""
STORE = "verification"
NETWORK = 64


def network_of(request: Request[Any, Any, Any]) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((host, NETWORK), strict=False)) if address.version == 6 else host


PACE = RateLimitConfig(("minute", MOST), identifier_for_request=network_of, store=STORE).middleware
