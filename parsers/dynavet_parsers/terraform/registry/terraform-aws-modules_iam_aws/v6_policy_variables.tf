# The inputs that the description uses, with their defaults.
variable "create" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "path" { default = null }
variable "policy" { default = "" }
variable "tags" { default = {} }
