"""Pages where somebody learns, is tested and finds their certificates, and where a manager sees who knows what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anyshore.assessment.drawing import Drawn
from anyshore.web.core.errors import Invalid
from anyshore.web.core.requests import Request
from anyshore.web.engine.running import now
from anyshore.web.learning import certificates, queries, testing
from anyshore.web.learning.certificate_pdf import pdf
from anyshore.web.learning.models import Attempt, Certificate
from anyshore.web.learning.queries import Subject
from anyshore.web.work.items import day_of


@require_safe
def learning(request: Request) -> HttpResponse:
    """What I can learn, and my certificates."""
    today = day_of(now())
    mine = [(one, certificates.state_of(one, today)) for one in queries.certificates(request.user)]
    data = {"subjects": queries.subjects(request.user), "certificates": mine}
    return render(request, "learning/learning.html", data)


@require_safe
def subject(request: Request, key: str) -> HttpResponse:
    """What to learn for one certificate, and the tests I took."""
    found = queries.subject(request.user, key)
    tried = Attempt.objects.filter(person=request.user, subject=key).exclude(ended=None)
    return render(request, "learning/subject.html", {"subject": found, "tried": tried})


@require_POST
def begin(request: Request, key: str) -> HttpResponse:
    """Begins a test."""
    return redirect("learning-test", testing.begin(request.user, key).pk)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A question on its page.

    Attributes:
        number: from 1.
        drawn: the question.
        share: of its marks, once it is marked, in per cent.
        feedback: likewise.
    """

    number: int
    drawn: Drawn
    share: str = ""
    feedback: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is asked."""
        return self.drawn.question.asked

    @property
    def kind(self) -> str:
        """Of question, as the page shows it."""
        question = self.drawn.question
        return "several" if question.several else question.kind

    @property
    def options(self) -> list[Option]:
        """The answers of a choice, in the order drawn."""
        answers = self.drawn.question.answers
        return [Option(place + 1, testing.words(answers[place].given)) for place in self.drawn.order]

    @property
    def partners(self) -> list[Option]:
        """The answers of pairs, in the order drawn."""
        pairs = self.drawn.question.pairs
        return [Option(place + 1, pairs[place].answer) for place in self.drawn.order]

    @property
    def asked(self) -> list[str]:
        """What a matching question asks."""
        return [pair.asked.text for pair in self.drawn.question.pairs]


@require_http_methods(["GET", "HEAD", "POST"])
def test(request: Request, pk: int) -> HttpResponse:
    """A test: to be answered, or with its result."""
    one = queries.attempt(request.user, pk)
    if request.method == "POST":
        given = {name.removeprefix("q"): request.POST.getlist(name) for name in request.POST if name.startswith("q")}
        testing.answer(request.user, pk, given)
        return redirect("learning-test", pk)
    found = queries.subject(request.user, one.subject)
    data = {
        "one": one, "subject": found, "questions": list(_shown(found, one)),
        "left": None if one.due is None or one.ended else max(0, one.due - now()),
        "certificate": Certificate.objects.filter(attempt=one).first(),
    }  # fmt: skip
    return render(request, "learning/test.html", data)


def _shown(found: Subject, one: Attempt) -> Iterator[Shown]:
    marks = {mark["key"]: mark for mark in one.marks}
    for number, drawn in enumerate(testing.test(found, one), start=1):
        mark = marks.get(drawn.key)
        share = "" if mark is None else f"{100 * float(mark['share'] or 0):.0f}"
        yield Shown(number, drawn, share, () if mark is None else tuple(mark["feedback"]))


@require_safe
def paper(request: Request, number: str) -> HttpResponse:
    """A certificate as PDF."""
    one = queries.certificate(request.user, number)
    found = HttpResponse(pdf(one, request.build_absolute_uri(f"/check/{one.number}/")), content_type="application/pdf")
    found["Content-Disposition"] = f'inline; filename="{one.number}.pdf"'
    return found


@require_safe
def badge(request: Request, number: str) -> HttpResponse:
    """A certificate as an Open Badge."""
    one = queries.certificate(request.user, number)
    found = HttpResponse(one.badge, content_type="application/vc+jwt")
    found["Content-Disposition"] = f'attachment; filename="{one.number}.jwt"'
    return found


@require_safe
def skills(request: Request) -> HttpResponse:
    """Who knows what, whose certificate ends soon, and whether the coming week is covered."""
    found = queries.matrix(request.user, week_too="week" in request.GET)
    held = Certificate.objects.filter(person__in=[row.person for row in found.rows], revoked=None)
    data = {"matrix": found, "certificates": held.select_related("person")[:200], "soon": queries.SOON}
    return render(request, "learning/skills.html", data)


@require_POST
def revoke(request: Request, number: str) -> HttpResponse:
    """Takes a certificate back."""
    try:
        certificates.revoke(request.user, number, request.POST.get("reason", ""))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, _("The certificate is revoked."))
    return redirect("skills")


urlpatterns = [
    path("learning/", learning, name="learning"),
    path("learning/tests/<int:pk>/", test, name="learning-test"),
    path("learning/certificates/<slug:number>/pdf/", paper, name="learning-pdf"),
    path("learning/certificates/<slug:number>/badge/", badge, name="learning-badge"),
    path("learning/certificates/<slug:number>/revoke/", revoke, name="learning-revoke"),
    path("learning/<slug:key>/", subject, name="learning-subject"),
    path("learning/<slug:key>/begin/", begin, name="learning-begin"),
    path("skills/", skills, name="skills"),
]
