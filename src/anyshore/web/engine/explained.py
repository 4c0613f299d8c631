"""What the code of an incident means, for readers of another language than English, in which its message stands."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from anyshore.web.core.reader import language

EXPLANATIONS: Mapping[str, object] = {
    "activity.failed": gettext_lazy("The automatic task failed several times. Mend the cause, then try again."),
    "activity.key-reused": gettext_lazy("The automatic task was to keep something under a key that is in use."),
    "plain.missing-field": gettext_lazy("The automatic task was not given a value it needs."),
    "plain.no-value": gettext_lazy("The automatic task was given a value it cannot take."),
    "activity.unknown": gettext_lazy("The process asks for an automatic task that is not installed here."),
    "plain.unknown-field": gettext_lazy("The automatic task was given a value it does not know."),
    "plain.wrong-type": gettext_lazy("The automatic task was given a value of the wrong kind."),
    "bpmn.bad-cardinality": gettext_lazy("How often a task shall run is no whole number."),
    "bpmn.bad-timer": gettext_lazy("The time a timer shall wait for cannot be understood."),
    "bpmn.blocked": gettext_lazy(
        "What the process waits for cannot come any more: cancel it, or move it to a newer version."
    ),
    "bpmn.condition-not-boolean": gettext_lazy("A condition is neither true nor false: a variable is missing."),
    "bpmn.expression-failed": gettext_lazy("An expression of the process could not be computed."),
    "bpmn.no-collection": gettext_lazy("What a task shall run for, one by one, is no list."),
    "bpmn.no-flow": gettext_lazy("No condition of the ways on is true, and there is no way for all other cases."),
    "bpmn.no-result-variable": gettext_lazy("A task gave a value, and the process names no variable for it."),
    "case.endless-repetition": gettext_lazy("A plan item was repeated over and over without waiting for anything."),
    "case.no-reference": gettext_lazy("What a task of the case calls is no name."),
    "case.stands-still": gettext_lazy("What should be tried again stands still: it has been suspended since."),
    "case.timer": gettext_lazy("The time a timer of the case shall wait for cannot be understood."),
    "decision.unknown": gettext_lazy("The process asks for a decision that is not among its files."),
    "definition.unknown": gettext_lazy("A process or case that is called is not there."),
    "dmn.input-missing": gettext_lazy("A decision was not given an input it needs."),
    "dmn.input-value": gettext_lazy("A decision was given a value that its table does not allow."),
    "dmn.not-any": gettext_lazy("Several rules of a decision fit and say different things."),
    "dmn.not-unique": gettext_lazy("Several rules of a decision fit where only one may."),
    "dmn.output-type": gettext_lazy("A decision gave a value of another kind than it says."),
    "dmn.type": gettext_lazy("A decision was given a value of the wrong kind."),
    "dmn.type-error": gettext_lazy("A decision gave a value of another kind than it says."),
    "document.encrypted": gettext_lazy("The document is protected by a password."),
    "document.no-text": gettext_lazy("The document holds pictures of text only: run text recognition first."),
    "document.too-costly": gettext_lazy("The document would take too much time or memory to read."),
    "document.too-large": gettext_lazy("The document has more pages or text than is read."),
    "document.unknown": gettext_lazy("The document is not in the store."),
    "document.unreadable-pdf": gettext_lazy("The PDF is damaged."),
    "einvoice.no-rules": gettext_lazy("The rules for electronic invoices are not installed."),
    "einvoice.rules-failed": gettext_lazy("The rules for electronic invoices cannot be evaluated on this document."),
    "feel.budget": gettext_lazy("An expression takes more time, memory or depth than it may."),
    "feel.division-by-zero": gettext_lazy("An expression divides by zero."),
    "feel.operand": gettext_lazy("An expression uses values that do not go together: often a variable is missing."),
    "feel.unknown-name": gettext_lazy("An expression names a variable that is not there."),
    "instance.endless": gettext_lazy("The process or case goes round in a circle without waiting for anything."),
    "process.no-start": gettext_lazy("The process that is called does not start by itself."),
    "process.unknown-start": gettext_lazy("The process that is called does not start at this event."),
    "store.bad-command": gettext_lazy("A stored command cannot be read: restore the database from a backup."),
    "store.bad-records": gettext_lazy("Stored records cannot be read: restore the database from a backup."),
    "store.bad-state": gettext_lazy("A stored state cannot be read: restore the database from a backup."),
    "store.bad-value": gettext_lazy("A stored value cannot be read: restore the database from a backup."),
    "value.too-deep": gettext_lazy("A value nests too deep to be kept."),
    "value.too-large": gettext_lazy(
        "A value is too large to be kept: written out, it is longer than 2 MB or holds more than 200,000 parts."
    ),
}  # fmt: skip
"""The code of an incident → a sentence that is true of every incident of that code."""


def explanation(code: str | None) -> str:
    """The sentence for a code; empty where there is none, and in English, where the message itself says more."""
    known = "feel.budget" if (code or "").startswith("feel.budget.") else code
    found = EXPLANATIONS.get(known or "")
    if found is None or language() == "en":
        return ""
    return str(found)
