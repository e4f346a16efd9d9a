"""Registry modules that are understood from a description, through the real reader and rules."""

from __future__ import annotations

import itertools
import json
import re
import textwrap
from pathlib import Path

import pytest

from dynavet.engine import Options, model, scan
from dynavet.findings import Finding
from dynavet.model import Project
from dynavet.text import Text
from dynavet.values import Known, Origin
from dynavet_parsers.terraform.described import DATA, Description, descriptions, put
from dynavet_parsers.terraform.syntax import parse_body

NAMES = sorted(entry.name for entry in DATA.iterdir())
DESCRIPTIONS = [each for name in NAMES for each in descriptions(name)]
IDS = [f"{each.name} {each.submodule} {each.versions}" for each in DESCRIPTIONS]

TABLE = "terraform-aws-modules/dynamodb-table/aws"
VPC = "terraform-aws-modules/vpc/aws"
IAM = "terraform-aws-modules/iam/aws//modules"
LAMBDA = "terraform-aws-modules/lambda/aws"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, path: str = "main.tf") -> None:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def findings(*rules: str) -> list[Finding]:
    report = scan([Path()], Options(select=rules))
    assert report.errors == []
    return sorted(report.findings, key=lambda each: each.resource)


def outcomes(*rules: str) -> dict[str, str]:
    return {each.resource: each.outcome.value for each in findings(*rules)}


def project() -> Project:
    projects, errors = model([Path()])
    assert errors == []
    (one,) = projects
    assert not one.problems
    return one


# ---------------------------------------------------------------- tables


def test_a_table_of_a_module_fails_passes_or_stays_undecided() -> None:
    write(
        f"""
        variable "key" {{}}
        resource "aws_kms_key" "own" {{}}
        module "open" {{
          source = "{TABLE}"
          name   = "open"
        }}
        module "closed" {{
          source                             = "{TABLE}"
          server_side_encryption_enabled     = true
          server_side_encryption_kms_key_arn = aws_kms_key.own.arn
        }}
        module "asked" {{
          source                             = "{TABLE}"
          server_side_encryption_enabled     = true
          server_side_encryption_kms_key_arn = var.key
        }}
        """
    )
    assert outcomes("DDB101", "DDB001") == {
        "module.open.aws_dynamodb_table.this[0]": "fail",
        "module.closed.aws_dynamodb_table.this[0]": "pass",
        "module.asked.aws_dynamodb_table.this[0]": "unknown",
    }


def test_the_tags_of_a_call_count_with_those_that_the_module_adds() -> None:
    write(
        f"""
        variable "tags" {{ type = map(string) }}
        module "bare" {{
          source = "{TABLE}"
          tags   = {{ Security = "high" }}
        }}
        module "full" {{
          source = "{TABLE}"
          name   = "full"
          tags   = {{ Security = "high", Environment = "live" }}
        }}
        module "asked" {{
          source = "{TABLE}"
          tags   = var.tags
        }}
        """
    )
    assert outcomes("DDB501") == {
        "module.bare.aws_dynamodb_table.this[0]": "fail",
        "module.full.aws_dynamodb_table.this[0]": "pass",
        "module.asked.aws_dynamodb_table.this[0]": "unknown",
    }
    full = next(table for table in project().tables if table.address.startswith("module.full"))
    assert "Name" in str(full.tags)


def test_a_finding_stands_at_the_argument_or_else_at_the_call() -> None:
    write(
        f"""
        module "said" {{
          source                         = "{TABLE}"
          server_side_encryption_enabled = false
        }}

        module "unsaid" {{
          source = "{TABLE}"
        }}
        """
    )
    said, unsaid = findings("DDB101")
    assert (said.place.path, said.place.line, said.place.column) == ("main.tf", 3, 3)
    assert (unsaid.place.path, unsaid.place.line, unsaid.place.column) == ("main.tf", 6, 1)
    assert said.related == unsaid.related == ()


def test_a_call_in_a_local_module_points_at_what_the_outermost_caller_supplies() -> None:
    write(
        f"""
        variable "encrypted" {{}}
        module "table" {{
          source                         = "{TABLE}"
          server_side_encryption_enabled = var.encrypted
        }}
        """,
        "modules/inner/main.tf",
    )
    write(
        """
        module "inner" {
          source    = "./modules/inner"
          encrypted = false
        }
        """
    )
    (finding,) = findings("DDB101")
    assert finding.resource == "module.inner.module.table.aws_dynamodb_table.this[0]"
    assert (finding.place.path, finding.place.line) == ("main.tf", 3)
    assert [(each.place.path, each.place.line) for each in finding.related] == [("modules/inner/main.tf", 4)]


def test_count_and_for_each_of_a_call_make_as_many_tables() -> None:
    write(
        f"""
        module "each" {{
          for_each = toset(["a", "b"])
          source   = "{TABLE}"
          name     = each.key
        }}
        module "counted" {{
          count  = 2
          source = "{TABLE}"
        }}
        module "none" {{
          count  = 0
          source = "{TABLE}"
        }}
        module "off" {{
          source       = "{TABLE}"
          create_table = false
        }}
        """
    )
    assert {address for table in project().tables for address in (table.address, *table.also)} == {
        'module.each["a"].aws_dynamodb_table.this[0]',
        'module.each["b"].aws_dynamodb_table.this[0]',
        "module.counted[0].aws_dynamodb_table.this[0]",
        "module.counted[1].aws_dynamodb_table.this[0]",
    }


def test_a_suppression_on_the_call_covers_what_it_makes() -> None:
    write(
        f"""
        # dynavet:ignore DDB101 reason="holds nothing of worth"
        module "open" {{
          source = "{TABLE}"
        }}
        """
    )
    assert outcomes("DDB101") == {"module.open.aws_dynamodb_table.this[0]": "suppressed"}


# ---------------------------------------------------------------- which description, or none


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ('version = "2.0.0"', "no description for version 2.0.0"),
        ('version = "> 5.5.0"', "no description for version > 5.5.0"),
        ('version = "latest"', "'latest' is not understood"),
        ("version = var.version", "its version is undecided"),
    ],
)
def test_a_version_without_a_description_leaves_the_module_unresolved(version: str, reason: str) -> None:
    write(
        f"""
        variable "version" {{}}
        module "table" {{
          source = "{TABLE}"
          {version}
        }}
        output "arn" {{ value = module.table.dynamodb_table_arn }}
        """
    )
    (finding,) = findings()
    assert (finding.rule, finding.resource) == ("DDB001", "module.table")
    assert reason in finding.message


@pytest.mark.parametrize(
    ("constraint", "versions"),
    [
        (None, "5.1.0 to 5.5.0"),
        (">= 3.0", "5.1.0 to 5.5.0"),
        ("~> 5.0", "5.1.0 to 5.5.0"),
        (">= 3.1, < 5.0", "3.1.0 to 5.0.0"),
        ("4.2.0", "3.1.0 to 5.0.0"),
    ],
)
def test_the_newest_description_that_the_version_allows_is_taken(constraint: str | None, versions: str) -> None:
    version = f'version = "{constraint}"' if constraint else ""
    write(f'module "table" {{\n  source = "{TABLE}"\n  {version}\n}}\n')
    (described,) = project().described
    assert (described.address, described.source, described.versions) == ("module.table", TABLE, versions)


def test_an_argument_that_is_not_described_leaves_the_module_unresolved() -> None:
    write(f'module "table" {{\n  source   = "{TABLE}"\n  sharding = true\n}}\n')
    (finding,) = findings()
    assert (finding.rule, finding.resource) == ("DDB001", "module.table")
    assert "does not know its argument sharding" in finding.message


def test_a_module_or_submodule_that_is_not_described_stays_unresolved() -> None:
    write(
        f"""
        module "bus" {{ source = "terraform-aws-modules/eventbridge/aws" }}
        module "log" {{ source = "{VPC}//modules/flow-log" }}
        module "own" {{ source = "registry.example.com/terraform-aws-modules/vpc/aws" }}
        """
    )
    assert outcomes() == {"module.bus": "fail", "module.log": "fail", "module.own": "fail"}


def test_a_source_on_disk_goes_before_the_description() -> None:
    write(f'module "table" {{\n  source = "{TABLE}"\n  sharding = true\n}}\n')
    manifest = {"Modules": [{"Key": "table", "Source": TABLE, "Dir": ".terraform/modules/table"}]}
    write(json.dumps(manifest), ".terraform/modules/modules.json")
    write('variable "sharding" {}\nresource "aws_dynamodb_table" "real" {}\n', ".terraform/modules/table/main.tf")
    found = project()
    assert [table.address for table in found.tables] == ["module.table.aws_dynamodb_table.real"]
    assert found.described == []


def test_an_output_that_is_not_described_is_unknown_with_that_reason() -> None:
    write(
        f"""
        module "table" {{ source = "{TABLE}" }}
        resource "aws_dynamodb_table" "copy" {{ name = module.table.nickname }}
        """
    )
    (copy,) = (table for table in project().tables if table.address == "aws_dynamodb_table.copy")
    assert "module.table.output.nickname is not in the description of its versions" in str(copy.name)


# ---------------------------------------------------------------- networks

NETWORK = f"""
    resource "aws_dynamodb_table" "orders" {{}}
    module "vpc" {{
      source          = "{VPC}"
      azs             = ["eu-west-1a"]
      private_subnets = ["10.0.1.0/24"]
    }}
    module "endpoints" {{
      source    = "{VPC}//modules/vpc-endpoints"
      vpc_id    = module.vpc.vpc_id
      endpoints = %s
    }}
"""
GATEWAY = '{ dynamodb = { service = "dynamodb", service_type = "%s", route_table_ids = module.vpc.%s } }'


@pytest.mark.parametrize(
    ("endpoints", "outcome"),
    [
        ("{}", "fail"),
        (GATEWAY % ("Interface", "private_route_table_ids"), "fail"),
        (GATEWAY % ("Gateway", "private_route_table_ids"), "pass"),
        ("var.endpoints", "unknown"),
    ],
)
def test_the_endpoints_module_serves_the_vpc_of_the_vpc_module(endpoints: str, outcome: str) -> None:
    write('variable "endpoints" {}\n' + textwrap.dedent(NETWORK % endpoints))
    assert outcomes("DDB301") == {"module.vpc.aws_vpc.this[0]": outcome}


def test_a_vpc_module_makes_the_subnets_that_its_lists_name() -> None:
    write(
        f"""
        module "vpc" {{
          source           = "{VPC}"
          version          = "~> 4.0"
          azs              = ["eu-west-1a", "eu-west-1b"]
          public_subnets   = ["10.0.1.0/24"]
          private_subnets  = ["10.0.2.0/24", "10.0.3.0/24"]
          database_subnets = ["10.0.4.0/24"]
        }}
        """
    )
    assert {subnet.address for subnet in project().subnets} == {
        "module.vpc.aws_subnet.public[0]",
        "module.vpc.aws_subnet.private[0]",
        "module.vpc.aws_subnet.private[1]",
        "module.vpc.aws_subnet.database[0]",
    }


# ---------------------------------------------------------------- policies and roles

OWN_POLICY = """
    variable "actions" {}
    module "policy" {
      source = "terraform-aws-modules/iam/aws//modules/iam-policy"
      policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = %s, Resource = "arn:aws:dynamodb:*:*:table/orders" }]
      })
    }
"""


@pytest.mark.parametrize(
    ("actions", "outcome"),
    [('"dynamodb:*"', "fail"), ('"dynamodb:GetItem"', "pass"), ("var.actions", "unknown")],
)
def test_the_statements_of_a_policy_module_are_judged_where_they_are_written(actions: str, outcome: str) -> None:
    write(OWN_POLICY % actions)
    (finding,) = findings("DDB201")
    assert (finding.resource, finding.outcome.value) == ("module.policy.aws_iam_policy.policy[0]", outcome)
    if outcome == "fail":
        assert finding.place.line == 6


ROLES = {
    "iam-role": """
      version = "~> 6.0"
      trust_policy_permissions = {
        Assume = {
          actions    = ["sts:AssumeRole"]
          principals = [{ type = "%s", identifiers = ["%s"] }]
        }
      }
      policies = { own = module.policy.arn }
    """,
    "iam-assumable-role": """
      version                 = "~> 5.0"
      create_role             = true
      role_requires_mfa       = false
      trusted_role_arns       = "%s" == "AWS" ? ["%s"] : []
      trusted_role_services   = ["%s"]
      custom_role_policy_arns = [module.policy.arn]
    """,
}
NO_CONDITIONS = OWN_POLICY % '"dynamodb:GetItem"'


@pytest.mark.parametrize(
    ("type_", "trusted", "outcomes_"),
    [("Service", "lambda.amazonaws.com", []), ("Federated", "cognito-identity.amazonaws.com", ["fail"])],
)
def test_a_policy_module_is_attached_to_a_role_module(type_: str, trusted: str, outcomes_: list[str]) -> None:
    """Fine-grained conditions are wanted of federated principals, not of what a service of AWS runs as."""
    role = ROLES["iam-role"] % (type_, trusted)
    write(NO_CONDITIONS + f'module "role" {{ \n source = "{IAM}/iam-role"\n{role}\n}}\n')
    assert [finding.outcome.value for finding in findings("DDB203")] == outcomes_


def test_the_fifth_major_names_its_submodules_and_inputs_otherwise() -> None:
    role = ROLES["iam-assumable-role"] % ("Service", "", "lambda.amazonaws.com")
    write(NO_CONDITIONS + f'module "role" {{ \n source = "{IAM}/iam-assumable-role"\n{role}\n}}\n')
    found = project()
    assert [principal.address for principal in found.principals] == ["module.role.aws_iam_role.this[0]"]
    attached = {str(attachment.policy) for attachment in found.attachments}
    assert any("module.policy.aws_iam_policy.policy[0]" in policy for policy in attached)
    assert outcomes("DDB203") == {}


@pytest.mark.parametrize(
    ("submodule", "version", "arguments", "address"),
    [
        ("iam-user", "6.2.0", 'policies = { a = "arn:aws:iam::1:policy/a" }', "aws_iam_user.this[0]"),
        ("iam-user", "5.60.0", 'policy_arns = ["arn:aws:iam::1:policy/a"]', "aws_iam_user.this[0]"),
        ("iam-group", "6.2.0", 'policies = { a = "arn:aws:iam::1:policy/a" }', "aws_iam_group.this[0]"),
        ("iam-group-with-policies", "5.0.0", 'custom_group_policy_arns = ["arn:aws:iam::1:policy/a"]', "aws_iam_group"),
    ],
)
def test_users_and_groups_have_the_policies_of_the_call(
    submodule: str, version: str, arguments: str, address: str
) -> None:
    head = f'source = "{IAM}/{submodule}"\n  version = "{version}"\n  name = "x"'
    write(f'module "it" {{\n  {head}\n  {arguments}\n}}\n')
    found = project()
    assert found.principals[0].address.startswith(f"module.it.{address}")
    assert any("policy/a" in str(attachment.policy) for attachment in found.attachments)


@pytest.mark.parametrize(
    ("version", "policy"),
    [("~> 8.0", "aws_iam_role_policy.additional_inline[0]"), ("~> 6.0", "aws_iam_policy.additional_inline[0]")],
)
def test_the_statements_that_a_function_module_is_given_act_for_its_role(version: str, policy: str) -> None:
    write(
        f"""
        module "work" {{
          source                   = "{LAMBDA}"
          version                  = "{version}"
          function_name            = "work"
          attach_policy_statements = true
          policy_statements = {{
            all = {{
              actions   = ["dynamodb:*"]
              resources = ["arn:aws:dynamodb:*:*:table/orders"]
            }}
          }}
        }}
        """
    )
    (failed,) = (finding for finding in findings("DDB201") if finding.outcome.value == "fail")
    assert (failed.resource, failed.statement, failed.place.line) == (f"module.work.{policy}", "all", 8)
    found = project()
    (attached,) = (each for each in found.attachments if "additional_inline" in each.address)
    assert "module.work.aws_iam_role.lambda[0]" in str(attached.principal)
    assert outcomes("DDB203") == {}


@pytest.mark.parametrize(("actions", "outcome"), [("dynamodb:GetItem", "fail"), ("s3:GetObject", None)])
def test_a_function_module_in_a_vpc_module_is_a_client_in_it(actions: str, outcome: str | None) -> None:
    write(
        f"""
        module "vpc" {{
          source          = "{VPC}"
          azs             = ["eu-west-1a"]
          private_subnets = ["10.0.1.0/24"]
        }}
        module "work" {{
          source                   = "{LAMBDA}"
          vpc_subnet_ids           = module.vpc.private_subnets
          vpc_security_group_ids   = [module.vpc.default_security_group_id]
          attach_policy_statements = true
          policy_statements        = {{ all = {{ actions = ["{actions}"], resources = ["*"] }} }}
        }}
        """
    )
    (client,) = project().clients
    assert "module.vpc.aws_subnet.private[0]" in str(client.subnets)
    assert outcomes("DDB301").get("module.vpc.aws_vpc.this[0]") == outcome


# ---------------------------------------------------------------- labels


def test_a_table_has_the_tags_that_its_labels_make() -> None:
    write(
        """
        variable "stage" {}
        module "label" {
          source      = "cloudposse/label/null"
          namespace   = "eg"
          environment = "Live"
          tags        = { Security = "high" }
        }
        module "labelled" {
          source   = "cloudposse/dynamodb/aws"
          version  = "0.36.0"
          name     = "orders"
          hash_key = "id"
          context  = module.label.context
        }
        module "bare" {
          source   = "cloudposse/dynamodb/aws"
          name     = "bare"
          hash_key = "id"
        }
        module "asked" {
          source   = "cloudposse/dynamodb/aws"
          name     = "asked"
          hash_key = "id"
          stage    = var.stage
          context  = module.label.context
        }
        """
    )
    assert outcomes("DDB501", "DDB001") == {
        "module.labelled.aws_dynamodb_table.default[0]": "pass",
        "module.bare.aws_dynamodb_table.default[0]": "fail",
        "module.asked.aws_dynamodb_table.default[0]": "pass",
    }
    names = {table.address: table.name for table in project().tables}
    assert names["module.labelled.aws_dynamodb_table.default[0]"] == Known(Text.of("eg-live-orders"))


def test_the_labels_of_a_name_and_of_tags() -> None:
    """What hashicorp/terraform 1.11 makes of cloudposse/label/null 0.25.0 with these arguments."""
    write(
        """
        module "a" {
          source      = "cloudposse/label/null"
          namespace   = "eg"
          environment = "UE2"
          stage       = "prod"
          name        = "app one"
          attributes  = ["x", "y_z"]
        }
        module "b" {
          source           = "cloudposse/label/null"
          context          = module.a.context
          name             = "other"
          label_value_case = "upper"
        }
        module "c" {
          source          = "cloudposse/label/null"
          name            = "averyveryverylongname"
          tenant          = "t"
          id_length_limit = 12
          label_order     = ["name", "tenant"]
        }
        resource "aws_dynamodb_table" "a" { name = module.a.id }
        resource "aws_dynamodb_table" "b" { name = module.b.id }
        resource "aws_dynamodb_table" "c" { name = module.c.id }
        """
    )
    assert {
        table.address[-1]: str(table.name.value) for table in project().tables if isinstance(table.name, Known)
    } == {
        "a": "eg-ue2-prod-appone-x-yz",
        "b": "EG-UE2-PROD-OTHER-X-YZ",
        "c": "averyv-3e73d",
    }


# ---------------------------------------------------------------- the data itself


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=IDS)
def test_a_description_is_whole(description: Description) -> None:
    """Every name that it uses is declared in it, and no input is both used and ignored."""
    text = "".join((DATA / description.name / file).read_text("utf-8") for file in description.files)
    configuration = description.configuration(Origin("main.tf", 1, 1, 1, 2), Path("module"))
    assert description.oldest <= description.newest
    assert (configuration.files, configuration.problems) == ([], [])
    assert set(configuration.variables) == set(re.findall(r"\bvar\.(\w+)", text))
    assert set(re.findall(r"\blocal\.(\w+)", text)) == set(configuration.locals)
    kinds = {".".join(key) for key in configuration.resources} | {f"data.{'.'.join(k)}" for k in configuration.data}
    assert set(re.findall(r"(?<![.\w])((?:data\.)?aws_\w+\.\w+)", text)) <= kinds
    for name in (*configuration.variables, *description.ignored):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert not set(configuration.variables) & description.ignored
    assert configuration.outputs


@pytest.mark.parametrize("name", NAMES)
def test_descriptions_of_one_module_do_not_overlap(name: str) -> None:
    found = descriptions(name)
    for submodule in {each.submodule for each in found}:
        ranges = sorted((each.oldest, each.newest) for each in found if each.submodule == submodule)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ranges))
    used = {file for each in found for file in each.files}
    assert used | {"index.toml"} == {entry.name for entry in (DATA / name).iterdir()}


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=IDS)
def test_no_place_of_a_description_is_ever_shown(description: Description) -> None:
    source = description.name.replace("_", "/") + (f"//{description.submodule}" if description.submodule else "")
    write(f'module "a" {{\n  source  = "{source}"\n  version = "{".".join(map(str, description.newest))}"\n}}\n')
    projects, errors = model([Path()])
    assert errors == []
    assert projects[0].missing == []
    assert projects[0].described[0].versions == description.versions
    assert projects[0].files == ["main.tf"]
    report = scan([Path()])
    places = [place for each in report.findings for place in (each.place, *(r.place for r in each.related))]
    assert report.files == 1
    assert {place.path for place in places} <= {"main.tf"}


def test_everything_in_a_parsed_text_can_be_put_in_one_place() -> None:
    at = Origin("main.tf", 7, 1, 7, 9)
    block = put(parse_body(b'a = [for x in var.y : "${x}-1"]\nb {\n  c = { d = 1 }\n}\n', "other.tf"), at)
    assert block.arguments["a"].value.at == block.blocks[0].at == block.blocks[0].arguments["c"].at == at
