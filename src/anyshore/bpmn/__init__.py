"""Predefined work: BPMN 2.0 processes, read, checked and run on the kernel.

``read`` gives ``Definitions``; ``Definitions.process(name)`` gives the ``Process`` that ``BpmnEngine`` runs. What would
not be executed is refused by name when the file is read. ``Document`` opens any BPMN file, to check, edit and write it.
"""

from anyshore.bpmn.engine import BpmnEngine
from anyshore.bpmn.loading.definitions import read, read_document
from anyshore.bpmn.model import Definitions, Process, StartTrigger
from anyshore.bpmn.starter import StarterEngine
from anyshore.bpmn.writing import Document

__all__ = ["BpmnEngine", "Definitions", "Document", "Process", "StartTrigger", "StarterEngine", "read", "read_document"]
