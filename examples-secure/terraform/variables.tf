variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "replica_region" {
  type    = string
  default = "eu-central-1"
}

variable "environment" {
  type    = string
  default = "test"
}
