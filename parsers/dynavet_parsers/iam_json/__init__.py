"""Raw IAM policy documents, and the document reader that all languages share."""

from dynavet_parsers.iam_json.find import looks_like_policy, read_policies

__all__ = ["looks_like_policy", "read_policies"]
