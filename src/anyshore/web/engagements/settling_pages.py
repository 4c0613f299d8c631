"""Pages about documents: an invoice or correction as it is sent, answered and paid."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.terms.calendars import local_date
from anyshore.terms.settlements import ACCEPTED
from anyshore.web.accounts.confirming import confirmed
from anyshore.web.core import permissions
from anyshore.web.core.forms import attempt, posted
from anyshore.web.core.requests import Request
from anyshore.web.engagements import settling
from anyshore.web.engine import people
from anyshore.web.engine.running import host


class Dispute(forms.Form):
    """What is wrong with a document."""

    reason = forms.CharField(label=gettext_lazy("What is wrong"), widget=forms.Textarea(attrs={"rows": 3}))


class Pay(forms.Form):
    """A payment that came in."""

    day = forms.DateField(
        label=gettext_lazy("Paid on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"), max_digits=15, decimal_places=4,
        help_text=gettext_lazy("A negative amount takes back what was noted wrongly."),
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("Reference"), required=False, max_length=settling.MOST_REFERENCE,
        help_text=gettext_lazy("As it stands on the statement."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def shown(request: Request, key: str, document: str) -> HttpResponse:
    """A document: what it asks for, where it stands, what became of it; and disputing it or noting a payment."""
    engagement = permissions.engagement(request.user, key, "invoice.see")
    found = settling.document(engagement, document)
    may_answer = permissions.may(request.user, "invoice.answer", engagement)
    may_pay = permissions.may(request.user, "invoice.issue", engagement)
    disputes, pays = "reason" in request.POST, "amount" in request.POST
    dispute = Dispute(posted(request) if disputes else None)
    today = local_date(engagement.zone, host().clock())
    initial = {"day": today, "amount": f"{found.settlement.left:f}"}
    pay = Pay(posted(request) if pays else None, initial=initial)
    if disputes and attempt(dispute, settling.dispute, request.user, key, document):
        messages.success(request, _("Disputed. The provider can correct the month or answer you."))
        return redirect("invoice-document", key, document)
    if pays and attempt(pay, settling.pay, request.user, key, document):
        messages.success(request, _("The payment was noted."))
        return redirect("invoice-document", key, document)
    answer = found.settlement.answer
    accepted = answer is not None and answer.type == ACCEPTED
    data = {
        "engagement": engagement, "found": found, "accepted": accepted,
        "steps": [(step, people.address(step.data.get("by"))) for step in found.settlement.steps],
        "dispute": dispute if may_answer and not accepted else None, "pay": pay if may_pay else None,
    }  # fmt: skip
    wrong = dispute.errors or pay.errors
    return render(request, "engagements/document.html", data, status=422 if wrong else 200)


@require_POST
@confirmed
def accept(request: Request, key: str, document: str) -> HttpResponse:
    """The client accepts a document."""
    settling.accept(request.user, key, document)
    messages.success(request, _("Accepted."))
    return redirect("invoice-document", key, document)


@require_safe
def file(request: Request, key: str, document: str, kind: str) -> HttpResponse:
    """A document as a file: Factur-X, or XRechnung in one of its two syntaxes."""
    engagement = permissions.engagement(request.user, key, "invoice.see")
    content = settling.written(settling.document(engagement, document), kind)
    headers = {"Content-Disposition": f'attachment; filename="{document}.{kind}"'}
    return HttpResponse(content, content_type=settling.KINDS[kind], headers=headers)


urlpatterns = [
    path("engagements/<slug:key>/documents/<str:document>/", shown, name="invoice-document"),
    path("engagements/<slug:key>/documents/<str:document>/accept/", accept, name="invoice-document-accept"),
    path("engagements/<slug:key>/documents/<str:document>/file/<str:kind>", file, name="invoice-document-file"),
]
