"""Service packs: find, read, check and test them, and put them into a host. A pack is a folder of data only.

``pack.yaml`` names it; beside it stand processes (``*.bpmn``), cases (``*.case.yaml``, ``*.cmmn``), decisions
(``*.dmn``), ``forms.yaml``, ``terms.yaml``, ``samples/`` and ``scenarios.yaml``.
"""
