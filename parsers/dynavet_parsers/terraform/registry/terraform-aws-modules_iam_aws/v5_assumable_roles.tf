data "aws_iam_policy_document" "assume_role" {
  source_policy_documents = [data.aws_iam_policy_document.selves.json]

  statement {
    actions = compact(distinct(concat(["sts:AssumeRole"], var.trusted_role_actions)))

    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }

    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }

    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

data "aws_iam_policy_document" "assume_role_with_mfa" {
  source_policy_documents = [data.aws_iam_policy_document.selves.json]

  statement {
    actions = compact(distinct(concat(["sts:AssumeRole"], var.trusted_role_actions)))

    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }

    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }

    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = ["true"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "aws:MultiFactorAuthAge"
      values   = [var.mfa_age]
    }

    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

locals {
  trust    = data.aws_iam_policy_document.assume_role.json
  with_mfa = data.aws_iam_policy_document.assume_role_with_mfa.json
}

resource "aws_iam_role" "admin" {
  count = var.create_admin_role ? 1 : 0

  name                 = var.admin_role_name
  path                 = var.admin_role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.admin_role_permissions_boundary_arn
  assume_role_policy   = var.admin_role_requires_mfa ? local.with_mfa : local.trust
  tags                 = var.admin_role_tags
}

resource "aws_iam_role_policy_attachment" "admin" {
  count = var.create_admin_role ? length(var.admin_role_policy_arns) : 0

  role       = aws_iam_role.admin[0].name
  policy_arn = element(var.admin_role_policy_arns, count.index)
}

output "admin_iam_role_arn" { value = try(aws_iam_role.admin[0].arn, "") }
output "admin_iam_role_name" { value = try(aws_iam_role.admin[0].name, "") }
output "admin_iam_role_path" { value = try(aws_iam_role.admin[0].path, "") }
output "admin_iam_role_unique_id" { value = try(aws_iam_role.admin[0].unique_id, "") }

resource "aws_iam_role" "poweruser" {
  count = var.create_poweruser_role ? 1 : 0

  name                 = var.poweruser_role_name
  path                 = var.poweruser_role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.poweruser_role_permissions_boundary_arn
  assume_role_policy   = var.poweruser_role_requires_mfa ? local.with_mfa : local.trust
  tags                 = var.poweruser_role_tags
}

resource "aws_iam_role_policy_attachment" "poweruser" {
  count = var.create_poweruser_role ? length(var.poweruser_role_policy_arns) : 0

  role       = aws_iam_role.poweruser[0].name
  policy_arn = element(var.poweruser_role_policy_arns, count.index)
}

output "poweruser_iam_role_arn" { value = try(aws_iam_role.poweruser[0].arn, "") }
output "poweruser_iam_role_name" { value = try(aws_iam_role.poweruser[0].name, "") }
output "poweruser_iam_role_path" { value = try(aws_iam_role.poweruser[0].path, "") }
output "poweruser_iam_role_unique_id" { value = try(aws_iam_role.poweruser[0].unique_id, "") }

resource "aws_iam_role" "readonly" {
  count = var.create_readonly_role ? 1 : 0

  name                 = var.readonly_role_name
  path                 = var.readonly_role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.readonly_role_permissions_boundary_arn
  assume_role_policy   = var.readonly_role_requires_mfa ? local.with_mfa : local.trust
  tags                 = var.readonly_role_tags
}

resource "aws_iam_role_policy_attachment" "readonly" {
  count = var.create_readonly_role ? length(var.readonly_role_policy_arns) : 0

  role       = aws_iam_role.readonly[0].name
  policy_arn = element(var.readonly_role_policy_arns, count.index)
}

output "readonly_iam_role_arn" { value = try(aws_iam_role.readonly[0].arn, "") }
output "readonly_iam_role_name" { value = try(aws_iam_role.readonly[0].name, "") }
output "readonly_iam_role_path" { value = try(aws_iam_role.readonly[0].path, "") }
output "readonly_iam_role_unique_id" { value = try(aws_iam_role.readonly[0].unique_id, "") }
output "admin_iam_role_requires_mfa" { value = var.admin_role_requires_mfa }
output "poweruser_iam_role_requires_mfa" { value = var.poweruser_role_requires_mfa }
output "readonly_iam_role_requires_mfa" { value = var.readonly_role_requires_mfa }
