"""Make the fonts of this folder from the fonts they descend from.

Decided here: which characters Podium vendors. The text faces carry 通用规范汉字表, GB 2312, Latin, punctuation and
digits; the name face carries every Han character that its source has, because a name is the one thing on a certificate
that nobody may rephrase, and it stands in for the rare ones in a text. Hinting is dropped, kerning and the spacing of
Chinese punctuation are kept, digits are set in columns, and the fonts are renamed: "LXGW" and "霞鹜" are Reserved Font
Names, which the licence keeps for the original.

    python certificates/fonts/build.py --kai LXGWWenKai-Regular.ttf --serif NotoSerifSC_400Regular.ttf \
        --serif-bold NotoSerifSC_700Bold.ttf --unihan Unihan_OtherMappings.txt.bz2

The README beside this file names the packages that these four files come from. The same input gives the same bytes.
"""

import argparse
import bz2
import io
import pathlib

import uharfbuzz as hb
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
FEATURES = ("ccmp", "chws", "kern", "liga", "locl", "mark", "palt", "pwid")

# Blocks that a certificate may need beside Han: Latin with its additions (pinyin, the names of Europe), punctuation,
# letter-like signs, numerals, arrows, enclosed and full-width forms.
BLOCKS = ((0x20, 0x24F), (0x2B0, 0x36F), (0x1E00, 0x21FF), (0x2460, 0x24FF), (0x3000, 0x303F), (0xFF00, 0xFFEF))
HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFA0E, 0xFA29), (0x20000, 0x323AF))


def inside(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether a code point is in one of the ranges, both ends included."""
    return any(first <= code <= last for first, last in ranges)


def standard_table(unihan: pathlib.Path) -> set[int]:
    """The 8 105 characters of 通用规范汉字表 (2013): Unihan's field kTGH."""
    lines = bz2.decompress(unihan.read_bytes()).decode("utf-8").splitlines()
    table = {int(line.split("\t")[0][2:], 16) for line in lines if "\tkTGH\t" in line}
    if len(table) != 8105:
        raise SystemExit(f"{unihan} lists {len(table)} characters of 通用规范汉字表 instead of 8105")
    return table


def encoded(codec: str) -> set[int]:
    """Every character of a two-byte encoding that Python knows."""
    found = set()
    for high in range(0x81, 0xFF):
        for low in range(0x40, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode(codec)))
            except (UnicodeDecodeError, TypeError):
                continue
    return found


def set_digits_in_columns(font: TTFont) -> None:
    """Give the ten digits the advance of the zero, each centred in it: numbers then run equally wide.

    The serif faces carry a second set of digits, which takes the place of the first in Latin text.
    """
    glyphs, metrics, names = font["glyf"], font["hmtx"].metrics, font.getBestCmap()
    sets = [[names[ord(digit)] for digit in "0123456789"]]
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            swap = getattr(getattr(table, "ExtSubTable", table), "mapping", {})
            others = [swap.get(name) for name in sets[0]]
            if all(isinstance(other, str) for other in others) and others not in sets:
                sets.append(others)
    for names_of_set in sets:
        width = metrics[names_of_set[0]][0]
        for name in names_of_set[1:]:
            shift = (width - metrics[name][0]) // 2
            glyphs[name].coordinates.translate((shift, 0))
            glyphs[name].recalcBounds(glyphs)
            metrics[name] = (width, glyphs[name].xMin)


def shrink(source: pathlib.Path, wanted: set[int], family: str, weight: str) -> bytes:
    """The characters of `wanted` that the source draws, under our own family name."""
    face = hb.Face(hb.Blob.from_file_path(str(source)))
    choice = hb.SubsetInput()
    choice.unicode_set.update(wanted & set(face.unicodes))
    choice.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    choice.layout_feature_tag_set.clear()
    choice.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in FEATURES)
    small = hb.subset(face, choice)
    font = TTFont(io.BytesIO(small.blob.data), recalcTimestamp=False)
    set_digits_in_columns(font)
    names = font["name"]
    original = TTFont(source, lazy=True)["name"]
    kept = {number: str(original.getName(number, 3, 1, 0x409) or "") for number in (0, 5, 7, 13, 14)}
    names.names = []
    plain = f"{family} {weight}"
    for number, text in {
        **kept, 1: family, 2: weight, 3: f"{plain} for 匠台 Podium", 4: plain, 5: kept[5] + "; subset",
        6: plain.replace(" ", "-"), 16: family, 17: weight,
    }.items():  # fmt: skip
        names.setName(text, number, 3, 1, 0x409)
    font["post"].formatType = 3
    if "STAT" in font:
        del font["STAT"]
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def main() -> None:
    """Cut the three fonts out of their sources and write them beside this module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for option in ("kai", "serif", "serif-bold", "unihan"):
        parser.add_argument(f"--{option}", type=pathlib.Path, required=True)
    given = parser.parse_args()
    blocks = {code for first, last in BLOCKS for code in range(first, last + 1)}
    text = blocks | standard_table(given.unihan) | encoded("gb2312")
    name = blocks | {code for first, last in HAN for code in range(first, last + 1)}
    for source, wanted, family, weight in (
        (given.kai, name, "Podium Kai", "Regular"),
        (given.serif, text, "Podium Serif", "Regular"),
        (given.serif_bold, text, "Podium Serif", "Bold"),
    ):
        data = shrink(source, wanted, family, weight)
        target = HERE / f"{family.replace(' ', '')}-{weight}.ttf"
        target.write_bytes(data)
        print(f"{target.name}: {len(hb.Face(data).unicodes)} characters, {len(data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
