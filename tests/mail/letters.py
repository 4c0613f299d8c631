"""Mails made for the tests."""

from __future__ import annotations

from anyshore.mail import message
from anyshore.mail.message import Mail


def mail(*headers: str, text: str = "Hello", end: str = "\r\n") -> Mail:
    """A mail with a From unless one is given."""
    head = [*headers]
    if not any(one.lower().startswith("from:") for one in head):
        head.append("From: Jo Miller <jo@customer.example>")
    return message.read((end.join([*head, "", ""]) + text).encode("utf-8"))


def report(*fields: str, text: str = "", subject: str = "Undelivered Mail Returned to Sender") -> Mail:
    """A report of delivery (RFC 3464)."""
    parts = [
        f"Content-Type: text/plain\r\n\r\n{text}",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.desk.example\r\n\r\n"
        + "\r\n".join(fields),
        "Content-Type: message/rfc822\r\n\r\nFrom: desk@desk.example\r\nTo: ann@other.example\r\n\r\nHello",
    ]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    kind = "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    return mail("From: MAILER-DAEMON@mx.desk.example", f"Subject: {subject}", "Return-Path: <>", kind, text=body)
