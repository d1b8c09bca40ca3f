"""findings.py SCHEMA PROFILE [ID...]: the profile is valid and has exactly these findings."""
import json
import sys

import jsonschema

profile = json.load(open(sys.argv[2]))
for e in list(jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).iter_errors(profile))[:3]:
    sys.exit(f"schema: {e.message[:200]} at {list(e.absolute_path)}")
got = sorted({f["id"] for f in profile["findings"]})
if got != sorted(sys.argv[3:]):
    for f in profile["findings"]:
        print(f["id"], f.get("file"), f.get("command"), f["figures"])
    sys.exit(f"found {got}, expected {sorted(sys.argv[3:])}")
for f in profile["findings"]:
    if not f["records"] and f["id"] != "near-descriptor-limit":
        sys.exit(f"{f['id']} has no evidence")
