"""``anyshore bpmn``: files of other tools are checked, run and simulated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from anyshore.cli.main import app

SAMPLES = Path(__file__).parent.parent / "bpmn" / "vendors" / "samples"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anyshore="https://anyshore.org/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">'
)
F = 'xsi:type="tFormalExpression"'
ORDER = f"""{HEAD}
<process id="order" name="Order" isExecutable="true">
  <startEvent id="s"><outgoing>f1</outgoing></startEvent>
  <userTask id="check" name="Check order" anyshore:role="clerk" anyshore:form="order">
    <extensionElements><anyshore:input name="amount" expression="amount"/></extensionElements>
    <incoming>f1</incoming><outgoing>f2</outgoing>
  </userTask>
  <boundaryEvent id="late" attachedToRef="check" cancelActivity="false"><outgoing>f7</outgoing>
    <timerEventDefinition><timeDuration {F}>P1D</timeDuration></timerEventDefinition></boundaryEvent>
  <scriptTask id="note" scriptFormat="text/feel" anyshore:result="reminded"><incoming>f7</incoming>
    <outgoing>f8</outgoing><script>true</script></scriptTask>
  <endEvent id="noted"><incoming>f8</incoming></endEvent>
  <exclusiveGateway id="ok" name="Accepted?" default="no"><incoming>f2</incoming><outgoing>yes</outgoing>
    <outgoing>no</outgoing></exclusiveGateway>
  <serviceTask id="ship" name="Ship" anyshore:activity="ship.parcel"><incoming>yes</incoming><outgoing>f5</outgoing>
  </serviceTask>
  <boundaryEvent id="lost" attachedToRef="ship"><outgoing>f9</outgoing><errorEventDefinition errorRef="E1"/>
  </boundaryEvent>
  <endEvent id="shipped"><incoming>f5</incoming></endEvent>
  <endEvent id="refused" name="Refused"><incoming>no</incoming></endEvent>
  <endEvent id="gone"><incoming>f9</incoming></endEvent>
  <sequenceFlow id="f1" sourceRef="s" targetRef="check"/>
  <sequenceFlow id="f2" sourceRef="check" targetRef="ok"/>
  <sequenceFlow id="yes" sourceRef="ok" targetRef="ship"><conditionExpression {F}>accepted</conditionExpression>
  </sequenceFlow>
  <sequenceFlow id="no" sourceRef="ok" targetRef="refused"/>
  <sequenceFlow id="f5" sourceRef="ship" targetRef="shipped"/>
  <sequenceFlow id="f7" sourceRef="late" targetRef="note"/>
  <sequenceFlow id="f8" sourceRef="note" targetRef="noted"/>
  <sequenceFlow id="f9" sourceRef="lost" targetRef="gone"/>
</process>
<error id="E1" errorCode="LOST"/>
</definitions>"""
CALLER = f"""{HEAD}
<process id="caller" isExecutable="true">
  <startEvent id="s"><outgoing>f1</outgoing></startEvent>
  <callActivity id="call" calledElement="order"><incoming>f1</incoming><outgoing>f2</outgoing></callActivity>
  <businessRuleTask id="rate" anyshore:decision="rate" anyshore:result="rate"><incoming>f2</incoming>
    <outgoing>f3</outgoing></businessRuleTask>
  <intermediateCatchEvent id="paid" name="Paid"><incoming>f3</incoming><outgoing>f4</outgoing>
    <messageEventDefinition messageRef="M"/></intermediateCatchEvent>
  <endEvent id="e"><incoming>f4</incoming></endEvent>
  <sequenceFlow id="f1" sourceRef="s" targetRef="call"/><sequenceFlow id="f2" sourceRef="call" targetRef="rate"/>
  <sequenceFlow id="f3" sourceRef="rate" targetRef="paid"/><sequenceFlow id="f4" sourceRef="paid" targetRef="e"/>
</process>
<message id="M" name="payment"/>
</definitions>"""
RATE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">'
    '<decision id="rate" name="rate"><variable name="rate"/><literalExpression><text>4 * 2</text>'
    "</literalExpression></decision></definitions>"
)


@pytest.fixture
def order(tmp_path: Path) -> Path:
    file = tmp_path / "order.bpmn"
    file.write_text(ORDER, encoding="utf-8")
    return file


def call(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["bpmn", *map(str, arguments)], input=stdin)


def data(*arguments: object, code: int = 0) -> Any:
    result = call(*arguments, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def answers(folder: Path, text: str) -> Path:
    file = folder / "answers.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def path(report: Any) -> list[str]:
    return [f"{step['element']} {step['what']}" for step in report["path"] if step["element"] != report["process"]]


# Check


def test_a_sound_file(order: Path) -> None:
    result = call("check", order)
    assert result.exit_code == 0
    assert "Nothing to find fault with in 1 file." in result.stdout
    assert data("check", order) == []


def test_every_violation_with_its_place(order: Path) -> None:
    order.write_text(ORDER.replace('<outgoing>f1</outgoing></startEvent>', "</startEvent>").replace(
        'anyshore:activity="ship.parcel"', ""), encoding="utf-8")  # fmt: skip
    assert [one["code"] for one in data("check", order, code=1)] == ["bpmn.no-activity"]
    found = data("check", order, "--strict", code=1)
    assert {"bpmn.EXT023", "bpmn.EXT101", "bpmn.no-activity"} <= {one["code"] for one in found}
    assert all(one["file"] == str(order) and one["line"] and one["column"] for one in found)
    result = call("check", order, "--hints", "--strict")
    assert result.exit_code == 1
    for text in ("EXT101", "3:3", "BPMN 2.0.2"):
        assert text in result.stdout


def test_warnings_do_not_refuse_a_file_of_another_tool() -> None:
    result = call("check", *sorted(SAMPLES.glob("*.bpmn")))
    assert result.exit_code == 0
    assert "0 errors" in result.stdout
    assert "dueDate of Camunda 7" in " ".join(result.stdout.replace("│", " ").split())


def test_a_drawing_may_hold_what_cannot_be_executed(order: Path) -> None:
    order.write_text(ORDER.replace('anyshore:activity="ship.parcel"', ""), encoding="utf-8")
    assert call("check", order).exit_code == 1
    assert call("check", order, "--drawing").exit_code == 0


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<a>", encoding="utf-8")
    assert data("check", broken, tmp_path / "none.bpmn", code=1)[0]["code"] == "xml.malformed"
    assert call("run", tmp_path / "none.bpmn").exit_code == 1


# Run


def test_run_with_answers(order: Path, tmp_path: Path) -> None:
    given = answers(tmp_path, "check: {accepted: true, $after: PT36H}\nship.parcel: {tracking: T-1}\n")
    report = data("run", order, "-v", "amount=10 + 2", "--answers", given)
    assert report["outcome"] == "completed"
    assert report["seconds"] == 36 * 3600
    assert report["waits"] == []
    assert path(report) == [
        "s passed", "check begins", "late passed", "note passed", "noted passed", "check completed", "ok passed",
        "ship begins", "ship completed", "shipped passed",
    ]  # fmt: skip
    assert report["variables"] == {"amount": "12", "reminded": "true", "accepted": "true", "tracking": '"T-1"'}


def test_the_tables_of_a_run(order: Path, tmp_path: Path) -> None:
    given = answers(tmp_path, "Check order: {accepted: false}\n")
    result = call("run", order, "--answers", given, "-v", 'note="a [b] c"', "--no-ask")
    assert result.exit_code == 0
    for text in ("Path of order", "Refused", "order: completed after 0:00:00", '"a [b] c"'):
        assert text in result.stdout


def test_what_nobody_answers_is_left_open_while_time_goes_on(order: Path) -> None:
    report = data("run", order, "--at", "2026-01-01T00:00:00Z")
    assert report["outcome"] is None
    assert [(one["element"], one["kind"], one["name"]) for one in report["waits"]] == [("check", "work", "order")]
    assert "late passed" in path(report)
    assert "late passed" not in path(data("run", order, "--days", "0"))
    assert "Still waiting" in call("run", order, "--no-ask").stdout


def test_an_error_goes_its_way_and_an_uncaught_one_fails_the_command(order: Path, tmp_path: Path) -> None:
    given = answers(tmp_path, "check: {accepted: true}\nship: {$error: LOST}\n")
    assert "gone passed" in path(data("run", order, "--answers", given))
    given.write_text("check: {accepted: true}\nship: {$error: OTHER}\n", encoding="utf-8")
    report = data("run", order, "--answers", given, code=1)
    assert [one["kind"] for one in report["waits"]] == ["incident"]
    assert any(step["what"].startswith("incident") for step in report["path"])


def test_a_person_is_asked(order: Path) -> None:
    result = call("run", order, "--ask", "-v", "amount=5", stdin="nonsense\naccepted = true\n\n! LOST\n")
    assert result.exit_code == 0, result.output
    for text in ("Work: Check order (order)", "amount: 5", "is not name=value", "Activity: Ship", "gone"):
        assert text in result.stdout
    left = call("run", order, "--ask", stdin="-\n")
    assert "Still waiting" in left.stdout


def test_called_processes_decisions_and_messages(order: Path, tmp_path: Path) -> None:
    caller, rate = tmp_path / "caller.bpmn", tmp_path / "rate.dmn"
    caller.write_text(CALLER, encoding="utf-8")
    rate.write_text(RATE, encoding="utf-8")
    given = answers(tmp_path, "check:\n  - {accepted: false}\n  - {accepted: true}\npayment: {paid: 7}\n")
    report = data("run", caller, "--with", order, "--with", rate, "--answers", given, "-v", "amount=4")
    assert report["outcome"] == "completed"
    assert {step["process"] for step in report["path"]} == {"caller", "order"}
    assert (report["variables"]["rate"], report["variables"]["paid"]) == ("8", "7")
    alone = data("run", caller, "--with", rate, "--answers", given, "-v", "amount=4")
    assert [one["kind"] for one in alone["waits"]] == ["child"]


def test_a_process_is_chosen_by_name(order: Path, tmp_path: Path) -> None:
    two = tmp_path / "two.bpmn"
    second = ORDER.replace('id="order"', 'id="second" name="Second"', 1).split("<process")[1].split("</process>")[0]
    second = "<process" + second.replace(' name="Order"', "") + "</process>"
    for name in ("s", "check", "late", "note", "noted", "ok", "ship", "lost", "shipped", "refused", "gone", "f1", "f2",
                 "yes", "no", "f5", "f7", "f8", "f9"):  # fmt: skip
        for around in ('"{}"', ">{}<"):
            second = second.replace(around.format(name), around.format(name + "2"))
    two.write_text(ORDER.replace("<error ", second + "<error "), encoding="utf-8")
    assert call("run", two, "--no-ask").exit_code == 1
    assert data("run", two, "--process", "Second")["process"] == "second"
    assert "Executable: order, second" in call("run", two, "--process", "third", "--no-ask").output


@pytest.mark.parametrize(
    "wrong", [["-v", "amount"], ["-v", "=1"], ["--at", "tomorrow"], ["--answers", "none.yaml"]], ids=str
)
def test_wrong_arguments(order: Path, wrong: list[str]) -> None:
    assert call("run", order, *wrong).exit_code in (1, 2)


# Simulate


def scenario(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def element(report: Any, name: str) -> dict[str, Any]:
    (found,) = [one for one in report["elements"] if one["element"] == name]
    return found


def test_the_same_seed_gives_the_same_figures(order: Path) -> None:
    first = data("simulate", order, "-n", "200", "--seed", "7")
    assert data("simulate", order, "-n", "200", "--seed", "7") == first
    assert data("simulate", order, "-n", "200", "--seed", "8") != first
    assert first["outcomes"] == {"completed": 200}
    assert element(first, "s")["entered"] == 200
    assert 60 < element(first, "ship")["entered"] < 140


def test_branches_durations_and_errors(order: Path, tmp_path: Path) -> None:
    assumed = scenario(tmp_path, """
        arrivals: PT30M
        durations: {check: PT2H, Ship: PT1H}
        branches: {yes: 0.8}
        errors: {ship: {LOST: 0.25}}
    """)  # fmt: skip
    report = data("simulate", order, "-n", "1000", "--scenario", assumed)
    shipped, lost, refused = (element(report, name)["entered"] for name in ("shipped", "lost", "refused"))
    assert shipped + lost + refused == 1000
    assert 740 < shipped + lost < 860
    assert 0.18 < lost / (shipped + lost) < 0.32
    assert element(report, "check")["mean_seconds"] == 7200
    assert report["cycle_seconds"]["p50"] == report["cycle_seconds"]["max"] == 3 * 3600
    assert report["simulated_hours"] == pytest.approx(999 * 0.5 + 3, abs=1)
    assert report["per_hour"] == pytest.approx(1000 / 502.5, rel=0.01)
    assert not any(one["element"] == "late" for one in report["elements"])


def test_timers_fire_in_simulated_time(order: Path, tmp_path: Path) -> None:
    report = data("simulate", order, "-n", "50", "--scenario", scenario(tmp_path, "default: P2D"))
    assert element(report, "late")["entered"] == 50


def test_work_queues_where_people_are_few(order: Path, tmp_path: Path) -> None:
    text = "arrivals: PT1H\ndurations: {check: PT2H, ship: PT0S}\nbranches: {no: 1}\nresources: {clerk: "
    few = data("simulate", order, "-n", "20", "--scenario", scenario(tmp_path, text + "1}"))
    # One clerk, two hours each, one an hour: the n-th waits n hours (from 0).
    assert element(few, "check")["mean_waiting_seconds"] == 3600 * sum(range(20)) / 20
    assert few["resources"]["clerk"] == 1
    enough = data("simulate", order, "-n", "20", "--scenario", scenario(tmp_path, text + "2}"))
    assert element(enough, "check")["mean_waiting_seconds"] == 0
    assert enough["resources"]["clerk"] == pytest.approx(20 * 2 / (2 * 21))


def test_the_samples_of_other_modellers_are_simulated() -> None:
    for sample in SAMPLES.glob("*.bpmn"):
        report = data("simulate", sample, "-n", "40")
        assert report["outcomes"] == {"completed": 40}, sample.name
    loops = data("simulate", SAMPLES / "camunda7-order.bpmn", "-n", "10")
    assert element(loops, "pack")["entered"] == element(loops, "pack")["completed"] == 20


def test_rounds_and_events(tmp_path: Path) -> None:
    assumed = scenario(tmp_path, "rounds: {pack: 5}\nevents: {}\n")
    report = data("simulate", SAMPLES / "camunda7-order.bpmn", "-n", "10", "--scenario", assumed)
    assert element(report, "pack")["entered"] == 50
    never = scenario(tmp_path, "events: {answered: 0}\ndefault: PT1S\n")
    report = data("simulate", SAMPLES / "camunda8-claim.bpmn", "-n", "10", "--scenario", never)
    assert not any(one["element"] == "pay" for one in report["elements"])


def test_the_tables_of_a_simulation(order: Path, tmp_path: Path) -> None:
    result = call("simulate", order, "-n", "10", "--scenario", scenario(tmp_path, "resources: {clerk: 1}"))
    assert result.exit_code == 0
    for text in (
        "order: 10 instances",
        "Check order",
        "Cycle time",
        "p95",
        "Busy",
        "10 completed",
        "per hour",
        "seed 1",
    ):
        assert text in result.stdout


def test_a_process_that_can_never_go_on_is_told(tmp_path: Path) -> None:
    file = tmp_path / "join.bpmn"
    file.write_text(f"""{HEAD}<process id="p" isExecutable="true"><startEvent id="a"><outgoing>f1</outgoing>
      </startEvent><exclusiveGateway id="x" default="f3"><incoming>f1</incoming><outgoing>f2</outgoing>
      <outgoing>f3</outgoing></exclusiveGateway><task id="b"><incoming>f3</incoming><outgoing>f4</outgoing></task>
      <parallelGateway id="j" name="Both"><incoming>f2</incoming><incoming>f4</incoming><outgoing>f5</outgoing>
      </parallelGateway><endEvent id="e"><incoming>f5</incoming></endEvent>
      <sequenceFlow id="f1" sourceRef="a" targetRef="x"/><sequenceFlow id="f3" sourceRef="x" targetRef="b"/>
      <sequenceFlow id="f2" sourceRef="x" targetRef="j"><conditionExpression {F}>urgent</conditionExpression>
      </sequenceFlow><sequenceFlow id="f4" sourceRef="b" targetRef="j"/><sequenceFlow id="f5" sourceRef="j"
      targetRef="e"/></process></definitions>""")
    found = CliRunner().invoke(app, ["bpmn", "run", str(file), "-v", "urgent=true", "--no-ask"])
    assert found.exit_code == 1
    assert "One token waits before 'Both' for others that cannot come. [bpmn.blocked]" in found.output
    found = CliRunner().invoke(app, ["bpmn", "run", str(file), "-v", "urgent=true", "--no-ask", "--json"])
    (told,) = json.loads(found.output)["blocked"]
    assert (told["code"], told["element"]) == ("bpmn.blocked", "j")


def test_every_element_is_explained_over_columns(tmp_path: Path) -> None:
    file = tmp_path / "order.bpmn"
    file.write_text(ORDER)
    told = CliRunner().invoke(app, ["bpmn", "explain", str(file), "--json"])
    elements = {one["element"]: one for one in json.loads(told.stdout)["elements"]}
    assert elements["s"]["compiled"]
    assert elements["check"]["why"] == "a person does it"
    shown = CliRunner().invoke(app, ["bpmn", "explain", str(file)])
    assert "rows stop: a program outside does it" in " ".join(shown.stdout.split())


def test_rows_of_a_file_go_through_a_process(tmp_path: Path) -> None:
    xml = (tmp_path / "order.bpmn", tmp_path / "rows.parquet", tmp_path / "out.parquet", tmp_path / "left.parquet")
    xml[0].write_text(
        f"""{HEAD}<process id="order" isExecutable="true"><startEvent id="s"/><exclusiveGateway id="g" default="no"/>
        <userTask id="check" name="Check it"/><endEvent id="done"/><sequenceFlow id="a" sourceRef="s" targetRef="g"/>
        <sequenceFlow id="yes" sourceRef="g" targetRef="check"><conditionExpression>amount &gt; 5</conditionExpression>
        </sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="done"/>
        <sequenceFlow id="b" sourceRef="check" targetRef="done"/></process></definitions>"""
    )
    pl.DataFrame({"amount": [1, 7, None]}).write_parquet(xml[1])
    arguments = ["bpmn", "rows", str(xml[0]), str(xml[1]), "--out", str(xml[2]), "--left", str(xml[3])]
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert (told["rows"], told["alone"], [way["rows"] for way in told["ways"]]) == (3, 1, [1, 1])
    assert pl.read_parquet(xml[2])["@element"].to_list() == ["done", "check", None]
    assert pl.read_parquet(xml[3])["@row"].to_list() == [1, 2]
    shown = CliRunner().invoke(app, arguments)
    assert "1 of 3 rows are through." in shown.stdout
