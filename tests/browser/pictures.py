"""The pictures of the README, taken anew from the pages: python -m tests.browser.pictures"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parents[2] / "docs" / "images"
COLOURS = 128
# Name, who, page, what stands in its address, query, language, width, height.
PICTURES = {
    "town": (
        ("home", "visitor", "nav.home", (), "", "kk", 1366, 860),
        ("run", "officer", "officer.run", ("previewed",), "", "ru", 1366, 900),
    ),
    "family": (
        ("application", "mother", "application.page", ("active",), "", "kk", 360, 1180),
        ("choose", "mother", "choice.open", ("active",), "?free=on", "kk", 360, 1480),
    ),
}


def main() -> None:
    """Build both portals, one after the other, and look at their pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balabaqsha.config.settings")
    import django

    import conftest

    conftest.pytest_configure(None)  # type: ignore[arg-type]
    django.setup()
    # Only now are there settings to import these with.
    from django.db import connections

    from tests.browser import furnished, looking

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, build in (("town", furnished.town), ("family", furnished.family)):
        with TemporaryDirectory() as folder, build(Path(folder)) as portal, looking.chromium() as browser:
            for picture, who, page, keys, query, language, width, height in PICTURES[name]:
                context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
                portal.enter(context, who)
                window = context.new_page()
                window.goto(portal.address + portal.path(furnished.Seen(who, page, keys, query), language))
                window.wait_for_load_state("networkidle")
                save(window.screenshot(), FOLDER / f"{picture}.png")
            connections.close_all()


def save(content: bytes, path: Path) -> None:
    """Keep a screenshot small: a page has few colours."""
    from io import BytesIO

    from PIL import Image

    Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
