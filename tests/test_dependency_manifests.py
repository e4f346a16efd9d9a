"""Which libraries the manifests of applications list, as DDB111 tells: which files count, and what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dynavet_parsers.manifests
from dynavet.engine import Options, scan
from dynavet.rule import Outcome

TABLE = """\
resource "aws_dynamodb_table" "patients" {
  name     = "patients"
  hash_key = "id"
  tags     = { DataClass = "TAG" }
}
"""


def judged(directory: Path, files: dict[str, str], path: str = ".") -> tuple[Outcome, str]:
    """What DDB111 says of a sensitive table beside the files."""
    for name, text in {"infra/main.tf": TABLE.replace("TAG", "phi"), **files}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    report = scan([directory / path], Options(select=("DDB111",)))
    assert report.errors == []
    [finding] = report.findings
    return finding.outcome, finding.message


PYTHON = "dynamodb-encryption-sdk"
JAVA = "software.amazon.cryptography:aws-database-encryption-sdk-dynamodb"
NET = "AWS.Cryptography.DbEncryptionSDK.DynamoDb"
RUST = "aws-db-esdk"
GO = "github.com/aws/aws-database-encryption-sdk-dynamodb/releases/go/dynamodb-esdk"
GROUP, ARTIFACT = JAVA.split(":")

LISTING = {
    "pyproject.toml": (
        f'[project]\nname = "a"\ndependencies = ["boto3", "{PYTHON}[x] >= 3; python_version > \'3\'"]',
        f'[project.optional-dependencies]\nx = ["{PYTHON}"]',
        f'[dependency-groups]\nx = [{{include-group = "y"}}, "{PYTHON}==3.3.0"]',
        f'[tool.poetry.dependencies]\npython = "^3"\n{PYTHON} = "^3"',
        f'[tool.poetry.group.x.dependencies]\n{PYTHON} = {{version = "^3"}}',
        f'[tool.pdm.dev-dependencies]\nx = ["{PYTHON}"]',
        f'[tool.uv]\ndev-dependencies = ["{PYTHON}"]',
        f'[tool.hatch.envs.default]\ndependencies = ["{PYTHON}"]',
    ),
    "requirements.txt": (
        f"--index-url https://example.com\n{PYTHON}==3.3.0 --hash=sha256:00  # why",
        "boto3\nDynamoDB_Encryption.SDK",
        f"git+https://example.com/x.git#egg={PYTHON}",
        f"{PYTHON} @ https://example.com/x.whl",
    ),
    "requirements-dev.in": (PYTHON,),
    "requirements/base.txt": (PYTHON,),
    "setup.cfg": (
        f"[metadata]\nname = a\n[options]\ninstall_requires =\n  boto3\n  {PYTHON}>=3\n",
        f"[options.extras_require]\nx = {PYTHON}\n",
    ),
    "setup.py": (f"setup(name='a', install_requires=['boto3', '{PYTHON}>=3'])",),
    "Pipfile": (f'[packages]\nboto3 = "*"\n{PYTHON} = "*"', f'[x]\n{PYTHON} = {{version = "*"}}'),
    "Pipfile.lock": (json.dumps({"_meta": {}, "develop": {PYTHON: {"version": "==3"}}}),),
    "poetry.lock": (f'[[package]]\nname = "boto3"\n[[package]]\nname = "{PYTHON}"\nversion = "3"',),
    "uv.lock": (f'[[package]]\nname = "{PYTHON}"\nsource = {{ registry = "x" }}',),
    "pdm.lock": (f'[[package]]\nname = "{PYTHON}"',),
    "pylock.toml": (f'[[packages]]\nname = "{PYTHON}"',),
    "pom.xml": (
        f"<project><dependencies><dependency><groupId>{GROUP}</groupId><artifactId>{ARTIFACT}</artifactId>"
        "<exclusions><exclusion><groupId>a</groupId><artifactId>b</artifactId></exclusion></exclusions>"
        "</dependency></dependencies></project>",
        f"<project><properties><esdk>{GROUP}</esdk></properties><dependencyManagement><dependencies><dependency>"
        f"<artifactId> {ARTIFACT}\n</artifactId><groupId>${{esdk}}</groupId>"
        "</dependency></dependencies></dependencyManagement></project>",
        "<m:project xmlns:m='http://maven.apache.org/POM/4.0.0'><m:dependency><m:groupId>com.amazonaws</m:groupId>"
        "<m:artifactId>aws-dynamodb-encryption-java</m:artifactId></m:dependency></m:project>",
    ),
    "build.gradle": (
        f"dependencies {{\n  implementation 'a:b:1' // old\n  implementation '{JAVA}:3.9.0'\n}}",
        f'compile group: "{GROUP}", name: "{ARTIFACT}", version: "3"',
    ),
    "app/build.gradle.kts": (f'dependencies {{ api("{JAVA}:3.9.0@jar") }}', f'api("{GROUP}", "{ARTIFACT}", "3")'),
    "gradle/libs.versions.toml": (
        f'[libraries]\na = "{JAVA}:3.9.0"',
        f'[libraries]\na = {{ module = "{JAVA}", version = "3" }}',
        f'[libraries]\na = {{ group = "{GROUP}", name = "{ARTIFACT}" }}',
    ),
    "gradle.lockfile": (f"# generated\na:b:1=x\n{JAVA}:3.9.0=compileClasspath\nempty=y",),
    "A.csproj": (
        f'<Project Sdk="x"><ItemGroup><PackageReference Include="{NET}" Version="3" /></ItemGroup></Project>',
        f'<Project><ItemGroup><PackageReference Update="{NET.lower()}"/></ItemGroup></Project>',
    ),
    "Directory.Packages.props": (f'<Project><ItemGroup><PackageVersion Include="{NET}"/></ItemGroup></Project>',),
    "packages.config": (f'<packages><package id="{NET}" version="3" /></packages>',),
    "packages.lock.json": (json.dumps({"version": 1, "dependencies": {"net8.0": {NET: {"type": "Direct"}}}}),),
    "Cargo.toml": (
        f'[dependencies]\n{RUST} = "1"',
        f'[target.x.dev-dependencies]\na = {{ package = "{RUST}", version = "1" }}',
        f'[workspace.dependencies.{RUST}]\nversion = "1"',
    ),
    "Cargo.lock": (f'[[package]]\nname = "{RUST}"',),
    "go.mod": (f"module x\n\nrequire (\n\ta.com/b v1 // indirect\n\t{GO} v1.0.0\n)", f"require {GO} v1.0.0"),
    "go.sum": (f"{GO} v1.0.0 h1:x=\n{GO} v1.0.0/go.mod h1:y=",),
}
FORMS = [(name, text) for name, forms in LISTING.items() for text in forms]
LIBRARIES = (PYTHON, "DynamoDB_Encryption.SDK", GO, ARTIFACT, "aws-dynamodb-encryption-java", NET, NET.lower(), RUST)


@pytest.mark.parametrize(("name", "text"), FORMS)
def test_every_form_lists_the_library_and_without_it_the_table_fails(tmp_path: Path, name: str, text: str) -> None:
    assert judged(tmp_path, {name: text})[0] is Outcome.PASS
    for library in LIBRARIES:
        text = text.replace(library, "other")
    outcome, message = judged(tmp_path, {name: text})
    assert outcome is Outcome.FAIL
    assert name in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", json.dumps({"dependencies": {"@aws-crypto/client-node": "^4"}})),
        ("package-lock.json", json.dumps({"packages": {"": {}, "node_modules/@aws-crypto/client-node": {}}})),
        ("package-lock.json", json.dumps({"dependencies": {"a": {"dependencies": {"@aws-crypto/client-node": {}}}}})),
        ("npm-shrinkwrap.json", json.dumps({"dependencies": {"@aws-crypto/client-node": {}}})),
        ("yarn.lock", '# yarn\na@^1, b@^1:\n  version "1"\n\n"@aws-crypto/client-node@^4.0.0":\n  version "4"\n'),
        ("yarn.lock", '"@aws-crypto/client-node@npm:^4.0.0":\n  version: 4\n'),
        ("pnpm-lock.yaml", "packages:\n\n  '@aws-crypto/client-node@4.2.1':\n    resolution: {}\n"),
        ("pnpm-lock.yaml", "packages:\n\n  /@aws-crypto/client-node/4.2.1:\n    resolution: {}\n"),
        ("requirements.txt", "aws-encryption-sdk"),
        ("build.gradle", "implementation 'com.amazonaws:aws-encryption-sdk-java:3'"),
        ("go.mod", "require github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk v0.1.0"),
        ("A.csproj", '<Project><PackageReference Include="AWS.Cryptography.EncryptionSDK" /></Project>'),
    ],
)
def test_what_encrypts_anything_may_encrypt_items(tmp_path: Path, name: str, text: str) -> None:
    outcome, message = judged(tmp_path, {name: text})
    assert outcome is Outcome.UNKNOWN
    assert f"{name} lists " in message
    assert "which can encrypt items" in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", f"boto3\n  # {PYTHON}\n-r {PYTHON}.txt"),
        ("requirements.txt", f"{PYTHON}-stubs"),
        ("pyproject.toml", f'[project]\nname = "{PYTHON}"\ndependencies = ["boto3"] # {PYTHON}'),
        ("setup.cfg", f"[options]\ninstall_requires =\n  boto3\n  # {PYTHON}\n[other]\nx =\n  {PYTHON}"),
        ("setup.py", f"requires = ['boto3']  # '{PYTHON}'"),
        ("build.gradle", f"implementation 'a:b:1' /* '{JAVA}:3' */ // '{JAVA}:3'\n\"https://x\""),
        (
            "pom.xml",
            f"<p><dependency><artifactId>a</artifactId></dependency><!-- {JAVA} --><groupId>{GROUP}</groupId></p>",
        ),
        ("go.mod", f"require a.com/b v1\nexclude {GO} v1\nreplace (\n\t{GO} => ../x\n)\n// require {GO} v1"),
        ("go.sum", f"a.com/b v1 h1:x=\n{GO} v1/go.mod h1:y="),
        ("Cargo.toml", f'[dependencies]\nserde = "1"\n[package]\nname = "{RUST}"'),
        ("package.json", json.dumps({"dependencies": {PYTHON: "1"}, "keywords": [PYTHON]})),
    ],
)
def test_what_only_mentions_a_library_does_not_list_it(tmp_path: Path, name: str, text: str) -> None:
    assert judged(tmp_path, {name: text})[0] is Outcome.FAIL


def test_the_line_is_told_where_a_library_is_listed(tmp_path: Path) -> None:
    text = "<p>" + "\n" * 70_000 + "<dependency><groupId>com.amazonaws</groupId>\n<artifactId>aws-encryption-sdk-java"
    (tmp_path / "pom.xml").write_text(text + "</artifactId></dependency></p>")
    (tmp_path / "main.tf").write_text(TABLE.replace("TAG", "pii"))
    [finding] = scan([tmp_path], Options(select=("DDB111",))).findings
    assert [each.place.line for each in finding.related] == [70_002]


def test_a_message_names_some_of_many_manifests(tmp_path: Path) -> None:
    many = {f"app{number}/requirements.txt": "boto3" for number in range(5)}
    _, message = judged(tmp_path, many)
    assert "app2/requirements.txt and 2 more." in message
    _, message = judged(tmp_path, dict.fromkeys(many, "aws-encryption-sdk"))
    assert message.count("aws-encryption-sdk") == 3
    assert message.endswith("; 2 more of the manifests leave it open)")


LAUGHS = """\
<?xml version="1.0"?>
<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>
<p>&c;</p>
"""
FOREIGN = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>'


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("pom.xml", LAUGHS, "pom.xml has a document type declaration"),
        ("A.csproj", FOREIGN, "A.csproj has a document type declaration"),
        ("pom.xml", "<!DOCTYPE p SYSTEM 'http://example.com/p.dtd'><p/>", "pom.xml has a document type declaration"),
        ("pom.xml", "<p>&undeclared;</p>", "pom.xml is not XML: undefined entity"),
        ("pom.xml", "<a>" * 5000, "pom.xml has more than 100 elements within one another"),
        ("pom.xml", "<project>", "pom.xml is not XML: no element found"),
        ("package.json", '{"dependencies": {', "package.json is not JSON: Expecting property name"),
        ("Pipfile.lock", "[" * 100_000, "Pipfile.lock is not JSON: "),
        ("package-lock.json", '{"x": ' + "9" * 5000 + "}", "package-lock.json is not JSON: "),
        ("yarn.lock", "\n".join(f"a{n}@1:" for n in range(60_000)), "yarn.lock lists more than 50000 libraries"),
        ("go.sum", "\n" * (9 * 1024 * 1024), "go.sum is larger than 8 MiB"),
        ("Pipfile", "a." * 1_000_000 + "b = 1", "Pipfile has a key of more than 20 parts"),
        ("Pipfile", "[" + '"a\\"" . \'b\'.' * 20_000 + "b]", "Pipfile has a key of more than 20 parts"),
        ("pyproject.toml", "[project\n", "pyproject.toml is not TOML: "),
        ("Cargo.lock", "a = [\n" + "[\n" * 5_000, "Cargo.lock is not TOML: "),
    ],
)
def test_a_manifest_that_cannot_be_read_leaves_it_undecided(tmp_path: Path, name: str, text: str, problem: str) -> None:
    outcome, message = judged(tmp_path, {name: text, "requirements.txt": "boto3"})
    assert outcome is Outcome.UNKNOWN
    assert problem in message
    assert judged(tmp_path, {"requirements.txt": PYTHON})[0] is Outcome.PASS


def test_a_manifest_that_is_no_text_leaves_it_undecided(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"boto3\n\xff\xfe")
    (tmp_path / "go.mod").symlink_to("/etc/hostname")
    outcome, message = judged(tmp_path, {})
    assert outcome is Outcome.UNKNOWN
    assert "requirements.txt is not UTF-8 text (byte 6)" in message
    assert "go.mod lies outside the scanned directory" in message


@pytest.mark.parametrize(
    "text",
    [
        '"' + '\\"' * 200_000,
        "/*" * 200_000,
        "'" * 200_000,
        "group" + " " * 200_000 + "(" * 200_000,
        "a" + " " * 200_000 + "\t" * 200_000,
    ],
)
@pytest.mark.parametrize("name", ["build.gradle", "setup.py", "requirements.txt", "setup.cfg", "yarn.lock", "go.mod"])
def test_text_that_is_made_to_take_long_does_not(tmp_path: Path, name: str, text: str) -> None:
    outcome, _ = judged(tmp_path, {name: text, "pom.xml": "<a/>"})
    assert outcome in (Outcome.FAIL, Outcome.UNKNOWN)


NOT_MANIFESTS = {
    "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    "setup.cfg": "[flake8]\nmax-line-length = 100\n",
    "package.json": '{"name": "x", "scripts": {}}',
    "requirements.txt": "# none yet\n",
    "notes.txt": "boto3\n",
    "go.mod": "module x\n",
}


def test_files_that_list_nothing_are_no_manifests(tmp_path: Path) -> None:
    assert judged(tmp_path, NOT_MANIFESTS) == (
        Outcome.UNKNOWN,
        "The table is marked as sensitive. (no dependency manifest is in the scanned code)",
    )


@pytest.mark.parametrize("path", [".", "infra", "infra/main.tf"])
def test_the_whole_repository_counts_and_nothing_outside(tmp_path: Path, path: str) -> None:
    repository = tmp_path / "repository"
    files = {".git/HEAD": "", "../requirements.txt": PYTHON}
    assert judged(repository, files, path)[0] is Outcome.UNKNOWN
    assert judged(repository, {"app/requirements.txt": "boto3"}, path)[0] is Outcome.FAIL
    assert judged(repository, {"lib/requirements.txt": PYTHON}, path)[0] is Outcome.PASS


def test_without_a_repository_the_scanned_directory_counts(tmp_path: Path) -> None:
    files = {"requirements.txt": PYTHON}
    assert judged(tmp_path, files, "infra")[0] is Outcome.UNKNOWN
    assert judged(tmp_path, files)[0] is Outcome.PASS


@pytest.mark.parametrize("place", ["node_modules/x", "vendor/x", "lib/site-packages/x", ".venv", "built", ".terraform"])
def test_what_is_not_the_own_code_does_not_count(tmp_path: Path, place: str) -> None:
    files = {".git/HEAD": "", ".gitignore": "built/\n", f"{place}/requirements.txt": PYTHON}
    assert judged(tmp_path, files)[0] is Outcome.UNKNOWN


def test_manifests_are_read_only_for_tables_that_are_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("was read")

    monkeypatch.setattr(dynavet_parsers.manifests, "read_manifest", refuse)
    (tmp_path / "requirements.txt").write_text("boto3")
    (tmp_path / "main.tf").write_text(TABLE.replace("TAG", "public"))
    assert scan([tmp_path], Options(select=("DDB111",))).errors == []
    (tmp_path / "main.tf").write_text(TABLE.replace("TAG", "pii"))
    [error] = scan([tmp_path], Options(select=("DDB111",))).errors
    assert "was read" in error
