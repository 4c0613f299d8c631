"""Making a case ready to run: rules compiled, references resolved, listeners indexed; all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from anyshore.base.errors import AnyshoreError, CmmnError, Diagnostic
from anyshore.base.locations import Location
from anyshore.cmmn import model as m
from anyshore.cmmn import vendors, walk
from anyshore.cmmn.binding import Element
from anyshore.cmmn.definition import (
    Binding,
    Criterion,
    Decide,
    Definition,
    Item,
    Listener,
    Offer,
    Options,
    Rule,
)  # fmt: skip
from anyshore.cmmn.elements.stages import STAGE
from anyshore.cmmn.elements.table import BY_CLASS
from anyshore.cmmn.elements.tasks import HumanTask
from anyshore.cmmn.expressions import Compiled, compile_text
from anyshore.cmmn.model import Case, Model, item_id
from anyshore.cmmn.names import FEEL_LANGUAGES
from anyshore.cmmn.scoping import give_scopes
from anyshore.feel import juel, quoted
from anyshore.params.shapes import nearest


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
        done.outputs = self.bindings(self.case.outputs)
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
                    self.problem(
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
            self.problem("cmmn.no-plan", f"The case {self.case.id!r} has no plan.", self.case, "Add a casePlanModel.")
            plan = m.Stage(id=self.root)
        self.definition.items[self.root] = Item(
            self.root, plan.name or self.case.name or self.case.id, plan, STAGE, "", self.root,
            auto_complete=bool(plan.auto_complete), auto_condition=self.extension(plan, "autoCompleteCondition"),
            exit=self._criteria(plan.exit_criteria, self.root, "exit"),
        )  # fmt: skip

    def _plan_item(self, plan_item: m.PlanItem, container: str) -> None:
        kind = self.kinds.get(plan_item.definition_ref)
        name = item_id(plan_item)
        if kind is None:
            self._dangling(plan_item, "definition", plan_item.definition_ref, self.kinds)
            return
        if name in self.definition.items:
            self.problem(
                "cmmn.duplicate-item", f"There are two plan items {name!r}.", plan_item, "Give each an id of its own."
            )
            return
        control = plan_item.item_control
        rules = [control, kind.default_control]
        item = Item(
            name, plan_item.name or kind.name or name, kind, BY_CLASS[type(kind)], container,
            discretionary=isinstance(plan_item, m.DiscretionaryItem),
            entry=self._criteria(plan_item.entry_criteria, name, "entry"),
            exit=self._criteria(plan_item.exit_criteria, name, "exit"),
            required=self._first_rule(rules, "required_rule"),
            repetition=self._first_rule(rules, "repetition_rule"),
            manual=self._first_rule(rules, "manual_activation_rule"),
        )  # fmt: skip
        self.definition.items[name] = item
        item.counter = self._counter(rules)
        if item.family.linked is not None:
            item.family.linked(self, item, kind)

    def _counter(self, controls: Sequence[m.ItemControl | None]) -> str:
        rules = (control.repetition_rule for control in controls if control is not None)
        rule = next((rule for rule in rules if rule is not None), None)
        name = vendors.value_of(rule, "counterVariable") if rule is not None else None
        if name:
            self.definition.counters.add(name)
        return name or ""

    def extension(self, element: Element, name: str) -> Compiled | None:
        """The compiled value of a vendor's attribute; None where there is none."""
        text = vendors.value_of(element, name) if element.foreign else None
        return self.theirs(text, element) if text else None

    def theirs(self, text: str, place: Element) -> Compiled | None:
        """An expression of an extension; one that cannot be translated passes where the reader is tolerant."""
        before = len(self.problems)
        found = self._written(text, place)
        if self.model.tolerant:
            del self.problems[before:]
        return found

    def _first_rule(self, controls: Sequence[m.ItemControl | None], name: str) -> Rule | None:
        """The rule of the plan item, or else the default of its definition (5.4.11)."""
        for control in controls:
            rule = getattr(control, name) if control is not None else None
            if rule is not None:
                return self._rule(rule)
        return None

    def _rule(self, rule: m.Rule) -> Rule:
        return Rule(self.expression(rule.condition), self._context(rule, rule.context_ref))

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
            condition = self.expression(sentry.if_part.condition) if sentry.if_part else None
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
            self.hear(part, listener)

    def hear(self, part: Any, listener: Listener, *, file: bool = False) -> None:
        """Notes who hears the event of an on-part or of a timer's trigger."""
        table = (
            self.definition.files_heard_by
            if file or isinstance(part, m.CaseFileItemOnPart)
            else self.definition.heard_by
        )
        known = table.setdefault((part.source_ref, part.event), [])
        if listener not in known:
            known.append(listener)

    def _listen(self, item: Item) -> None:
        """Indexes what its family listens to and who asks for which variable."""
        if item.family.heard is not None:
            item.family.heard(self, item, item.definition)
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

    def bindings(self, parameters: Iterable[m.CaseParameter]) -> tuple[Binding, ...]:
        """Parameters, compiled."""
        found = []
        for parameter in parameters:
            variable = self._context(parameter, parameter.binding_ref)
            found.append(
                Binding(parameter.name or parameter.id, self.expression(parameter.binding_refinement), variable)
            )
        return tuple(found)

    def reference(self, expression: m.Expression | None) -> Compiled | None:
        """The expression that names what is called."""
        if expression is None or expression.language is not None or juel.is_expression(expression.text):
            return self.expression(expression)
        if not self.model.literal_references:
            return self.expression(expression)
        return self.compile(quoted(expression.text), expression.location)

    def expression(self, expression: m.Expression | None) -> Compiled | None:
        """An expression, compiled; None where there is none or it cannot be read, which is noted."""
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
            return self.compile(text, place.location)
        try:
            return self.compile(juel.to_feel(text.strip(), counters=False), place.location)
        except juel.NotTranslatable as why:
            self._foreign(text, f"${{…}}, and cannot be translated: {why}", place)
            return None

    def _foreign(self, text: str, what: str, place: Element) -> None:
        hint = "Write it in FEEL, or hand a translation to the reader."
        self.problem("cmmn.language", f"The expression {text!r} is not FEEL but {what}.", place, hint)

    def compile(self, text: str, location: Location) -> Compiled | None:
        """The text of an expression, compiled."""
        try:
            return compile_text(text, location, self.names)
        except AnyshoreError as problem:
            self.problems.extend(problem.diagnostics)
            return None

    def _dangling(self, place: Element, what: str, reference: str, known: Iterable[str]) -> None:
        self.problem("cmmn.dangling", f"There is no {what} {reference!r}.", place, nearest(reference, known))

    def problem(self, code: str, message: str, place: Element, hint: str = "") -> None:
        """Notes what is wrong."""
        self.problems.append(Diagnostic(code, message, place.location, hint))


def part_key(part: m.OnPart) -> str:
    """What identifies an on-part within its criterion, also across versions of a model."""
    caused = part.exit_criterion_ref if isinstance(part, m.PlanItemOnPart) else None
    return f"{part.source_ref}:{part.event}" + (f":{caused}" if caused else "")
