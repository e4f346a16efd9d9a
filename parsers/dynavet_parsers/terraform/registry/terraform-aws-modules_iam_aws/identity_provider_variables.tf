# The inputs that the description uses, with their defaults.
variable "client_id_list" { default = [] }
variable "create" { default = true }
variable "url" { default = "https://token.actions.githubusercontent.com" }
