locals {
  given_account = var.users_account_id
  any_policy    = var.enable_self_management_permissions || var.permissions != null
  own_policy    = var.create && var.create_policy && local.any_policy
  policy        = try(coalesce(var.policy_name, var.name), "")
}

resource "aws_iam_group" "this" {
  count = var.create ? 1 : 0

  name = var.name
  path = var.path
}

resource "aws_iam_group_membership" "this" {
  count = var.create && length(var.users) > 0 ? 1 : 0

  name  = var.name
  group = aws_iam_group.this[0].id
  users = var.users
}

data "aws_iam_policy_document" "this" {
  count = local.own_policy ? 1 : 0

  dynamic "statement" {
    for_each = var.enable_self_management_permissions ? local.self_management : []
    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  dynamic "statement" {
    for_each = var.enable_self_management_permissions && local.enforced ? [1] : []
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

  dynamic "statement" {
    for_each = var.permissions != null ? var.permissions : {}
    content {
      sid           = try(coalesce(statement.value.sid, statement.key), statement.key)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(coalesce(statement.value.principals), [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(coalesce(statement.value.not_principals), [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(coalesce(statement.value.condition), [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "this" {
  count = local.own_policy ? 1 : 0

  name        = var.policy_use_name_prefix ? null : local.policy
  name_prefix = var.policy_use_name_prefix ? "${local.policy}-" : null
  path        = coalesce(var.policy_path, var.path, "/")
  policy      = data.aws_iam_policy_document.this[0].json
}

resource "aws_iam_group_policy_attachment" "this" {
  count = local.own_policy ? 1 : 0

  group      = aws_iam_group.this[0].id
  policy_arn = aws_iam_policy.this[0].arn
}

resource "aws_iam_group_policy_attachment" "additional" {
  for_each = { for name, arn in var.policies : name => arn if var.create }

  group      = aws_iam_group.this[0].id
  policy_arn = each.value
}

output "id" { value = try(aws_iam_group.this[0].id, null) }
output "arn" { value = try(aws_iam_group.this[0].arn, null) }
output "name" { value = try(aws_iam_group.this[0].name, null) }
output "unique_id" { value = try(aws_iam_group.this[0].unique_id, null) }
output "policy_arn" { value = try(aws_iam_policy.this[0].arn, null) }
output "policy_name" { value = try(aws_iam_policy.this[0].name, null) }
output "policy_id" { value = try(aws_iam_policy.this[0].id, null) }
output "users" { value = var.users }
