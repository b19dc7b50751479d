"""What tests of a delegation's desk share: the example competition with its eight events open, and workbooks of any content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell

from scoring import policy
from server import pipeline
from server.competitions.flow import NewEvent, add_event, choose_scheme, event_named
from server.database.tables import Event
from server.demo.plan import EVENTS
from server.registration.sending import add_delegations, delegations_of
from tests.server.conftest import Site, Visitor
from tests.server.small import AT, SCHEME, Small, number

INPUTS = Path(__file__).parents[2] / "inputs"
CLEAN, SPOILT = INPUTS / "报名表-石家庄市.xlsx", INPUTS / "报名表-石家庄市-有错.xlsx"
HEADINGS = {
    "event": "赛项名称",
    "group": "组别",
    "team": "队号",
    "name": "姓名",
    "sex": "性别",
    "document_kind": "证件类型",
    "document_number": "证件号码",
    "unit": "工作单位",
    "occupation_code": "职业编码",
    "level_text": "等级",
    "identity": "身份类别",
    "phone": "联系电话",
    "note": "备注",
}
PERSON = {
    "event": "焊接技术",
    "group": "职工组",
    "sex": "男",
    "document_kind": "居民身份证",
    "unit": "示例机械厂",
    "occupation_code": "6-18-02-04",
    "level_text": "三级/高级工",
    "identity": "职工",
    "phone": "13900000000",
}
NAMES = ["赵一明", "钱二亮", "孙三元", "李四维", "周五常", "吴六合", "郑七夕", "王八方", "冯九州", "陈十全"]


def person(place: int, born: str = "19900101", **more: Any) -> dict[str, Any]:
    """The n-th competitor, clean unless a test spoils them."""
    known = {"name": NAMES[place % len(NAMES)], "document_number": number(2 * place + 1, born)}
    return {**PERSON, **known, **more}


def workbook(
    people: Sequence[Mapping[str, Any]],
    headings: Mapping[str, str] | None = None,
    title: str = "石家庄市代表队报名表",
    change: Callable[[Workbook], None] = lambda book: None,
) -> bytes:
    """A form with these people; the heading stands in row 2, the first person in row 3."""
    book = Workbook()
    sheet = book.active
    sheet.title = "报名表"
    sheet.append([title])
    columns = headings or HEADINGS
    sheet.append(list(columns.values()))
    for one in people:
        sheet.append([one.get(field, "") for field in columns])
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Desk:
    """A delegation's desk as one person sees it."""

    small: Small
    delegation: UUID
    visitor: Visitor

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"/register/{self.small.slug}/{self.delegation}"

    @property
    def api(self) -> str:
        """Where programs find it."""
        return f"/api/competitions/{self.small.slug}/delegations/{self.delegation}/forms"

    async def bring(self, data: bytes, name: str = "报名表.xlsx") -> dict[str, Any]:
        """Preview a workbook."""
        response = await self.visitor.post(self.api, files={"data": (name, data)})
        assert response.status_code in (201, 422), response.text
        return dict(response.json())

    async def look(self, preview: Mapping[str, Any], **query: Any) -> dict[str, Any]:
        """The same preview as things are now."""
        return dict((await self.visitor.get(f"{self.api}/{preview['id']}", params=query)).json())

    async def accept(self, preview: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Take it in as it was seen."""
        said = {"seen": preview["seen"], **more}
        return dict((await self.visitor.post(f"{self.api}/{preview['id']}/accept", json=said)).json())

    async def undo(self, preview: Mapping[str, Any]) -> dict[str, Any]:
        """Take it back as a whole."""
        return dict((await self.visitor.post(f"{self.api}/{preview['id']}/undo")).json())

    async def enters(self, *people: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Bring a clean form and take it in; its preview."""
        preview = await self.bring(workbook(people))
        answer = await self.accept(preview, **more)
        assert "added" in answer, (answer, preview)
        return preview


async def desk_at(site: Site, small: Small, name: str = "石家庄市", account: UUID | None = None) -> Desk:
    """A desk for a new delegation, with the organiser's staff at it unless somebody else is named."""
    competition = await small.competition()
    await add_delegations(competition, [name], small.staff, AT)
    delegation = next(one["id"] for one in await delegations_of(competition) if one["name"] == name)
    return Desk(small, delegation, await site.visitor(account or small.staff.account))


async def with_example_events(small: Small, first_is_open: bool = False) -> Small:
    """The eight events of the example, all open; the first is there already."""
    for event in EVENTS[1:]:
        await add_event(await small.competition(), NewEvent(**event), small.staff, AT)
        await choose_scheme(await small.event(event["code"]), SCHEME, small.staff, AT)
    for event in EVENTS[first_is_open:]:
        await open_event(small, event["code"])
    return small


async def open_event(small: Small, code: str) -> None:
    """Open one event for entries."""
    step = pipeline.Step(await small.competition(), await small.event(code), small.staff, AT)
    await pipeline.take(step, "registration")


async def with_rules(small: Small, rules: str, code: str = "M01") -> None:
    """Give the policy of an event rules of eligibility."""
    event = await event_named(await small.competition(), code)
    text = f"{event['policy_text']}\n[eligibility]\n{rules}"
    changes: dict[Any, Any] = {
        Event.policy_text: text,
        Event.policy_fingerprint: policy.parse(text, event["policy"]).fingerprint,
    }
    await Event.update(changes).where(Event.id == event["id"])


def opened_workbook(data: bytes) -> Workbook:
    """A workbook as a person would open it."""
    return load_workbook(BytesIO(data))


def coloured(book: Workbook, sheet: str) -> dict[str, tuple[str, str]]:
    """Cell → colour and comment, for every cell that carries a comment."""
    return {
        cell.coordinate: (cell.fill.start_color.rgb[-6:], cell.comment.text)
        for row in book[sheet].iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell) and cell.comment
    }
