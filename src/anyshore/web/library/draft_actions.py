"""Keeping files that are being checked, and putting them to use as a pack of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anyshore.base.errors import PackError
from anyshore.packs import reading, uploads
from anyshore.runtime.catalogue import Deployment
from anyshore.web.core import audit, permissions
from anyshore.web.core.errors import Invalid
from anyshore.web.core.models import Organisation, Person
from anyshore.web.engine import own_packs
from anyshore.web.engine.running import host
from anyshore.web.library import draft_queries as queries
from anyshore.web.library import examining
from anyshore.web.library.models import Draft, DraftFile

MOST_FILES = 50
MOST_BYTES = 5 * 1024 * 1024
"""Bytes of one file; real models have some hundred thousand."""
MOST_TOGETHER = 10 * 1024 * 1024
MOST_NAME = 200
"""Characters of a file's name."""
KEPT = 20
"""Drafts of one person; the one that was left alone longest goes."""
UNTOUCHED = timedelta(days=30)
"""After so long a draft is thrown away."""


def fitting(files: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """Uploaded files by name.

    Raises:
        Invalid: none, too many, too large, two of one name, or a name that is too long.
    """
    problem = ""
    if not files:
        problem = _("Choose at least one file.")
    elif len(files) > MOST_FILES:
        problem = _("At most %d files go together.") % MOST_FILES
    for name, content in files:
        if len(content) > MOST_BYTES:
            most = MOST_BYTES // 1024**2
            problem = _("%(name)s is too large: at most %(most)d MB.") % {"name": name, "most": most}
        elif len(name) > MOST_NAME:
            problem = _("The name of a file has at most %d characters.") % MOST_NAME
    if sum(len(content) for _name, content in files) > MOST_TOGETHER:
        problem = _("The files are too large: together at most %d MB.") % (MOST_TOGETHER // 1024**2)
    found = dict(files)
    if len(found) < len(files):
        problem = _("Two files have the same name.")
    if problem:
        raise Invalid({"files": problem})
    return found


@transaction.atomic
def begin(by: Person, files: Sequence[tuple[str, bytes]]) -> Draft:
    """Keeps files to be looked at."""
    permissions.require(by, "process.check")
    found = fitting(files)
    Draft.objects.filter(changed__lt=timezone.now() - UNTOUCHED).delete()
    for old in by.drafts.all()[KEPT - 1 :]:
        old.delete()
    draft = Draft.objects.create(person=by)
    _keep(draft, found)
    return draft


@transaction.atomic
def add(by: Person, pk: int, files: Sequence[tuple[str, bytes]]) -> None:
    """Adds files to a draft; one of the same name takes the place of the one before."""
    draft = Draft.objects.select_for_update().get(pk=queries.one(by, pk).pk)
    found = fitting(files)
    kept = {name: content for name, content in queries.contents(draft).items() if name not in found}
    fitting([*kept.items(), *found.items()])
    draft.files.filter(name__in=found).delete()
    _keep(draft, found)
    draft.save()


def _keep(draft: Draft, files: Mapping[str, bytes]) -> None:
    DraftFile.objects.bulk_create(DraftFile(draft=draft, name=name, content=content) for name, content in files.items())


@transaction.atomic
def remove(by: Person, pk: int, name: str) -> None:
    """Takes a file out of a draft; the draft goes with its last one."""
    draft = Draft.objects.select_for_update().get(pk=queries.one(by, pk).pk)
    draft.files.filter(name=name).delete()
    if not draft.files.exists():
        draft.delete()


def deploy(by: Person, organisation: Organisation, files: Mapping[str, bytes]) -> Deployment:
    """Makes the files the newest version of the pack they describe: engagements whose terms name it can start it.

    Raises:
        PackError: with every problem of the pack.
        Invalid: there is no ``pack.yaml``, or its id is that of a pack that comes with Anyshore.
    """
    permissions.organisation(by, organisation.key, "process.deploy")
    if organisation.kind != Organisation.Kind.PROVIDER:
        raise Invalid({"organisation": _("Choose a provider.")})
    if "pack.yaml" not in files:
        raise Invalid({"files": _("There is no pack.yaml, which says what the files are together.")})
    problems = [problem for problem in examining.examine(files).problems if problem.severity == "error"]
    if problems:
        raise PackError.of(problems)
    pack = uploads.read(files, uploads.id_of(files["pack.yaml"]))
    if any(folder.name == pack.id for folder in reading.find()):
        raise Invalid({"id": _("“%s” comes with Anyshore. Choose another id.") % pack.id})
    runtime = host()
    with transaction.atomic():
        found = runtime.deploy(own_packs.name(organisation.key, pack.id), files)
        reference = f"{pack.id} {found.number}"
        audit.record(by, "process.deployed", reference, organisation=organisation, files=sorted(files))
    return found


@transaction.atomic
def put_to_use(by: Person, pk: int, organisation: Organisation, given: Mapping[str, Any]) -> Deployment:
    """Deploys a draft, and throws it away.

    Args:
        by: whose draft it is.
        pk: the draft.
        organisation: the provider whose pack it becomes.
        given: what ``pack.yaml`` would say where there is none: ``id``, ``kind``, ``title``, ``title_de``, ``starts``.

    Raises:
        PackError: with every problem of the pack.
        Invalid: what was given is not enough.
    """
    draft = Draft.objects.select_for_update().get(pk=queries.one(by, pk).pk)
    files = queries.contents(draft)
    if "pack.yaml" not in files:
        files["pack.yaml"] = described(given)
    found = deploy(by, organisation, files)
    draft.delete()
    return found


def described(given: Mapping[str, Any]) -> bytes:
    """A ``pack.yaml``.

    Raises:
        Invalid: the id is not of its form.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,79}", given["id"]):
        raise Invalid({"id": _("Use small letters, digits and hyphens, beginning with a letter.")})
    title = {"en": given["title"].strip(), "de": (given["title_de"] or given["title"]).strip()}
    data = {"id": given["id"], "kind": given["kind"], "title": title, "summary": dict(title), "starts": given["starts"]}
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()
