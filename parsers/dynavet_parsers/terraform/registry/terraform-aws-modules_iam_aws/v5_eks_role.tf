data "aws_eks_cluster" "main" {
  for_each = { for name, accounts in var.cluster_service_accounts : name => accounts if var.create_role }

  name = each.key
}

locals {
  issuers = {
    for name, cluster in data.aws_eks_cluster.main : name => replace(cluster.identity[0].oidc[0].issuer, "https://", "")
  }
}

data "aws_iam_policy_document" "assume_role_with_oidc" {
  source_policy_documents = [data.aws_iam_policy_document.itself.json]

  dynamic "statement" {
    for_each = { for name, accounts in var.cluster_service_accounts : name => accounts if var.create_role }
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type = "Federated"
        identifiers = [
          "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.issuers[statement.key]}"
        ]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${local.issuers[statement.key]}:sub"
        values   = [for account in statement.value : "system:serviceaccount:${account}"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count = var.create_role ? 1 : 0

  name                 = var.role_name
  name_prefix          = var.role_name_prefix
  path                 = var.role_path
  max_session_duration = var.max_session_duration
  permissions_boundary = var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.assume_role_with_oidc.json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = { for name, arn in var.role_policy_arns : name => arn if var.create_role }

  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
output "iam_role_path" { value = try(aws_iam_role.this[0].path, "") }
output "iam_role_unique_id" { value = try(aws_iam_role.this[0].unique_id, "") }
