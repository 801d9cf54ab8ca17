"""Forms of notices and of questions: three languages, of which Kazakh and Russian have to be written."""

from typing import Any

from django import forms

from balabaqsha.notices.models import Kind, Section
from balabaqsha.notices.rules import TEXT_LONGEST, TITLE_LONGEST
from balabaqsha.web.kit.forms import DayField

_LANGUAGES = ("kk", "ru", "en")


def _words(label: str, *, longest: int, rows: int = 0, required: bool = True, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, help_text=hint, max_length=longest, required=required, widget=widget)


def _ask_where(form: forms.Form, places: list[tuple[str, str]]) -> None:
    """Offer the places; without an answer it is the country only where the country is offered."""
    form.fields["territory"].choices = places
    form.fields["territory"].required = all(code for code, _ in places)


class NoticeForm(forms.Form):
    """What is told to whom, and on which days. A text is asked for where it is an announcement."""

    kind = forms.ChoiceField(
        label="notice.kind",
        choices=[(kind.value, f"notice-kind.{kind.value}") for kind in Kind],
        initial=Kind.ANNOUNCEMENT.value,
        widget=forms.RadioSelect,
    )
    territory = forms.ChoiceField(label="notice.territory", required=False)
    first_day = DayField(label="notice.first-day")
    last_day = DayField(label="notice.last-day")
    title_kk = _words("notice.title-kk", longest=TITLE_LONGEST)
    text_kk = _words("notice.text-kk", longest=TEXT_LONGEST, rows=5, required=False, hint="notice.writing")
    title_ru = _words("notice.title-ru", longest=TITLE_LONGEST)
    text_ru = _words("notice.text-ru", longest=TEXT_LONGEST, rows=5, required=False)
    title_en = _words("notice.title-en", longest=TITLE_LONGEST, required=False, hint="notice.english")
    text_en = _words("notice.text-en", longest=TEXT_LONGEST, rows=5, required=False)

    def __init__(self, *arguments: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        _ask_where(self, places)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("kind") == Kind.ANNOUNCEMENT:
            for language in ("kk", "ru"):
                if not typed.get(f"text_{language}") and f"text_{language}" not in self.errors:
                    self.add_error(f"text_{language}", forms.ValidationError("notice.text-needed"))
        return typed


class QuestionForm(forms.Form):
    """A question and its answer, where it stands, and whether everybody sees it."""

    territory = forms.ChoiceField(label="notice.territory", required=False)
    section = forms.ChoiceField(
        label="faq.section", choices=[(one.value, f"faq-section.{one.value}") for one in Section]
    )
    position = forms.IntegerField(label="faq.position", help_text="faq.position-hint", min_value=0, max_value=999)
    question_kk = _words("faq.question-kk", longest=TITLE_LONGEST)
    answer_kk = _words("faq.answer-kk", longest=TEXT_LONGEST, rows=7, hint="notice.writing")
    question_ru = _words("faq.question-ru", longest=TITLE_LONGEST)
    answer_ru = _words("faq.answer-ru", longest=TEXT_LONGEST, rows=7)
    question_en = _words("faq.question-en", longest=TITLE_LONGEST, required=False, hint="notice.english")
    answer_en = _words("faq.answer-en", longest=TEXT_LONGEST, rows=7, required=False)
    published = forms.BooleanField(label="faq.published", required=False)

    def __init__(self, *arguments: Any, places: list[tuple[str, str]] | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if places:
            _ask_where(self, places)
        else:
            # Whose question it is never changes.
            del self.fields["territory"]
