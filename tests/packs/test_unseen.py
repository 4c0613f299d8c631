"""What a pack shows to nobody until something holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.base.errors import PackError
from anyshore.packs import making, reading


def pack(folder: Path, text: str) -> reading.Pack:
    made = making.make("visas", "bpo", folder)
    (made / "pack.yaml").write_text((made / "pack.yaml").read_text() + text)
    return reading.read(made)


def test_variables_are_hidden_until_it_holds(tmp_path: Path) -> None:
    unseen = pack(tmp_path, "\nunseen: {variables: [name, document], until: looked != null}\n").unseen
    assert unseen is not None
    assert unseen.hidden({}) == unseen.hidden({"looked": None}) == {"name", "document"}
    assert unseen.hidden({"looked": {"decision": "invite"}}) == frozenset()


def test_what_cannot_be_told_stays_hidden(tmp_path: Path) -> None:
    unseen = pack(tmp_path, "\nunseen: {variables: [name], until: looked.decision + 1}\n").unseen
    assert unseen is not None
    assert unseen.hidden({"looked": "yes"}) == {"name"}


def test_a_pack_without_it_shows_everything(tmp_path: Path) -> None:
    assert pack(tmp_path, "").unseen is None


@pytest.mark.parametrize("text", ["{variables: [], until: 'true'}", "{variables: [a]}", "{variables: [a], until: 1 +}"])
def test_a_section_that_says_nothing_useful_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PackError, match="unseen"):
        pack(tmp_path, f"\nunseen: {text}\n")
