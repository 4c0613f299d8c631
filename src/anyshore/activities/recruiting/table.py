"""The activities of recruiting, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.recruiting import applications, declaring, leaving, vacancies

FAMILY = Family(
    activities=(
        Activity(
            "recruiting.open",
            "Puts an approved vacancy on record; one that tells no range of pay or asks for earlier pay is refused.",
            vacancies.open_vacancy,
            vacancies.Vacancy,
            vacancies.OpenOutcome,
            reads=(vacancies.KIND,),
            writes=(vacancies.KIND,),
        ),
        Activity(
            "recruiting.find",
            "Looks a vacancy up, and whether a seat is left.",
            vacancies.find,
            vacancies.FindInput,
            vacancies.FindOutcome,
            reads=(vacancies.KIND, vacancies.SEAT),
        ),
        Activity(
            "recruiting.read",
            "Reads an application to sections, each with its place, and gives a first view without who it is.",
            applications.read,
            applications.ReadInput,
            applications.ReadOutcome,
            reads_documents=True,
        ),
        Activity(
            "recruiting.record",
            "Keeps an application on record by the digests of its documents.",
            applications.record,
            applications.RecordInput,
            applications.RecordOutcome,
            reads=(applications.KIND,),
            writes=(applications.KIND,),
        ),
        Activity(
            "recruiting.suggest",
            "Suggests the place of an application among those of its vacancy, with reasons; it decides nothing.",
            applications.suggest,
            applications.SuggestInput,
            applications.SuggestOutcome,
            reads_documents=True,
            reads=(vacancies.KIND, applications.KIND),
        ),
        Activity(
            "recruiting.hire",
            "Takes a seat of a vacancy for an application, once.",
            vacancies.hire,
            vacancies.HireInput,
            vacancies.HireOutcome,
            reads=(vacancies.KIND, vacancies.SEAT),
            writes=(vacancies.SEAT,),
        ),
        Activity(
            "recruiting.notice",
            "Says which period of notice holds and on which day the employment ends (§ 622 BGB).",
            leaving.notice_ends,
            leaving.NoticeInput,
            leaving.NoticeOutcome,
        ),
        Activity(
            "recruiting.keep",
            "Says until when an application is kept (§ 15 AGG, § 61b ArbGG).",
            leaving.keep,
            leaving.KeepInput,
            leaving.KeepOutcome,
        ),
        Activity(
            "recruiting.declare",
            "Notes what an applicant said of themselves for statistics, apart from the application.",
            declaring.declare,
            declaring.DeclareInput,
            declaring.DeclareOutcome,
            writes=(declaring.KIND,),
        ),
        Activity(
            "recruiting.impact",
            "Sums declarations up: selection rates, four-fifths rule, Fisher's exact test; small groups are not shown.",
            declaring.sum_up,
            declaring.ImpactInput,
            declaring.ImpactOutcome,
            reads=(declaring.KIND,),
        ),
    ),
    records={
        vacancies.KIND: "an approved vacancy, key: its number",
        vacancies.SEAT: "a seat a hire took, key: vacancy and number",
        applications.KIND: "an application by its digests, key: its reference",
        declaring.KIND: "what an applicant said for statistics, with nothing that says who",
    },
)
