"""Two reports that are lists: judges' load and reliability, and how difficult each aspect was. Computed by `scoring.judging`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from admin.lists.listing import Column, Filter, Listing
from admin.lists.listings import EVENT, EVENT_EN, OF_EVENT
from scoring.verdict import Words
from server.database.tables import Competition

ASPECT_KINDS = {"measured": Words("测量", "measured"), "judged": Words("评价", "judged")}
JUDGES = Listing(
    "reliability",
    Words("裁判工作量与可靠性", "Judges: load and reliability"),
    Words("封存以后的赛项，每位裁判在每个赛项里一行。", "Sealed events: one row for every judge of every panel."),
    """judge_statistic t JOIN event v ON v.id = t.event JOIN account a ON a.id = t.account LEFT JOIN measured_event g ON g.id = t.event
    LEFT JOIN judge_account q ON q.account = a.id LEFT JOIN judge j ON j.id = q.judge WHERE v.competition = {}""",
    (
        Column("judge", Words("裁判", "Judge"), "a.name", below="unit"),
        Column("unit", Words("单位", "Unit"), "j.unit", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN),
        Column("seat", Words("席位", "Seat"), "'J' || t.seat"),
        Column("panels", Words("赛项数", "Panels"), "(SELECT count(*) FROM seat o JOIN event w ON w.id = o.event WHERE o.account = t.account AND w.competition = v.competition)", "whole"),
        Column("entries", Words("作品", "Pieces"), "t.entries", "whole"),
        Column("marks", Words("打分", "Marks"), "t.marks", "whole"),
        Column("compared", Words("可比打分", "Compared"), "t.compared", "whole", plain=True),
        Column("severity", Words("宽严", "Severity"), "t.severity", "share"),
        Column("deviation", Words("偏离", "Deviation"), "t.deviation", "share"),
        Column("spread", Words("离散", "Spread"), "t.consistency", "share"),
        Column("agreement", Words("一致性 W", "Agreement W"), "g.agreement", "share", plain=True),
    ),
    (OF_EVENT,),
    "a.name ILIKE {} OR v.code ILIKE {} OR v.name ILIKE {}",
    Words("裁判或赛项", "Judge or event"),
    "abs(t.severity) DESC NULLS LAST, v.code, t.seat",
)  # fmt: skip
ASPECTS = Listing(
    "aspects",
    Words("评分项难度", "Difficulty of aspects"),
    Words("封存以后的赛项，每个评分项一行，最难的在前；供教练改进训练。", "Sealed events: one row for every aspect, the most difficult first; for those who train."),
    "aspect_statistic t JOIN event v ON v.id = t.event WHERE v.competition = {}",
    (
        Column("aspect", Words("评分项", "Aspect"), "t.aspect", below="name"),
        Column("name", Words("内容", "What it asks"), "t.name", sql_en="coalesce(nullif(t.name_en, ''), t.name)", plain=True),
        Column("event", Words("赛项", "Event"), EVENT, sql_en=EVENT_EN),
        Column("kind", Words("类型", "Kind"), "t.kind", "words", words=ASPECT_KINDS),
        Column("maximum", Words("满分", "Maximum"), "t.maximum", "marks"),
        Column("difficulty", Words("得分率", "Share reached"), "t.difficulty", "share"),
        Column("discrimination", Words("区分度", "Discrimination"), "t.discrimination", "share"),
    ),
    (OF_EVENT, Filter("kind", Words("类型", "Kind"), "t.kind", words=ASPECT_KINDS)),
    "t.aspect ILIKE {} OR t.name ILIKE {} OR t.name_en ILIKE {} OR v.name ILIKE {}",
    Words("编号、内容或赛项", "Number, words or event"),
    "t.difficulty, v.code, t.place",
)  # fmt: skip
STATISTICS = {one.id: one for one in (JUDGES, ASPECTS)}
FORMULAE: dict[str, tuple[Words, ...]] = {
    "reliability": (
        Words("打分先换成得分率 x = 分数 ÷ 满分；评价项的满分是 3。每格与全组平均 m 相比，d = x − m，只算每位裁判都打的评分项。", "A mark counts as the share x = mark ÷ maximum; a judged score has the maximum 3. In each cell it is held against the panel's mean m: d = x − m, over aspects that every judge marks."),
        Words("宽严（平均偏差）= Σd ÷ n：负为严，正为宽。偏离（平均绝对偏差）= Σ|d| ÷ n。离散（总体标准差）= √(Σ(d − k)² ÷ n)，k 为 d 的平均：总是同样地严，离散仍小。", "Severity (mean deviation) = Σd ÷ n: below zero is strict. Deviation (mean absolute deviation) = Σ|d| ÷ n. Spread (population standard deviation) = √(Σ(d − k)² ÷ n), k being the mean of d: who is always equally strict has a small one."),
        Words("一致性是肯德尔和谐系数 W = 12S ÷ (m²(n³ − n) − mΣT)，含同分校正（Kendall & Babington Smith 1939）：100 % 为完全一致。", "Agreement is Kendall's coefficient of concordance W = 12S ÷ (m²(n³ − n) − mΣT), corrected for ties (Kendall & Babington Smith 1939): 100 % is one mind."),
    ),
    "aspects": (
        Words("得分率（难度系数 P）= 平均得分 ÷ 满分，只算正常参赛的：越低越难。", "Share reached (difficulty index P) = mean mark ÷ maximum, over those who competed: low is difficult."),
        Words("区分度 = 该项得分与其余总分的皮尔逊相关系数（校正的题总相关，Henrysson 1963）：接近 0 说明这一项分不出高下。", "Discrimination = Pearson's correlation of the aspect with the rest of the total (corrected item–total correlation, Henrysson 1963): near zero, the aspect does not tell good work from poor."),
    ),
}  # fmt: skip
SPREAD = """SELECT a.name, v.code, t.severity, t.consistency FROM judge_statistic t JOIN event v ON v.id = t.event
JOIN account a ON a.id = t.account WHERE v.competition = {} AND t.severity IS NOT NULL ORDER BY abs(t.severity) DESC LIMIT 1000"""
TENTHS = """SELECT least(t.difficulty / 1000, 9) AS tenth, count(*) AS aspects,
    count(*) FILTER (WHERE t.discrimination >= 2000) AS telling FROM aspect_statistic t JOIN event v ON v.id = t.event
WHERE v.competition = {} GROUP BY 1 ORDER BY 1"""


async def spread_of(competition: UUID) -> list[dict[str, Any]]:
    """Severity and spread of every judge of every panel, for a picture."""
    return [dict(row) for row in await Competition.raw(SPREAD, competition)]


async def tenths_of(competition: UUID) -> list[dict[str, Any]]:
    """How many aspects were reached to how many tenths, and how many of them tell good work from poor (0.2 and above,
    Ebel & Frisbie 1991)."""
    return [dict(row) for row in await Competition.raw(TENTHS, competition)]
