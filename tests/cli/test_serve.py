"""What ``anyshore serve`` refuses before anything starts."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app


@pytest.mark.parametrize("port", ["0", "80000", "-1"])
def test_a_port_that_is_none_is_refused_before_anything_starts(port: str) -> None:
    answer = CliRunner().invoke(app, ["serve", "--port", port])
    assert answer.exit_code == 2
    assert "Invalid value for '--port'" in answer.output
    assert "Anyshore is at" not in answer.output
