"""Print certificates from JSON: `python -m certificates FILE.json FOLDER [--design NAME] [--to-be-cut]`.

The file holds a list of certificates as `Certificate.as_data` writes them; each becomes FOLDER/NUMBER.pdf, unsigned.
"""

import argparse
import json
import pathlib
import re
import sys

from certificates.certificate import Certificate
from certificates.designs import DESIGNS
from certificates.rendering import Press, Unprintable


def main(arguments: list[str] | None = None) -> int:
    """Print a list of certificates into a folder; the exit code, 0 or 1."""
    parser = argparse.ArgumentParser(prog="python -m certificates", description="Print certificates from JSON.")
    parser.add_argument("file", type=pathlib.Path, help="a JSON list of certificates")
    parser.add_argument("folder", type=pathlib.Path, help="where the PDF files go")
    parser.add_argument("--design", choices=sorted(DESIGNS), default="classical")
    parser.add_argument("--to-be-cut", action="store_true", help="a larger sheet with crop marks, for a print shop")
    given = parser.parse_args(arguments)
    try:
        certificates = [Certificate.from_data(one) for one in json.loads(given.file.read_text("utf-8"))]
        files = Press(given.design, to_be_cut=given.to_be_cut).print(certificates)
    except Unprintable as error:
        for certificate, missing in zip(certificates, error.missing, strict=True):
            for one in missing:
                print(f"{certificate.number}: {one.field} {one.char} {one.codepoint}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    given.folder.mkdir(parents=True, exist_ok=True)
    for certificate, pdf in zip(certificates, files, strict=True):
        (given.folder / (re.sub(r"[^\w.-]", "_", certificate.number) + ".pdf")).write_bytes(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
