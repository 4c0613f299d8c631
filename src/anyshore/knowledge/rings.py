"""What rests on itself, however far round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def rings(below: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Every set of things that rest on each other, once, as a path (depth first, without recursion).

    Args:
        below: each thing, and what it rests on; what is not among the things is passed over.
    """
    done: set[str] = set()
    found: list[list[str]] = []
    for root in below:
        path: dict[str, int] = {}
        stack = [(root, False)]
        while stack:
            at, leaving = stack.pop()
            if leaving:
                del path[at]
                done.add(at)
            elif at in path:
                found.append(list(path)[path[at] :])
            elif at not in done:
                path[at] = len(path)
                stack.append((at, True))
                stack += [(other, False) for other in below[at] if other in below]
    return found
