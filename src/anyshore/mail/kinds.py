"""Who a mail is from: a person, or a machine that must never be answered and opens no work.

Asked in this order: reports of delivery (RFC 3464), of abuse (RFC 5965) and of reading (RFC 8098); automatic answers
(RFC 3834, 5.1 and what came before it); reports in words alone. What stays is let in: mail of a person is never
refused for an odd header, and mail sent by a program on purpose (orders, forms) is work like any other, only never
answered automatically.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anyshore.mail import bounce_fields, bounces
from anyshore.mail.bounces import Failure
from anyshore.mail.message import Mail


@dataclass(frozen=True, slots=True)
class Kind:
    """What a mail is.

    Attributes:
        kind: ``person``, ``bounce``, ``report`` (of abuse), ``receipt`` (of reading), ``automatic`` (an automatic
        answer). why: what says so, for people.
        failures: of a bounce, what failed.
        answerable: whether an automatic answer may be sent (RFC 3834, 2): never to a machine or a list.
    """

    kind: str
    why: str
    failures: tuple[Failure, ...] = ()
    answerable: bool = False
    feedback: dict[str, str] = field(default_factory=dict)

    @property
    def opens_work(self) -> bool:
        """Whether it may open a ticket."""
        return self.kind == "person"


_DAEMONS = re.compile(
    r"(?i)\b(?:mailer[-_ ]?daemon|mail[-_ ]?daemon|mail ?delivery|mail (?:delivery )?(?:sub)?system|mailerdaemon|"
    r"bounces?@|"
    r"mail system|delivery (?:sub)?system|content-filter|email ?delivery|internet mail delivery|"
    r"mta@|mmdf|smtp gateway|mail gateway|notification@facebookmail|mailadmin)"
)
_OFFICES = re.compile(r"(?i)post[-_]?master|no-?reply|sysadmin|administrator|mailmaster|hostmaster|\bMDA\b|system")
"""Whom machines and people write as."""
_SURE, _ENOUGH = 2, 3
"""Its name or an empty return path are two signs that a mail system speaks: then one word is enough, else three
things are."""
_MACHINES_ONLY = re.compile(
    r"(?i)did not reach the following recipient|msexch|following address(?:es|\(es\))? (?:failed|had)|"
    r"permanent fatal errors|"
    r"delivery to the following|failure reasons|transcript of session|technical details of|final-recipient:|"
    r"reporting-mta:|"
    r"delivered to the following|following recipients? (?:could|was|were)|diagnostic information for|automated bounce|"
    r"do not reply to this (?:e-?mail|message)|smtp error from|remote host said|"
    r"this (?:is an automatically|message was created automatically)|message from \w+ messaging|action: failed|"
    r"送信できませんでした"
)
_NAMES_OF_REPORTS = re.compile(
    r"(?i)undeliverable (?:mail|message)|returned mail|mail delivery failed(?:: returning message to sender)?|"
    r"failure notice|"
    r"delivery status notification(?: \(\w+\))?|undelivered mail returned to sender|delivery failure|"
    r"mail system error - returned mail"
)
"""What no person writes, in the text or alone as subject."""
_RETURNED = re.compile(
    r"(?im)^\W*(?:-+ ?(?:original|returned|this is a copy)|original message|message headers? follow|"
    r"received:\s*(?:from|by))"
)
_SUBJECTS = re.compile(
    r"(?i)(?:undeliver|returned (?:mail|to sender|e-?mail)|return(?:ed)? message|mail delivery (?:fail|status|"
    r"system|sub)|delivery (?:status|fail|notif|report|has failed|problem|error|delay|unsuccessful|to )|"
    r"failure notice|failed (?:mail|delivery|message)|mail failed|returning to sender|"
    r"メールエラー|mail (?:system )?error|"
    r"could ?n[o']t (?:be )?deliver|not deliver|delivery failure|warning: (?:could not|message)|"
    r"message (?:delayed|status|you sent|could not|undeliver|delivery)|nondeliver|non-deliver|non remis|"
    r"unzustellbar|nicht zustellbar|no se puede entregar|mancato recapito|não entregue|onbestelbaar|"
    r"undelivered|bounce|notice: mail delivery|dsn|email delivery|mail failure|mail could not|rejected|"
    r"配信(?:不能|エラー|できません)|недоставлен|postmaster notify|aws notification|blocked)"
)
_BODY = re.compile(
    r"(?i)(?:could not be delivered|was not delivered|undeliverable|permanent (?:fatal )?error|"
    r"delivery (?:to the following|has failed|failed)|failed permanently|did not reach the following|"
    r"returned to sender|"
    r"wasn'?t able to deliver|unable to deliver|not be delivered|following (?:address|recipient)|has been rejected|"
    r"was rejected|550[ -]|554[ -]|user unknown|returned mail|rejected by|no valid recipients|failed addresses|"
    r"not a member of this mailing list|duplicated message-id|fatal errors|delivery error|mail delivery|"
    r"could not deliver|failed to deliver|"
    r"mailbox (?:is )?full|message (?:was )?(?:undeliver|delayed)|配信|送信できません|sorry to have to inform you|"
    r"wasn't delivered|群组|group you tried to contact|groups\.google)"
)
_LISTS = re.compile(r"(?i)not (?:a )?member of this mailing list|duplicated message-id|loop alert")
"""What a mailing list says to somebody whose mail it did not take."""
_AWAY = re.compile(
    r"(?i)^\W?(?:auto(?:matic|mated|matische|matisk|matica|mática|matyczna)?[- ]?(?:reply|response|answer|antwort|"
    r"respon|risposta|réponse|svar|odpowied|antwoord|resposta|respuesta|abwesenheit)\w*|automatische antwort|"
    r"out of (?:the )?office|abwesen|abwesenheitsnotiz|away (?:from|until)|on (?:vacation|holiday|leave)|vacation|"
    r"urlaub|réponse automatique|respuesta autom|risposta automatica|resposta autom|automatisch antwoord|autosvar|"
    r"automatiskt svar|automatisk svar|odpowiedź automatyczna|absence|fuera de (?:la )?oficina|fuori (?:sede|"
    r"ufficio)|ausencia|afwezig|frånvaro|fravær|poza biurem|nieobecno\w*|автоответ|不在)"
    r"\s*(?:$|[:;!.–(\[-]|from\b|until\b|till\b|bis\b|vom\b|ab\b|jusqu|hasta\b|fino\b|até\b|tot\b|do\b|till?\b)"
)


def of(mail: Mail) -> Kind:
    """What a mail is, and of a bounce what failed."""
    fields = bounce_fields.feedback(mail)
    if fields is not None:
        return Kind("report", "it carries a feedback report (RFC 5965)", feedback=fields)
    if bounce_fields.notification(mail):
        return _bounce(mail, "Amazon notifies of what became of a mail")
    if any(part.kind in bounce_fields.DISPOSITION for part in mail.parts):
        return Kind("receipt", "it says whether a mail was read (RFC 8098)")
    if _is_delivery_report(mail):
        return _bounce(mail, "it is a report of delivery (RFC 3464)")
    automatic = _automatic(mail)
    if _speaks_of_failure(mail):
        found = _bounce(mail, "a mail system says in words that a mail could not be delivered")
        if found.failures:
            return found
    if automatic:
        return Kind("automatic", automatic)
    return Kind("person", "nothing says that a machine answered", answerable=_answerable(mail))


def _bounce(mail: Mail, why: str) -> Kind:
    return Kind("bounce", why, tuple(bounces.read(mail)))


def _is_delivery_report(mail: Mail) -> bool:
    if mail.kind == "multipart/report" and mail.parameters.get("report-type", "").lower() == "delivery-status":
        return True
    return any(part.kind in ("message/delivery-status", "message/global-delivery-status") for part in mail.parts)


def _automatic(mail: Mail) -> str:
    """Why it is an automatic answer; empty where nothing says so. ``auto-generated`` alone is work: a program asks."""
    submitted = mail.header("auto-submitted").lower().partition(";")[0].split("(")[0].strip()
    if submitted.startswith(("auto-replied", "auto-notified")):
        return f"Auto-Submitted: {submitted} (RFC 3834)"
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-auto-reply-from",
        "x-autoresponder",
        "x-mail-autoreply",
        "x-autogenerated",
    ):
        value = mail.header(name).lower()
        if value and value not in ("no", "false", "0"):
            return f"{name}: {value[:40]}"
    if mail.header("precedence").lower() in ("auto_reply", "auto-reply"):
        return "Precedence: auto_reply"
    answers = bool(mail.references) or submitted == "auto-generated" or bool(mail.header("x-auto-response-suppress"))
    if _AWAY.search(mail.subject) and answers:
        return f"its subject is that of an automatic answer: {mail.subject[:60]}"
    if _AWAY.search(mail.subject) and _sent_by_nobody(mail):
        return "its subject is that of an automatic answer, and it has no return path"
    return ""


def _sent_by_nobody(mail: Mail) -> bool:
    path = mail.header("return-path").replace(" ", "").lower()
    return path == "<>" or path.startswith("<mailer-daemon")


def _speaks_of_failure(mail: Mail) -> bool:
    """Whether a mail system reports in words. No sign is enough by itself: people write of returned mail, too."""
    author = f"{mail.header('from')} {mail.header('sender')}"
    body = mail.text[:4000] or "\n".join(part.text[:2000] for part in mail.parts[:3])
    if mail.header("x-mlserver") and _LISTS.search(f"{mail.subject} {body[:300]}"):
        return True
    said = bool(_SUBJECTS.search(mail.subject)) + bool(_BODY.search(body))
    returns = any(part.kind in ("message/rfc822", "text/rfc822-headers") for part in mail.parts) or bool(
        _RETURNED.search(body)
    )
    signs = 2 * (_sent_by_nobody(mail) or bool(mail.header("x-failed-recipients")))
    signs += 2 * bool(_DAEMONS.search(author)) or bool(_OFFICES.search(author))
    machine = bool(_MACHINES_ONLY.search(body) or _NAMES_OF_REPORTS.fullmatch(mail.subject))
    return bool(said) if signs >= _SURE else bool(signs) and said + returns + machine >= _ENOUGH


def _answerable(mail: Mail) -> bool:
    submitted = mail.header("auto-submitted").lower().strip()
    precedence = mail.header("precedence").lower().strip()
    address = mail.answers_to.lower()
    silent = (
        (submitted and submitted != "no")
        or precedence in ("bulk", "junk", "list")
        or mail.header("list-id")
        or mail.header("list-unsubscribe")
        or mail.header("x-auto-response-suppress")
        or _sent_by_nobody(mail)
        or not address
        or address.startswith(
            ("no-reply@", "noreply@", "do-not-reply@", "donotreply@", "mailer-daemon@", "postmaster@")
        )
        or "-request@" in address
    )
    return not silent
