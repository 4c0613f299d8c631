"""The XML namespaces of DMN 1.1 to 1.6."""

from __future__ import annotations

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
VERSION_OF = {uri: version for version, uri in MODEL.items()}


def is_feel(language: str | None) -> bool:
    """Whether an ``expressionLanguage`` means FEEL: left out, a URI of the specification's, or the word itself."""
    # Tools write the URIs with and without a slash at the end, and of drafts.
    return not language or ("omg.org/spec/" in language and "FEEL" in language) or language.strip().lower() == "feel"
