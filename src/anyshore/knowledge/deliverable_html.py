"""A composed deliverable as one HTML page: no scripts, nothing fetched, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from anyshore.knowledge.deliverables import Composed, day
from anyshore.knowledge.figure_evidence import resting, stated

_STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.5 Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto;
padding: 0 1rem; color: #111; }
h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2rem; }
dl.head { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; } dl.head dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9em; } th, td { text-align: left; vertical-align: top;
padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ccc; } td.number { text-align: right; white-space: nowrap; }
blockquote { margin: .2rem 0 .8rem; padding-left: .8rem; border-left: 3px solid #bbb; white-space: pre-wrap; }
code { font-size: .8em; overflow-wrap: anywhere; } a.cite { text-decoration: none; }
.draft { color: #a00; font-weight: bold; }
@page { margin: 22mm 20mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } a { color: inherit; } h2 { break-after: avoid; }
tr, li { break-inside: avoid; } section.appendix { break-before: page; } }
""".strip()


def render(composed: Composed) -> str:
    """The page. Every text of people or sources is escaped."""
    made = composed.deliverable
    words = composed.words
    body = [
        f"<h1>{escape(made.title)}</h1>", _head(composed), *_sections(composed), _claims(composed), _signoffs(composed),
        f'<section class="appendix"><h2>{escape(words["appendix"])}</h2>', *_citations(composed),
        "</section>", *_figures(composed),
        f"<h2>{escape(words['sources'])}</h2>",
        _table([words["document"], "SHA-256"], [[escape(n), f"<code>{escape(h)}</code>"] for n, h in composed.sources]),
    ]  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="{escape(made.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(made.title)}</title>\n'
        f"<style>\n{_STYLE}\n</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _head(composed: Composed) -> str:
    made, words = composed.deliverable, composed.words
    rows = [
        (words["client"], escape(made.client)),
        (words["reference"], escape(made.reference)),
        (words["version"], escape(made.version)),
        (words["date"], escape(day(made.at, made.zone, made.language))),
        (words["hash"], f"<code>{composed.content}</code>"),
    ]
    listed = "".join(f"<dt>{escape(term)}</dt><dd>{value}</dd>" for term, value in rows)
    draft = "" if made.signoffs else f'<p class="draft">{escape(words["draft"])}</p>'
    return f'<dl class="head">{listed}</dl>{draft}'


def _sections(composed: Composed) -> list[str]:
    lines = []
    for section, paragraphs in zip(composed.deliverable.sections, composed.paragraphs, strict=True):
        lines.append(f"<h2>{escape(section.heading)}</h2>")
        lines += [f"<p>{escape(text)}{_cites(numbers)}</p>" for text, numbers in paragraphs]
    return lines


def _cites(numbers: Sequence[int]) -> str:
    return "".join(f' <a class="cite" href="#evidence-{number}">[{number}]</a>' for number in numbers)


def _claims(composed: Composed) -> str:
    words = composed.words
    if not composed.claims:
        return ""
    rows = [
        [
            escape(claim.text), escape(claim.author), f"{claim.confidence:.0%}",
            _cites(numbers).strip() + escape("".join(f" ({other})" for other in claim.rests_on)), escape(claim.id),
        ]
        for claim, numbers in composed.claims
    ]  # fmt: skip
    heads = [words["claim"], words["author"], words["confidence"], words["support"], "Id"]
    return f"<h2>{escape(words['findings'])}</h2>{_table(heads, rows)}"


def _signoffs(composed: Composed) -> str:
    made, words = composed.deliverable, composed.words
    if not made.signoffs:
        return ""
    rows = [
        [escape(s.person), escape(s.role), escape(s.qualification), escape(day(s.at, made.zone, made.language)),
         escape(s.statement)]
        for s in made.signoffs
    ]  # fmt: skip
    heads = [words["person"], words["role"], words["qualification"], words["date"], words["statement"]]
    return f"<h2>{escape(words['signatures'])}</h2>{_table(heads, rows)}"


def _citations(composed: Composed) -> list[str]:
    words = composed.words
    return [
        f'<div id="evidence-{cited.number}"><p>[{cited.number}] {escape(cited.source)}, {escape(words["page"])} '
        f"{cited.page}, {escape(words['characters'])} {cited.span.start}–{cited.span.end}</p>"
        f"<blockquote>{escape(cited.span.quote)}</blockquote></div>"
        for cited in composed.citations
    ]


def _figures(composed: Composed) -> list[str]:
    words = composed.words
    if not composed.figures:
        return []
    rows = [
        [f'<span id="figure-{escape(one.id)}">{escape(one.label or one.id)}</span>', escape(stated(one)),
         escape(one.period), escape(resting(one)), escape(one.id)]
        for one in composed.figures
    ]  # fmt: skip
    heads = [words["figure"], words["value"], words["period"], words["source"], "Id"]
    return [f"<h2>{escape(words['figures'])}</h2>{_table(heads, rows)}"]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; heads are escaped here, cells come escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
