# The statements that let each of three roles assume itself.
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  roles = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role"
  selves = concat(
    var.create_admin_role ? [["Admin", "${var.admin_role_path}${var.admin_role_name}"]] : [],
    var.create_poweruser_role ? [["PowerUser", "${var.poweruser_role_path}${var.poweruser_role_name}"]] : [],
    var.create_readonly_role ? [["ReadOnly", "${var.readonly_role_path}${var.readonly_role_name}"]] : []
  )
}

data "aws_iam_policy_document" "selves" {
  dynamic "statement" {
    for_each = var.allow_self_assume_role ? local.selves : []
    content {
      sid     = "ExplicitSelf${statement.value[0]}RoleAssumption"
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:PrincipalArn"
        values   = ["${local.roles}${statement.value[1]}"]
      }
    }
  }
}
