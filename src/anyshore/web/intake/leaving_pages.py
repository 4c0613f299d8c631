"""Where somebody leaves a list with one click (RFC 8058): no sign-in, no cookie, and only a POST takes them out.

Providers of mail send the POST for many people from few addresses, so only tokens that are none are counted.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from anyshore.web.accounts import throttle
from anyshore.web.intake import leaving

FIELD, CLICK = "List-Unsubscribe", "One-Click"
DOOR = "unsubscribe"


@never_cache
@csrf_exempt  # the token is the proof; whoever clicks has no cookie here
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def leave(request: HttpRequest, engagement: str, signed: str) -> HttpResponse:
    """Shows a button, or takes the person of a message out at once."""
    found = leaving.behind(engagement, signed)
    if found is None:
        late = throttle.missed(DOOR, request)
        answer = render(request, "intake/leaving.html", {"state": "late" if late else "unknown"})
        answer.status_code = 429 if late else 404
        if late:
            answer["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
        return answer
    if request.method != "POST":
        return render(request, "intake/leaving.html", {"state": "asks", "field": FIELD, "click": CLICK})
    if request.POST.get(FIELD) != CLICK:
        return render(
            request, "intake/leaving.html", {"state": "asks", "field": FIELD, "click": CLICK}, status=400
        )  # fmt: skip
    leaving.leave(engagement, found)
    return render(request, "intake/leaving.html", {"state": "out"})


urlpatterns = [path("unsubscribe/<str:engagement>/<str:signed>", leave, name="unsubscribe")]
