"""The blanks of a message: names, kindergartens, moments and labels, found when it is shown or sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from balabaqsha.applications.models import Application
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.locale import texts, written
from balabaqsha.notifications import rules
from balabaqsha.notifications.models import Message
from balabaqsha.people import queries as people

# Which closed list the reason of a message is taken from.
_LISTS = {
    "contract-returned": "return",
    "admission-refused": "refusal-ground",
    "admission-refused-waiting": "refusal-ground",
    "transfer-refused": "refusal-ground",
    "left-kindergarten": "leaving",
    "application-removed": "removal",
    "application-corrected": "correction-reason",
    "term-lengthened": "lengthening",
    "application-brought-back": "authority-error",
    "appeal-rejected": "appeal-reason",
    "appeal-granted-line": "appeal-reason",
    "appeal-granted-term": "appeal-reason",
    "appeal-granted-noted": "appeal-reason",
    "kindergarten-closed-line": "closing",
    "kindergarten-closed-list": "closing",
    "kindergarten-closed-transfer": "closing",
    "kindergarten-closed-voucher": "closing",
    "kindergarten-closed-wish": "closing",
    "application-unlinked": "link-end",
    "application-unlinked-here": "link-end",
    "referral-extension-refused": "extension-withdrawal",
    "documents-rejected": "case-rejection",
}
_TERM_OF_DAYS = {
    "interest-confirmed": "voucher.choose_and_sign",
    "voucher-extension-open": "voucher.extension",
    "referral-lapsed": "stop_list.length",
    "papers-time-granted": "referral.papers_time",
}


@dataclass(frozen=True)
class Written:
    """A message in one language."""

    inbox: str
    sms: str | None
    subject: str | None
    link: str


def write(message: Message, *, language: str, base_url: str) -> Written:
    """The message as it reads in this language; `base_url` is the portal's own address, without a slash at its end."""
    facts = _blanks(message, language=language, base_url=base_url)

    def say(part: str) -> str | None:
        key = f"message.{message.key}.{part}"
        return texts.say_in(language, key, **facts) if texts.knows(key) else None

    return Written(inbox=say("inbox") or "", sms=say("sms"), subject=say("subject"), link=facts["link"])


def _blanks(message: Message, *, language: str, base_url: str) -> dict[str, Any]:
    facts = message.facts
    blanks: dict[str, Any] = {"url": base_url, "link": base_url}
    application = Application.objects.filter(id=message.application_id).first()
    if application is not None:
        blanks |= _of_application(application, base_url)
        blanks |= _numbers(message, application)
    if "token" in facts:
        link = f"{base_url}/feedback/{facts['token']}/"
        blanks |= {"number": facts["feedback"], "answer": facts["answer"], "url": link, "link": link}
    if "group" in facts or facts.get("groups"):
        blanks |= _of_group(facts["group"] if "group" in facts else facts["groups"][0], language)
    if facts.get("due_at"):
        due = datetime.fromisoformat(facts["due_at"])
        blanks |= {"due": due, "date": localdate(due)}
    else:
        blanks["date"] = _first_day(facts) or localdate(message.at)
    if "benefit" in facts:
        blanks["benefit"] = texts.say_in(language, f"benefit.{facts['benefit']}")
    blanks["reason"] = _reason(message, language)
    blanks["support"] = texts.say_in(language, "support.phone")
    if "phone" in facts:
        blanks["phone_masked"] = written.phone_masked(people.phone_number(facts["phone"]))
    if "role" in facts:
        blanks["role"] = texts.say_in(language, f"role.{facts['role']}")
    if "device" in facts:
        blanks["device"] = facts["device"] or texts.say_in(language, "device.unknown")
    if "kinship" in facts:
        child, last_day = people.guardian(facts["kinship"])
        blanks |= {"child_full": child.full_name, "date": last_day or blanks["date"]}
    if "trust" in facts:
        blanks |= _of_trust(facts["trust"], message, base_url)
    if facts.get("employee"):
        blanks["employee"] = people.person_card(facts["employee"]).full_name
    return blanks


def _of_application(application: Application, base_url: str) -> dict[str, Any]:
    child = people.person_card(application.child_id)
    link = f"{base_url}/cabinet/applications/{application.number}/"
    return {
        "number": application.number,
        "child": rules.name_for_sms(child.given_name),
        "child_full": child.full_name,
        "url": link,
        "link": link,
    }


def _of_trust(trust_id: int, message: Message, base_url: str) -> dict[str, Any]:
    trust = people.trust(trust_id)
    page = "trusts" if message.person_id == trust.giver_id else "entrusted"
    link = f"{base_url}/cabinet/children/{page}/"
    return {
        "child": rules.name_for_sms(trust.child.given_name),
        "child_full": trust.child.full_name,
        "giver": trust.giver,
        "trusted": trust.trusted,
        "date": trust.last_day,
        "url": link,
        "link": link,
    }


def _numbers(message: Message, application: Application) -> dict[str, Any]:
    facts = message.facts
    # A place that the moment did not have (the application was not waiting) is said as a dash, never guessed.
    blanks: dict[str, Any] = {"place": "–" if facts.get("place") is None else facts["place"]}
    blanks |= {name: facts[name] for name in ("hours", "days") if name in facts}
    code = _TERM_OF_DAYS.get(message.key)
    if code is not None:
        term = law.rulebook(application.territory_id).term(code, on=localdate(message.at))
        blanks["days"] = int(term.value)
    return blanks


def _of_group(group_id: int, language: str) -> dict[str, Any]:
    group = Group.objects.select_related("kindergarten").get(id=group_id)
    kindergarten = group.kindergarten
    name = kindergarten.name_ru if language == "ru" else kindergarten.name_kk
    return {
        "kindergarten": name,
        "kg": rules.kindergarten_for_sms(name),
        "group": group.name,
        "address": kindergarten.address_ru if language == "ru" else kindergarten.address_kk,
    }


def _first_day(facts: dict[str, Any]) -> date | None:
    return date.fromisoformat(facts["start_on"]) if facts.get("start_on") else None


def _reason(message: Message, language: str) -> str:
    facts = message.facts
    code = facts.get("ground") or facts.get("reason") or ""
    label = f"{_LISTS.get(message.key, '')}.{code}"
    words = texts.say_in(language, label) if texts.knows(label) else code
    # Sentences put their own full stop after the reason.
    detail = (facts.get("note") or facts.get("fact") or "").rstrip(" .")
    return f"{words}: {detail}" if words and detail else words or detail
