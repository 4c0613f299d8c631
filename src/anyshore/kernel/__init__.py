"""The runtime that processes and cases share.

The kernel owns the nouns (nodes, variables, waits, the next id), the engines own the verbs. It knows no word of BPMN or
CMMN. An engine is a function: definition + state + command → records; the records are the only way state changes.

Rooms: ``state`` (the nouns), ``records`` (how they change), ``commands`` (what may be asked), ``turn`` (the one loop),
``nodes``, ``scopes`` and ``waits`` (what engines do to the nouns), ``migration`` (to another definition version),
``codec`` (stored form).
"""
