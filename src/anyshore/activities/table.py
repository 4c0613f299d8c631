"""The one table of activities. To add one: write a function with typed input and output, and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from anyshore.activities.einvoice import tasks as einvoice
from anyshore.activities.payables import booking, duplicates, matching, orders, sellers
from anyshore.activities.ports import ActivityContext
from anyshore.activities.values import from_values, to_values
from anyshore.base.errors import DefinitionError

I = TypeVar("I")  # noqa: E741
O = TypeVar("O")  # noqa: E741

# Tables of reference data, and what a row of each is.
RECORD_KINDS: dict[str, str] = {
    orders.KIND: "a purchase order of the client, key: its number",
    sellers.KIND: "an approved seller, key: seller key",
    duplicates.KIND: "an invoice that was received, key: idempotency key of the job that registered it",
    booking.KIND: "a posting in the general ledger, key: idempotency key of the job that booked it",
}


@dataclass(frozen=True, slots=True)
class Activity(Generic[I, O]):
    """What a service task can name.

    Attributes:
        name: family and verb, for example ``einvoice.read``.
        summary: one line for people.
        function: from input and context to output.
        input: dataclass of the input.
        output: dataclass of the output.
        reads_documents: whether it opens documents.
        reads: kinds of records it reads.
        writes: kinds of records it appends to.
    """

    name: str
    summary: str
    function: Callable[[I, ActivityContext], O]
    input: type[I]
    output: type[O]
    reads_documents: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    def run(self, values: Mapping[str, object], context: ActivityContext) -> dict[str, object]:
        """Runs the activity on plain values.

        Raises:
            DataError: the input does not fit, with every field that does not.
        """
        return to_values(self.function(from_values(self.input, values, self.name), context))


_ROWS: tuple[Activity[Any, Any], ...] = (
    Activity(
        "einvoice.read",
        "Reads an electronic invoice (UBL, CII, Factur-X) into the model of EN 16931.",
        einvoice.read_task,
        einvoice.DocumentInput,
        einvoice.ReadOutcome,
        reads_documents=True,
    ),
    Activity(
        "einvoice.validate",
        "Checks an electronic invoice against its schema and the official rules.",
        einvoice.validate_task,
        einvoice.DocumentInput,
        einvoice.ValidateOutcome,
        reads_documents=True,
    ),
    Activity(
        "payables.check-seller",
        "Says whether the seller is approved and the accounts to pay to are on record.",
        sellers.check_seller,
        sellers.SellerInput,
        sellers.SellerOutcome,
        reads=(sellers.KIND,),
    ),
    Activity(
        "payables.find-duplicates",
        "Registers an invoice and finds earlier ones it could be a duplicate of.",
        duplicates.find_duplicates,
        duplicates.DuplicatesInput,
        duplicates.DuplicatesOutcome,
        reads=(duplicates.KIND,),
        writes=(duplicates.KIND,),
    ),
    Activity(
        "payables.match-order",
        "Measures how an invoice differs from its purchase order and from what was invoiced on it before.",
        matching.match_order,
        matching.MatchInput,
        matching.MatchOutcome,
        reads=(orders.KIND, booking.KIND),
    ),
    Activity(
        "payables.book",
        "Appends the posting of an invoice or credit note, once.",
        booking.book,
        booking.BookInput,
        booking.BookOutcome,
        reads=(booking.KIND,),
        writes=(booking.KIND,),
    ),
)

ACTIVITIES: Mapping[str, Activity[Any, Any]] = {activity.name: activity for activity in _ROWS}


def get(name: str) -> Activity[Any, Any]:
    """The activity of a name.

    Raises:
        DefinitionError: there is none; the hint lists those there are.
    """
    if name not in ACTIVITIES:
        hint = f"Known are: {', '.join(ACTIVITIES)}."
        raise DefinitionError("activity.unknown", f"There is no activity {name!r}.", hint=hint)
    return ACTIVITIES[name]


def run(name: str, values: Mapping[str, object], context: ActivityContext) -> dict[str, object]:
    """Runs an activity by name, from and to plain values.

    Raises:
        DefinitionError: there is no such activity.
        DataError: the input does not fit it.
    """
    return get(name).run(values, context)
