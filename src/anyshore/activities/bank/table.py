"""The activities of bank reconciliation, the records they keep, and the files their reference data comes in."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.bank import importing, open_items, settling, suggesting
from anyshore.activities.common import postings

_OPEN = (open_items.KIND, open_items.MATCH, open_items.UNDO)

FAMILY = Family(
    activities=(
        Activity(
            "bank.read-statement",
            "Reads MT940, MT942, CAMT or a table by its layout and proves it by its balances; keeps nothing.",
            importing.read_statement,
            importing.ReadInput,
            importing.ReadOutcome,
            reads_documents=True,
            reads=(importing.LAYOUT, importing.STATEMENT, importing.LINE),
        ),
        Activity(
            "bank.import-statement",
            "Reads a file of statements and keeps each of its lines once.",
            importing.import_statement,
            importing.ReadInput,
            importing.ReadOutcome,
            reads_documents=True,
            reads=(importing.LAYOUT, importing.STATEMENT, importing.LINE),
            writes=(importing.STATEMENT, importing.LINE),
        ),
        Activity(
            "bank.match",
            "Says what the lines of a statement are for, and which may be booked without a person.",
            suggesting.match_lines,
            suggesting.MatchInput,
            suggesting.MatchOutcome,
            reads=_OPEN,
        ),
        Activity(
            "bank.choose",
            "Matches a line with the open items that a person names.",
            suggesting.choose,
            suggesting.ChooseInput,
            suggesting.ChooseOutcome,
            reads=_OPEN,
        ),
        Activity(
            "bank.book-match",
            "Books a match of a line with open items, once, unless they were settled in between.",
            settling.book_match,
            settling.BookInput,
            settling.BookOutcome,
            reads=_OPEN,
            writes=(open_items.MATCH, open_items.UNDO, postings.KIND),
        ),
        Activity(
            "bank.post-line",
            "Posts a line that is for no open item to an account, once.",
            settling.post_line,
            settling.PostInput,
            settling.BookOutcome,
            reads=(open_items.MATCH, open_items.UNDO),
            writes=(open_items.MATCH, open_items.UNDO, postings.KIND),
        ),
        Activity(
            "bank.undo-match",
            "Undoes a match: its items are open again and its posting is mirrored.",
            settling.undo_match,
            settling.UndoInput,
            settling.UndoOutcome,
            reads=(open_items.MATCH, open_items.UNDO, postings.KIND),
            writes=(open_items.UNDO, postings.KIND),
        ),
    ),
    records={
        open_items.KIND: "an open item of the client, key: its id",
        importing.LAYOUT: "how a bank writes a table of lines, key: number of the account",
        importing.LINE: "a line of a statement, key: what it is made of",
        importing.STATEMENT: "a statement that was read, key: account, number, id and balances",
        open_items.MATCH: "a line that was matched or posted, key: idempotency key of the job that booked it",
        open_items.UNDO: "a match that was undone, key: key of the match",
        postings.KIND: "a posting in the general ledger, key: idempotency key of the job that booked it",
    },
    readers={
        "bank.open-items": lambda content, file: open_items.rows(open_items.read_items(content, file)),
    },
)
