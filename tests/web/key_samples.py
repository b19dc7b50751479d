"""The keys that sign: as a superuser sees them in use, refused, as staff sees them, and before the first certificate."""

from typing import Any

from tests.web.setup_samples import LONG, RAIL

Values = dict[str, Any]
AT, EARLIER = "2026-11-02T09:12:00+08:00", "2025-10-16T08:00:00+08:00"
MARK = " ".join(
    [
        "9f3a",
        "c01d",
        "77b2",
        "4e58",
        "1ac6",
        "d0f9",
        "83b7",
        "55e2",
        "0c4d",
        "9a61",
        "f7e8",
        "2b30",
        "64cc",
        "18d5",
        "ae97",
        "3f02",
    ]
)
MULTIKEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


def key_samples(page: Any, person: Values) -> dict[str, tuple[str, Values]]:
    """By template."""
    link = {
        "id": "signing-keys",
        "icon": "shield-check",
        "name": "签名密钥",
        "url": "/office/signing-keys",
        "count": None,
    }
    desk = {**RAIL, "competition": None, "here": "signing-keys", "links": [RAIL["links"][0], link]}
    here = "本系统生成，加密存于数据库"
    file = {
        "kind": "file",
        "signs": False,
        "codes": False,
        "algorithm": "P-256",
        "from": EARLIER,
        "ends": "",
        "since": AT,
    }
    file |= {
        "until": "2035-10-16T08:00:00+08:00",
        "place": here,
        "whose": "CN=河北省职业技能大赛组织委员会",
        "id": "9f3a",
        "mark": MARK,
    }
    credential = {
        **file,
        "kind": "credential",
        "algorithm": "Ed25519",
        "from": "",
        "until": "",
        "whose": "",
        "mark": MULTIKEY,
    }
    keys = [
        {**file, "signs": True, "algorithm": "RSA 2048", "place": "由文件带入，加密存于数据库", "ends": "soon", "whose": f"CN={LONG},O={LONG}", "signed": 118204},
        {**file, "codes": True, "signed": 5021},
        {**file, "place": "在令牌里", "ends": "over", "since": EARLIER, "signed": 0},
        {**credential, "signs": True, "signed": 123225},
    ]  # fmt: skip
    root = {"name": "国家授时时间戳根证书", "until": "2040-01-01T00:00:00+08:00", "mark": MARK}
    change = {"kind": "rotated", "by": "沈超", "reason": "年度例行更换", "mark": MARK[:19], "machine": False, "at": AT}
    base: Values = {
        "desk": desk, "said": None, "problem": None, "keys": keys, "unknown": 312, "keeper": True, "password": True, "pin": False,
        "stamps": {"url": "http://tsa.example.cn/tsr", "level": "LTA", "roots": [root]}, "typed": {"rotate": "", "bring": ""},
        "longest": 500, "largest": 1000,
        "changes": [{**change, "kind": "brought", "reason": LONG}, change, {**change, "machine": True, "reason": ""}],
    }  # fmt: skip
    wrong = {"what": "密码不对，密钥没有打开。", "mend": "请再试一次；口令不会被保存。", "details": []}
    asked = page("/office/signing-keys", person)
    bare: Values = {"keys": [], "stamps": None, "changes": [], "unknown": 0}
    return {
        "signing-keys": ("office/signing_keys.html", {**asked, **base}),
        "signing-keys-refused": (
            "office/signing_keys.html",
            {**asked, **base, "problem": wrong, "typed": {"rotate": "", "bring": "换成单位证书"}, "status": 422},
        ),
        "signing-keys-staff": ("office/signing_keys.html", {**asked, **base, "keeper": False, "changes": []}),
        "signing-keys-first": ("office/signing_keys.html", {**asked, **base, **bare, "password": False}),
    }
