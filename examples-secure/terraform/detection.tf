# CloudTrail: who used the keys, who changed the tables, who read and wrote their items.

resource "aws_s3_bucket" "log" {
  bucket = "order-log-${data.aws_caller_identity.current.account_id}"
}

resource "aws_s3_bucket_policy" "log" {
  bucket = aws_s3_bucket.log.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Look"
        Effect    = "Allow"
        Principal = { Service = ["cloudtrail.amazonaws.com", "config.amazonaws.com"] }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = aws_s3_bucket.log.arn
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
      {
        Sid       = "Write"
        Effect    = "Allow"
        Principal = { Service = ["cloudtrail.amazonaws.com", "config.amazonaws.com"] }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.log.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/*"
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

resource "aws_cloudtrail" "orders" {
  name                       = "orders"
  s3_bucket_name             = aws_s3_bucket.log.id
  enable_logging             = true
  is_multi_region_trail      = true
  enable_log_file_validation = true

  advanced_event_selector {
    name = "Management events, those of KMS among them"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Items of all tables"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::DynamoDB::Table"]
    }
  }

  depends_on = [aws_s3_bucket_policy.log]
}

# AWS Config: what the tables are like, over time.

resource "aws_sns_topic" "changes" {
  name = "order-changes"
}

resource "aws_config_configuration_recorder" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "main"
  s3_bucket_name = aws_s3_bucket.log.id
  sns_topic_arn  = aws_sns_topic.changes.arn

  depends_on = [aws_config_configuration_recorder.main]
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.main]
}

resource "aws_config_config_rule" "tables" {
  for_each = toset([
    "DYNAMODB_PITR_ENABLED",
    "DYNAMODB_RESOURCES_PROTECTED_BY_BACKUP_PLAN",
    "DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED",
    "DYNAMODB_TABLE_ENCRYPTED_KMS",
  ])

  name = lower(replace(each.key, "_", "-"))

  source {
    owner             = "AWS"
    source_identifier = each.key
  }

  depends_on = [aws_config_configuration_recorder.main]
}

# Streams: a function that watches what changes in the tables.

resource "aws_iam_role" "watch" {
  name               = "order-watch"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

data "aws_iam_policy_document" "watch" {
  statement {
    sid     = "ReadStreams"
    actions = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]

    resources = [
      aws_dynamodb_table.orders.stream_arn,
      aws_dynamodb_table.carts.stream_arn,
      aws_dynamodb_table.audit.stream_arn,
    ]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.orders.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "watch" {
  name   = "streams"
  role   = aws_iam_role.watch.id
  policy = data.aws_iam_policy_document.watch.json
}

resource "aws_lambda_function" "watch" {
  function_name = "order-watch"
  role          = aws_iam_role.watch.arn
  runtime       = "python3.13"
  handler       = "watch.handler"
  filename      = "${path.module}/watch.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn  = aws_dynamodb_table.orders.stream_arn
  function_name     = aws_lambda_function.watch.arn
  starting_position = "LATEST"
}

resource "aws_lambda_event_source_mapping" "carts" {
  event_source_arn  = aws_dynamodb_table.carts.stream_arn
  function_name     = aws_lambda_function.watch.arn
  starting_position = "LATEST"
}

resource "aws_lambda_event_source_mapping" "audit" {
  event_source_arn  = aws_dynamodb_table.audit.stream_arn
  function_name     = aws_lambda_function.watch.arn
  starting_position = "LATEST"
}
