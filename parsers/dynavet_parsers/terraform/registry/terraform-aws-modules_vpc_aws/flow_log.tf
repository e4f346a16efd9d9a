locals {
  log      = var.create_vpc && var.enable_flow_log
  log_role = local.log && var.flow_log_destination_type != "s3" && var.create_flow_log_cloudwatch_iam_role
  log_here = local.log && var.flow_log_destination_type != "s3" && var.create_flow_log_cloudwatch_log_group

  log_role_arn    = local.log_role ? aws_iam_role.vpc_flow_log_cloudwatch[0].arn : var.flow_log_cloudwatch_iam_role_arn
  log_destination = local.log_here ? aws_cloudwatch_log_group.flow_log[0].arn : var.flow_log_destination_arn
  log_name        = var.flow_log_cloudwatch_log_group_name_suffix
}

data "aws_region" "current" {
  count = local.log ? 1 : 0
}

data "aws_caller_identity" "current" {
  count = local.log ? 1 : 0
}

data "aws_partition" "current" {
  count = local.log ? 1 : 0
}

resource "aws_flow_log" "this" {
  count = local.log ? 1 : 0

  vpc_id               = local.vpc_id
  traffic_type         = var.flow_log_traffic_type
  log_destination_type = var.flow_log_destination_type
  log_destination      = local.log_destination
  iam_role_arn         = local.log_role_arn
}

resource "aws_cloudwatch_log_group" "flow_log" {
  count = local.log_here ? 1 : 0

  name       = "${var.flow_log_cloudwatch_log_group_name_prefix}${local.log_name == "" ? local.vpc_id : local.log_name}"
  kms_key_id = var.flow_log_cloudwatch_log_group_kms_key_id
}

resource "aws_iam_role" "vpc_flow_log_cloudwatch" {
  count = local.log_role ? 1 : 0

  name                 = var.vpc_flow_log_iam_role_use_name_prefix ? null : var.vpc_flow_log_iam_role_name
  name_prefix          = var.vpc_flow_log_iam_role_use_name_prefix ? "${var.vpc_flow_log_iam_role_name}-" : null
  path                 = var.vpc_flow_log_iam_role_path
  permissions_boundary = var.vpc_flow_log_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.flow_log_cloudwatch_assume_role[0].json
  tags                 = merge(var.tags, var.vpc_flow_log_tags)
}

data "aws_iam_policy_document" "flow_log_cloudwatch_assume_role" {
  count = local.log_role ? 1 : 0

  statement {
    sid     = "AWSVPCFlowLogsAssumeRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = var.flow_log_cloudwatch_iam_role_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}

resource "aws_iam_policy" "vpc_flow_log_cloudwatch" {
  count = local.log_role ? 1 : 0

  name        = var.vpc_flow_log_iam_policy_use_name_prefix ? null : var.vpc_flow_log_iam_policy_name
  name_prefix = var.vpc_flow_log_iam_policy_use_name_prefix ? "${var.vpc_flow_log_iam_policy_name}-" : null
  policy      = data.aws_iam_policy_document.vpc_flow_log_cloudwatch[0].json
}

resource "aws_iam_role_policy_attachment" "vpc_flow_log_cloudwatch" {
  count = local.log_role ? 1 : 0

  role       = aws_iam_role.vpc_flow_log_cloudwatch[0].name
  policy_arn = aws_iam_policy.vpc_flow_log_cloudwatch[0].arn
}

data "aws_iam_policy_document" "vpc_flow_log_cloudwatch" {
  count = local.log_role ? 1 : 0

  statement {
    sid = "AWSVPCFlowLogsPushToCloudWatch"
    actions = [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
    ]
    resources = [
      for group in aws_cloudwatch_log_group.flow_log : join(":", [
        "arn:${data.aws_partition.current[0].partition}:logs",
        data.aws_region.current[0].region,
        data.aws_caller_identity.current[0].account_id,
        "log-group:${group.name}:*",
      ])
    ]
  }
}
