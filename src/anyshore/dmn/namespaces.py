"""The XML namespaces of DMN 1.1 to 1.6."""

from __future__ import annotations

import re

MODEL = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "1.6": "https://www.omg.org/spec/DMN/20240513/MODEL/",
}
# The diagram namespace did not change with 1.4 and 1.6.
DIAGRAM = {
    "1.2": "http://www.omg.org/spec/DMN/20180521/DMNDI/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "1.4": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/DMNDI/",
    "1.6": "https://www.omg.org/spec/DMN/20230324/DMNDI/",
}
FEEL = {
    "1.1": "http://www.omg.org/spec/FEEL/20140401",
    "1.2": "http://www.omg.org/spec/DMN/20180521/FEEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/FEEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/FEEL/",
    "1.6": "https://www.omg.org/spec/DMN/20240513/FEEL/",
}
# What tools wrote before the URI of DMN 1.1 had settled: the modeller of Camunda until 1.10, Flowable, drafts.
_OF_DMN_11 = ("DMN/20151101/dmn11.xsd", "DMN/20151101", "DMN/20151101/MODEL", "DMN/20151130", "DMN/20150901/dmn.xsd")


def _bare(uri: str) -> str:
    """A URI without what tools write now so, now so: http or https, and a slash at the end."""
    return re.sub(r"^https?://", "", uri.strip().rstrip("/")).casefold()


_VERSION_OF = {_bare(uri): version for version, uri in MODEL.items()}
_VERSION_OF |= {_bare(f"www.omg.org/spec/{name}"): "1.1" for name in _OF_DMN_11}


def version_of(uri: str | None) -> str | None:
    """The version whose model namespace a URI is or was meant to be; None where it is another's."""
    return _VERSION_OF.get(_bare(uri or ""))


def is_feel(language: str | None) -> bool:
    """Whether an ``expressionLanguage`` means FEEL: left out, a URI of the specification's, or the word itself."""
    # Tools write the URIs with and without a slash at the end, and of drafts.
    return not language or ("omg.org/spec/" in language and "FEEL" in language) or language.strip().lower() == "feel"
