"""IAM: the action table, glob algebra, conditions, principals."""
