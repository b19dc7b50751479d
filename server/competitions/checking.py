"""What is wrong with what an organiser says, every point of it at once, before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import available_timezones

import msgspec

from scoring import policy as policies
from scoring.ladder import LEVELS
from scoring.verdict import No, Place, Problem, Words
from server.competitions.facts import EDITIONS, CompetitionFacts, NewEvent, with_roles
from server.errors import Refusal, refuse
from server.signs import listed, unreadable

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,60}")
RESERVED = frozenset({"new", "occupations", "policies", "find", "raw", "signing-keys"})
"""Addresses of the office's own pages."""
CODE = re.compile(r"[A-Z0-9]{1,8}")
OCCUPATION_CODE = re.compile(r"\d-\d{2}-\d{2}-\d{2}")
PROVINCE = re.compile(r"\d{2}")
LONGEST = 200
MOST_HOSTS = 4
"""So many seals have a place on a certificate."""
NAMED_TWICE = Words("名单里已有同名的人。", "Somebody of this name is on the list already.")
NAMED_TWICE_MEND = Words(
    "同一个人：再给一个链接；另一个人：请在姓名后加注。",
    "The same person: give them another link. Another one: add to the name what tells them apart.",
)
NO_PLACE = frozenset({"localtime", "Factory"})
"""Names that the list of zones holds and that are those of no place: what they mean is the machine's matter."""


def check_address(slug: str) -> None:
    """Raises Refusal `competition.address`."""
    if not SLUG.fullmatch(slug) or slug in RESERVED:
        raise invalid(
            "competition.address",
            "地址只能用小写字母、数字和连字符，也不能是 new、occupations、policies 或 find",
            "An address has small letters, digits and hyphens, and is not new, occupations, policies or find",
        )


def check_competition(facts: CompetitionFacts) -> None:
    """Raises Refusal `competition.dates` for days alone, `competition.invalid` for anything else, with every problem."""
    if facts.ends < facts.starts:
        raise invalid("competition.dates", "结束日期早于开始日期", "It would end before it starts")
    _refuse("competition.invalid", tuple(_of_competition(facts)))


def check_event(new: NewEvent) -> None:
    """Raises Refusal `event.code`, or `event.invalid` with every problem."""
    if not CODE.fullmatch(new.code):
        raise invalid("event.code", "赛项编号只能用大写字母和数字", "An event's code has capital letters and digits")
    _refuse("event.invalid", tuple(_of_event(new)))


def chosen_policy(id: str, on: date) -> dict[str, str]:
    """A policy as an event keeps it; nothing of one that is not chosen yet.

    Raises Refusal `event.policy`, or the policy's own no: a template, not in force.
    """
    if not id:
        return {"policy": "", "policy_text": "", "policy_fingerprint": ""}
    if id not in policies.shipped():
        raise invalid("event.policy", f"没有规则 {id}", f"There is no policy {id}")
    text = policies.text_of(id)
    policy = policies.parse(text, id)
    if isinstance(usable := policy.usable(on), No):
        raise refuse(usable, Words("请另选一个规则。", "Choose another policy."), status=422)
    return {"policy": id, "policy_text": text, "policy_fingerprint": policy.fingerprint}


def _of_competition(facts: CompetitionFacts) -> Iterator[Problem]:
    yield from _readable(facts)
    for one in facts.organisations:
        yield from (replace(found, place=Place(key="organisations")) for found in _readable(one))
    yield from _named("name", facts.name)
    roles = [one["role"] for one in with_roles([{"name": one.name, "role": one.role} for one in facts.organisations])]
    if not 1 <= roles.count("host") <= MOST_HOSTS:
        yield _wrong(
            "organisations", "主办单位要有一至四家", "There are one to four hosts", "请改正主办单位", "Mend the hosts"
        )
    elif roles[0] not in ("host", "guide"):
        yield _wrong("organisations", "主办单位要列在前面", "Hosts come first", "请调整次序", "Change the order")
    for one in facts.organisations:
        if not one.name.strip() or len(one.name) > LONGEST:
            yield _wrong(
                "organisations", "有单位没有名称", "An organisation has no name", "请补上或删去", "Add it or drop it"
            )
        elif len(one.name_en) > LONGEST:
            yield _wrong(
                "organisations",
                "有单位的英文名称太长",
                "An organisation's English name is too long",
                "请写短些",
                "Shorten it",
            )
    if facts.province and not PROVINCE.fullmatch(facts.province):
        yield _wrong(
            "province", "省份代码是两位数字", "A province code has two digits", "例如河北省是 13", "Hebei is 13"
        )
    if facts.time_zone not in available_timezones() - NO_PLACE:
        yield _wrong(
            "time_zone", "没有这个时区", "There is no such time zone", "例如 Asia/Shanghai", "Such as Asia/Shanghai"
        )
    if facts.registration_opens and facts.registration_closes and facts.registration_closes <= facts.registration_opens:
        yield _wrong(
            "registration_closes",
            "报名截止早于开始",
            "Registration would close before it opens",
            "请改正时间",
            "Mend it",
        )
    if not facts.review_steps or len(set(facts.review_steps)) != len(facts.review_steps):
        yield _wrong(
            "review_steps", "审核至少一步，不重复", "One step at least, none twice", "请改正步骤", "Mend the steps"
        )


def _of_event(new: NewEvent) -> Iterator[Problem]:
    yield from _readable(new)
    for field in ("name", "division", "occupation"):
        yield from _named(field, getattr(new, field))
    if new.occupation_code and not OCCUPATION_CODE.fullmatch(new.occupation_code):
        yield _wrong(
            "occupation_code",
            "职业编码写成 6-18-02-04 的样子",
            "An occupation's code is written like 6-18-02-04",
            "请改正；没有编码就留空",
            "Mend it, or leave it empty when there is none",
        )
    if new.occupation_edition not in EDITIONS:
        yield _wrong(
            "occupation_edition",
            "大典只有 1999、2015、2022 三版",
            "The classification has the editions 1999, 2015 and 2022",
            "请选其中一版",
            "Choose one of them",
        )
    if new.standard_level and new.standard_level not in LEVELS:
        yield _wrong(
            "standard_level", "没有这个等级", "There is no such level", "请从等级里选", "Choose one of the levels"
        )


def _readable(said: msgspec.Struct) -> Iterator[Problem]:
    """Whether people can read every text of these facts, and what stands around it."""
    for field, text in msgspec.structs.asdict(said).items():
        for one in text if isinstance(text, list) else [text]:
            if isinstance(one, str) and (signs := listed(unreadable(one))):
                yield _wrong(
                    field,
                    f"里面有读不出的符号：{signs}",
                    f"It has signs that nobody can read: {signs}",
                    "请重新输入",
                    "Type it again",
                )


def _named(field: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield _wrong(field, "还没有填写", "This is empty", "请填写", "Write it")
    elif len(text) > LONGEST:
        yield _wrong(field, f"超过 {LONGEST} 个字", f"It is longer than {LONGEST} signs", "请写短些", "Make it shorter")


def _wrong(field: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Problem:
    return Problem(f"setup.{field}", Place(key=field), Words(f"{zh}。", f"{en}."), Words(f"{mend_zh}。", f"{mend_en}."))


def _refuse(code: str, problems: tuple[Problem, ...]) -> None:
    if problems:
        count = len(problems)
        words = Words(
            f"有 {count} 处问题，什么都没有保存。", f"{count} problem{'s' if count > 1 else ''}; nothing was saved."
        )
        raise Refusal(code, words, problems=problems, status=422)


def invalid(code: str, zh: str, en: str) -> Refusal:
    """Something said that cannot be."""
    return Refusal(code, Words(f"{zh}。", f"{en}."), status=422)
