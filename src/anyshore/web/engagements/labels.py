"""What the parts of terms are called for people: the names of the schema, and the words it allows."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: Mapping[str, Promise] = {
    "id": _("Key of the engagement"), "title": _("Title"), "version": _("Version"),
    "in_force_from": _("This version holds from"), "client": _("Client"), "provider": _("Provider"),
    "currency": _("Currency"), "start": _("First day"), "end": _("Last day"), "time_zone": _("Time zone"),
    "shores": _("Shores allowed"), "data_classes": _("Classes of data"), "calendars": _("Calendars"),
    "services": _("Services"), "vat": _("Value added tax"), "category": _("Category of tax"), "rate": _("Percent"),
    "note": _("Reason"), "payment": _("Payment"), "days": _("Days"), "account": _("Account"),
    "account_name": _("Holder of the account"), "bic": _("BIC"), "name": _("Name"), "countries": _("Countries"),
    "address": _("Address"), "lines": _("Street and house"), "post_code": _("Post code"), "city": _("City"),
    "country": _("Country"), "vat_id": _("VAT number"), "tax_number": _("Tax number"),
    "registration": _("Register of companies"), "email": _("Email"), "contact": _("Contact"), "phone": _("Telephone"),
    "reference": _("Reference of the buyer"), "hours": _("Hours"), "monday": _("Monday"), "tuesday": _("Tuesday"),
    "wednesday": _("Wednesday"), "thursday": _("Thursday"), "friday": _("Friday"), "saturday": _("Saturday"),
    "sunday": _("Sunday"), "holidays": _("Public holidays of"), "subdivision": _("Part of the country"),
    "also": _("Further kinds of holidays"), "working_weekends": _("Weekend days worked for a day off"),
    "special_days": _("Special days"), "date": _("Date"), "kind": _("Kind of service"), "prices": _("Prices"),
    "minimum_charge": _("Minimum charge"), "objectives": _("Service level objectives"),
    "credits": _("Service credits"), "at_risk": _("At most, in percent of the month's fee"),
    "bands": _("Steps of credits"), "below": _("Attainment below (percent)"), "credit": _("Percent off the fee"),
    "baseline": _("What the client paid before"), "unit_cost": _("Cost of a case"), "source": _("Where that is from"),
    "up_to": _("Up to"), "price": _("Price"), "tiers": _("Steps of prices"), "tier_mode": _("How steps count"),
    "outcomes": _("Outcomes"), "where": _("Only with these facts"), "milestone": _("Milestone"),
    "entry": _("Entry of the ledger"), "minutes": _("Fact that holds the minutes"),
    "increment": _("Rounded up to minutes"), "fte": _("Full-time equivalents"), "from": _("Begins with"),
    "to": _("Ends with"), "within": _("Within"), "business_hours": _("Business hours"), "calendar": _("Calendar"),
    "target": _("Target (percent)"), "window": _("Assessed by"), "minimum_cases": _("Assessed from cases"),
    "exclude": _("The clock stands still"), "leave_out": _("Not counted"), "of": _("Of all with"),
    "good": _("Good are those with"), "per": _("Price for"), "measure": _("Measured as"),
    "new instance": _("Price for a case"), "new milestone": _("Price for a milestone"),
    "new hour": _("Price for an hour"), "new fte_month": _("Price for a full-time month"),
    "new month": _("Price for a month"), "new duration": _("Objective of time"),
    "new share": _("Objective of a share"),
    "graduated": _("each unit at its own step"), "volume": _("all units at the step reached"),
}  # fmt: skip


def label(name: str) -> str:
    """What a part is called; its own name where it is a word of the client."""
    found = LABELS.get(name)
    return str(found) if found is not None else name
