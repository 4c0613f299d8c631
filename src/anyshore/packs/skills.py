"""What a service asks of the people who do its work, and what it does without when nobody has it for too long.

Certificate and qualifications are never done without. Language and channel are routing: whoever fits best is asked
first, and one after the other they lapse, so that nothing waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from anyshore import feel
from anyshore.base.errors import Diagnostic, FeelError
from anyshore.base.locations import Location
from anyshore.base.temporal import DaysDuration
from anyshore.knowledge.languages import at_least, primary
from anyshore.packs import assessment
from anyshore.packs.assessment import Assessment
from anyshore.packs.expressions import Reader

CERTIFICATE = "certificate"
LEVEL, LANGUAGE, CHANNEL = "language-level", "language", "channel"
LAPSING = (LEVEL, LANGUAGE, CHANNEL)
"""What can be done without, in the order in which it is where a pack names none."""

AFTER = DaysDuration.of(hours=1)
"""After what time each of them is done without where a pack names none."""

LOWEST = "A1"
FALLBACK = ("skills", "fallback")
MOVED = ("certificate", "qualifications")
"""Keys that stood in ``pack.yaml`` itself before there was this section."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one piece of work asks for beside certificate and qualifications.

    Attributes:
        language: primary tag of the language; None where it needs none.
        level: least level of it.
        channel: None where it came by none that needs knowledge.
    """

    language: str | None = None
    level: str = LOWEST
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a person has shown to know, as of a day.

    Attributes:
        certificates: of services.
        qualifications: verified ones.
        languages: primary tag → level.
        channels: in small letters.
    """

    certificates: frozenset[str] = frozenset()
    qualifications: frozenset[str] = frozenset()
    languages: Mapping[str, str] = field(default_factory=dict)
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lack:
    """Something a person has not shown: its kind (``certificate``, ``qualification``, ``language``, ``channel``)."""

    kind: str
    subject: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Skills:
    """The section ``skills`` of a pack.

    Attributes:
        certificate: what an agent must hold before the queue gives them work.
        qualifications: what an expert must hold, verified.
        language: FEEL over the variables of the work: the language a person needs.
        level: its least level.
        channel: FEEL over the variables of the work: the channel it came by.
        after: microseconds after which the next of ``without`` lapses.
        without: what lapses, in order.
        assessment: by what test the certificate is won; None: a manager notes it.
    """

    certificate: str | None = None
    qualifications: tuple[str, ...] = ()
    language: feel.Expression | None = None
    level: str = LOWEST
    channel: feel.Expression | None = None
    after: int = 0
    without: tuple[str, ...] = ()
    assessment: Assessment | None = None

    @property
    def routes(self) -> bool:
        """Whether what a person needs depends on the piece of work."""
        return self.language is not None or self.channel is not None

    def need(self, variables: Mapping[str, object]) -> Need:
        """What a piece of work with these variables asks for; a language or channel that is no text asks nothing."""
        language, channel = _text(self.language, variables), _text(self.channel, variables)
        return Need(primary(language) or None, self.level, channel.strip().lower() or None)

    def lapsed(self, waited: int) -> tuple[str, ...]:
        """What is done without once work has waited so many microseconds."""
        return self.without[: max(0, waited) // self.after] if self.after else ()

    def lacking(
        self, held: Held, need: Need = Need(), lapsed: tuple[str, ...] = (), *, agent: bool, expert: bool
    ) -> tuple[Lack, ...]:
        """What a person would have to show before being given a piece of work.

        Args:
            held: what they have shown.
            need: of the piece of work.
            lapsed: what is done without by now.
            agent: whether they work as an agent, who needs the certificate.
            expert: whether they work as an expert, who needs the qualifications.
        """
        found = []
        if agent and self.certificate and self.certificate not in held.certificates:
            found.append(Lack(CERTIFICATE, self.certificate))
        if expert:
            found += [Lack("qualification", one) for one in self.qualifications if one not in held.qualifications]
        return (*found, *_routed(held, need, lapsed))


def _routed(held: Held, need: Need, lapsed: tuple[str, ...]) -> Iterator[Lack]:
    if need.language and LANGUAGE not in lapsed:
        least = LOWEST if LEVEL in lapsed else need.level
        if not at_least(held.languages.get(need.language, ""), least):
            yield Lack(LANGUAGE, need.language, least)
    if need.channel and CHANNEL not in lapsed and need.channel not in held.channels:
        yield Lack(CHANNEL, need.channel)


def _text(expression: feel.Expression | None, variables: Mapping[str, object]) -> str:
    """The text an expression gives; where it gives none or exceeds its budget, work asks for nothing it could miss."""
    try:
        found = None if expression is None else expression.evaluate(variables)
    except FeelError:
        return ""
    return found if isinstance(found, str) else ""


def read(reader: Reader) -> Skills:
    """The section of a pack; its problems are noted in the reader."""
    data = reader.value(("skills",)) or {}
    language, lapse = data.get("language", {}), data.get("fallback", {})
    asked = {LEVEL, LANGUAGE} if language else set[str]()
    asked |= {CHANNEL} if "channel" in data else set()
    without = tuple(lapse.get("without", (name for name in LAPSING if name in asked)))
    if "without" in lapse:
        reader.problems += _fallback(without, asked, reader.document.at((*FALLBACK, "without")))
    return Skills(
        data.get("certificate"), tuple(data.get("qualifications", ())),
        reader.expression(("skills", "language", "of")), language.get("level", LOWEST),
        reader.expression(("skills", "channel", "of")), _after(lapse.get("after"), reader) if asked else 0, without,
        assessment.read(reader),
    )  # fmt: skip


def _after(text: str | None, reader: Reader) -> int:
    try:
        micros = (AFTER if text is None else DaysDuration.parse(text)).nanoseconds // 1000
    except ValueError:
        micros = 0
    if micros <= 0:
        message, place = (
            f"{text!r} is no time after which to do without a skill.",
            reader.document.at((*FALLBACK, "after")),
        )
        reader.problems.append(Diagnostic("pack.fallback", message, place, "Write it as PT30M or P1D."))
    return micros


def _fallback(without: tuple[str, ...], asked: set[str], at: Location) -> Iterator[Diagnostic]:
    """A fallback names what is asked for, and in the end all of it, for else some work would wait for ever."""
    for name in sorted(set(without) - asked):
        message = f"The fallback does without {name!r}, which the service does not ask for."
        yield Diagnostic("pack.fallback", message, at, "Remove it.")
    for name in sorted({LANGUAGE, CHANNEL} & asked - set(without)):
        message = f"The fallback never does without {name!r}: work for which nobody has it would wait for ever."
        yield Diagnostic("pack.fallback", message, at, f"Add {name} as the last resort.")
    if LEVEL in without and LANGUAGE in without and without.index(LANGUAGE) < without.index(LEVEL):
        message = "The fallback does without the language before it does without its level."
        yield Diagnostic("pack.fallback", message, at, "Name language-level first.")
