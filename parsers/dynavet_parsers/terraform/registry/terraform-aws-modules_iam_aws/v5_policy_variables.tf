# The inputs that the description uses, with their defaults.
variable "create_policy" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = "/" }
variable "policy" { default = "" }
variable "tags" { default = {} }
