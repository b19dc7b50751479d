"""The chief judge changes the own panel, and must say why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from server.database.tables import Decision, Event
from server.marks.inviting import make_links
from tests.server.conftest import Site
from tests.server.pooled import NAMES, judge_id, pooled, profile
from tests.server.small import AT, entered, founded, opened, seated


async def test_the_chief_changes_the_own_panel_and_says_why(site: Site) -> None:
    """On the chief's page who may come is fit or not, without a unit or a reason of a rule; a change asks for its reason,
    sets no rule aside, leaves the chief's own seat alone, stands in the ledger as the chief's, and is told to the office
    on the first page and on the panel's until the newcomer is asked. Other judges and marking panels change nothing.
    """
    small = await founded()
    await opened(small, "registration")
    await entered(small)
    await seated(small)
    await pooled(small, profile(0), profile(1, unit="第1机械厂"), profile(2), profile(3))
    competition, address = await small.competition(), f"/tablet/{small.slug}/M01/panel"
    chief, judge = await site.visitor(small.judges[0]), await site.visitor(small.judges[1])
    office = await site.visitor(small.staff.account)
    away, own = (str(small.judges[place]) for place in (1, 0))
    ids = [str(await judge_id(small, name)) for name in NAMES[:4]]

    shown = await chief.get(f"{address}?instead={away}")
    assert shown.status_code == 200, shown.text
    assert NAMES[0] in shown.text and ids[0] in shown.text and NAMES[1] in shown.text and ids[1] not in shown.text
    assert "第1机械厂" not in shown.text and "技师学院" not in shown.text
    assert (await judge.get(address)).status_code == (await office.get(address)).status_code == 403

    async def change(**said: str) -> Any:
        return await chief.post(address, data=said, headers={"accept": "text/html"})

    for said, code in (
        ({"judge": ids[0], "instead": away, "reason": " "}, 422),
        ({"judge": ids[1], "instead": away, "reason": "没有别人"}, 409),
        ({"judge": ids[0], "instead": own, "reason": "我有事"}, 409),
        ({"judge": "?", "instead": away, "reason": "换"}, 422),
    ):
        refused = await change(**said)
        assert refused.status_code == code and 'role="alert"' in refused.text
        assert "第1机械厂" not in refused.text
    assert not await Decision.exists().where(Decision.kind == "panel.changed")

    assert (await change(judge=ids[0], instead=away, reason="二号临时有任务")).status_code == 303
    (row,) = await Decision.select().where(Decision.kind == "panel.changed").output(load_json=True)
    assert (row["reason"], row["data"]["by"], row["data"]["in"]) == ("二号临时有任务", "chief", NAMES[0])
    assert row["actor"] == small.judges[0]
    for page in ("/office", f"/office/{small.slug}/panels/M01"):
        assert "二号临时有任务" in (await office.get(page)).text
    await make_links(competition, [UUID(ids[0])], AT + timedelta(days=7), small.staff, AT)
    assert "二号临时有任务" not in (await office.get("/office")).text

    await Event.update({Event.state: "marking"}).where(Event.code == "M01")
    assert 'name="reason"' not in (await chief.get(f"{address}?instead={own}")).text
    assert (await change(judge=ids[2], instead="open", reason="晚了")).status_code == 409
