"""Cost grows with the work and no faster. Lines of Python are counted, so that a busy machine changes nothing."""

from __future__ import annotations

from tests.cmmn.cases import Case, linked
from tests.harness import lines_executed


def large(count: int) -> str:
    """Half tasks that wait for the one before, half milestones that wait for a task and a variable."""
    lines = ["items:", "  t0: {type: human}"]
    for i in range(1, count // 2):
        lines.append(f"  t{i}: {{type: human, after: t{i - 1}}}")
    for i in range(count // 2):
        lines.append(f"  m{i}: {{type: milestone, enter: [{{on: t{i}, if: v{i} = 1}}]}}")
    return "\n".join(lines)


def test_a_step_costs_hardly_more_in_a_large_case() -> None:
    cost = {}
    for count in (100, 500):
        case = Case(linked(large(count)), strict=False)
        case.start()
        case.complete("t0")
        cost[count] = lines_executed(lambda case=case: case.complete("t1"))
    assert cost[500] < 2.2 * cost[100], cost


def test_a_variable_wakes_only_the_conditions_that_read_it() -> None:
    case = Case(linked(large(500)), strict=False)
    case.start()
    many = lines_executed(lambda: case.set(nobody=1))
    one = lines_executed(lambda: case.set(v3=1))
    assert one < many + 600, (one, many)


def test_a_whole_large_case_runs_in_linear_time() -> None:
    def whole(count: int) -> int:
        chain = "\n".join(f"  m{i}: {{type: milestone, after: m{i - 1}}}" for i in range(1, count))
        case = Case(linked(f"items:\n  m0: {{type: milestone, enter: [{{if: go}}]}}\n{chain}\n"), strict=False)
        case.start()
        return lines_executed(lambda: case.set(go=True))

    assert whole(400) < 5 * whole(100)
