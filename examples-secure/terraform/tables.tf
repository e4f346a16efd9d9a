resource "aws_kms_key" "orders" {
  description         = "Orders, carts and their audit at rest"
  enable_key_rotation = true
}

resource "aws_kms_key" "orders_replica" {
  provider = aws.replica

  description         = "Orders at rest, in the Region of the replica"
  enable_key_rotation = true
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer_id"
  range_key    = "order_id"

  attribute {
    name = "customer_id"
    type = "S"
  }

  attribute {
    name = "order_id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = true

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  # The replica is a resource of its own.
  lifecycle {
    ignore_changes = [replica]
  }
}

# It inherits neither the key, recovery, protection nor the tags of the table.
resource "aws_dynamodb_table_replica" "orders" {
  provider = aws.replica

  global_table_arn            = aws_dynamodb_table.orders.arn
  kms_key_arn                 = aws_kms_key.orders_replica.arn
  point_in_time_recovery      = true
  deletion_protection_enabled = true
}

# The partition key is the customer, so that a policy can limit customers to what is theirs.
resource "aws_dynamodb_table" "carts" {
  name         = "carts-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer_id"

  attribute {
    name = "customer_id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = true

  stream_enabled   = true
  stream_view_type = "KEYS_ONLY"
}

resource "aws_dynamodb_table" "audit" {
  name         = "order-audit-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "order_id"

  attribute {
    name = "order_id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = true

  stream_enabled   = true
  stream_view_type = "KEYS_ONLY"
}

resource "aws_backup_vault" "orders" {
  name        = "orders"
  kms_key_arn = aws_kms_key.orders.arn
}

resource "aws_backup_plan" "orders" {
  name = "orders"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.orders.name
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = 35
    }
  }
}

resource "aws_backup_selection" "orders" {
  name         = "orders"
  plan_id      = aws_backup_plan.orders.id
  iam_role_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/service-role/AWSBackupDefaultServiceRole"

  resources = [
    aws_dynamodb_table.orders.arn,
    aws_dynamodb_table.carts.arn,
    aws_dynamodb_table.audit.arn,
  ]
}
