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

# In order: named actions on named tables.
data "aws_iam_policy_document" "orders" {
  statement {
    sid       = "ReadAndWriteOrders"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
    resources = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
  }
}

resource "aws_iam_role_policy" "orders" {
  name   = "orders"
  role   = aws_iam_role.worker.id
  policy = data.aws_iam_policy_document.orders.json
}

# Every action, deleting the table and opening its policy among them.
resource "aws_iam_role_policy" "carts" {
  name = "carts"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Carts"
      Effect   = "Allow"
      Action   = "dynamodb:*"
      Resource = aws_dynamodb_table.carts.arn
    }]
  })
}

# Any table of the account.
resource "aws_iam_policy" "audit" {
  name = "order-audit"

  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "WriteAudit",
          "Effect": "Allow",
          "Action": "dynamodb:PutItem",
          "Resource": "arn:aws:dynamodb:${var.region}:${data.aws_caller_identity.current.account_id}:table/*"
        }
      ]
    }
  JSON
}

resource "aws_iam_role_policy_attachment" "audit" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.audit.arn
}

# Customers of the web shop read their carts with a role of their own: the table is named,
# whose items is not.
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
  name   = "own-cart"
  role   = aws_iam_role.customer.id
  policy = templatefile("${path.module}/policies/customer.json.tftpl", { table = aws_dynamodb_table.carts.arn })
}
