"""`balabaqsha check`: ask every check now, keep what it finds, and say it in plain lines."""

from balabaqsha.commands import starting


def run(language: str) -> int:
    """Print what is found, one line each, in this language; status 1 where anything is."""
    starting.set_up()
    from balabaqsha.accounts import clock
    from balabaqsha.checks import actions, catalogue, queries, words
    from balabaqsha.kernel.actor import SYSTEM
    from balabaqsha.locale import texts

    outcome = actions.perform(actor=SYSTEM, now=clock.now())
    for code, findings in queries.by_check(queries.open_findings()):
        print(f"{words.title(code, language=language)} {words.advice(code, language=language)}")
        for finding in findings:
            print(f"  {words.row(finding, language=language)}")
    asked = len(catalogue.ALL)
    print(texts.say_in(language, "findings.asked", asked=asked, found=outcome.found))
    return starting.NO if outcome.found else 0
