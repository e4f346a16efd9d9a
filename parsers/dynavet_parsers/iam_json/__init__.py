"""Raw IAM policy documents."""
