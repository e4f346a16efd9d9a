# The inputs that the description uses, with their defaults.
variable "allow_self_assume_role" { default = false }
variable "assume_role_condition_test" { default = "StringEquals" }
variable "create_role" { default = true }
variable "max_session_duration" { default = null }
variable "oidc_providers" { default = {} }
variable "role_name" { default = null }
variable "role_name_prefix" { default = null }
variable "role_path" { default = "/" }
variable "role_permissions_boundary_arn" { default = null }
variable "role_policy_arns" { default = {} }
variable "tags" { default = {} }
