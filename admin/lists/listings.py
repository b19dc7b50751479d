"""The lists of a competition's office: entries, certificates, promotions, judges, delegations."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from admin.lists.listing import Column, Filter, Listing
from scoring.ladder import LADDER
from scoring.verdict import Words
from server.appeals.flow import STATES as APPEAL_STATES
from server.competitions.judges import TITLES
from server.issuing.choosing import KINDS
from server.registration.review import STATES

LEVELS = {level.id: level.name for level in LADDER}
YES_NO = {"true": Words("是", "yes"), "false": Words("否", "no")}
IDENTITIES = {
    "worker": Words("职工", "worker"),
    "teacher": Words("教师", "teacher"),
    "student": Words("学生", "student"),
    "other": Words("其他", "other"),
}
EVENT, EVENT_EN = "v.name", "coalesce(nullif(v.name_en, ''), v.name)"
OF_EVENT = Filter("event", Words("赛项", "Event"), "v.code", "v.name || ' ' || v.code")
OF_DELEGATION = Filter("delegation", Words("代表队", "Delegation"), "d.name")

ENTRIES = Listing(
    "entries",
    Words("报名", "Entries"),
    Words("每个参赛单元一行：一个人或一队。", "One row for every entry: one person, or one team."),
    "entry e JOIN event v ON v.id = e.event JOIN delegation d ON d.id = e.delegation WHERE v.competition = {}",
    (
        Column("number", Words("编号", "Number"), "v.code || '-' || lpad(e.number::text, 3, '0')"),
        Column("names", Words("姓名", "Name"), "(SELECT string_agg(p.name, '、' ORDER BY m.position) FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id)", below="units"),
        Column("units", Words("单位", "Unit"), "(SELECT string_agg(DISTINCT m.unit, '、') FROM member m WHERE m.entry = e.id)", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN, below="division"),
        Column("division", Words("组别", "Group"), "v.division", plain=True),
        Column("delegation", Words("代表队", "Delegation"), "d.name"),
        Column("state", Words("状态", "Standing"), "e.state", "words", words=STATES),
        Column("team", Words("队名", "Team"), "e.team", plain=True),
        Column("documents", Words("证件号码", "Document"), "(SELECT string_agg(p.document_masked, '、' ORDER BY m.position) FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id)", plain=True),
        Column("levels", Words("现有等级", "Level held"), "(SELECT min(m.level) FROM member m WHERE m.entry = e.id)", "words", words=LEVELS, plain=True),
        Column("identity", Words("身份", "Identity"), "(SELECT min(m.identity) FROM member m WHERE m.entry = e.id)", "words", words=IDENTITIES, plain=True),
        Column("occupation", Words("职业", "Occupation"), "v.occupation", plain=True),
        Column("people", Words("人数", "People"), "(SELECT count(*) FROM member m WHERE m.entry = e.id)", "whole", plain=True),
        Column("entered", Words("录入时间", "Entered"), "(SELECT i.decided FROM intake i WHERE i.id = e.intake)", "moment", plain=True),
    ),
    (
        Filter("state", Words("状态", "Standing"), "e.state", words=STATES),
        OF_EVENT,
        OF_DELEGATION,
        Filter("division", Words("组别", "Group"), "v.division"),
    ),
    "v.code || '-' || lpad(e.number::text, 3, '0') ILIKE {} OR e.team ILIKE {} OR EXISTS (SELECT FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id AND (p.name ILIKE {} OR m.unit ILIKE {}))",
    Words("编号、姓名或单位", "Number, name or unit"),
    "v.code, e.number",
    lambda row, office: f"/register/{office.removeprefix('/office/')}/{row['sender']}/entry/{row['id']}",
    (("id", "e.id"), ("sender", "d.id")),
)  # fmt: skip

REVIEW = replace(
    ENTRIES,
    id="review",
    title=Words("报名审核", "Review of entries"),
    told=Words("还没有抽签的赛项里的报名。", "The entries of events that have not been drawn."),
    source=f"{ENTRIES.source} AND v.state = 'registration'",
    columns=(*ENTRIES.columns, Column("newest", Words("最近处理", "Last decided"), "(SELECT max(a.at) FROM review_act a WHERE a.entry = e.id)", "moment", plain=True)),
    filters=(ENTRIES.filters[0], OF_EVENT, Filter("delegation", Words("代表队", "Delegation"), "d.id", "d.name")),
    desk="review",
)  # fmt: skip
"""What the review shows beside what can be done; it is worked on at a desk of its own (admin/review_pages.py)."""

CERTIFICATE_STATES = {"in-force": Words("有效", "in force"), "revoked": Words("已作废", "revoked")}
CERTIFICATE_STATE = "CASE WHEN r.at IS NULL THEN 'in-force' ELSE 'revoked' END"
CERTIFICATES_SHOWN = {**CERTIFICATE_STATES, "printing": Words("正在印制", "being printed")}
CERTIFICATE_SHOWN = f"CASE WHEN r.at IS NULL AND c.printed IS NULL THEN 'printing' ELSE {CERTIFICATE_STATE} END"
CERTIFICATE_LOOKS = {"in-force": ("approved", "check"), "revoked": ("rejected", "ban"), "printing": ("", "printer")}
CERTIFICATE_KINDS = {str(kind): words for kind, words in KINDS.items()}
SAYS = "(c.content::json ->> '{}')"
CERTIFICATES = Listing(
    "certificates",
    Words("证书", "Certificates"),
    Words("已编号的每一张证书，作废的也在。", "Every certificate that has a number, those out of force as well."),
    "certificate c LEFT JOIN event v ON v.id = c.event LEFT JOIN member m ON m.id = c.member LEFT JOIN entry e ON e.id = coalesce(m.entry, c.subject) "
    "LEFT JOIN delegation d ON d.id = e.delegation LEFT JOIN revocation r ON r.certificate = c.id WHERE c.competition = {}",
    (
        Column("number", Words("证书编号", "Certificate no."), "c.number"),
        Column("name", Words("姓名", "Name"), SAYS.format("name"), below="delegation"),
        Column("delegation", Words("代表队", "Delegation"), "d.name", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN),
        Column("award", Words("奖项", "Award"), SAYS.format("award"), sql_en=f"coalesce(nullif({SAYS.format('award_en')}, ''), {SAYS.format('award')})", below="promotion"),
        Column("promotion", Words("晋升", "Promotion"), SAYS.format("promotion"), plain=True),
        Column("issued", Words("签发", "Issued"), "c.issued", "moment"),
        Column("state", Words("状态", "Standing"), CERTIFICATE_SHOWN, "words", words=CERTIFICATES_SHOWN, looks=CERTIFICATE_LOOKS),
        Column("kind", Words("种类", "Kind"), "c.kind", "words", words=CERTIFICATE_KINDS, plain=True),
        Column("unit", Words("单位", "Unit"), "m.unit", plain=True),
        Column("division", Words("组别", "Group"), "v.division", plain=True),
        Column("occupation", Words("职业", "Occupation"), "v.occupation", plain=True),
        Column("printed", Words("印制", "Printed"), "c.printed", "moment", plain=True),
        Column("reason", Words("作废理由", "Reason"), "r.reason", plain=True),
        Column("replaced", Words("改发编号", "Replaced by"), "r.replaced_by", plain=True),
    ),
    (
        Filter("kind", Words("种类", "Kind"), "c.kind", words=CERTIFICATE_KINDS),
        Filter("state", Words("状态", "Standing"), CERTIFICATE_STATE, words=CERTIFICATE_STATES),
        OF_EVENT,
        OF_DELEGATION,
    ),
    "c.number ILIKE {} OR (c.content::json ->> 'name') ILIKE {} OR d.name ILIKE {}",
    Words("编号、姓名或代表队", "Number, name or delegation"),
    "c.number",
    lambda row, office: f"{office}/certificates/{row['at_number']}",
    (("at_number", "c.number"),),
)  # fmt: skip

PROMOTION_STATES = {
    "silent": Words("规则未规定", "rules silent"),
    "waiting": Words("待核准", "at the authority"),
    "automatic": Words("自动晋升", "by the policy"),
    "granted": Words("已核准", "granted"),
    "refused": Words("未核准", "not granted"),
}
PROMOTION_STATE = """CASE WHEN x.at IS NOT NULL THEN CASE WHEN x.level <> '' THEN 'granted' ELSE 'refused' END
    WHEN p.outcome = 'silent' THEN 'silent' WHEN p.mode = 'automatic' THEN 'automatic' ELSE 'waiting' END"""
PROMOTED = """promotion p JOIN person n ON n.id = p.person JOIN snapshot s ON s.id = p.snapshot JOIN event v ON v.id = s.event
    JOIN member m ON m.id = p.member JOIN entry e ON e.id = m.entry JOIN delegation d ON d.id = e.delegation
    LEFT JOIN promotion_decision x ON x.promotion = p.id LEFT JOIN account a ON a.id = x.account
    WHERE v.competition = {} AND p.outcome <> 'unchanged' AND NOT EXISTS (SELECT FROM snapshot later WHERE later.supersedes = s.id)"""
GRANTED = "CASE WHEN x.at IS NULL THEN p.level ELSE x.level END"
PROMOTIONS = Listing(
    "promotions",
    Words("晋升", "Promotions"),
    Words("每个人一行；规则说“不变”的不在内。", "One row for everybody whom the rules do more than leave as they are."),
    PROMOTED,
    (
        Column("name", Words("姓名", "Name"), "n.name", below="document"),
        Column("document", Words("证件号码", "Document"), "n.document_masked", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN),
        Column("delegation", Words("代表队", "Delegation"), "d.name"),
        Column("held", Words("原等级", "Level held"), "p.held", "words", words=LEVELS),
        Column("level", Words("晋升等级", "New level"), GRANTED, "words", words=LEVELS),
        Column("state", Words("状态", "Standing"), PROMOTION_STATE, "words", words=PROMOTION_STATES),
        Column("unit", Words("单位", "Unit"), "m.unit", plain=True),
        Column("division", Words("组别", "Group"), "v.division", plain=True),
        Column("occupation", Words("职业", "Occupation"), "v.occupation", plain=True),
        Column("identity", Words("身份", "Identity"), "m.identity", "words", words=IDENTITIES, plain=True),
        Column("why", Words("依据", "Reason"), "p.reason_zh", sql_en="p.reason_en", plain=True),
        Column("document_number", Words("批准文号", "Document no."), "x.document", plain=True),
        Column("decided_by", Words("经办", "Decided by"), "a.name", plain=True),
        Column("decided", Words("办结", "Decided"), "x.at", "moment", plain=True),
    ),
    (
        Filter("state", Words("状态", "Standing"), PROMOTION_STATE, words=PROMOTION_STATES),
        Filter("level", Words("晋升等级", "New level"), GRANTED, words=LEVELS),
        OF_EVENT,
        OF_DELEGATION,
    ),
    "n.name ILIKE {} OR m.unit ILIKE {}",
    Words("姓名或单位", "Name or unit"),
    "v.code, n.name, p.id",
    lambda row, office: f"{office}/promotions?{urlencode({'find': row['person']})}#case-{row['id']}",
    (("id", "p.id"), ("person", "n.name")),
)  # fmt: skip

OWN_POOL = "(SELECT s.organiser FROM competition c JOIN series s ON s.id = c.series WHERE c.id = k.id)"
JUDGES = Listing(
    "judges",
    Words("裁判", "Judges"),
    Words("本单位裁判库的每个人；“本届”是本次竞赛里的赛位数。", "Everybody in the organiser's pool; “here” counts the panels of this competition."),
    f"competition k JOIN judge j ON j.organiser = {OWN_POOL} WHERE k.id = {{}}",
    (
        Column("name", Words("姓名", "Name"), "j.name", below="unit"),
        Column("unit", Words("单位", "Unit"), "j.unit", plain=True),
        Column("delegation", Words("代表队", "Delegation"), "j.delegation"),
        Column("level", Words("等级", "Level"), "j.level", "words", words=LEVELS),
        Column("title", Words("职称", "Title"), "j.title", "words", words=dict(TITLES)),
        Column("years", Words("从业年限", "Years"), "j.years", "whole"),
        Column("here", Words("本届", "Here"), "(SELECT count(*) FROM seat t JOIN judge_account q ON q.account = t.account JOIN event v ON v.id = t.event WHERE q.judge = j.id AND v.competition = k.id)", "whole"),
        Column("panels", Words("赛项", "Panels"), "(SELECT string_agg(v.code, ' ' ORDER BY v.code) FROM seat t JOIN judge_account q ON q.account = t.account JOIN event v ON v.id = t.event WHERE q.judge = j.id AND v.competition = k.id)", plain=True),
        Column("occupations", Words("职业编码", "Occupations"), "(SELECT string_agg(one, ' ') FROM jsonb_array_elements_text(j.occupations) one)", plain=True),
        Column("phone", Words("电话", "Phone"), "j.phone_masked"),
        Column("active", Words("仍聘请", "Still asked"), "j.active::text", "words", words=YES_NO, plain=True),
    ),
    (
        Filter("level", Words("等级", "Level"), "j.level", words=LEVELS),
        Filter("delegation", Words("代表队", "Delegation"), "j.delegation"),
        Filter("active", Words("仍聘请", "Still asked"), "j.active", words=YES_NO),
    ),
    "j.name ILIKE {} OR j.unit ILIKE {} OR right(j.phone_masked, 4) ILIKE {}",
    Words("姓名、单位或电话后四位", "Name, unit or last four digits of the phone"),
    "j.name, j.id",
    lambda row, office: f"{office}/judges/{row['id']}",
    (("id", "j.id"),),
)  # fmt: skip

DELEGATIONS = Listing(
    "delegations",
    Words("代表队", "Delegations"),
    Words("每个代表队的报名、审核和名额。", "What every delegation has entered, how the review stands, and its places."),
    "delegation d WHERE d.competition = {}",
    (
        Column("name", Words("名称", "Name"), "d.name", sql_en="coalesce(nullif(d.name_en, ''), d.name)"),
        Column("entries", Words("参赛单元", "Entries"), "(SELECT count(*) FROM entry e WHERE e.delegation = d.id)", "whole"),
        Column("people", Words("人数", "People"), "(SELECT count(*) FROM member m JOIN entry e ON e.id = m.entry WHERE e.delegation = d.id)", "whole"),
        Column("approved", Words("已通过", "Approved"), "(SELECT count(*) FROM entry e WHERE e.delegation = d.id AND e.state = 'approved')", "whole"),
        Column("review", Words("待审核", "In review"), "(SELECT count(*) FROM entry e WHERE e.delegation = d.id AND e.state = 'review')", "whole"),
        Column("returned", Words("已退回", "Returned"), "(SELECT count(*) FROM entry e WHERE e.delegation = d.id AND e.state = 'returned')", "whole"),
        Column("places", Words("名额", "Places"), "(SELECT sum(q.places) FROM quota q WHERE q.delegation = d.id)", "whole"),
        Column("events", Words("赛项数", "Events"), "(SELECT count(DISTINCT e.event) FROM entry e WHERE e.delegation = d.id)", "whole", plain=True),
        Column("clerks", Words("报名员", "Clerks"), "(SELECT count(*) FROM clerk q WHERE q.delegation = d.id)", "whole", plain=True),
        Column("newest", Words("最近报表", "Newest workbook"), "(SELECT max(i.decided) FROM intake i WHERE i.delegation = d.id AND i.state = 'accepted')", "moment"),
    ),
    (),
    "d.name ILIKE {} OR d.name_en ILIKE {}",
    Words("名称", "Name"),
    "d.name, d.id",
    lambda row, office: f"/register/{office.removeprefix('/office/')}/{row['id']}",
    (("id", "d.id"),),
)  # fmt: skip

APPEALED = """appeal a JOIN event v ON v.id = a.event JOIN delegation d ON d.id = a.delegation JOIN entry e ON e.id = a.entry
    LEFT JOIN snapshot r ON r.id = a.republished LEFT JOIN account q ON q.id = a.assigned WHERE a.competition = {}"""
APPEAL_LOOKS = {
    "asked": ("waiting", "help-circle"),
    "open": ("", "clock"),
    "upheld": ("approved", "check"),
    "rejected": ("rejected", "x"),
    "refused": ("rejected", "ban"),
}
NAMED = "(SELECT string_agg(p.name, '、' ORDER BY m.position) FROM member m JOIN person p ON p.id = m.person WHERE m.entry = e.id)"
APPEALS = Listing(
    "appeals",
    Words("申诉", "Appeals"),
    Words("每件申诉一行；等人办理的在前。", "One row for every appeal; those that wait for somebody first."),
    APPEALED,
    (
        Column("number", Words("编号", "Number"), "'A' || lpad(a.number::text, 3, '0')"),
        Column("names", Words("姓名", "Name"), NAMED, below="delegation"),
        Column("entry", Words("参赛编号", "Entry"), "v.code || '-' || lpad(e.number::text, 3, '0')"),
        Column("delegation", Words("代表队", "Delegation"), "d.name", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN),
        Column("written", Words("提出", "Written"), "a.at", "moment"),
        Column("assigned", Words("办理人", "Assigned to"), "q.name"),
        Column("state", Words("状态", "State"), "a.state", "words", words=APPEAL_STATES, looks=APPEAL_LOOKS),
        Column("reason", Words("理由", "Reason"), "a.reason", plain=True),
        Column("republished", Words("重新公示为第几版", "Published again as version"), "r.version", "whole", plain=True),
    ),
    (Filter("state", Words("状态", "State"), "a.state", words=APPEAL_STATES), OF_EVENT, OF_DELEGATION),
    f"'A' || lpad(a.number::text, 3, '0') ILIKE {{}} OR {NAMED} ILIKE {{}} OR d.name ILIKE {{}}",
    Words("编号、姓名或代表队", "Number, name or delegation"),
    "a.state NOT IN ('asked', 'open'), a.number DESC",
    lambda row, office: f"{office}/appeals/{row['at_number']}",
    (("at_number", "a.number"),),
)  # fmt: skip

KEPT = {REVIEW.id: REVIEW}
"""Lists that have views and a workbook, and stand at a desk of their own."""
LISTINGS = {one.id: one for one in (ENTRIES, CERTIFICATES, PROMOTIONS, APPEALS, JUDGES, DELEGATIONS)}
