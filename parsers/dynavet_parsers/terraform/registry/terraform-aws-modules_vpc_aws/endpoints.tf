locals {
  endpoints = { for name, endpoint in var.endpoints : name => endpoint if var.create && try(endpoint.create, true) }
  own_group = var.create && var.create_security_group
  groups    = concat(var.security_group_ids, local.own_group ? [aws_security_group.this[0].id] : [])
}

data "aws_vpc_endpoint_service" "this" {
  for_each = local.endpoints

  service      = try(each.value.service, null)
  service_name = try(each.value.service_name, null)
}

resource "aws_vpc_endpoint" "this" {
  for_each = local.endpoints

  region              = var.region
  vpc_id              = var.vpc_id
  service_name        = try(each.value.service_endpoint, data.aws_vpc_endpoint_service.this[each.key].service_name)
  service_region      = try(each.value.service_region, null)
  vpc_endpoint_type   = try(each.value.service_type, "Interface")
  auto_accept         = try(each.value.auto_accept, null)
  policy              = try(each.value.policy, null)
  ip_address_type     = try(each.value.ip_address_type, null)
  private_dns_enabled = local.interface[each.key] ? try(each.value.private_dns_enabled, null) : null
  subnet_ids          = local.interface[each.key] ? distinct(concat(var.subnet_ids, local.subnets[each.key])) : null
  security_group_ids  = local.interface[each.key] ? distinct(concat(local.groups, local.further[each.key])) : null
  route_table_ids     = local.gateway[each.key] ? lookup(each.value, "route_table_ids", null) : null
  tags                = merge(var.tags, { Name = replace(each.key, ".", "-") }, try(each.value.tags, {}))
}

locals {
  gateway   = { for name, each in local.endpoints : name => try(each.service_type, "Interface") == "Gateway" }
  interface = { for name, each in local.endpoints : name => try(each.service_type, "Interface") == "Interface" }
  subnets   = { for name, each in local.endpoints : name => lookup(each, "subnet_ids", []) }
  further   = { for name, each in local.endpoints : name => lookup(each, "security_group_ids", []) }
}

resource "aws_security_group" "this" {
  count = local.own_group ? 1 : 0

  name        = var.security_group_name
  name_prefix = var.security_group_name_prefix
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, var.security_group_tags)
}

resource "aws_security_group_rule" "this" {
  for_each = { for name, rule in var.security_group_rules : name => rule if local.own_group }

  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, 443)
  to_port                  = try(each.value.to_port, 443)
  cidr_blocks              = lookup(each.value, "cidr_blocks", null)
  ipv6_cidr_blocks         = lookup(each.value, "ipv6_cidr_blocks", null)
  prefix_list_ids          = lookup(each.value, "prefix_list_ids", null)
  self                     = try(each.value.self, null)
  source_security_group_id = lookup(each.value, "source_security_group_id", null)
}

output "endpoints" { value = aws_vpc_endpoint.this }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
