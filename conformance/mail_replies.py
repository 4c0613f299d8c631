"""Mail replies: of each mail, what is new in it; compared with white space folded.

python -m conformance.mail_replies [data folder]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from anyshore.mail import reply
from conformance import folders
from conformance.scores import Score


def run(data: Path) -> Score:
    """Runs the suite.

    Args:
        data: the folder of all data, or any folder of JSON files of such pairs.
    """
    score = Score("mail-replies", 0, 0)
    for file in folders.files(folders.of_suite(data, "mail-replies"), ".json"):
        pairs = folders.told(lambda file=file: json.loads(file.read_bytes()), lambda reason: [reason])
        for number, pair in enumerate(pairs if isinstance(pairs, list) else [pairs]):
            wrong = folders.told(lambda pair=pair: _wrong(pair), lambda reason: reason)
            score.total += 1
            score.passed += not wrong
            if wrong:
                name = f"{pair.get('suite')} {pair.get('test')}" if isinstance(pair, dict) else ""
                score.failed.append(f"{file.name}: {number} {name}: {wrong}".replace("\n", " "))
    return score


def _wrong(pair: Any) -> str:
    if not isinstance(pair, dict):
        return f"no pair of a mail and its reply: {pair!r}"[:200]
    found = " ".join(reply.cut(pair["text"]).reply.split())
    right = " ".join(pair["reply"].split())
    return "" if found == right else f"…{found[-120:]!r} instead of …{right[-60:]!r}"


if __name__ == "__main__":
    result = run(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
    result.print()
    sys.exit(bool(result.failed))
