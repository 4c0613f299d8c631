"""The activities of electronic invoices."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.einvoice import picture, responding, tasks

FAMILY = Family(
    activities=(
        Activity(
            "einvoice.read",
            "Reads an electronic invoice (UBL, CII, Factur-X) into the model of EN 16931.",
            tasks.read_task,
            tasks.DocumentInput,
            tasks.ReadOutcome,
            reads_documents=True,
        ),
        Activity(
            "einvoice.validate",
            "Checks an electronic invoice against its schema and the official rules.",
            tasks.validate_task,
            tasks.DocumentInput,
            tasks.ValidateOutcome,
            reads_documents=True,
        ),
        Activity(
            "einvoice.suggest",
            "Says what the text of a PDF without electronic invoice says, for a person who looks at it.",
            tasks.suggest_task,
            tasks.DocumentInput,
            picture.Suggestion,
            reads_documents=True,
        ),
        Activity(
            "einvoice.respond",
            "Answers the sender of an invoice: Peppol Invoice Response as a file, and a mail in German and English.",
            responding.respond_task,
            responding.RespondInput,
            responding.RespondOutcome,
            reads_documents=True,
        ),
    ),
)
