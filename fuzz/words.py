"""Words of each language, rare ones among them, for the mutations and dictionaries."""

from __future__ import annotations

HCL = (
    "for_each", "count", "dynamic", "content", "iterator", "lifecycle", "provider", "depends_on", "module", "moved",
    "locals", "variable", "output", "data", "resource", "terraform", "required_providers", "backend", "source",
    "version", "sensitive", "validation", "check", "import", "removed", "ephemeral", "each.value", "each.key",
    "count.index", "self", "path.module", "path.root", "path.cwd", "terraform.workspace", "null", "true", "false", "-1",
    "1e999", "0", "<<-EOT", "EOT", "%{ if true }", "%{ endif }", "%{ for x in y }", "%{ endfor }", "${", "$${", "%%{",
    "}", "{", "[", "]", "(", ")", "=>", "...", "~}", "?", ":", "/*", "*/", "//", "#", "\\", '"', "\n", "\r\n", "\0",
    "jsonencode", "yamlencode", "jsondecode", "yamldecode", "file", "templatefile", "templatestring", "merge", "concat",
    "flatten", "toset", "tomap", "tolist", "tostring", "tonumber", "tobool", "try", "can", "coalesce", "coalescelist",
    "compact", "distinct", "element", "index", "keys", "values", "length", "lookup", "matchkeys", "range", "reverse",
    "setintersection", "setproduct", "setsubtract", "setunion", "slice", "sort", "sum", "transpose", "zipmap", "abs",
    "ceil", "floor", "log", "max", "min", "parseint", "pow", "signum", "chomp", "endswith", "format", "formatlist",
    "indent", "join", "lower", "upper", "regex", "regexall", "replace", "split", "startswith", "strcontains",
    "strrev", "substr", "title", "trim", "trimprefix", "trimspace", "base64encode", "base64decode", "base64gzip",
    "csvdecode", "urlencode", "md5", "sha256", "uuid", "timestamp", "formatdate", "timeadd", "timecmp", "cidrsubnet",
    "cidrhost", "cidrnetmask", "one", "alltrue", "anytrue", "chunklist", "contains", "defaults", "type", "nonsensitive",
    "provider::aws::arn_parse", "bcrypt", "filebase64", "fileset", "pathexpand", "dirname", "basename", "abspath",
)  # fmt: skip

TEMPLATE = (
    "AWSTemplateFormatVersion", "Transform", "AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "Globals",
    "Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Metadata", "Type", "Properties",
    "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Default", "NoEcho", "AllowedValues", "Ref",
    "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::FindInMap", "Fn::ForEach::Each", "AWS::NoValue", "AWS::Region",
    "AWS::AccountId", "AWS::Partition", "CommaDelimitedList", "List<Number>", "Connectors", "Policies", "Events",
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::Function", "AWS::Serverless::SimpleTable",
    "AWS::Serverless::Api", "AWS::Serverless::Connector", "AWS::Serverless::GraphQLApi", "AWS::IAM::Role",
    "AWS::IAM::ManagedPolicy", "AWS::CloudFormation::Stack", "TemplateURL", "service", "provider", "functions",
    "resources", "custom", "${self:", "${opt:stage, 'dev'}", "${file(", "${env:X}", "${sls:stage}", "plugins", "<<",
    "iamRoleStatements", "stages", "DynamoDBCrudPolicy", "!Ref", "!Sub", "!GetAtt", "!If", "&a", "*a", "---", "...",
)  # fmt: skip

POLICY = (
    "Version", "2012-10-17", "2008-10-17", "Id", "Statement", "Sid", "Effect", "Allow", "Deny", "Action", "NotAction",
    "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "AWS", "Service", "Federated", "CanonicalUser",
    "*", "dynamodb:*", "dynamodb:GetItem", "dynamodb:LeadingKeys", "dynamodb:Attributes", "dynamodb:Select",
    "ForAllValues:StringEquals", "ForAnyValue:StringLike", "StringEqualsIfExists", "StringNotLike", "Null", "Bool",
    "aws:SecureTransport", "aws:PrincipalOrgID", "aws:SourceVpce", "aws:ResourceTag/x", "IpAddress", "NumericLessThan",
    "DateGreaterThan", "BinaryEquals", "ArnLike", "PolicyDocument", "AssumeRolePolicyDocument", "ResourcePolicy",
    "PolicyName", "PolicyVersion", "Policy", "${aws:PrincipalTag/x}", "${aws:username, 'a'}", "${*}", "${?}", "${$}",
    "arn:aws:dynamodb:*:*:table/*", "arn:${Partition}:dynamodb:", "%7B", "iam:PassRole", "sts:AssumeRole", "kms:*",
)  # fmt: skip

PLAN = (
    "format_version", "terraform_version", "planned_values", "root_module", "child_modules", "resources", "address",
    "mode", "managed", "data", "type", "name", "index", "provider_name", "schema_version", "values", "sensitive_values",
    "resource_changes", "change", "actions", "before", "after", "after_unknown", "after_sensitive", "configuration",
    "provider_config", "expressions", "constant_value", "references", "for_each_expression", "count_expression",
    "module_calls", "module", "source", "variables", "prior_state", "checks", "relevant_attributes", "output_changes",
    "create", "delete", "no-op", "update", "read", "replace_paths", "deposed", "errored", "applyable", "1.2", "2.0",
    *POLICY,
)  # fmt: skip

CONFIGURATION = (
    "select", "ignore", "fail-on", "fail-on-unknown", "show", "required-tags", "tag-values", "context",
    "case-sensitive-tags", "fine-grained", "transport", "own-accounts", "scope", "never-suppress", "require-evidence",
    "inline-suppressions", "baseline", "tf-env", "workspace", "parameters", "[[ignore]]", "[tool.dynavet]", "[context]",
    "[tag-values]", "id", "reason", "until", "evidence", "path", "resource", "statement", "DDB101", "DDB301", "DDB000",
    "DDB002", "all", "never", "critical", "low", "info", "fail", "unknown", "pass", "suppressed", "account", "part",
    "default", "deny", "true", "false", "1", "-1", "nan", "inf", "2030-01-01", "1979-05-27T07:32:00Z", "0x_f", "[]",
    '"""', "'''", "123456789012", '"\\u0000"', '"*"', '"["', '"../x"', '"/"', '""', "a.b.c", "[[context.x]]", "[", "=",
)  # fmt: skip

SUPPRESSION = (
    "# dynavet:ignore DDB101 reason=\"x\"", "// dynavet:ignore", "/* dynavet:ignore DDB301 reason='x' */", "DDB101",
    "DDB301,DDB302", "DDB000", "DDB002", "reason=", 'reason="', "until=2030-01-01", "until=2030-13-45",
    "until=0000-01-01", "evidence=dynamodb:*", "evidence=", "checkov:skip=DDB101:why", "checkov:skip=DDB_1,DDB301:",
    "dynavet:skip", "dynavet disable", "dynavet:", "Metadata:", "table-customer-managed-key", "id:", "reason:", '"',
    "#", "//", "/*", "*/", "\u2028", "\x85", "\r", "\x0c", "\0", "\ufeff", "<<EOT", "|", ">-", "- ", "? ", "&a",
)  # fmt: skip

LISTED = {
    "hcl": HCL,
    "template": TEMPLATE,
    "policy": POLICY,
    "plan": PLAN,
    "configuration": CONFIGURATION,
    "suppression": SUPPRESSION,
}
