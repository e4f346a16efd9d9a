variable "key" {
  type = string
}

resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_dynamodb_table" "carts" {
  name     = "carts"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}

resource "aws_kms_key" "own" {}

resource "aws_dynamodb_table" "stock" {
  name     = "stock"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.own.arn
  }
}

# dynavet:ignore DDB101 reason="holds public data, 100% of it"
resource "aws_dynamodb_table" "prices" {
  name     = "prices"
  hash_key = "id"
}

module "audit" {
  source = "./table"
  key    = "alias/aws/dynamodb"
}
