"""Dataclasses that cost little to define, for a command that defines two hundred of them at every start.

The standard library writes and compiles six methods for each frozen class, the greater part of a cold start. Here only
``__init__`` is compiled; the others are shared. That a class is frozen is held by the type checker alone, which sees
the standard library's own decorator; in return, instances are made without ``object.__setattr__``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    from dataclasses import dataclass as standard
    from dataclasses import fields
    from operator import attrgetter

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """`dataclasses.dataclass` with the same meaning of every option but `frozen`, which makes a class hashable."""

        def define(cls):
            # Without a documentation string the standard library works out a signature for one.
            cls.__doc__ = cls.__doc__ or cls.__name__
            cls = standard(cls, repr=False, eq=False, **options)
            cls.__repr__ = _repr
            if eq:
                _compare(cls, hashable=frozen)
            return cls

        return define if cls is None else define(cls)

    def _compare(cls, hashable):
        names = [field.name for field in fields(cls) if field.compare]
        # Of one name `attrgetter` gives the value itself, of none it cannot be made.
        key = attrgetter(*names) if names else type

        def __eq__(self, other):
            return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

        def __hash__(self):
            return hash(key(self))

        cls.__eq__ = __eq__
        cls.__hash__ = __hash__ if hashable else None

    def _repr(self):
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
