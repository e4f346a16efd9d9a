"""Every rule, listed by hand."""

from dynavet.rule import Rule
from dynavet_checks.access.ddb201_wildcard_action import RULE as DDB201
from dynavet_checks.access.ddb203_missing_fine_grained_conditions import RULE as DDB203
from dynavet_checks.access.ddb204_leading_keys_escape import RULE as DDB204
from dynavet_checks.access.ddb205_attribute_filter_incomplete import RULE as DDB205
from dynavet_checks.access.ddb206_condition_operator import RULE as DDB206
from dynavet_checks.access.ddb207_unknown_condition_key import RULE as DDB207
from dynavet_checks.access.ddb208_unknown_action import RULE as DDB208
from dynavet_checks.access.ddb215_partiql_side_door import RULE as DDB215
from dynavet_checks.access.ddb216_index_not_covered import RULE as DDB216
from dynavet_checks.access.ddb217_policy_version import RULE as DDB217
from dynavet_checks.access.ddb218_invalid_policy import RULE as DDB218
from dynavet_checks.governance.ddb501_required_tags import RULE as DDB501
from dynavet_checks.network.ddb301_vpc_endpoint_missing import RULE as DDB301
from dynavet_checks.scan.ddb000_unparsable_source import RULE as DDB000
from dynavet_checks.scan.ddb001_unresolved_module import RULE as DDB001
from dynavet_checks.scan.ddb002_invalid_suppression import RULE as DDB002
from dynavet_checks.scan.ddb003_expired_suppression import RULE as DDB003
from dynavet_checks.scan.ddb004_unused_suppression import RULE as DDB004
from dynavet_checks.table.ddb101_table_customer_managed_key import RULE as DDB101
from dynavet_checks.table.ddb105_point_in_time_recovery import RULE as DDB105
from dynavet_checks.table.ddb106_deletion_protection import RULE as DDB106
from dynavet_checks.table.ddb112_table_destroyed import RULE as DDB112

RULES: tuple[Rule, ...] = (
    *(DDB000, DDB001, DDB002, DDB003, DDB004),
    *(DDB101, DDB105, DDB106, DDB112),
    *(DDB201, DDB203, DDB204, DDB205, DDB206, DDB207, DDB208, DDB215, DDB216, DDB217, DDB218),
    DDB301,
    DDB501,
)
