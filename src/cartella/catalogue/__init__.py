"""The embedded catalogue: facts of all studies compiled into the package, without one sentence of a registry."""
