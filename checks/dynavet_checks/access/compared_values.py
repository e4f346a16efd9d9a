"""What is wrong with the values that partition keys and attributes are compared with."""

from __future__ import annotations

from dynavet.answers import Answer
from dynavet.iam.conditions import Operator
from dynavet.iam.patterns import has_wildcard
from dynavet.regexes import regex
from dynavet.text import Text

_VARIABLE_THEN_WILDCARD = regex(r"\$\{[^}*?$][^}]*\}[*?]")


def is_compared(operator: Operator, rows: Answer) -> bool:
    """Whether a value under the operator can be a wrong one; `rows`: it is compared with partition keys."""
    return operator.name.startswith("StringEquals") or (operator.name == "StringLike" and rows.truth is not False)


def problem_of(value: Text, operator: Operator, rows: Answer) -> str:
    """What is wrong with a value that a key is compared with; empty if nothing is known to be.

    `rows`: the key is one of partition keys, whose patterns keep tenants apart.
    """
    if operator.name.startswith("StringEquals"):
        return "stands for itself: only StringLike has wildcards" if has_wildcard(value) else ""
    if operator.name != "StringLike" or not rows.truth:
        return ""
    written = "".join(part if isinstance(part, str) else "\0" for part in value.parts)
    if written and not written.strip("*"):
        return "matches every partition key"
    if written.startswith(("*", "?")):
        return "starts with a wildcard, so that keys of others match too"
    found = _VARIABLE_THEN_WILDCARD.search(written)
    if found is None:
        return ""
    separated = f"{found[0][:-1]}#{found[0][-1]}"
    return f'also matches keys of others whose name starts the same: put a separator between, as in "{separated}"'
