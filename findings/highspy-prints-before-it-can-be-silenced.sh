#!/usr/bin/env bash
# highspy prints two lines on standard output while a solver is made, before its output can be turned off.
#
# Guessed: a new highspy.Highs() says nothing until it is asked to, and after setOptionValue("output_flag", False) it never
# does, so that a program whose standard output is read by machines may use it.
# Seen, highspy 1.16.0: making the object alone prints "Running HiGHS …" and a line about licences, once a process. The
# constructor starts the solver's callbacks, which prints the header; a class whose enableCallbacks() turns output_flag off
# first prints nothing.
# Fails (exit 1) if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check highspy==1.16.0
bytes() { "$folder/venv/bin/python" -c "$1" 2>/dev/null | wc -c; }
made=$(bytes 'import highspy; highspy.Highs()')
silenced=$(bytes 'import highspy; highspy.Highs().setOptionValue("output_flag", False)')
early=$(bytes '
import highspy
class Silent(highspy.Highs):
    def enableCallbacks(self):
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()
Silent().run()')
printf 'bytes printed: made %s, turned off afterwards %s, turned off before the callbacks %s\n' "$made" "$silenced" "$early"
[ "$made" -gt 0 ] && [ "$silenced" -gt 0 ] || { echo "changed: it is silent by itself"; exit 1; }
[ "$early" = 0 ] || { echo "changed: turning it off first does not silence it"; exit 1; }
echo "as described: it prints while it is made"
