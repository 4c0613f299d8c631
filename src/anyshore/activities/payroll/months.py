"""Releasing a month: what is not released yet is gathered, seen by two people, then frozen, paid and posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from anyshore.activities.activity import ActivityContext, Record
from anyshore.activities.common.credit_transfer import Account, Payment, credit_transfer
from anyshore.activities.common.postings import Entry, Side, entry
from anyshore.activities.payroll import people, slips
from anyshore.base.iban import is_iban


@dataclass(frozen=True, slots=True)
class GatherInput:
    """Any day of the month to be released."""

    month: date


@dataclass(frozen=True, slots=True)
class Slip:
    """A payslip, or the difference by which a released one is corrected."""

    key: str
    employee: str
    name: str
    month: date
    correction: bool
    payout: Decimal


@dataclass(frozen=True, slots=True)
class GatherOutcome:
    """What a release of the month would hold.

    Attributes:
        month: its last day.
        slips: payslips and corrections up to the month that no release holds yet.
        count: of payslips.
        corrections: of corrections among them.
        gross: sum; ``net``, ``payout`` and ``employer_cost`` likewise.
        problems: what stands against paying.
    """

    month: date
    slips: tuple[Slip, ...]
    count: int
    corrections: int
    gross: Decimal
    net: Decimal
    payout: Decimal
    employer_cost: Decimal
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """An account and the figure that is posted to it."""

    account: str
    side: Side
    figure: str


@dataclass(frozen=True, slots=True)
class ReleaseInput:
    """What two people released.

    Attributes:
        month: any day of the month.
        slips: keys of the payslips they saw; one recorded since is left for the next release.
        execution: day of payment; three days after the release where none is given.
        bookings: accounts of the journal.
    """

    month: date
    slips: tuple[str, ...]
    execution: date | None = None
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A sum for an authority, which only a certified program may file."""

    list: str
    key: str
    figure: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """What came of the release.

    Attributes:
        id: of the release.
        released: payslips it holds.
        paid: sum of the transfers.
        payments: pain.001.001.09 as XML; empty where nothing is paid.
        claims: employees who owe something after corrections, with the amount.
        entries: the journal; debits and credits have one sum.
        export: the journal as CSV, in the columns of a DATEV posting batch.
        lists: sums by health fund, branch and contribution group, and for the wage tax return.
    """

    id: str
    released: int
    paid: Decimal
    payments: str
    claims: tuple[str, ...]
    entries: tuple[Entry, ...]
    export: str
    lists: tuple[Listed, ...]


def gather(data: GatherInput, context: ActivityContext) -> GatherOutcome:
    """Gathers what is not released yet, up to the end of the month."""
    last = people.bounds(data.month)[1]
    rows = _open(context, last)
    found = tuple(_slip(row) for row in rows)
    problems = [f"{one.name}: no valid IBAN" for one, row in zip(found, rows, strict=True) if not _payable(row)]
    employer = _employer(context)
    if employer is None or not is_iban(employer.iban):
        problems.append("employer: no valid account on record")
    sums = {name: _sum(rows, name) for name in ("gross", "net", "payout", "employer_cost")}
    corrections = sum(one.correction for one in found)
    return GatherOutcome(last, found, len(found) - corrections, corrections, **sums, problems=tuple(problems))


def release(data: ReleaseInput, context: ActivityContext) -> ReleaseOutcome:
    """Freezes the payslips, each in one release only, and gives payments, journal and lists.

    Raises:
        DataError: an account or an amount cannot be paid.
    """
    last = people.bounds(data.month)[1]
    known = {row.key: row for row in context.records(slips.KIND).find()}
    taken = context.records(slips.RELEASE)
    own = context.idempotency_key
    rows = [known[key] for key in data.slips if key in known]
    mine = {row.key: taken.put_once(row.key, {"release": own, "month": row.data["month"]}) for row in rows}
    rows = [row for row in rows if mine[row.key].data["release"] == own]
    sums = _by_employee(rows)
    due = [(row, amount) for row, amount in sums if amount > 0]
    return ReleaseOutcome(
        id=own, released=len(rows), paid=sum((amount for _row, amount in due), Decimal(0)),
        payments=_payments(data, last, due, context), entries=(entries := tuple(_entries(rows, data.bookings))),
        claims=tuple(f"{row.data['name']}: {-amount}" for row, amount in sums if amount < 0),
        export=_export(entries, last), lists=tuple(_lists(rows)),
    )  # fmt: skip


def _open(context: ActivityContext, last: date) -> list[Record]:
    taken = context.records(slips.RELEASE)
    rows = context.records(slips.KIND).find()
    return [
        row for row in rows if (people.as_date(row.data["month"]) or date.max) <= last and taken.get(row.key) is None
    ]


def _slip(row: Record) -> Slip:
    month = people.as_date(row.data["month"]) or date.min
    name, employee = str(row.data["name"]), str(row.data["employee"])
    return Slip(row.key, employee, name, month, _corrects(row), _figure(row, "payout"))


def _corrects(row: Record) -> bool:
    return row.data.get("difference") is not None


def _figure(row: Record, name: str) -> Decimal:
    """A figure of a payslip, of a correction its difference."""
    return slips.number(row.data["difference"] if _corrects(row) else row.data["values"], name)


def _sum(rows: Iterable[Record], name: str) -> Decimal:
    return sum((_figure(row, name) for row in rows), Decimal(0))


def _payable(row: Record) -> bool:
    return _figure(row, "payout") <= 0 or is_iban(str(row.data.get("iban") or ""))


def _employer(context: ActivityContext) -> Account | None:
    rows = context.records(people.EMPLOYER).find()
    return Account(str(rows[0].data["name"]), str(rows[0].data["iban"])) if rows else None


def _by_employee(rows: Iterable[Record]) -> list[tuple[Record, Decimal]]:
    """The last payslip of each employee and the sum to be paid."""
    found: dict[str, tuple[Record, Decimal]] = {}
    for row in rows:
        employee = str(row.data["employee"])
        before = found.get(employee, (row, Decimal(0)))[1]
        found[employee] = row, before + _figure(row, "payout")
    return list(found.values())


def _payments(data: ReleaseInput, last: date, due: list[tuple[Record, Decimal]], context: ActivityContext) -> str:
    if not due:
        return ""
    created = datetime.fromtimestamp(context.now // 1_000_000, UTC)
    execution = data.execution or (created + timedelta(days=3)).date()
    text = f"{last:%Y-%m}"
    transfers = [
        Payment(
            f"{row.data['employee']}/{text}", Account(str(row.data["name"]), str(row.data.get("iban") or "")), amount,
            f"Gehalt {text}",
        )
        for row, amount in due
    ]  # fmt: skip
    employer = _employer(context) or Account("", "")
    message = f"PAY-{text}-{context.idempotency_key}"
    return credit_transfer(message, created, employer, execution, transfers, "SALA")


def _entries(rows: list[Record], bookings: Iterable[Booking]) -> Iterable[Entry]:
    """An entry per account and cost centre."""
    centres: dict[str | None, list[Record]] = {}
    for row in rows:
        centre = row.data.get("cost_centre")
        centres.setdefault(centre if isinstance(centre, str) else None, []).append(row)
    sums: dict[tuple[str, Side, str | None], Decimal] = {}
    for centre, own in centres.items():
        for one in bookings:
            key = one.account, one.side, centre if one.side == "debit" else None
            sums[key] = sums.get(key, Decimal(0)) + _sum(own, one.figure)
    for (account, side, centre), amount in sums.items():
        yield from entry(side, account, amount, cost_centre=centre)


def _export(entries: Iterable[Entry], last: date) -> str:
    """Semicolons, a comma in numbers, lines end as on Windows, as posting batches are exchanged."""
    lines = ["Umsatz;Soll/Haben-Kennzeichen;Konto;Belegdatum;Belegfeld 1;Buchungstext;KOST1"]
    for one in entries:
        amount = f"{one.amount:.2f}".replace(".", ",")
        side = "S" if one.side == "debit" else "H"
        fields = (
            amount,
            side,
            one.account,
            f"{last:%d%m}",
            f"{last:%Y-%m}",
            f"Lohn {last:%m/%Y}",
            one.cost_centre or "",
        )
        lines.append(";".join(fields))
    return "\r\n".join([*lines, ""])


_BRANCHES = {
    "health": "health_group", "extra": "health_group", "pension": "pension_group",
    "unemployment": "unemployment_group", "care": "care_group",
}  # fmt: skip
"""Branches of a statement of contributions and the contribution group that divides each."""


def _lists(rows: list[Record]) -> Iterable[Listed]:
    """Sums by health fund, branch and contribution group, and of the taxes.

    The flat tax of marginal employment goes to the collecting office with the contributions (§ 40a (6) EStG).
    """
    funds: dict[str, list[Record]] = {}
    for row in rows:
        funds.setdefault(str(row.data.get("health_fund") or "-"), []).append(row)
    for fund, own in sorted(funds.items()):
        sums = _contributions(own) | {name: _sum(own, name) for name in ("u1", "u2", "insolvency", "marginal_flat_tax")}
        yield from (Listed("contributions", fund, name, amount) for name, amount in sums.items() if amount)
    for figure in ("wage_tax", "solidarity", "church_tax"):
        if amount := _sum(rows, figure):
            yield Listed("wage tax return", "", figure, amount)


def _contributions(rows: list[Record]) -> dict[str, Decimal]:
    """Both shares by branch and group (``health 1``); ``earlier``: of one-off payments of the year before."""
    found: dict[str, Decimal] = {}
    for row in rows:
        for branch, group in _BRANCHES.items():
            name = f"{branch} {slips.number(row.data['values'], group):f}"
            amount = _figure(row, f"{branch}_employee") + _figure(row, f"{branch}_employer")
            found[name] = found.get(name, Decimal(0)) + amount
    whole = _sum(rows, "social_employee") + _sum(rows, "social_employer")
    return dict(sorted(found.items())) | {"earlier": whole - sum(found.values(), Decimal(0))}
