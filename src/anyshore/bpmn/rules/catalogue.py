"""All static rules: number, section of BPMN 2.0.2, function.

The numbers are those of the catalogue "BPMN 2.0 Process Model Serialization Constraints" (M. Geiger, University of
Bamberg, 2013), by which process engines and validators are compared. Its words are not used here: each rule is written
after the specification, and its docstring is its text. A rule marked ``inferred`` is in the specification, but its
number follows only from its place between its neighbours. ``REF`` and ``XSD`` are references and the XML schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from anyshore.bpmn.rules import (
    activities,
    calls,
    collaborations,
    data,
    events,
    expressions,
    flows,
    gateways,
    identity,
    loops,
    references,
    schema,
)
from anyshore.bpmn.rules.tree import Finding, Tree


def _always(_element: etree._Element, _message: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """One static rule.

    Attributes:
        number: its number in the catalogue, for example ``EXT023``.
        section: where the specification states it (BPMN 2.0.2).
        check: finds where it is broken.
        severity: a ``warning`` does not refuse the file.
        inferred: whether its number is inferred, see above.
        plain: whether it refuses only what is executable and plain BPMN. In a drawing, and in a file that carries the
            extensions of an engine, it warns: there, types, imports and operations do not decide what happens.
        mild: whether a violation is of the kind that whole families of modellers write and that executes nothing
            differently: it warns, unless a file is read strictly.
    """

    number: str
    section: str
    check: Callable[[Tree], Iterable[Finding]]
    severity: Literal["error", "warning"] = "error"
    inferred: bool = False
    plain: bool = False
    mild: Callable[[etree._Element, str], bool] | None = None

    @property
    def code(self) -> str:
        """The code of its problems."""
        return f"bpmn.{self.number}"

    @property
    def text(self) -> str:
        """What it says, in one sentence."""
        return (self.check.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ").replace("``", "")


RULES: tuple[Rule, ...] = (
    Rule("XSD", "15.3", schema.schema, mild=schema.is_target_namespace),
    Rule("REF", "8.2.1", references.references),
    Rule("EXT001", "8.2.2", identity.imported_files, plain=True),
    Rule("EXT002", "8.3.1", identity.unique_ids),
    Rule("EXT003", "8.3.1", identity.ids_present, mild=identity.may_lack_id),
    Rule("EXT004", "8.3.1", identity.documentation_format),
    Rule("EXT006", "8.4.1", flows.artifact_as_sequence_target),
    Rule("EXT007", "8.4.1", flows.artifact_as_sequence_source),
    Rule("EXT008", "8.4.1", flows.artifact_as_message_target),
    Rule("EXT009", "8.4.1", flows.artifact_as_message_source),
    Rule("EXT010", "8.4.1", identity.annotation_format),
    Rule("EXT011", "8.4.4", events.escalation_code),
    Rule("EXT012", "8.4.7", expressions.formal),
    Rule("EXT013", "8.4.7", expressions.not_empty),
    Rule("EXT014", "8.4.7", expressions.language_is_uri, inferred=True, mild=_always),
    Rule("EXT017", "8.4.9", gateways.converging),
    Rule("EXT018", "8.4.9", gateways.diverging),
    Rule("EXT019", "8.4.9", gateways.mixed),
    Rule("EXT020", "10.4.1", data.collections_agree, plain=True),
    Rule("EXT021", "8.4.13", flows.sequence_source),
    Rule("EXT022", "8.4.13", flows.sequence_target),
    Rule("EXT023", "8.4.13", flows.both_sides_agree, mild=_always),
    Rule("EXT024", "8.4.13", flows.immediate, plain=True),
    Rule("EXT025", "8.4.13", flows.lonely_condition),
    Rule("EXT026", "10.3", flows.default_leaves),
    Rule("EXT027", "9.4", collaborations.choreography_reference),
    Rule("EXT028", "9.3", flows.pool_border),
    Rule("EXT029", "9.3.2", collaborations.least_participants),
    Rule("EXT030", "9.3.2", collaborations.most_participants),
    Rule("EXT031", "9.4", flows.message_between_pools),
    Rule("EXT032", "9.5.8", collaborations.global_conversation),
    Rule("EXT033", "9.7", flows.message_to_choreography),
    Rule("EXT035", "10.2.1", collaborations.public_executable, mild=_always),
    Rule("EXT036", "10.2.1", collaborations.choreography_in_process),
    Rule("EXT037", "10.3", activities.start_quantity),
    Rule("EXT038", "10.3", activities.completion_quantity),
    Rule("EXT039", "10.3.1", activities.resource_or_expression),
    Rule("EXT040", "10.3.1", activities.bindings_need_resource, inferred=True),
    Rule("EXT041", "10.3.3", activities.one_loop_marker_on_task),
    Rule("EXT042", "10.3.3", activities.service_inputs, plain=True),
    Rule("EXT043", "10.3.3", activities.service_outputs, plain=True),
    Rule("EXT044", "10.3.3", activities.service_input_item, plain=True),
    Rule("EXT045", "10.3.3", activities.service_output_item, plain=True),
    Rule("EXT046", "10.3.3", activities.send_input_sets, plain=True),
    Rule("EXT047", "10.3.3", activities.send_inputs, plain=True),
    Rule("EXT048", "10.3.3", activities.send_item, plain=True),
    Rule("EXT049", "10.3.3", activities.instantiating_receive_first),
    Rule("EXT050", "10.3.3", activities.receive_output_sets, plain=True),
    Rule("EXT051", "10.3.3", activities.receive_outputs, plain=True),
    Rule("EXT052", "10.3.3", activities.receive_item, plain=True),
    # Engines have one scripting language and modellers leave its name away: no reason to refuse a file.
    Rule("EXT053", "10.3.3", activities.script_format, mild=_always),
    Rule("EXT054", "10.3.3", activities.script_format_is_mime, inferred=True, mild=_always),
    Rule("EXT055", "10.3.5", activities.one_loop_marker_on_subprocess),
    Rule("EXT056", "10.3.5", collaborations.choreography_in_subprocess),
    Rule("EXT057", "10.3.5", activities.event_subprocess_flows),
    Rule("EXT058", "10.3.5", activities.event_subprocess_starts),
    Rule("EXT059", "10.3.5", activities.event_subprocess_triggers),
    Rule("EXT060", "10.3.5", activities.transaction_method, inferred=True, mild=activities.is_known_method),
    Rule("EXT061", "10.3.5", activities.ad_hoc_has_activity),
    Rule("EXT062", "10.3.5", activities.ad_hoc_content),
    Rule("EXT063", "10.3.6", calls.call_fits, plain=True),
    Rule("EXT064", "10.3.6", calls.service_has_binding, plain=True),
    Rule("EXT065", "10.3.6", calls.binding_fits, plain=True),
    Rule("EXT066", "10.3.8", activities.one_loop_marker, inferred=True),
    Rule("EXT067", "10.3.8", loops.number_of_instances),
    Rule("EXT068", "10.3.8", loops.loop_input_is_own, plain=True),
    Rule("EXT069", "10.3.8", loops.loop_output_item, plain=True),
    Rule("EXT070", "10.3.8", loops.loop_input_item, plain=True),
    Rule("EXT071", "10.3.8", expressions.completion_is_boolean),
    Rule("EXT072", "10.3.8", expressions.behavior_is_boolean, inferred=True),
    Rule("EXT074", "10.4.1", data.object_collections_agree, inferred=True, plain=True),
    Rule("EXT076", "10.4.1", data.reference_names, inferred=True, mild=_always),
    Rule("EXT078", "10.4.1", data.property_place),
    Rule("EXT079", "10.4.1", data.no_specification_in_subprocess),
    Rule("EXT080", "10.4.1", data.process_input_not_written, inferred=True),
    Rule("EXT081", "10.4.1", data.input_collections_agree, plain=True),
    Rule("EXT082", "10.4.1", data.process_output_not_read),
    Rule("EXT083", "10.4.1", data.output_collections_agree, inferred=True, plain=True),
    Rule("EXT084", "10.4.1", data.input_in_set),
    Rule("EXT085", "10.4.1", data.optional_inputs),
    Rule("EXT086", "10.4.1", data.while_executing_inputs),
    Rule("EXT087", "10.4.1", data.sets_refer_to_each_other),
    Rule("EXT088", "10.4.1", data.output_in_set),
    Rule("EXT089", "10.4.1", data.optional_outputs),
    Rule("EXT090", "10.4.1", data.while_executing_outputs),
    Rule("EXT091", "10.4.2", data.association_items, plain=True),
    Rule("EXT092", "10.4.2", data.one_source_or_transformation, inferred=True, plain=True),
    Rule("EXT093", "10.5.1", data.event_data_count, plain=True),
    Rule("EXT094", "10.5.1", data.event_data_items, plain=True),
    Rule("EXT095", "10.5.1", data.shared_definitions),
    Rule("EXT096", "10.5.2", events.start_not_entered),
    Rule("EXT097", "10.5.2", events.end_needs_start),
    Rule("EXT098", "10.5.2", events.top_level_triggers),
    Rule("EXT099", "10.3.6", events.called_has_none_start),
    Rule("EXT100", "10.5.2", events.subprocess_start_is_none),
    Rule("EXT101", "10.5.2", events.start_left),
    Rule("EXT102", "10.5.2", events.start_sends_nothing),
    Rule("EXT103", "10.5.2", events.start_receives_message, plain=True),
    Rule("EXT104", "10.5.3", events.end_not_left),
    Rule("EXT105", "10.5.3", events.start_needs_end),
    Rule("EXT106", "10.5.3", events.cancel_in_transaction),
    Rule("EXT107", "10.5.3", events.end_entered),
    Rule("EXT108", "10.5.3", events.end_receives_nothing),
    Rule("EXT109", "10.5.3", events.end_sends_message, plain=True),
    Rule("EXT110", "10.5.4", events.boundary_triggers),
    Rule("EXT111", "10.5.4", events.cancel_on_transaction),
    Rule("EXT112", "10.5.4", events.boundary_not_entered),
    Rule("EXT113", "10.5.4", events.boundary_left),
    Rule("EXT114", "10.5.4", events.compensation_boundary_not_left),
    Rule("EXT115", "10.5.4", events.intermediate_entered),
    Rule("EXT116", "10.5.4", events.intermediate_left),
    Rule("EXT117", "10.5.4", events.link_has_one_side),
    Rule("EXT118", "10.5.4", events.link_pairs),
    Rule("EXT119", "10.5.4", events.intermediate_message_direction),
    Rule("EXT120", "10.5.5", events.cancel_place, inferred=True),
    Rule("EXT121", "10.5.5", events.start_no_compensation),
    Rule("EXT122", "10.5.5", events.catch_no_compensation),
    Rule("EXT123", "10.5.5", expressions.condition),
    Rule("EXT124", "10.5.5", events.link_has_source),
    Rule("EXT125", "10.5.5", events.link_has_target),
    Rule("EXT126", "10.5.5", events.link_within_level),
    Rule("EXT127", "10.5.5", events.message_named, plain=True),
    Rule("EXT128", "10.5.5", events.operation_named, plain=True),
    Rule("EXT129", "10.5.5", activities.event_subprocess_not_none),
    Rule("EXT130", "10.5.5", events.boundary_not_none),
    Rule("EXT131", "10.5.5", expressions.one_time, inferred=True),
    Rule("EXT132", "10.5.5", expressions.time_date),
    Rule("EXT133", "10.5.5", expressions.time_cycle, inferred=True),
    Rule("EXT134", "10.5.5", expressions.time_duration, inferred=True),
    Rule("EXT135", "10.6", gateways.does_something),
    Rule("EXT136", "10.6.6", gateways.event_gateway_splits),
    Rule("EXT137", "10.6.6", gateways.event_gateway_unconditional),
    Rule("EXT138", "10.6.6", gateways.event_gateway_targets),
    Rule("EXT139", "10.6.6", gateways.event_gateway_one_way_to_receive),
    Rule("EXT140", "10.6.6", gateways.event_gateway_tasks_unattached),
    Rule("EXT141", "10.6.6", gateways.event_gateway_only_way_in),
    Rule("EXT142", "10.6.6", gateways.instantiating_gateway_first),
    Rule("EXT143", "10.6.6", gateways.parallel_event_gateway, inferred=True),
    Rule("EXT144", "10.7.1", events.handler_marked),
    Rule("EXT145", "10.7.1", events.handler_without_flows, inferred=True),
    Rule("EXT146", "10.5.3", events.end_triggers),
    Rule("EXT147", "10.5.4", events.boundary_triggers),
    Rule("EXT148", "10.5.4", events.catch_triggers),
    Rule("EXT149", "10.5.4", events.throw_triggers),
    Rule("EXT150", "10.5.2", events.all_entered),
    Rule("EXT151", "10.5.3", events.all_left),
    Rule("EXT152", "10.3.5", flows.subprocess_border),
)
"""Every rule, by number."""
