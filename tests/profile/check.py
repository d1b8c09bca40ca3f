"""Compares a profile with what a truth printed: check.py PROFILE EXPECTATIONS [SCHEMA]."""
import json
import sys


def field(value, path):
    for key in path.split("."):
        if key == "count" and isinstance(value, list):
            value = len(value)
        elif isinstance(value, list):
            value = value[int(key)] if int(key) < len(value) else 0
        else:
            value = (value or {}).get(key, 0)
    return int(value or 0)


def of_descriptions(profile, name, path):
    mine = [d for d in profile["descriptions"] if named(d["file"], name) and "opened" in d]
    special = {
        "count": lambda d: 1,
        "ended_closed": lambda d: d["end"] == "closed",
        "has_peer": lambda d: "peer" in d,
        "watches": lambda d: bool(d.get("watches")),
    }
    return sum(int(special.get(path, lambda d: d[path])(d)) for d in mine)


def named(file, name):
    return file.endswith("/" + name) or (name not in ("data", "copy", "log", "fresh") and name in file)


def of_files(profile, name, path):
    mine = [f for f in profile["files"] if named(f["name"], name) and (name != "pipe" or f.get("read") or f.get("write"))]
    if path.startswith("all."):
        return sum(field(f, path[4:]) for f in mine)
    if name == "pipe":
        mine = [f for f in mine if f["counts"].get("OPENS")]
    return field(mine[0], path) if mine else None


profile = json.load(open(sys.argv[1]))
if len(sys.argv) > 3:
    import jsonschema

    errors = list(jsonschema.Draft202012Validator(json.load(open(sys.argv[3]))).iter_errors(profile))
    for e in errors[:5]:
        print("schema:", e.message[:200], list(e.absolute_path))
    if errors:
        sys.exit(1)
bad = 0
for line in open(sys.argv[2]):
    kind, name, path, want = line.split()
    if kind == "F":
        got = of_files(profile, name, path)
    elif kind == "D":
        got = of_descriptions(profile, name, path)
    else:
        got = field(profile["processes"][0], path)
    if got != int(want):
        bad += 1
        print(f"{name} {path}: {got}, expected {want}")
sys.exit(bad != 0)
