# The inputs that the description uses, with their defaults.
variable "create_iam_access_key" { default = true }
variable "create_iam_user_login_profile" { default = true }
variable "create_user" { default = true }
variable "iam_access_key_status" { default = null }
variable "name" {}
variable "path" { default = "/" }
variable "permissions_boundary" { default = "" }
variable "pgp_key" { default = "" }
variable "policy_arns" { default = [] }
variable "tags" { default = {} }
