"""«Балабақша не талап ете алмайды»: the papers that are enough, what may be refused, and where to complain (001, 004)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.lists import admission_papers
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import menus
from balabaqsha.web.kit.texts import say, say_count


@access(public)
@require_GET
def refusable(request: HttpRequest) -> HttpResponse:
    """What a kindergarten may ask for and nothing else; the list of the chosen territory's regime comes first."""
    today = localdate(request.now)
    here = territories.regime_on(request.location.code, today)
    more_time = law.rulebook(request.location.code).term("referral.papers_time", on=today)
    regimes = sorted(Regime, key=lambda regime: regime != here)
    context = {
        "lists": [
            {
                "title": say(f"refusable.papers-{regime.value}"),
                "papers": [
                    {"kind": paper.kind, "purpose": say(f"refusable.purpose-{paper.kind.value}")}
                    for paper in admission_papers(regime)
                ],
                "source": say(f"source.{admission_papers(regime)[0].source}"),
            }
            for regime in regimes
        ],
        "days": say_count("count.working-day", int(more_time.value)),
        "feedback_url": f"{menus.address('nav.feedback')}?topic=UNLAWFUL_DEMAND",
    }
    return render(request, "public/refusable.html", context)
