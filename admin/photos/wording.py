"""What can be wrong with a photo, in both languages, and what to do about it."""

from scoring.verdict import Place, Problem, Words

SAYINGS: dict[str, tuple[str, str, str, str]] = {
    "archive-damaged": (
        "压缩包已损坏，或不是 ZIP",
        "the archive is damaged, or no ZIP",
        "重新打成 ZIP 再上传；也可以直接选择照片",
        "make the ZIP again, or choose the photos themselves",
    ),
    "archive-encrypted": (
        "压缩包里有加密的文件",
        "the archive holds encrypted files",
        "不加密码重新打包",
        "pack it again without a password",
    ),
    "archive-too-large": (
        "压缩包解开后超过 {limit}",
        "the archive unpacks to more than {limit}",
        "分几次上传，每次不超过 {limit}",
        "send it in parts of at most {limit}",
    ),
    "too-many": ("一次超过 {limit} 张", "more than {limit} at once", "分几次上传", "send them in parts"),
    "path": (
        "压缩包里的路径指向包外",
        "a path in the archive leads outside of it",
        "只放照片，重新打包",
        "pack it again with nothing but photos",
    ),
    "too-heavy": ("文件超过 {limit}", "the file is larger than {limit}", "导出小一些的 JPEG", "export a smaller JPEG"),
    "nested": (
        "压缩包里又有压缩包",
        "this is an archive within the archive",
        "解开后把照片直接放进一个 ZIP；也可以单独上传它",
        "unpack it and put the photos into one ZIP, or send it by itself",
    ),
    "format": (
        "不是 JPEG 或 PNG 图片",
        "this is no JPEG or PNG picture, whatever its name says",
        "用照相或修图软件另存为 JPEG",
        "save it as JPEG in a camera or picture program",
    ),
    "damaged": ("图片已损坏或不完整", "the picture is damaged or cut short", "换一份完整的文件", "send the whole file"),
    "too-many-pixels": (
        "图片的像素超过 {limit} 万",
        "the picture has more than {limit}0 000 pixels",
        "缩小后再上传；1 寸照只需要 295×413",
        "make it smaller; 295 × 413 is enough",
    ),
    "too-small": (
        "只有 {width}×{height} 像素，至少要 295×413",
        "only {width} × {height} pixels; at least 295 × 413 are needed",
        "换一张清楚的照片",
        "send a larger photo",
    ),
    "ratio": (
        "宽高比是 {width}:{height}，应为 5:7（295×413）",
        "the ratio is {width}:{height}; it has to be 5:7 (295 × 413)",
        "裁成 5:7 再上传；程序不替人裁脸",
        "crop it to 5:7; nobody's face is cropped by guess",
    ),
    "flag-small": (
        "只有 {width}×{height} 像素，短边至少要 {least}",
        "only {width} × {height} pixels; the shorter side has to have {least}",
        "换一张大一些的图",
        "send a larger picture",
    ),
    "flag-long": (
        "宽高是 {width}×{height}，太细长，显示时看不清",
        "{width} × {height} is too long to be made out beside a name",
        "裁掉四周的空白，宽高比不超过 4:1",
        "crop what is empty around it; 4:1 is the most",
    ),
    "flag-blank": ("整张是同一种颜色", "it shows a single colour", "换一张旗帜或标志", "send a flag or an emblem"),
    "blank": ("整张是同一种颜色", "it shows a single colour", "换一张照片", "send a photo"),
}


def problem(code: str, name: str, **values: object) -> Problem:
    """One thing wrong with the file of that name."""
    zh, en, mend_zh, mend_en = (text.format(**values) for text in SAYINGS[code])
    return Problem(f"photo.{code}", Place(sheet=name), Words(f"{zh}。", f"{en}."), Words(f"{mend_zh}。", f"{mend_en}."))
