"""What can be wrong with an attachment, in both languages, and what to do about it."""

from scoring.verdict import Place, Problem, Words

SAYINGS: dict[str, tuple[str, str, str, str]] = {
    "empty": ("文件是空的", "the file is empty", "重新选择文件", "choose the file again"),
    "too-heavy": ("文件超过 {limit}", "the file is larger than {limit}", "压缩后再上传", "make it smaller"),
    "format": (
        "不是 PDF、JPEG 或 PNG，不论它叫什么名字",
        "this is no PDF, JPEG or PNG, whatever its name says",
        "扫描成 PDF，或拍照上传",
        "scan it as PDF, or take a photo of it",
    ),
    "damaged": ("文件已损坏或不完整", "the file is damaged or cut short", "重新导出完整的文件", "export the whole file again"),
    "encrypted": (
        "PDF 加了密码",
        "the PDF is protected by a password",
        "去掉密码后再上传",
        "remove the password, then send it again",
    ),
    "active": (
        "PDF 里有脚本、附件或会自动执行的动作（{found}）",
        "the PDF holds scripts, files or actions that start by themselves ({found})",
        "用“打印为 PDF”另存一份再上传",
        "print it to PDF and send that",
    ),
    "pages": ("PDF 有 {pages} 页，最多 {limit} 页", "the PDF has {pages} pages; at most {limit}", "只留有用的几页", "keep the pages that matter"),
    "too-many-pixels": (
        "图片像素太多，超过 {limit} 万",
        "the picture has more than {limit}0 000 pixels",
        "缩小后再上传",
        "make it smaller",
    ),
    "too-small": (
        "图片只有 {width}×{height} 像素，看不清",
        "the picture has only {width} × {height} pixels; nobody can read it",
        "换一张清楚的",
        "send a larger one",
    ),
}  # fmt: skip


def problem(code: str, name: str, **values: object) -> Problem:
    """One thing wrong with the file of that name."""
    zh, en, mend_zh, mend_en = (text.format(**values) for text in SAYINGS[code])
    return Problem(
        f"attachment.{code}", Place(sheet=name), Words(f"{zh}。", f"{en}."), Words(f"{mend_zh}。", f"{mend_en}.")
    )
