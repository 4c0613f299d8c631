"""The standard business cases of the XRechnung test suite: readable, and free of fatal violations of EN 16931."""

from conformance.en16931 import run_xrechnung as run

__all__ = ["run"]
