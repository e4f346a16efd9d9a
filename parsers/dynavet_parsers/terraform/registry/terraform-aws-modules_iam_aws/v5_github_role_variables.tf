# The inputs that the description uses, with their defaults.
variable "additional_trust_policy_conditions" { default = [] }
variable "audience" { default = "sts.amazonaws.com" }
variable "create" { default = true }
variable "max_session_duration" { default = null }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "permissions_boundary_arn" { default = null }
variable "policies" { default = {} }
variable "provider_url" { default = "token.actions.githubusercontent.com" }
variable "subject_condition" { default = "StringLike" }
variable "subjects" { default = [] }
variable "tags" { default = {} }
