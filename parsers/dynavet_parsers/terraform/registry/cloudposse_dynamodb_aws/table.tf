module "this" {
  source  = "cloudposse/label/null"
  version = "0.25.0"

  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  additional_tag_map  = var.additional_tag_map
  label_order         = var.label_order
  regex_replace_chars = var.regex_replace_chars
  id_length_limit     = var.id_length_limit
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  descriptor_formats  = var.descriptor_formats
  labels_as_tags      = var.labels_as_tags
  context             = var.context
}

locals {
  streamed = length(var.replicas) > 0 || var.enable_streams
  ranged   = length(var.range_key) > 0
}

resource "aws_dynamodb_table" "default" {
  count = module.this.enabled ? 1 : 0

  name                        = var.table_name != null && var.table_name != "" ? var.table_name : module.this.id
  billing_mode                = var.billing_mode
  table_class                 = var.table_class
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  read_capacity               = var.billing_mode == "PAY_PER_REQUEST" ? null : var.autoscale_min_read_capacity
  write_capacity              = var.billing_mode == "PAY_PER_REQUEST" ? null : var.autoscale_min_write_capacity
  stream_enabled              = local.streamed
  stream_view_type            = local.streamed ? var.stream_view_type : ""
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = var.tags_enabled ? module.this.tags : null

  server_side_encryption {
    enabled     = var.enable_encryption
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }

  point_in_time_recovery {
    enabled = var.enable_point_in_time_recovery
  }

  ttl {
    enabled        = var.ttl_attribute != "" ? var.ttl_enabled : false
    attribute_name = var.ttl_attribute
  }

  dynamic "attribute" {
    for_each = concat(
      local.ranged ? [{ name = var.range_key, type = var.range_key_type }] : [],
      [{ name = var.hash_key, type = var.hash_key_type }],
      var.dynamodb_attributes
    )
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_index_map
    content {
      name               = global_secondary_index.value.name
      hash_key           = global_secondary_index.value.hash_key
      range_key          = lookup(global_secondary_index.value, "range_key", null)
      projection_type    = global_secondary_index.value.projection_type
      non_key_attributes = lookup(global_secondary_index.value, "non_key_attributes", null)
      read_capacity      = lookup(global_secondary_index.value, "read_capacity", null)
      write_capacity     = lookup(global_secondary_index.value, "write_capacity", null)
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_index_map
    content {
      name               = local_secondary_index.value.name
      range_key          = local_secondary_index.value.range_key
      projection_type    = local_secondary_index.value.projection_type
      non_key_attributes = lookup(local_secondary_index.value, "non_key_attributes", null)
    }
  }

  dynamic "replica" {
    for_each = var.replicas
    content {
      region_name            = replica.value
      propagate_tags         = false
      point_in_time_recovery = false
    }
  }
}

output "table_name" { value = join("", aws_dynamodb_table.default[*].name) }
output "table_id" { value = join("", aws_dynamodb_table.default[*].id) }
output "table_arn" { value = join("", aws_dynamodb_table.default[*].arn) }
output "table_stream_arn" { value = join("", aws_dynamodb_table.default[*].stream_arn) }
output "table_stream_label" { value = join("", aws_dynamodb_table.default[*].stream_label) }
output "global_secondary_index_names" { value = [for index in var.global_secondary_index_map : index.name] }
output "local_secondary_index_names" { value = [for index in var.local_secondary_index_map : index.name] }
