"""Who keeps which layer of a draw, and their keys: three layers, and nobody holds two that touch.

The layers follow one another: *number* (entry → number), *station* (number → station), *code* (station → work code).
With one layer alone nobody gets from a person to a work code, nor with number and code, which do not touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from scoring.blind_draw import LAYERS
from scoring.verdict import Words
from server.access import Actor
from server.database.piccolo_conf import DB
from server.database.rows import the_row
from server.database.tables import Account, Ceremony, Competition, Custodian, Seat, Staff, Supervisor
from server.draw import keys
from server.errors import Refusal
from server.ledger import hold, record
from server.sealing import Sealer


async def appoint(event: Mapping[str, Any], ceremony: UUID, custodians: Mapping[str, UUID]) -> None:
    """Name the custodian of every layer within the caller's transaction.

    Raises Refusal `custody.layers`, `custody.neighbours`, `custody.judge`, `custody.stranger` or `custody.supervisor`.
    """
    if set(custodians) != set(LAYERS):
        raise _refused("custody.layers", "三层都要指定保管人", "Every one of the three layers needs a custodian")
    if custodians["station"] in (custodians["number"], custodians["code"]):
        raise _refused("custody.neighbours", "同一人不能保管相邻的两层", "Nobody may hold two layers that touch")
    accounts = list(set(custodians.values()))
    if await Seat.exists().where((Seat.event == event["id"]) & Seat.account.is_in(accounts)):
        raise _refused(
            "custody.judge", "本赛项的裁判不能保管任何一层", "A judge of this event may not hold any of its layers"
        )
    known = {row["id"] for row in await candidates(event["competition"])}
    if not set(accounts) <= known:
        raise _refused(
            "custody.stranger",
            "保管人须是本次竞赛的主办方人员或监督",
            "A custodian is organiser's staff or a supervisor of this competition",
        )
    supervisors = Supervisor.select(Supervisor.account).where(Supervisor.competition == event["competition"])
    if not {row["account"] for row in await supervisors} - set(accounts):
        raise _refused(
            "custody.supervisor",
            "要留一名不保管任何一层的监督来主持解码",
            "One supervisor has to keep no layer, to preside over the decoding",
        )
    await Custodian.insert(
        *(Custodian(id=uuid4(), ceremony=ceremony, layer=layer, account=custodians[layer]) for layer in LAYERS)
    )


async def candidates(competition: UUID) -> list[dict[str, Any]]:
    """Who may be a custodian: the organiser's staff and the supervisors, by name."""
    held = await the_row(
        Competition.select(Competition.series.organiser.as_alias("organiser"))
        .where(Competition.id == competition)
        .first()
    )
    staff = await Staff.select(Staff.account).where(Staff.organiser == held["organiser"])
    supervisors = await Supervisor.select(Supervisor.account).where(Supervisor.competition == competition)
    accounts = {row["account"] for row in (*staff, *supervisors)}
    rows = await Account.select(Account.id, Account.name).where(Account.id.is_in(list(accounts))).order_by(Account.name)
    return [dict(row) for row in rows]


async def custodians_of(ceremony: UUID) -> list[dict[str, Any]]:
    """The custodians of a ceremony with their names, in the order of the layers."""
    query = Custodian.select(*Custodian.all_columns(), Custodian.account.name.as_alias("name"))
    rows = [dict(row) for row in await query.where(Custodian.ceremony == ceremony)]
    return sorted(rows, key=lambda row: LAYERS.index(row["layer"]))


async def take_key(
    event: Mapping[str, Any], layer: str, passphrase: str, sealer: Sealer, actor: Actor, at: datetime
) -> None:
    """Make the key of a layer for its custodian, under the passphrase that they typed.

    Raises Refusal `custody.not-yours`, `custody.keyed` or `custody.short`.
    """
    private, public = keys.new_pair()
    query = Custodian.select(Custodian.id, Custodian.public_key, Custodian.ceremony.escrow.as_alias("escrow"))
    where = (Custodian.ceremony.event == event["id"]) & (Custodian.ceremony.outcome == "")
    mine = await query.where(where & (Custodian.layer == layer) & (Custodian.account == actor.account)).first()
    if not mine:
        raise NOT_YOURS
    wrapped = await keys.wrap(private, passphrase, f"custodian:{mine['id']}")
    async with DB.transaction():
        await hold(event["competition"])
        changes: dict[Any, Any] = {
            Custodian.public_key: public,
            Custodian.wrapped: wrapped,
            Custodian.escrow: sealer.seal(private.hex(), f"escrow:{mine['id']}") if mine["escrow"] else b"",
            Custodian.keyed_at: at,
        }
        open_one = Ceremony.select(Ceremony.id).where((Ceremony.event == event["id"]) & (Ceremony.outcome == ""))
        still = {row["id"] for row in await open_one}
        done = (
            await Custodian.update(changes)
            .where((Custodian.id == mine["id"]) & (Custodian.public_key == b"") & Custodian.ceremony.is_in(list(still)))
            .returning(Custodian.id)
            if still
            else []
        )
        if not done:
            raise Refusal(
                "custody.keyed",
                Words("这一层的口令已经设定，不能再改。", "The passphrase of this layer has been chosen; it stays."),
            )
        data = {"layer": layer, "public_key": public.hex(), "escrow": mine["escrow"]}
        await record(event["competition"], "draw.keyed", actor, at, event=event["id"], data=data)


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(code, Words(f"{zh}。", f"{en}."), status=422)


NOT_YOURS = Refusal("custody.not-yours", Words("这一层不由你保管。", "This layer is not in your keeping."), status=403)
