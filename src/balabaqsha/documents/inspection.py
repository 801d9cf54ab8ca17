"""Looks into what people send: is it truly a PDF or a picture, does it open, does it carry anything active.

Pictures are written anew from their points, so nothing hidden in the file survives (place and camera
included). A PDF stays byte for byte, because it may carry a signature; one with actions is refused.
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import filetype
import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from balabaqsha.documents import rules

_MOST_POINTS = 60_000_000
_LONGEST_SIDE = 4000
_MOST_STEPS = 200_000
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent"})
_ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute"}
)
_FORMATS = {rules.JPEG: "JPEG", rules.PNG: "PNG"}


@dataclass(frozen=True)
class Examined:
    """Content that may be kept: for a picture the one written anew."""

    content: bytes
    media_type: str


def paper(content: bytes) -> Examined:
    """Examine a paper (PDF, JPEG, PNG). Raises FileTooBig, FileWrongType, FileUnreadable."""
    rules.check_size(size=len(content), limit=rules.PAPER_BYTES)
    return _examined(content, allowed=rules.PAPER_TYPES)


def photo(content: bytes) -> Examined:
    """Examine a photo (JPEG, PNG). Raises FileTooBig, FileWrongType, FileUnreadable."""
    rules.check_size(size=len(content), limit=rules.PHOTO_BYTES)
    return _examined(content, allowed=rules.PHOTO_TYPES)


def _examined(content: bytes, *, allowed: frozenset[str]) -> Examined:
    media_type = filetype.guess_mime(content)
    if media_type not in allowed:
        raise rules.FileWrongType
    if media_type == rules.PDF:
        _check_pdf(content)
        return Examined(content=content, media_type=media_type)
    return Examined(content=_drawn_anew(content, media_type), media_type=media_type)


def _drawn_anew(content: bytes, media_type: str) -> bytes:
    name = _FORMATS[media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[name]) as checked:
                checked.verify()
            with Image.open(io.BytesIO(content), formats=[name]) as picture:
                if picture.width * picture.height > _MOST_POINTS:
                    raise rules.FileUnreadable
                upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise rules.FileUnreadable from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise rules.FileUnreadable from error
    # A fresh picture takes over the points only: no EXIF, no text, no colour profile, no second frame.
    clean = upright.convert("RGBA" if name == "PNG" and "A" in upright.getbands() else "RGB")
    clean.info.clear()
    clean.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    written = io.BytesIO()
    clean.save(written, format=name, **({"quality": 88} if name == "JPEG" else {"optimize": False}))
    return written.getvalue()


def _check_pdf(content: bytes) -> None:
    # A second format before the header or after the end is the usual disguise.
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise rules.FileUnreadable
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise rules.FileUnreadable
        pages = len(reader.pages)
        active = any(_is_active(dictionary) for dictionary in _dictionaries(reader))
    except rules.FileUnreadable:
        raise
    except Exception as error:
        raise rules.FileUnreadable from error
    if active:
        raise rules.FileWrongType
    if not pages:
        raise rules.FileUnreadable


def _is_active(dictionary: DictionaryObject) -> bool:
    action = dictionary.get("/S")
    if isinstance(action, IndirectObject):
        action = action.get_object()
    return bool(_ACTIVE_KEYS & dictionary.keys()) or (isinstance(action, NameObject) and action in _ACTIVE_ACTIONS)


def _dictionaries(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the trailer, each once, object streams included."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    for _ in range(_MOST_STEPS):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            place = (item.idnum, item.generation)
            if place in seen:
                continue
            seen.add(place)
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            yield item
            waiting.extend(item.raw_get(key) for key in item)
        elif isinstance(item, ArrayObject):
            waiting.extend(list.__iter__(item))
    raise rules.FileUnreadable
