#!/usr/bin/env bash
# factur-x 7 writes an invoice without a delivery date that its own schema refuses.
#
# Guessed: the date of delivery (BT-72) and the place (BG-13) are optional in EN 16931, so generate_cii_xml() writes an
# empty ram:ApplicableHeaderTradeDelivery where neither is given, as the schema of Factur-X asks.
# Seen, factur-x 7.8: it writes the element with xsi:nil="true". No element of the schema may be nil, so the library's own
# check (check_xsd=True, the default) raises for an invoice that is valid but for that; with check_xsd=False the file is
# written as it is. With a date in BT-72 the same invoice passes.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check factur-x==7.8
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import date

from facturx import generate_cii_xml

invoice = {
    "BT-1": "R-1", "BT-2": date(2026, 11, 2), "BT-3": "380", "BT-5": "EUR", "BT-9": date(2026, 12, 2),
    "BG-4": {"name": "Muster GmbH", "vat_identifier": "DE123456789", "addr_l1": "Weg 1", "city": "Berlin",
             "postcode": "10115", "country_code": "DE"},
    "BG-7": {"name": "Kunde AG", "addr_l1": "Platz 2", "city": "Bremen", "postcode": "28195", "country_code": "DE"},
    "BG-23": [{"BT-116": "100.00", "BT-117": "19.00", "BT-118": "S", "BT-119": "19"}],
    "BG-25": [{"BT-126": "1", "BT-153": "Work", "BT-129": "1", "BT-130": "C62", "BT-146": "100.00", "BT-131": "100.00",
               "BT-151": "S", "BT-152": "19"}],
    "BT-106": "100.00", "BT-109": "100.00", "BT-110": "19.00", "BT-112": "119.00", "BT-115": "119.00",
}


def written(checked, **more):
    found = generate_cii_xml({**invoice, **more}, level="en16931", check_xsd=checked, check_schematron=None)
    return str(found[0] if isinstance(found, tuple) else found)


dated = {"BT-72": date(2026, 11, 1)}
without = written(False)
nil = 'ApplicableHeaderTradeDelivery xsi:nil="true"' in without
try:
    written(True)
    refused = ""
except Exception as problem:
    refused = str(problem)
passes = "nil=" not in written(True, **dated)
print(f"without a date: xsi:nil written: {nil}; refused by its own check: {bool(refused)}; with a date it passes: {passes}")
raise SystemExit(not (nil and "nillable" in refused and passes))
PYTHON
echo "as described: an empty delivery is written as nil, which the schema refuses"
