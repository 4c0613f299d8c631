"""Event logs as evidence: how far the next step follows from those before it.

Rooms: ``log`` (events as columns), ``xes`` and ``tables`` (readers of XES, CSV and Parquet; ``reading`` chooses),
``moments`` (times in explicit formats), ``counts`` (what a process miner counts), ``steps`` (how well the next step is
foretold), ``hours`` (local business hours), ``figures`` (all of it, and what it says about the kind).
"""
