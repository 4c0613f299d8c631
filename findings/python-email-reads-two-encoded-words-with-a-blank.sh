#!/usr/bin/env bash
# Python's email reads a display name of two encoded words with a blank that is none: "Gär tner" for Gärtner.
#
# Guessed: policy.default joins adjacent encoded words, as RFC 2047, 6.2 says, and as it does in a subject.
# Seen, Python 3.11: the subject is joined, the display name of an address gets a blank in between. A name that is longer
# than one encoded word has to be written as several, so it comes back as another; email.header joins both as it should.
# Fails (exit 1) if that changes.
set -euo pipefail
python3 - <<'PY'
import sys
from email import message_from_string
from email.header import decode_header, make_header
from email.policy import default

words = "=?utf-8?q?G=C3=A4r?= =?utf-8?q?tner?="
mail = message_from_string(f"From: {words} <a@b.example>\nSubject: {words}\n\n", policy=default)
shown, subject, old = mail["From"].addresses[0].display_name, mail["Subject"], str(make_header(decode_header(words)))
print(f"Python {sys.version.split()[0]}: display name {shown!r}, subject {subject!r}, email.header {old!r}")
if (shown, str(subject), old) != ("Gär tner", "Gärtner", "Gärtner"):
    sys.exit("This has changed.")
PY
