"""The official suites through our own call; the whole of them is `python -m conformance en16931 DATA`."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("part", ["CreditNote-unit-UBL", "cii", "testfiles"])
def test_unit_tests_agree(data_dir: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from conformance import en16931

    score = en16931.run(data_dir / "einvoice/en16931-test" / part)
    assert score.failed == []
    assert score.total > 0


def test_xrechnung_business_cases_are_clean(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    from conformance import en16931

    score = en16931.run_xrechnung(data_dir)
    assert score.failed == []
    assert score.total == 66


def test_any_folder_of_the_shape_is_counted_to_its_end(
    tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken file is a failed case, another kind of document none, and what cannot be evaluated fails alone."""
    monkeypatch.syspath_prepend(ROOT)
    from conformance import en16931

    ubl = (samples / "01-matching-ubl.xml").read_text(encoding="utf-8").split("?>", 1)[1]
    test = (
        '<testSet xmlns="http://difi.no/xsd/vefa/validator/1.0"><test><assert><scope>BR-02</scope>{}</assert>{}</test>'
        "<!-- nothing --><test/></testSet>"
    )
    wrong = ubl.replace(">1558.19<", ">many<")
    for name, content in (
        ("a.xml", test.format("<success>BR-02</success>", ubl)),
        ("b.xml", test.format("<error>BR-CO-16</error><success>BR-02</success>", wrong)),
        ("c.xml", "<order/>"), ("d.xml", "<a"), ("e.xml", ubl), ("f.xml", wrong), ("deep/g.xml", "<!DOCTYPE a><a/>"),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    score = en16931.run(tmp_path)
    assert (score.passed, score.total) == (2, 7)
    assert [name.split(":")[0] for name in score.failed] == ["b.xml#1", "b.xml#1", "d.xml", "deep/g.xml", "f.xml"]
    assert score.extra == {"ubl_assertions": 3, "other_documents": 1, "whole_invoices": 2}
    found = en16931.run_xrechnung(tmp_path)
    assert (found.passed, found.total) == (2, 7)
