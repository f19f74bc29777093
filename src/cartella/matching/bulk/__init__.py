"""Whole cohorts at once: columns, bit planes, and the engine that runs a compiled trial set over them."""
