"""What the keys and words of a policy's language are called in the form that changes one."""

from __future__ import annotations

from scoring.ladder import LEVELS
from scoring.language.lines import Path
from scoring.said import COUNTED, IDENTITY, KIND, PER, STATUS
from scoring.verdict import Words

SECTIONS = {
    "about": Words("这份规则", "The policy itself"),
    "cites": Words("出处", "Citations"),
    "eligibility": Words("谁能参赛", "Who may take part"),
    "marking": Words("怎样给分", "Marks"),
    "aggregation": Words("怎样合成成绩", "From marks to a result"),
    "rounding": Words("怎样修约", "Rounding"),
    "standing": Words("怎样排名次", "Ranks"),
    "field": Words("赛项规模", "Size of the field"),
    "awards": Words("奖项", "Awards"),
    "promotion": Words("晋升", "Promotion"),
    "titles": Words("称号", "Titles"),
    "passing": Words("合格线", "Pass marks"),
    "delegations": Words("代表队计分", "Points of delegations"),
    "signing": Words("签字", "Signing"),
    "review": Words("复核", "Review"),
    "appeals": Words("申诉", "Appeals"),
}
"""The tables of a policy, in the order in which an event meets them."""
ROWS = {
    "eligibility": Words("报名条件", "Condition"),
    "awards": Words("奖项", "Award"),
    "promotion": Words("晋升规则", "Rule of promotion"),
    "titles": Words("称号", "Title"),
}
LABELS = {
    "id": Words("代号", "Id"),
    "title": Words("名称", "Title"),
    "authority": Words("发文机关", "Issued by"),
    "document": Words("文号", "Document no."),
    "status": Words("状态", "Status"),
    "in_force.from": Words("生效日期", "In force from"),
    "in_force.until": Words("失效日期", "In force until"),
    "source": Words("出处", "Rests on"),
    "sources": Words("出处", "rests on"),
    "test": Words("条件", "Test"),
    "least": Words("最少", "At least"),
    "most": Words("最多", "At most"),
    "names": Words("名单", "Names"),
    "level": Words("等级", "Level"),
    "per": Words("按", "Per"),
    "groups": Words("组别", "Groups"),
    "clause": Words("条文", "Clause"),
    "spread": Words("合议分差（百分之一分）", "Spread that is discussed (hundredths)"),
    "missing": Words("缺分时", "When a mark is missing"),
    "judged": Words("评价分", "Judged aspects"),
    "measured": Words("测量分", "Measured aspects"),
    "use": Words("合成方法", "How judges join"),
    "high": Words("去掉最高（个）", "Highest left out"),
    "low": Words("去掉最低（个）", "Lowest left out"),
    "best": Words("取最高（个）", "Best that count"),
    "normalise": Words("校正宽严", "Evening out of judges"),
    "modules": Words("模块合成", "How modules join"),
    "team": Words("团队成绩", "Result of a team"),
    "shared_modules": Words("团队共用模块", "Modules of the team"),
    "time": Words("用时", "Time"),
    "par": Words("标准（秒）", "Par (seconds)"),
    "bonus": Words("加分（百分之一）", "Bonus (hundredths)"),
    "penalty": Words("扣分（百分之一）", "Penalty (hundredths)"),
    "cap": Words("最高到", "As far as"),
    "aspect": Words("每个评分项", "Every aspect"),
    "module": Words("每个模块", "Every module"),
    "total": Words("总分", "Total"),
    "places": Words("小数位", "Places"),
    "mode": Words("方式", "How"),
    "promotion.rule.mode": Words("生效", "Takes effect"),
    "titles.mode": Words("生效", "Takes effect"),
    "by": Words("比较", "Compare"),
    "ties": Words("同分次序", "Order of tie breakers"),
    "exhausted": Words("仍相同时", "Who is equal still"),
    "numbering": Words("名次编号", "Numbering"),
    "unranked": Words("不排名次", "Not ranked"),
    "count": Words("规模按", "Counted in"),
    "smallest": Words("最小规模", "Smallest field"),
    "ineligible": Words("不参评的选手", "Guests"),
    "points_apart": Words("视为同奖的分差", "Points that share an award"),
    "scale": Words("换算分", "Scale"),
    "name": Words("名称", "Name"),
    "ranks": Words("名次（起, 止）", "Ranks (from, to)"),
    "percent": Words("前百分之", "First percent"),
    "rounding": Words("取整", "Rounded"),
    "from_total": Words("总分不低于（百分之一）", "From a total of (hundredths)"),
    "from_scale": Words("换算分不低于", "From points on the scale"),
    "per_year": Words("每人每年最多（次，0 不限）", "A person and year at most (0: no limit)"),
    "nobody": Words("不晋升的赛项", "Events that promote nobody"),
    "select": Words("选中", "Selects"),
    "awards": Words("获奖", "Awards"),
    "by_field": Words("按规模", "By size of field"),
    "size": Words("规模（起, 止）", "Size (from, to)"),
    "squad": Words("入选", "Squad"),
    "everyone": Words("全体", "Everybody"),
    "scope": Words("范围", "Scope"),
    "tiers": Words("级别", "Tiers"),
    "classes": Words("类别", "Classes"),
    "stages": Words("阶段", "Stages"),
    "identities": Words("身份", "Identities"),
    "gates": Words("须", "Provided"),
    "entries": Words("参赛单元不少于", "entries at least"),
    "teams": Words("参赛队不少于", "teams at least"),
    "persons": Words("人数不少于", "persons at least"),
    "passed": Words("合格", "passed"),
    "papers_at_least": Words("命题等级不低于", "papers set to at least"),
    "national_standard": Words("有国家职业标准", "a national standard"),
    "recognised": Words("已备案认定", "recognised"),
    "effect": Words("结果", "Effect"),
    "kind": Words("种类", "Kind"),
    "steps": Words("提升（级）", "Steps"),
    "beyond": Words("超过上限时", "Beyond it"),
    "holders": Words("已有", "Holders of"),
    "without": Words("没有等级的", "Who holds no level"),
    "otherwise": Words("已达到或更高的", "Who holds that or more"),
    "words": Words("说明", "Words"),
    "silent": Words("条文未规定", "The text is silent"),
    "again": Words("可以再次授予", "May be given again"),
    "selections": Words("途径", "Ways"),
    "marks": Words("分数线（百分之一）", "Marks (hundredths)"),
    "top": Words("必查前（名）", "First ranks, always"),
    "before_decoding": Words("解码之前完成", "Done before the decoding"),
    "wrong_percent": Words("全部复核的错误率（%）", "Wrong percent that widens it to all"),
    "within": Words("期限", "Within"),
    "unit": Words("单位", "Unit"),
    "review.percent": Words("其余抽查（%）", "Percent of the rest, by lot"),
    "signing.judges": Words("裁判在评分表上签字", "Judges sign their sheets"),
    "signing.contestants": Words("选手在现场分上签字", "Contestants sign what was measured before them"),
    "signing.modules": Words("选手签哪些模块", "In these modules"),
    "delegations.awards": Words("获奖得分", "Points for an award"),
    "delegations.places": Words("名次得分（依次）", "Points for places, in order"),
    "rounding.mode": Words("修约方式", "How it is rounded"),
    "time.per": Words("每（秒）", "Every (seconds)"),
    "time.cap": Words("最多（百分之一）", "At most (hundredths)"),
}
OPTIONS = {
    **{id: level.name for id, level in LEVELS.items()},
    **PER,
    **STATUS,
    **COUNTED,
    **KIND,
    **IDENTITY,
    "organiser": Words("主办方自定", "set by the organiser"),
    "in-force": Words("有效", "in force"),
    "template": Words("模板，待确认", "a template to be confirmed"),
    "wait": Words("补齐后再算", "no result without it"),
    "replace": Words("以中位数代替", "the others' median"),
    "average": Words("按已给分计算", "those who marked count"),
    "mean": Words("平均", "mean"),
    "median": Words("中位数", "median"),
    "drop": Words("去掉最高最低", "without highest and lowest"),
    "best": Words("取最高几个", "best few"),
    "sum": Words("相加", "sum"),
    "none": Words("不用", "none"),
    "weighted": Words("按权重", "by weight"),
    "together": Words("作为整体评分", "marked as one"),
    "refuse": Words("签齐才能封存", "no seal without it"),
    "warn": Words("没签齐时提醒", "a reminder before the seal"),
    "rounded": Words("修约后的总分", "the rounded total"),
    "exact": Words("修约前的总分", "the exact total"),
    "shared": Words("名次并列", "they share the rank"),
    "chief-judge": Words("裁判长裁定", "the chief judge decides"),
    "pass-over": Words("不占名额", "take no place"),
    "take-place": Words("占用名额", "take a place"),
    "automatic": Words("自动生效", "at once"),
    "approval": Words("经核准", "with approval"),
    "application": Words("可申报", "on application"),
    "unchanged": Words("不变", "unchanged"),
    "silent": Words("未规定，逐例决定", "not said, decided by a person"),
    "set": Words("定为某等级", "set to a level"),
    "step": Words("提升几级", "steps up"),
    "standard": Words("按命题等级", "the level of the papers"),
    "cap": Words("到上限为止", "as far as the cap"),
    "hours": Words("小时", "hours"),
    "working-days": Words("工作日", "working days"),
    "unit": Words("单位", "unit"),
    "delegation": Words("代表队", "delegation"),
    "age": Words("年龄", "age"),
    "identity": Words("身份", "identity"),
    "years": Words("从业年限", "years in the occupation"),
    "level-at-least": Words("等级不低于", "level at least"),
    "level-below": Words("等级低于", "level below"),
    "titles-barred": Words("已有称号者不得参赛", "titles barred"),
    "earlier-places-barred": Words("往届名次者不得参赛", "earlier places barred"),
    "one-event": Words("只报一项", "one event only"),
    "quota": Words("名额", "quota"),
    "related-firms": Words("关联企业须声明", "ties to firms declared"),
    "theory": Words("理论", "theory"),
    "practice": Words("实操", "practice"),
}


def label_of(path: Path) -> Words:
    """A place's name: the names of its keys, joined, without the section and the number of the row."""
    keys = [part for part in path if isinstance(part, str)]
    inner = keys
    if len(keys) > 1 and keys[0] in SECTIONS:
        inner = keys[2:] if keys[1] in ("rule", "prize") else keys[1:]
    whole = ".".join(keys)
    if whole in LABELS:
        return LABELS[whole]
    names = [_key(inner[: at + 1], key) for at, key in enumerate(inner)]
    numbers = [part for part in path[3:] if isinstance(part, int)]
    tail = "".join(f" {number + 1}" for number in numbers)
    return Words(" · ".join(one.zh for one in names) + tail, " · ".join(one.en for one in names) + tail)


def _key(inner: list[str], key: str) -> Words:
    tail = ".".join(inner[-2:])
    if len(inner) > 1 and inner[-2] in ("holders", "marks", "awards"):
        return OPTIONS.get(key, Words(key, key))
    return LABELS.get(tail) or LABELS.get(key) or Words(key, key)


def option_of(word: str) -> Words:
    """A word of the language as people say it; what a policy named itself stays as it is."""
    return OPTIONS.get(word, Words(word, word))
