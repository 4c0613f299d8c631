"""Views of queues that people keep under a name."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from anyshore.web.core import permissions
from anyshore.web.core.errors import Invalid, NotFound
from anyshore.web.core.models import Person
from anyshore.web.work.models import View

MOST = 30
"""Views of one person."""
_PLAIN = frozenset({"queue", "sort", "text", "in"})


def keep(by: Person, name: str, query: str) -> View:
    """Keeps what a queue was asked for under a name; the same name again takes the place of the one before.

    Raises:
        Invalid: there is no name, nothing to keep, or too many are kept.
    """
    permissions.require(by, "work.do")
    name = name.strip()[:80]
    asked = [(key, value) for key, value in parse_qsl(query) if key in _PLAIN or key.startswith("is-")]
    text = urlencode(asked)
    if not name:
        raise Invalid({"name": _("Give the view a name.")})
    if not asked or len(text) > 1000:
        raise Invalid({"query": _("Search, sort or filter a queue first.")})
    if by.queue_views.exclude(name=name).count() >= MOST:
        raise Invalid({"name": _("At most %d views are kept. Drop one first.") % MOST})
    found, _made = View.objects.update_or_create(person=by, name=name, defaults={"query": text})
    return found


def drop(by: Person, pk: int) -> None:
    """Forgets a view.

    Raises:
        NotFound: the person has no such view.
    """
    if not View.objects.filter(person=by, pk=pk).delete()[0]:
        raise NotFound(_("There is no such view."))
