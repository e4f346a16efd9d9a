# The module leaves scaling to a module of its own, which scales the table and all its indexes.
locals {
  scaled  = module.this.enabled && var.enable_autoscaler && var.billing_mode == "PROVISIONED"
  indexes = local.scaled ? [for index in var.global_secondary_index_map : index.name] : []
}

resource "aws_appautoscaling_target" "table_read" {
  count = local.scaled ? 1 : 0

  min_capacity       = var.autoscale_min_read_capacity
  max_capacity       = var.autoscale_max_read_capacity
  resource_id        = "table/${aws_dynamodb_table.default[0].name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  service_namespace  = "dynamodb"
}

resource "aws_appautoscaling_policy" "table_read" {
  count = local.scaled ? 1 : 0

  name               = "table-read-${count.index}"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.table_read[count.index].resource_id
  scalable_dimension = aws_appautoscaling_target.table_read[count.index].scalable_dimension
  service_namespace  = aws_appautoscaling_target.table_read[count.index].service_namespace

  target_tracking_scaling_policy_configuration {
    target_value = var.autoscale_read_target

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "index_read" {
  count = length(local.indexes)

  min_capacity       = var.autoscale_min_read_capacity
  max_capacity       = var.autoscale_max_read_capacity
  resource_id        = "table/${aws_dynamodb_table.default[0].name}/index/${local.indexes[count.index]}"
  scalable_dimension = "dynamodb:index:ReadCapacityUnits"
  service_namespace  = "dynamodb"
}

resource "aws_appautoscaling_policy" "index_read" {
  count = length(local.indexes)

  name               = "index-read-${count.index}"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.index_read[count.index].resource_id
  scalable_dimension = aws_appautoscaling_target.index_read[count.index].scalable_dimension
  service_namespace  = aws_appautoscaling_target.index_read[count.index].service_namespace

  target_tracking_scaling_policy_configuration {
    target_value = var.autoscale_read_target

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "table_write" {
  count = local.scaled ? 1 : 0

  min_capacity       = var.autoscale_min_write_capacity
  max_capacity       = var.autoscale_max_write_capacity
  resource_id        = "table/${aws_dynamodb_table.default[0].name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  service_namespace  = "dynamodb"
}

resource "aws_appautoscaling_policy" "table_write" {
  count = local.scaled ? 1 : 0

  name               = "table-write-${count.index}"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.table_write[count.index].resource_id
  scalable_dimension = aws_appautoscaling_target.table_write[count.index].scalable_dimension
  service_namespace  = aws_appautoscaling_target.table_write[count.index].service_namespace

  target_tracking_scaling_policy_configuration {
    target_value = var.autoscale_write_target

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "index_write" {
  count = length(local.indexes)

  min_capacity       = var.autoscale_min_write_capacity
  max_capacity       = var.autoscale_max_write_capacity
  resource_id        = "table/${aws_dynamodb_table.default[0].name}/index/${local.indexes[count.index]}"
  scalable_dimension = "dynamodb:index:WriteCapacityUnits"
  service_namespace  = "dynamodb"
}

resource "aws_appautoscaling_policy" "index_write" {
  count = length(local.indexes)

  name               = "index-write-${count.index}"
  policy_type        = "TargetTrackingScaling"
  resource_id        = aws_appautoscaling_target.index_write[count.index].resource_id
  scalable_dimension = aws_appautoscaling_target.index_write[count.index].scalable_dimension
  service_namespace  = aws_appautoscaling_target.index_write[count.index].service_namespace

  target_tracking_scaling_policy_configuration {
    target_value = var.autoscale_write_target

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}
