"""Random processes: block-structured ones, and tangles."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from anyshore.bpmn import Process
from tests.bpmn.models import log, process

Block = Callable[["Draft", int], tuple[str, str]]
"""Draws a block with one way in and one way out, and returns the ids of both."""


@dataclass
class Draft:
    """A process that is being drawn: elements and flows of one scope."""

    choose: random.Random
    numbers: list[int] = field(default_factory=lambda: [0])
    more: list[Block] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def name(self, prefix: str) -> str:
        self.numbers[0] += 1
        return f"{prefix}{self.numbers[0]}"

    def add(self, tag: str, inner: str = "", more: str = "", prefix: str = "n") -> str:
        name = self.name(prefix)
        self.body.append(f'<{tag} id="{name}" {more}>{inner}</{tag}>')
        return name

    def inside(self) -> Draft:
        return Draft(self.choose, self.numbers, self.more)

    def flows(self) -> str:
        found = []
        for number, link in enumerate(self.links):
            source, target, *condition = link.split("|")
            inner = f"<conditionExpression>{condition[0]}</conditionExpression>" if condition else ""
            name = f"f{source}_{target}_{number}"
            found.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
        return "".join(found)


def block(draft: Draft, depth: int) -> tuple[str, str]:
    """A block with one way in and one way out."""
    kinds = [task, user, log_task]
    if depth > 0:
        kinds += [sequence, sequence, parallel, exclusive, inclusive, loop, sub_process, multi, guarded]
        kinds += [raced, handled, failing, undone]
        kinds += draft.more
    return draft.choose.choice(kinds)(draft, depth)


def task(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.add("task")
    return name, name


def log_task(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.name("l")
    draft.body.append(log(name))
    return name, name


def user(draft: Draft, _depth: int) -> tuple[str, str]:
    name = draft.add("userTask")
    return name, name


def sequence(draft: Draft, depth: int) -> tuple[str, str]:
    first, second = block(draft, depth - 1), block(draft, depth - 1)
    draft.links.append(f"{first[1]}|{second[0]}")
    return first[0], second[1]


def _gateways(draft: Draft, depth: int, kind: str, conditions: list[str]) -> tuple[str, str]:
    split, join = draft.add(kind), draft.add(kind)
    for condition in conditions:
        entry, end = block(draft, depth - 1)
        draft.links.append(f"{split}|{entry}" + (f"|{condition}" if condition else ""))
        draft.links.append(f"{end}|{join}")
    return split, join


def parallel(draft: Draft, depth: int) -> tuple[str, str]:
    return _gateways(draft, depth, "parallelGateway", [""] * draft.choose.randint(2, 3))


def exclusive(draft: Draft, depth: int) -> tuple[str, str]:
    limit = draft.choose.randint(0, 9)
    return _gateways(draft, depth, "exclusiveGateway", [f"n &lt; {limit}", f"n &gt;= {limit}"])


def inclusive(draft: Draft, depth: int) -> tuple[str, str]:
    limits = [draft.choose.randint(0, 9) for _ in range(2)]
    return _gateways(draft, depth, "inclusiveGateway", ["", *(f"n &gt;= {limit}" for limit in limits)])


def loop(draft: Draft, depth: int) -> tuple[str, str]:
    """Goes round a few times, counted by a variable of its own."""
    counter = draft.name("c")
    join, split = draft.add("exclusiveGateway"), draft.add("exclusiveGateway")
    entry, end = block(draft, depth - 1)
    count = draft.name("s")
    draft.body.append(
        f'<scriptTask id="{count}" anyshore:result="{counter}"><script>if {counter} = null then 1 else {counter} + 1'
        "</script></scriptTask>"
    )
    draft.body.append(f'<property id="{counter}"/>')
    draft.links += [f"{join}|{entry}", f"{end}|{count}", f"{count}|{split}", f"{split}|{join}|{counter} &lt; 3"]
    leave = draft.add("task")
    draft.links.append(f"{split}|{leave}|{counter} &gt;= 3")
    return join, leave


def _inner(draft: Draft, depth: int, more: str = "") -> str:
    inside = draft.inside()
    start = inside.add("startEvent")
    entry, end = block(inside, depth - 1)
    inside.links += [f"{start}|{entry}", f"{end}|{inside.add('endEvent')}"]
    # The counters of loops in it live as long as one instance of it.
    inside.body.sort(key=lambda text: not text.startswith("<property"))
    return more + "".join(inside.body) + inside.flows()


def sub_process(draft: Draft, depth: int) -> tuple[str, str]:
    name = draft.add("subProcess", _inner(draft, depth))
    return name, name


def multi(draft: Draft, depth: int) -> tuple[str, str]:
    sequential = draft.choose.choice(["true", "false"])
    marker = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>{draft.choose.randint(0, 3)}'
        "</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    name = draft.add("subProcess", _inner(draft, depth, marker))
    return name, name


def guarded(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process with a timer on its boundary; both ways meet again."""
    name = draft.add("subProcess", _inner(draft, depth))
    cancel = draft.choose.choice(["true", "false"])
    timer = draft.add(
        "boundaryEvent", "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>",
        f'attachedToRef="{name}" cancelActivity="{cancel}"',
    )  # fmt: skip
    late = draft.name("l")
    draft.body.append(log(late))
    meet = draft.add("inclusiveGateway")
    draft.links += [f"{timer}|{late}", f"{late}|{meet}", f"{name}|{meet}"]
    return name, meet


def raced(draft: Draft, depth: int) -> tuple[str, str]:
    """An event-based gateway."""
    split, join = draft.add("eventBasedGateway"), draft.add("exclusiveGateway")
    for reference in ("M1", "M2"):
        event = draft.add("intermediateCatchEvent", f'<messageEventDefinition messageRef="{reference}"/>')
        entry, end = block(draft, depth - 1)
        draft.links += [f"{split}|{event}", f"{event}|{entry}", f"{end}|{join}"]
    return split, join


def handled(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process with an event sub-process for a message, once heard or again and again."""
    handler, start = draft.name("n"), draft.name("n")
    interrupting = draft.choose.choice(["true", "false"])
    inside = (
        f'<subProcess id="{handler}" triggeredByEvent="true"><startEvent id="{start}" isInterrupting="{interrupting}">'
        '<messageEventDefinition messageRef="M1"/></startEvent></subProcess>'
    )
    name = draft.add("subProcess", _inner(draft, depth) + inside)
    return name, name


def failing(draft: Draft, depth: int) -> tuple[str, str]:
    """A sub-process that throws an error in the middle of its work, caught on its boundary."""
    inside = draft.inside()
    start, split = inside.add("startEvent"), inside.add("parallelGateway")
    entry, end = block(inside, depth - 1)
    other, last = block(inside, depth - 1)
    error = inside.add("endEvent", '<errorEventDefinition errorRef="E1"/>')
    inside.links += [f"{start}|{split}", f"{split}|{entry}", f"{split}|{other}", f"{end}|{error}"]
    inside.links.append(f"{last}|{inside.add('endEvent')}")
    inside.body.sort(key=lambda text: not text.startswith("<property"))
    name = draft.add("subProcess", "".join(inside.body) + inside.flows())
    caught = draft.add("boundaryEvent", "<errorEventDefinition/>", f'attachedToRef="{name}"')
    meet = draft.add("exclusiveGateway")
    draft.links += [f"{name}|{meet}", f"{caught}|{meet}"]
    return name, meet


def undone(draft: Draft, depth: int) -> tuple[str, str]:
    """An activity and a compensation event behind it; the handler is the work of a person."""
    name = draft.add("subProcess", _inner(draft, depth))
    event = draft.add("boundaryEvent", "<compensateEventDefinition/>", f'attachedToRef="{name}"')
    handler = draft.add("userTask", "", 'isForCompensation="true"')
    draft.body.append(f'<association id="{draft.name("as")}" sourceRef="{event}" targetRef="{handler}"/>')
    throw = draft.add("intermediateThrowEvent", "<compensateEventDefinition/>")
    draft.links.append(f"{name}|{throw}")
    return name, throw


def marked(draft: Draft, _depth: int) -> tuple[str, str]:
    """A user task with a loop marker of some kind."""
    marker = draft.choose.choice(MARKERS)
    name = draft.add("userTask", marker)
    return name, name


MARKERS = (
    '<standardLoopCharacteristics testBefore="false" loopMaximum="2"/>',
    '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>'
    "</multiInstanceLoopCharacteristics>",
    '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>3</loopCardinality>'
    "</multiInstanceLoopCharacteristics>",
    '<multiInstanceLoopCharacteristics isSequential="true" anyshore:collection="items" anyshore:item="it"/>',
    '<multiInstanceLoopCharacteristics isSequential="false" anyshore:collection="items" anyshore:item="it"/>',
    "",
)

TRIGGERS = (
    '<messageEventDefinition messageRef="M1"/>', '<messageEventDefinition messageRef="M2"/>',
    '<signalEventDefinition signalRef="S1"/>', "<conditionalEventDefinition><condition>n &gt; 99</condition>"
    "</conditionalEventDefinition>", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>",
)  # fmt: skip


def caught(draft: Draft, _depth: int) -> tuple[str, str]:
    """An event or a receive task that waits for something, or for several things."""
    if draft.choose.random() < 0.2:
        name = draft.add("receiveTask", more='messageRef="M1"')
        return name, name
    triggers = "".join(draft.choose.sample(TRIGGERS, draft.choose.choice((1, 1, 2))))
    parallel = draft.choose.choice(("true", "false"))
    name = draft.add("intermediateCatchEvent", triggers, f'parallelMultiple="{parallel}"')
    return name, name


def watched(draft: Draft, _depth: int) -> tuple[str, str]:
    """A user or service task with an event on its boundary, that ends it or does not."""
    tag, more = draft.choose.choice((("userTask", ""), ("serviceTask", 'anyshore:activity="x"')))
    name = draft.add(tag, more=more)
    cancel = draft.choose.choice(("true", "false"))
    event = draft.add(
        "boundaryEvent", draft.choose.choice(TRIGGERS), f'attachedToRef="{name}" cancelActivity="{cancel}"'
    )
    meet = draft.add("inclusiveGateway")
    draft.links += [f"{name}|{meet}", f"{event}|{meet}"]
    return name, meet


def selected(draft: Draft, depth: int) -> tuple[str, str]:
    """An ad-hoc sub-process."""
    inside = draft.inside()
    for _ in range(draft.choose.randint(1, 3)):
        user(inside, depth)
    ordering = draft.choose.choice(("Parallel", "Sequential"))
    name = draft.add("adHocSubProcess", "".join(inside.body), f'ordering="{ordering}"')
    return name, name


def drawn(seed: int, depth: int, more: Sequence[Block] = ()) -> Process:
    """A block-structured process."""
    return process(written(seed, depth, more))


def written(seed: int, depth: int, more: Sequence[Block] = ()) -> str:
    """What stands in a block-structured process."""
    draft = Draft(random.Random(seed), more=list(more))
    start = draft.add("startEvent")
    entry, end = block(draft, depth)
    draft.links += [f"{start}|{entry}", f"{end}|{draft.add('endEvent')}"]
    return "".join(draft.body) + draft.flows()


_KINDS = (
    MARKERS[:-1], TRIGGERS, ("<userTask ", "<task ", "<manualTask "), ('ordering="Parallel"', 'ordering="Sequential"'),
    ('isSequential="true"', 'isSequential="false"'), ('parallelMultiple="true"', 'parallelMultiple="false"'),
    ('cancelActivity="true"', 'cancelActivity="false"'), ('isInterrupting="true"', 'isInterrupting="false"'),
    ('messageRef="M1"', 'messageRef="M2"'), ("<adHocSubProcess ", "<subProcess "),
    ("<parallelGateway ", "<inclusiveGateway "),
)  # fmt: skip


def revised(text: str, choose: random.Random) -> str:
    """The text of another version: some of its elements are of another kind, some are gone, all keep their ids."""
    found = re.compile("|".join(re.escape(one) for kind in _KINDS for one in kind))

    def other(match: re.Match[str]) -> str:
        if choose.random() > 0.25:
            return match[0]
        return choose.choice([one for kind in _KINDS if match[0] in kind for one in kind])

    text = found.sub(other, text)
    text = _closed(text)
    if choose.random() < 0.3:
        text = re.sub("<boundaryEvent (?!.*compensate).*?</boundaryEvent>", "", text, count=1)
    return text


def _closed(text: str) -> str:
    """Gives every end tag the name of its start tag."""
    open_tags: list[str] = []

    def name(match: re.Match[str]) -> str:
        closing, tag, empty = match[1], match[2], match[3]
        if closing:
            return f"</{open_tags.pop()}>"
        if not empty:
            open_tags.append(tag)
        return match[0]

    return re.sub(r"<(/?)([\w:]+)[^>]*?(/?)>", name, text)


def tangled(seed: int) -> Process:
    """A process without structure: gateways and tasks linked at random."""
    choose = random.Random(seed)
    draft = Draft(choose)
    start = draft.add("startEvent")
    kinds = ["task", "userTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "task", "endEvent"]
    names = [(draft.add(kind), kind) for kind in (choose.choice(kinds) for _ in range(choose.randint(3, 12)))]
    draft.links.append(f"{start}|{names[0][0]}")
    for index, (name, kind) in enumerate(names):
        if kind == "endEvent":
            continue
        for _ in range(choose.randint(1, 3)):
            # Mostly forwards, so that few of them run for ever.
            later = names[index + 1 :] or names
            target = choose.choice(later if choose.random() < 0.9 else names)[0]
            condition = f"|n &gt;= {choose.randint(0, 9)}" if "exclusive" in kind or "inclusive" in kind else ""
            draft.links.append(f"{name}|{target}{condition}")
    return process("".join(draft.body) + draft.flows())
