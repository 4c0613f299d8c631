"""Terms by a form: every pack's terms go through it unchanged, and what is entered is what terms say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import anyshore
from anyshore.params import marked
from anyshore.terms import reading
from anyshore.web.engagements import by_form, labels
from anyshore.web.engagements.yaml_text import written

pytestmark = pytest.mark.django_db

TERMS = sorted(Path(anyshore.__file__).parent.glob("services/*/*/terms.yaml"))
PAYABLES = next(one for one in TERMS if one.parent.name == "payables").read_text(encoding="utf-8")
PRICE = "f:services/payables/prices/0"


def entered(text: str) -> dict[str, list[str]]:
    form = by_form.form_of(text)
    assert form is not None
    return {
        f"f:{by_form.joined(one.path)}": one.value.split(", ") if one.kind == "many" else [one.value]
        for one in by_form.fields(form)
    }


@pytest.mark.parametrize("file", TERMS, ids=lambda one: one.parent.name)
def test_what_nobody_changes_stays(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert reading.loads(by_form.changed(text, entered(text))) == reading.loads(text)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.dates() | st.text(max_size=30)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-10**9, max_value=10**9, places=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=12), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
@example({"\x7f": "\x85\u2028"})
@example([[{"0": None}]])
def test_what_is_written_is_read_again(value: Any) -> None:
    document, problems = marked.load(written({"a": value}))
    assert problems == []
    assert document.data == {"a": value}


def test_what_is_entered_is_what_terms_say() -> None:
    values = entered(PAYABLES) | {
        "f:services/payables/minimum_charge": ["300,50"], "f:services/payables/prices/0/tiers/1/price": ["1.6"],
        "f:services/payables/objectives/decided/within/business_hours": [""],
        "f:services/payables/objectives/decided/within/hours": ["24"],
        "f:services/payables/objectives/decided/exclude/0/from/where": ["party = client | both"],
        "f:shores": ["onshore"], "f:end": ["2027-12-31"], "k:calendars/office": ["desk"],
        "f:services/payables/objectives/decided/calendar": [""],
    }  # fmt: skip
    found = reading.loads(by_form.changed(PAYABLES, values))
    service = found.services["payables"]
    assert service.minimum_charge == Decimal("300.50")
    assert service.prices[0].tiers[1].price == Decimal("1.6")
    assert (found.shores, str(found.end), list(found.calendars)) == (("onshore",), "2027-12-31", ["desk"])
    told = by_form.changed(PAYABLES, values)
    assert told.startswith("# Terms of a payables engagement.")
    assert "party: [client, both]" in told


def test_parts_are_added_and_removed() -> None:
    path = "services/payables"
    for do in (f"add:{path}/prices:hour", f"add:{path}/objectives:share", f"add:{path}/credits/bands/decided:"):
        added = by_form.changed(PAYABLES, entered(PAYABLES), do)
        assert len(added.splitlines()) > len(by_form.changed(PAYABLES, {}).splitlines())
    priced = by_form.changed(PAYABLES, {}, f"add:{path}/prices:hour")
    named = by_form.changed(
        priced, entered(priced) | {f"f:{path}/prices/1/name": ["Hour"], f"f:{path}/prices/1/price": ["90"]}
    )
    assert reading.loads(named).services["payables"].prices[1].name == "Hour"
    assert reading.loads(by_form.changed(named, {}, f"remove:{path}/prices/1")) == reading.loads(PAYABLES)
    assert reading.loads(by_form.changed(PAYABLES, {}, f"remove:{path}/baseline")).services["payables"].baseline is None


@pytest.mark.parametrize("do", ["remove:", "remove:services/none/x", "remove:services/payables/prices/99", "add:x/y/z:",
                                "add:services/payables/prices/0/name:", "look", "remove:id/0"])  # fmt: skip
def test_what_is_nowhere_changes_nothing(do: str) -> None:
    assert reading.loads(by_form.changed(PAYABLES, {}, do)) == reading.loads(PAYABLES)


def test_a_text_that_is_no_mapping_has_no_form() -> None:
    assert by_form.form_of("- a\n") is None
    assert by_form.form_of("a: [") is None
    assert by_form.changed("- a\n", {"f:id": ["x"]}) == "- a\n"


def test_every_part_of_the_schema_has_a_name_for_people() -> None:
    def names(shape: Any) -> set[str]:
        if isinstance(shape, list):
            return set().union(*map(names, shape)) if shape else set()
        if not isinstance(shape, dict):
            return set()
        own = set(shape.get("properties", {})) if isinstance(shape.get("properties"), dict) else set()
        return own.union(*(names(one) for one in shape.values()))

    assert names(reading.schema()) - set(labels.LABELS) == set()


def test_a_proposal_is_made_by_form_alone(world: Any) -> None:
    browser = world.browser("manager")
    page = browser.get("/engagements/propose/?pack=payables").content.decode()
    assert f'name="{PRICE}/tiers/0/price"' in page
    sides = {"client": world.client.pk, "provider": world.provider.pk}
    values: dict[str, Any] = {**entered(PAYABLES), "f:id": ["by-form"], "by": "form", "text": PAYABLES, **sides}
    wrong = browser.post("/engagements/propose/", values | {f"{PRICE}/tiers/0/price": ["much"], "do": "look"})
    assert 'aria-invalid="true"' in wrong.content.decode()
    swiss = values | {"f:currency": ["CHF"]}
    shown = browser.post("/engagements/propose/preview/", swiss, headers={"hx-request": "true"})
    assert "CHF" in shown.content.decode()
    more = browser.post("/engagements/propose/", values | {"do": "add:services/payables/prices:month"})
    assert f'name="{PRICE.replace("/0", "/1")}/price"' in more.content.decode()
    assert "id: by-form" in browser.post("/engagements/propose/", values | {"do": "text"}).content.decode()
    assert browser.post("/engagements/propose/", values).status_code == 302
    [made] = world.provider.sold.get(key="by-form").terms.all()
    assert reading.loads(made.text).services == reading.loads(PAYABLES).services
