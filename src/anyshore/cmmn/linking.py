"""Making a case ready to run: rules compiled, references resolved, listeners indexed; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from anyshore.base.errors import AnyshoreError, CmmnError, Diagnostic
from anyshore.base.locations import Location
from anyshore.cmmn import model as m
from anyshore.cmmn import times, vendors, walk
from anyshore.cmmn.binding import Element
from anyshore.cmmn.definition import (
    START,
    Binding,
    Criterion,
    Decide,
    Definition,
    Item,
    Listener,
    Offer,
    Options,
    Rule,
    Timer,
)  # fmt: skip
from anyshore.cmmn.elements.calls import CaseTask, DecisionTask, ProcessTask
from anyshore.cmmn.elements.listeners import EventListener, StartTrigger, TimerEventListener
from anyshore.cmmn.elements.stages import PLAN_FRAGMENT, STAGE
from anyshore.cmmn.elements.table import BY_CLASS
from anyshore.cmmn.elements.tasks import HumanTask, Task
from anyshore.cmmn.expressions import Compiled, compile_text
from anyshore.cmmn.model import Case, Model
from anyshore.cmmn.names import FEEL_LANGUAGES
from anyshore.cmmn.scoping import give_scopes
from anyshore.feel import juel, quoted
from anyshore.params.shapes import nearest

_TIME = "Write an ISO 8601 date-time, duration or repeating interval (5.4.2.1), for example PT2H or R3/P1D."


def no_decisions(reference: str, inputs: Mapping[str, object], now: int, zone: str) -> object:
    """Stands in where no decisions were linked."""
    raise CmmnError(
        "cmmn.no-decisions", f"The decision {reference!r} is not linked.",
        hint="Deploy its DMN file with the case, or link the case with a function that decides.",
    )  # fmt: skip


def link(
    model: Model, case: str | None = None, *, decide: Decide | None = None, options: Options | None = None
) -> Definition:
    """A case of a model, ready to run.

    Args:
        model: the file.
        case: id of the case; may be left out where the file has one.
        decide: calls decisions: reference, inputs, now, zone → value.
        options: readings of the specification.

    Raises:
        CmmnError: expressions cannot be read, or a reference leads nowhere; with all problems.
    """
    found = model.case(case)
    linker = Linker(model, found, decide or no_decisions, options or Options())
    definition = linker.run()
    if linker.problems:
        raise CmmnError.of(linker.problems)
    return definition


class Linker:
    """Compiles one case; collects what is wrong."""

    def __init__(self, model: Model, case: Case, decide: Decide, options: Options) -> None:
        self.model = model
        self.case = case
        self.problems: list[Diagnostic] = []
        plan = case.plan or m.Stage(id=f"{case.id}.plan", location=case.location)
        self.root = plan.id or f"{case.id}.plan"
        self.definition = Definition(model, case, self.root, options, decide, counters={options.counter})
        self.stages = {fragment.id or self.root: fragment for fragment in walk.fragments(case)}
        self.sentries = {s.id: s for fragment in self.stages.values() for s in fragment.sentries}
        self.kinds = {d.id: d for d in walk.definitions(case)}
        if case.case_file is not None:
            for item, parent in case.case_file.all_items():
                self.definition.files[item.id] = (item, parent)
                self.definition.documents[item.variable] = item
        self.names = sorted(self.definition.documents)

    def run(self) -> Definition:
        """The definition; look at ``problems`` before using it."""
        done = self.definition
        for name, fragment in self.stages.items():
            if isinstance(fragment, m.Stage):
                done.children[name] = [item_id(item) for item in self._planned(fragment)]
        self._case_plan()
        done.outputs = self._bindings(self.case.outputs)
        hosts = self.fragment_hosts()
        for plan_item, fragment in walk.plan_items(self.case):
            if self._is_group(plan_item):
                continue
            container = fragment.id or self.root if isinstance(fragment, m.Stage) else hosts.get(fragment.id, self.root)
            self._plan_item(plan_item, container)
        self._offers()
        for item in done.items.values():
            self._listen(item)
        if not self.recursive():
            give_scopes(done)
        return done

    def _planned(self, fragment: m.PlanFragment, around: frozenset[str] = frozenset()) -> Iterator[m.PlanItem]:
        """The items of a plan; those of a plan fragment that stands directly in it are its own (5.4.3)."""
        for item in fragment.plan_items:
            group = self.kinds.get(item.definition_ref) if self._is_group(item) else None
            if not isinstance(group, m.PlanFragment):
                yield item
            elif group.id not in around:
                yield from self._planned(group, around | {group.id})

    def _is_group(self, item: m.PlanItem) -> bool:
        """Whether a plan item only draws a line around others: a plan fragment has no instance."""
        return type(self.kinds.get(item.definition_ref)) is m.PlanFragment and not isinstance(item, m.DiscretionaryItem)

    def recursive(self) -> bool:
        """Whether a stage is planned within itself, however far down."""
        uses: dict[str, list[str]] = {name: [] for name in self.stages}
        for item in self.definition.items.values():
            if item.stage is not None and item.container:
                uses[item.container].append(item.stage)
        done: set[str] = set()
        for start in uses:
            path: list[tuple[str, int]] = [(start, 0)]
            on_path = {start}
            while path:
                stage, index = path.pop()
                below = uses.get(stage, [])
                if stage in done or index >= len(below):
                    done.add(stage)
                    on_path.discard(stage)
                    continue
                path.append((stage, index + 1))
                if below[index] in on_path:
                    self._problem(
                        "cmmn.recursive", f"The stage {below[index]!r} is planned within itself.",
                        self.stages[below[index]], "Call a case by a case task instead.",
                    )  # fmt: skip
                    return True
                if below[index] not in done:
                    path.append((below[index], 0))
                    on_path.add(below[index])
        return False

    def fragment_hosts(self) -> dict[str, str]:
        """The stage that each plan fragment is planned into, also by way of the fragments around it."""
        places = [
            (item.definition_ref, fragment)
            for item, fragment in walk.plan_items(self.case)
            if isinstance(self.kinds.get(item.definition_ref), m.PlanFragment)
        ]
        hosts = {name: fragment.id or self.root for name, fragment in places if isinstance(fragment, m.Stage)}
        for _ in places:
            hosts |= {
                name: hosts[fragment.id] for name, fragment in places if fragment.id in hosts and name not in hosts
            }
        return hosts

    def _case_plan(self) -> None:
        plan = self.case.plan
        if plan is None:
            self._problem("cmmn.no-plan", f"The case {self.case.id!r} has no plan.", self.case, "Add a casePlanModel.")
            plan = m.Stage(id=self.root)
        self.definition.items[self.root] = Item(
            self.root, plan.name or self.case.name or self.case.id, plan, STAGE, "", self.root,
            auto_complete=bool(plan.auto_complete), auto_condition=self._extension(plan, "autoCompleteCondition"),
            exit=self._criteria(plan.exit_criteria, self.root, "exit"),
        )  # fmt: skip

    def _plan_item(self, plan_item: m.PlanItem, container: str) -> None:
        kind = self.kinds.get(plan_item.definition_ref)
        name = item_id(plan_item)
        if kind is None:
            self._dangling(plan_item, "definition", plan_item.definition_ref, self.kinds)
            return
        if name in self.definition.items:
            self._problem(
                "cmmn.duplicate-item", f"There are two plan items {name!r}.", plan_item, "Give each an id of its own."
            )
            return
        control = plan_item.item_control
        rules = [control, kind.default_control]
        item = Item(
            name, plan_item.name or kind.name or name, kind, BY_CLASS[type(kind)], container,
            stage=kind.id if type(kind) is m.Stage else None,
            auto_complete=isinstance(kind, m.Stage) and bool(kind.auto_complete),
            discretionary=isinstance(plan_item, m.DiscretionaryItem),
            entry=self._criteria(plan_item.entry_criteria, name, "entry"),
            exit=self._criteria(plan_item.exit_criteria, name, "exit"),
            required=self._first_rule(rules, "required_rule"),
            repetition=self._first_rule(rules, "repetition_rule"),
            manual=self._first_rule(rules, "manual_activation_rule"),
        )  # fmt: skip
        self.definition.items[name] = item
        item.counter = self._counter(rules)
        self._details(item, kind)

    def _counter(self, controls: Sequence[m.ItemControl | None]) -> str:
        rules = (control.repetition_rule for control in controls if control is not None)
        rule = next((rule for rule in rules if rule is not None), None)
        name = vendors.value_of(rule, "counterVariable") if rule is not None else None
        if name:
            self.definition.counters.add(name)
        return name or ""

    def _extension(self, element: Element, name: str) -> Compiled | None:
        """The compiled value of a vendor's attribute; None where there is none."""
        text = vendors.value_of(element, name) if element.foreign else None
        return self._theirs(text, element) if text else None

    def _theirs(self, text: str, place: Element) -> Compiled | None:
        """An expression of an extension; one that cannot be translated passes where the reader is tolerant."""
        before = len(self.problems)
        found = self._written(text, place)
        if self.model.tolerant:
            del self.problems[before:]
        return found

    def _details(self, item: Item, kind: m.PlanItemDefinition) -> None:
        """What the definition adds: parameters, timer, reference."""
        match kind:
            case Task():
                item.blocking = kind.is_blocking is not False
                item.inputs = self._bindings(kind.inputs)
                item.outputs = self._bindings(kind.outputs)
                item.blocking_condition = self._extension(kind, "isBlockingExpression")
                if isinstance(kind, CaseTask | ProcessTask | DecisionTask):
                    item.reference = self._reference(kind.reference)
                    self._mapped(item, kind)
                    self._passed(item, kind)
            case TimerEventListener():
                item.timer = self._timer(kind)
                if kind.plan_item_trigger or kind.file_item_trigger:
                    item.starts_on = START
            case m.Stage():
                item.auto_condition = self._extension(kind, "autoCompleteCondition")
            case EventListener():
                if kind.key:
                    item.reference = self._compile(kind.key, kind.location)
            case m.PlanFragment() if item.family is PLAN_FRAGMENT:
                item.fragment = tuple(item_id(inner) for inner in kind.plan_items)
            case _:
                """Nothing more to know of it."""

    def _first_rule(self, controls: Sequence[m.ItemControl | None], name: str) -> Rule | None:
        """The rule of the plan item, or else the default of its definition (5.4.11)."""
        for control in controls:
            rule = getattr(control, name) if control is not None else None
            if rule is not None:
                return self._rule(rule)
        return None

    def _rule(self, rule: m.Rule) -> Rule:
        return Rule(self._expression(rule.condition), self._context(rule, rule.context_ref))

    def _context(self, place: Element, reference: str | None) -> str | None:
        if reference is None:
            return None
        if reference not in self.definition.files:
            self._dangling(place, "case file item", reference, self.definition.files)
            return None
        return self.definition.files[reference][0].variable

    def _criteria(self, criteria: Iterable[m.Criterion], owner: str, kind: str) -> tuple[Criterion, ...]:
        found = []
        for index, criterion in enumerate(criteria, 1):
            sentry = self.sentries.get(criterion.sentry_ref)
            if sentry is None:
                self._dangling(criterion, "sentry", criterion.sentry_ref, self.sentries)
                continue
            name = criterion.id or f"{owner}.{kind}.{index}"
            condition = self._expression(sentry.if_part.condition) if sentry.if_part else None
            context = self._context(sentry.if_part, sentry.if_part.context_ref) if sentry.if_part else None
            parts = tuple(dict.fromkeys(part_key(part) for part in sentry.on_parts))
            found.append(Criterion(name, parts, condition, context))
            self._parts_of(owner, name, kind, sentry)
        return tuple(found)

    def _parts_of(self, owner: str, criterion: str, kind: str, sentry: m.Sentry) -> None:
        """Remembers who listens; the scope is known once all items are."""
        for part in sentry.on_parts:
            caused = part.exit_criterion_ref if isinstance(part, m.PlanItemOnPart) else None
            listener = Listener(owner, criterion, part_key(part), "", kind == "entry", caused)
            self._hear(part, listener)

    def _hear(self, part: m.OnPart | StartTrigger, listener: Listener, *, file: bool = False) -> None:
        table = (
            self.definition.files_heard_by
            if file or isinstance(part, m.CaseFileItemOnPart)
            else self.definition.heard_by
        )
        known = table.setdefault((part.source_ref, part.event), [])
        if listener not in known:
            known.append(listener)

    def _listen(self, item: Item) -> None:
        """Indexes what a timer starts on and who asks for which variable."""
        kind = item.definition
        if isinstance(kind, TimerEventListener):
            if kind.plan_item_trigger is not None:
                self._hear(kind.plan_item_trigger, Listener(item.id, START, START, "", False))
            if kind.file_item_trigger is not None:
                self._hear(kind.file_item_trigger, Listener(item.id, START, START, "", False), file=True)
        for criterion in (*item.entry, *item.exit):
            reads = criterion.condition.free_names if criterion.condition else ()
            for name in (*sorted(reads), *((criterion.context,) if criterion.context else ())):
                self._asks(name, item.id)
        for name in sorted(item.auto_condition.free_names) if item.auto_condition else ():
            self._asks(name, item.id)
        for offer in self.definition.offers.get(item.stage or "", ()):
            for rule in offer.rules:
                for name in sorted(rule.condition.free_names) if rule.condition else ():
                    self._asks(name, item.id)

    def _asks(self, name: str, owner: str) -> None:
        known = self.definition.asked_by.setdefault(name, [])
        if owner not in known:
            known.append(owner)

    def _offers(self) -> None:
        for place, table in walk.tables(self.case):
            around = [rule for rule in table.applicability_rules if rule.id in table.applicability_rule_refs]
            found = []
            for item, roles, rules in walk.offers(table, (), tuple(around)):
                compiled = tuple(self._rule(rule) for rule in rules)
                found.append(Offer(item_id(item), compiled, frozenset(roles)))
            if isinstance(place, HumanTask):
                users = [item.id for item in self.definition.items.values() if item.definition is place]
            else:
                users = [place.id or self.root]
            for user in users:
                self.definition.offers[user] = found

    def _timer(self, kind: TimerEventListener) -> Timer | None:
        expression = kind.timer_expression
        if expression is None or not expression.text:
            self._problem(
                "cmmn.no-time", f"The timer {kind.id!r} has no expression.", kind,
                "Add a timerExpression: an ISO 8601 date-time, duration or cycle, or FEEL.",
            )  # fmt: skip
            return None
        if times.is_iso(expression.text):
            wrong = times.problem(expression.text, kind.calendar)
            if wrong is not None:
                self._problem("cmmn.timer", f"{expression.text!r} is no time: {wrong}.", expression, _TIME)
            return Timer(expression.text, calendar=kind.calendar or "")
        return Timer(expression=self._expression(expression), calendar=kind.calendar or "")

    def _bindings(self, parameters: Iterable[m.CaseParameter]) -> tuple[Binding, ...]:
        found = []
        for parameter in parameters:
            variable = self._context(parameter, parameter.binding_ref)
            found.append(
                Binding(parameter.name or parameter.id, self._expression(parameter.binding_refinement), variable)
            )
        return tuple(found)

    def _mapped(self, item: Item, kind: CaseTask | ProcessTask | DecisionTask) -> None:
        """Applies parameter mappings: the called model's names stand for the task's own (5.4.1.2.2)."""
        models: list[m.Called | Case] = [*self.model.processes, *self.model.decisions, *self.model.cases]
        called = {p.id: p for model in models for p in (*model.inputs, *model.outputs)}
        for mapping in kind.mappings:
            change = self._expression(mapping.transformation)
            source, target = mapping.source_ref or "", mapping.target_ref or ""
            inputs = {p.id: b for p, b in zip(kind.inputs, item.inputs, strict=True)}
            outputs = {p.id: b for p, b in zip(kind.outputs, item.outputs, strict=True)}
            if source in inputs:
                known = called.get(target)
                name = (known.name if known else None) or target
                old = inputs[source]
                new = Binding(name, change or old.expression, old.variable or old.name)
                item.inputs = tuple(new if b is old else b for b in item.inputs)
            elif target in outputs:
                known = called.get(source)
                name = (known.name if known else None) or source
                old = outputs[target]
                new = Binding(name, change or old.expression, old.variable or old.name)
                item.outputs = tuple(new if b is old else b for b in item.outputs)
            else:
                self._problem(
                    "cmmn.mapping", f"The mapping from {source!r} to {target!r} names no parameter of {kind.id!r}.",
                    mapping, nearest(source, [*inputs, *outputs]),
                )  # fmt: skip

    def _passed(self, item: Item, kind: CaseTask | ProcessTask | DecisionTask) -> None:
        """Adds what a vendor's mappings hand over and take back."""
        for source, target, computed in vendors.mappings(kind, "in"):
            expression = self._theirs(source, kind) if computed else None
            item.inputs += (Binding(target, expression, source),)
        for source, target, computed in vendors.mappings(kind, "out"):
            expression = self._theirs(source, kind) if computed else None
            item.outputs += (Binding(source, expression, target),)

    def _reference(self, expression: m.Expression | None) -> Compiled | None:
        if expression is None or expression.language is not None or juel.is_expression(expression.text):
            return self._expression(expression)
        if not self.model.literal_references:
            return self._expression(expression)
        return self._compile(quoted(expression.text), expression.location)

    def _expression(self, expression: m.Expression | None) -> Compiled | None:
        if expression is None:
            return None
        language = expression.language or self.model.expression_language
        if language is not None and language not in FEEL_LANGUAGES and not juel.is_expression(expression.text):
            self._foreign(expression.text, f"{language}, which is not executed", expression)
            return None
        return self._written(expression.text, expression)

    def _written(self, text: str, place: Element) -> Compiled | None:
        """An expression in FEEL or, as Flowable and Camunda write them, in ``${…}``."""
        if not juel.is_expression(text):
            return self._compile(text, place.location)
        try:
            return self._compile(juel.to_feel(text.strip(), counters=False), place.location)
        except juel.NotTranslatable as why:
            self._foreign(text, f"${{…}}, and cannot be translated: {why}", place)
            return None

    def _foreign(self, text: str, what: str, place: Element) -> None:
        hint = "Write it in FEEL, or hand a translation to the reader."
        self._problem("cmmn.language", f"The expression {text!r} is not FEEL but {what}.", place, hint)

    def _compile(self, text: str, location: Location) -> Compiled | None:
        try:
            return compile_text(text, location, self.names)
        except AnyshoreError as problem:
            self.problems.extend(problem.diagnostics)
            return None

    def _dangling(self, place: Element, what: str, reference: str, known: Iterable[str]) -> None:
        self._problem("cmmn.dangling", f"There is no {what} {reference!r}.", place, nearest(reference, known))

    def _problem(self, code: str, message: str, place: Element, hint: str = "") -> None:
        self.problems.append(Diagnostic(code, message, place.location, hint))


def item_id(item: m.PlanItem) -> str:
    """The id of a plan item; made from its definition where the file gives none."""
    return item.id or f"{item.definition_ref}.item"


def part_key(part: m.OnPart) -> str:
    """What identifies an on-part within its criterion, also across versions of a model."""
    caused = part.exit_criterion_ref if isinstance(part, m.PlanItemOnPart) else None
    return f"{part.source_ref}:{part.event}" + (f":{caused}" if caused else "")
