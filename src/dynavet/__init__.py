"""Static analysis of DynamoDB security in infrastructure code."""

__version__ = "0.1.0"
