"""Every partial of the kit with made-up data: what the tests render and what one looks at in a browser.

Serves as a ROOT_URLCONF: with it, a development server shows all partials at /kit/.
"""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace as Thing

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import charts, deadlines, errors, menus, pages, states
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.texts import say
from balabaqsha.web.public.home import HomeNumbers, home_page

NOW = datetime(2026, 10, 23, 5, 0, tzinfo=UTC)
CALENDAR = WorkingCalendar(days_off=frozenset({date(2026, 10, 26)}))


class SampleForm(forms.Form):
    iin = kit.IinField(label="signup.iin", help_text="signin.tab-iin")
    phone = kit.PhoneField(label="signin.tab-phone")
    code = kit.CodeField(label="signup.code")
    password = forms.CharField(
        label="signin.password",
        help_text="signin.password-hint",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(
        label="application.language",
        choices=[("kk", "language.kk"), ("ru", "language.ru")],
    )
    kind = forms.ChoiceField(
        label="application.queue-kind",
        choices=[("GENERAL", "nav.voucher-queue"), ("SPECIAL", "nav.linear-queue")],
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label="application.language",
        choices=[("kk", "language.kk"), ("ru", "language.ru")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    wished_from = kit.DayField(label="term.wished-from")
    email = forms.EmailField(label="term.email", required=False)
    note = forms.CharField(label="term.absence-reason", widget=forms.Textarea, required=False)
    paper = forms.FileField(label="paper.FORM_027", required=False)
    policy = forms.BooleanField(label="signup.policy")


def a_deadline(number: int, *, started: datetime, days: int, **how: object) -> deadlines.Deadline:
    return deadlines.deadline(
        id=f"d{number}",
        title=f"{say('voucher.confirm-interest')} {number}",
        started=started,
        due=CALENDAR.add(started, working_days=days),
        now=NOW,
        calendar=CALENDAR,
        **how,  # type: ignore[arg-type]
    )


def sample_deadlines() -> list[deadlines.Deadline]:
    ago = NOW - timedelta(hours=18)
    return [
        a_deadline(
            1,
            started=ago,
            days=2,
            reminders=[deadlines.Reminder(text="SMS", icon="check")],
        ),
        a_deadline(2, started=ago, days=5),
        a_deadline(3, started=NOW - timedelta(days=1), days=1),
        a_deadline(4, started=ago, days=2, done_at=NOW - timedelta(hours=1)),
        a_deadline(5, started=NOW - timedelta(days=8), days=2, missed=True),
        a_deadline(6, started=ago, days=2, held=True),
        a_deadline(7, started=ago, days=28),
    ]


def context(request: HttpRequest) -> dict[str, object]:
    form = SampleForm({"iin": "123456789012", "kind": "GENERAL", "code": "48"})
    name = "№ 14 «Ертіс самалы»"
    press = Thing(text=say("choice.enrol"), url="#", of=name)
    garden = Thing(
        name=name,
        url="#",
        kind=say("term.state-kindergarten"),
        kind_icon="school",
        suits="",
        free=7,
        by_year="",
        address="1 Мамыр, 12",
        languages=say("language.kk"),
        hours="08:00–18:30",
        action=press,
        anchor="g1",
    )
    moves = [
        Thing(by=-2, cause=say("cause.AHEAD_ENROLLED", n=2), note="", at=NOW),
        Thing(
            by=1,
            cause=say("cause.AHEAD_RETURNED", n=1),
            note="",
            at=NOW - timedelta(days=4),
        ),
        Thing(
            by=0,
            cause=say("cause.OWN_DATA_CHANGED"),
            note="",
            at=NOW - timedelta(days=9),
        ),
    ]
    card = Thing(
        id="a1",
        child="Үлгібай Айару Нұрланқызы",
        number="312045",
        submitted_at=NOW,
        state="VOUCHER_OFFERED",
        state_sentence=say("state.VOUCHER_OFFERED.next"),
        url="#",
        deadline=sample_deadlines()[0],
        place=Thing(number=12, in_category=3, as_of=NOW),
        moves=moves,
        journey=states.stages("VOUCHER_OFFERED"),
        facts=[Thing(label=say("application.kind"), value="1")],
        actions=[Thing(text=say("action.confirm"), url="#", icon="check", dialog="sure", size="l")],
    )
    card.deadline = a_deadline(8, started=NOW - timedelta(hours=18), days=2)
    months = ["қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там"]
    issued = charts.Series(say("term.voucher"), [412, 388, 455, 498, 520, 610, 742, 820])
    signed = charts.Series(say("term.contract"), [300, 320, 350, 380, 430, 520, 610, 700])
    return {
        "wide_data": True,
        "form": form,
        "deadlines": sample_deadlines(),
        "garden": garden,
        "card": card,
        "place": card.place,
        "moves": moves,
        "stages": states.stages("STOP_LISTED", note=say("state.STOP_LISTED")),
        "states": list(states.LOOKS),
        "crumbs": [
            Thing(text=say("parent.contracts"), url="#"),
            Thing(text="№ 7", url=""),
        ],
        "tasks": [
            Thing(
                text=say("contract.fill"),
                url="#",
                status=say("journey.done"),
                tone="ok",
                icon="check",
            )
        ],
        "answers": [Thing(label=say("term.birth-date"), value="14.05.2023", change_url="#")],
        "documents": [
            Thing(
                name=say("paper.BIRTH_CERTIFICATE"),
                note=say("system.births"),
                tone="ok",
                status="✓",
            ),
            Thing(name=say("paper.FORM_065"), note="", tone="bad", action=press),
        ],
        "events": [Thing(at=NOW, title=say("state.WAITING"), who="", tone="ok")],
        "letters": [
            Thing(
                icon="mail",
                text=say("message.password-changed.subject"),
                at=NOW,
                unread=True,
            )
        ],
        "columns": [
            Thing(label="№", sort_url="?s=1", sorted="ascending"),
            Thing(label=say("places.free"), number=True),
        ],
        "rows": [Thing(cells=["№ 340118", 12], url="#", tone="warn", urgent=True)],
        "work": [
            Thing(
                id=1,
                name="№ 340512",
                url="#",
                cells=["Н. Ә."],
                left=say("worklist.today"),
                tone="bad",
            )
        ],
        "work_columns": ["№", say("term.child")],
        "bulk": [Thing(text=say("action.open"), value="open")],
        "groups": [
            Thing(
                name="Балдырған",
                language=say("language.kk"),
                capacity=25,
                taken=20,
                free=5,
            )
        ],
        "stats": [
            Thing(label=say("officer.places"), value=1234),
            Thing(label=say("officer.queue"), value="4,5"),
        ],
        "chart": charts.line_chart(id="c1", title="T", description="D", months=months, series=[issued, signed]),
        "bars": charts.bar_chart(
            title="T",
            axis="A",
            unit="U",
            values=[("Алматы қ.", 38500), ("Астана қ.", 29600)],
        ),
        "tiles": charts.tile_map(
            title="T",
            unit="U",
            steps=[3, 6, 12, 25],
            current="55",
            regions=[
                charts.Region("55", "Павл.", "Павлодар", 5, "#"),
                charts.Region("10", "Абай", "Абай", 30, "#"),
            ],
        ),
        "map": Thing(
            title="M",
            width=400,
            height=360,
            paths=[],
            labels=[],
            me=Thing(x=90, y=90),
            pins=[Thing(x=196, y=118, url="#g1", name=name, free=7)],
        ),
        "dialog": Thing(
            id="sure",
            title=say("voucher.dialog-title"),
            yes_text=say("state.VOUCHER_ACTIVE.next"),
            no_text=say("reason.DECLINED.next"),
            number=412,
            action="#",
            yes=say("action.yes"),
            no=say("action.no"),
        ),
        "pager": pages.pager(request, page=4, total=900),
        "tabs": [
            Thing(text=say("messages.tab-inbox"), url="#", current=True, count=2),
            Thing(text=say("messages.tab-log"), url="#", count=None),
        ],
        "passport": [
            [Thing(label=say("term.capacity"), value="25")],
            [Thing(label=say("term.phone"), value="+7")],
        ],
    }


TEMPLATE = """{% extends "kit/cabinet.html" %}{% load kit %}
{% block heading %}{% say "site.name" %}{% endblock %}
{% block content %}
{% error_summary form %}
<form class="stack" method="post">{% for bound in form %}{% field bound %}{% endfor %}</form>
{% for deadline in deadlines %}{% include "ui/deadline.html" %}{% endfor %}
{% include "ui/application_card.html" %}
<div class="card stack">{% include "ui/place.html" %}{% include "ui/ledger.html" %}{% include "ui/journey.html" %}</div>
<p class="cluster">{% for state in states %}{% state_badge state %}{% endfor %}</p>
{% include "ui/notice.html" with tone="sun" title="T" text="x" %}{% include "ui/toast.html" with text="x" %}
{% include "ui/steps.html" with step=2 total=7 %}{% include "ui/check_answers.html" %}{% include "ui/task_list.html" %}
<div class="card">{% include "ui/timeline.html" %}{% include "ui/documents.html" %}</div>
<ul class="grid">{% include "ui/kindergarten_card.html" %}</ul>
{% include "ui/kindergarten_passport.html" with title="P" columns=passport %}
{% include "ui/places_table.html" with caption="C" %}{% include "ui/table.html" with caption="C" name="N" %}
{% include "ui/pager.html" %}{% include "ui/tabs.html" with title="T" %}
{% include "ui/map.html" %}{% include "ui/tile_map.html" %}{% include "ui/stat_tiles.html" %}
{% include "ui/chart_line.html" %}{% include "ui/chart_bars.html" %}{% include "ui/inbox.html" %}
{% include "ui/worklist.html" with caption="C" columns=work_columns rows=work %}
{% include "ui/run_steps.html" %}{% include "ui/empty.html" with title="E" text="x" %}{% include "ui/skeleton.html" %}
<p>x {% include "ui/tip.html" with id="t1" about="x" text="y" %}</p>
{% include "ui/consequence_dialog.html" %}
{% endblock %}"""


def gallery(request: HttpRequest) -> HttpResponse:
    request.actor = Actor(role=Role.PARENT)  # type: ignore[attr-defined]
    request.menu_counts = {"parent.messages": 2}  # type: ignore[attr-defined]
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(template.render(context(request), request))


def one_thing(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None)
    return render(
        request,
        "kit/wizard.html",
        {"form": form, "step": 2, "steps": 3, "back_url": "#"},
    )


def home(request: HttpRequest) -> HttpResponse:
    numbers = HomeNumbers(
        as_of=NOW,
        free_places=214,
        waiting=3480,
        admitted_today=7,
        vouchers_this_month=512,
        referrals_this_month=31,
        kindergartens=96,
    )
    return home_page(request, numbers=numbers, place="Павлодар қ.", regime=Regime.VOUCHER)


def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def missing(request: HttpRequest) -> HttpResponse:
    return errors.not_found(request)


_menu = {
    item.key
    for menu in (
        menus.PARENT,
        menus.PUBLIC,
        menus.FOR_PARENTS,
        menus.OPEN_DATA,
        menus.ABOUT,
    )
    for item in menu
}
urlpatterns = i18n_patterns(
    path("kit/", gallery, name="gallery"),
    path("one/", one_thing, name="header.sign-in"),
    path("missing/", missing, name="header.sign-up"),
    path("failing/", failing, name="failing"),
    path("", home, name="nav.home"),
    *(path(f"{key.replace('.', '/')}/", gallery, name=key) for key in sorted(_menu)),
    prefix_default_language=False,
)
handler404 = "balabaqsha.web.kit.errors.not_found"
handler500 = "balabaqsha.web.kit.errors.server_error"
