# The inputs that the description uses, with their defaults.
variable "additional_policy_json" { default = "{}" }
variable "allow_cloudwatch_logs_query" { default = true }
variable "allow_predefined_sts_actions" { default = true }
variable "allow_web_console_services" { default = true }
variable "allowed_services" {}
variable "create_policy" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "tags" { default = {} }
variable "web_console_services" { default = ["resource-groups", "tag", "health", "ce"] }
