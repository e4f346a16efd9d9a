output "vpc_id" { value = try(aws_vpc.this[0].id, null) }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "vpc_main_route_table_id" { value = try(aws_vpc.this[0].main_route_table_id, null) }
output "vpc_owner_id" { value = try(aws_vpc.this[0].owner_id, null) }
output "vpc_ipv6_cidr_block" { value = try(aws_vpc.this[0].ipv6_cidr_block, null) }
output "vpc_secondary_cidr_blocks" { value = compact(aws_vpc_ipv4_cidr_block_association.this[*].cidr_block) }
output "default_security_group_id" { value = try(aws_vpc.this[0].default_security_group_id, null) }
output "default_network_acl_id" { value = try(aws_vpc.this[0].default_network_acl_id, null) }
output "default_route_table_id" { value = try(aws_vpc.this[0].default_route_table_id, null) }
output "default_vpc_id" { value = try(aws_default_vpc.this[0].id, null) }
output "default_vpc_arn" { value = try(aws_default_vpc.this[0].arn, null) }
output "default_vpc_cidr_block" { value = try(aws_default_vpc.this[0].cidr_block, null) }
output "default_vpc_default_security_group_id" { value = try(aws_default_vpc.this[0].default_security_group_id, null) }
output "default_vpc_main_route_table_id" { value = try(aws_default_vpc.this[0].main_route_table_id, null) }
output "igw_id" { value = try(aws_internet_gateway.this[0].id, null) }
output "natgw_ids" { value = aws_nat_gateway.this[*].id }
output "azs" { value = var.azs }
output "name" { value = var.name }
output "vpc_flow_log_id" { value = try(aws_flow_log.this[0].id, null) }
output "vpc_flow_log_destination_arn" { value = local.log_destination }
output "vpc_flow_log_destination_type" { value = var.flow_log_destination_type }
output "vpc_flow_log_cloudwatch_iam_role_arn" { value = local.log_role_arn }

output "public_subnets" { value = aws_subnet.public[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "public_subnet_objects" { value = aws_subnet.public }
output "public_subnets_cidr_blocks" { value = compact(aws_subnet.public[*].cidr_block) }

output "private_subnets" { value = aws_subnet.private[*].id }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "private_subnet_objects" { value = aws_subnet.private }
output "private_subnets_cidr_blocks" { value = compact(aws_subnet.private[*].cidr_block) }

output "database_subnets" { value = aws_subnet.database[*].id }
output "database_subnet_arns" { value = aws_subnet.database[*].arn }
output "database_subnet_objects" { value = aws_subnet.database }
output "database_subnets_cidr_blocks" { value = compact(aws_subnet.database[*].cidr_block) }

output "redshift_subnets" { value = aws_subnet.redshift[*].id }
output "redshift_subnet_arns" { value = aws_subnet.redshift[*].arn }
output "redshift_subnet_objects" { value = aws_subnet.redshift }
output "redshift_subnets_cidr_blocks" { value = compact(aws_subnet.redshift[*].cidr_block) }

output "elasticache_subnets" { value = aws_subnet.elasticache[*].id }
output "elasticache_subnet_arns" { value = aws_subnet.elasticache[*].arn }
output "elasticache_subnet_objects" { value = aws_subnet.elasticache }
output "elasticache_subnets_cidr_blocks" { value = compact(aws_subnet.elasticache[*].cidr_block) }

output "intra_subnets" { value = aws_subnet.intra[*].id }
output "intra_subnet_arns" { value = aws_subnet.intra[*].arn }
output "intra_subnet_objects" { value = aws_subnet.intra }
output "intra_subnets_cidr_blocks" { value = compact(aws_subnet.intra[*].cidr_block) }

output "outpost_subnets" { value = aws_subnet.outpost[*].id }
output "outpost_subnet_arns" { value = aws_subnet.outpost[*].arn }
output "outpost_subnet_objects" { value = aws_subnet.outpost }
output "outpost_subnets_cidr_blocks" { value = compact(aws_subnet.outpost[*].cidr_block) }

output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "intra_route_table_ids" { value = aws_route_table.intra[*].id }
output "database_route_table_ids" {
  value = try(coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id), [])
}
output "elasticache_route_table_ids" {
  value = try(coalescelist(aws_route_table.elasticache[*].id, aws_route_table.private[*].id), [])
}
output "redshift_route_table_ids" {
  value = try(coalescelist(aws_route_table.redshift[*].id, local.redshift_shared), [])
}
locals { redshift_shared = var.enable_public_redshift ? aws_route_table.public[*].id : aws_route_table.private[*].id }

output "database_subnet_group" { value = try(aws_db_subnet_group.database[0].id, null) }
output "database_subnet_group_name" { value = try(aws_db_subnet_group.database[0].name, null) }
output "redshift_subnet_group" { value = try(aws_redshift_subnet_group.redshift[0].id, null) }
output "elasticache_subnet_group" { value = try(aws_elasticache_subnet_group.elasticache[0].id, null) }
output "elasticache_subnet_group_name" { value = try(aws_elasticache_subnet_group.elasticache[0].name, null) }
