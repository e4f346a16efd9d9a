"""CloudFormation and SAM templates."""

from dynavet_parsers.cloudformation.document import looks_like_template, may_nest
from dynavet_parsers.cloudformation.parameter_files import read_parameters
from dynavet_parsers.cloudformation.reader import read_template

__all__ = ["looks_like_template", "may_nest", "read_parameters", "read_template"]
