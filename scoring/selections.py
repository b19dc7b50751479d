"""Who a rule of a policy selects, and under which conditions, as people say it."""

from scoring.ladder import LEVELS
from scoring.language.selecting import Gates, Selector
from scoring.said import COUNTED, IDENTITY, decimal, listed, part_of
from scoring.verdict import Words


def selected(select: Selector, gates: Gates) -> Words:
    """Who is selected, with the conditions in brackets."""
    parts: list[Words] = []
    if select.ranks:
        parts += [_ranks(size, *band) for size, band in select.ranks.items()]
    if select.awards:
        parts.append(Words("获 " + "、".join(select.awards), "winners of " + ", ".join(select.awards)))
    if select.percent:
        over, to = (decimal(one) for one in select.percent)
        parts.append(Words(f"前 {over}%–{to}%", f"{over}–{to} % of the field"))
    for band in select.by_field:
        if band.ranks:
            there = COUNTED[select.count]
            parts.append(
                Words(
                    f"{band.size[0]}–{band.size[1]} {there.zh}时第 {band.ranks[0]}–{band.ranks[1]} 名",
                    f"ranks {band.ranks[0]}–{band.ranks[1]} among {band.size[0]}–{band.size[1]} {there.en}",
                )
            )
    if select.squad:
        parts.append(Words(f"入选 {select.squad}", f"members of {select.squad}"))
    if select.everyone:
        parts.append(Words("全体选手", "everybody"))
    said, gate = listed(parts), provided(gates)
    return Words(said.zh + (f"（须{gate.zh}）" if gate.zh else ""), said.en + (f" ({gate.en})" if gate.en else ""))


def _ranks(size: int, first: int, last: int) -> Words:
    team = Words(f"（{size} 人队）", f" (teams of {size})") if size else Words("", "")
    band = band_of(first, last)
    return Words(f"{band.zh}{team.zh}", f"{band.en}{team.en}")


def band_of(first: int, last: int) -> Words:
    """Ranks from one to another."""
    if first == last:
        return Words(f"第 {first} 名", f"rank {first}")
    return Words(f"第 {first}–{last} 名", f"ranks {first}–{last}")


def provided(gates: Gates) -> Words:
    """The conditions of a rule, joined; nothing where there are none."""
    parts = [
        Words(f"不少于 {count} {COUNTED[what].zh}", f"at least {count} {COUNTED[what].en}")
        for what, count in (("entries", gates.entries), ("teams", gates.teams), ("persons", gates.persons))
        if count
    ]
    if gates.identities:
        who = listed([IDENTITY[one] for one in gates.identities])
        parts.append(Words(f"身份为{who.zh}", f"they are {who.en}"))
    if gates.passed:
        what = listed([part_of(one) for one in gates.passed])
        parts.append(Words(f"{what.zh}合格", f"{what.en} passed"))
    if gates.papers_at_least:
        level = LEVELS[gates.papers_at_least].name
        parts.append(Words(f"按{level.zh}及以上命题", f"papers set to {level.en} or above"))
    if gates.national_standard:
        parts.append(Words("有国家职业标准", "the occupation has a national standard"))
    if gates.recognised:
        parts.append(Words("已经备案认定", "it is recognised"))
    return listed(parts)
