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
from dynavet_checks.detection.ddb401_cloudtrail_management_events import RULE as DDB401
from dynavet_checks.detection.ddb402_cloudtrail_kms_events import RULE as DDB402
from dynavet_checks.detection.ddb403_cloudtrail_data_events import RULE as DDB403
from dynavet_checks.detection.ddb404_stream_monitoring import RULE as DDB404
from dynavet_checks.detection.ddb405_config_recorder import RULE as DDB405
from dynavet_checks.detection.ddb406_config_rules import RULE as DDB406
from dynavet_checks.governance.ddb501_required_tags import RULE as DDB501
from dynavet_checks.governance.ddb502_tag_values import RULE as DDB502
from dynavet_checks.governance.ddb503_capacity import RULE as DDB503
from dynavet_checks.network.ddb301_vpc_endpoint_missing import RULE as DDB301
from dynavet_checks.network.ddb302_endpoint_policy_open import RULE as DDB302
from dynavet_checks.network.ddb303_endpoint_not_routed import RULE as DDB303
from dynavet_checks.network.ddb304_access_outside_endpoint import RULE as DDB304
from dynavet_checks.network.ddb305_insecure_transport import RULE as DDB305
from dynavet_checks.network.ddb306_dax_network_exposure import RULE as DDB306
from dynavet_checks.scan.ddb000_unparsable_source import RULE as DDB000
from dynavet_checks.scan.ddb001_unresolved_module import RULE as DDB001
from dynavet_checks.scan.ddb002_invalid_suppression import RULE as DDB002
from dynavet_checks.scan.ddb003_expired_suppression import RULE as DDB003
from dynavet_checks.scan.ddb004_unused_suppression import RULE as DDB004
from dynavet_checks.table.ddb101_table_customer_managed_key import RULE as DDB101
from dynavet_checks.table.ddb102_replica_customer_managed_key import RULE as DDB102
from dynavet_checks.table.ddb103_key_rotation import RULE as DDB103
from dynavet_checks.table.ddb104_key_policy_open import RULE as DDB104
from dynavet_checks.table.ddb105_point_in_time_recovery import RULE as DDB105
from dynavet_checks.table.ddb106_deletion_protection import RULE as DDB106
from dynavet_checks.table.ddb107_backup_plan import RULE as DDB107
from dynavet_checks.table.ddb108_dax_encryption_at_rest import RULE as DDB108
from dynavet_checks.table.ddb109_dax_encryption_in_transit import RULE as DDB109
from dynavet_checks.table.ddb110_stream_destination_encryption import RULE as DDB110
from dynavet_checks.table.ddb111_client_side_encryption import RULE as DDB111
from dynavet_checks.table.ddb112_table_destroyed import RULE as DDB112

RULES: tuple[Rule, ...] = (
    *(DDB000, DDB001, DDB002, DDB003, DDB004),
    *(DDB101, DDB102, DDB103, DDB104, DDB105, DDB106, DDB107, DDB108, DDB109, DDB110),
    *(DDB111, DDB112),
    *(DDB201, DDB202, DDB203, DDB204, DDB205, DDB206, DDB207, DDB208, DDB209, DDB210),
    *(DDB211, DDB212, DDB213, DDB214, DDB215, DDB216, DDB217, DDB218, DDB219, DDB220),
    DDB221,
    *(DDB301, DDB302, DDB303, DDB304, DDB305, DDB306),
    *(DDB401, DDB402, DDB403, DDB404, DDB405, DDB406),
    *(DDB501, DDB502, DDB503),
)
