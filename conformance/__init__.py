"""Outside suites, run against the engines: ``make conformance SUITE=NAME DATA=DIR``."""
