"""sum_lines.py LOG PROFILE: adds up the lines of a log made with -f -y -T (ringside's or strace's) and compares with the profile.

Knows the text format only: names of calls, <path> behind the descriptor, the result, the time in <>. With a third argument
times are not compared (the log is of another run).
"""
import collections
import json
import re
import sys

READS = {"read", "pread64", "readv", "preadv", "preadv2", "recvfrom", "recvmsg"}
WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg"}
LINE = re.compile(r"^(?P<pid>\d+) +(?P<rest>.*)$")
CALL = re.compile(r"^(?P<name>\w+)\((?P<args>.*)\) += (?P<ret>-?\d+|\?|0x[0-9a-f]+)(?P<tail>.*)$")


def path_of(args):
    """What <...> holds behind the first descriptor; > within it does not occur in the paths of the tests."""
    m = re.match(r"\d+<(.*?)>[,)]", args + ")")
    return m.group(1) if m else None


def joined(log):
    open_calls = {}
    for line in open(log, errors="replace"):
        m = LINE.match(line.rstrip("\n"))
        if not m:
            continue
        pid, rest = m.group("pid"), m.group("rest")
        if rest.endswith("<unfinished ...>"):
            open_calls[pid] = rest[: -len("<unfinished ...>")]
            continue
        resumed = re.match(r"^<\.\.\. \w+ resumed>(.*)$", rest)
        if resumed:
            rest = open_calls.pop(pid, "") + resumed.group(1)
        yield rest


sums = collections.defaultdict(lambda: [0, 0, 0.0])
for text in joined(sys.argv[1]):
    m = CALL.match(text)
    if not m or m.group("ret").startswith(("-", "?")):
        continue
    direction = "read" if m.group("name") in READS else "write" if m.group("name") in WRITES else None
    path = direction and path_of(m.group("args"))
    if not path:
        continue
    t = re.search(r"<(\d+\.\d+)>$", m.group("tail"))
    s = sums[(path, direction)]
    s[0] += 1
    s[1] += int(m.group("ret"))
    s[2] += float(t.group(1)) if t else 0
profile = json.load(open(sys.argv[2]))
same_run = len(sys.argv) < 4
bad = 0
seen = set()
for f in profile["files"]:
    name = f["name"]
    for d in ("read", "write"):
        flow = f[d] or {"calls": 0, "bytes": 0, "time": 0}
        want = sums.get((name, d), [0, 0, 0.0])
        if flow["calls"]:
            seen.add((name, d))
        skip = not same_run and name.startswith(("pipe:", "socket:", "/proc/"))
        if not skip and (flow["calls"], flow["bytes"]) != (want[0], want[1]):
            bad += 1
            print(f"{name} {d}: profile {flow['calls']} calls {flow['bytes']} bytes, lines {want[0]} calls {want[1]} bytes")
        # times are printed in us, and those that overlap count once in the profile
        if same_run and flow["time"] / 1e9 > want[2] + 1e-6 * want[0] + 1e-9:
            bad += 1
            print(f"{name} {d}: profile {flow['time'] / 1e9} s, lines {want[2]} s")
for (path, d), want in sums.items():
    if same_run and (path, d) not in seen:
        bad += 1
        print(f"{path} {d}: not in the profile; lines {want[0]} calls {want[1]} bytes")
if same_run and not seen:
    bad += 1
    print("nothing compared")
print(f"{len(seen)} sums compared")
sys.exit(bad != 0)
