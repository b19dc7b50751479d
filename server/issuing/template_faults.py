"""Why an organiser's template is refused, in words that name the file and the line."""

from __future__ import annotations

from scoring.verdict import Words
from server.errors import NOTHING, Refusal

ONLY_ITS_OWN = Words(
    "模板只能用 ZIP 里的文件；请把文件放进去，写它在 ZIP 里的路径。",
    "A template uses the files of its ZIP only: put the file in, and write its path there.",
)
PACK_AGAIN = Words("请重新打包再上传。", "Pack it again and send that.")
FAULTS: dict[str, tuple[Words, Words]] = {
    "zip.too-large": (
        Words("ZIP 超过 5 MB。", "The ZIP is larger than 5 MB."),
        Words("请缩小图片。", "Make its pictures smaller."),
    ),
    "zip.too-many": (Words("ZIP 里超过 40 个文件。", "The ZIP has more than 40 files."), NOTHING),
    "zip.bomb": (Words("解开后超过 20 MB。", "Unpacked it is larger than 20 MB."), NOTHING),
    "zip.path": (
        Words("文件路径指到 ZIP 外面。", "The file's path leads out of the ZIP."),
        PACK_AGAIN,
    ),
    "zip.link": (
        Words("这是链接，不是文件。", "This is a link and not a file."),
        Words("请放入文件本身。", "Put the file itself in."),
    ),
    "zip.locked": (Words("文件有密码。", "The file has a password."), PACK_AGAIN),
    "zip.twice": (Words("同名文件出现两次。", "The file is there twice."), PACK_AGAIN),
    "zip.kind": (
        Words(
            "不收这种文件；只收 HTML、CSS、PNG、JPEG、SVG 和 design.toml，扩展名小写。",
            "Files of this kind are not taken: HTML, CSS, PNG, JPEG, SVG and design.toml are, with small letters at the end.",
        ),
        NOTHING,
    ),
    "zip.unreadable": (Words("读不出 ZIP。", "The ZIP cannot be read."), PACK_AGAIN),
    "file.missing": (Words("没有这个文件。", "There is no such file."), ONLY_ITS_OWN),
    "text.encoding": (
        Words("不是 UTF-8 编码。", "This is not UTF-8."),
        Words("请存为 UTF-8。", "Save it as UTF-8."),
    ),
    "picture.too-large": (
        Words("图片超过 2500 万像素。", "The picture has more than 25 million pixels."),
        Words("请缩小图片。", "Make it smaller."),
    ),
    "picture.unreadable": (
        Words("图片打不开，或者与扩展名不符。", "The picture cannot be opened, or is not what its name says."),
        NOTHING,
    ),
    "svg.acts": (Words("SVG 里不能有脚本和嵌入内容", "An SVG has no scripts and embeds nothing"), NOTHING),
    "svg.foreign": (Words("SVG 不能引用外部文件", "An SVG refers to nothing outside itself"), NOTHING),
    "svg.declares": (
        Words(
            "SVG 里不能有 DOCTYPE、实体和处理指令。",
            "An SVG has no DOCTYPE, no entities and no processing instructions.",
        ),
        Words("请删去这几行。", "Take these lines out."),
    ),
    "svg.unreadable": (Words("SVG 写得不对", "The SVG is not well-formed"), NOTHING),
    "figures.unreadable": (Words("TOML 写得不对", "The TOML is not well-formed"), NOTHING),
    "figures.unknown": (Words("没有这一项", "There is no such figure"), NOTHING),
    "figures.bounds": (Words("数值超出范围", "The figure is out of bounds"), NOTHING),
    "jinja.syntax": (Words("模板语法有误", "The template's syntax is wrong"), NOTHING),
    "jinja.forbidden": (Words("模板里不能用", "Not for a template"), NOTHING),
    "jinja.failed": (Words("运行到这里出错", "It failed here"), NOTHING),
    "page.fetches": (Words("模板要打开别处的文件", "The template opens a file that is elsewhere"), ONLY_ITS_OWN),
    "page.carries": (
        Words("PDF 里不能带附件和表单。", "The PDF carries no attachments and no form fields."),
        Words('请删去 rel="attachment" 和 appearance: auto。', 'Take out rel="attachment" and appearance: auto.'),
    ),
    "page.picture": (
        Words(
            "写在页面里的图片只能是 PNG 或 JPEG，最多 4000 万像素。",
            "A picture that is written into a page is a PNG or JPEG of at most 40 million pixels.",
        ),
        Words("请转换或缩小图片。", "Convert it, or make it smaller."),
    ),
    "page.leads": (
        Words(
            "链接只能指向这张证书的核验页", "A link leads to the page that verifies the certificate, and nowhere else"
        ),
        Words(
            "请删去链接，或写 https://{{ sheet.address_lines|join }}。",
            "Take the link out, or write https://{{ sheet.address_lines|join }}.",
        ),
    ),
    "page.part": (
        Words("有一部分没能读出或画出", "A part of it could not be read or drawn"),
        Words("请检查这个文件或图形。", "Look at this file or drawing."),
    ),
    "page.slow": (
        Words("排版太久，已经停下。", "It took too long and was stopped."),
        Words("请查循环，减少图形。", "Look at its loops, and draw less."),
    ),
    "page.late": (
        Words("到时没有排完，已经停下", "It was not done in time and was stopped"),
        Words(
            "请查循环，减少图形；模板不复杂的话，是机器正忙，请稍后再试。",
            "Look at its loops, and draw less; where there is little of both, the machine is busy: try again later.",
        ),
    ),
    "page.killed": (
        Words("排版太久或占用内存太多，已经停下。", "It took too long or too much memory, and was stopped."),
        Words("请查循环，减少图形。", "Look at its loops, and draw less."),
    ),
    "page.large": (
        Words("占用内存太多，已经停下。", "It took too much memory and was stopped."),
        Words("请查循环，减少图形。", "Look at its loops, and draw less."),
    ),
    "page.deep": (
        Words("嵌套太深，已经停下。", "It is nested too deeply and was stopped."),
        Words(
            "请查是否有文件、宏或循环引用了自己，减少层数。",
            "See whether a file, macro or loop calls itself, and nest less.",
        ),
    ),
    "page.too-long": (
        Words("页面内容超过 100 万字符。", "The page becomes longer than a million characters."),
        Words("请查循环，看是否有文件引用了自己。", "Look at its loops, and whether a file includes itself."),
    ),
    "page.more": (
        Words("样张超出一页。", "A sample runs onto a second page."),
        Words("请给文字留够地方。", "Give its texts more room."),
    ),
    "page.code": (
        Words("页面上没有二维码。", "The page has no QR code."),
        Words("请写 {{ draw(sheet.qr) }}。", "Write {{ draw(sheet.qr) }}."),
    ),
    "page.number": (
        Words("页面上找不到证书编号", "The certificate's number is not on the page"),
        Words("请写 {{ sheet.number }}。", "Write {{ sheet.number }}."),
    ),
    "page.name": (
        Words("页面上找不到姓名", "The name is not on the page"),
        Words("请逐行写 sheet.name_lines。", "Write sheet.name_lines, line by line."),
    ),
    "page.font": (
        Words("只能用自带的字体，它们没有", "Only our own fonts are used, and they do not have"),
        Words("请换个写法，或改成图片。", "Write it in another way, or as a picture."),
    ),
}


def refused(rule: str, file: str = "", line: int = 0, detail: str = "") -> Refusal:
    """A fault as a refusal: where, what, and what to do."""
    what, mend = FAULTS[rule]
    file, detail = legible(file), legible(detail)
    zh = f"{file} 第 {line} 行：" if line else f"{file}：" if file else ""
    en = f"{file}, line {line}: " if line else f"{file}: " if file else ""
    about = f": {detail}" if detail else ""
    words = Words(f"{zh}{what.zh}{about.replace(': ', '：', 1)}", f"{en}{what.en}{about}")
    return Refusal(f"template.{rule}", words, mend, status=422)


def legible(text: str) -> str:
    """A stranger's name of a file, or what was found in it, so that it can be answered and read: half a character (a surrogate, which
    no UTF-8 has), a control or a sign that turns the line around stands there by its code point."""
    return "".join(one if one.isprintable() else f"U+{ord(one):04X}" for one in text)
