# The order service once more, without the mistakes.

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
      Security    = "confidential"
    }
  }
}

provider "aws" {
  alias  = "replica"
  region = var.replica_region

  default_tags {
    tags = {
      Service     = "orders"
      Environment = var.environment
      Security    = "confidential"
    }
  }
}

data "aws_caller_identity" "current" {}
