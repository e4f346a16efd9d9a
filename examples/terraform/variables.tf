variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "environment" {
  type    = string
  default = "test"
}

# No default: only whoever deploys knows the key.
variable "audit_key_arn" {
  type = string
}
