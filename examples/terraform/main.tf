# The order service: three tables, a Lambda function that works on them inside a VPC.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.60"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Service     = "orders"
      Environment = var.environment
    }
  }
}

data "aws_caller_identity" "current" {}
