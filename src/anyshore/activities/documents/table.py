"""The activities of document review."""

from __future__ import annotations

from anyshore.activities.activity import Activity, Family
from anyshore.activities.common.sheet import Sheet
from anyshore.activities.documents import assigning, packing, producing, reading, sampling

FAMILY = Family(
    activities=(
        Activity(
            "documents.read",
            "Reads a delivery into families, threads and duplicates, and marks what counsel wrote or received.",
            reading.read,
            reading.ReadInput,
            reading.ReadOutcome,
            reads_documents=True,
        ),
        Activity(
            "documents.assign",
            "Makes batches for the first level; no family is ever split, copies are coded once.",
            assigning.assign,
            assigning.AssignInput,
            assigning.AssignOutcome,
        ),
        Activity(
            "documents.sample",
            "Says what is read at the second level: all that is privileged or in doubt, and a sample.",
            sampling.sample,
            sampling.SampleInput,
            sampling.SampleOutcome,
        ),
        Activity(
            "documents.produce",
            "Makes the production set with Bates numbers, and the privilege log; nothing privileged is in the set.",
            producing.produce,
            producing.ProduceInput,
            producing.ProduceOutcome,
            reads_documents=True,
        ),
        Activity(
            "documents.show-set",
            "Shows the production set as a sheet, a line per document.",
            packing.show,
            producing.ProduceInput,
            Sheet,
            reads_documents=True,
        ),
        Activity(
            "documents.pack",
            "Packs the production set as a ZIP with load files, texts, privilege log and hashes.",
            packing.pack,
            packing.PackInput,
            packing.PackOutcome,
            reads_documents=True,
        ),
    ),
)
