"""Forms made on the spot: a clean one, and one change at a time."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

HEADINGS = (
    "序号",
    "赛项名称",
    "组别",
    "队号",
    "姓名",
    "性别",
    "民族",
    "证件类型",
    "证件号码",
    "文化程度",
    "工作单位",
    "职业",
    "职业编码",
    "等级",
    "证书编号",
    "身份类别",
    "联系电话",
    "照片文件名",
    "备注",
)
PERSON = {
    "序号": 1,
    "赛项名称": "焊接技术",
    "组别": "职工组",
    "姓名": "钱娜涵",
    "性别": "男",
    "民族": "汉族",
    "证件类型": "居民身份证",
    "证件号码": "130199198910086695",
    "文化程度": "本科",
    "工作单位": "石家庄技师学院",
    "职业": "焊工",
    "职业编码": "6-18-02-04",
    "等级": "三级/高级工",
    "证书编号": "Y000013137384203922291",
    "身份类别": "职工",
    "联系电话": "13163942516",
    "照片文件名": "130199198910086695.jpg",
}
OTHER = {
    **PERSON,
    "序号": 2,
    "姓名": "汪国杰",
    "证件号码": "13019919950415655X",
    "证书编号": "Y000013189117225686610",
    "照片文件名": "13019919950415655X.jpg",
}
TITLE = "石家庄市代表队参赛选手报名汇总表"

MakeForm = Callable[..., bytes]


@pytest.fixture
def make_form() -> MakeForm:
    """Makes a form: people as changes to a valid person, under these headings, with rows above and below."""

    def make(
        *people: dict[str, Any],
        headings: Sequence[str] = HEADINGS,
        above: Sequence[Sequence[Any]] = ((TITLE,),),
        below: Sequence[Sequence[Any]] = (),
        change: Callable[[Workbook], None] = lambda book: None,
    ) -> bytes:
        book = Workbook()
        sheet = book.active
        sheet.title = "报名表"
        for row in above:
            sheet.append(list(row))
        sheet.append(list(headings))
        for person in people:
            sheet.append([person.get(heading) for heading in headings])
        for row in below:
            sheet.append(list(row))
        change(book)
        out = BytesIO()
        book.save(out)
        return out.getvalue()

    return make


@pytest.fixture
def person() -> Callable[..., dict[str, Any]]:
    """One valid person, with changes by heading."""
    return lambda **changes: {**PERSON, **changes}


@pytest.fixture
def other() -> Callable[..., dict[str, Any]]:
    """Another valid person, with changes by heading."""
    return lambda **changes: {**OTHER, **changes}
