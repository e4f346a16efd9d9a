resource "aws_iam_policy" "policy" {
  count = var.create_policy ? 1 : 0

  name        = var.name
  name_prefix = var.name_prefix
  path        = var.path
  policy      = var.policy
  tags        = var.tags
}

output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "path" { value = try(aws_iam_policy.policy[0].path, "") }
output "policy" { value = try(aws_iam_policy.policy[0].policy, "") }
