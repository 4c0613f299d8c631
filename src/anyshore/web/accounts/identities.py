"""Signing in elsewhere: providers of identity by OpenID Connect and SAML 2.0, each for organisations of its own.

They stand in a file of the installation (``ANYSHORE_IDENTITY``), never in the pages. A provider speaks for the people
of the organisations it names and for nobody else: the directory of a client opens no account of its provider's experts,
and the other way round. It makes nobody; and what binds somebody (signing, accepting terms, issuing an invoice) is
confirmed with the person's own password or second factor, which no directory has.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.files import read_text
from anyshore.params import marked, shapes

OIDC, SAML = "openid_connect", "saml"
_NEEDS = {
    "oidc": ("server_url", "client_id", "client_secret_file"), "saml": ("entity_id", "sso_url", "certificate_file")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """A provider of identity.

    Attributes:
        key: its part of the addresses.
        name: what people read.
        kind: ``openid_connect`` or ``saml``.
        organisations: keys of those whose people it speaks for.
        app: what django-allauth is told of it.
    """

    key: str
    name: str
    kind: str
    organisations: frozenset[str]
    app: dict[str, Any]

    @property
    def origin(self) -> str:
        """Where a browser is sent to sign in."""
        told = self.app["settings"]
        parts = urlsplit(told["server_url"] if self.kind == OIDC else told["idp"]["sso_url"])
        return f"{parts.scheme}://{parts.netloc}"


def read(file: str | None) -> tuple[Identity, ...]:
    """The providers of a file; none where there is no file.

    Raises:
        DataError: with every problem of the file, located (``identity.…`` and those of its form).
    """
    if not file:
        return ()
    document, problems = marked.load(read_text(Path(file), error=DataError), file)
    if document.data is not None or not problems:
        problems += shapes.check(document, _schema())
    if not problems:
        problems += _lacking(document)
    if problems:
        raise DataError.of(problems)
    return tuple(_identity(row, Path(file).parent) for row in cast(list[dict[str, Any]], document.data))


def _schema() -> shapes.Schema:
    return shapes.load_schema(files(__package__).joinpath("identities.json").read_text(encoding="utf-8"))


def _lacking(document: marked.Document) -> list[Diagnostic]:
    """What a provider of its kind needs and does not have, and keys that are there twice."""
    found, keys = [], set[str]()
    for number, row in enumerate(cast(list[dict[str, Any]], document.data)):
        for name in _NEEDS[row["kind"]]:
            if name not in row:
                message = f"The provider {row['key']!r} needs {name}."
                found.append(Diagnostic("identity.lacks", message, document.at((number,)), f"Write {name}: …"))
        if row["key"] in keys:
            place = document.at((number, "key"))
            found.append(Diagnostic("identity.twice", f"Two providers have the key {row['key']!r}.", place))
        keys.add(row["key"])
    return found


def _identity(row: Mapping[str, Any], folder: Path) -> Identity:
    key, name = row["key"], row["name"]
    if row["kind"] == "oidc":
        secret = read_text(folder / row["client_secret_file"], error=DataError).strip()
        options = {"server_url": row["server_url"], "oauth_pkce_enabled": True}
        app = {"provider_id": key, "name": name, "client_id": row["client_id"], "secret": secret, "settings": options}
        return Identity(key, name, OIDC, frozenset(row["organisations"]), app)
    certificate = read_text(folder / row["certificate_file"], error=DataError)
    mapping = {"email": row.get("email", "email")}
    options = {
        "idp": {"entity_id": row["entity_id"], "sso_url": row["sso_url"], "x509cert": certificate},
        "attribute_mapping": mapping, "advanced": {"want_assertion_signed": True, "allow_single_label_domains": True},
    }  # fmt: skip
    app = {"provider_id": row["entity_id"], "name": name, "client_id": key, "settings": options}
    return Identity(key, name, SAML, frozenset(row["organisations"]), app)


def configured(found: tuple[Identity, ...]) -> dict[str, Any]:
    """The providers as django-allauth's setting ``SOCIALACCOUNT_PROVIDERS``."""
    return {kind: {"APPS": [one.app for one in found if one.kind == kind]} for kind in (OIDC, SAML)}


def of_environment() -> tuple[Identity, ...]:
    """The providers of this installation."""
    return read(os.environ.get("ANYSHORE_IDENTITY"))
