resource "aws_kms_key" "orders" {
  description         = "Orders at rest"
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

  # The replica inherits neither the key, the protection nor the tags of the table.
  replica {
    region_name = "eu-central-1"
  }

  tags = {
    Security = "confidential"
  }
}

# No key of our own, nothing against loss, and no Security tag.
resource "aws_dynamodb_table" "carts" {
  name         = "carts-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "cart_id"

  attribute {
    name = "cart_id"
    type = "S"
  }
}

module "audit" {
  source = "./modules/table"

  name    = "order-audit-${var.environment}"
  key_arn = var.audit_key_arn
}
