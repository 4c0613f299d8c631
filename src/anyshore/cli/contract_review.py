"""``anyshore run contract-review``: contracts from a case per file to signed memos."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.files import read as read_file
from anyshore.base.locations import Location
from anyshore.cli import engagements, output
from anyshore.host.driver import Host, NewWork
from anyshore.knowledge import documents, marked_clauses
from anyshore.knowledge.anchors import Refusal, SourceIndex, anchor
from anyshore.knowledge.marked_clauses import MarkedContract
from anyshore.packs import reading

if TYPE_CHECKING:
    from anyshore.web.core.models import Engagement, Person

SERVICE = "contract-review"
OVERLOOKED = 10
"""In a played run the second reviewer overlooks one marked clause in so many, chosen by a digest of its name."""

MINUTES = {"check_conflicts": 10, "agree_scope": 20, "first_review": 90, "second_review": 75, "write_memo": 45}
"""Minutes of expert work a played run notes per task. Assumed, not measured: nobody works in a played run."""


@dataclass(slots=True)
class Report:
    """What came of a run.

    Attributes:
        opened: contracts a case was opened for in this run or an earlier one.
        signed: cases with a signed memo.
        findings: findings with evidence.
        anchored: quotations found in their contract.
        refused: quotations that do not stand in their contract, by contract: (name, clause kind, message).
        disagreements: cases that went to adjudication.
        planned: tasks added at run time.
        open_work: what waits for people in cases that were only opened.
        memos: where the deliverables were written.
        problems: files that could not be used.
        seconds: wall-clock time.
        played: whether marked clauses stood in for reviewers.
    """

    opened: int = 0
    signed: int = 0
    findings: int = 0
    anchored: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    disagreements: int = 0
    planned: int = 0
    open_work: list[tuple[str, str]] = field(default_factory=list)
    memos: list[str] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    seconds: float = 0.0
    played: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        names = ("opened", "signed", "findings", "anchored", "disagreements", "planned", "memos", "played")
        return {name: getattr(self, name) for name in names} | {
            "refused": [{"contract": c, "clause": k, "message": m} for c, k, m in self.refused],
            "open_work": [{"contract": c, "task": t} for c, t in self.open_work],
            "problems": [p.as_dict() for p in self.problems],
            "seconds": round(self.seconds, 2),
        }


def command(
    files: Annotated[list[Path] | None, typer.Argument(help="Contracts: text or PDF.")] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of real files: takes its legal/cuad contracts with their marks."),
    ] = None,
    marked: Annotated[
        Path | None,
        typer.Option("--marked", help="Table of marked clauses (CUAD's master_clauses.csv): they play the reviewers."),
    ] = None,
    contracts: Annotated[int | None, typer.Option(help="At most so many contracts.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the memos; var/deliverables if left out.")
    ] = None,
    engagement: engagements.EngagementOption = None,
    json: output.Json = False,
) -> None:
    """Open a case per contract; with marked clauses, play it through to the signed memo.

    Without files, the samples of the pack are reviewed. Without marked clauses the cases wait for people: experts find
    their tasks under "My work" in the pages.
    """
    with output.failing():
        host, key, zone = engagements.ready(SERVICE, engagement)
        folder, table = _inputs(files, data, marked)
        report = run(host, key, zone, _files(files, folder)[:contracts], table, out)
    if json:
        output.document(report.as_dict())
    else:
        show(report, "Contract review")
    if report.problems:
        raise typer.Exit(1)


def _inputs(files: list[Path] | None, data: Path | None, marked: Path | None) -> tuple[Path | None, Path | None]:
    """The folder of contracts and the table of marks."""
    if data is not None:
        cuad = data / "legal" / "cuad" if (data / "legal" / "cuad").is_dir() else data
        return cuad / "contracts", marked or cuad / "master_clauses.csv"
    if files:
        return None, marked
    samples = reading.named(SERVICE).folder / "samples"
    return samples, marked or samples / "marked-clauses.csv"


def _files(files: list[Path] | None, folder: Path | None) -> list[Path]:
    if folder is None:
        return list(files or [])
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".txt", ".pdf"))
    if not found:
        raise DataError("review.no-contracts", f"There is no contract in {folder}.", Location(str(folder)))
    return found


def demonstrate(host: Host, key: str, zone: str, data: Path | None, contracts: int) -> None:
    """The sample contract, and where real contracts are at hand, as many of them as asked for."""
    folder, table = _inputs(None, None, None)
    show(run(host, key, zone, _files(None, folder), table, None), "Contract review: shipped sample")
    if data is not None and (data / "legal" / "cuad").is_dir():
        folder, table = _inputs(None, data, None)
        found = run(host, key, zone, _files(None, folder)[:contracts], table, None)
        show(found, "Contract review: real contracts")


def run(host: Host, key: str, zone: str, files: Sequence[Path], table: Path | None, out: Path | None) -> Report:
    """Opens a case per contract and plays those that lawyers have marked.

    A contract that cannot be read is reported, and the others go on. Started again, finished cases stay as they are.
    """
    from django.conf import settings

    from anyshore.web.core.models import Engagement

    begun = time.monotonic()
    pack = reading.named(SERVICE)
    host.deploy(pack.id, pack.definitions)
    marks = _marks(table, files)
    report = Report(played=bool(marks))
    engagement = Engagement.objects.get(key=key)
    folder = out or Path(settings.HOME) / "deliverables"
    folder.mkdir(parents=True, exist_ok=True)
    with output.progress("Reviewing", len(files)) as advance:
        for number, path in enumerate(files, 1):
            try:
                source = documents.read(read_file(path), path.name)
            except DataError as problem:
                report.problems += problem.diagnostics
                continue
            instance = _open(host, key, zone, path)
            host.work()
            report.opened += 1
            if path.name in marks:
                _Played(host, engagement, instance, source, marks[path.name], report, folder).play(extra=number == 1)
            else:
                report.open_work += [(path.name, row.element) for row in _work(host, key, instance)]
            advance(number)
    report.seconds = time.monotonic() - begun
    return report


def _marks(table: Path | None, files: Sequence[Path]) -> dict[str, MarkedContract]:
    """The marked clauses by contract file."""
    if table is None:
        return {}
    rows = {row.filename: row for row in marked_clauses.read(table, file=str(table))}
    names = marked_clauses.match_names(rows, [path.name for path in files])
    return {name: rows[filename] for filename, name in names.items() if name is not None}


def _open(host: Host, key: str, zone: str, path: Path) -> int:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    variables = {
        "document": digest, "name": path.name, "contract": digest,
        "brief": {"question": "Which of the usual clauses are in this contract, and what do they say?"},
        "documents": [{"document": digest, "name": path.name}],
    }  # fmt: skip
    new = NewWork(
        "case:contract-review", variables, engagement=key, service=SERVICE, reference=path.name, zone=zone,
        documents={digest: (path.name, content)},
    )  # fmt: skip
    (instance,) = host.start_all([new])
    return instance


def _work(host: Host, key: str, instance: int) -> list[Any]:
    from anyshore.web.engine.models import Wait

    return list(Wait.objects.filter(instance=instance, kind="work").order_by("wait"))


@dataclass(slots=True)
class _Played:
    """One case played through by the people of the demonstration, with the lawyers' marks as their answers."""

    host: Host
    engagement: Engagement
    instance: int
    source: documents.Source
    marked: MarkedContract
    report: Report
    folder: Path

    def play(self, *, extra: bool) -> None:
        """Every open task in turn, by the person whose it is, through the same actions as the pages."""
        from anyshore.web.engine.models import Instance
        from anyshore.web.work import actions, findings

        row = Instance.objects.get(pk=self.instance)
        if row.status == "ended":
            self._count(row)
            return
        lead, second, adjudicator = self._experts()
        begun = "check_conflicts" not in self._open()  # by an earlier run, that planned what it needed
        if not begun and (extra or not self.marked.answers.get("Governing Law", _NONE).passages):
            reason = (
                "The contract names no law that governs it." if not extra else "Which side does the client stand on?"
            )
            if "ask_client" not in self._open():
                actions.plan(lead, self.instance, "plan", reason, element="ask_client", data={"roles": ["lead"]})
                self.report.planned += 1
        if "ask_client" in self._open():
            self._do(lead, "ask_client", question="Which side?", answer="(no answer in a played run)")
        self._do(lead, "check_conflicts", clear="yes")
        self._do(lead, "agree_scope", scope="All clause kinds of the playbook")
        self._review(lead, "first_review", lambda kind: True)
        self._review(second, "second_review", self._seen)
        self._adjudicate(adjudicator)
        claims, lost = marked_clauses.findings(self.marked, self.source, author=lead.name, at=self.host.clock())
        self.report.refused += [(self.source.name, one.kind, one.refusal.message) for one in lost]
        findings.add_all(lead, self.instance, claims)
        self._do(lead, "write_memo", memo=f"{len(claims)} of {len(self.marked.answers)} clause kinds were found.")
        self._do(lead, "sign_off", opinion="Every finding rests on the words quoted.")
        self._count(Instance.objects.get(pk=self.instance))

    def _experts(self) -> tuple[Person, Person, Person]:
        from anyshore.web.core.models import Person, Role

        people = Person.objects.filter(memberships__role=Role.EXPERT, assignments__engagement=self.engagement)
        first, second, third = people.order_by("pk")[:3]
        return first, second, third

    def _review(self, person: Person, element: str, sees: Callable[[str], bool]) -> None:
        """One reviewer answers every clause of the playbook by the marks, with the marked passages as quotations."""
        from anyshore.web.review import actions, playbooks
        from anyshore.web.work import actions as work

        wait = self._open().get(element)
        if wait is None:
            return
        work.take(person, self.instance, wait)
        book = playbooks.of(reading.named(SERVICE))
        assert book is not None
        index = SourceIndex(self.source)
        for kind, clause in book.clauses.items():
            mark = self.marked.answers.get(kind, _NONE)
            quotes = [quote for quote in mark.passages if not isinstance(anchor(index, quote, in_order=False), Refusal)]
            value, reason = playbooks.ABSENT, ""
            if quotes and sees(kind):
                value, reason = clause.answer_for(f"{mark.answer} {' '.join(quotes)}"), mark.answer
            actions.draft(person, self.instance, wait, kind, value, reason=reason, quotes=quotes, near=0)
        actions.finish(person, self.instance, wait, str(MINUTES[element]))
        self.host.work()

    def _seen(self, kind: str) -> bool:
        return bool(hashlib.sha256(f"{self.source.name}/{kind}".encode()).digest()[0] % OVERLOOKED)

    def _adjudicate(self, person: Person) -> None:
        """The adjudicator follows the reviewer who quotes the contract."""
        from anyshore.web.review import actions, playbooks, queries
        from anyshore.web.work import actions as work

        wait = self._open().get("adjudicate")
        if wait is None:
            return
        work.take(person, self.instance, wait)
        for card in queries.differences(person, self.instance, wait)["cards"]:
            if card["decision"] is None:
                given = next(answer.value for _, _, answer in card["given"] if answer.value != playbooks.ABSENT)
                reason = "The passage stands in the contract: see the quotation."
                actions.adjudicate(person, self.instance, wait, card["kind"], given, reason)
        actions.finish_adjudication(person, self.instance, wait)
        self.host.work()

    def _open(self) -> dict[str, int]:
        return {row.element: row.wait for row in _work(self.host, self.engagement.key, self.instance)}

    def _do(self, person: Person, element: str, **answers: str) -> None:
        from anyshore.web.work import actions, acts, queries

        wait = self._open().get(element)
        if wait is None:
            return  # done in an earlier run
        if element in MINUTES:
            answers["minutes"] = str(MINUTES[element])
        actions.take(person, self.instance, wait)
        item, row, engagement = queries.item(person, self.instance, wait)
        actions.complete(person, self.instance, wait, answers, acts.shown(item.form, row, engagement))
        self.host.work()

    def _count(self, row: Any) -> None:
        """Adds what the store holds of the case, and writes its memo."""
        from anyshore.knowledge import deliverable_html, deliverable_pdf
        from anyshore.web.engine import queries
        from anyshore.web.work import deliverable, findings

        claims = findings.claims_of(row)
        self.report.findings += len(claims)
        self.report.anchored += sum(len(claim.evidence) for claim in claims)
        self.report.disagreements += queries.variables(row).get("disagreement") is True
        made = deliverable.report(row, self.engagement)
        if made is None:
            return
        self.report.signed += bool(made.composed.deliverable.signoffs)
        stem = self.folder / Path(row.reference).stem
        stem.with_name(stem.name + ".html").write_text(deliverable_html.render(made.composed), encoding="utf-8")
        stem.with_name(stem.name + ".pdf").write_bytes(deliverable_pdf.render(made.composed))
        self.report.memos.append(str(stem) + ".html")


_NONE = marked_clauses.MarkedAnswer(())


def show(report: Report, title: str) -> None:
    """Prints the report as tables."""
    rows = [
        ("Contracts with a case", report.opened),
        ("Memos signed", report.signed),
        ("Findings", report.findings),
        ("  quotations found in their contract", report.anchored),
        ("  quotations refused", len(report.refused)),
        ("Cases adjudicated", report.disagreements),
        ("Tasks added at run time", report.planned),
        ("Seconds", f"{report.seconds:.1f}"),
    ]
    output.table(title, ("", "Count"), rows, right=(1,))
    if report.played:
        output.out.print(
            "The lawyers' marked clauses played the reviewers; the second one overlooks one clause in "
            f"{OVERLOOKED}. Minutes are assumed.",
            highlight=False,
        )
    if report.memos:
        output.out.print(f"Memos in {Path(report.memos[0]).parent} (HTML and PDF).", highlight=False)
    if report.refused:
        output.table("Refused quotations", ("Contract", "Clause", "Why"), report.refused[:10])
    if report.open_work:
        output.table("Waiting for people", ("Contract", "Task"), report.open_work[:20])
    output.problems(report.problems)
