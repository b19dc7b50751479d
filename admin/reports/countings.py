"""The reports that count: participation, places used, appeals, promotions, certificates.

The age bands are the limits that announcements of competitions set (16 to retirement age; ≤22 or ≤25, ≤35 and
≤50 for some). Age is counted in full years on the first day of the competition.
"""

from __future__ import annotations

from admin.lists.listing import Column
from admin.lists.listings import EVENT, EVENT_EN, GRANTED, IDENTITIES, LEVELS, PROMOTED, PROMOTION_STATE
from admin.reports.counting import Counting, Dimension
from scoring.ladder import LADDER
from scoring.verdict import Words
from server.issuing.choosing import KINDS

DECODED = "('reviewed', 'published', 'final', 'certified')"
CITY = Dimension(
    "delegation", Words("代表队（市）", "Delegation (city)"), "d.name", "coalesce(nullif(d.name_en, ''), d.name)"
)
BY_EVENT = Dimension(
    "event", Words("赛项", "Event"), f"v.code || ' ' || {EVENT}", f"v.code || ' ' || {EVENT_EN}", order="1"
)
GROUP = Dimension("division", Words("组别", "Group"), "v.division")
OCCUPATION = Dimension("occupation", Words("职业", "Occupation"), "concat_ws(' ', v.occupation, v.occupation_code)")
SEX = Dimension(
    "sex", Words("性别", "Sex"), "p.sex", words={"male": Words("男", "male"), "female": Words("女", "female")}
)
AGE = "date_part('year', age(c.starts, p.birth_date))::int"
BANDS = Dimension(
    "age",
    Words("年龄", "Age"),
    f"CASE WHEN p.birth_date IS NULL THEN '' WHEN {AGE} < 18 THEN '0' WHEN {AGE} <= 22 THEN '18' WHEN {AGE} <= 25 THEN '23'"
    f" WHEN {AGE} <= 35 THEN '26' WHEN {AGE} <= 50 THEN '36' ELSE '51' END",
    words={
        "0": Words("不满 18 岁", "under 18"),
        "18": Words("18–22 岁", "18–22"),
        "23": Words("23–25 岁", "23–25"),
        "26": Words("26–35 岁", "26–35"),
        "36": Words("36–50 岁", "36–50"),
        "51": Words("51 岁及以上", "51 and over"),
    },
    order="1",
)  # fmt: skip
IDENTITY = Dimension("identity", Words("身份", "Identity"), "m.identity", words=IDENTITIES)


def _level(sql: str, none: Words) -> Dimension:
    """Levels from the lowest to the highest, and those without one."""
    order = f"array_position(ARRAY[{', '.join(repr(one.id) for one in LADDER)}], min({sql})) NULLS LAST"
    return Dimension("level", Words("晋升等级", "New level"), sql, words={**LEVELS, "": none}, order=order)


def _count(id: str, zh: str, en: str, sql: str) -> Column:
    return Column(id, Words(zh, en), sql, "whole")


PARTICIPATION = Counting(
    "participation",
    Words("参赛情况", "Participation"),
    Words("谁来参赛：参赛单元、人数、性别、缺席。", "Who takes part: entries, people, sex, and who did not come."),
    f"""entry e JOIN event v ON v.id = e.event JOIN competition c ON c.id = v.competition JOIN delegation d ON d.id = e.delegation
    JOIN member m ON m.entry = e.id JOIN person p ON p.id = m.person
    LEFT JOIN place w ON w.entry = e.id AND v.state IN {DECODED}
    LEFT JOIN LATERAL (SELECT f.status FROM floor_status f WHERE f.event = v.id AND f.entry = w.code ORDER BY f.sequence DESC LIMIT 1) f ON true
    WHERE v.competition = {{}} AND e.state NOT IN ('waiting', 'rejected')""",
    (CITY, BY_EVENT, GROUP, OCCUPATION, IDENTITY, SEX, BANDS),
    (
        _count("entries", "参赛单元", "Entries", "count(DISTINCT e.id)"),
        _count("men", "男", "Men", "count(DISTINCT p.id) FILTER (WHERE p.sex = 'male')"),
        _count("women", "女", "Women", "count(DISTINCT p.id) FILTER (WHERE p.sex = 'female')"),
        _count("people", "人数", "People", "count(DISTINCT p.id)"),
        _count("absent", "缺席单元", "Absent entries", "count(DISTINCT e.id) FILTER (WHERE f.status = 'absent')"),
    ),
    ("men", "women"),
    (
        Words("候补和未通过的不算。", "Who waits for a place or was rejected is not counted."),
        Words("缺席只计入已解码的赛项：解码以前，现场记录只认加密号。", "Absence counts events that are decoded only; before that the floor knows work codes and no names."),
        Words("一人报两项，在合计里算一个人。", "Whoever enters two events is one person in the total."),
    ),
)  # fmt: skip
USED = (
    "(SELECT count(*) FROM entry e WHERE e.delegation = q.delegation AND e.event = q.event AND e.state <> 'rejected')"
)
QUOTAS = Counting(
    "quotas",
    Words("名额使用", "Places used"),
    Words("给了多少名额，用了多少。", "How many places were given, and how many are used."),
    f"""(SELECT q.delegation, q.event, q.places, {USED} AS used FROM quota q) q JOIN event v ON v.id = q.event
    JOIN delegation d ON d.id = q.delegation WHERE v.competition = {{}}""",
    (CITY, BY_EVENT, GROUP, OCCUPATION),
    (
        _count("places", "名额", "Places", "coalesce(sum(q.places), 0)"),
        _count("used", "已用", "Used", "coalesce(sum(q.used), 0)"),
        _count("free", "空着", "Free", "coalesce(sum(greatest(q.places - q.used, 0)), 0)"),
        Column("share", Words("使用率", "Share used"), "sum(q.used) * 10000 / nullif(sum(q.places), 0)", "share"),
    ),
    ("used", "free"),
    (
        Words("没有设名额的不在内；候补的占本队名额，未通过的不占。", "Where no quota is set nothing is counted; who waits counts towards the quota, who was rejected does not."),
    ),
)  # fmt: skip
APPEALS = Counting(
    "appeals",
    Words("申诉", "Appeals"),
    Words("提了多少，怎样了结。", "How many were written, and how they ended."),
    "appeal a JOIN event v ON v.id = a.event JOIN delegation d ON d.id = a.delegation WHERE a.competition = {}",
    (CITY, BY_EVENT, GROUP, OCCUPATION),
    (
        _count("filed", "提出", "Written", "count(*)"),
        _count("upheld", "成立", "Upheld", "count(*) FILTER (WHERE a.state = 'upheld')"),
        _count("rejected", "驳回", "Rejected", "count(*) FILTER (WHERE a.state = 'rejected')"),
        _count("refused", "不予受理", "Not admitted", "count(*) FILTER (WHERE a.state = 'refused')"),
        _count("open", "办理中", "Open", "count(*) FILTER (WHERE a.state IN ('asked', 'open'))"),
        _count("republished", "重新公示", "Published anew", "count(*) FILTER (WHERE a.republished IS NOT NULL)"),
    ),
    ("upheld", "rejected", "refused", "open"),
)
STATE = PROMOTION_STATE
PROMOTIONS = Counting(
    "promotions",
    Words("晋升", "Promotions"),
    Words(
        "规则给了谁什么，按等级、市、组别和职业。", "What the rules gave to whom: by level, city, group and occupation."
    ),
    PROMOTED,
    (_level(GRANTED, Words("未定等级", "no level yet")), CITY, GROUP, OCCUPATION, BY_EVENT, IDENTITY),
    (
        _count("cases", "人次", "Cases", "count(*)"),
        _count("automatic", "自动晋升", "By the policy", f"count(*) FILTER (WHERE {STATE} = 'automatic')"),
        _count("granted", "核准", "Granted", f"count(*) FILTER (WHERE {STATE} = 'granted')"),
        _count("waiting", "待核准", "At the authority", f"count(*) FILTER (WHERE {STATE} = 'waiting')"),
        _count("silent", "规则未规定", "Rules silent", f"count(*) FILTER (WHERE {STATE} = 'silent')"),
        _count("refused", "未核准", "Not granted", f"count(*) FILTER (WHERE {STATE} = 'refused')"),
    ),
    ("automatic", "granted", "waiting", "silent", "refused"),
    (Words("被新一版公示取代的不算。", "What a later publication replaced is not counted."),),
)
CERTIFICATES = Counting(
    "certificates",
    Words("证书", "Certificates"),
    Words("签发了多少，按晋升等级、市、组别、职业和种类。", "How many were issued: by level of promotion, city, group, occupation and kind."),
    """certificate c LEFT JOIN event v ON v.id = c.event LEFT JOIN member m ON m.id = c.member
    LEFT JOIN entry e ON e.id = coalesce(m.entry, c.subject) LEFT JOIN delegation d ON d.id = e.delegation
    LEFT JOIN revocation r ON r.certificate = c.id LEFT JOIN promotion p ON p.snapshot = c.snapshot AND p.member = c.member
    LEFT JOIN promotion_decision x ON x.promotion = p.id
    WHERE c.competition = {}""",
    (
        _level(f"coalesce({GRANTED}, '')", Words("没有晋升", "no promotion")),
        CITY,
        GROUP,
        OCCUPATION,
        BY_EVENT,
        Dimension("award", Words("奖项", "Award"), "c.content::json ->> 'award'", "coalesce(nullif(c.content::json ->> 'award_en', ''), c.content::json ->> 'award')"),
        Dimension("kind", Words("种类", "Kind"), "c.kind", words={str(kind): words for kind, words in KINDS.items()}),
    ),
    (
        _count("issued", "签发", "Issued", "count(*)"),
        _count("force", "有效", "In force", "count(*) FILTER (WHERE r.at IS NULL)"),
        _count("revoked", "作废", "Revoked", "count(*) FILTER (WHERE r.at IS NOT NULL)"),
    ),
    ("force", "revoked"),
)  # fmt: skip
COUNTINGS = {one.id: one for one in (PARTICIPATION, QUOTAS, APPEALS, PROMOTIONS, CERTIFICATES)}
