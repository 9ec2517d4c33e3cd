"""A rule for checkov: a trunk says where the other side is.
In: the trunk as the plan will leave it. Out: passed or failed.
Never reads a secret: none stands in a plan.
"""

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Reachable(BaseResourceCheck):
    def __init__(self):
        super().__init__(
            name="A trunk says where the other side is",
            id="CKV_TRUNKFORM_1",
            categories=[CheckCategories.NETWORKING],
            supported_resources=["kalem_trunk"],
        )

    def scan_resource_conf(self, conf):
        known = any(conf.get(key) not in (None, [], [None], [""]) for key in ("host", "outbound_server"))
        return CheckResult.PASSED if known else CheckResult.FAILED


check = Reachable()
