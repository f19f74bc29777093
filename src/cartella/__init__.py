"""Cartella: what stands between one patient and each registered T-cell immunotherapy trial."""

__version__ = "0.1.0"
