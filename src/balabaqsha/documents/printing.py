"""Facts on their way into a paper: cleaned of what it cannot print, put into the blanks of its text, set in rows."""

import re
import string
import unicodedata
from typing import Any

from balabaqsha.documents.wording import Words

# What both faces in `fonts/` hold of letters and signs; a test compares.
_NOT_IN_FACE = re.compile(
    "[^ -~\u00a0-\u024f\u0300-\u0333\u0400-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2116\u2122]"
)
_LONG_WORD = re.compile(r"\S{30,}")
_BREAK_EVERY = 10
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def rows(labels: dict[str, Any], **values: Words | None) -> list[dict[str, Any]]:
    """Name and value of each row; what is empty gets none."""
    return [
        {"label": labels[name], "value": clean_words(words)}
        for name, words in values.items()
        if words is not None and words.kk and words.ru
    ]


def filled(model: dict[str, str], values: dict[str, Words]) -> dict[str, list[tuple[str, bool]]]:
    """The text cut into pieces, each with whether it was filled in. A value is never read as a text again."""
    return {
        language: [
            piece
            for literal, field, _, _ in string.Formatter().parse(model[language])
            for piece in ((literal, False), (clean(getattr(values[field], language)) if field else "", True))
            if piece[0]
        ]
        for language in ("kk", "ru")
    }


def same(text: str | int | None) -> Words:
    """What reads alike in both languages: a name, a number; nothing where there is none."""
    shown = "" if text is None else str(text)
    return Words(kk=shown, ru=shown)


def clean_words(words: Words) -> dict[str, str]:
    """Both languages, each as a paper can print it."""
    return {"kk": clean(words.kk), "ru": clean(words.ru)}


def clean(text: str) -> str:
    """The text as a paper can print it: one line, composed, nothing that turns its direction.

    A letter that the face of the papers lacks becomes the replacement mark, for an archive document may not
    hold it; a word longer than half a column gets places where it may break.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
        for character in composed
        if character not in _BIDI_CONTROLS
    )
    return _LONG_WORD.sub(_breakable, _NOT_IN_FACE.sub("\ufffd", visible))


def _breakable(word: re.Match[str]) -> str:
    letters = word.group()
    return "\u200b".join(letters[at : at + _BREAK_EVERY] for at in range(0, len(letters), _BREAK_EVERY))
