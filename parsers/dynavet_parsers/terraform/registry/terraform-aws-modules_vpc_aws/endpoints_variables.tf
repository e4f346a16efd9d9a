# The inputs that the description uses, with their defaults.
variable "create" { default = true }
variable "create_security_group" { default = false }
variable "endpoints" { default = {} }
variable "region" { default = null }
variable "security_group_ids" { default = [] }
variable "security_group_name" { default = null }
variable "security_group_name_prefix" { default = null }
variable "security_group_rules" { default = {} }
variable "security_group_tags" { default = {} }
variable "subnet_ids" { default = [] }
variable "tags" { default = {} }
variable "vpc_id" { default = null }
