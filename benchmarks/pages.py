"""Pages on the national data set: how long the portal takes to answer, everything but the network counted."""

import io
import statistics
import sys
import time
from datetime import UTC, datetime

import city
import country

ROUNDS = 40
REQUIRED = ("home", "catalogue", "my applications", "staff worklist")
# Of the department's desk: `--desk` measures these alone, with 200,000 cases that wait for an officer.
DESK = "/department/work/"
WORK = 200_000


class Visitor:
    """Asks the portal's own WSGI application, as its server does."""

    def __init__(self, session: str = "") -> None:
        from django.conf import settings

        from balabaqsha.config.wsgi import application

        self.application = application
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}" if session else ""

    def get(self, path: str) -> tuple[str, bytes]:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        statuses: list[str] = []
        answer = self.application(environ, lambda status, _: statuses.append(status))
        body = b"".join(answer)
        answer.close()
        return statuses[0], body


def measure(visitor: Visitor, path: str, *, status: str = "200 OK") -> dict[str, float]:
    """The median and the 95th percentile in milliseconds, and the queries that one answer costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for turn in range(ROUNDS + 2):
        begun = time.perf_counter()
        told, _ = visitor.get(path)
        if turn > 1:
            times.append(1000 * (time.perf_counter() - begun))
        if told != status:
            raise SystemExit(f"{path}: {told}")
    with CaptureQueriesContext(connection) as captured:
        visitor.get(path)
    slowest = max(captured.captured_queries, key=lambda query: float(query["time"]), default={"time": "0", "sql": ""})
    found = {"median_ms": statistics.median(times), "p95_ms": statistics.quantiles(times, n=20)[-1]}
    city.say(f"{path}: {found}, slowest {slowest['time']} s {slowest['sql'][:300]}")
    return {name: round(value, 1) for name, value in found.items()} | {"queries": len(captured)}


def a_run(now: datetime) -> int:
    """A distribution run that is performed over the city's line; returns its number."""
    from balabaqsha.journeys import distribution
    from balabaqsha.kernel.actor import SYSTEM

    return int(distribution.perform(territory_code=city.TERRITORY, limit=100, actor=SYSTEM, now=now).number)


def desk(now: datetime, *, waiting: int) -> None:
    """The work list at 200,000 cases that wait, for the oblast they are all of, for its city, and for a district."""
    country.build(children=waiting, enrolled=0, now=now)
    with city.clock() as taken:
        made = country.work(waiting=waiting, now=now)
    city.say(f"claims: {made} rows in {taken[0]:.0f} s")
    found: dict[str, dict[str, float]] = {}
    lists = {
        "work list": DESK,
        "work list, overdue": f"{DESK}?due=over&kind=claim",
        "work list, latest first": f"{DESK}?sort=-due",
        "work list, nobody's, page 20": f"{DESK}?holder=nobody&page=20",
        "work list, by number": f"{DESK}?number=B12",
        "first page": "/department/",
    }
    some = ("work list", "work list, overdue", "first page")
    for number, (name, territory, paths) in enumerate(
        (("oblast", country.OBLAST, tuple(lists)), ("city", city.TERRITORY, some), ("district", "000000007", some))
    ):
        person = country.an_adult(now, iin=f"{999999999990 + number}")
        staff = Visitor(country.sign_in(person_id=person, role="OFFICER", territory=territory, now=now))
        found |= {f"{page}, {name}": measure(staff, lists[page]) for page in paths}
    worst = max(one["p95_ms"] for name, one in found.items() if name.startswith("work list"))
    city.answer("desk", worst, "ms", floor=0, ratio=0, children=made, pages=found)


def main() -> None:
    if "--desk" in sys.argv:
        with city.scratch(hasty=True):
            now = datetime.now(UTC)
            from balabaqsha.commands import preparing

            preparing.compile_texts()
            preparing.collect_static()
            desk(now, waiting=WORK // 50 if "--quick" in sys.argv else WORK)
        return
    children = 150_000 if "--quick" in sys.argv else 1_500_000
    with city.scratch(hasty=True):
        now = datetime.now(UTC)
        country.build(children=children, now=now)
        from balabaqsha.applications.models import Application
        from balabaqsha.commands import preparing

        preparing.compile_texts()
        preparing.collect_static()
        waiting = Application.objects.filter(territory_id=city.TERRITORY, state="WAITING").order_by("-id")
        ours = waiting[10]
        officer = country.sign_in(person_id=country.an_adult(now), role="OFFICER", territory=city.TERRITORY, now=now)
        parent = country.sign_in(person_id=ours.applicant_id, role="PARENT", territory=None, now=now)
        run = a_run(now)
        anybody, family, staff = Visitor(), Visitor(parent), Visitor(officer)
        pages = {
            "home": (anybody, "/"),
            "catalogue": (anybody, "/catalogue/"),
            "my applications": (family, "/cabinet/applications/"),
            "staff worklist": (staff, "/department/line/"),
            "staff checks": (staff, "/department/checks/"),
            "one application": (family, f"/cabinet/applications/{ours.number}/"),
            "one application, public": (anybody, f"/queue/application/{ours.number}/"),
            "public line": (anybody, "/queue/"),
            "public line, filtered": (anybody, "/queue/?birth_year=2022&page=3"),
            "statistics": (anybody, "/statistics/"),
            "protocol of a run": (anybody, f"/protocol/{run}/"),
            "distribution": (staff, "/department/runs/"),
        }
        floor = measure(anybody, "/no/such/page/", status="404 Not Found")["p95_ms"]
        found = {}
        for name, (visitor, path) in pages.items():
            try:
                found[name] = measure(visitor, path)
            except SystemExit as problem:
                if name in REQUIRED:
                    raise
                city.say(f"{name}: {problem}")
        worst = max(found[name]["p95_ms"] for name in REQUIRED)
        city.answer("pages", worst, "ms", floor=floor, ratio=floor / worst, children=children, pages=found)


main()
