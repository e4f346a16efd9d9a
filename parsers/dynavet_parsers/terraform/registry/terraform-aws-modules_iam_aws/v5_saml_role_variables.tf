# The inputs that the description uses, with their defaults.
variable "allow_self_assume_role" { default = false }
variable "aws_saml_endpoint" { default = "https://signin.aws.amazon.com/saml" }
variable "create_role" { default = false }
variable "max_session_duration" { default = 3600 }
variable "number_of_role_policy_arns" { default = null }
variable "provider_id" { default = "" }
variable "provider_ids" { default = [] }
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "role_permissions_boundary_arn" { default = "" }
variable "role_policy_arns" { default = [] }
variable "tags" { default = {} }
variable "trusted_role_actions" { default = ["sts:AssumeRoleWithSAML", "sts:TagSession"] }
