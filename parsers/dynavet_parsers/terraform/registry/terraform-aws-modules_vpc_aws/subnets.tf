# Each group has as many subnets as the longer of its two lists of addresses.
locals {
  public_count = local.create_vpc ? max(
    length(var.public_subnets), length(var.public_subnet_ipv6_prefixes)
  ) : 0
  private_count = local.create_vpc ? max(
    length(var.private_subnets), length(var.private_subnet_ipv6_prefixes)
  ) : 0
  database_count = local.create_vpc ? max(
    length(var.database_subnets), length(var.database_subnet_ipv6_prefixes)
  ) : 0
  redshift_count = local.create_vpc ? max(
    length(var.redshift_subnets), length(var.redshift_subnet_ipv6_prefixes)
  ) : 0
  elasticache_count = local.create_vpc ? max(
    length(var.elasticache_subnets), length(var.elasticache_subnet_ipv6_prefixes)
  ) : 0
  intra_count = local.create_vpc ? max(
    length(var.intra_subnets), length(var.intra_subnet_ipv6_prefixes)
  ) : 0
  outpost_count = local.create_vpc ? max(
    length(var.outpost_subnets), length(var.outpost_subnet_ipv6_prefixes)
  ) : 0
}

resource "aws_subnet" "public" {
  count = !var.one_nat_gateway_per_az || local.public_count >= length(var.azs) ? local.public_count : 0

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block = (
    var.public_subnet_ipv6_native ? null : element(concat(var.public_subnets, [""]), count.index)
  )
  map_public_ip_on_launch = var.map_public_ip_on_launch
  tags                    = merge(var.tags, var.public_subnet_tags)
}

resource "aws_subnet" "private" {
  count = local.private_count

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.private_subnet_ipv6_native ? null : element(concat(var.private_subnets, [""]), count.index)
  tags              = merge(var.tags, var.private_subnet_tags)
}

resource "aws_subnet" "database" {
  count = local.database_count

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.database_subnet_ipv6_native ? null : element(concat(var.database_subnets, [""]), count.index)
  tags              = merge(var.tags, var.database_subnet_tags)
}

resource "aws_subnet" "redshift" {
  count = local.redshift_count

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.redshift_subnet_ipv6_native ? null : element(concat(var.redshift_subnets, [""]), count.index)
  tags              = merge(var.tags, var.redshift_subnet_tags)
}

resource "aws_subnet" "elasticache" {
  count = local.elasticache_count

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block = (
    var.elasticache_subnet_ipv6_native ? null : element(concat(var.elasticache_subnets, [""]), count.index)
  )
  tags = merge(var.tags, var.elasticache_subnet_tags)
}

resource "aws_subnet" "intra" {
  count = local.intra_count

  vpc_id            = local.vpc_id
  availability_zone = element(var.azs, count.index)
  cidr_block        = var.intra_subnet_ipv6_native ? null : element(concat(var.intra_subnets, [""]), count.index)
  tags              = merge(var.tags, var.intra_subnet_tags)
}

resource "aws_subnet" "outpost" {
  count = local.outpost_count

  vpc_id            = local.vpc_id
  availability_zone = var.outpost_az
  cidr_block        = var.outpost_subnet_ipv6_native ? null : element(concat(var.outpost_subnets, [""]), count.index)
  outpost_arn       = var.outpost_arn
  tags              = merge(var.tags, var.outpost_subnet_tags)
}

resource "aws_db_subnet_group" "database" {
  count = local.database_count > 0 && var.create_database_subnet_group ? 1 : 0

  name       = lower(coalesce(var.database_subnet_group_name, var.name))
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_redshift_subnet_group" "redshift" {
  count = local.redshift_count > 0 && var.create_redshift_subnet_group ? 1 : 0

  name       = lower(coalesce(var.redshift_subnet_group_name, var.name))
  subnet_ids = aws_subnet.redshift[*].id
}

resource "aws_elasticache_subnet_group" "elasticache" {
  count = local.elasticache_count > 0 && var.create_elasticache_subnet_group ? 1 : 0

  name       = coalesce(var.elasticache_subnet_group_name, var.name)
  subnet_ids = aws_subnet.elasticache[*].id
}
