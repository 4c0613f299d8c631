"""Two names of companies are one where their words agree, and the reasons are told."""

from __future__ import annotations

import pytest

from anyshore.entities.names import compare

SAME = [
    ("Nordwind Logistik AG", "Nordwind Logistik Aktiengesellschaft"),
    ("ООО «Северный ветер»", "Severnyi Veter LLC"),
    ("Harbour & Sons Ltd.", "Harbour and Sons Limited"),
    ("X.Y.Z. Company", "XYZ Co."),
    ("Blue Water Shipping", "Bluewater Shipping Inc."),
    ("Intl Paper Mills", "International Paper Mills"),
    ("Depot Twenty-One GmbH", "Depot 21"),
    ("Alpine Tractors JOINT STOCK COMPAN", "JSC Alpine Tractors"),
    ("Societe Generale de Surveillance", "Société Générale de Surveillance S.A."),
    ("NRA", "Northern Railway Authority"),
    ("Kristall Glaswerke", "Crystall Glaswerke GmbH"),
    ("Meridian Foods / Southern Foods", "Southern Foods plc"),
    ("Meridian Foods Italia S.r.l.", "Meridian Foods"),
]
OTHER = [
    ("Nordwind Logistik AG", "Nordwind Logistik GmbH"),
    ("PRO Transport SRL", "CON Transport SRL"),
    ("Alpine Missiles", "Alpine Missives"),
    ("Harbour Systems Ltd", "Harbour Ltd"),
    ("X.Y.Z. Company", "Z.Y.X. Company"),
    ("Terminal 3", "Terminal 4"),
    ("Fund of Estonia", "Fund of Ethiopia"),
    ("Management Company", "Northern Management Company"),
    ("ООО «БОР»", "ООО «БОРОК»"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_company_under_two_names(one: str, other: str) -> None:
    found = compare(one, other)
    assert found.same, found.reasons_against
    assert found.reasons_for
    assert compare(other, one).same


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_companies_with_names_alike(one: str, other: str) -> None:
    found = compare(one, other)
    assert not found.same, found.reasons_for
    assert found.reasons_against
    assert not compare(other, one).same


def test_another_legal_form_is_told() -> None:
    assert "another legal form: stock and limited" in compare("Nordwind AG", "Nordwind GmbH").reasons_against


@pytest.mark.parametrize("name", ["", "…", "GmbH", "()", "/", "AG & Co. KG"])
def test_a_name_without_a_word_is_compared_all_the_same(name: str) -> None:
    assert isinstance(compare(name, "Nordwind AG").same, bool)
