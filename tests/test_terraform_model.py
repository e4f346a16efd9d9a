"""Terraform text to the model, through the real reader."""

import textwrap
from pathlib import Path
from typing import TypeVar

import pytest

from dynavet.model import Encryption, Policy, PolicyKind, Project, Statement, Table, Tags
from dynavet.sources import Sources
from dynavet.text import Hole, Reference, Text
from dynavet.values import ABSENT, Known, OneOf, Unknown, Value
from dynavet_parsers.terraform import Inputs, read_roots

T = TypeVar("T")


def projects_of(directory: Path, files: dict[str, str], **variables: str) -> list[Project]:
    directories: dict[Path, list[Path]] = {}
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        if path.suffix == ".tf":
            directories.setdefault(path.parent, []).append(path)
    return list(read_roots(directories, Sources([directory], directory), Inputs(variables)))


def project_of(directory: Path, text: str, **variables: str) -> Project:
    (project,) = projects_of(directory, {"main.tf": text}, **variables)
    assert not project.problems
    return project


def table_of(directory: Path, text: str, **variables: str) -> Table:
    (table,) = project_of(directory, text, **variables).tables
    return table


def known(value: Value[T]) -> T:
    assert isinstance(value, Known), value
    return value.value


ENCRYPTED = """
variable "k" {
  %s
}

resource "aws_dynamodb_table" "t" {
  name = "orders"
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.k
  }
}
"""


def test_an_attribute_stands_at_its_argument_and_remembers_where_its_value_comes_from(tmp_path: Path) -> None:
    encryption = known(table_of(tmp_path, ENCRYPTED % 'default = "alias/x"').encryption)
    assert known(encryption.key) == Text.of("alias/x")
    origin = encryption.key.origin
    assert origin is not None
    assert (origin.path, origin.line, origin.column, origin.end_column) == ("main.tf", 10, 5, 24)
    assert [(v.line, v.column) for v in origin.via] == [(3, 13)]


def test_a_variable_without_a_value_is_unknown_by_name(tmp_path: Path) -> None:
    encryption = known(table_of(tmp_path, ENCRYPTED % "").encryption)
    assert encryption.key == Unknown("var.k has no value")


def test_a_default_of_null_is_absent(tmp_path: Path) -> None:
    assert known(known(table_of(tmp_path, ENCRYPTED % "default = null").encryption).key) is None


def test_the_user_gives_a_variable_its_value(tmp_path: Path) -> None:
    assert known(known(table_of(tmp_path, ENCRYPTED % "", k="arn:x").encryption).key) == Text.of("arn:x")


def test_variable_files_come_in_terraforms_order(tmp_path: Path) -> None:
    files = {
        "main.tf": ENCRYPTED % "",
        "terraform.tfvars": 'k = "first"\n',
        "a.auto.tfvars": 'k = "second"\n',
        "b.auto.tfvars": 'k = "third"\nelse = 1\n',
    }
    (project,) = projects_of(tmp_path, files)
    assert known(known(project.tables[0].encryption).key) == Text.of("third")


def test_an_undecided_condition_keeps_both_branches(tmp_path: Path) -> None:
    text = """
    variable "env" {}
    resource "aws_kms_key" "k" {}
    resource "aws_dynamodb_table" "t" {
      name = "orders"
      server_side_encryption {
        enabled     = true
        kms_key_arn = var.env == "prod" ? aws_kms_key.k.arn : null
      }
    }
    """
    key = known(table_of(tmp_path, text).encryption).key
    assert isinstance(key, OneOf)
    assert key.condition == 'var.env == "prod"'
    assert dict(key.branches) == {"true": Known(Text((Reference("aws_kms_key.k", "arn"),))), "false": Known(None)}


@pytest.mark.parametrize("meta", ["count = 0", "for_each = {}", "for_each = toset([])"])
def test_no_instances_no_table(tmp_path: Path, meta: str) -> None:
    assert project_of(tmp_path, f'resource "aws_dynamodb_table" "t" {{\n  {meta}\n}}\n').tables == []


def test_instances_have_their_own_values(tmp_path: Path) -> None:
    text = """
    resource "aws_dynamodb_table" "t" {
      for_each = { a = "x", b = "y" }
      name     = "${each.key}-${each.value}"
    }
    resource "aws_dynamodb_table" "n" {
      count = 2
      name  = "n${count.index}"
    }
    """
    found = {t.address: known(t.name) for t in project_of(tmp_path, text).tables}
    assert found == {
        'aws_dynamodb_table.t["a"]': Text.of("a-x"),
        'aws_dynamodb_table.t["b"]': Text.of("b-y"),
        "aws_dynamodb_table.n[0]": Text.of("n0"),
        "aws_dynamodb_table.n[1]": Text.of("n1"),
    }


def test_an_undecided_count_stands_for_all_instances(tmp_path: Path) -> None:
    text = """
    variable "n" {}
    variable "make" {}
    resource "aws_dynamodb_table" "many" {
      count = var.n
    }
    resource "aws_dynamodb_table" "one" {
      count = var.make ? 1 : 0
    }
    """
    many, one = project_of(tmp_path, text).tables
    assert many.address == "aws_dynamodb_table.many"
    assert isinstance(many.exists, OneOf)
    assert one.address == "aws_dynamodb_table.one[0]"
    assert one.exists == OneOf("var.make", (("true", Known(True)), ("false", Known(False))))


def test_a_dynamic_block_is_expanded_and_an_undecided_one_is_unknown(tmp_path: Path) -> None:
    text = """
    variable "encrypt" {}
    resource "aws_dynamodb_table" "known" {
      dynamic "server_side_encryption" {
        for_each = [true]
        content {
          enabled = server_side_encryption.value
        }
      }
    }
    resource "aws_dynamodb_table" "unknown" {
      dynamic "server_side_encryption" {
        for_each = var.encrypt
        content {
          enabled = true
        }
      }
    }
    """
    tables = {t.address.split(".")[1]: t for t in project_of(tmp_path, text).tables}
    encryption = known(tables["known"].encryption)
    assert isinstance(encryption, Encryption)
    assert known(encryption.enabled) is True
    assert tables["unknown"].encryption == Unknown("var.encrypt has no value")


TAGGED = """
provider "aws" {
  default_tags {
    tags = { Security = "high", Environment = "prod" }
  }
}
provider "aws" {
  alias = "bare"
}
resource "aws_dynamodb_table" "t" {
  tags = { Environment = "test", Name = "t" }
}
resource "aws_dynamodb_table" "bare" {
  provider = aws.bare
}
"""


def test_default_tags_of_the_provider_count_and_the_resource_wins(tmp_path: Path) -> None:
    tagged, bare = project_of(tmp_path, TAGGED).tables
    tags = known(tagged.tags)
    assert isinstance(tags, Tags)
    assert {k: known(v) for k, v in tags.entries.items()} == {
        "Security": Text.of("high"),
        "Environment": Text.of("test"),
        "Name": Text.of("t"),
    }
    assert known(bare.tags) == Tags()


def test_an_override_file_leaves_the_default_tags_of_the_provider_alone(tmp_path: Path) -> None:
    files = {"main.tf": TAGGED, "local_override.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n'}
    (project,) = projects_of(tmp_path, files)
    assert {"Security", "Environment"} <= set(known(project.tables[0].tags).entries)  # type: ignore[union-attr]


def test_tags_that_are_no_map_are_not_known(tmp_path: Path) -> None:
    tags = known(table_of(tmp_path, 'resource "aws_dynamodb_table" "t" {\n  name = "t"\n  tags = []\n}\n').tags)
    assert tags is not None
    assert [doubt.reason for doubt in tags.more] == ["tags are not a map"]


def test_tags_merged_with_an_unknown_map_may_hold_more(tmp_path: Path) -> None:
    text = """
    variable "tags" {}
    resource "aws_dynamodb_table" "t" {
      tags = merge({ Security = "high" }, var.tags)
    }
    """
    tags = known(table_of(tmp_path, text).tags)
    assert isinstance(tags, Tags)
    assert set(tags.entries) == {"Security"}
    assert tags.more == (Unknown("var.tags has no value"),)


MODULE = {
    "main.tf": """
    provider "aws" {
      default_tags {
        tags = { Security = "x" }
      }
    }
    module "orders" {
      source = "./modules/table"
      name   = "orders"
      key    = "arn:key"
    }
    module "logs" {
      source   = "./modules/table"
      for_each = toset(["a"])
      name     = each.key
    }
    module "gone" {
      source = "example/table/aws"
    }
    resource "aws_dynamodb_table" "after" {
      name = module.gone.name
    }
    """,
    "modules/table/main.tf": """
    variable "name" { type = string }
    variable "key" {
      type    = string
      default = null
    }
    resource "aws_dynamodb_table" "this" {
      name = var.name
      server_side_encryption {
        enabled     = true
        kms_key_arn = var.key
      }
    }
    output "arn" { value = aws_dynamodb_table.this.arn }
    """,
}


def test_a_called_directory_is_read_through_its_callers_alone(tmp_path: Path) -> None:
    (project,) = projects_of(tmp_path, MODULE)
    tables = {t.address: t for t in project.tables}
    assert set(tables) == {
        "aws_dynamodb_table.after",
        "module.orders.aws_dynamodb_table.this",
        'module.logs["a"].aws_dynamodb_table.this',
    }
    orders = tables["module.orders.aws_dynamodb_table.this"]
    assert orders.origin.path == "modules/table/main.tf"
    assert [(c.path, c.line) for c in orders.calls] == [("main.tf", 7)]
    key = known(orders.encryption).key
    assert known(key) == Text.of("arn:key")
    assert key.origin is not None
    assert [(v.path, v.line) for v in key.origin.via] == [("main.tf", 10)]
    assert set(known(orders.tags).entries) == {"Security"}  # type: ignore[union-attr]
    assert known(tables['module.logs["a"].aws_dynamodb_table.this'].name) == Text.of("a")


def test_a_missing_module_is_told_once_and_what_depends_on_it_is_unknown(tmp_path: Path) -> None:
    (project,) = projects_of(tmp_path, MODULE)
    assert [(m.address, m.source) for m in project.missing] == [("module.gone", "example/table/aws")]
    after = next(t for t in project.tables if t.address == "aws_dynamodb_table.after")
    assert after.name == Unknown("module.gone (example/table/aws) is not on disk")


def test_a_missing_module_that_is_not_called_is_not_missed(tmp_path: Path) -> None:
    text = (
        'module "gone" {\n  source = "example/table/aws"\n  count  = 0\n}\noutput "o" { value = module.gone[*].name }\n'
    )
    assert project_of(tmp_path, text).missing == []


def test_a_downloaded_module_is_found_by_the_manifest_of_terraform_init(tmp_path: Path) -> None:
    table = 'variable "n" {}\nresource "aws_dynamodb_table" "t" { name = var.n }\n'
    files = {
        "main.tf": 'module "a" {\n  source = "example/a/aws"\n  count  = 1\n}\n',
        ".terraform/modules/modules.json": """{"Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "a", "Source": "example/a/aws", "Dir": ".terraform/modules/a"},
            {"Key": "a.b", "Source": "example/b/aws", "Dir": ".terraform/modules/b"}]}""",
    }
    inner = {
        ".terraform/modules/a/main.tf": 'module "b" {\n  source = "example/b/aws"\n  n      = "x"\n}\n',
        ".terraform/modules/b/main.tf": table,
    }
    for name, text in inner.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    (project,) = projects_of(tmp_path, files)
    assert project.missing == []
    assert [(t.address, known(t.name)) for t in project.tables] == [
        ("module.a[0].module.b.aws_dynamodb_table.t", Text.of("x"))
    ]


def test_modules_that_call_themselves_end(tmp_path: Path) -> None:
    text = 'module "again" {\n  source = "./a"\n}\n'
    files = {"a/main.tf": 'module "b" {\n  source = "../b"\n}\n', "b/main.tf": text.replace("./a", "../a")}
    projects = projects_of(tmp_path, files)
    assert {f for p in projects for f in p.files} == {"a/main.tf", "b/main.tf"}


def test_broken_files_are_told_with_their_place_and_the_others_are_read(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_dynamodb_table" "t" {\n  name = "x"\n}\n',
        "broken.tf": 'resource "aws_dynamodb_table" "u" {\n  name = \n}\n',
        "open.tf": "locals {\n  a = {\n",
    }
    (project,) = projects_of(tmp_path, files)
    assert [t.address for t in project.tables] == ["aws_dynamodb_table.t"]
    assert {(p.address, p.origin.line) for p in project.problems} == {("broken.tf", 2), ("open.tf", 1)}
    assert all("expected" in p.message for p in project.problems)


POLICIES = """
variable "action" {}
resource "aws_dynamodb_table" "t" { name = "orders" }
data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "d" {
  statement {
    sid       = "Read"
    actions   = ["dynamodb:GetItem", var.action]
    resources = ["${aws_dynamodb_table.t.arn}/index/*"]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = ["&{aws:username}"]
    }
  }
  statement {
    actions   = ["dynamodb:*"]
    resources = ["arn:aws:dynamodb:eu-west-1:${data.aws_caller_identity.me.account_id}:table/x"]
  }
}

resource "aws_iam_policy" "d" { policy = data.aws_iam_policy_document.d.json }
resource "aws_iam_policy" "j" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.action
      Resource = aws_dynamodb_table.t.arn
      }, {
      Effect   = "Allow"
      Action   = ["dynamodb:Scan"]
      Resource = "*"
    }]
  })
}
resource "aws_iam_policy" "h" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow",
        "Action": "${var.action}", "Resource": "${aws_dynamodb_table.t.arn}"
      }]
    }
  EOT
}
resource "aws_iam_policy" "f" { policy = file("policy.json") }
resource "aws_iam_policy" "t" { policy = templatefile("${path.module}/policy.tpl", { arn = aws_dynamodb_table.t.arn }) }
"""


@pytest.fixture
def policies(tmp_path: Path) -> dict[str, Policy]:
    statement = '{"Statement": {\n "Effect": "Allow", "Action": "dynamodb:Scan", "Resource": "%s"}}'
    files = {"main.tf": POLICIES, "policy.json": statement % "*", "policy.tpl": statement % "${arn}"}
    (project,) = projects_of(tmp_path, files)
    return {p.address.split(".")[1]: p for p in project.policies}


def statements(policy: Policy) -> list[Statement]:
    found = [known(slot) for slot in policy.statements]
    return [s for s in found if s is not None]


ARN = Text((Reference("aws_dynamodb_table.t", "arn"),))


def test_one_unknown_action_leaves_the_other_statements_known(policies: dict[str, Policy]) -> None:
    first, second = statements(policies["j"])
    assert first.actions == Unknown("var.action has no value")
    assert known(second.actions).items == (Known(Text.of("dynamodb:Scan")),)  # type: ignore[union-attr]
    assert (second.origin.line, second.origin.column) == (31, 10)


def test_a_policy_document_data_source_reads_as_the_document_it_renders(policies: dict[str, Policy]) -> None:
    assert policies["d"].kind is PolicyKind.IDENTITY
    assert known(policies["d"].version) == Text.of("2012-10-17")
    read, everything = statements(policies["d"])
    assert read.name == "Read"
    assert everything.name == "1"
    assert known(read.effect) == Text.of("Allow")
    assert known(read.actions).items == (Known(Text.of("dynamodb:GetItem")), Unknown("var.action has no value"))  # type: ignore[union-attr]
    assert known(read.resources).items == (Known(Text.of(*ARN.parts, "/index/*")),)  # type: ignore[union-attr]
    (condition,) = (known(c) for c in read.conditions)
    assert condition is not None
    assert (condition.operator, condition.key) == ("ForAllValues:StringEquals", Text.of("dynamodb:LeadingKeys"))
    assert known(condition.values).items == (Known(Text.of("${aws:username}")),)
    (resource,) = known(everything.resources).items  # type: ignore[union-attr]
    assert [type(p) for p in known(resource).parts] == [str, Reference, str]


def test_a_heredoc_keeps_lines_and_symbols(policies: dict[str, Policy]) -> None:
    (statement,) = statements(policies["h"])
    assert known(statement.resources).items == (Known(ARN),)  # type: ignore[union-attr]
    (action,) = known(statement.actions).items  # type: ignore[union-attr]
    assert known(action).parts == (Hole("var.action has no value"),)
    assert (statement.origin.line, statement.origin.column) == (42, 21)


def test_files_and_templates_are_read_where_they_stand(policies: dict[str, Policy]) -> None:
    (statement,) = statements(policies["f"])
    assert (statement.origin.path, statement.origin.line) == ("policy.json", 1)
    (templated,) = statements(policies["t"])
    assert known(templated.resources).items == (Known(ARN),)  # type: ignore[union-attr]


def test_attachments_lead_from_policy_to_role(tmp_path: Path) -> None:
    text = """
    resource "aws_iam_role" "r" {
      name               = "worker"
      assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole",
        Principal = { Service = "lambda.amazonaws.com" } }] })
      inline_policy {
        name   = "in"
        policy = jsonencode({ Statement = [] })
      }
    }
    resource "aws_iam_role_policy" "p" {
      role   = aws_iam_role.r.id
      policy = jsonencode({ Statement = [] })
    }
    resource "aws_iam_role_policy_attachment" "a" {
      role       = aws_iam_role.r.name
      policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    }
    """
    project = project_of(tmp_path, text)
    role = Text((Reference("aws_iam_role.r", "name"),))
    assert [(str(known(a.policy)), known(a.principal), a.label) for a in project.attachments] == [
        ("${aws_iam_role_policy.p.arn}", role, ""),
        ("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess", role, ""),
        ("${aws_iam_role.r.arn}", role, "inline_policy[0]"),
    ]
    (principal,) = project.principals
    assert principal.trust is not None
    assert principal.trust.kind is PolicyKind.TRUST


def test_a_permissions_boundary_is_no_grant(tmp_path: Path) -> None:
    text = """
    resource "aws_iam_policy" "b" { policy = jsonencode({ Statement = [] }) }
    resource "aws_iam_role" "r" { permissions_boundary = aws_iam_policy.b.arn }
    """
    kinds = {p.address: p.kind for p in project_of(tmp_path, text).policies}
    assert kinds["aws_iam_policy.b"] is PolicyKind.BOUNDARY


def test_network_links_are_references(tmp_path: Path) -> None:
    text = """
    resource "aws_vpc" "v" {}
    resource "aws_subnet" "s" {
      count  = 2
      vpc_id = aws_vpc.v.id
    }
    resource "aws_vpc_endpoint" "d" {
      vpc_id       = aws_vpc.v.id
      service_name = "com.amazonaws.eu-west-1.dynamodb"
    }
    resource "aws_lambda_function" "f" {
      role = "arn:role"
      vpc_config {
        subnet_ids = aws_subnet.s[*].id
      }
    }
    resource "aws_lambda_function" "outside" { role = "arn:role" }
    """
    project = project_of(tmp_path, text)
    vpc = Text((Reference("aws_vpc.v", "id"),))
    assert [known(s.vpc) for s in project.subnets] == [vpc, vpc]
    assert known(project.endpoints[0].vpc) == vpc
    assert project.endpoints[0].kind == ABSENT
    inside, outside = project.clients
    assert [str(known(s)) for s in inside.subnets] == ["${aws_subnet.s[0].id}", "${aws_subnet.s[1].id}"]
    assert outside.subnets == ()


JSON_SYNTAX = """{
  "//": "comment",
  "variable": {"env": {"type": "string", "default": "prod"}},
  "resource": {
    "aws_kms_key": {"k": {}},
    "aws_dynamodb_table": {
      "t": {
        "name": "orders-${var.env == \\"prod\\" ? \\"live\\" : var.env}",
        "server_side_encryption": [{"enabled": true, "kms_key_arn": "${aws_kms_key.k.arn}"}],
        "dynamic": {"replica": {"for_each": ["eu-west-1"], "content": {"region_name": "${replica.value}"}}}
      }
    }
  },
  "data": {"aws_iam_policy_document": {"d": {"statement": {"actions": ["dynamodb:*"], "resources": ["*"]}}}}
}
"""


def test_the_json_syntax_reads_as_the_same_blocks(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(JSON_SYNTAX)
    files = {tmp_path: [tmp_path / "main.tf.json"]}
    (project,) = read_roots(files, Sources([tmp_path], tmp_path), Inputs())
    (table,) = project.tables
    assert known(table.name) == Text.of("orders-live")
    encryption = known(table.encryption)
    assert known(encryption.key) == Text((Reference("aws_kms_key.k", "arn"),))
    assert encryption.key.origin is not None
    assert (encryption.key.origin.line, encryption.key.origin.column) == (9, 69)
    (replica,) = table.replicas
    assert known(known(replica).region) == Text.of("eu-west-1")  # type: ignore[union-attr]


def test_broken_json_syntax_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text('{\n  "resource": {,}\n}\n')
    (project,) = read_roots({tmp_path: [tmp_path / "main.tf.json"]}, Sources([tmp_path], tmp_path), Inputs())
    (problem,) = project.problems
    assert (problem.origin.line, problem.origin.column) == (2, 16)


def test_an_override_file_replaces_arguments_and_blocks(tmp_path: Path) -> None:
    files = {
        "a_override.tf": """
        resource "aws_dynamodb_table" "t" {
          hash_key = "LockID"
          server_side_encryption { enabled = true }
        }
        """,
        "main.tf": """
        resource "aws_dynamodb_table" "t" {
          name     = "orders"
          hash_key = "id"
          server_side_encryption { enabled = false }
        }
        """,
    }
    (project,) = projects_of(tmp_path, files)
    (table,) = project.tables
    assert (known(table.name), known(table.hash_key)) == (Text.of("orders"), Text.of("LockID"))
    assert known(known(table.encryption).enabled) is True
