"""Signing in and out, and the accounts of those who work in a competition.

A session is a random token in a cookie; the database keeps its SHA-256 only. Wrong passwords are counted per name that
was typed, not per address, because all tablets of a venue share one address. A try counts before the password is looked
at, so that a thousand at once get no more looks than one after the other, and it counts for names that nobody has, so
that nobody learns which names there are.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from piccolo.columns import Column

from scoring.verdict import Words
from server.access import Actor
from server.access import Seat as Held
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import (
    Account,
    OneTimeLogin,
    Organiser,
    Seat,
    Session,
    Staff,
    WrongPassword,
)
from server.errors import Refusal
from server.people import passwords

SESSION = timedelta(hours=16)
"""Longer than a judge's day: nobody is signed out in the middle of a shift."""
ONE_TIME = timedelta(hours=24)
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""After so long without another try, wrong passwords for a name are forgotten."""

HOLDER = """SELECT a.id, a.name,
    EXISTS(SELECT 1 FROM superuser WHERE account = a.id) AS superuser,
    ARRAY(SELECT organiser FROM staff WHERE account = a.id) AS organisers,
    ARRAY(SELECT competition FROM supervisor WHERE account = a.id) AS supervises,
    ARRAY(SELECT delegation FROM clerk WHERE account = a.id) AS delegations,
    ARRAY(SELECT event FROM seat WHERE account = a.id ORDER BY event) AS events,
    ARRAY(SELECT number FROM seat WHERE account = a.id ORDER BY event) AS numbers,
    ARRAY(SELECT chief FROM seat WHERE account = a.id ORDER BY event) AS chiefs
FROM session s JOIN account a ON a.id = s.account WHERE s.id = {} AND s.expires > {} AND a.active"""
"""In one statement: every tablet of a venue is looked up again every few seconds."""

WRONG = Refusal(
    "sign-in.wrong",
    Words("账号或密码不对。", "The account or the password is wrong."),
    Words("请核对后再试；忘记密码请找主办方重置。", "Check both and try again; the organiser can reset a password."),
    status=401,
)
NO_PASSWORD = Refusal(
    "sign-in.no-password",
    Words(
        "这一步要用密码确认，而这个账号还没有密码。",
        "This step is confirmed with a password, and this account has none yet.",
    ),
    Words("请先在“账号与密码”里设定密码。", "Choose one under “User name and password” first."),
    status=422,
)
SPENT = Refusal(
    "sign-in.link-spent",
    Words("这个登录链接已经用过或已过期。", "This sign-in link has been used or has expired."),
    Words("请向主办方要一个新的。", "Ask the organiser for a new one."),
    status=401,
)


UNNAMED = Words("主办方", "Organiser")
"""What an organiser is called whose name nobody gave yet; it never signs a certificate."""


async def add_organiser(name: str, name_en: str) -> UUID:
    """The organiser of that name, made when there is none yet."""
    organiser = Organiser(id=uuid4(), name=name, name_en=name_en)
    await Organiser.insert(organiser).on_conflict(target=Organiser.name, action="DO NOTHING")
    return UUID(str((await the_row(Organiser.select(Organiser.id).where(Organiser.name == name).first()))["id"]))


async def add_account(login: str, name: str, password: str = "") -> UUID:
    """A new account; without a password it can be entered by one-time links only.

    Raises Refusal `account.taken` or `account.short-password`.
    """
    stored = await _hashed(password) if password else ""
    account = Account(id=uuid4(), login=login, name=name, password_hash=stored, active=True)
    added = await Account.insert(account).on_conflict(target=Account.login, action="DO NOTHING").returning(Account.id)
    if not added:
        raise Refusal(
            "account.taken",
            Words(f"账号 {login} 已有人使用。", f"The account {login} is taken."),
            Words("请换一个账号。", "Choose another."),
        )
    return UUID(str(account.id))


async def employ(organiser: UUID, account: UUID) -> None:
    """Make an account staff of an organiser."""
    staff = Staff(id=uuid4(), organiser=organiser, account=account)
    await Staff.insert(staff).on_conflict(action="DO NOTHING")


async def one_time_login(account: UUID, at: datetime) -> str:
    """A token that signs its account in once within a day."""
    token = secrets.token_urlsafe(24)
    await OneTimeLogin.insert(OneTimeLogin(id=digest(token), account=account, expires=at + ONE_TIME, used=None))
    return token


async def sign_in(login: str, password: str, at: datetime) -> str:
    """A session's token for the right password.

    Raises Refusal `sign-in.wrong`, or `sign-in.wait` after too many wrong ones for this name.
    """
    await count_a_try(login, at)
    account = await Account.select().where(Account.login == login).first()
    right = await passwords.matches(account["password_hash"] if account else "", password)
    if not account or not account["active"] or not right:
        raise WRONG
    await forget_tries(login)
    return await open_session(account["id"], at)


async def count_a_try(login: str, at: datetime) -> None:
    """Take the next try for a name as a wrong one until it proves right. Raises Refusal `sign-in.wait`."""
    async with DB.transaction():
        row = WrongPassword(id=digest(login), failures=0, failed_at=at)
        await WrongPassword.insert(row).on_conflict(action="DO NOTHING")
        mine = WrongPassword.id == row.id
        before = await the_row(WrongPassword.select().where(mine).lock_rows().first())
        ready = before["failed_at"] + wait_after(before["failures"])
        if before["failures"] >= FREE_FAILURES and at < ready:
            raise _wait(ready - at)
        changes: dict[Column | str, Any] = {WrongPassword.failures: before["failures"] + 1, WrongPassword.failed_at: at}
        await WrongPassword.update(changes).where(mine)
    await WrongPassword.delete().where(WrongPassword.failed_at < at - FORGOTTEN)


async def forget_tries(login: str) -> None:
    """The right one was given: the wrong ones before it count no more."""
    await WrongPassword.delete().where(WrongPassword.id == digest(login))


async def change_password(actor: Actor, before: str, new: str, at: datetime) -> None:
    """Give the actor's account a new password and end its other sessions. Who has none yet chooses the first one.

    Raises Refusal `account.short-password`, `sign-in.wrong` or `sign-in.wait`.
    """
    if await has_password(actor.account):
        await prove(actor, before, at)
    stored = await _hashed(new)
    async with DB.transaction():
        await Account.update({Account.password_hash: stored}).where(Account.id == actor.account)
        await Session.delete().where((Session.account == actor.account) & (Session.id != actor.session))


async def prove(actor: Actor, password: str, at: datetime) -> None:
    """Let somebody who is signed in show again who they are, before a step that their open screen alone must not take.

    Raises Refusal `sign-in.no-password` for an account that has none yet, `sign-in.wrong` or `sign-in.wait`.
    """
    account = await the_row(Account.select().where(Account.id == actor.account).first())
    if not account["password_hash"]:
        raise NO_PASSWORD
    await count_a_try(account["login"], at)
    if not await passwords.matches(account["password_hash"], password):
        raise WRONG
    await forget_tries(account["login"])


async def has_password(account: UUID | None) -> bool:
    """Whether an account can be entered with a password."""
    return await Account.exists().where((Account.id == account) & (Account.password_hash != ""))


async def login_of(account: UUID | None) -> str:
    """The name under which an account signs in."""
    row = await Account.select(Account.login).where(Account.id == account).first()
    return str(row["login"]) if row else ""


async def forget_password(account: UUID) -> None:
    """Take an account's password away, so that whoever has the next one-time link chooses a new one."""
    await Account.update({Account.password_hash: ""}).where(Account.id == account)


async def _hashed(password: str) -> str:
    if len(password) < passwords.SHORTEST:
        raise Refusal(
            "account.short-password",
            Words(
                f"密码至少 {passwords.SHORTEST} 个字符。", f"A password has at least {passwords.SHORTEST} characters."
            ),
            status=422,
        )
    return await passwords.hashed(password)


async def sign_in_once(token: str, at: datetime) -> str:
    """A session's token for an unused one-time link. Raises Refusal `sign-in.link-spent`."""
    spent = (
        await OneTimeLogin.update({OneTimeLogin.used: at})
        .where((OneTimeLogin.id == digest(token)) & OneTimeLogin.used.is_null() & (OneTimeLogin.expires > at))
        .returning(OneTimeLogin.account)
    )
    if not spent:
        raise SPENT
    return await open_session(spent[0]["account"], at)


async def open_session(account: UUID, at: datetime, device: UUID | None = None) -> str:
    """A new session's token; with `device` it ends when that tablet is revoked."""
    token = secrets.token_urlsafe(32)
    await Session.insert(Session(id=digest(token), account=account, opened=at, expires=at + SESSION, device=device))
    return token


async def sign_out(session: bytes) -> None:
    """End a session at once, on every machine."""
    await Session.delete().where(Session.id == session)


async def actor_of(token: str, at: datetime) -> Actor | None:
    """Who holds this session and what places they have; None when it has ended."""
    key = digest(token)
    found = await Session.raw(HOLDER, key, at)
    if not found:
        return None
    one = found[0]
    return Actor(
        account=one["id"],
        name=one["name"],
        session=key,
        organisers=frozenset(one["organisers"]),
        supervises=frozenset(one["supervises"]),
        delegations=frozenset(one["delegations"]),
        seats={
            event: Held(number, chief)
            for event, number, chief in zip(one["events"], one["numbers"], one["chiefs"], strict=True)
        },
        superuser=one["superuser"],
    )


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def wait_after(failures: int) -> timedelta:
    """How long an account rests after so many wrong passwords: 2, 4, 8 … seconds, at most a quarter of an hour."""
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 12)), LONGEST_WAIT)


def _wait(left: timedelta) -> Refusal:
    seconds = int(left.total_seconds()) + 1
    return Refusal(
        "sign-in.wait",
        Words("这个账号密码错误次数过多。", "This account has had too many wrong passwords."),
        Words(f"请 {seconds} 秒后再试。", f"Try again in {seconds} seconds."),
        status=429,
        wait=seconds,
    )


async def account_named(login: str) -> UUID | None:
    """The account of that name, if there is one."""
    row = await Account.select(Account.id).where(Account.login == login).first()
    return row["id"] if row else None


async def chief_judge_of(slug: str) -> UUID:
    """The account of the chief judge of the first event of a competition."""
    query = Seat.select(Seat.account).where(Seat.chief.eq(True) & (Seat.event.competition.slug == slug))
    row = await the_row(query.order_by(Seat.event.code).first())
    return UUID(str(row["account"]))
