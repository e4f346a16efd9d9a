"""Every rule, listed by hand."""

from dynavet.rule import Rule
from dynavet_checks.access.ddb201_wildcard_action import RULE as DDB201
from dynavet_checks.access.ddb202_wildcard_resource import RULE as DDB202
from dynavet_checks.access.ddb203_missing_fine_grained_conditions import RULE as DDB203
from dynavet_checks.access.ddb204_leading_keys_escape import RULE as DDB204
from dynavet_checks.access.ddb205_attribute_filter_incomplete import RULE as DDB205
from dynavet_checks.access.ddb206_condition_operator import RULE as DDB206
from dynavet_checks.access.ddb207_unknown_condition_key import RULE as DDB207
from dynavet_checks.access.ddb208_unknown_action import RULE as DDB208
from dynavet_checks.access.ddb209_not_action_or_not_resource import RULE as DDB209
from dynavet_checks.access.ddb210_public_resource_policy import RULE as DDB210
from dynavet_checks.access.ddb211_cross_account_access import RULE as DDB211
from dynavet_checks.access.ddb212_long_term_credentials import RULE as DDB212
from dynavet_checks.access.ddb213_administrative_actions import RULE as DDB213
from dynavet_checks.access.ddb214_data_exfiltration_path import RULE as DDB214
from dynavet_checks.access.ddb215_partiql_side_door import RULE as DDB215
from dynavet_checks.access.ddb216_index_not_covered import RULE as DDB216
from dynavet_checks.access.ddb217_policy_version import RULE as DDB217
from dynavet_checks.access.ddb218_invalid_policy import RULE as DDB218
from dynavet_checks.access.ddb219_broad_managed_policy import RULE as DDB219
from dynavet_checks.access.ddb220_federated_trust import RULE as DDB220
from dynavet_checks.access.ddb221_key_permission_missing import RULE as DDB221
from dynavet_checks.governance.ddb501_required_tags import RULE as DDB501
from dynavet_checks.governance.ddb503_capacity import RULE as DDB503
from dynavet_checks.network.ddb301_vpc_endpoint_missing import RULE as DDB301
from dynavet_checks.scan.ddb000_unparsable_source import RULE as DDB000
from dynavet_checks.scan.ddb001_unresolved_module import RULE as DDB001
from dynavet_checks.scan.ddb002_invalid_suppression import RULE as DDB002
from dynavet_checks.scan.ddb003_expired_suppression import RULE as DDB003
from dynavet_checks.scan.ddb004_unused_suppression import RULE as DDB004
from dynavet_checks.table.ddb101_table_customer_managed_key import RULE as DDB101
from dynavet_checks.table.ddb105_point_in_time_recovery import RULE as DDB105
from dynavet_checks.table.ddb106_deletion_protection import RULE as DDB106
from dynavet_checks.table.ddb110_stream_destination_encryption import RULE as DDB110
from dynavet_checks.table.ddb112_table_destroyed import RULE as DDB112

RULES: tuple[Rule, ...] = (
    *(DDB000, DDB001, DDB002, DDB003, DDB004),
    *(DDB101, DDB105, DDB106, DDB110, DDB112),
    *(DDB201, DDB202, DDB203, DDB204, DDB205, DDB206, DDB207, DDB208, DDB209, DDB210),
    *(DDB211, DDB212, DDB213, DDB214, DDB215, DDB216, DDB217, DDB218, DDB219, DDB220, DDB221),
    DDB301,
    DDB501,
    DDB503,
)
