data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "order-worker"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

# Named actions on named tables, and the key of these tables only by way of DynamoDB.
data "aws_iam_policy_document" "worker" {
  statement {
    sid       = "ReadAndWriteOrders"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }

  statement {
    sid       = "EmptyCarts"
    actions   = ["dynamodb:DeleteItem", "dynamodb:GetItem"]
    resources = [aws_dynamodb_table.carts.arn]
  }

  statement {
    sid       = "WriteAudit"
    actions   = ["dynamodb:PutItem"]
    resources = [aws_dynamodb_table.audit.arn]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:CreateGrant"]
    resources = [aws_kms_key.orders.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "worker" {
  name   = "orders"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.worker.json
}

# Customers of the web shop read their own carts.
resource "aws_iam_role" "customer" {
  name = "web-customer"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = "eu-west-1:00000000-0000-0000-0000-000000000000" }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = "authenticated" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "customer" {
  name = "own-cart"
  role = aws_iam_role.customer.id

  policy = templatefile("${path.module}/policies/customer.json.tftpl", {
    table  = aws_dynamodb_table.carts.arn
    key    = aws_kms_key.orders.arn
    region = var.region
  })
}
