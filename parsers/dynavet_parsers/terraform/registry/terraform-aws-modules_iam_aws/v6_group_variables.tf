# The inputs that the description uses, with their defaults.
variable "create" { default = true }
variable "create_policy" { default = true }
variable "enable_mfa_enforcement" { default = true }
variable "enable_mfa_enforcment" { default = true }
variable "enable_self_management_permissions" { default = true }
variable "name" { default = "" }
variable "path" { default = null }
variable "permissions" { default = null }
variable "policies" { default = {} }
variable "policy_name" { default = null }
variable "policy_path" { default = null }
variable "policy_use_name_prefix" { default = true }
variable "users" { default = [] }
variable "users_account_id" { default = null }
