"""``python -m dynavet``."""

from dynavet.cli import main

main()
