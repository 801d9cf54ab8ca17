"""The schedules: what the worker does by itself, and how often. Each body may run twice without harm."""

from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app

from balabaqsha.accounts import actions as accounts_actions
from balabaqsha.accounts import clock
from balabaqsha.accounts import queries as accounts
from balabaqsha.journeys import escalating, papers, renewing, sweep
from balabaqsha.notifications import actions as notifications
from balabaqsha.record import actions as record

# The sixth field counts seconds.
_EACH_FEW_SECONDS = "* * * * * */5"
_EACH_MINUTE = "* * * * *"
# A worker tells each ten seconds that it lives.
_SILENT_SECONDS = 45


@app.periodic(cron=_EACH_MINUTE)
@app.task(name="perform_what_is_due", queueing_lock="perform_what_is_due", lock="perform_what_is_due")
def perform_what_is_due(timestamp: int) -> None:  # noqa: ARG001 - the portal's moment counts, not that of the schedule
    """Let everything that has lapsed happen, as of its due moment, and remind of what soon will."""
    now = clock.now()
    sweep.sweep(before=now)
    escalating.escalate(now=now)
    papers.give_missing_referrals(
        press=papers.Press(settings.BASE_URL, demonstration=settings.MODE == "demonstration"), now=now
    )
    notifications.remind(now=now)


@app.periodic(cron=_EACH_FEW_SECONDS)
@app.task(name="tell_and_deliver", queueing_lock="tell_and_deliver", lock="tell_and_deliver")
def tell_and_deliver(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Make messages of the facts in the outbox and send them."""
    while notifications.tell_untold(now=clock.now()):
        pass
    notifications.deliver(language_of=accounts.language_of, base_url=settings.BASE_URL, now=clock.now())


@app.periodic(cron=_EACH_FEW_SECONDS)
@app.task(name="seal_the_journal", queueing_lock="seal_the_journal", lock="seal_the_journal")
def seal_the_journal(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Extend the hash chain over what has been decided meanwhile."""
    while record.seal():
        pass


@app.periodic(cron=_EACH_MINUTE)
@app.task(name="resume_interrupted_jobs", queueing_lock="resume_interrupted_jobs")
async def resume_interrupted_jobs(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Take up the jobs whose worker was killed."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_SECONDS):
        await app.job_manager.retry_job(job)


@app.periodic(cron="10 0 * * *")
@app.task(name="keep_house", queueing_lock="keep_house", lock="keep_house")
def keep_house(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Once a day: renew the lines whose yearly date has passed, forget old counts of tries and ended sessions."""
    renewing.renew_overdue(now=clock.now())
    accounts_actions.clear_limits(real_now=clock.real_now())
    call_command("clearsessions")
