"""Which tables and columns a superuser sees, and which rows may be changed.

What is not listed here does not exist for the raw tables: they are given tables of their own (`shadows`), made of the
listed columns alone. That is because piccolo_admin's `exclude_visible_columns` hides a column from the page only: its
API still reads, filters and sorts by it (tried with piccolo_admin 1.14.0 and piccolo_api 1.11.0). Columns of bytes are
never there: they are hashes, secrets or sealed, and that API answers 500 to the first one that is no UTF-8.

Left out besides: what opens something (passwords, tokens, links, keys), what leads from a work code to an entry before
decoding, what two people type without seeing each other's, and long documents that have pages of their own.

A row may be changed where no ledger, no version, no keyed index and no other row follows from it. Everything else is
read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from piccolo.columns import Bytea, Column, ForeignKey
from piccolo.columns.readable import Readable
from piccolo.table import Table, create_table_class

from server.database import tables as t
from server.database.piccolo_conf import DB

HIDDEN: tuple[type[Table], ...] = (
    *(t.Session, t.JudgePin, t.OneTimeLogin, t.WrongPassword, t.LookUpAttempt, t.DevicePairing, t.InvitationLink),
    t.BadgeCode,
    *(t.SigningKey, t.CredentialKey, t.Share),
    t.Place,
)
"""Not there at all: whatever opens a door, and the way from a work code to an entry."""

SHOWN: Mapping[type[Table], str] = {
    t.Organiser: "",
    t.Person: "birth_date ethnicity education",
    t.Account: "password_hash",
    **dict.fromkeys((t.Staff, t.Superuser, t.Series, t.Competition, t.Occupation, t.Supervisor), ""),
    t.OwnPolicy: "text",
    t.PolicyHead: "",
    t.PolicyAct: "data",
    t.Event: "policy_text scheme",
    t.ApiKey: "hint",
    **dict.fromkeys((t.ApiKeyAspect, t.Announcement, t.ProgrammeItem, t.DecisionHead), ""),
    t.Decision: "data",
    t.Judge: "phone_masked",
    **dict.fromkeys((t.JudgeAccount, t.JudgeHistory, t.JudgeEvent, t.PanelRules, t.PanelDays, t.Invitation), ""),
    t.Recusal: "person words",
    t.Proposal: "content",
    **dict.fromkeys(
        (t.Delegation, t.Flag, t.Clerk, t.HeadingMapping, t.Quota, t.Intake, t.Entry, t.ReviewAct, t.Photo), ""
    ),
    **dict.fromkeys((t.Member, t.CheckIn, t.AttachmentKind, t.Attachment, t.ApplicationLink, t.Application), ""),
    t.Draw: "commitments seed entries promises codes",
    t.Ceremony: "entries promises outcome",
    t.Witness: "words",
    **dict.fromkeys((t.Redraw, t.Custodian), ""),
    t.SealedLayer: "opened",
    **dict.fromkeys((t.Seat, t.MarkHead, t.Mark, t.FloorStatus, t.MarkCorrection, t.StatusCorrection), ""),
    t.PaperTyping: "values marks",
    **dict.fromkeys((t.HallHead, t.Signal, t.SignalAnswer, t.Nudge, t.ShiftEnd, t.Evidence, t.Remark, t.Device), ""),
    t.Signature: "marks",
    t.Snapshot: "content",
    **dict.fromkeys((t.Board, t.PhotoConsent, t.PlannedPublication, t.Recheck, t.RecheckSheet), ""),
    **dict.fromkeys(
        (t.Promotion, t.PromotionDecision, t.PromotionTakenBack, t.SkillRecord, t.SkillWithdrawal, t.Serial), ""
    ),
    **dict.fromkeys(
        (
            t.CertificateTerms,
            t.Crew,
            t.Refused,
            t.Revocation,
            t.OwnTemplate,
            t.DesignVersion,
            t.GivenCharacter,
            t.StampAuthority,
        ),
        "",
    ),
    t.Certificate: "token content credential",
    **dict.fromkeys((t.Appeal, t.AppealAct, t.AppealAttachment), ""),
    **dict.fromkeys((t.SavedView, t.MeasuredEvent, t.JudgeStatistic, t.AspectStatistic, t.IndicatorTarget), ""),
    **dict.fromkeys((t.RawOpening, t.RawHead, t.RawAct), ""),
}
"""Every other table, with the columns of it that are left out besides those of bytes."""


@dataclass(frozen=True, slots=True)
class Change:
    """What may be done with the rows of a table, and the columns that stay as they are."""

    methods: frozenset[str]
    fixed: frozenset[str] = frozenset({"id"})


_ALL = frozenset({"POST", "PATCH", "DELETE"})
CHANGED: Mapping[str, Change] = {
    "organiser": Change(frozenset({"PATCH"})),
    "account": Change(frozenset({"PATCH"})),
    "series": Change(frozenset({"PATCH"}), frozenset({"id", "organiser"})),
    "occupation": Change(_ALL, frozenset({"id", "organiser"})),
    "heading_mapping": Change(_ALL, frozenset({"id", "delegation"})),
    "judge_history": Change(_ALL, frozenset({"id", "judge"})),
    "saved_view": Change(frozenset({"DELETE"})),
}
NAMES = ("name", "login", "slug", "code", "title")
"""The first of these that a table has stands for a row where another table points at it."""


def shadows() -> dict[str, type[Table]]:
    """The tables as the raw tables know them, by name: the same rows, the listed columns."""
    made: dict[type[Table], type[Table]] = {}
    for table in (table for table in t.ALL if table in SHOWN):
        made[table] = _shadow(table, made)
    return {table._meta.tablename: shadow for table, shadow in made.items()}


def _shadow(table: type[Table], made: Mapping[type[Table], type[Table]]) -> type[Table]:
    left_out = set(SHOWN[table].split())
    columns = {
        column._meta.name: _column(column, made)
        for column in table._meta.columns
        if not isinstance(column, Bytea) and column._meta.name not in left_out
    }
    name = next((name for name in NAMES if name in columns), "")
    members: dict[str, Any] = {**columns}
    if name:
        members["get_readable"] = classmethod(
            lambda cls: Readable(template="%s", columns=[cls._meta.get_column_by_name(name)])
        )
    return create_table_class(
        table.__name__,
        class_kwargs={"tablename": table._meta.tablename, "db": DB, "help_text": (table.__doc__ or "").split("\n")[0]},
        class_members=members,
    )


def _column(column: Column, made: Mapping[type[Table], type[Table]]) -> Column:
    given = {**column._meta.params}
    if isinstance(column, ForeignKey):
        there = made.get(column._foreign_key_meta.resolved_references)
        if there is None or column._meta.primary_key:
            kind = column._foreign_key_meta.resolved_references._meta.primary_key.__class__
            return kind(null=column._meta.null, primary_key=column._meta.primary_key)
        given["references"] = there
    return type(column)(**given)
