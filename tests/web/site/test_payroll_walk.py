"""In a real browser: a payroll is taken over from a CSV, released by two, corrected two months back, billed."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.web.conftest import PASSWORD
from tests.web.site.test_recruiting import person
from tests.web.site.test_recruiting_walk import Walker
from tests.web.test_browser import browser  # noqa: F401 - a fixture

from anyshore.host.intake import reference_data
from anyshore.host.intake.parcels import Parcel
from anyshore.packs import reading
from anyshore.web.core.models import Engagement, Role
from anyshore.web.engine import queries, running
from anyshore.web.engine.models import Instance
from anyshore.web.engine.running import host
from anyshore.web.intake import actions as intake
from anyshore.web.site import services

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 100


def taken_over(pack: Any, name: str) -> bytes:
    """A file of the samples, with the first employee as many times as the client has people."""
    content: bytes = (pack.samples / name).read_bytes()
    if name not in ("employees.csv", "elstam.csv"):
        return content
    head, first, *_rest = csv.reader(io.StringIO(content.decode()), delimiter=";")
    rows = [[str(2000 + number), *first[1:]] for number in range(PEOPLE)]
    return "\n".join(";".join(row) for row in [head, *rows]).encode()


@pytest.fixture
def engagement(tmp_path: Path, settings: Any) -> Iterator[Engagement]:
    settings.HOME = str(tmp_path)
    made = services.ready("payroll").engagement
    pack = reading.named("payroll")
    for kind in pack.references.values():
        rows = kind.read(taken_over(pack, kind.file), kind.file)
        reference_data.load(host(), made.key, kind.name, rows, kind.file)
    for role in (Role.OWNER, Role.AGENT, Role.MANAGER):
        one = person(made, role)
        one.set_password(PASSWORD)
        one.save()
    yield made
    running.forget()


def comes(engagement: Engagement, rows: list[str]) -> None:
    content = "\n".join(["employee;month;hours_worked;one_off;correction", *rows]).encode()
    intake.receive(person(engagement, Role.MANAGER), engagement.key, "payroll", [Parcel("month.csv", content, "rest")])
    host().work()


def asks_release(engagement: Engagement, month: str) -> None:
    intake.request(person(engagement, Role.MANAGER), engagement.key, "payroll", variables={"month": month})
    host().work()


def released(*walkers: Walker) -> dict[str, Any]:
    """Both see the sums and release; what the release came to."""
    for walker in walkers:
        walker.next("Release the month", decision="release", note="Sums agree with the list")
        host().work()
    return dict(queries.variables(Instance.objects.filter(outcome__isnull=False).order_by("-ended", "-pk")[0])["run"])


def test_a_payroll_from_a_csv_to_the_invoice(live_server: Any, browser: Any, engagement: Engagement) -> None:  # noqa: F811
    for month in ("31.01.2026;152", "28.02.2026;152"):
        comes(engagement, [f"2000;{month};;"])
    comes(engagement, [f"{2000 + number};31.03.2026;168;;" for number in range(PEOPLE)])
    assert Instance.objects.filter(status="ended").count() == PEOPLE + 2, "straight through"
    agent, manager = (Walker(browser, live_server.url) for _ in range(2))
    agent.sign_in(person(engagement, Role.AGENT).email)
    manager.sign_in(person(engagement, Role.MANAGER).email)
    asks_release(engagement, "2026-03-31")
    run = released(agent, manager)
    assert run["payments"].count("<CdtTrfTxInf>") == PEOPLE
    comes(engagement, ["2000;31.01.2026;152;100,00;1"])
    agent.next("Clarify the payslip", decision="accept", note="A bonus was forgotten")
    host().work()
    corrected = Instance.objects.order_by("-pk")[0]
    agent.page.goto(f"{live_server.url}/cases/{corrected.pk}/sheet/")
    assert agent.page.get_by_role("heading", name="Payslip").is_visible()
    asks_release(engagement, "2026-03-31")
    again = released(agent, manager)
    assert again["payments"].count("<CdtTrfTxInf>") == 1, "the difference alone"
    owner = Walker(browser, live_server.url)
    owner.sign_in(person(engagement, Role.OWNER).email)
    month = datetime.datetime.now(ZoneInfo(engagement.zone)).strftime("%Y-%m")
    billed = owner.page.request.get(f"{live_server.url}/api/engagements/payroll/invoices/{month}").json()
    [line] = [one for one in billed["lines"] if one["name"] == "Payslip"]
    assert int(line["quantity"]) == PEOPLE + 2, "a correction is not billed"
    assert agent.complaints == manager.complaints == owner.complaints == []
