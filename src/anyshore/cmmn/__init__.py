"""Judgement work: cases by CMMN 1.1, run on the kernel.

``read`` takes CMMN XML, ``native.read`` a case template; both give a `Model`. ``link`` makes one of its cases ready,
`CaseEngine` runs it. ``write`` and ``native.dumps`` bring a model back to a file, ``revised`` makes a model of a live
case's plan. ``check`` lists all problems of a model.
"""

from anyshore.cmmn import native
from anyshore.cmmn.checks import check
from anyshore.cmmn.definition import Definition, Options
from anyshore.cmmn.edits import live_plan, revised
from anyshore.cmmn.engine import CaseEngine
from anyshore.cmmn.linking import link
from anyshore.cmmn.model import Case, Model
from anyshore.cmmn.opening import converted, open_file
from anyshore.cmmn.showing import Possible, offers
from anyshore.cmmn.xml_reader import read
from anyshore.cmmn.xml_writer import write

__all__ = [
    "Case",
    "CaseEngine",
    "Definition",
    "Model",
    "Options",
    "Possible",
    "check",
    "converted",
    "link",
    "live_plan",
    "native",
    "offers",
    "open_file",
    "read",
    "revised",
    "write",
]
