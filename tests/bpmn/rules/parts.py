"""Parts of the files that break a rule, and of the same files mended."""

from __future__ import annotations

from tests.bpmn.rules.build import F, file

S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'
T = '<task id="t"/>'
LINE = "s>t t>e"
TEXT = '<textAnnotation id="note"><text>x</text></textAnnotation>'
MESSAGES = (
    '<itemDefinition id="I1" structureRef="String"/><itemDefinition id="I2" structureRef="t:int"/>'
    '<message id="M1" name="one" itemRef="I1"/><message id="M2" name="two" itemRef="I2"/>'
    '<interface id="F1" name="f"><operation id="O1" name="o"><inMessageRef>M1</inMessageRef>'
    "<outMessageRef>M2</outMessageRef></operation></interface>"
)
EVENT = '<messageEventDefinition id="d" messageRef="M1"><operationRef>O1</operationRef></messageEventDefinition>'
TIMER = f'<timerEventDefinition id="d"><timeDuration {F}>PT1S</timeDuration></timerEventDefinition>'


def pools(flow: str, more: str = "", second: str = "q") -> str:
    return (
        f'<collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="{second}"/>'
        f"{flow}</collaboration>{more}"
    )


def other(body: str = '<task id="o"/>') -> str:
    return f'<process id="q">{body}</process>'


def message(source: str, target: str) -> str:
    return f'<messageFlow id="m" sourceRef="{source}" targetRef="{target}"/>'


def line(node: str, name: str = "t", more: str = "", **rest: str) -> bytes:
    return file(S + node + E + more, f"s>{name} {name}>e", **rest)


def io(inputs: str = "", outputs: str = "", sets: str = "", attributes: str = "") -> str:
    """An input and output specification: ``I1 I2`` are the items of the data elements."""
    ins = "".join(
        f'<dataInput id="in{n}" itemSubjectRef="{item}" {attributes}/>' for n, item in enumerate(inputs.split())
    )
    outs = "".join(
        f'<dataOutput id="out{n}" itemSubjectRef="{item}" {attributes}/>' for n, item in enumerate(outputs.split())
    )
    in_refs = "".join(f"<dataInputRefs>in{n}</dataInputRefs>" for n, _ in enumerate(inputs.split()))
    out_refs = "".join(f"<dataOutputRefs>out{n}</dataOutputRefs>" for n, _ in enumerate(outputs.split()))
    sets = sets or f"<inputSet>{in_refs}</inputSet><outputSet>{out_refs}</outputSet>"
    return f"<ioSpecification>{ins}{outs}{sets}</ioSpecification>"


def task(kind: str, inside: str = "", attributes: str = "", root: str = MESSAGES) -> bytes:
    return line(f'<{kind} id="t" {attributes}>{inside}</{kind}>', root=root)


def multi(inside: str, specification: str = "", root: str = "") -> bytes:
    loop = f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"
    return line(f'<task id="t">{specification}{loop}</task>', root=root)


def gateway(attributes: str, before: int, behind: int, kind: str = "exclusiveGateway") -> bytes:
    ins = "".join(f'<task id="i{n}"/>' for n in range(before))
    outs = "".join(f'<task id="o{n}"/>' for n in range(behind))
    links = " ".join([f"i{n}>g" for n in range(before)] + [f"g>o{n}" for n in range(behind)])
    return file(f'{ins}<{kind} id="g" {attributes}/>{outs}', links)


def event_gateway(first: str, second: str, attributes: str = "", more: str = "", links: str = "s>g") -> bytes:
    body = f'{S}<eventBasedGateway id="g" {attributes}/>{first}{second}{E}{more}'
    return file(body, f"{links} g>x g>y x>e y>e", root=MESSAGES)


def catching(name: str, inside: str) -> str:
    return f'<intermediateCatchEvent id="{name}">{inside}</intermediateCatchEvent>'


def timer(name: str) -> str:
    return catching(name, f"<timerEventDefinition><timeDuration {F}>PT1S</timeDuration></timerEventDefinition>")


def shared(kind: str, attributes: str, inside: str, event: str = "intermediateCatchEvent") -> bytes:
    """An event whose definition stands outside of the process."""
    root = f'{MESSAGES}<{kind}EventDefinition id="d" {attributes}>{inside}</{kind}EventDefinition>'
    return line(f'<{event} id="t"><eventDefinitionRef>d</eventDefinitionRef></{event}>', root=root)


def sub(inside: str, attributes: str = "", kind: str = "subProcess", links: str = "") -> bytes:
    from tests.bpmn.rules.build import flows

    return line(f'<{kind} id="t" {attributes}>{inside}{flows(links)}</{kind}>')


def event_sub(start: str, attributes: str = "", links: str = "x>y") -> bytes:
    from tests.bpmn.rules.build import flows

    inside = f'{start}<endEvent id="y"/>{flows(links)}'
    return line(T, more=f'<subProcess id="h" triggeredByEvent="true" {attributes}>{inside}</subProcess>')


def boundary(trigger: str, attributes: str = "", host: str = T, links: str = "b>r") -> bytes:
    attached = f'<boundaryEvent id="b" attachedToRef="t" {attributes}>{trigger}</boundaryEvent><endEvent id="r"/>'
    return file(S + host + E + attached, f"{LINE} {links}")


def throwing(inside: str, links: str = "s>t t>e", kind: str = "intermediateThrowEvent", root: str = MESSAGES) -> bytes:
    return file(f'{S}<{kind} id="t">{inside}</{kind}>{E}', links, root=root)


def link(throw: str, catch: str, links: str = "s>t x>e", more: str = "") -> bytes:
    return file(
        f'{S}<intermediateThrowEvent id="t">{throw}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="x">{catch}</intermediateCatchEvent>{E}{more}',
        links,
    )


def definition(name: str, label: str, *, target: str = "", source: str = "") -> str:
    inside = (f"<source>{source}</source>" if source else "") + (f"<target>{target}</target>" if target else "")
    return f'<linkEventDefinition id="{name}" name="{label}">{inside}</linkEventDefinition>'


PAIR = (definition("l1", "one", target="l2"), definition("l2", "two", source="l1"))


def process_data(specification: str, inside: str = "") -> bytes:
    return file(specification + f'<task id="t">{inside}</task>', root=MESSAGES)


def association(kind: str, source: str, target: str, more: str = "") -> str:
    return f"<{kind}><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>{more}</{kind}>"


def call(mine: str, theirs: str, starts: str = "", **rest: str) -> bytes:
    called = f'<process id="q">{theirs}{starts or "<task id=" + chr(34) + "z" + chr(34) + "/>"}</process>'
    return file(f'{S}<callActivity id="t" calledElement="q">{mine}</callActivity>{E}', LINE, after=called,
                root=MESSAGES, **rest)  # fmt: skip


def callable_process(inside: str) -> bytes:
    return file(inside + T, root=MESSAGES)


def renamed(specification: str, suffix: str = "z") -> str:
    for old in ("in0", "in1", "out0", "out1"):
        specification = specification.replace(old, old + suffix)
    return specification


def collection(name: str, wanted: bool) -> tuple[str, str]:
    items = f'<itemDefinition id="I9" structureRef="x" isCollection="{str(wanted).lower()}"/>'
    return items, f'<{name} id="n" itemSubjectRef="I9" isCollection="true"/>'


def collected(name: str, wanted: bool) -> bytes:
    items, element = collection(name, wanted)
    if name == "dataObject":
        return file(element, root=items)
    if name == "dataInput":
        sets = "<inputSet><dataInputRefs>n</dataInputRefs></inputSet><outputSet/>"
    else:
        sets = "<inputSet/><outputSet><dataOutputRefs>n</dataOutputRefs></outputSet>"
    return file(f"<ioSpecification>{element}{sets}</ioSpecification>", root=items)


def sets(inside: str) -> bytes:
    data = '<dataInput id="a"/><dataInput id="b"/><dataOutput id="x"/><dataOutput id="y"/>'
    return file(f"<ioSpecification>{data}{inside}</ioSpecification>")


IN = "<inputSet id='i'><dataInputRefs>a</dataInputRefs>{}</inputSet>"
OUT = "<outputSet id='o'><dataOutputRefs>x</dataOutputRefs>{}</outputSet>"
IN_B, OUT_Y = "<dataInputRefs>b</dataInputRefs>", "<dataOutputRefs>y</dataOutputRefs>"


def both(inner: str, outer: str) -> bytes:
    return sets(IN.format(IN_B + inner) + OUT.format(OUT_Y + outer))


def carried(kind: str, root: str, item: str) -> bytes:
    inside = (
        f'<dataInput id="n" itemSubjectRef="{item}"/><inputSet><dataInputRefs>n</dataInputRefs></inputSet>'
        f'<{kind}EventDefinition {kind}Ref="R"/>'
    )
    return throwing(inside, root=MESSAGES + root)


def condition(source: str, links: str, more: str = "") -> bytes:
    flow = (
        f'<sequenceFlow id="cond" sourceRef="{source}" targetRef="e"><conditionExpression {F}>x = 1'
        "</conditionExpression></sequenceFlow>"
    )
    return file(f'{S}{T}<exclusiveGateway id="g"/>{E}{more}{flow}', links)


def call_of_global(mine: str, theirs: str) -> bytes:
    body = f'{S}<callActivity id="t" calledElement="g">{mine}</callActivity>{E}'
    return file(body, LINE, root=MESSAGES, after=f'<globalUserTask id="g">{theirs}</globalUserTask>')


def offered(bindings: str) -> str:
    """A global task that is offered as a service."""
    inside = "<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2") + bindings
    return f'<globalUserTask id="g">{inside}</globalUserTask>'


FOREIGN = (
    b'<process id="other"><ioSpecification><dataInput id="foreign" itemSubjectRef="I1"/><inputSet>'
    b"<dataInputRefs>foreign</dataInputRefs></inputSet><outputSet/></ioSpecification>"
    b'<task id="ot"/></process>'
)


XSD = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


def completing(condition: str) -> bytes:
    """A multi-instance task; the condition begins with its attributes and the end of its tag."""
    return multi(f"<loopCardinality {F}>2</loopCardinality><completionCondition {F}{condition}</completionCondition>")


def behaving(wanted: str) -> bytes:
    behavior = (
        f'<complexBehaviorDefinition><condition {F}>{wanted}</condition><event id="ev"><signalEventDefinition/></event>'
        "</complexBehaviorDefinition>"
    )
    return multi(f"<loopCardinality {F}>2</loopCardinality>{behavior}")


def stated(name: str) -> bytes:
    reference = (
        f'<dataObjectReference id="r" name="{name}" dataObjectRef="o"><dataState name="paid"/></dataObjectReference>'
    )
    return file(f'{T}<dataObject id="o" name="Order"/>{reference}')


def joined(how: str) -> bytes:
    sources = "<sourceRef>in0</sourceRef><sourceRef>in1</sourceRef><targetRef>x</targetRef>"
    inner = '<ioSpecification><dataInput id="x"/><inputSet><dataInputRefs>x</dataInputRefs></inputSet><outputSet/>'
    task_ = f'<task id="t">{inner}</ioSpecification><dataInputAssociation>{sources}{how}</dataInputAssociation></task>'
    return file(io("I1 I1") + task_, root=MESSAGES)


def timed(*names: str) -> bytes:
    texts = {"timeDate": "2036-01-01T00:00:00Z", "timeDuration": "PT1S", "timeCycle": "R3/PT1S"}
    times = "".join(f"<{name} {F}>{texts[name]}</{name}>" for name in names)
    return line(catching("t", f"<timerEventDefinition>{times}</timerEventDefinition>"))
