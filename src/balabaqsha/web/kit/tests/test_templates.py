"""Every partial renders in three languages under the strict policy; every key and icon that pages name exists."""

import errno
import re
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory, override_settings
from django.utils import translation

from balabaqsha.locale.texts import knows, say_in
from balabaqsha.web.kit import errors, menus
from balabaqsha.web.kit.templatetags.kit import icon_names
from balabaqsha.web.kit.tests import gallery

PACKAGE = Path(gallery.__file__).resolve().parents[3]
# The sandbox imitates other people's systems and has words of its own.
FOREIGN = frozenset({"tests", "node_modules", "sandbox"})
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|javascript:|(?:src|href)=\"data:",
    re.IGNORECASE,
)
KEY = re.compile(r"""\{%\s*(?:say|say_count|unfilled)\s+["']([^"']+)["']""")
CODE_KEY = re.compile(r"""\b(?:say|say_count|unfilled)\(\s*"([a-z][\w-]*\.[\w.-]+)\"""")


@pytest.fixture(autouse=True)
def kit_settings():
    with override_settings(
        ROOT_URLCONF="balabaqsha.web.kit.tests.gallery",
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "balabaqsha.web.kit.context.site",
                    ]
                },
            }
        ],
    ):
        yield


def page(view, language: str = "kk") -> str:
    with translation.override(language):
        prefix = "" if language == "kk" else f"/{language}"
        return view(RequestFactory().get(f"{prefix}/kit/?a=1")).content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("view", [gallery.gallery, gallery.one_thing, gallery.missing, gallery.home])
def test_pages_obey_the_strict_policy(view, language: str) -> None:
    html = page(view, language)

    assert f'<html lang="{language}">' in html
    assert not INLINE.search(html), INLINE.search(html)


def test_the_language_switch_keeps_the_page() -> None:
    html = page(gallery.gallery, "ru")

    assert 'href="/kit/?a=1" lang="kk"' in html
    assert 'href="/en/kit/?a=1" lang="en"' in html
    assert re.search(r'href="/ru/kit/\?a=1" lang="ru" hreflang="ru" aria-current="true"', html)


def test_a_page_with_errors_says_so_in_its_title_and_lists_them_first() -> None:
    html = page(gallery.gallery)

    assert "<title>" in html
    assert html.split("<title>")[1].startswith("Қате:")
    assert "7 жерін түзету керек" in html
    assert 'href="#id_iin"' in html
    assert 'aria-invalid="true"' in html


def test_error_pages_say_what_to_do() -> None:
    request = RequestFactory().get("/kit/")
    request.ref = "7C31-20E9"

    assert "7C31-20E9" in errors.server_error(request).content.decode()
    assert errors.csrf_failure(request).status_code == 403
    assert errors.bad_request(request).status_code == 400
    assert errors.forbidden(request).status_code == 403
    assert errors.unavailable(request).status_code == 503


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (OperationalError("the connection is lost"), 503),
        (InterfaceError("connection already closed"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OSError(errno.ENOENT, "No such file"), 500),
        (ValueError("a mistake of ours"), 500),
    ],
)
def test_what_only_time_mends_is_503_and_a_mistake_is_500(problem, status) -> None:
    try:
        raise problem
    except Exception:  # noqa: BLE001 - as Django catches it
        answer = errors.server_error(RequestFactory().get("/ru/kit/"))

    assert answer.status_code == status


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_without_a_database_speaks_and_knows_a_form_from_a_page(language) -> None:
    with translation.override(language):
        page_, form = (errors.unavailable(getattr(RequestFactory(), way)("/kit/?a=1")) for way in ("get", "post"))

    assert f'<html lang="{language}">' in page_.content.decode()
    assert page_.headers["Retry-After"]
    assert 'href="/kit/?a=1"' in page_.content.decode()
    assert say_in(language, "error.503-refresh") in form.content.decode()
    assert not INLINE.search(form.content.decode())


def sources(ending: str) -> list[Path]:
    return [path for path in PACKAGE.rglob(f"*.{ending}") if not FOREIGN & set(path.parts)]


def test_every_key_of_templates_and_code_has_a_text() -> None:
    asked = {
        (key, path.name)
        for ending, pattern in (("html", KEY), ("py", CODE_KEY))
        for path in sources(ending)
        for key in pattern.findall(path.read_text(encoding="utf-8"))
        if not key.endswith(".")
    }

    assert len(asked) > 100
    assert sorted(pair for pair in asked if not knows(pair[0])) == []


def test_every_icon_of_templates_is_drawn() -> None:
    asked = {
        name
        for path in sources("html")
        for name in re.findall(r"""\{%\s*icon\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    of_menus = {item.icon for menu in (*menus.BY_ROLE.values(), menus.PUBLIC) for item in menu}

    assert (asked | of_menus) - icon_names() == set()


def test_every_entry_of_a_menu_has_its_texts() -> None:
    items = [
        item
        for menu in (
            *menus.BY_ROLE.values(),
            menus.PUBLIC,
            menus.FOR_PARENTS,
            menus.OPEN_DATA,
            menus.ABOUT,
        )
        for item in menu
    ]

    assert [item.key for item in items if not knows(item.key) or (item.short and not knows(item.short))] == []


def test_no_page_sends_to_another_site() -> None:
    for path in (*sources("html"), *sources("css"), *sources("js")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href)=["']https?:|url\(["']?https?:|@import""", text), path
