"""The executable elements of BPMN, a file per family; ``table`` names them all."""
