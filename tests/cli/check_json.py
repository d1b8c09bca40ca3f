"""Applies the JSON schema to each line of a trace, and the promises between records: seq grows, header first."""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
validator = jsonschema.Draft202012Validator(schema)
seq = -1
records = [json.loads(line) for line in open(sys.argv[2], "rb")]
assert records, "no records"
assert records[0]["type"] == "header", records[0]
assert records[-1]["type"] == "completeness", records[-1]
for i, r in enumerate(records):
    for e in validator.iter_errors(r):
        sys.exit(f"record {i}: {e.message} at {list(e.absolute_path)}: {json.dumps(r)[:300]}")
