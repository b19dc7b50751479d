"""Signatures as they come from tablets: one answer each, stored once, whatever the network does.

A signature is stored when everything that it says is so: the marks it names are in the ledger, each of that sheet and
with that value, and they are the whole sheet; the PIN is its judge's. When a mark of the sheet has changed since, the
signature is stored all the same, because it was given, and the answer says that it holds no longer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from scoring.verdict import No, Words
from server.access import Actor
from server.competitions.flow import policy_of, scheme_of
from server.database.bulk import insert_rows
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Event, Mark, Signature
from server.errors import Refusal
from server.ledger import hold, record
from server.marks.batch import ID_REUSED
from server.marks.floor import COMPETED, facts_of_entries
from server.marks.flow import panel_of
from server.marks.signing import CONTESTANT, JUDGE, OPEN, asked_of, sheet_hash, signatures_of
from server.people.pin_box import opened
from server.people.pins import check_pin
from server.sealing import Sealer
from server.settings import Settings
from server.wire import Answer
from server.wire.marks import Short, Ulid, told_everywhere

MOST = 20
"""Signatures in one post."""
LONGEST_DRAWING = 8000
Point = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Stroke = Annotated[list[tuple[Point, Point]], msgspec.Meta(min_length=2, max_length=2000)]


class NewSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signature as the tablet sends it: what was signed, how it was drawn (in thousandths of the field), the PIN in its box."""

    id: Ulid
    event: UUID
    entry: Short
    role: Literal["judge", "contestant"]
    marks: Annotated[list[tuple[Short, Ulid, int, int]], msgspec.Meta(min_length=1, max_length=1000)]
    drawing: Annotated[list[Stroke], msgspec.Meta(min_length=1, max_length=200)]
    device: Short
    counter: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    box: Annotated[str, msgspec.Meta(max_length=1000, pattern="^[0-9a-f]*$")] = ""

    def __post_init__(self) -> None:
        """A time is one that can be told in every time zone, and a drawing one that a hand makes."""
        told_everywhere(self.made_at)
        if sum(map(len, self.drawing)) > LONGEST_DRAWING:
            raise ValueError("the drawing has too many points")


NOT_OPEN = No("signature.not-open", Words("这个赛项现在不能签字。", "Sheets of this event cannot be signed now."))
NOT_ASKED = No("signature.not-asked", Words("这个作品不用签字。", "No signature is asked for here."))
NOT_SEATED = No("signature.not-seated", Words("你不在这个赛项的裁判组里。", "You are not on the panel of this event."))
OTHER_MARKS = No(
    "signature.other-marks",
    Words(
        "签的分数和服务器上的不一样，请看过以后再签。",
        "The server has other marks than those signed; look, and sign again.",
    ),
)
INCOMPLETE = No(
    "signature.incomplete", Words("这张评分表还没评完，不能签字。", "This sheet is not complete and cannot be signed.")
)
WRONG_PIN = No(
    "signature.pin",
    Words("签字时输的 PIN 不对，请再签一次。", "The PIN given with this signature is wrong; sign again."),
)


async def store_signatures(
    posts: Sequence[NewSignature], actor: Actor, settings: Settings, sealer: Sealer, at: datetime
) -> list[Answer]:
    """Store signatures in the order they came; an answer for each. What is answered is committed.

    Raises Refusal `sign-in.wait` after too many wrong PINs; those before it are stored, and sending all again is safe.
    """
    right: set[str] = set()  # a PIN that has been looked at in this post: argon2id is slow on purpose
    return [await _one(post, actor, settings, sealer, at, right) for post in posts]


async def _one(
    post: NewSignature, actor: Actor, settings: Settings, sealer: Sealer, at: datetime, right: set[str]
) -> Answer:
    assert actor.account  # who holds a seat is signed in
    sheet = sheet_hash(post.role, post.event, post.entry, actor.account, post.marks)
    event = await Event.select().where(Event.id == post.event).output(load_json=True).first()
    new = await _known(post.id) is None
    if event is None or (new and actor.account not in (await panel_of(post.event)).labels):
        return _refused(post, NOT_SEATED)
    if post.role == JUDGE and new and not await _right_pin(post, sheet, actor, settings, at, right):
        return _refused(post, WRONG_PIN)
    async with DB.transaction():
        await hold(event["competition"])
        if (before := await _known(post.id)) is not None:
            answer = _again(post, before, sheet, actor.account)
        else:
            event = await the_row(Event.select().where(Event.id == post.event).output(load_json=True).first())
            no = await _against(post, event, actor.account)
            answer = _refused(post, no) if no else await _stored(post, event, sheet, actor, sealer, at)
    return answer


def _again(post: NewSignature, before: Mapping[str, Any], sheet: bytes, judge: UUID) -> Answer:
    """A signature whose id is in the ledger already: the same one is a duplicate, another one is refused."""
    same = bytes(before["sheet"]) == sheet and before["judge"] == judge
    return Answer(post.id, "duplicate", sequence=before["sequence"]) if same else _refused(post, ID_REUSED)


async def _known(id: str) -> Mapping[str, Any] | None:
    columns = (Signature.id, Signature.sheet, Signature.judge, Signature.sequence)
    return await Signature.select(*columns).where(Signature.id == id).first()


async def _right_pin(
    post: NewSignature, sheet: bytes, actor: Actor, settings: Settings, at: datetime, right: set[str]
) -> bool:
    """Whether the box holds the judge's PIN, typed for this sheet. Raises Refusal `sign-in.wait`."""
    pin = opened(settings, post.box, f"{post.id} {sheet.hex()}")
    if pin is None or actor.account is None:
        return False
    if pin in right:
        return True
    try:
        await check_pin(actor.account, pin, at)
    except Refusal as refusal:
        if refusal.status == 429:
            raise
        return False
    right.add(pin)
    return True


async def _against(post: NewSignature, event: Mapping[str, Any], judge: UUID) -> No | None:
    """What keeps a signature out of the ledger."""
    scheme, panel = scheme_of(event), await panel_of(event["id"])
    if judge not in panel.labels:
        return NOT_SEATED
    if event["state"] not in OPEN or scheme is None:
        return NOT_OPEN
    asked = asked_of(post.role, scheme, policy_of(event).signing)
    facts = (await facts_of_entries(event["id"])).get(post.entry)
    if not asked or facts is None or facts.status != COMPETED:
        return NOT_ASKED
    if tuple(one[0] for one in post.marks) != asked:
        return INCOMPLETE
    named = {one[1]: one for one in post.marks}
    once = {aspect.id for aspect in scheme.aspects if aspect.recorded == "one"}
    rows = await Mark.select().where(Mark.id.is_in(list(named)) & (Mark.event == event["id"]))
    for row in rows:
        aspect, _, value, round = named[row["id"]]
        mine = row["judge"] == judge or aspect in once
        if not mine or (row["entry"], row["aspect"], row["value"], row["round"]) != (post.entry, aspect, value, round):
            return OTHER_MARKS
    return None if len(rows) == len(post.marks) else OTHER_MARKS


async def _stored(
    post: NewSignature, event: Mapping[str, Any], sheet: bytes, actor: Actor, sealer: Sealer, at: datetime
) -> Answer:
    drawing = json.dumps(post.drawing, separators=(",", ":"))
    judge: UUID = actor.account  # type: ignore[assignment]  # who holds a seat is signed in
    row = {
        "id": post.id, "event": post.event, "entry": post.entry, "role": post.role, "judge": judge,
        "marks": json.dumps(post.marks, ensure_ascii=False, separators=(",", ":")), "sheet": sheet,
        "drawing": sealer.seal(drawing, f"signature:{post.id}"), "device": post.device, "counter": post.counter,
        "made_at": post.made_at, "stored_at": at,
    }  # fmt: skip
    await insert_rows(Signature, [row])
    found = await signatures_of(event)
    newest = found.contestants[post.entry] if post.role == CONTESTANT else found.judges[post.entry, judge]
    data = {
        "signature": post.id, "role": post.role, "entry": post.entry, "seat": found.panel.labels[judge],
        "sheet": sheet.hex(), "marks": len(post.marks), "drawing": hashlib.sha256(drawing.encode()).hexdigest(),
    }  # fmt: skip
    await record(event["competition"], "sheet.signed", actor, at, event=event["id"], data=data)
    return Answer(post.id, "stored", sequence=newest.sequence, hash=sheet.hex(), conflict=not newest.holds)


def _refused(post: NewSignature, no: No) -> Answer:
    return Answer(post.id, "refused", no.rule, no.reason.zh, no.reason.en)
