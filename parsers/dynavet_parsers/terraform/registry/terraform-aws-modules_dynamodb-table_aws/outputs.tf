locals {
  tables = concat(
    aws_dynamodb_table.this[*], aws_dynamodb_table.autoscaled[*], aws_dynamodb_table.autoscaled_gsi_ignore[*]
  )
  arn = try(local.tables[0].arn, "")
}

resource "aws_dynamodb_resource_policy" "this" {
  count = var.create_table && var.resource_policy != null ? 1 : 0

  resource_arn = local.arn
  policy       = replace(var.resource_policy, "__DYNAMODB_TABLE_ARN__", local.arn)
}

output "dynamodb_table_arn" { value = local.arn }
output "dynamodb_table_id" { value = try(local.tables[0].id, "") }
output "dynamodb_table_stream_arn" { value = try(local.tables[0].stream_arn, "") }
output "dynamodb_table_stream_label" { value = try(local.tables[0].stream_label, "") }
