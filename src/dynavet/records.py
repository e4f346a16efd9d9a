"""Dataclasses that cost little to define, for a command that defines two hundred of them at every start.

The standard library writes and compiles six methods for each frozen class, the greater part of a cold start. Here all
but ``__init__`` are shared, and that is compiled when the first instance is made. That a class is frozen is held by the
type checker alone, which sees the standard library's own decorator; in return, instances are made without
``object.__setattr__``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    from dataclasses import MISSING, fields
    from dataclasses import dataclass as standard
    from operator import attrgetter

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """`dataclasses.dataclass`, where `frozen` makes a class hashable and no more. There are no `InitVar`s."""

        def define(cls):
            own = "__init__" in vars(cls)
            # Without a documentation string the standard library works out a signature for one.
            cls.__doc__ = cls.__doc__ or cls.__name__
            cls = standard(cls, init=False, repr=False, eq=False, **options)
            cls.__repr__ = _repr
            if not own:
                _initialise_late(cls)
            if eq:
                _compare(cls, hashable=frozen)
            return cls

        return define if cls is None else define(cls)

    def _initialise_late(cls):
        def __init__(self, *arguments, **named):
            cls.__init__ = _initialiser(cls)
            cls.__init__(self, *arguments, **named)

        cls.__init__ = __init__

    def _initialiser(cls):
        """The function that the standard library would have made."""
        known = {"MISSING": MISSING}
        positional, keyword, body = ["self"], ["*"], []
        for field in fields(cls):
            name, default, factory = field.name, field.default, field.default_factory
            known |= {f"{name}_default": default, f"{name}_factory": factory}
            value, parameter = name, name
            if factory is not MISSING:
                value = f"{name}_factory() if {name} is MISSING else {name}" if field.init else f"{name}_factory()"
                parameter = f"{name}=MISSING"
            elif default is not MISSING:
                value = name if field.init else f"{name}_default"
                parameter = f"{name}={name}_default"
            body.append(f"self.{name} = {value}")
            if field.init:
                (keyword if field.kw_only else positional).append(parameter)
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        parameters = ", ".join(positional + (keyword if len(keyword) > 1 else []))
        exec(f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), known)  # noqa: S102
        return known["__init__"]

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
