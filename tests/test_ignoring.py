"""What ``.gitignore`` excludes, the quick way, is what all its patterns say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from dynavet.ignoring import Ignoring, Patterns

NAMES = ("a", "b", "ab", "a.tf", "b.tf", "build", ".terraform", "x.tfstate.1", "[a]", "a b")
PIECES = (*NAMES, "*", "**", "*.tf", "a*", "?", "[ab]", "[!a]*", "[]a]", "*.tfstate.*", "\\*", "a\\b", "[a", "**a")


@st.composite
def patterns(draw: st.DrawFn) -> str:
    body = "/".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3)))
    before, after = (
        draw(st.sampled_from(("", "!", "/", "!/", "# "))),
        draw(st.sampled_from(("", "/", "/ ", " ", "\\ "))),
    )
    return before + body + after


paths = st.builds(
    lambda parts, end: "/".join(parts) + end,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    st.sampled_from(("", "/")),
)


@settings(max_examples=400)
@given(lines=st.lists(patterns(), max_size=5), path=paths)
def test_the_quick_way_is_the_long_way(lines: list[str], path: str) -> None:
    valid = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        valid.append(line)
    assert Patterns(lines).verdict(path) == GitIgnoreSpec.from_lines(valid).check_file(path).include


@pytest.mark.parametrize("line", ["!", "/", "", "  ", "#", "!/"])
def test_what_is_no_pattern_is_passed_over(tmp_path: Path, line: str) -> None:
    (tmp_path / ".gitignore").write_text(f"{line}\n*.yaml\n")
    ignoring = Ignoring(tmp_path)
    assert ignoring.excludes(tmp_path / "t.yaml", is_directory=False)
    assert not ignoring.excludes(tmp_path / "main.tf", is_directory=False)
