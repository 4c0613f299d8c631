"""Open Badges 3.0: a certificate as a credential signed as a JWT (section 8.2, "JSON Web Token Proof Format").

RS256 is the algorithm every verifier of Open Badges knows; the public key stands in the header.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from anyshore.terms.calendars import instant
from anyshore.web.accounts import secrecy
from anyshore.web.learning.models import Certificate, SigningKey

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
BITS = 2048


def signed(one: Certificate) -> str:
    """A certificate as a signed credential."""
    key = _key()
    private = serialization.load_pem_private_key(secrecy.opened(key.private).encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError("Badges are signed with an RSA key.")
    claims = credential(one)
    claims |= {"iss": claims["issuer"]["id"], "jti": claims["id"], "sub": claims["credentialSubject"]["id"]}
    claims["nbf"] = int(_begin(one, one.issued).timestamp())
    if one.until is not None:
        claims["exp"] = int(_begin(one, one.until + timedelta(1)).timestamp())
    return jwt.encode(claims, private, algorithm="RS256", headers={"typ": "JWT", "jwk": key.public})


def credential(one: Certificate) -> dict[str, Any]:
    """A certificate as an OpenBadgeCredential. Its ids are names that hold wherever this installation stands."""
    title = one.titles.get("en") or one.subject
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": f"urn:anyshore:certificate:{one.number}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {"id": f"urn:anyshore:organisation:{one.issuer.key}", "type": ["Profile"], "name": one.issuer.name},
        "validFrom": _moment(_begin(one, one.issued)),
        "credentialSubject": {
            "id": f"urn:anyshore:certificate:{one.number}:holder",
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "identityHash": one.holder, "identityType": "name", "hashed": False,
            }],
            "achievement": {
                "id": f"urn:anyshore:achievement:{one.issuer.key}:{one.subject}",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": title,
                "description": f"Passed the assessment for the service {title}.",
                "criteria": {"narrative": "Passed a test drawn at random from the questions of the service."},
            },
        },
    }  # fmt: skip
    if one.until is not None:
        made["validUntil"] = _moment(_begin(one, one.until + timedelta(1)))
    return made


def verified(badge: str, known: dict[str, Any]) -> dict[str, Any]:
    """What a badge says, where it was signed with a key.

    Raises:
        jwt.InvalidTokenError: it was not, it has expired, or it was changed.
    """
    key = RSAAlgorithm.from_jwk(json.dumps(known))
    if not isinstance(key, rsa.RSAPublicKey):
        raise jwt.InvalidKeyError("A private key is nobody else's.")
    return dict(jwt.decode(badge, key, algorithms=["RS256"]))


def keys() -> dict[str, Any]:
    """The public keys badges were signed with, as a JWK set."""
    return {"keys": list(SigningKey.objects.order_by("pk").values_list("public", flat=True))}


def _key() -> SigningKey:
    """The newest key; made where there is none."""
    found = SigningKey.objects.order_by("-pk").first()
    if found is not None:
        return found
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    kept = {name: public[name] for name in ("kty", "n", "e")}
    return SigningKey.objects.create(private=secrecy.sealed(pem.decode()), public=kept)


def _begin(one: Certificate, day: date) -> datetime:
    """The begin of a day where the client is: there a certificate ends, as the queue has it."""
    at = instant(ZoneInfo(one.attempt.engagement.zone), day, 0)
    return datetime.fromtimestamp(at // 1_000_000, UTC)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
