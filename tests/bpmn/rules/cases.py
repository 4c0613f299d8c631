"""For every rule a file that breaks it and the same file mended."""

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


CASES: list[tuple[str, bytes, bytes]] = [
    ("XSD", file("<nonsense/>"), file()),
    ("REF", line('<sendTask id="t" messageRef="s"/>'), line('<sendTask id="t" messageRef="M1"/>', root=MESSAGES)),
    ("REF", line('<receiveTask id="t" messageRef="none"/>'), line(T)),
    ("REF", file("<laneSet><lane id='l'><flowNodeRef>p</flowNodeRef></lane></laneSet>"),
     file(f"<laneSet><lane id='l'><flowNodeRef>t</flowNodeRef></lane></laneSet>{T}")),
    ("EXT002", file('<task id="t"/><task id="t"/>'), file('<task id="t"/><task id="u"/>')),
    ("EXT003", file("<task/>"), file(T)),
    ("EXT004", file('<documentation textFormat="plain">x</documentation>'),
     file('<documentation textFormat="text/plain">x</documentation>')),
    ("EXT006", file(T + TEXT, "t>note"), file(T + TEXT + '<task id="u"/>', "t>u")),
    ("EXT007", file(T + TEXT, "note>t"), file(T + TEXT)),
    ("EXT008", file(T + TEXT, after=pools(message("o", "note"), other())),
     file(T + TEXT, after=pools(message("o", "t"), other()))),
    ("EXT009", file(T + TEXT, after=pools(message("note", "o"), other())),
     file(T + TEXT, after=pools(message("t", "o"), other()))),
    ("EXT010", file(TEXT.replace('id="note"', 'id="note" textFormat="plain"')),
     file(TEXT.replace('id="note"', 'id="note" textFormat="text/html; charset=utf-8"'))),
    ("EXT011", throwing('<escalationEventDefinition escalationRef="X"/>', root='<escalation id="X" name="x"/>'),
     throwing('<escalationEventDefinition escalationRef="X"/>', root='<escalation id="X" escalationCode="x"/>')),
    ("EXT012", multi("<loopCardinality>three</loopCardinality>"), multi(f"<loopCardinality {F}>3</loopCardinality>")),
    ("EXT012", line(catching("t", "<timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>")),
     line(timer("t"))),
    ("EXT013", multi(f"<loopCardinality {F}> </loopCardinality>"), multi(f"<loopCardinality {F}>3</loopCardinality>")),
    *(("EXT014", file(T, more=f'{name}="{wrong}"'), file(T, more=f'{name}="http://www.w3.org/1999/XPath"'))
      for name in ("expressionLanguage", "typeLanguage") for wrong in ("java", "my language")),
    ("EXT014", multi(f'<loopCardinality {F} language="mvel">2</loopCardinality>'),
     multi(f'<loopCardinality {F} language="urn:mvel">2</loopCardinality>')),
    ("EXT017", gateway('gatewayDirection="Converging"', 1, 2), gateway('gatewayDirection="Converging"', 2, 1)),
    ("EXT018", gateway('gatewayDirection="Diverging"', 2, 1), gateway('gatewayDirection="Diverging"', 1, 2)),
    ("EXT019", gateway('gatewayDirection="Mixed"', 2, 1), gateway('gatewayDirection="Mixed"', 2, 2)),
    ("EXT020", collected("dataObject", False), collected("dataObject", True)),
    ("EXT021", file(T + '<subProcess id="h" triggeredByEvent="true"/>', "h>t"),
     file(T + '<subProcess id="h"/>', "h>t")),
    ("EXT022", file(T + '<subProcess id="h" triggeredByEvent="true"/>', "t>h"),
     file(T + '<subProcess id="h"/>', "t>h")),
    ("EXT023", file(S + T + E, LINE, listed=False), file(S + T + E, LINE)),
    ("EXT024", file(S + E + '<sequenceFlow id="f" sourceRef="s" targetRef="e" isImmediate="false"/>'),
     file(S + E + '<sequenceFlow id="f" sourceRef="s" targetRef="e"/>')),
    ("EXT025", condition("t", "s>t"), condition("t", "s>t t>g g>e")),
    ("EXT025", condition("s", "s>t t>e"), condition("g", "s>t t>g")),
    ("EXT026", file(S + '<task id="t" default="s_t"/>' + E, LINE), file(S + '<task id="t" default="t_e"/>' + E, LINE)),
    ("EXT027", file(after='<choreography id="c1"><choreographyRef>c2</choreographyRef></choreography>'
                          '<choreography id="c2"/>'), file(after='<choreography id="c1"/><choreography id="c2"/>')),
    ("EXT028", file(T, "t>o", after=other()), file(T + '<task id="u"/>', "t>u", after=other())),
    *((number, file(after=f'<collaboration id="c"><participant id="a"><participantMultiplicity {wrong}/></participant>'
                          "</collaboration>"),
       file(after=f'<collaboration id="c"><participant id="a"><participantMultiplicity {right}/></participant>'
                  "</collaboration>"))
      for number, wrong, right in (
          ("EXT029", 'minimum="-1"', 'minimum="0"'), ("EXT030", 'minimum="3" maximum="2"', 'minimum="2" maximum="2"'),
          ("EXT030", 'maximum="0"', 'maximum="1"'), ("EXT030", 'minimum="2"', 'minimum="1"'))),
    ("EXT031", file(T + '<task id="u"/>', after=pools(message("t", "u"), other())),
     file(T, after=pools(message("t", "o"), other()))),
    ("EXT031", file(T, after=pools(message("a", "t"), other())), file(T, after=pools(message("b", "t"), other()))),
    ("EXT032", file(after='<globalConversation id="g"><conversation id="v"/></globalConversation>'),
     file(after='<globalConversation id="g"/>')),
    ("EXT033", file(T, after='<choreography id="h"><participant id="x"/><participant id="y"/>'
                             '<messageFlow id="n" sourceRef="x" targetRef="y"/>'
                             '<choreographyTask id="ct" initiatingParticipantRef="x"><participantRef>x</participantRef>'
                             "<participantRef>y</participantRef><messageFlowRef>n</messageFlowRef></choreographyTask>"
                             "</choreography>" + pools(message("t", "ct"), other())),
     file(T, after=pools(message("t", "o"), other()))),
    ("EXT035", file(T, attributes='processType="Public"'), file(T, attributes='processType="Private"')),
    ("EXT035", file(T, attributes='processType="Public"'), file(T, attributes='processType="Public"',
                                                              executable=False)),
    ("EXT036", file('<callChoreography id="c" initiatingParticipantRef="a"/>'), file(T)),
    ("EXT037", file('<task id="t" startQuantity="0"/>'), file('<task id="t" startQuantity="1"/>')),
    ("EXT038", file('<task id="t" completionQuantity="-5"/>'), file('<task id="t" completionQuantity="2"/>')),
    ("EXT039", file('<task id="t"><performer id="r"><resourceRef>R</resourceRef><resourceAssignmentExpression>'
                    "<formalExpression>x</formalExpression></resourceAssignmentExpression></performer></task>",
                    root='<resource id="R" name="r"/>'),
     file('<task id="t"><performer id="r"><resourceRef>R</resourceRef></performer></task>',
          root='<resource id="R" name="r"/>')),
    ("EXT040", file('<task id="t"><performer id="r"><resourceParameterBinding parameterRef="RP"><formalExpression>1'
                    "</formalExpression></resourceParameterBinding></performer></task>",
                    root='<resource id="R" name="r"><resourceParameter id="RP" name="x"/></resource>'),
     file('<task id="t"><performer id="r"><resourceRef>R</resourceRef><resourceParameterBinding parameterRef="RP">'
          "<formalExpression>1</formalExpression></resourceParameterBinding></performer></task>",
          root='<resource id="R" name="r"><resourceParameter id="RP" name="x"/></resource>')),
    *((number, file(f'<{kind} id="t"><standardLoopCharacteristics/><multiInstanceLoopCharacteristics/>{inside}'
                    f"</{kind}>"),
       file(f'<{kind} id="t"><standardLoopCharacteristics/>{inside}</{kind}>'))
      for number, kind, inside in (("EXT041", "task", ""), ("EXT055", "adHocSubProcess", '<task id="u"/>'))),
    ("EXT041", line('<callActivity id="t" calledElement="t:q"><standardLoopCharacteristics/>'
                    "<multiInstanceLoopCharacteristics/></callActivity>", more=""), line(T)),
    *(("EXT066", file(f'<{kind} id="t"><standardLoopCharacteristics/><standardLoopCharacteristics/>{inside}</{kind}>'),
       file(f'<{kind} id="t"><standardLoopCharacteristics/>{inside}</{kind}>'))
      for kind, inside in (("callActivity", ""), ("userTask", ""), ("subProcess", ""), ("transaction", ""),
                           ("adHocSubProcess", '<task id="u"/>'))),
    ("EXT042", task("serviceTask", attributes='operationRef="O1"'),
     task("serviceTask", io("I1", "I2"), 'operationRef="O1"')),
    ("EXT043", task("serviceTask", io("I1", "I2", "<inputSet><dataInputRefs>in0</dataInputRefs></inputSet><outputSet>"
                                      "<dataOutputRefs>out0</dataOutputRefs></outputSet><outputSet/>"),
                    'operationRef="O1"'), task("serviceTask", io("I1", "I2"), 'operationRef="O1"')),
    ("EXT044", task("serviceTask", io("I2", "I2"), 'operationRef="O1"'),
     task("serviceTask", io("I1", "I2"), 'operationRef="O1"')),
    ("EXT045", task("serviceTask", io("I1", "I1"), 'operationRef="O1"'),
     task("serviceTask", io("I1", "I2"), 'operationRef="O1"')),
    *((number, task(kind, io(*wrong), 'messageRef="M1"'), task(kind, io(*right), 'messageRef="M1"'))
      for number, kind, wrong, right in (
          ("EXT046", "sendTask", ("I1", "", "<inputSet/><inputSet/><outputSet/>"), ("I1",)),
          ("EXT047", "sendTask", ("I1 I1",), ("I1",)), ("EXT048", "sendTask", ("I2",), ("I1",)),
          ("EXT050", "receiveTask", ("", "I1", "<inputSet/><outputSet/><outputSet/>"), ("", "I1")),
          ("EXT051", "receiveTask", ("", "I1 I1"), ("", "I1")), ("EXT052", "receiveTask", ("", "I2"), ("", "I1")))),
    ("EXT049", line('<receiveTask id="t" instantiate="true"/>'),
     file('<receiveTask id="t" instantiate="true"/>' + E, "t>e")),
    ("EXT053", line('<scriptTask id="t"><script>1</script></scriptTask>'),
     line('<scriptTask id="t" scriptFormat="text/feel"><script>1</script></scriptTask>')),
    *(("EXT054", line(f'<scriptTask id="t" scriptFormat="{wrong}"><script>1</script></scriptTask>'),
       line('<scriptTask id="t" scriptFormat="application/x-groovy"><script>1</script></scriptTask>'))
      for wrong in ("groovy", "JavaScript", "text / feel")),
    ("EXT054", file(T, after='<globalScriptTask id="g" scriptLanguage="python"><script>1</script></globalScriptTask>'),
     file(T, after='<globalScriptTask id="g" scriptLanguage="text/x-python"><script>1</script></globalScriptTask>')),
    *(("EXT060", sub('<task id="u"/>', f'method="{wrong}"', "transaction"),
       sub('<task id="u"/>', f'method="{right}"', "transaction"))
      for wrong, right in (("Compensate", "##Compensate"), ("by hand", "urn:acme:saga"), ("##Undo", "##Image"))),
    ("EXT056", sub('<callChoreography id="c" initiatingParticipantRef="a"/>'), sub('<task id="u"/>')),
    ("EXT057", file(T + '<subProcess id="h" triggeredByEvent="true"/>', "t>h"),
     event_sub(f'<startEvent id="x">{TIMER}</startEvent>')),
    ("EXT058", event_sub(f'<startEvent id="x">{TIMER}</startEvent><startEvent id="z"/>'),
     event_sub(f'<startEvent id="x">{TIMER}</startEvent>')),
    *((number, event_sub(f'<startEvent id="x" {how}>{wrong}</startEvent>'),
       event_sub(f'<startEvent id="x">{right}</startEvent>'))
      for number, how, wrong, right in (
          ("EXT059", "", "", TIMER), ("EXT129", "", "", TIMER), ("EXT059", "", "<cancelEventDefinition/>", TIMER),
          ("EXT059", "", "<terminateEventDefinition/>", "<compensateEventDefinition/>"),
          ("EXT059", 'isInterrupting="false"', "<errorEventDefinition/>", "<errorEventDefinition/>"),
          ("EXT059", 'isInterrupting="false"', "<compensateEventDefinition/>", "<escalationEventDefinition/>"))),
    ("EXT061", sub("", kind="adHocSubProcess"), sub('<task id="u"/>', kind="adHocSubProcess")),
    ("EXT062", sub('<task id="u"/><startEvent id="w"/>', kind="adHocSubProcess"),
     sub('<task id="u"/>', kind="adHocSubProcess")),
    ("EXT062", sub('<task id="u"/><endEvent id="w"/>', kind="adHocSubProcess"),
     sub('<task id="u"/>', kind="adHocSubProcess")),
    ("EXT063", call("", renamed(io("I1", "I2"))), call(io("I1", "I2"), renamed(io("I1", "I2")))),
    ("EXT063", call(io("I1", "I1"), renamed(io("I1", "I2"))), call("", "")),
    ("EXT064", callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2")),
     callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2")
                      + '<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>')),
    *(("EXT065", callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io(*wrong)
                                  + '<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>'),
       callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2")
                        + '<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>'))
      for wrong in (("I2", "I2"), ("I1", "I1"))),
    ("EXT063", call_of_global(io("I1"), ""), call_of_global("", "")),
    ("EXT063", call_of_global("", renamed(io("I1"))), call_of_global(io("I1"), renamed(io("I1")))),
    ("EXT064", file(T, root=MESSAGES.replace("</interface>", '<operation id="O2" name="o2"><inMessageRef>M1'
                                             "</inMessageRef></operation></interface>"),
                    after=offered('<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>')),
     file(T, root=MESSAGES, after=offered('<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>'))),
    ("EXT065", callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2")
                                + '<ioBinding operationRef="O1" inputDataRef="foreign" outputDataRef="out0"/>').replace(
        b"</process>", b"</process>" + FOREIGN),
     callable_process("<supportedInterfaceRef>F1</supportedInterfaceRef>" + io("I1", "I2")
                      + '<ioBinding operationRef="O1" inputDataRef="in0" outputDataRef="out0"/>')),
    ("EXT067", multi(""), multi(f"<loopCardinality {F}>2</loopCardinality>")),
    ("EXT068", multi("<loopDataInputRef>dob</loopDataInputRef>", root="").replace(
        b"</process>", b'<dataObject id="dob"/></process>'),
     multi("<loopDataInputRef>in0</loopDataInputRef>", io("I1"), MESSAGES)),
    ("EXT069", multi(f'<loopCardinality {F}>2</loopCardinality><loopDataOutputRef>out0</loopDataOutputRef>'
                     '<outputDataItem id="x" itemSubjectRef="I2"/>', io("", "I1"), MESSAGES),
     multi(f'<loopCardinality {F}>2</loopCardinality><loopDataOutputRef>out0</loopDataOutputRef>'
           '<outputDataItem id="x" itemSubjectRef="I1"/>', io("", "I1"), MESSAGES)),
    ("EXT070", multi('<loopDataInputRef>in0</loopDataInputRef><inputDataItem id="x" itemSubjectRef="I2"/>', io("I1"),
                     MESSAGES),
     multi('<loopDataInputRef>in0</loopDataInputRef><inputDataItem id="x" itemSubjectRef="I1"/>', io("I1"), MESSAGES)),
    ("EXT071", multi(f"<loopCardinality {F}>2</loopCardinality><completionCondition {F}>23</completionCondition>"),
     multi(f"<loopCardinality {F}>2</loopCardinality><completionCondition {F}>n = 23</completionCondition>")),
    *(("EXT072", behaving(wrong), behaving("numberOfCompletedInstances &gt; 1")) for wrong in ("3", '"yes"')),
    ("EXT074", collected("dataObject", False), collected("dataObject", True)),
    *(("EXT076", stated(wrong), stated("Order [paid]")) for wrong in ("Order", "Order (paid)", "Order [open]", "")),
    ("EXT078", file(root='<property id="x"/>'), file('<property id="x"/>')),
    ("EXT079", sub("<ioSpecification><inputSet/><outputSet/></ioSpecification>"), sub('<task id="u"/>')),
    ("EXT080", process_data(io("I1"), association("dataOutputAssociation", "x", "in0")),
     process_data(io("I1"), io("").replace(
         "<inputSet>", '<dataInput id="x"/><inputSet><dataInputRefs>x</dataInputRefs>')
                  + association("dataInputAssociation", "in0", "x"))),
    ("EXT081", collected("dataInput", False), collected("dataInput", True)),
    ("EXT082", process_data(io("", "I1"), association("dataInputAssociation", "out0", "x")),
     process_data(io("", "I1"), association("dataOutputAssociation", "x", "out0"))),
    ("EXT083", collected("dataOutput", False), collected("dataOutput", True)),
    ("EXT084", sets(IN.format("") + OUT.format(OUT_Y)), both("", "")),
    ("EXT085", sets(IN.format("<optionalInputRefs>b</optionalInputRefs>") + OUT.format("")),
     both("<optionalInputRefs>b</optionalInputRefs>", "")),
    ("EXT086", sets(IN.format("<whileExecutingInputRefs>b</whileExecutingInputRefs>") + OUT.format("")),
     both("<whileExecutingInputRefs>b</whileExecutingInputRefs>", "")),
    ("EXT087", both("<outputSetRefs>o</outputSetRefs>", ""),
     both("<outputSetRefs>o</outputSetRefs>", "<inputSetRefs>i</inputSetRefs>")),
    ("EXT087", both("", "<inputSetRefs>i</inputSetRefs>"), both("", "")),
    ("EXT088", sets(IN.format(IN_B) + OUT.format("")), both("", "")),
    ("EXT089", sets(IN.format("") + OUT.format("<optionalOutputRefs>y</optionalOutputRefs>")),
     both("", "<optionalOutputRefs>y</optionalOutputRefs>")),
    ("EXT090", sets(IN.format("") + OUT.format("<whileExecutingOutputRefs>y</whileExecutingOutputRefs>")),
     both("", "<whileExecutingOutputRefs>y</whileExecutingOutputRefs>")),
    ("EXT091", process_data('<dataObject id="x" itemSubjectRef="I2"/>',
                            io("I1") + association("dataInputAssociation", "x", "in0")),
     process_data('<dataObject id="x" itemSubjectRef="I1"/>',
                  io("I1") + association("dataInputAssociation", "x", "in0"))),
    ("EXT091", process_data('<dataObject id="x" itemSubjectRef="I2"/>',
                            io("I1") + association("dataInputAssociation", "x", "in0")),
     process_data('<dataObject id="x" itemSubjectRef="I2"/>', io("I1") + association(
         "dataInputAssociation", "x", "in0", f"<transformation {F}>string(x)</transformation>"))),
    ("EXT092", joined(""), joined(f"<transformation {F}>concatenate(in0, in1)</transformation>")),
    ("EXT093", throwing('<dataInput id="n"/><inputSet><dataInputRefs>n</dataInputRefs></inputSet>'),
     throwing('<dataInput id="n"/><inputSet><dataInputRefs>n</dataInputRefs></inputSet>' + EVENT)),
    *(("EXT094", carried(kind, root, "I2"), carried(kind, root, "I1")) for kind, root in (
        ("message", '<message id="R" itemRef="I1"/>'), ("signal", '<signal id="R" structureRef="I1"/>'),
        ("escalation", '<escalation id="R" escalationCode="x" structureRef="I1"/>'))),
    ("EXT095", file('<startEvent id="s"><eventDefinitionRef>d</eventDefinitionRef></startEvent>'
                    f'<endEvent id="e">{EVENT}</endEvent>', "s>e", root=MESSAGES),
     file('<startEvent id="s"><eventDefinitionRef>d</eventDefinitionRef></startEvent>' + E, "s>e",
          root=MESSAGES + EVENT)),
    ("EXT096", file(S + T + E, "s>t t>e t>s"), file(S + T + E, LINE)),
    ("EXT097", file(T + E, "t>e"), file('<receiveTask id="t" instantiate="true"/>' + E, "t>e")),
    *(("EXT098", file(f'<startEvent id="s"><{kind}EventDefinition/></startEvent>' + E, "s>e"),
       file(f'<startEvent id="s">{TIMER}</startEvent>' + E, "s>e"))
      for kind in ("compensate", "escalation", "error", "cancel", "link", "terminate")),
    ("EXT099", call("", "", f'<startEvent id="y">{TIMER}</startEvent>'), call("", "", '<startEvent id="y"/>')),
    ("EXT100", sub(f'<startEvent id="x">{TIMER}</startEvent><endEvent id="y"/>', links="x>y"),
     sub('<startEvent id="x"/><endEvent id="y"/>', links="x>y")),
    ("EXT101", file(S + T + E, "t>e"), file(S + T + E, LINE)),
    ("EXT102", file(S + E, "s>e", after=pools(message("s", "o"), other())),
     file(S + E, "s>e", after=pools(message("o", "s"), other()))),
    ("EXT103", file(S + E, "s>e", after=pools(message("o", "s"), other())),
     file(f'<startEvent id="s">{EVENT}</startEvent>' + E, "s>e", root=MESSAGES,
          after=pools(message("o", "s"), other()))),
    ("EXT104", file(S + T + E, "s>e e>t"), file(S + T + E, LINE)),
    ("EXT105", file(S + T, "s>t"), file(S + T + E, LINE)),
    ("EXT106", file(S + '<endEvent id="e"><cancelEventDefinition/></endEvent>', "s>e"),
     sub('<startEvent id="x"/><endEvent id="y"><cancelEventDefinition/></endEvent>', kind="transaction", links="x>y")),
    ("EXT107", file(S + T + E, "s>t"), file(S + T + E, LINE)),
    ("EXT108", file(S + E, "s>e", after=pools(message("o", "e"), other())),
     file(S + E, "s>e", after=pools(message("e", "o"), other()))),
    ("EXT109", file(S + E, "s>e", after=pools(message("e", "o"), other())),
     file(S + f'<endEvent id="e">{EVENT}</endEvent>', "s>e", root=MESSAGES,
          after=pools(message("e", "o"), other()))),
    *((number, boundary(wrong, how), boundary(right, "" if right != TIMER else how)) for number in ("EXT110", "EXT147")
      for how, wrong, right in (
          ("", "", TIMER), ("", "<linkEventDefinition name='x'/>", TIMER), ("", "<terminateEventDefinition/>", TIMER),
          ('cancelActivity="false"', "<errorEventDefinition/>", "<errorEventDefinition/>"),
          ('cancelActivity="false"', "<compensateEventDefinition/>", TIMER))),
    ("EXT111", boundary("<cancelEventDefinition/>"),
     boundary("<cancelEventDefinition/>", host='<transaction id="t"/>')),
    ("EXT112", boundary(TIMER, links="b>r s>b"), boundary(TIMER)),
    ("EXT113", boundary(TIMER, links=""), boundary(TIMER)),
    ("EXT114", boundary("<compensateEventDefinition/>"), boundary("<compensateEventDefinition/>", links="s>r")),
    ("EXT115", throwing(EVENT, "s>e t>e"), throwing(EVENT)),
    ("EXT116", throwing(EVENT, "s>e s>t"), throwing(EVENT)),
    ("EXT117", link(*PAIR, links="s>t t>e x>e"), link(*PAIR)),
    ("EXT117", link(*PAIR, links="s>t s>x x>e"), link(*PAIR)),
    ("EXT118", link(PAIR[0], definition("l2", "two", source="l2")), link(*PAIR)),
    ("EXT119", file(f'{S}<intermediateThrowEvent id="t">{EVENT}</intermediateThrowEvent>{E}', LINE, root=MESSAGES,
                    after=pools(message("o", "t"), other())),
     file(f'{S}<intermediateThrowEvent id="t">{EVENT}</intermediateThrowEvent>{E}', LINE, root=MESSAGES,
          after=pools(message("t", "o"), other()))),
    ("EXT119", file(S + catching("t", EVENT) + E, LINE, root=MESSAGES, after=pools(message("t", "o"), other())),
     file(S + catching("t", EVENT) + E, LINE, root=MESSAGES, after=pools(message("o", "t"), other()))),
    ("EXT120", boundary("<cancelEventDefinition/>"),
     boundary("<cancelEventDefinition/>", host='<transaction id="t"/>')),
    ("EXT121", file('<startEvent id="s"><compensateEventDefinition/></startEvent>' + E, "s>e"),
     event_sub('<startEvent id="x"><compensateEventDefinition/></startEvent>')),
    ("EXT122", line(catching("t", "<compensateEventDefinition/>")), line(timer("t"))),
    ("EXT123", line(catching("t", "<conditionalEventDefinition><condition>x</condition></conditionalEventDefinition>")),
     line(catching("t", f"<conditionalEventDefinition><condition {F}>x</condition></conditionalEventDefinition>"))),
    ("EXT123", shared("conditional", "", "<condition>x</condition>"),
     shared("conditional", "", f"<condition {F}>x</condition>")),
    ("EXT124", link(PAIR[0], definition("l2", "one")), link(*PAIR)),
    ("EXT124", link(definition("l1", "one"), definition("l2", "other")),
     link(definition("l1", "one"), definition("l2", "one"))),
    ("EXT125", link(definition("l1", "one"), PAIR[1]), link(*PAIR)),
    ("EXT125", link(definition("l1", "one"), definition("l2", "other")),
     link(definition("l1", "one"), definition("l2", "one"))),
    ("EXT126", link(PAIR[0], "", links="s>t x>e", more=(
        f'<subProcess id="q"><intermediateCatchEvent id="z">{PAIR[1]}</intermediateCatchEvent></subProcess>')),
     link(*PAIR)),
    ("EXT127", throwing(EVENT.replace(' messageRef="M1"', "")), throwing(EVENT)),
    ("EXT128", throwing('<messageEventDefinition messageRef="M1"/>'), throwing(EVENT)),
    ("EXT127", shared("message", "", "<operationRef>O1</operationRef>", "intermediateThrowEvent"),
     shared("message", 'messageRef="M1"', "<operationRef>O1</operationRef>", "intermediateThrowEvent")),
    ("EXT128", shared("message", 'messageRef="M1"', ""),
     shared("message", 'messageRef="M1"', "<operationRef>O1</operationRef>")),
    *(("EXT131", timed(*pair), timed(pair[0])) for pair in (
        ("timeDate", "timeDuration"), ("timeDuration", "timeCycle"), ("timeDate", "timeCycle"))),
    ("EXT132", shared("timer", "", f"<timeDate {F}>soon</timeDate>"),
     shared("timer", "", f"<timeDate {F}>2026-12-31T10:00:00Z</timeDate>")),
    ("EXT012", shared("timer", "", "<timeDuration>PT1S</timeDuration>"),
     shared("timer", "", f"<timeDuration {F}>PT1S</timeDuration>")),
    ("EXT130", boundary(""), boundary(TIMER)),
    *((number, line(catching("t", f"<timerEventDefinition><{name} {F}>{wrong}</{name}></timerEventDefinition>")),
       line(catching("t", f"<timerEventDefinition><{name} {F}>{right}</{name}></timerEventDefinition>")))
      for number, name, wrong, right in (
          ("EXT132", "timeDate", "INVALID", "2026-12-31T10:00:00Z"), ("EXT132", "timeDate", "soon", "2026-12-31"),
          ("EXT133", "timeCycle", "often", "R3/PT10S"), ("EXT134", "timeDuration", "INVALID", "P1DT2H"))),
    ("EXT135", gateway("", 1, 1), gateway("", 2, 1)),
    ("EXT135", gateway("", 0, 0, "parallelGateway"), gateway("", 1, 2, "parallelGateway")),
    ("EXT136", file(S + '<eventBasedGateway id="g"/>' + timer("x") + E, "s>g g>x x>e"),
     event_gateway(timer("x"), timer("y"))),
    ("EXT137", file(S + '<eventBasedGateway id="g"/>' + timer("x") + timer("y") + E
                    + f'<sequenceFlow id="f" sourceRef="g" targetRef="y"><conditionExpression {F}>x'
                    "</conditionExpression></sequenceFlow>", "s>g g>x x>e y>e"),
     event_gateway(timer("x"), timer("y"))),
    ("EXT138", event_gateway(timer("x"), '<task id="y"/>'), event_gateway(timer("x"), '<receiveTask id="y"/>')),
    ("EXT138", event_gateway(timer("x"), catching("y", "<linkEventDefinition name='l'/>")),
     event_gateway(timer("x"), catching("y", EVENT))),
    ("EXT139", event_gateway(catching("x", EVENT), '<receiveTask id="y"/>'),
     event_gateway(catching("x", EVENT), timer("y"))),
    ("EXT140", event_gateway('<receiveTask id="x"/>', timer("y"),
                             more=f'<boundaryEvent id="b" attachedToRef="x">{TIMER}</boundaryEvent>'),
     event_gateway('<receiveTask id="x"/>', timer("y"))),
    ("EXT141", event_gateway(timer("x"), timer("y"), more='<task id="z"/>', links="s>g z>x"),
     event_gateway(timer("x"), timer("y"))),
    ("EXT142", event_gateway(timer("x"), timer("y"), 'instantiate="true"'),
     event_gateway(timer("x"), timer("y"), 'instantiate="true"', links="")),
    ("EXT143", event_gateway(timer("x"), timer("y"), 'eventGatewayType="Parallel"'),
     event_gateway(timer("x"), timer("y"), 'eventGatewayType="Parallel" instantiate="true"', links="")),
    ("EXT144", boundary("<compensateEventDefinition/>", links="").replace(
        b"</process>", b'<task id="h"/><association id="as" sourceRef="b" targetRef="h"/></process>'),
     boundary("<compensateEventDefinition/>", links="").replace(
        b"</process>",
        b'<task id="h" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="h"/></process>')),
    ("EXT145", file(S + '<task id="t" isForCompensation="true"/>' + E, LINE),
     file(S + '<task id="t" isForCompensation="true"/>' + E, "s>e")),
    *(("EXT146", file(S + f'<endEvent id="e"><{kind}EventDefinition/></endEvent>', "s>e"),
       file(S + '<endEvent id="e"><terminateEventDefinition/></endEvent>', "s>e"))
      for kind in ("link", "conditional", "timer")),
    *(("EXT148", line(catching("t", wrong)), line(timer("t"))) for wrong in (
        "", "<compensateEventDefinition/>", "<escalationEventDefinition/>", "<terminateEventDefinition/>",
        "<errorEventDefinition/>", "<cancelEventDefinition/>")),
    *(("EXT149", throwing(f"<{kind}EventDefinition/>"), throwing("")) for kind in
      ("conditional", "error", "terminate", "timer", "cancel")),
    ("EXT150", file(S + T + E, "s>e t>e"), file(S + T + E, LINE)),
    ("EXT151", file(S + T + E, "s>e s>t"), file(S + T + E, LINE)),
    ("EXT152", file(T + '<subProcess id="q"><task id="u"/></subProcess>', "t>u"),
     file(T + '<subProcess id="q"><task id="u"/></subProcess>', "t>q")),
]  # fmt: skip
"""Number of the rule, a file that breaks it, a file that does not."""
