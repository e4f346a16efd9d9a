"""Files in which applications list the libraries that they use."""

from dynavet_parsers.manifests.formats import may_be_manifest
from dynavet_parsers.manifests.reading import read_manifest

__all__ = ["may_be_manifest", "read_manifest"]
