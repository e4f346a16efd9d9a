locals {
  given_account = var.aws_account_id
  group         = var.create_group ? aws_iam_group.this[0].id : var.name
}

resource "aws_iam_group" "this" {
  count = var.create_group ? 1 : 0

  name = var.name
  path = var.path
}

resource "aws_iam_group_membership" "this" {
  count = length(var.group_users) > 0 ? 1 : 0

  name  = var.name
  group = local.group
  users = var.group_users
}

resource "aws_iam_group_policy_attachment" "iam_self_management" {
  count = var.attach_iam_self_management_policy ? 1 : 0

  group      = local.group
  policy_arn = aws_iam_policy.iam_self_management[0].arn
}

resource "aws_iam_group_policy_attachment" "custom_arns" {
  count = length(var.custom_group_policy_arns)

  group      = local.group
  policy_arn = element(var.custom_group_policy_arns, count.index)
}

resource "aws_iam_group_policy_attachment" "custom" {
  count = length(var.custom_group_policies)

  group      = local.group
  policy_arn = element(aws_iam_policy.custom[*].arn, count.index)
}

resource "aws_iam_policy" "iam_self_management" {
  count = var.attach_iam_self_management_policy ? 1 : 0

  name_prefix = var.iam_self_management_policy_name_prefix
  policy      = data.aws_iam_policy_document.iam_self_management.json
}

resource "aws_iam_policy" "custom" {
  count = length(var.custom_group_policies)

  name   = var.custom_group_policies[count.index]["name"]
  policy = var.custom_group_policies[count.index]["policy"]
}

data "aws_iam_policy_document" "iam_self_management" {
  dynamic "statement" {
    for_each = local.self_management
    content {
      sid       = "Allow${statement.value.sid}"
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  dynamic "statement" {
    for_each = local.enforced ? [1] : []
    content {
      sid         = "DenyAllExceptListedIfNoMFA"
      effect      = "Deny"
      not_actions = local.without_mfa
      resources   = ["*"]

      condition {
        test     = "BoolIfExists"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["false"]
      }
    }
  }
}

output "aws_account_id" { value = coalesce(local.given_account, local.caller) }
output "group_arn" { value = try(aws_iam_group.this[0].arn, "") }
output "group_name" { value = try(aws_iam_group.this[0].name, var.name) }
output "group_users" { value = var.group_users }
