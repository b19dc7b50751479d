"""What a program sends as one file: a multipart form with the field `data`.

Declared as a form and not as a bare upload, because a form without any file must be told to be one, in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body


@dataclass(frozen=True, slots=True)
class Sent:
    """The form."""

    data: UploadFile


OneFile = Annotated[Sent, Body(media_type=RequestEncodingType.MULTI_PART)]
