"""Measurements with their peers beside them: ``python -m benchmarks`` runs all, ``python -m benchmarks NAME`` one."""
