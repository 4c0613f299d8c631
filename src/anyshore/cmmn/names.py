"""The words and namespaces of CMMN 1.1."""

from __future__ import annotations

CMMN = "http://www.omg.org/spec/CMMN/20151109/MODEL"
CMMN_1_0 = "http://www.omg.org/spec/CMMN/20131201/MODEL"
CMMNDI = "http://www.omg.org/spec/CMMN/20151109/CMMNDI"
ANYSHORE = "https://anyshore.org/cmmn"
"""Namespace of what our case templates say and CMMN has no attribute for: the form of a task, the activity of a job."""

FLOWABLE = "http://flowable.org/cmmn"
"""Namespace of Flowable, whose files write references as plain texts and criteria's ``sentryRef`` as their own."""

FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"
FEEL_LANGUAGES = frozenset(
    {
        FEEL,
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd/feel",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
    }
)

PLAN_ITEM_EVENTS = frozenset(
    {
        "create", "enable", "start", "disable", "reenable", "manualStart", "complete", "occur", "suspend", "resume",
        "parentSuspend", "parentResume", "parentTerminate", "fault", "reactivate", "terminate", "exit", "close",
    }
)  # fmt: skip
"""Standard events of plan items (5.4.6.1.1, Table 5.29) and ``parentTerminate`` of 8.4.3."""

FILE_EVENTS = frozenset(
    {
        "create", "update", "replace", "delete", "addChild", "removeChild", "addReference", "removeReference",
    }
)  # fmt: skip
"""Standard events of case file items (5.4.6.1.1, Table 5.28)."""

MULTIPLICITIES = frozenset({"ZeroOrOne", "ZeroOrMore", "ExactlyOne", "OneOrMore", "Unspecified", "Unknown"})


def local_name(reference: str) -> str:
    """The id a QName refers to, without its prefix."""
    return reference.rpartition(":")[2]
