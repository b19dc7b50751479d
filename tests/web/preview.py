"""Every page with its samples, in both languages, into a folder that a browser can open.

`python -m tests.web.preview FOLDER` writes NAME.zh.html and NAME.en.html; static files are linked from the sources.
"""

import sys
from functools import cache
from pathlib import Path

from server.web.jinja import STATIC, environment
from server.web.words import LANGUAGES
from tests.web.samples import SAMPLES

ENVIRONMENT = environment()


@cache
def rendered(name: str, lang: str) -> str:
    """One sample in one language."""
    template, values = SAMPLES[name]
    return ENVIRONMENT.get_template(template).render(lang=lang, base="https://example.org", **values)


def write(folder: Path) -> list[Path]:
    """All samples as files that open without a server."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in SAMPLES:
        for lang in LANGUAGES:
            page = folder / f"{name}.{lang}.html"
            page.write_text(rendered(name, lang).replace('"/static/', f'"{STATIC.as_uri()}/'), encoding="utf-8")
            written.append(page)
    return written


if __name__ == "__main__":
    print(f"{len(write(Path(sys.argv[1])))} pages")
