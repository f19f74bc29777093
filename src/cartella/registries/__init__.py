"""The registries: reading their records and mapping them to Study, one module per registry."""
