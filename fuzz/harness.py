"""One harness under atheris: ``python -m fuzz.harness NAME [ARGUMENTS OF LIBFUZZER]``."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pkgutil import walk_packages
from random import Random

import atheris

PACKAGES = ("dynavet", "dynavet_parsers", "dynavet_checks")
LEFT_OUT = ("checkov", "__main__")
"""What runs inside of checkov, and what runs when it is imported."""


def instrumented() -> None:
    """Import all of dynavet so that libFuzzer sees which ways through it are taken."""
    with atheris.instrument_imports(include=list(PACKAGES)):
        for name in PACKAGES:
            package = import_module(name)
            for module in walk_packages(package.__path__, f"{name}."):
                if not any(part in module.name for part in LEFT_OUT):
                    import_module(module.name)


def main() -> None:
    instrumented()
    from fuzz.harnesses import HARNESSES
    from fuzz.laws import in_time
    from fuzz.mutations import mutated
    from fuzz.witness import KNOWN, signature

    name = sys.argv.pop(1)
    drive, known = HARNESSES[name], frozenset(os.environ.get(KNOWN, "").splitlines())

    def one_input(data: bytes) -> None:
        try:
            in_time(drive, data)
        except Exception as error:
            if signature(error) not in known:
                print(f"CRASH {signature(error)}", file=sys.stderr, flush=True)
                raise

    def mutator(data: bytes, max_size: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.3:
            changed: bytes = atheris.Mutate(data, max_size)
            return changed
        return mutated(name, data, random)[:max_size]

    atheris.Setup(sys.argv, one_input, custom_mutator=mutator)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
