"""Guessing is slowed down: by account and address together, and by address; a known browser is counted for itself.

A stranger who guesses at an account from elsewhere locks out himself, not its owner (the device cookies of OWASP's
"Slow Down Online Guessing Attacks with Device Cookies"). Only where very many addresses guess at one account does it
close to browsers nobody knows.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from anyshore.web.accounts import secrecy, security
from anyshore.web.accounts.addresses import address_of
from anyshore.web.accounts.models import Device
from anyshore.web.core.models import Person, SignInFailure

MAX_FAILURES = 10
"""For one account from one address, or in one known browser, within the window."""
MAX_FROM_ADDRESS = 50
"""For all accounts from one address within the window: a whole office may come from one."""
MAX_FOR_ACCOUNT = 100
"""For one account from all unknown browsers within the window."""
WINDOW = timedelta(minutes=15)
COOKIE = "anyshore_device"
KNOWN = timedelta(days=180)
"""How long a browser is known after it was last used."""


def locked(email: str, request: HttpRequest | None = None) -> bool:
    """Whether signing in failed too often within the window for who asks."""
    since = timezone.now() - WINDOW
    SignInFailure.objects.filter(at__lt=since).delete()
    failed = SignInFailure.objects.filter(at__gte=since)
    plain, address = email.strip().lower(), address_of(request)
    of_account = failed.filter(email=plain)
    device = device_of(request, plain)
    if device:
        return of_account.filter(device=device).count() >= MAX_FAILURES
    strangers = of_account.filter(device="")
    return (
        bool(address and failed.filter(address=address).count() >= MAX_FROM_ADDRESS)
        or strangers.filter(address=address).count() >= MAX_FAILURES
        or strangers.count() >= MAX_FOR_ACCOUNT
    )


def failed(email: str, request: HttpRequest | None = None, *, how: str = "password") -> None:
    """Counts a failure, and notes it where the account exists; the one that locks is noted as such."""
    plain, address = email.strip().lower()[:254], address_of(request)
    SignInFailure.objects.create(
        email=plain, address=address, device=device_of(request, plain), at=timezone.now()
    )  # fmt: skip
    action = "sign-in.locked" if locked(plain, request) else "sign-in.failed"
    person = Person.objects.filter(email=plain).first()
    if person is None:
        security.write(action, plain, address=address, how=how, known=False)
    else:
        security.note(action, person, address=address, how=how)


def succeeded(email: str, request: HttpRequest | None = None) -> None:
    """Forgets the failures of who came in; those of others stay."""
    plain = email.strip().lower()
    _counted(plain, request).delete()


def _counted(email: str, request: HttpRequest | None) -> QuerySet[SignInFailure]:
    found = SignInFailure.objects.filter(email=email)
    device = device_of(request, email)
    return found.filter(device=device) if device else found.filter(device="", address=address_of(request))


def missed(what: str, request: HttpRequest) -> bool:
    """Counts a secret that is none, brought by whom nobody knows; whether their address brought too many.

    Args:
        what: names the door, and is no address of mail: it counts apart from signing in.
        request: theirs.
    """
    since, address = timezone.now() - WINDOW, address_of(request)
    SignInFailure.objects.filter(at__lt=since).delete()
    found = SignInFailure.objects.filter(email=what, address=address, at__gte=since)
    if found.count() >= MAX_FROM_ADDRESS:
        return True
    SignInFailure.objects.create(email=what, address=address, at=timezone.now())
    return False


def unlock(email: str) -> None:
    """Forgets every failure of an account."""
    SignInFailure.objects.filter(email=email.strip().lower()).delete()


def device_of(request: HttpRequest | None, email: str) -> str:
    """The digest of the browser where the account's owner signed in with it before; empty where not."""
    secret = request.COOKIES.get(COOKIE, "") if request is not None else ""
    if not secret:
        return ""
    found = secrecy.digest(secret)
    since = timezone.now() - KNOWN
    known = Device.objects.filter(person__email=email, digest=found, seen__gte=since).exists()
    return found if known else ""


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """From now on the browser is known for the person."""
    now = timezone.now()
    Device.objects.filter(person=person, seen__lt=now - KNOWN).delete()
    secret = request.COOKIES.get(COOKIE, "")
    if not secret or len(secret) > 100:
        secret = secrecy.fresh()
    Device.objects.update_or_create(person=person, digest=secrecy.digest(secret), defaults={"seen": now})
    response.set_cookie(
        COOKIE, secret, max_age=int(KNOWN.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure()
    )
