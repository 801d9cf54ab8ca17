"""The schedules: what the worker does by itself, and how often. Each body may run twice without harm."""

import time

from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from balabaqsha.accounts import actions as accounts_actions
from balabaqsha.accounts import clock
from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.eds import actions as challenges
from balabaqsha.accounts.trust import actions as trust
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.checks import actions as checks
from balabaqsha.journeys import escalating, linking, papers, renewing, sweep
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.line import actions as line
from balabaqsha.notifications import actions as notifications
from balabaqsha.people.guardians import actions as guardians
from balabaqsha.record import actions as record
from balabaqsha.signatures.mobile import actions as mobile
from balabaqsha.transparency import actions as transparency
from balabaqsha.transparency import feedback

# The sixth field counts seconds.
_EACH_FEW_SECONDS = "* * * * * */5"
_EACH_MINUTE = "* * * * *"
# A worker tells each two seconds that it lives. One that is only slow may see its job done twice, which harms nothing.
SILENT_SECONDS = 10
_DELIVERING_SECONDS = 4.0


@app.periodic(cron=_EACH_MINUTE)
@app.task(name="perform_what_is_due", queueing_lock="perform_what_is_due", lock="perform_what_is_due")
def perform_what_is_due(timestamp: int) -> None:  # noqa: ARG001 - the portal's moment counts, not that of the schedule
    """Let everything that has lapsed happen, as of its due moment, and remind of what soon will."""
    now = clock.now()
    sweep.sweep(before=now)
    escalating.escalate(now=now)
    escalating.escalate_appeals(now=now)
    transparency.escalate_feedback(now=now)
    papers.give_missing_referrals(
        press=papers.Press(settings.BASE_URL, demonstration=settings.MODE == "demonstration"), now=now
    )
    trust.lapse(now=now)
    guardians.lapse(now=now)
    notifications.remind(now=now)


@app.periodic(cron=_EACH_FEW_SECONDS)
@app.task(name="tell_and_deliver", queueing_lock="tell_and_deliver", lock="tell_and_deliver")
def tell_and_deliver(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Make messages of the facts in the outbox and send them."""
    while notifications.tell_untold(now=clock.now()):
        pass
    # A run tells thousands of families at once: nearly all of the time is used, but a worker that is to end soon can.
    begun = time.monotonic()
    while time.monotonic() - begun < _DELIVERING_SECONDS:
        answered = notifications.deliver(
            language_of=accounts.language_of,
            reply_to=feedback.reply_to,
            base_url=settings.BASE_URL,
            now=clock.now(),
        )
        if not answered:
            break


@app.periodic(cron=_EACH_FEW_SECONDS)
@app.task(name="seal_the_journal", queueing_lock="seal_the_journal", lock="seal_the_journal")
def seal_the_journal(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Extend the hash chain over what has been decided meanwhile."""
    while record.seal():
        pass


@app.periodic(cron=_EACH_MINUTE)
@app.task(name="fold_changes_of_blocks", queueing_lock="fold_changes_of_blocks", lock="fold_changes_of_blocks")
def fold_changes_of_blocks(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Keep the counts of the lines' blocks short to read."""
    while line.fold_changes():
        pass


@app.periodic(cron=_EACH_FEW_SECONDS)
@app.task(name="resume_interrupted_jobs", queueing_lock="resume_interrupted_jobs")
async def resume_interrupted_jobs(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Take up the jobs whose worker was killed."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # The same work was ordered again meanwhile and waits: this job only stands in its way.
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


@app.periodic(cron="25 * * * *")
@app.task(name="confirm_links_again", queueing_lock="confirm_links_again", lock="confirm_links_again")
def confirm_links_again(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Each hour: whether the register still names as parents those who see the other parent's application."""
    linking.confirm_again(now=clock.now())


@app.periodic(cron="10 0 * * *")
@app.task(name="keep_house", queueing_lock="keep_house", lock="keep_house")
def keep_house(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Once a day: renew the lines whose yearly date has passed, forget old counts of tries, ended sessions and errands."""
    renewing.renew_overdue(now=clock.now())
    real_now = clock.real_now()
    accounts_actions.clear_limits(real_now=real_now)
    visits.clear_visits(real_now=real_now)
    challenges.clear_challenges(real_now=real_now)
    mobile.clear(real_now=real_now)
    call_command("clearsessions")


@app.periodic(cron="40 21 * * *")
@app.task(name="check_rows", queueing_lock="check_rows", lock="check_rows")
def check_rows(timestamp: int) -> None:  # noqa: ARG001 - as above
    """Each night, at 02:40 in Kazakhstan: look for rows that should be impossible and tell the department."""
    checks.perform(actor=SYSTEM, now=clock.now())
