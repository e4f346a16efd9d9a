# The inputs that the description uses, with their defaults.
variable "attach_iam_self_management_policy" { default = true }
variable "aws_account_id" { default = "" }
variable "create_group" { default = true }
variable "custom_group_policies" { default = [] }
variable "custom_group_policy_arns" { default = [] }
variable "enable_mfa_enforcement" { default = true }
variable "enable_mfa_enforcment" { default = true }
variable "group_users" { default = [] }
variable "iam_self_management_policy_name_prefix" { default = "IAMSelfManagement-" }
variable "name" { default = "" }
variable "path" { default = "/" }
