"""GIFT, Moodle's text form of questions: read with every problem located, and written so that it reads the same.

The documented grammar (docs.moodle.org, GIFT format): questions stand apart by blank lines; ``::title::``, the stem,
``{answers}``; ``//`` begins a comment, in which ``[id:…]`` and ``[tag:…]`` count; ``$CATEGORY:`` a category.
"""

from anyshore.assessment.gift.reading import loads
from anyshore.assessment.gift.writing import dumps

__all__ = ["dumps", "loads"]
