"""The words of a policy's language as people say them: in sentences, in stories, in the form that edits a policy."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scoring.verdict import NO_WORDS, Words

MISSING = {
    "wait": Words("缺分的，补齐后再算成绩。", "Where a mark is missing, there is no result without it."),
    "replace": Words(
        "缺分的，以其他裁判的中位数代替。", "Where a mark is missing, the median of the other judges stands in."
    ),
    "average": Words("缺分的，按已给分的裁判计算。", "Where a mark is missing, those who marked count."),
}
JOINED = {
    "mean": Words("取平均", "mean of all judges"),
    "median": Words("取中位数", "median of all judges"),
    "sum": Words("相加", "sum of all judges"),
}
PER = {
    "half_up": Words("四舍五入", "half up"),
    "half_even": Words("四舍六入五成双", "half to even"),
    "half_down": Words("五舍六入", "half down"),
    "down": Words("向下取整", "rounded down"),
    "up": Words("向上取整", "rounded up"),
}
ROUND = {
    "aspect": Words("每个评分项", "Every aspect"),
    "module": Words("每个模块", "Every module"),
    "total": Words("总分", "The total"),
}
TIE = {
    "judged": Words("评价分", "judged marks"),
    "best-aspect": Words("单项最高分", "the best aspect"),
    "time": Words("用时", "time"),
    "younger": Words("年龄（小者在前）", "age, younger first"),
    "older": Words("年龄（长者在前）", "age, older first"),
    "lot": Words("抽签", "a lot"),
}
NUMBERED = {
    "1-2-2-4": Words(
        "并列之后的名次顺延空出（1、2、2、4）。", "After a shared rank the next is left out (1, 2, 2, 4)."
    ),
    "1-2-2-3": Words("并列之后的名次不空出（1、2、2、3）。", "After a shared rank none is left out (1, 2, 2, 3)."),
}
STATUS = {
    "absent": Words("缺席", "absent"),
    "withdrawn": Words("弃权", "withdrawn"),
    "did-not-finish": Words("未完赛", "did not finish"),
    "disqualified": Words("取消资格", "disqualified"),
}
COUNTED = {
    "entries": Words("参赛单元", "entries"),
    "teams": Words("参赛队", "teams"),
    "persons": Words("人", "persons"),
}
KIND = {
    "demonstration": Words("表演赛", "demonstrations"),
    "exhibition": Words("展示赛", "exhibitions"),
    "selection": Words("选拔赛", "selections"),
}
IDENTITY = {
    "worker": Words("职工", "workers"),
    "teacher": Words("教师", "teachers"),
    "student": Words("学生", "students"),
    "other": Words("其他人员", "others"),
}
MODE = {
    "automatic": Words("自动生效", "takes effect at once"),
    "approval": Words("经核准生效", "takes effect when approved"),
    "application": Words("可以申报", "may be applied for"),
}


SIGNING_UNSAID = Words(
    "没有规定谁签字；封存前提醒裁判签字，选手不签。",
    "Who signs is not said: judges are reminded before the seal, contestants are not asked.",
)
SIGNS = {
    "refuse": Words(
        "裁判在评分表上签字；没有签齐的，不能封存。", "Judges sign their sheets; nothing is sealed before all have."
    ),
    "warn": Words(
        "裁判在评分表上签字；没有签齐的，封存前提醒。",
        "Judges sign their sheets; what is unsigned is told before the seal.",
    ),
    "none": Words("裁判不用签字。", "Judges are not asked to sign."),
}
UNSIGNED = {
    "refuse": Words("没有签齐的，不能封存", "nothing is sealed before all have"),
    "warn": Words("没有签齐的，封存前提醒", "what is unsigned is told before the seal"),
}


def listed(parts: Sequence[Words]) -> Words:
    """Several as one list in each language."""
    if not parts:
        return NO_WORDS
    return Words("、".join(one.zh for one in parts), ", ".join(one.en for one in parts))


def part_of(id: str, unknown: Words | None = None) -> Words:
    """What a part of the marks is called: a module by its id, or the total."""
    known: Mapping[str, Words] = {
        "theory": Words("理论", "theory"),
        "practice": Words("实操", "practice"),
        "oral": Words("口试", "oral"),
        "total": Words("总分", "the total"),
    }
    return known.get(id, unknown or Words(id, id))


def as_sentence(clause: Words) -> Words:
    """A clause as a sentence."""
    return Words(clause.zh.rstrip("。") + "。", capital(clause.en).rstrip(".") + ".")


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def decimal(number: Fraction) -> str:
    """The shortest decimal; policies are written in decimals, so that there always is one."""
    whole, rest = divmod(number.numerator * 10**6 // number.denominator, 10**6)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")
