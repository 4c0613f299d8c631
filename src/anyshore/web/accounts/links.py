"""People come in by links that open once: whoever introduces somebody never has a password of theirs in hand.

An invitation makes nobody: the person is there once the link was opened and a password chosen. Who has an account
already accepts with it. So whether an address has one is not told to who invites it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from anyshore.web.accounts import mail, passwords, secrecy, security, throttle, tokens
from anyshore.web.accounts.models import Device, Link
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Denied, Invalid, NotFound
from anyshore.web.core.models import CLIENT_SIDE, Membership, Organisation, Person, Role

LASTS = {Link.Kind.INVITE: timedelta(days=7), Link.Kind.RESET: timedelta(hours=24)}
"""How long a link opens."""


@dataclass(frozen=True, slots=True)
class Made:
    """A link that was made.

    Attributes:
        link: what is kept of it.
        path: the address below the installation's, shown once; empty where it was sent to the person instead.
    """

    link: Link
    path: str


@transaction.atomic
def invite(by: Person, organisation: Organisation, email: str, name: str, role: str, site: str = "") -> Made:
    """Invites a colleague to the person's organisation.

    Args:
        by: who invites.
        organisation: to which.
        email: whom; the link is sent there, where the installation sends mails.
        name: how the person is called until they say otherwise.
        role: in the organisation.
        site: what stands before the address in a mail: ``https://any.example``.

    Raises:
        Invalid: a part is missing or does not fit.
    """
    permissions.organisation(by, organisation.key, "people.invite")
    problems = _wrong(email, name)
    if role not in Role.values or (role in CLIENT_SIDE) != (organisation.kind == Organisation.Kind.CLIENT):
        problems["role"] = _("This role does not exist on this side.")
    if problems:
        raise Invalid(problems)
    made = _make(by, Link.Kind.INVITE, email, name, organisation, role, site)
    audit.record(by, "person.invited", made.link.email, organisation=organisation, role=role, sent=made.link.sent)
    return made


@transaction.atomic
def introduce(by: Person, provider: Organisation, client: str, email: str, name: str, site: str = "") -> Made:
    """Introduces a client to the person's provider; who owns the service there is invited.

    Raises:
        Invalid: a part is missing or does not fit.
    """
    permissions.organisation(by, provider.key, "people.manage")
    problems = _wrong(email, name)
    key = slugify(client)[:50]
    if not key or Organisation.objects.filter(key=key).exists():
        problems["client"] = _("Give the client a name that is not taken.")
    if problems:
        raise Invalid(problems)
    found = Organisation.objects.create(
        key=key, name=client.strip(), kind=Organisation.Kind.CLIENT, introduced_by=provider
    )
    made = _make(by, Link.Kind.INVITE, email, name, found, Role.OWNER, site)
    audit.record(by, "client.introduced", found.name, organisation=provider, invited=made.link.email)
    return made


@transaction.atomic
def recover(by: Person, person: Person, site: str = "") -> Made:
    """A link by which a colleague who has lost the password chooses a new one; the old one holds until then.

    Raises:
        Invalid: it is oneself, or the colleague works elsewhere too, whose accounts are not ``by``'s to open.
    """
    passwords.own_colleague(by, person)
    made = _make(by, Link.Kind.RESET, person.email, person.name, None, "", site)
    security.note("link.made", person, by=by, kind=made.link.kind, sent=made.link.sent)
    return made


def _make(
    by: Person | None, kind: str, email: str, name: str, organisation: Organisation | None, role: str, site: str
) -> Made:
    """Makes a link; an older one for the same ends."""
    plain = email.strip().lower()
    older = Link.objects.filter(kind=kind, email=plain, organisation=organisation, used=None, withdrawn=None)
    older.update(withdrawn=timezone.now())
    secret = secrecy.fresh()
    link = Link.objects.create(
        kind=kind, digest=secrecy.digest(secret), email=plain, name=name.strip(), organisation=organisation, role=role,
        made_by=by, expires=timezone.now() + LASTS[Link.Kind(kind)], sent=bool(site) and mail.can_send(),
    )  # fmt: skip
    path = reverse("link", args=[secret])
    if link.sent:
        mail.send_link(link, f"{site.rstrip('/')}{path}")
        return Made(link, "")
    return Made(link, path)


def first(provider: str, email: str, name: str) -> Made:
    """The link by which the first manager of a provider comes in, made where the installation is set up.

    Raises:
        Invalid: a part is missing, or the provider has a manager, who invites everybody else.
    """
    problems = _wrong(email, name)
    key = slugify(provider)[:50]
    found = Organisation.objects.filter(key=key).first()
    if not key or (found is not None and found.kind != Organisation.Kind.PROVIDER):
        problems["provider"] = _("Give the provider a name that is not taken.")
    elif found is not None and found.memberships.filter(role=Role.MANAGER).exists():
        problems["provider"] = _("It has a manager, who invites everybody else.")
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        found = found or Organisation.objects.create(
            key=key, name=provider.strip(), kind=Organisation.Kind.PROVIDER
        )  # fmt: skip
        made = _make(None, Link.Kind.INVITE, email, name, found, Role.MANAGER, "")
        audit.record(None, "person.invited", made.link.email, organisation=found, role=Role.MANAGER, sent=False)
    return made


def opened(secret: str) -> Link:
    """The link of a secret, while it opens.

    Raises:
        NotFound: there is none, it was used, withdrawn, or its time is over: all look the same.
    """
    found = Link.objects.filter(
        digest=secrecy.digest(secret), used=None, withdrawn=None, expires__gt=timezone.now()
    ).select_related("organisation", "made_by")  # fmt: skip
    link = found.first()
    if link is None:
        raise NotFound(_("This link does not open (any more)."), hint=_("Ask for a new one where you got it."))
    return link


@transaction.atomic
def choose(secret: str, password: str) -> Person:
    """Opens a link with a password of the person's own choice.

    Raises:
        NotFound: the link does not open.
        Invalid: the password is weak, or the address has an account, whose owner signs in to accept.
    """
    link = _locked(secret)
    person = Person.objects.filter(email=link.email).first()
    if link.kind == Link.Kind.INVITE and person is not None:
        raise Invalid({"password": _("Sign in with your account to accept the invitation.")})
    chosen = person or Person(email=link.email, name=link.name)
    problems = passwords.weak(password, chosen, "password")
    if problems:
        raise Invalid(problems)
    if link.kind == Link.Kind.RESET:
        assert person is not None
        _renew(person, password)
    else:
        chosen = Person.objects.create_user(link.email, password, name=link.name)
        _join(link, chosen)
    _use(link)
    return chosen


@transaction.atomic
def accept(by: Person, secret: str) -> Link:
    """Accepts an invitation with an account there is already.

    Raises:
        NotFound: the link does not open.
        Denied: it is for somebody else.
    """
    link = _locked(secret)
    if link.kind != Link.Kind.INVITE or link.email != by.email:
        raise Denied(_("This link is for somebody else."), hint=_("Sign out, and open it again."))
    _join(link, by)
    _use(link)
    return link


def waiting(by: Person) -> QuerySet[Link]:
    """The invitations to the person's organisations that nobody has accepted yet."""
    found = Link.objects.filter(
        kind=Link.Kind.INVITE, organisation__in=permissions.organisations(by, "people.invite"), used=None,
        withdrawn=None, expires__gt=timezone.now(),
    )  # fmt: skip
    return found.select_related("organisation").order_by("email")


@transaction.atomic
def withdraw(by: Person, link: int) -> None:
    """Takes an invitation back.

    Raises:
        NotFound: there is none that waits.
    """
    found = waiting(by).filter(pk=link).first()
    if found is None:
        raise NotFound(_("There is no such invitation."))
    Link.objects.filter(pk=link).update(withdrawn=timezone.now())
    audit.record(by, "person.uninvited", found.email, organisation=found.organisation)


def _locked(secret: str) -> Link:
    """The link, held until the transaction ends, so that it opens once."""
    found = Link.objects.select_for_update().filter(pk=opened(secret).pk, used=None).first()
    if found is None:
        raise NotFound(_("This link does not open (any more)."), hint=_("Ask for a new one where you got it."))
    return found


def _use(link: Link) -> None:
    Link.objects.filter(pk=link.pk).update(used=timezone.now())


def _join(link: Link, person: Person) -> None:
    assert link.organisation is not None
    Membership.objects.get_or_create(person=person, organisation=link.organisation, role=link.role)
    facts = {"role": link.role, "organisation": link.organisation.key}
    if link.made_by is not None:
        facts["invited_by"] = link.made_by.email
    security.note("role.given", person, by=person, given=facts, sent=link.sent)


def _renew(person: Person, password: str) -> None:
    """A new password ends what came in by the old one: sessions, tokens, known browsers, failures."""
    person.set_password(password)
    person.handed = False
    person.save(update_fields=["password", "handed"])
    tokens.revoke_all(person, person, "password.reset")
    Device.objects.filter(person=person).delete()
    throttle.unlock(person.email)
    security.note("password.reset", person, by=person)


def _wrong(email: str, name: str) -> dict[str, str]:
    problems = {}
    try:
        validate_email(email.strip())
    except ValidationError:
        problems["email"] = _("This is no address.")
    if not name.strip():
        problems["name"] = _("Say who it is.")
    return problems
