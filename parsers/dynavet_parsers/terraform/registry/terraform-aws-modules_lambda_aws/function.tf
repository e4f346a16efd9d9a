data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  create   = var.create && var.putin_khuylo
  function = local.create && var.create_function && !var.create_layer
}

resource "aws_lambda_function" "this" {
  count = local.function ? 1 : 0

  function_name           = var.function_name
  role                    = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler                 = var.package_type != "Zip" ? null : var.handler
  runtime                 = var.package_type != "Zip" ? null : var.runtime
  image_uri               = var.image_uri
  package_type            = var.package_type
  layers                  = var.layers
  timeout                 = var.timeout
  kms_key_arn             = var.kms_key_arn
  code_signing_config_arn = var.code_signing_config_arn
  tags                    = merge(var.tags, var.function_tags)

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
}

locals {
  log_prefix = "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}"
  log_name   = coalesce(var.logging_log_group, "${local.log_prefix}${var.function_name}")
}

data "aws_cloudwatch_log_group" "lambda" {
  count = local.function && var.use_existing_cloudwatch_log_group ? 1 : 0

  name = local.log_name
}

resource "aws_cloudwatch_log_group" "lambda" {
  count = local.function && !var.use_existing_cloudwatch_log_group ? 1 : 0

  name       = local.log_name
  kms_key_id = var.cloudwatch_logs_kms_key_id
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each = {
    for name, each in var.event_source_mapping : name => each
    if local.function && var.create_unqualified_alias_allowed_triggers
  }

  function_name     = aws_lambda_function.this[0].arn
  event_source_arn  = try(each.value.event_source_arn, null)
  enabled           = try(each.value.enabled, true)
  starting_position = try(each.value.starting_position, null)
}

resource "aws_lambda_function_url" "this" {
  count = local.function && var.create_lambda_function_url ? 1 : 0

  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

locals {
  log_regional = try(data.aws_cloudwatch_log_group.lambda[0].arn, aws_cloudwatch_log_group.lambda[0].arn, "")
  account_arn  = join(":", [data.aws_region.current.name, data.aws_caller_identity.current.account_id])
  static_arn   = "arn:${data.aws_partition.current.partition}:lambda:${local.account_arn}:function:${var.function_name}"
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = local.function ? local.static_arn : "" }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].qualified_invoke_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_kms_key_arn" { value = try(aws_lambda_function.this[0].kms_key_arn, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_role_unique_id" { value = try(aws_iam_role.lambda[0].unique_id, "") }
output "lambda_cloudwatch_log_group_arn" { value = local.log_arn }
output "lambda_cloudwatch_log_group_name" { value = local.log_name }
