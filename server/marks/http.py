"""The JSON API of marks: posting them, and what a tablet needs to make them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post
from litestar.params import JSONBody, SkipValidation

from scoring.marks import scheme_as_data
from scoring.verdict import Words
from server.access import any_judge, chief_judge, judge
from server.competitions.flow import scheme_of
from server.draw.flow import codes_of
from server.errors import Refusal, told
from server.marks.batch import Post
from server.marks.carrying import LONGEST, carry
from server.marks.carrying_signatures import MOST_PARTS, carry_signature
from server.marks.floor import floor_of, write_down
from server.marks.flow import current_rows, panel_of
from server.marks.ledger import MOST
from server.marks.naming import of_two
from server.marks.writer import Writer
from server.wire import Answer, Answers, Floor, NewMark, Sheets, StatusSet, said

OTHER_JUDGE = Refusal(
    "marks.other-judge",
    Words("这些分数是另一位裁判打的。", "These marks were made by another judge."),
    Words("请那位裁判登录，平板再发送。", "They are sent when that judge signs in."),
)
"""A tablet that changed hands says whose marks it sends, so that nobody's are stored under another name."""


NO_MARKS = Refusal(
    "request.invalid",
    Words("请求的内容不是一列分数。", "The request is no list of marks."),
    Words("请发送一个 JSON 数组，每个分数一个对象。", "Send a JSON array with one object per mark."),
    status=422,
)
HEAVIEST = 1_000_000
"""Bytes of a post: the longest 200 marks there can be are a quarter of it."""


@post("/api/marks", opt={"access": any_judge, "scope": "marks"}, status_code=200, request_max_body_size=HEAVIEST)
async def post_marks(request: Request[Any, Any, Any], data: SkipValidation[JSONBody[list[NewMark]]]) -> Answers:
    """Store 1 to 200 marks, of a judge or of a machine with a key. One is safe once its answer says stored, duplicate or conflict."""
    sent: object = data  # as it came: each mark is read by itself, so that one of the wrong shape costs no other one
    if not isinstance(sent, list):
        raise NO_MARKS
    if not 1 <= len(sent) <= MOST:
        raise Refusal(
            "marks.how-many",
            Words(f"一次发送 1 到 {MOST} 个分数。", f"Send 1 to {MOST} marks at a time."),
            status=422,
        )
    writer: Writer = request.app.state.writer
    judge_account: UUID = request.user.account
    if request.headers.get("x-podium-judge", str(judge_account)) != str(judge_account):
        raise OTHER_JUDGE
    bound = request.user.key.aspects if request.user.key else None
    read = [_read(one) for one in sent]
    answers = iter(await writer.write([Post(one, judge_account, bound) for one in read if isinstance(one, NewMark)]))
    return Answers([next(answers) if isinstance(one, NewMark) else one for one in read])


def _read(sent: object) -> NewMark | Answer:
    """A mark, or why this is none; the answer carries its id where it has one, so that whoever sent it finds it again."""
    try:
        mark = msgspec.convert(sent, NewMark, strict=False)
    except msgspec.ValidationError as error:
        id = sent.get("id") if isinstance(sent, dict) else ""
        words = Words(
            f"这不是一个完整的分数，没有收：{error}。请告诉技术人员。",
            f"This is not a whole mark and was not taken: {error}. Tell the technician.",
        )
        return Answer(id if isinstance(id, str) else "", "refused", "mark.shape", words.zh, words.en)
    return of_two(mark) or mark


Sheaf = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=LONGEST)]], msgspec.Meta(min_length=1, max_length=MOST_PARTS)
]


class Codes(msgspec.Struct, forbid_unknown_fields=True):
    """QR codes of another judge's tablet, as they were read."""

    codes: Annotated[list[Annotated[str, msgspec.Meta(max_length=LONGEST)]], msgspec.Meta(min_length=1, max_length=50)]


class Outcome(msgspec.Struct, omit_defaults=True):
    """What became of one code: whose it is and an answer per mark, or why nothing of it was taken."""

    seat: str = ""
    part: int = 0
    parts: int = 0
    answers: list[Answer] = []
    code: str = ""
    zh: str = ""
    en: str = ""


class Outcomes(msgspec.Struct):
    """One outcome per code, in the order of the post."""

    outcomes: list[Outcome]


@post("/api/marks/carried", opt={"access": any_judge}, status_code=200)
async def post_carried(request: Request[Any, Any, Any], data: JSONBody[Codes]) -> Outcomes:
    """Store the marks of codes that the chief judge's tablet has read from another tablet."""
    state, found = request.app.state, []
    for code in data.codes:
        try:
            one = await carry(code, request.user, state.settings, state.writer, datetime.now(UTC))
            found.append(Outcome(one.seat, one.content.part, one.content.parts, one.answers))
        except Refusal as refusal:
            if refusal.status == 503:
                raise
            words = told(refusal)
            found.append(Outcome(code=refusal.code, zh=words.zh, en=words.en))
    return Outcomes(found)


class Sheaves(msgspec.Struct, forbid_unknown_fields=True):
    """Signatures as they were read from another judge's tablet: of each the codes that it came in."""

    signatures: Annotated[list[Sheaf], msgspec.Meta(min_length=1, max_length=10)]


class BroughtSignature(msgspec.Struct, omit_defaults=True):
    """What became of one signature: whose it is, under which sheet, and the answer for it, or why it was not taken."""

    seat: str = ""
    entry: str = ""
    answers: list[Answer] = []
    code: str = ""
    zh: str = ""
    en: str = ""


class BroughtSignatures(msgspec.Struct):
    """One outcome per signature, in the order of the post."""

    outcomes: list[BroughtSignature]


@post("/api/signatures/carried", opt={"access": any_judge}, status_code=200)
async def post_carried_signatures(request: Request[Any, Any, Any], data: JSONBody[Sheaves]) -> BroughtSignatures:
    """Store signatures of codes that the chief judge's tablet has read from another tablet."""
    state, found = request.app.state, []
    for texts in data.signatures:
        try:
            one = await carry_signature(texts, request.user, state.settings, state.sealer, datetime.now(UTC))
            found.append(BroughtSignature(one.seat, one.content.signature.entry, one.answers))
        except Refusal as refusal:
            if refusal.status == 429:
                raise
            words = told(refusal)
            found.append(BroughtSignature(code=refusal.code, zh=words.zh, en=words.en))
    return BroughtSignatures(found)


@get("/api/competitions/{slug:str}/events/{code:str}/sheets", opt={"access": judge, "scope": "marks"})
async def get_sheets(request: Request[Any, Any, Any]) -> Sheets:
    """The scheme, the work codes, and this judge's own current marks; nothing that names a competitor."""
    event = request.state.scope.event
    scheme = scheme_of(event)
    panel = await panel_of(event["id"])
    me = request.user.account
    once = {aspect.id for aspect in scheme.aspects if aspect.recorded == "one"} if scheme else set()
    bound = request.user.key.aspects[event["id"]] if request.user.key else None
    rows = [
        row
        for row in await current_rows(event["id"])
        if (row["judge"] == me or row["aspect"] in once) and (bound is None or row["aspect"] in bound)
    ]
    told = {
        "event": event["id"],
        "code": event["code"],
        "panel": len(panel.names),
        "state": event["state"],
        "seat": panel.labels.get(me, ""),
        "scheme": _only(scheme_as_data(scheme), bound) if scheme else {},
        "entries": await codes_of(event["id"]),
        "marks": [
            {name: row[name] for name in ("id", "entry", "aspect", "value", "round", "conflict", "sequence")}
            for row in rows
        ],
    }
    return said(told, Sheets)


def _only(scheme: dict[str, Any], bound: frozenset[str] | None) -> dict[str, Any]:
    """A scheme as data, for a machine with nothing in it but what its key is bound to."""
    for criterion in scheme["criteria"] if bound is not None else ():
        for sub in criterion["subcriteria"]:
            sub["aspects"] = [aspect for aspect in sub["aspects"] if aspect["id"] in bound]  # type: ignore[operator]
        criterion["subcriteria"] = [sub for sub in criterion["subcriteria"] if sub["aspects"]]
    if bound is not None:
        scheme["criteria"] = [criterion for criterion in scheme["criteria"] if criterion["subcriteria"]]
    return scheme


class NewStatus(msgspec.Struct, forbid_unknown_fields=True):
    """What happened to an entry, by its work code: absent, withdrawn, did-not-finish, disqualified; competed takes it back."""

    entry: str
    status: str
    reason: str = ""


@get("/api/competitions/{slug:str}/events/{code:str}/floor", opt={"access": judge})
async def get_floor(request: Request[Any, Any, Any]) -> Floor:
    """Every entry that did not simply compete, by work code."""
    return said({"floor": list((await floor_of(request.state.scope.event["id"])).values())}, Floor)


@post("/api/competitions/{slug:str}/events/{code:str}/floor", opt={"access": chief_judge}, status_code=200)
async def post_status(request: Request[Any, Any, Any], data: JSONBody[NewStatus]) -> StatusSet:
    """Write down that an entry did not come, gave up, did not finish or was put out."""
    event, now = request.state.scope.event, datetime.now(UTC)
    await write_down(event, data.entry, data.status, data.reason, request.user, now)
    return StatusSet(data.entry, data.status)


ROUTES = Router(
    "/", route_handlers=[post_marks, post_carried, post_carried_signatures, get_sheets, get_floor, post_status]
)
