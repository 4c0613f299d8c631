"""``python -m benchmarks [NAME …]``: runs the named measurements, or all of them, and prints their tables."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
import traceback

import benchmarks


def names() -> list[str]:
    """The modules here that measure something."""
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.ispkg)
    return [name for name in found if not name.startswith("_")]


def main() -> int:
    """Runs them in turn; one that fails does not keep the others from running."""
    asked = sys.argv[1:] or names()
    unknown = [name for name in asked if name not in names()]
    if unknown:
        print(f"There is no {', '.join(unknown)}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    failed = []
    for name in asked:
        module = importlib.import_module(f"benchmarks.{name}")
        if not hasattr(module, "main"):
            continue
        print(f"\n== {name}", flush=True)
        begun = time.monotonic()
        sys.argv = [name]
        try:
            module.main()
        except Exception:
            traceback.print_exc()
            failed.append(name)
        print(f"-- {name}: {time.monotonic() - begun:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
