"""Saving marks with FastAPI and SQLAlchemy: pydantic models, dependencies, an AsyncSession per request and the ORM."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Cookie, Depends, FastAPI, Header, HTTPException
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, DateTime, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from server.ledger import link
from server.marks.batch import mark_fields
from tests.bench.venue import SECRET

engine = create_async_engine(
    os.environ["PEER_DSN"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=20,
    max_overflow=0,
    pool_timeout=60,
)
Sessions = async_sessionmaker(engine, expire_on_commit=False)
Ulid = Annotated[str, Field(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
Short = Annotated[str, Field(min_length=1, max_length=40)]


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[int]: JSONB}


class SessionRow(Base):
    __tablename__ = "session"
    id: Mapped[bytes] = mapped_column(primary_key=True)
    account: Mapped[UUID]
    expires: Mapped[datetime]


class Seat(Base):
    __tablename__ = "seat"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    event: Mapped[UUID]
    account: Mapped[UUID]


class PlainAspect(Base):
    __tablename__ = "plain_aspect"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event: Mapped[UUID]
    code: Mapped[str]
    top: Mapped[int]
    steps: Mapped[list[int]]


class PlainEntry(Base):
    __tablename__ = "plain_entry"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event: Mapped[UUID]
    code: Mapped[str]


class MarkHead(Base):
    __tablename__ = "mark_head"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
    open: Mapped[bool]


class Mark(Base):
    __tablename__ = "mark"
    id: Mapped[str] = mapped_column(primary_key=True)
    event: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    entry: Mapped[str]
    aspect: Mapped[str]
    judge: Mapped[UUID]
    value: Mapped[int]
    round: Mapped[int]
    device: Mapped[str]
    counter: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    replaces: Mapped[str]
    conflict: Mapped[bool]
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class NewMark(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Ulid
    event: UUID
    entry: Short
    aspect: Short
    value: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    device: Short
    counter: Annotated[int, Field(ge=0, le=2**53)]
    made_at: AwareDatetime
    round: Annotated[int, Field(ge=1, le=9)] = 1
    replaces: Annotated[str, Field(pattern="^([0-7][0-9A-HJKMNP-TV-Z]{25})?$")] = ""


class Answer(BaseModel):
    id: str
    status: str
    sequence: int = 0
    hash: str = ""
    code: str = ""


class Answers(BaseModel):
    answers: list[Answer]


async def database() -> AsyncIterator[AsyncSession]:
    async with Sessions() as session, session.begin():
        yield session


Database = Annotated[AsyncSession, Depends(database, scope="function")]
"""`function`: the transaction ends before the answer is sent, so that what is answered is on disk."""


def csrf(podium_csrf: Annotated[str, Cookie()], x_csrf_token: Annotated[str, Header()]) -> None:
    token, _, signature = podium_csrf.rpartition(".")
    right = hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if not (hmac.compare_digest(podium_csrf, x_csrf_token) and hmac.compare_digest(right, signature)):
        raise HTTPException(403, "csrf")


async def judge(session: Database, podium: Annotated[str, Cookie()]) -> UUID:
    key = hashlib.sha256(podium.encode()).digest()
    query = select(SessionRow.account).where(SessionRow.id == key, SessionRow.expires > datetime.now(UTC))
    account = (await session.execute(query)).scalar()
    if account is None:
        raise HTTPException(401, "sign in")
    return account


app = FastAPI(openapi_url=None)


@app.post("/api/marks", dependencies=[Depends(csrf)])
async def post_marks(
    marks: Annotated[list[NewMark], Field(min_length=1, max_length=200)],
    session: Database,
    account: Annotated[UUID, Depends(judge)],
) -> Answers:
    return Answers(answers=[await save(session, mark, account) for mark in marks])


async def save(session: AsyncSession, mark: NewMark, account: UUID) -> Answer:
    head = await session.get(MarkHead, mark.event, with_for_update=True, populate_existing=True)
    if before := await session.get(Mark, mark.id):
        same = before.value == mark.value and before.judge == account and before.entry == mark.entry
        status = "duplicate" if same and before.aspect == mark.aspect else "refused"
        return Answer(id=mark.id, status=status, sequence=before.sequence, hash=before.hash.hex())
    if head is None or not head.open or (why := await refusal(session, mark, account)):
        return Answer(id=mark.id, status="refused", code="marks.not-open" if head is None or not head.open else why)
    cell = (Mark.event == mark.event, Mark.entry == mark.entry, Mark.aspect == mark.aspect, Mark.judge == account)
    last = (await session.execute(select(Mark.id).where(*cell).order_by(Mark.sequence.desc()).limit(1))).scalar() or ""
    row: dict[str, Any] = {
        **mark.model_dump(),
        "judge": account,
        "sequence": head.sequence + 1,
        "stored_at": datetime.now(UTC),
        "conflict": last != mark.replaces,
        "previous": head.hash,
    }
    row["hash"] = link(head.hash, mark_fields(row))
    session.add(Mark(**row))
    head.sequence, head.hash = row["sequence"], row["hash"]
    await session.flush()
    status = "conflict" if row["conflict"] else "stored"
    return Answer(id=mark.id, status=status, sequence=head.sequence, hash=head.hash.hex())


async def refusal(session: AsyncSession, mark: NewMark, account: UUID) -> str:
    query = select(PlainAspect).where(PlainAspect.event == mark.event, PlainAspect.code == mark.aspect)
    aspect = (await session.execute(query)).scalar()
    if aspect is None:
        return "mark.unknown-aspect"
    entry = select(PlainEntry.id).where(PlainEntry.event == mark.event, PlainEntry.code == mark.entry)
    if (await session.execute(entry)).scalar() is None:
        return "mark.unknown-entry"
    seat = select(Seat.id).where(Seat.event == mark.event, Seat.account == account)
    if (await session.execute(seat)).scalar() is None:
        return "mark.not-on-panel"
    if not 0 <= mark.value <= aspect.top:
        return "mark.out-of-range"
    return "mark.not-a-step" if aspect.steps and mark.value not in aspect.steps else ""
