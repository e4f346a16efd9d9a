# The inputs that the description uses, with their defaults.
variable "assumable_roles" { default = [] }
variable "assumable_roles_policy_name_suffix" { default = "" }
variable "group_users" { default = [] }
variable "name" {}
variable "path" { default = "/" }
