"""A case file is read and written in the form its ending names."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore import cmmn
from anyshore.base.errors import CmmnError
from anyshore.packs import reading


def test_a_template_becomes_xml_and_comes_back(tmp_path: Path) -> None:
    model = cmmn.open_file(reading.named("contract-review").folder / "case.yaml")
    xml, template = tmp_path / "case.cmmn", tmp_path / "case.yaml"
    xml.write_bytes(cmmn.converted(model, xml))
    template.write_bytes(cmmn.converted(cmmn.open_file(xml), template))
    assert [one.id for one in cmmn.open_file(template).cases] == [one.id for one in model.cases]
    with pytest.raises(CmmnError, match=r"'\.txt' is no form of a case"):
        cmmn.converted(model, tmp_path / "case.txt")
