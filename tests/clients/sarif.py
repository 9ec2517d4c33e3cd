"""Reads a log of sarif-multitool, whose exit code says nothing.

In: the multitool, a SARIF file, a folder for the log. Out: exit 0 where it has nothing to say but what is known below.
"""

import json
import subprocess
import sys

KNOWN = {
    "SARIF2002": "messages are whole sentences, not arguments of a rule's",
    "SARIF2003": "no versionControlProvenance: the program does not ask git",
    "SARIF2005": "no informationUri: there is no page yet",
    "SARIF2006": "the page of $schema is not looked up without a network",
    "SARIF2010": "no snippet: a line may hold what nobody should copy elsewhere",
    "SARIF2011": "no contextRegion: the same",
    "SARIF2012": "no helpUri, as there is no page; a rule's name is its code",
}

multitool, document, folder = sys.argv[1:]
log = f"{folder}/sarif-log.json"
options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--log", "ForceOverwrite", "--output", log]
subprocess.run([multitool, "validate", document, *options], check=True, stdout=subprocess.DEVNULL)
with open(log, encoding="utf-8-sig") as file:
    run = json.load(file)["runs"][0]
results = run.get("results", [])
if not any(result["ruleId"] in KNOWN for result in results):
    sys.exit("the multitool did not look: not even what is known was found")
new = [result for result in results if result["ruleId"] not in KNOWN]
for result in new:
    print(result["ruleId"], result.get("level"), json.dumps(result["message"]))
sys.exit(1 if new else 0)
