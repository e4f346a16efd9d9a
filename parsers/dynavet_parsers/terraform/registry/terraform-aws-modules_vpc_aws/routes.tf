locals {
  longest = max(
    local.private_count, local.public_count, local.elasticache_count, local.database_count, local.redshift_count
  )
  gateways        = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.longest
  public_tables   = var.create_multiple_public_route_tables ? local.public_count : 1
  intra_tables    = var.create_multiple_intra_route_tables ? local.intra_count : 1
  database_shared = var.single_nat_gateway || var.create_database_internet_gateway_route
  database_tables = local.database_shared ? 1 : local.database_count
}

resource "aws_internet_gateway" "this" {
  count = local.public_count > 0 && var.create_igw ? 1 : 0

  vpc_id = local.vpc_id
}

resource "aws_nat_gateway" "this" {
  count = local.create_vpc && var.enable_nat_gateway ? local.gateways : 0

  subnet_id = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route_table" "public" {
  count = local.public_count > 0 ? local.public_tables : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.public_route_table_tags)
}

resource "aws_route_table" "private" {
  count = local.private_count > 0 && local.longest > 0 ? local.gateways : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.private_route_table_tags)
}

resource "aws_route_table" "database" {
  count = local.database_count > 0 && var.create_database_subnet_route_table ? local.database_tables : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.database_route_table_tags)
}

resource "aws_route_table" "redshift" {
  count = local.redshift_count > 0 && var.create_redshift_subnet_route_table ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.redshift_route_table_tags)
}

resource "aws_route_table" "elasticache" {
  count = local.elasticache_count > 0 && var.create_elasticache_subnet_route_table ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.elasticache_route_table_tags)
}

resource "aws_route_table" "intra" {
  count = local.intra_count > 0 ? local.intra_tables : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, var.intra_route_table_tags)
}

resource "aws_route_table_association" "public" {
  count = local.public_count

  subnet_id = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(
    aws_route_table.public[*].id,
    var.create_multiple_public_route_tables ? count.index : 0
  )
}

resource "aws_route_table_association" "private" {
  count = local.private_count

  subnet_id = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(
    aws_route_table.private[*].id,
    var.single_nat_gateway ? 0 : count.index
  )
}

resource "aws_route_table_association" "database" {
  count = local.database_count

  subnet_id = element(aws_subnet.database[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id),
    var.create_database_subnet_route_table && local.database_shared ? 0 : count.index
  )
}

resource "aws_route_table_association" "redshift" {
  count = !var.enable_public_redshift ? local.redshift_count : 0

  subnet_id = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.redshift[*].id, aws_route_table.private[*].id),
    var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index
  )
}

resource "aws_route_table_association" "redshift_public" {
  count = var.enable_public_redshift ? local.redshift_count : 0

  subnet_id = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.redshift[*].id, aws_route_table.public[*].id),
    var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index
  )
}

resource "aws_route_table_association" "elasticache" {
  count = local.elasticache_count

  subnet_id = element(aws_subnet.elasticache[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.elasticache[*].id, aws_route_table.private[*].id),
    var.single_nat_gateway || var.create_elasticache_subnet_route_table ? 0 : count.index
  )
}

resource "aws_route_table_association" "intra" {
  count = local.intra_count

  subnet_id = element(aws_subnet.intra[*].id, count.index)
  route_table_id = element(
    aws_route_table.intra[*].id,
    var.create_multiple_intra_route_tables ? count.index : 0
  )
}

resource "aws_route_table_association" "outpost" {
  count = local.outpost_count

  subnet_id = element(aws_subnet.outpost[*].id, count.index)
  route_table_id = element(
    aws_route_table.private[*].id,
    var.single_nat_gateway ? 0 : count.index
  )
}

resource "aws_route" "public_internet_gateway" {
  count = local.public_count > 0 && var.create_igw ? local.public_tables : 0

  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "private_nat_gateway" {
  count = local.create_vpc && var.enable_nat_gateway && var.create_private_nat_gateway_route ? local.gateways : 0

  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = var.nat_gateway_destination_cidr_block
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}
