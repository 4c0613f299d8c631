"""The activities of website services, and the records they keep."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.website import caring, runs, times

FAMILY = Family(
    activities=(
        Activity(
            "website.follow",
            "Follows the findings of a site over one more run of checks: new, returned, fixed.",
            runs.follow,
            runs.FollowInput,
            runs.FollowOutcome,
            reads_documents=True,
            reads=(runs.CHANGE,),
            writes=(runs.CHANGE, runs.RUN),
        ),
        Activity(
            "website.availability",
            "Computes how long a site was up in a month, with maintenance, error budget and mean times.",
            times.month,
            times.AvailabilityInput,
            times.AvailabilityOutcome,
            reads=(times.SITE, times.LOOK, times.WINDOW),
        ),
        Activity(
            "website.weaknesses",
            "Finds which parts of a site have known weaknesses, from a bill of materials and advisories.",
            caring.weaknesses,
            caring.WeaknessesInput,
            caring.WeaknessesOutcome,
            reads_documents=True,
            reads=(caring.ADVISORY,),
        ),
        Activity(
            "website.compare",
            "Compares the last two runs of checks of a site: before and after a change.",
            caring.compare,
            caring.CompareInput,
            caring.CompareOutcome,
            reads=(runs.RUN,),
        ),
        Activity(
            "website.publish",
            "Gives a page a new version, or the one before, with two people.",
            caring.publish,
            caring.PublishInput,
            caring.PublishOutcome,
            reads=(caring.VERSION,),
            writes=(caring.VERSION,),
        ),
        Activity(
            "website.declare",
            "Drafts the accessibility declaration of a site from open findings; a person decides and signs.",
            caring.declare,
            caring.DeclareInput,
            caring.DeclareOutcome,
            reads=(runs.CHANGE,),
        ),
    ),
    records={
        runs.CHANGE: "a change of a finding, key: run and finding",
        runs.RUN: "a run of checks, key: the job that read it",
        caring.ADVISORY: "an advisory in OSV, key: its identifier",
        times.SITE: "a site that is watched, key: its name",
        times.LOOK: "a look at a site, key: site, probe and moment",
        times.WINDOW: "announced maintenance, key: site and beginning",
        caring.VERSION: "a version of a page, key: the job that published it",
    },
    readers={"website.advisories": caring.advisories},
)
"""What service tasks can name."""
