"""The activities on articles, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.articles import finding

FAMILY = Family(
    activities=(
        Activity(
            "articles.find",
            "Finds the articles that answer a request, in any language, with the words that say so.",
            finding.find,
            finding.FindInput,
            finding.FindOutcome,
            reads=(finding.ARTICLE, finding.FLAG),
        ),
        Activity(
            "articles.use",
            "Links an article to the work it was used in; flags it where something is wrong or missing.",
            finding.use,
            finding.UseInput,
            finding.UseOutcome,
            reads=(finding.ARTICLE,),
            writes=(finding.USE, finding.FLAG),
        ),
    ),
    records={
        finding.ARTICLE: "an article, key: its id",
        finding.USE: "that an article was used in a piece of work, key: idempotency key of the job",
        finding.FLAG: "what somebody found wrong with an article, key: idempotency key of the job",
    },
)
