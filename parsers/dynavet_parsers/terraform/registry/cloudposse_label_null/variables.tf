# The inputs that the description uses, with their defaults.
variable "additional_tag_map" { default = {} }
variable "attributes" { default = [] }
variable "context" {
  default = {
    enabled             = true
    namespace           = null
    tenant              = null
    environment         = null
    stage               = null
    name                = null
    delimiter           = null
    attributes          = []
    tags                = {}
    additional_tag_map  = {}
    regex_replace_chars = null
    label_order         = []
    id_length_limit     = null
    label_key_case      = null
    label_value_case    = null
    descriptor_formats  = {}
    labels_as_tags      = ["unset"]
  }
}
variable "delimiter" { default = null }
variable "descriptor_formats" { default = {} }
variable "enabled" { default = null }
variable "environment" { default = null }
variable "id_length_limit" { default = null }
variable "label_key_case" { default = null }
variable "label_order" { default = null }
variable "label_value_case" { default = null }
variable "labels_as_tags" { default = ["default"] }
variable "name" { default = null }
variable "namespace" { default = null }
variable "regex_replace_chars" { default = null }
variable "stage" { default = null }
variable "tags" { default = {} }
variable "tenant" { default = null }
