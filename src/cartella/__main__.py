"""`python -m cartella`."""

from cartella.cli import main

main()
