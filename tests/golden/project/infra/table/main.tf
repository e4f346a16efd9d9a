variable "key" {
  type = string
}

resource "aws_dynamodb_table" "this" {
  name     = "this"
  hash_key = "id"

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}
