"""`python -m cartella`."""

from cartella.cli import main

if __name__ == "__main__":  # processes that a cohort is shared among import this file too
    main()
