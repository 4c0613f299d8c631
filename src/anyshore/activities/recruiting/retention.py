"""How long an application is kept: until nobody can claim any more, unless they do.

Its purpose ends with the decision (Art. 17 (1) a GDPR); what is kept longer is kept to defend claims (Art. 17 (3) e):
two months to claim in writing (§ 15 (4) AGG), three more to sue (§ 61b (1) ArbGG), and the post. A dispute stops the
clock; consent to a talent pool replaces it by the day the consent runs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anyshore.activities.recruiting import law
from anyshore.base.errors import DataError

REJECTED, HELD, POOLED, HIRED = "after rejection", "held by a dispute", "talent pool", "part of the personnel file"


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when an application is kept.

    Attributes:
        delete_on: first day on which it is deleted; none while a dispute goes on, or where it became a personnel file.
        why: which rule holds.
        sources: the laws it rests on.
        months: months from the rejection; 0 where that is not what counts.
    """

    delete_on: date | None
    why: str
    sources: tuple[str, ...] = ()
    months: int = 0


def keep(
    rejected: date | None, *, disputed: bool = False, settled: date | None = None, pool_until: date | None = None
) -> Retention:
    """Until when an application is kept.

    Args:
        rejected: day on which the rejection was received; none where the applicant was hired.
        disputed: whether a claim was raised.
        settled: day on which that dispute ended for good.
        pool_until: day to which the applicant consented to be kept in a talent pool, while that is not revoked.

    Raises:
        DataError: a dispute ended before the rejection, or without having begun.
        ParamsError: the law of that day is not known.
    """
    if rejected is None:
        return Retention(None, HIRED, ("§ 26 (1) BDSG",))
    if settled is not None and (not disputed or settled < rejected):
        raise DataError(
            "recruiting.settled", f"A dispute ended on {settled} that had not begun.",
            hint="Say that there is a dispute, and give a day after the rejection.",
        )  # fmt: skip
    names = ("claim_months", "suit_months", "post_months")
    months = sum(law.whole(name, rejected) for name in names)
    sources = tuple(law.source(name, rejected) for name in names)
    if disputed and settled is None:
        return Retention(None, HELD, (*sources, "Art. 17 (3) e GDPR"), months)
    due = law.days_later(law.months_later(rejected, months), 1)
    if settled is not None:
        due = max(due, law.days_later(settled, 1))
    if pool_until is not None and pool_until >= due:
        return Retention(law.days_later(pool_until, 1), POOLED, ("Art. 6 (1) a GDPR",))
    return Retention(due, REJECTED, sources, months)
