"""Announcements and the programme, as the public sees them."""

from datetime import date
from typing import Any

Values = dict[str, Any]


def telling_samples(news: Values, programme: Values) -> dict[str, tuple[str, Values]]:
    """Full and empty."""
    about = {"title": "河北省职业技能大赛（示例）", "url": "/c/hebei"}
    rows = [
        {"id": "1", "title": "关于报名时间延长至 9 月 20 日的通知", "paragraphs": ["各代表队：", "因系统维护，报名截止时间延长至 9 月 20 日 18:00。\n请在截止前完成确认表盖章。"],
         "lang": "zh-CN", "at": "2026-09-12T09:30:00+08:00", "changed": "2026-09-13T08:00:00+08:00"},
        {"id": "2", "title": "Call for entries", "paragraphs": ["Entries are open from 1 September."], "lang": "en", "at": "2026-08-01T09:00:00+08:00", "changed": ""},
    ]  # fmt: skip
    items = [
        {"title": "报到、抽签", "of": "", "place": "石家庄国际会展中心 A 馆一层", "from": "14:00", "to": "17:30"},
        {"title": "模块 A：焊接组合件", "of": "焊接技术", "place": "B 馆", "from": "20:00", "to": "00:30 +1"},
    ]
    days = [{"day": date(2026, 10, 15), "items": items}, {"day": date(2026, 10, 16), "items": items[1:]}]
    return {
        "news": ("public/news.html", {**news, "competition": about, "rows": rows, "feed": "/c/hebei/news.atom"}),
        "news-empty": ("public/news.html", {**news, "competition": about, "rows": [], "feed": "/c/hebei/news.atom"}),
        "programme": ("public/programme.html", {**programme, "competition": about, "days": days, "calendar": "/c/hebei/programme.ics"}),
        "programme-empty": ("public/programme.html", {**programme, "competition": about, "days": [], "calendar": "/x"}),
    }  # fmt: skip
