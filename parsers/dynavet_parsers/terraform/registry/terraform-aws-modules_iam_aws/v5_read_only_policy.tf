resource "aws_iam_policy" "policy" {
  count = var.create_policy ? 1 : 0

  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = data.aws_iam_policy_document.combined.json
  tags        = var.tags
}

data "aws_iam_policy_document" "own" {
  dynamic "statement" {
    for_each = toset(distinct(var.allowed_services))
    content {
      sid = replace(statement.value, "-", "")
      actions = [
        "${statement.value}:List*",
        "${statement.value}:Get*",
        "${statement.value}:BatchGet*",
        "${statement.value}:Describe*",
        "${statement.value}:View*",
      ]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.allow_web_console_services ? toset(var.web_console_services) : []
    content {
      sid = replace(statement.value, "-", "")
      actions = [
        "${statement.value}:List*",
        "${statement.value}:Get*",
        "${statement.value}:Describe*",
        "${statement.value}:View*",
      ]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.allow_predefined_sts_actions ? [1] : []
    content {
      sid       = "STS"
      actions   = ["sts:GetAccessKeyInfo", "sts:GetCallerIdentity", "sts:GetSessionToken"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.allow_cloudwatch_logs_query ? [1] : []
    content {
      sid       = "AllowLogsQuery"
      actions   = ["logs:StartQuery", "logs:StopQuery", "logs:FilterLogEvents"]
      resources = ["*"]
    }
  }
}

data "aws_iam_policy_document" "combined" {
  source_policy_documents = [data.aws_iam_policy_document.own.json, var.additional_policy_json]
}

output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "path" { value = try(aws_iam_policy.policy[0].path, "") }
output "policy" { value = try(aws_iam_policy.policy[0].policy, "") }
output "policy_json" { value = data.aws_iam_policy_document.combined.json }
