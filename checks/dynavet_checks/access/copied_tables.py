"""On which named tables a principal may take copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dynavet.answers import NO, YES, Answer, undecided
from dynavet.iam.breadth import Breadth, breadth_of
from dynavet.iam.patterns import may_be_resource_of
from dynavet.iam.reach import reach
from dynavet.model import Policy, Project, Statement
from dynavet.records import dataclass
from dynavet.regexes import regex
from dynavet.remembering import remembered
from dynavet.text import Text
from dynavet.values import Known, Unknown, conditions, single
from dynavet_checks.access.data_actions import is_export
from dynavet_checks.access.grants import allows

_OPEN = "\0"
_NAME = regex(rf"[^\w.]table/([^/{_OPEN}]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class CopiedTables:
    """`names` are of tables whose name is known, `targets` of declared tables without a known name.

    `reasons`: there may be others, or the same under another name.
    """

    names: frozenset[str]
    targets: frozenset[str]
    reasons: tuple[Unknown, ...]

    @property
    def several(self) -> Answer:
        """Whether they are two tables at least; a declared table may have a name that stands elsewhere as well."""
        if len(self.names) > 1 or len(self.targets) > 1:
            return YES
        nameless = tuple(Unknown(f"the name of {target} is not known") for target in sorted(self.targets))
        reasons = (*self.reasons, *nameless)
        return undecided(*reasons) if len(self.names) + len(self.targets) + len(self.reasons) > 1 else NO


def copied_tables(policies: Iterable[Policy], project: Project) -> CopiedTables:
    """The tables of which the policies allow copies by name; statements with open conditions are left out."""
    each = [_of_policy(project)(policy) for policy in policies]
    return CopiedTables(
        frozenset().union(*(copied.names for copied in each)),
        frozenset().union(*(copied.targets for copied in each)),
        tuple(dict.fromkeys(reason for copied in each for reason in copied.reasons)),
    )


@remembered
def _of_policy(project: Project) -> Callable[[Policy], CopiedTables]:
    """What one policy allows, worked out once for all its statements."""
    named = ((table.address, table.name) for table in project.tables)
    called = {address: name.value.literal for address, name in named if isinstance(name, Known) and name.value}

    def copied(policy: Policy) -> CopiedTables:
        names: set[str] = set()
        targets: set[str] = set()
        reasons: dict[Unknown, None] = {}
        for text in _resources(policy):
            target = _declared(text)
            name = (called.get(target) if target is not None else None) or _written(text)
            if name is not None:
                names.add(name)
            elif target is not None:
                targets.add(target)
            else:
                reasons[Unknown(f"the table of {text} is not known")] = None
        return CopiedTables(frozenset(names), frozenset(targets), tuple(reasons))

    return remembered(copied)


def _resources(policy: Policy) -> Iterator[Text]:
    """The patterns of one table on which a statement allows copies."""
    for slot in policy.statements:
        if isinstance(slot, Known) and slot.value is not None and not conditions(slot.value):
            yield from _of_statement(slot.value)


def _of_statement(statement: Statement) -> Iterator[Text]:
    exports = {action for each in reach(statement) for action in each.actions if is_export(action)}
    resources = single(statement.resources)
    if not exports or allows(statement).truth is not True or isinstance(resources, Unknown) or resources.value is None:
        return
    known = (item.value for item in map(single, resources.value.items) if isinstance(item, Known))
    for text in known:
        named = breadth_of(text).least is Breadth.NAMED
        if named and any(may_be_resource_of(text, action).truth is not False for action in exports):
            yield text


def _declared(text: Text) -> str | None:
    """The address of the table that the pattern refers to."""
    return next((reference.target for reference in text.references if "table/" in reference.shape), None)


def _written(text: Text) -> str | None:
    """The name that is in the pattern itself."""
    found = _NAME.search("".join(part if isinstance(part, str) else _OPEN for part in text.parts))
    return found[1] if found else None
