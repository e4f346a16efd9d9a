"""Whatever is scanned, the command ends with 0, 1 or 2, and never because something in it crashed.

What is scanned here is made from the words of each language, put together in ways that nobody would.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynavet.cli.root import command
from dynavet.config import KEYS
from dynavet.reporters import FORMATS

Strategy: TypeAlias = st.SearchStrategy[Any]

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

formats = st.sampled_from([name for name in FORMATS if name != "json"])


def hold(files: Mapping[str, str], other: str, *, configured: bool = False) -> None:
    """Scan the files, report as JSON and in one `other` format, and hold the command to what it promises."""
    with tempfile.TemporaryDirectory() as directory, chdir(directory):
        Path("scanned").mkdir()
        for name, text in files.items():
            (Path("scanned") / name).write_text(text, encoding="utf-8", errors="surrogatepass")
        arguments = ["scan", "scanned", "--format", "json", "--output", "report.json", "--format", other]
        arguments += ["--output", "report"] + ([] if configured else ["--show", "all", "--fail-on", "low"])
        ran = CliRunner().invoke(command, arguments, catch_exceptions=False)
        said = f"{ran.exit_code} {ran.stderr}"
        assert ran.exit_code in (0, 1, 2), said
        if configured and not Path("report.json").exists():
            assert ran.exit_code == 2 and ran.stderr.startswith("Error: "), said
            return
        report = json.loads(Path("report.json").read_text("utf-8"))
    assert not [each for each in report["errors"] if "crashed" in each], said
    assert not [each for each in report["results"] if each["message"].startswith("cannot be analysed")]
    if not configured:
        failed = [each for each in report["results"] if each["outcome"] == "fail"]
        incomplete = report["errors"] or any(each["rule"] == "DDB000" for each in failed)
        assert ran.exit_code == (2 if incomplete else int(any(each["severity"] != "info" for each in failed))), said


# ------------------------------------------------------------ JSON of any shape

ODD = (
    "", "*", "?", "${", "${}", "${a.b}", "${AWS::Region}", "${aws:username}", "a" * 300, "\u2028", "\x1b[31m", "é",
    "arn:aws:dynamodb:*:*:table/*", "arn:aws:iam::123456789012:root", "arn:", "dynamodb:*", "dynamodb:getitem", ":",
    "2012-10-17", "true", "1", "0x1", "null", "123456789012", "{}", '{"Statement": {"Effect": "Allow"}}', "\U0010ffff",
)  # fmt: skip
odd_texts = st.sampled_from(ODD) | st.text(max_size=6)
scalars = st.none() | st.booleans() | st.integers(-2, 40) | st.sampled_from([1e308, 10**40, 0.1]) | odd_texts


def shapes(keys: st.SearchStrategy[str], leaves: Strategy = scalars) -> Strategy:
    """Values of JSON with these keys and leaves."""
    inner: Strategy = st.deferred(
        lambda: leaves | st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    )
    return inner


def objects(known: Mapping[str, Strategy], anything: Strategy) -> Strategy:
    """Objects with some of the known keys, each with its own kind of value or, one in four times, with anything."""

    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=len(known)))
        return {key: draw(anything if draw(st.integers(0, 3)) == 0 else known[key]) for key in chosen}

    return made()


def some(values: Strategy) -> Strategy:
    return values | st.lists(values, max_size=3)


# ------------------------------------------------------------ policies

WORDS = ("Version", "Statement", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition")
ACTIONS = (
    "dynamodb:*", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Partiql*", "dynamodb:", "*", "kms:Decrypt", "?*:?",
)  # fmt: skip
RESOURCES = (
    "*", "arn:aws:dynamodb:eu-west-1:123456789012:table/t", "arn:aws:dynamodb:*:*:table/${aws:username}/index/*",
)  # fmt: skip
OPERATORS = ("StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringEqualsIfExists", "Null", "Bool", "IpAddress")
CONDITION_KEYS = (
    "dynamodb:LeadingKeys", "dynamodb:Attributes", "dynamodb:Select", "aws:SecureTransport", "aws:tagkeys",
)  # fmt: skip

actions, arns = (st.sampled_from(each) | odd_texts for each in (ACTIONS, RESOURCES))
any_shape = shapes(st.sampled_from(WORDS) | odd_texts)
conditions = st.dictionaries(
    st.sampled_from(OPERATORS),
    st.dictionaries(st.sampled_from(CONDITION_KEYS), some(odd_texts), max_size=2),
    max_size=2,
)
principals = some(odd_texts) | st.dictionaries(st.sampled_from(["AWS", "Service", "Federated", ""]), some(arns))
statements = objects(
    {
        "Sid": odd_texts,
        "Effect": st.sampled_from(["Allow", "Deny", "allow"]),
        "Action": some(actions),
        "NotAction": some(actions),
        "Resource": some(arns),
        "NotResource": some(arns),
        "Principal": principals,
        "NotPrincipal": principals,
        "Condition": conditions,
    },
    any_shape,
)
policies = objects(
    {"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Id": odd_texts, "Statement": some(statements)},
    any_shape,
)
wrapped = policies | st.builds(lambda policy: {"PolicyDocument": policy}, policies) | st.lists(policies, max_size=2)


@EXAMPLES
@given(wrapped, formats)
def test_policies(policy: Any, other: str) -> None:
    text = json.dumps(policy)
    resource = 'resource "aws_iam_policy" "p" {\n  policy = file("policy.json")\n}\n'
    table = 'resource "aws_dynamodb_resource_policy" "p" {\n  resource_arn = "arn"\n  policy = jsonencode(%s)\n}\n'
    hcl = text.replace("${", "$${").replace("%{", "%%{")
    hold({"policy.json": text, "main.tf": resource + table % hcl, "policy_2.json": text[:-2]}, other)


# ------------------------------------------------------------ templates

NAMES = ("Table", "Role", "Key", "Stage", "Other", "AWS::Region", "AWS::NoValue", "Is")
FUNCTIONS = (
    "Ref", "Condition", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap",
    "Fn::Equals", "Fn::And", "Fn::Not", "Fn::Length", "Fn::ToJsonString", "Fn::ForEach::X", "Fn::Transform",
)  # fmt: skip
TYPES = (
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::KMS::Key",
    "AWS::Serverless::Function", "AWS::Serverless::SimpleTable", "AWS::Serverless::Connector", "AWS::DAX::Cluster",
    "AWS::EC2::VPCEndpoint", "AWS::CloudTrail::Trail", "AWS::Lambda::Function", "AWS::CloudFormation::Stack",
)  # fmt: skip
PROPERTIES = (
    "TableName", "KeySchema", "SSESpecification", "SSEEnabled", "KMSMasterKeyId", "PointInTimeRecoverySpecification",
    "Replicas", "Region", "Tags", "Key", "Value", "GlobalSecondaryIndexes", "IndexName", "BillingMode",
    "ResourcePolicy", "PolicyDocument", "AssumeRolePolicyDocument", "Policies", "PolicyName", "Roles",
    "ManagedPolicyArns", "Role", "Environment", "Variables", "VpcConfig", "ServiceName", "RouteTableIds",
    "EventSelectors", "DataResources", "Type", "TemplateURL", "Source", "Destination", "Permissions", "Id", "Events",
    "KeyPolicy", "DeletionProtectionEnabled",
)  # fmt: skip

names = st.sampled_from(NAMES) | odd_texts
values: Strategy = st.deferred(
    lambda: (
        scalars
        | policies
        | st.lists(values, max_size=3)
        | st.dictionaries(st.sampled_from(PROPERTIES), values, max_size=4)
        | st.dictionaries(
            st.sampled_from(FUNCTIONS), names | st.lists(names | values, max_size=3), min_size=1, max_size=1
        )
    )
)
resources = objects(
    {
        "Type": st.sampled_from(TYPES),
        "Properties": st.dictionaries(st.sampled_from(PROPERTIES), values, max_size=6),
        "Condition": names,
        "DependsOn": some(names),
        "DeletionPolicy": st.sampled_from(["Retain", "Delete"]),
        "Metadata": st.builds(lambda entry: {"dynavet": entry}, values),
        "Connectors": values,
    },
    values,
)
templates = objects(
    {
        "AWSTemplateFormatVersion": st.just("2010-09-09"),
        "Transform": some(st.sampled_from(["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"])),
        "Parameters": st.dictionaries(
            names, objects({"Type": names, "Default": values, "AllowedValues": values}, values)
        ),
        "Mappings": values,
        "Conditions": st.dictionaries(names, values, max_size=2),
        "Globals": values,
        "Outputs": st.dictionaries(names, values, max_size=2),
        "Rules": values,
    },
    values,
)
services = objects(
    {"service": names, "provider": values, "functions": values, "custom": values, "plugins": values, "package": values},
    values,
)


def _tagged(text: str, short: bool) -> str:
    """YAML with the short forms of the functions that stand in a line of their own."""
    for function in FUNCTIONS if short else ():
        text = text.replace(f"\n    {function}: ", f"\n    !{function.rpartition(':')[2]} ")
    return text


@EXAMPLES
@given(templates, st.dictionaries(names, resources, max_size=4), services, st.booleans(), formats)
def test_templates(around: Any, inner: Any, service: Any, short: bool, other: str) -> None:
    whole = {**around, "Resources": inner}
    texts = _tagged(yaml.safe_dump(whole), short), yaml.safe_dump({**service, "resources": whole})
    hold({"template.json": json.dumps(whole), "template.yaml": texts[0], "serverless.yml": texts[1]}, other)


# ------------------------------------------------------------ Terraform

REFERENCES = (
    "var.v", "local.l", "each.key", "each.value", "count.index", "self.id", "path.module", "null", "true", "0",
    "aws_dynamodb_table.t.arn", "aws_dynamodb_table.t[*].name", "module.m.out", "data.aws_iam_policy_document.d.json",
)  # fmt: skip
CALLS = (
    "jsonencode", "jsondecode", "merge", "concat", "flatten", "toset", "tomap", "format", "lookup", "try", "can",
    "element", "range", "regex", "replace", "split", "join", "setproduct", "templatefile", "file", "one", "upper",
)  # fmt: skip
WRITTEN = (
    "({0} ? {1} : {0})", "[{0}, {1}]", "{{a = {0}, (b) = {1}}}", "[for x in {0} : {1} if x]", "({0} == {1})", "!{0}",
    "{{for k, v in {0} : k => {1}...}}", '"${{{0}}}-${{{1}}}"', '"%{{ if {0} ~}}a%{{ else }}{1}%{{ endif }}"', "-{0}",
    "<<-EOT\n  ${{{0}}}\n  %{{ for x in {1} }}${{x}}%{{ endfor }}\n  EOT\n", "{0}[{1}]", "{0}[*].a", "{0}.*.b", "{0}.c",
    "({0} && {1})", "({0} + {1})", "({0} % {1})", "provider::aws::arn_parse({0})", "({0})",
)  # fmt: skip
BLOCKS = (
    'resource "aws_dynamodb_table" "t"', 'resource "aws_dynamodb_table_replica" "r"', 'resource "aws_iam_policy" "p"',
    'data "aws_iam_policy_document" "d"', 'resource "aws_iam_role" "r"', 'module "m"', "locals", 'variable "v"',
    'resource "aws_kms_key" "k"', 'resource "aws_vpc_endpoint" "e"', 'provider "aws"', 'output "o"', "terraform",
    'resource "aws_iam_role_policy_attachment" "a"', 'resource "aws_cloudtrail" "c"', "moved", 'check "c"',
)  # fmt: skip
INNER = (
    "replica", "server_side_encryption", "statement", "lifecycle", 'dynamic "replica"', 'dynamic "statement"',
    "content", "condition", "principals", "point_in_time_recovery", "import_table", "validation", "event_selector",
    "assume_role",
)  # fmt: skip
ATTRIBUTES = (
    "name", "for_each", "count", "policy", "kms_key_arn", "enabled", "actions", "resources", "effect", "tags", "source",
    "default", "type", "l", "hash_key", "role", "policy_arn", "iterator", "test", "variable", "values", "identifiers",
    "source_policy_documents", "region_name", "deletion_protection_enabled", "provider", "value",
)  # fmt: skip

expressions = st.recursive(
    st.sampled_from(REFERENCES) | scalars.map(json.dumps),
    lambda inner: (
        st.builds(str.format, st.sampled_from(WRITTEN), inner, inner)
        | st.builds(
            lambda name, each: f"{name}({', '.join(each)})", st.sampled_from(CALLS), st.lists(inner, max_size=3)
        )
    ),
    max_leaves=6,
)
attributes = st.builds("{} = {}".format, st.sampled_from(ATTRIBUTES), expressions)


def _block(header: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{header} {{", *lines, "}"])


bodies: Strategy = st.deferred(lambda: st.lists(attributes | attributes | inner_blocks, max_size=5))
inner_blocks: Strategy = st.builds(_block, st.sampled_from(INNER), bodies)
hcl = st.lists(st.builds(_block, st.sampled_from(BLOCKS), bodies), max_size=5).map("\n".join)
terraform_json = shapes(st.sampled_from([*ATTRIBUTES, "resource", "aws_dynamodb_table", "t", "locals", "//"]), values)


@EXAMPLES
@given(hcl, terraform_json, st.lists(attributes, max_size=3).map("\n".join), formats)
def test_terraform(text: str, as_json: Any, variables: str, other: str) -> None:
    hold({"main.tf": f"{text}\n", "other.tf.json": json.dumps(as_json), "terraform.tfvars": f"{variables}\n"}, other)


ADDRESSES = (
    "aws_dynamodb_table.t", "module.m.aws_iam_policy.p", 'aws_iam_role.r["a"]', "data.aws_iam_policy_document.d", "",
)  # fmt: skip
PLANNED = (
    "aws_dynamodb_table", "aws_iam_policy", "aws_iam_role", "aws_iam_policy_document", "aws_kms_key", "aws_dax_cluster",
)  # fmt: skip

attribute_values = st.dictionaries(st.sampled_from(ATTRIBUTES), any_shape | policies.map(json.dumps), max_size=4)
changes = objects(
    {
        "actions": st.lists(st.sampled_from(["create", "delete", "no-op", "update", "read", "forget"]), max_size=2),
        **dict.fromkeys(("before", "after", "after_unknown", "after_sensitive"), attribute_values),
        "importing": any_shape,
    },
    any_shape,
)
planned = objects(
    {
        "address": st.sampled_from(ADDRESSES),
        "mode": st.sampled_from(["managed", "data"]),
        "type": st.sampled_from(PLANNED),
        "name": odd_texts,
        "index": scalars,
        "values": attribute_values,
        "sensitive_values": attribute_values,
        "change": changes,
        "expressions": any_shape,
        "count_expression": any_shape,
    },
    any_shape,
)
modules: Strategy = st.deferred(
    lambda: objects(
        {
            "resources": st.lists(planned, max_size=3),
            "child_modules": st.lists(modules, max_size=1),
            "module_calls": st.dictionaries(
                names, objects({"module": modules, "source": names}, any_shape), max_size=1
            ),
            "address": st.sampled_from(ADDRESSES),
            "variables": any_shape,
        },
        any_shape,
    )
)
plans = objects(
    {
        "planned_values": st.builds(lambda each: {"root_module": each}, modules),
        "prior_state": st.builds(lambda each: {"values": {"root_module": each}}, modules),
        "configuration": objects({"root_module": modules, "provider_config": any_shape}, any_shape),
        "resource_changes": st.lists(planned, max_size=4),
        "variables": any_shape,
        "timestamp": odd_texts,
    },
    any_shape,
)


@EXAMPLES
@given(plans, st.sampled_from(["1.2", "0.1", "2.0", ""]), hcl | st.none(), formats)
def test_plans(plan: Any, version: str, beside: str | None, other: str) -> None:
    text = json.dumps({"format_version": version, "terraform_version": "1.9.0", **plan})
    hold({"plan.json": text, **({} if beside is None else {"main.tf": f"{beside}\n"})}, other)


# ------------------------------------------------------------ configurations and suppressions

IDS = ("DDB101", "DDB301", "DDB002", "DDB000", "DDB999", "table-customer-managed-key", "ddb101", "")
SCANNED = 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  tags = { stage = "prod" }\n}\n'

configured = objects(
    {
        **dict.fromkeys(KEYS, scalars.filter(lambda value: value is not None)),
        **dict.fromkeys(("select", "never-suppress"), st.lists(st.sampled_from(IDS), max_size=2)),
        "ignore": st.lists(
            st.sampled_from(IDS)
            | st.dictionaries(st.sampled_from(["id", "reason", "until", "evidence", "path", "resource"]), odd_texts)
        ),
        "fail-on": st.sampled_from(["never", "low", "critical"]),
        "show": st.lists(st.sampled_from(["fail", "unknown", "pass", "suppressed", "all"]), max_size=3),
        "required-tags": st.lists(odd_texts, max_size=2),
        "tag-values": st.dictionaries(odd_texts, st.lists(odd_texts, max_size=2), max_size=2),
        "context": shapes(st.sampled_from(["production", "sensitive", "stage", "tags"]), odd_texts),
    },
    shapes(odd_texts, scalars.filter(lambda value: value is not None)),
)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list) else json.dumps(value)


@EXAMPLES
@given(configured, st.booleans(), formats)
def test_configurations(given: Any, pyproject: bool, other: str) -> None:
    text = "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in given.items())
    name, head = ("pyproject.toml", "[tool.dynavet]\n") if pyproject else ("dynavet.toml", "")
    hold({name: head + text, "main.tf": SCANNED}, other, configured=True)


WORDS_OF_REMARKS = (
    "dynavet:ignore", "dynavet:skip", "checkov:skip=", "checkov:skip", "dynavet", ":", "=", ",", '"', "'", "reason=",
    'reason="x"', "until=", "until=2030-12-31", "until=9999-99-99", "evidence=", "evidence=dynamodb:*", "*",
)  # fmt: skip

words = st.sampled_from([*IDS, *WORDS_OF_REMARKS])
remarks = st.builds(
    lambda start, rest: " ".join([start, *rest]),
    st.sampled_from(["dynavet:ignore", "checkov:skip=DDB101", "checkov:skip DDB101", "dynavet ignore"]),
    st.lists(words | odd_texts.map(lambda text: " ".join(text.split())), max_size=6),
)


@EXAMPLES
@given(st.lists(remarks, min_size=5, max_size=5), shapes(st.sampled_from(["id", "reason", "until"])), formats)
def test_suppressions(given: Sequence[str], metadata: Any, other: str) -> None:
    above, beside, block, inside, item = given
    table = f"# {above}\nResources:\n  T: # {beside}\n    Type: AWS::DynamoDB::Table\n    # {inside}\n    Metadata:\n"
    table += f"      dynavet: {json.dumps(metadata)} # {item}\n    Properties: {{TableName: t}}\n"
    tables = f'# {above}\nresource "aws_dynamodb_table" "t" {{ // {beside}\n  /* {block}\n {inside} */ name = "t"\n}}\n'
    hold({"main.tf": tables, "template.yaml": table, "template.yml": table.replace("#", "\t#")}, other)
