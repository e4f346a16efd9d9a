# What the call says goes before what its context says, and that before the defaults of the module.
locals {
  input = {
    enabled     = var.enabled != null ? var.enabled : try(var.context.enabled, null)
    namespace   = var.namespace != null ? var.namespace : try(var.context.namespace, null)
    tenant      = var.tenant != null ? var.tenant : try(var.context.tenant, null)
    environment = var.environment != null ? var.environment : try(var.context.environment, null)
    stage       = var.stage != null ? var.stage : try(var.context.stage, null)
    name        = var.name != null ? var.name : try(var.context.name, null)
    delimiter   = var.delimiter != null ? var.delimiter : try(var.context.delimiter, null)
    label_order = var.label_order != null ? var.label_order : try(var.context.label_order, null)
    regex_replace_chars = (
      var.regex_replace_chars != null ? var.regex_replace_chars : try(var.context.regex_replace_chars, null)
    )
    id_length_limit    = var.id_length_limit != null ? var.id_length_limit : try(var.context.id_length_limit, null)
    label_key_case     = var.label_key_case != null ? var.label_key_case : try(var.context.label_key_case, null)
    label_value_case   = var.label_value_case != null ? var.label_value_case : try(var.context.label_value_case, null)
    attributes         = compact(distinct(concat(local.outer, coalesce(var.attributes, []))))
    tags               = merge(try(var.context.tags, {}), var.tags)
    additional_tag_map = merge(try(var.context.additional_tag_map, {}), var.additional_tag_map)
    descriptor_formats = merge(try(var.context.descriptor_formats, {}), var.descriptor_formats)
    labels_as_tags     = local.labels_unset ? var.labels_as_tags : var.context.labels_as_tags
  }
  outer        = coalesce(try(var.context.attributes, null), [])
  labels_unset = try(contains(var.context.labels_as_tags, "unset"), true)

  delimiter = local.input.delimiter == null ? "-" : local.input.delimiter
  strange   = local.input.regex_replace_chars == null ? "/[^-a-zA-Z0-9]/" : local.input.regex_replace_chars
  key_case  = local.input.label_key_case == null ? "title" : local.input.label_key_case
  case      = local.input.label_value_case == null ? "lower" : local.input.label_value_case
  order     = local.input.label_order == null ? [] : local.input.label_order
  labels    = coalescelist(local.order, ["namespace", "environment", "stage", "name", "attributes"])

  plain = { for label in ["namespace", "tenant", "environment", "stage", "name"] : label => (
    local.input[label] == null ? "" : replace(local.input[label], local.strange, "")
  ) }
  cased = { for label, text in local.plain : label => (
    local.case == "none" ? text :
    local.case == "title" ? title(lower(text)) :
    local.case == "upper" ? upper(text) : lower(text)
  ) }
  attributes = compact(distinct([for text in [for each in local.input.attributes : replace(each, local.strange, "")] : (
    local.case == "none" ? text :
    local.case == "title" ? title(lower(text)) :
    local.case == "upper" ? upper(text) : lower(text)
  )]))
  label = merge(local.cased, { attributes = join(local.delimiter, local.attributes) })

  full  = join(local.delimiter, compact([for name in local.labels : local.label[name]]))
  limit = local.input.id_length_limit == null ? 0 : local.input.id_length_limit
  room  = local.limit - 5 - length(local.delimiter)
  start = trimsuffix(substr(local.full, 0, max(local.room, 0)), local.delimiter)
  short = local.room <= 0 ? local.hash : "${local.start}${local.delimiter}${local.hash}"
  hash  = local.case == "upper" ? upper(md5(local.full)) : md5(local.full)
  id    = local.limit != 0 && length(local.full) > local.limit ? substr(local.short, 0, local.limit) : local.full

  taggable = merge(local.label, { name = local.id })
  wanted   = contains(local.input.labels_as_tags, "default") ? keys(local.taggable) : local.input.labels_as_tags
  generated = {
    for name in setintersection(keys(local.taggable), local.wanted) : (
      local.key_case == "upper" ? upper(name) : local.key_case == "lower" ? lower(name) : title(lower(name))
    ) => local.taggable[name] if local.taggable[name] != ""
  }
  tags = merge(local.generated, local.input.tags)
}

output "enabled" { value = local.input.enabled }
output "context" { value = local.input }
output "id" { value = local.input.enabled ? local.id : "" }
output "id_full" { value = local.input.enabled ? local.full : "" }
output "tags" { value = local.input.enabled ? local.tags : {} }
output "attributes" { value = local.input.enabled ? local.attributes : [] }
output "delimiter" { value = local.input.enabled ? local.delimiter : "" }
output "namespace" { value = local.input.enabled ? local.label.namespace : "" }
output "tenant" { value = local.input.enabled ? local.label.tenant : "" }
output "environment" { value = local.input.enabled ? local.label.environment : "" }
output "stage" { value = local.input.enabled ? local.label.stage : "" }
output "name" { value = local.input.enabled ? local.label.name : "" }
