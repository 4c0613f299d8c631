"""Things that arrive, and a service that takes them in."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from anyshore.base.tables import Column
from anyshore.forms import Form
from anyshore.host.driver import Host
from anyshore.host.intake.parcels import Kind, Parcel, Place, Receipt, Unpacking
from anyshore.host.intake.receiving import receive
from anyshore.packs.rows import RowTable

PLACE = Place("mill", "letters", "Europe/Berlin", "somebody@example.org")
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
  <process id="letters" isExecutable="true">
    <startEvent id="s"><outgoing>a</outgoing></startEvent>
    <sequenceFlow id="a" sourceRef="s" targetRef="t"/>
    <userTask id="t"><incoming>a</incoming><outgoing>b</outgoing></userTask>
    <sequenceFlow id="b" sourceRef="t" targetRef="e"/>
    <endEvent id="e"><incoming>b</incoming></endEvent>
  </process>
</definitions>"""
ALL_WAYS = Unpacking(zip=True, gzip=True, mails=True, elements=frozenset({"{urn:x}letter"}))
LETTER = Kind(name="letter", files=True, endings=(".xml", ".pdf"), unpack=ALL_WAYS, largest=100_000)
ROWS = Kind(name="row", table=RowTable((Column("number", required=True), Column("amount", "number"))))


@dataclass(frozen=True)
class Service:
    """A pack as far as the intake is concerned."""

    intake: dict[str, Kind]
    id: str = "letters"
    starts: str = "process:letters"
    forms: dict[str, Form] = field(default_factory=dict)


def service(*kinds: Kind, **more: Any) -> Service:
    return Service({kind.name: kind for kind in kinds}, **more)


def deploy(host: Host) -> None:
    host.deploy("letters", {"letters.bpmn": PROCESS.encode()})


def deliver(host: Host, pack: Service, *parcels: Parcel, place: Place = PLACE) -> list[Receipt]:
    deploy(host)
    return list(receive(host, pack, place, parcels))


def file(name: str, content: bytes = b"<a/>", **more: Any) -> Parcel:
    return Parcel(name, content, "folder", **more)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED
            )  # made in 1980: always the same bytes
    return out.getvalue()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def mail(*attachments: tuple[str, bytes], subject: str = "Letters", text: str = "Dear all", id: str = "<1@x>") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Ada Example <ada@example.org>", "desk@example.org"
    message["Subject"], message["Message-ID"] = subject, id
    message.set_content(text)
    for name, content in attachments:
        if name.endswith(".eml"):
            message.add_attachment(message_from_bytes(content, policy=policy.default))
        else:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if attachments:
        inside = b"".join(content for _, content in attachments)
        message.set_boundary(f"={zlib.crc32(inside)}")  # not drawn at random: always the same bytes
    return message.as_bytes()
