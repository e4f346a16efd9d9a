"""Dataclasses that cost little to define, for a command that defines two hundred of them at every start.

The standard library writes and compiles six methods for each frozen class, the greater part of a cold start. Here all
but ``__init__`` are shared, and that is compiled when the first instance is made. That a class is frozen is held by the
type checker alone, which sees the standard library's own decorator; in return, instances are made without
``object.__setattr__``. To `dataclasses.fields`, `replace` and `is_dataclass` they are dataclasses like any others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from dataclasses import MISSING, Field
    from operator import attrgetter

    _ORDINARY = dataclasses._FIELD
    """What marks the fields of an instance, unlike class variables, for `dataclasses.fields` and `replace`."""

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, weakref_slot=False, kw_only=False):
        """`dataclasses.dataclass`, where `frozen` makes a class hashable and no more.

        All annotations are fields: there are no `ClassVar`, `InitVar` or `KW_ONLY`.
        """

        def define(cls):
            own = "__init__" in vars(cls)
            cls.__doc__ = cls.__doc__ or cls.__name__
            cls = _with_fields(cls, kw_only, (*["__weakref__"] * weakref_slot,) if slots else None)
            cls.__repr__ = _repr
            if not own:
                _initialise_late(cls)
            if eq:
                _compare(cls, hashable=frozen)
            return cls

        return define if cls is None else define(cls)

    def _with_fields(cls, kw_only, more_slots):
        """The class with what the standard library tells its fields by; anew if it has slots, which come first."""
        known = {}
        for base in cls.__mro__[:0:-1]:
            known |= vars(base).get("__dataclass_fields__", {})
        namespace = dict(vars(cls))
        for name, annotation in cls.__annotations__.items():
            given = namespace.pop(name, MISSING)
            each = given if isinstance(given, Field) else dataclasses.field(default=given)
            each.name, each.type, each._field_type = name, annotation, _ORDINARY
            if each.kw_only is MISSING:
                each.kw_only = kw_only
            known[name] = each
        if more_slots is not None:
            cls = _with_slots(cls, namespace, (*known, *more_slots))
        for each in known.values() if more_slots is None else ():
            if each.default is not MISSING:
                setattr(cls, each.name, each.default)
            elif each.name in vars(cls):
                delattr(cls, each.name)
        cls.__dataclass_fields__ = known
        cls.__match_args__ = tuple([name for name, each in known.items() if each.init and not each.kw_only])
        return cls

    def _with_slots(cls, namespace, slots):
        inherited = {slot for base in cls.__mro__[1:] for slot in vars(base).get("__slots__", ())}
        namespace.pop("__dict__", None)
        namespace.pop("__weakref__", None)
        namespace["__slots__"] = tuple([slot for slot in slots if slot not in inherited])
        anew = type(cls)(cls.__name__, cls.__bases__, namespace)
        anew.__qualname__ = cls.__qualname__
        return anew

    def _fields(cls):
        return cls.__dataclass_fields__.values()

    def _initialise_late(cls):
        def __init__(self, *arguments, **named):
            cls.__init__ = _initialiser(cls)
            cls.__init__(self, *arguments, **named)

        cls.__init__ = __init__

    def _initialiser(cls):
        """The function that the standard library would have made."""
        known = {"MISSING": MISSING}
        positional, keyword, body = ["self"], ["*"], []
        for field in _fields(cls):
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
        names = [field.name for field in _fields(cls) if field.compare]
        # Of one name `attrgetter` gives the value itself, of none it cannot be made.
        key = attrgetter(*names) if names else type

        def __eq__(self, other):
            return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

        def __hash__(self):
            return hash(key(self))

        cls.__eq__ = __eq__
        cls.__hash__ = __hash__ if hashable else None

    def _repr(self):
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in _fields(self) if field.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
