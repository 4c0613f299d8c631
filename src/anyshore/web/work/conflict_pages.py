"""Pages on which people name the parties of a case and answer for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.work import conflicts, queries


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, instance: int, wait: int) -> HttpResponse:
    """Whether one is free of conflicts with the parties, before one's first item of a case."""
    one, row, engagement = queries.item(request.user, instance, wait)
    errors: dict[str, str] = {}
    said = request.POST.get("clear", "")
    if request.method == "POST":
        try:
            if said not in ("yes", "no"):
                raise Invalid({"clear": _("An answer is needed.")})
            conflicts.answer(
                request.user, instance, wait, clear=said == "yes", reason=request.POST.get("reason", "")
            )  # fmt: skip
        except Invalid as error:
            errors = error.fields
        else:
            if said == "yes":
                return redirect("work-item", instance, wait)
            messages.info(request, _("You are kept from this case now; its work goes to somebody else."))
            return redirect("work")
    elif not conflicts.asked_first(request.user, one, row, engagement):
        return redirect("work-item", instance, wait)
    data = {
        "one": one, "row": row, "engagement": engagement, "said": said, "errors": errors,
        "check": conflicts.check(request.user, row, engagement), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "work/conflicts.html", data, status=422 if errors else 200)


@require_POST
def parties(request: Request, number: int) -> HttpResponse:
    """More parties of a case."""
    try:
        made = conflicts.name_parties(request.user, number, request.POST.get("parties", "").splitlines())
    except Invalid as error:
        messages.warning(request, " ".join(error.fields.values()))
    else:
        messages.success(request, _("Named. %d walls stand from interests.") % len(made))
    wait = request.POST.get("wait", "")
    return redirect("work-item", number, int(wait)) if wait.isdigit() else redirect("instance", number)


urlpatterns = [
    path("work/<int:instance>/<int:wait>/conflicts/", answer, name="work-conflicts"),
    path("cases/<int:number>/parties/", parties, name="case-parties"),
]
