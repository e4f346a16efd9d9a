"""Which files are in scope, and which of them matter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dynavet.discovery import Discovery, NothingThere, discover

TEMPLATE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return tmp_path / "tree"


def write(tree: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def look(tree: Path, *paths: str) -> Discovery:
    return discover([Path(path) for path in paths or (".",)], tree)


def matter(found: Discovery) -> set[str]:
    """What will be parsed, as the user sees it."""
    terraform = [path for files in found.terraform.values() for path in files]
    return {found.sources.show(path) for path in (*terraform, *(each.path for each in found.documents))}


def skipped(found: Discovery) -> dict[str, str]:
    return {each.path: each.reason for each in found.skipped}


def test_files_are_sorted_by_what_they_are(tree: Path) -> None:
    write(tree, {"main.tf": "", "a/b.tofu": "", "t.yaml": TEMPLATE, "t.template": TEMPLATE, "p.json": POLICY})
    found = look(tree)
    assert {found.sources.show(path) for path in found.terraform} == {".", "a"}
    assert {each.path.name: (each.template, each.policy) for each in found.documents} == {
        "t.yaml": (True, False),
        "t.template": (True, False),
        "p.json": (False, True),
    }


def test_what_is_passed_over_has_a_reason(tree: Path) -> None:
    write(
        tree,
        {
            "empty.json": "",
            "blank.yaml": "\n\n",
            "image.json": b"\x89PNG\0\0",
            "values.yaml": "replicas: 3\n",
            "README.md": "# Not counted\n",
        },
    )
    assert skipped(look(tree)) == {
        "empty.json": "empty",
        "blank.yaml": "empty",
        "image.json": "binary",
        "values.yaml": "not a template or policy",
    }


@pytest.mark.parametrize(
    "directory",
    [".git", ".terraform/modules/x", "node_modules/m", "cdk.out/asset.1f2e", ".aws-sam/build", ".serverless"],
)
def test_directories_of_tools_are_not_entered(tree: Path, directory: str) -> None:
    write(tree, {f"{directory}/main.tf": "", f"{directory}/t.yaml": TEMPLATE, "main.tf": ""})
    assert matter(look(tree)) == {"main.tf"}


def test_cdk_output_itself_is_scanned(tree: Path) -> None:
    write(tree, {"cdk.out/Stack.template.json": '{"Resources": {"T": {"Type": "AWS::DynamoDB::Table"}}}'})
    assert matter(look(tree)) == {"cdk.out/Stack.template.json"}


def test_files_that_terraform_does_not_read_are_left_out(tree: Path) -> None:
    write(tree, {".hidden.tf": "", "main.tf~": "", "#main.tf#": "", "main.tf": ""})
    assert matter(look(tree)) == {"main.tf"}


def test_gitignore_excludes_and_is_counted(tree: Path) -> None:
    write(
        tree,
        {
            ".gitignore": "/build/\n*.gen.yaml\n",
            "build/main.tf": "",
            "src/build/main.tf": "",
            "t.gen.yaml": TEMPLATE,
            "t.yaml": TEMPLATE,
        },
    )
    found = look(tree)
    assert matter(found) == {"src/build/main.tf", "t.yaml"}
    assert found.ignored == 2
    assert skipped(found) == {}


def test_nested_gitignore_overrules_the_outer_one(tree: Path) -> None:
    write(tree, {".gitignore": "*.tf\n", "a/.gitignore": "!keep.tf\n", "a/keep.tf": "", "a/drop.tf": "", "b.tf": ""})
    assert matter(look(tree)) == {"a/keep.tf"}


def test_nested_gitignore_holds_only_below_itself(tree: Path) -> None:
    write(tree, {"a/.gitignore": "/x.tf\n", "a/x.tf": "", "a/b/x.tf": "", "x.tf": ""})
    assert matter(look(tree)) == {"a/b/x.tf", "x.tf"}


def test_gitignore_above_the_scanned_directory_counts_in_a_repository(tree: Path) -> None:
    write(tree, {".git/HEAD": "", ".gitignore": "gen/\n", "infra/gen/main.tf": "", "infra/main.tf": ""})
    assert matter(look(tree, "infra")) == {"infra/main.tf"}


def test_a_named_path_is_in_scope_whatever_gitignore_says(tree: Path) -> None:
    write(tree, {".git/HEAD": "", ".gitignore": "gen/\n*.yaml\n", "gen/main.tf": "", "t.yaml": TEMPLATE})
    assert matter(look(tree, "gen", "t.yaml")) == {"gen/main.tf", "t.yaml"}


def test_a_named_terraform_file_stands_for_its_directory(tree: Path) -> None:
    write(tree, {"a/main.tf": "", "a/more.tf": "", "a/sub/main.tf": "", "a/t.yaml": TEMPLATE, "b/main.tf": ""})
    assert matter(look(tree, "a/main.tf")) == {"a/main.tf", "a/more.tf"}


def test_a_named_variables_file_stands_for_its_directory(tree: Path) -> None:
    write(tree, {"a/main.tf": "", "a/terraform.tfvars": ""})
    assert matter(look(tree, "a/terraform.tfvars")) == {"a/main.tf"}


def test_a_named_file_of_any_name_is_looked_at(tree: Path) -> None:
    write(tree, {"role.policy": POLICY, "notes.txt": "nothing"})
    found = look(tree, "role.policy", "notes.txt")
    assert matter(found) == {"role.policy"}
    assert skipped(found) == {"notes.txt": "not a template or policy"}


def test_files_named_twice_are_taken_once(tree: Path) -> None:
    write(tree, {"a/main.tf": "", "a/t.yaml": TEMPLATE})
    found = look(tree, "a/main.tf", "a/t.yaml", ".", "a")
    assert [len(files) for files in found.terraform.values()] == [1]
    assert len(found.documents) == 1


def test_a_missing_path_is_named(tree: Path) -> None:
    write(tree, {"main.tf": ""})
    with pytest.raises(NothingThere, match="nowhere: no such file or directory"):
        look(tree, ".", "nowhere")


def test_links_to_directories_are_not_followed(tree: Path, tmp_path: Path) -> None:
    write(tree, {"a/main.tf": ""})
    write(tmp_path / "outside", {"main.tf": "", "t.yaml": TEMPLATE})
    (tree / "a" / "loop").symlink_to(tree, target_is_directory=True)
    (tree / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert matter(look(tree)) == {"a/main.tf"}


def test_links_to_files_outside_are_passed_over(tree: Path, tmp_path: Path) -> None:
    write(tree, {"t.yaml": TEMPLATE})
    write(tmp_path / "outside", {"t.yaml": TEMPLATE})
    (tree / "link.yaml").symlink_to(tmp_path / "outside" / "t.yaml")
    (tree / "inside.yaml").symlink_to(tree / "t.yaml")
    found = look(tree)
    assert matter(found) == {"t.yaml", "inside.yaml"}
    assert skipped(found) == {"link.yaml": "links to a file outside the scanned directory"}


def test_what_cannot_be_read_is_a_problem(tree: Path) -> None:
    write(tree, {"main.tf": ""})
    (tree / "gone.yaml").symlink_to(tree / "nowhere.yaml")
    os.mkfifo(tree / "pipe.json")
    problems = {each.address: (each.origin.line, each.origin.column, each.message) for each in look(tree).problems}
    assert problems == {"gone.yaml": (1, 1, "does not exist"), "pipe.json": (1, 1, "is not a regular file")}


def test_a_directory_is_no_file_whatever_its_name(tree: Path) -> None:
    write(tree, {"main.tf/t.yaml": TEMPLATE, "x.json/main.tf": ""})
    assert matter(look(tree)) == {"main.tf/t.yaml", "x.json/main.tf"}
