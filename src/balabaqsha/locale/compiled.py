"""Compiles the catalogues that people edit into those that programs read."""

import os
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def path_of(language: str) -> Path:
    """The compiled catalogue of the language, made anew where its source is younger."""
    source = FOLDER / language / "LC_MESSAGES" / "django.po"
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
        _compile(source, target)
    return target


def compile_catalogues() -> None:
    """Compile the three catalogues; cheap where they are up to date, safe beside other processes."""
    for language in ("kk", "ru", "en"):
        path_of(language)


def _compile(source: Path, target: Path) -> None:
    # Babel is slow to load and needed only here.
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - slow to load and needed only here
    from babel.messages.pofile import read_po  # noqa: PLC0415 - slow to load and needed only here

    with source.open("rb") as file:
        catalogue = read_po(file)
    made = BytesIO()
    write_mo(made, catalogue)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(made.getvalue())
    beside.replace(target)
