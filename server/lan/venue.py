"""This machine in the hall's network: under which names and addresses it is reached, and that it says so.

`podium.local` is announced by multicast DNS (RFC 6762), so that no router has to be set up. Where the machine is given
another address during the day, the certificate and the announcement follow; connections that stand go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from datetime import UTC, datetime
from ipaddress import ip_address

import psutil
from zeroconf import AddressResolver, InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from server.lan.authority import Authority, certified, renew

NAME = "podium.local"
HTTPS_PORT = 8443
KIND = "_https._tcp.local."
MOMENT = 2.0
SECONDS_BETWEEN_LOOKS = 15


class Venue:
    """What tablets in this network need to know of this machine."""

    def __init__(self, authority: Authority, port: int, https_port: int, now: datetime) -> None:
        self.authority, self.port, self.https_port = authority, port, https_port
        self.addresses = addresses()
        self.announced = False
        self.problem: OSError | None = None
        self.context: ssl.SSLContext = certified(authority, self.names, ["127.0.0.1", *self.addresses], now)
        self._zeroconf: AsyncZeroconf | None = None

    @property
    def names(self) -> list[str]:
        """Names for which the certificate speaks: the announced one, and the machine's own where mDNS knows it."""
        own = socket.gethostname().partition(".")[0].lower()
        return [NAME, *([f"{own}.local"] if own.isascii() and own.replace("-", "").isalnum() else [])]

    @property
    def covered(self) -> list[str]:
        """Addresses under which HTTPS is trusted once the authority is installed."""
        return [address for address in self.addresses if self.authority.speaks_for(address)]

    def sites(self) -> list[str]:
        """Where the app opens with HTTPS, the best first."""
        hosts = [*([NAME] if self.announced else []), *self.covered]
        return [f"https://{host}:{self.https_port}" for host in hosts]

    def page(self) -> str:
        """Where a tablet that trusts nothing yet finds the steps: plain HTTP, by the first address."""
        return f"http://{self.addresses[0] if self.addresses else NAME}:{self.port}/lan"

    async def announce(self) -> None:
        """Say `podium.local` in this network, unless another machine does so already or the network takes no multicast."""
        self.announced, self.problem = False, None
        try:
            self._zeroconf = AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=IPVersion.V4Only)
            await self._say()
        except OSError as problem:
            self.problem = problem

    async def _say(self) -> None:
        assert self._zeroconf
        taken = AddressResolver(f"{NAME}.")
        await taken.async_request(self._zeroconf.zeroconf, MOMENT * 1000)
        others = set(taken.parsed_addresses()) - set(self.addresses) - {"127.0.0.1"}
        self.announced = bool(self.addresses) and not others
        if self.announced:
            await self._zeroconf.async_register_service(
                AsyncServiceInfo(
                    KIND,
                    f"Podium.{KIND}",
                    port=self.https_port,
                    server=f"{NAME}.",
                    addresses=[ip_address(address).packed for address in self.addresses],
                    properties={"path": "/tablet"},
                ),
                allow_name_change=True,
            )

    async def watch(self) -> None:
        """Follow the machine's addresses until cancelled."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            now = addresses()
            if now != self.addresses:
                await self.move(now, datetime.now(UTC))

    async def move(self, now_at: list[str], when: datetime) -> None:
        """The machine has other addresses: the next connection meets a certificate that names them.

        The announcement begins anew, because its sockets are those of the networks that were there when it began.
        """
        self.addresses = now_at
        renew(self.context, self.authority, self.names, ["127.0.0.1", *now_at], when)
        await self.leave()
        await self.announce()

    async def leave(self) -> None:
        """Say good-bye to the network, so that the name is free at once."""
        told, self._zeroconf = self._zeroconf, None
        if told:
            with contextlib.suppress(OSError):
                await told.async_close()


def addresses() -> list[str]:
    """This machine's IPv4 addresses in networks that are up, the one that leads outwards first."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        address.address
        for name, held in psutil.net_if_addrs().items()
        for address in held
        if name in up and address.family == socket.AF_INET and not ip_address(address.address).is_loopback
    ]
    return sorted(found, key=lambda address: (address != _outward(), ip_address(address)))


def _outward() -> str:
    """The address from which this machine would speak to another network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked, contextlib.suppress(OSError):
        asked.connect(("192.0.2.1", 9))
        return str(asked.getsockname()[0])
    return ""
