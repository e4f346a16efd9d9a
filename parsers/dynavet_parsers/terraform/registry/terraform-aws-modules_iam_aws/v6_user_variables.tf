# The inputs that the description uses, with their defaults.
variable "access_key_status" { default = null }
variable "create" { default = true }
variable "create_access_key" { default = true }
variable "create_inline_policy" { default = false }
variable "create_login_profile" { default = true }
variable "inline_policy_permissions" { default = null }
variable "name" { default = "" }
variable "override_inline_policy_documents" { default = [] }
variable "path" { default = null }
variable "permissions_boundary" { default = null }
variable "pgp_key" { default = null }
variable "policies" { default = {} }
variable "source_inline_policy_documents" { default = [] }
variable "tags" { default = {} }
