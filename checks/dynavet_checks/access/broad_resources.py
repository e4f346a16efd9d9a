"""Which resource patterns of a statement are more than one named table or cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dynavet.answers import NO, Answer, any_of, undecided
from dynavet.iam.actions import Action
from dynavet.iam.breadth import Breadth, breadth_of
from dynavet.iam.patterns import may_be_resource_of
from dynavet.iam.reach import Reach
from dynavet.model import Statement
from dynavet.records import dataclass
from dynavet.text import Text
from dynavet.values import Origin, Unknown, single


@dataclass(frozen=True, slots=True)
class Granted:
    """Actions that a statement is certain to be about, and those that it may be about, for these reasons."""

    actions: tuple[Action, ...]
    possible: tuple[Action, ...] = ()
    reasons: tuple[Unknown, ...] = ()

    @staticmethod
    def of(reaches: Iterable[Reach], wanted: Callable[[Action], bool]) -> Granted:
        """The wanted actions among those that patterns reach, each once."""
        all_of_them = tuple(reaches)
        certain = dict.fromkeys(a for each in all_of_them for a in each.actions if wanted(a))
        possible = dict.fromkeys(a for each in all_of_them for a in each.possible if wanted(a) and a not in certain)
        reasons = dict.fromkeys(r for each in all_of_them if any(map(wanted, each.possible)) for r in each.reasons)
        return Granted(tuple(certain), tuple(possible), tuple(reasons))

    @property
    def doubt(self) -> Answer:
        """Whether one of the possible actions is granted."""
        return undecided(*self.reasons) if self.possible else NO

    def only(self, wanted: Callable[[Action], bool]) -> Granted:
        """The wanted ones among them."""
        possible = tuple(filter(wanted, self.possible))
        return Granted(tuple(filter(wanted, self.actions)), possible, self.reasons if possible else ())


@dataclass(frozen=True, slots=True)
class BroadResource:
    """A pattern of many tables or clusters, with the actions that are granted on them."""

    pattern: Text
    breadth: Breadth
    actions: tuple[Action, ...]
    origin: Origin | None

    @property
    def meaning(self) -> str:
        """What it stands for, in words."""
        kinds = {"DAX cluster" if action.service == "dax" else "table" for action in self.actions}
        what = " and ".join(f"every {kind}" for kind in sorted(kinds, reverse=True))
        if self.breadth is Breadth.PREFIX:
            return f"{what} whose name starts so, also those yet to come"
        return f"{what}, also those of others and those yet to come"


@dataclass(frozen=True, slots=True)
class BroadResources:
    """`any`: whether there is one at all."""

    certain: tuple[BroadResource, ...]
    any: Answer


def broad_resources(statement: Statement, granted: Granted, limit: Breadth = Breadth.NAMED) -> BroadResources:
    """What the `Resource` element of a statement of one world has that is broader than `limit`.

    A statement without `Resource` has nothing.
    """
    resources = single(statement.resources)
    if isinstance(resources, Unknown):
        return BroadResources((), undecided(resources))
    if resources.value is None:
        return BroadResources((), NO)
    certain: list[BroadResource] = []
    open_answers = [undecided(*resources.value.more)] if resources.value.more else []
    for item in map(single, resources.value.items):
        if isinstance(item, Unknown):
            open_answers.append(undecided(item))
            continue
        breadth = breadth_of(item.value, item.origin)
        exceeds = breadth.exceeds(limit)
        on = [action for action in granted.actions if may_be_resource_of(item.value, action).truth]
        if on and exceeds.truth:
            certain.append(BroadResource(item.value, breadth.least, tuple(on), item.origin))
        else:
            open_answers.append(exceeds & _concerns(item.value, granted, item.origin))
    found = Answer(True) if certain else any_of(open_answers)
    return BroadResources(tuple(certain), found)


def _concerns(pattern: Text, granted: Granted, origin: Origin | None) -> Answer:
    """Whether the pattern is a resource of one of the actions."""
    certainly = any_of(may_be_resource_of(pattern, action, origin) for action in granted.actions)
    may_be = any_of(may_be_resource_of(pattern, action, origin) for action in granted.possible)
    return certainly | (may_be & undecided(*granted.reasons))
