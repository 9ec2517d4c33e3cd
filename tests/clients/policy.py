"""Whether checkov can hold a policy against our plans: no trunk without a host, and what it then says of which resource.
In: the command of checkov, and plans. Out: a line for each plan; exit 1 where checkov saw other resources than the plan has.
Never lets checkov ask anyone for rules: the only one that runs stands in `policy/`.
"""

import json
import os
import pathlib
import subprocess
import sys

RULE = "CKV_TRUNKFORM_1"
RULES = pathlib.Path(__file__).parent / "policy"


def seen(checkov, plan):
    """The addresses that the rule passed and failed, as checkov reports them."""
    command = [checkov, "--file", plan, "--framework", "terraform_plan", "--external-checks-dir", str(RULES)]
    command += ["--check", RULE, "--output", "json", "--skip-download", "--soft-fail", "--compact"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LOG_LEVEL": "ERROR"})
    report = json.loads(done.stdout)
    if "results" not in report:  # nothing that a rule is for
        return set(), set()
    results = report["results"]
    if results.get("parsing_errors"):
        raise SystemExit(f"{plan}: checkov can't parse it: {results['parsing_errors']}")
    both = (results.get("passed_checks", []), results.get("failed_checks", []))
    return tuple({check["resource_address"] or check["resource"] for check in checks} for checks in both)


def wanted(plan):
    """The trunks of the plan as it will be: with a host or a server, and with neither."""
    resources = json.loads(pathlib.Path(plan).read_text())["planned_values"]["root_module"]["resources"]
    trunks = [resource for resource in resources if resource["type"] == "kalem_trunk"]
    reachable = {r["address"] for r in trunks if r["values"].get("host") or r["values"].get("outbound_server")}
    return reachable, {resource["address"] for resource in trunks} - reachable


def main(checkov, plans):
    wrong = 0
    total = 0
    for plan in plans:
        want, have = wanted(plan), seen(checkov, plan)
        total += len(want[0] | want[1])
        wrong += want != have
        print(f"{plan}: {'as it should be' if want == have else f'wanted {want}, checkov has {have}'}")
    print(f"{total} trunks")
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
