"""The command line."""

from cartella.cli.commands import main

__all__ = ["main"]
