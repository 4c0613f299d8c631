"""The form of terms as HTML: fieldsets in fieldsets, a label for every field."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anyshore.base.errors import Diagnostic
from anyshore.params.marked import Path, path_text
from anyshore.web.core.templatetags.show import word
from anyshore.web.engagements.by_form import Field, Group, joined
from anyshore.web.engagements.contents import entry_words
from anyshore.web.engagements.labels import LABELS, label

register = template.Library()

OPEN = frozenset({"services", "prices", "objectives", "credits"})
"""Parts that stand open from the beginning: what is negotiated."""


@register.simple_tag
def terms_form(form: Group, problems: Iterable[Diagnostic] = ()) -> SafeString:
    """A form of terms; a problem stands at the field it is about."""
    wrong: dict[str, list[str]] = {}
    for one in problems:
        wrong.setdefault(one.location.element or "", []).append(one.message)
    return format_html("{}{}", _parts(form, wrong), _adds(form))


def _parts(group: Group, wrong: dict[str, list[str]]) -> SafeString:
    simple = [one for one in group.parts if isinstance(one, Field)]
    groups = [one for one in group.parts if isinstance(one, Group)]
    shown = format_html_join("", "{}", ((_field(one, wrong),) for one in simple))
    row = format_html('<div class="terms-fields">{}</div>', shown) if simple else ""
    return format_html("{}{}", row, format_html_join("", "{}", ((_group(one, wrong),) for one in groups)))


ROW = 3
"""Fields that fit in a row."""


def _group(group: Group, wrong: dict[str, list[str]]) -> SafeString:
    if group.key is None and len(group.parts) <= ROW and all(isinstance(one, Field) for one in group.parts):
        return format_html(
            '<fieldset class="terms-row" id="{}"><legend>{}</legend>{}{}{}</fieldset>', _id(group.path), group.title,
            _errors(group.path, wrong), _parts(group, wrong), _remove(group),
        )  # fmt: skip
    name = str(group.path[-1])
    opened = SafeString(" open") if not {str(one) for one in group.path}.isdisjoint(OPEN) or name in OPEN else ""
    key = _key(group) if group.key is not None else ""
    return format_html(
        '<details class="terms-part" id="{}"{}><summary>{}</summary><fieldset><legend class="visually-hidden">{}'
        "</legend>{}{}{}{}{}</fieldset></details>",
        _id(group.path), opened, group.title, group.title, _errors(group.path, wrong), key, _parts(group, wrong),
        _adds(group), _remove(group),
    )  # fmt: skip


def _remove(group: Group) -> SafeString:
    if not group.removable:
        return SafeString("")
    return format_html(
        '<button class="quiet small" name="do" value="remove:{}" formaction="#{}" aria-label="{}">{}</button>',
        joined(group.path), _id(group.path[:-1]), _("Remove %s") % group.title, _("Remove"),
    )  # fmt: skip


def _key(group: Group) -> SafeString:
    own = f"{_id(group.path)}-key"
    return format_html(
        '<div class="field"><label for="{}">{}</label><input id="{}" name="k:{}" value="{}" maxlength="63"></div>',
        own, _("Short name"), own, joined(group.path), group.key,
    )  # fmt: skip


def _adds(group: Group) -> SafeString:
    buttons = format_html_join(
        " ", '<button class="quiet small" name="do" value="add:{}:{}" formaction="#{}">{}</button>',
        ((joined(path), variant, _id(path), _("Add: %s") % name) for path, variant, name in group.adds),
    )  # fmt: skip
    return format_html('<p class="terms-adds">{}</p>', buttons) if group.adds else SafeString("")


def _field(one: Field, wrong: dict[str, list[str]]) -> SafeString:
    own, name, errors = _id(one.path), f"f:{joined(one.path)}", _errors(one.path, wrong)
    bad = SafeString(' aria-invalid="true"') if errors else ""
    optional = "" if one.required else format_html(' <span class="optional">{}</span>', _("optional"))
    if one.kind == "many":
        chosen = one.value.split(", ")
        boxes = format_html_join(
            "", '<label><input type="checkbox" name="{}" value="{}"{}> {}</label>',
            ((name, c, SafeString(" checked") if c in chosen else "", word(c)) for c in one.choices),
        )  # fmt: skip
        return format_html(
            '<fieldset class="field choices"><legend>{}{}</legend>{}{}</fieldset>', one.label, optional, boxes, errors
        )
    if one.kind == "choice":
        given = one.choices if one.value in one.choices and one.required else ("", *one.choices)
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            ((c, SafeString(" selected") if c == one.value else "", _choice(one, c)) for c in given),
        )  # fmt: skip
        shown = format_html('<select id="{}" name="{}"{}>{}</select>', own, name, bad, options)
    else:
        kind = "date" if one.kind == "date" else "text"
        mode = SafeString(' inputmode="decimal"') if one.kind == "number" else ""
        shown = format_html(
            '<input type="{}" id="{}" name="{}" value="{}"{}{} maxlength="1000">', kind, own, name, one.value, mode, bad
        )
    class_ = "field field-bad" if errors else "field"
    return format_html(
        '<div class="{}"><label for="{}">{}{}</label>{}{}{}</div>', class_, own, one.label, optional, shown,
        _help(one), errors,
    )  # fmt: skip


def _help(one: Field) -> SafeString:
    told = {"list": _("With commas between them."), "where": _("As party = client, with commas between them.")}
    text = told.get(one.kind)
    return format_html('<p class="help">{}</p>', text) if text else SafeString("")


def _choice(one: Field, value: str) -> str:
    if "." in value:
        return entry_words(value)
    return label(value) if value in LABELS else word(value) if value else "–"


def _errors(path: Path, wrong: dict[str, list[str]]) -> SafeString:
    told = wrong.get(path_text(path), ()) if path else ()
    return format_html_join("", '<p class="error">{}</p>', ((one,) for one in told))


def _id(path: Path) -> str:
    return "-".join(["terms", *map(str, path)])
