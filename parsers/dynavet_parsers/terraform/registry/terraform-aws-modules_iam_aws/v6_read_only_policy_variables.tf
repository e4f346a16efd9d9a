# The inputs that the description uses, with their defaults.
variable "allow_cloudwatch_logs_query" { default = true }
variable "allow_predefined_sts_actions" { default = true }
variable "allow_web_console_services" { default = true }
variable "allowed_services" { default = [] }
variable "create" { default = true }
variable "create_policy" { default = true }
variable "name" { default = null }
variable "override_inline_policy_documents" { default = [] }
variable "path" { default = null }
variable "source_inline_policy_documents" { default = [] }
variable "tags" { default = {} }
variable "use_name_prefix" { default = true }
variable "web_console_services" { default = ["resource-groups", "tag", "health", "ce"] }
