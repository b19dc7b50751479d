"""`podium organiser LOGIN`: an account for an organiser's staff, and a link that signs it in once.

Whoever may run this command on the machine may enter the office anyway; nobody else can make the first account.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import click

from scoring.verdict import Words
from server import settings
from server.database.opening import opened
from server.database.piccolo_conf import DB
from server.people import flow
from server.people.flow import UNNAMED
from server.superuser import make_superuser, unmake_superuser
from server.terminal import spoken


@click.command()
@click.argument("login")
@click.option("--name", default="", help="The person's name, as ledgers and pages show it; LOGIN when left out.")
@click.option(
    "--organiser", default=UNNAMED.zh, help="The organiser whose staff it is; made when there is none of that name."
)
@click.option(
    "--forget-password", is_flag=True, help="Take the password of LOGIN away, so that the link asks for a new one."
)
@click.option(
    "--superuser/--no-superuser",
    default=None,
    help="Let LOGIN open the raw tables of every organiser, or no more; as it is when left out.",
)
def command(login: str, name: str, organiser: str, forget_password: bool, superuser: bool | None) -> None:
    """Make LOGIN an organiser's account, and print a link that signs it in once and asks for a password."""
    told = settings.load(os.environ)
    with opened(told) as dsn:
        token = asyncio.run(_token(dsn, login, name or login, organiser, forget_password, superuser))
    click.echo(f"{told.base_url}/sign-in/{token}")
    click.echo(
        spoken(
            Words(
                f"{login} 的登录链接，一天内有效，只能用一次；登录后请设定密码。",
                f"This link signs {login} in once, within a day; choose a password then.",
            )
        ),
        err=True,
    )


async def _token(dsn: str, login: str, name: str, organiser: str, forget_password: bool, superuser: bool | None) -> str:
    await DB.connect(dsn, connections=2)
    try:
        employer = await flow.add_organiser(organiser, UNNAMED.en if organiser == UNNAMED.zh else "")
        account = await flow.account_named(login) or await flow.add_account(login, name)
        await flow.employ(employer, account)
        if forget_password:
            await flow.forget_password(account)
        if superuser is not None:
            await (make_superuser if superuser else unmake_superuser)(account, datetime.now(UTC))
        return await flow.one_time_login(account, datetime.now(UTC))
    finally:
        await DB.disconnect()
