#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what a case holds with the lab's truth.json.

    compare_truth.py CASE TRUTH REPORT.html

Reads the case with SQLite alone, through the views that docs/formats/case.md
promises.  Prints a line per check and a figure where there is one; exits 1 if
one does not hold.
"""
import json
import re
import sqlite3
import sys
from datetime import datetime, timezone

case, truth_path, report_path = sys.argv[1:4]
truth = json.load(open(truth_path, encoding="utf-8"))
page = open(report_path, encoding="utf-8").read()
words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
db = sqlite3.connect(f"file:{case}/case.db?mode=ro", uri=True)
db.row_factory = sqlite3.Row
bad = 0


def check(what, holds, detail=""):
    global bad
    bad += not holds
    print(f"{'ok  ' if holds else 'FAIL'} {what}{': ' + str(detail) if detail != '' else ''}")


def findings(kind):
    for row in db.execute("select * from now_finding where kind = ? order by id", (kind,)):
        yield dict(row) | {"data": json.loads(row["data"]), "locator": json.loads(row["locator"])}


def paths_of(obj):
    return {r[0] for r in db.execute("select name from object_path where object = ?", (obj,))}


# --- every file with the right hash and day -------------------------------
captures = [r[0] for r in db.execute("select capture from day where source_kind = 'http' and state = 'complete' order by capture")]
check("a complete capture each day", len(captures) == len(truth["days"]), f"{len(captures)} of {len(truth['days'])}")
seen = {}
for n, capture in enumerate(captures, 1):
    for r in db.execute("select s.name, s.change, lower(hex(o.sha256)) sha from now_sighting s left join object o on o.id = s.object where s.capture = ?", (capture,)):
        seen[(n, r["name"])] = (r["change"], r["sha"])
wanted = {}
for f in truth["files"]:
    versions = {v["day"]: v["sha256"] for v in f["versions"]}
    last = f["last_day"]
    sha = None
    for day in range(f["first_day"], len(truth["days"]) + 1):
        if last is not None and day > last:
            if day == last + 1:
                wanted[(day, f["path"])] = ("vanished", None)
            continue
        change = "new" if day == f["first_day"] else "changed" if day in versions else "unchanged"
        sha = versions.get(day, sha)
        wanted[(day, f["path"])] = (change, sha)
wrong = []
for key, (change, sha) in wanted.items():
    got = seen.get(key)
    if got is None or got[0] != change or (sha and got[1] != sha):
        wrong.append((key, change, got and got[0]))
extra = [k for k, v in seen.items() if k not in wanted and v[0] != "vanished" and v[0] != "unknown"]
check("every file captured with the right hash and day", not wrong, f"{len(wanted)} sightings" if not wrong else wrong[:5])
check("no file invented", not extra, extra[:5] if extra else "")

# --- logins ----------------------------------------------------------------
def stamp(value):
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value

got, failures = {}, set()
for f in findings("log.login"):
    key = (stamp(f["data"]["time"]), f["value"])
    if f["data"]["ok"]:
        got[key] = f["data"]
    else:
        failures.add(key)
want = {(l["time"], l["address"]): l for l in truth["logins"]}
check("all logins found", set(want) <= set(got), f"{len(set(want) & set(got))} of {len(want)}")
check("no login invented", set(got) <= set(want), sorted(set(got) - set(want))[:3] or "")
off = []
for k in set(want) & set(got):
    g, w = got[k], want[k]
    exit_point = w["class"] == "vpn-brand"
    # The country of an exit is where the address is, never where its user is.
    country = g["country"] is None if exit_point else g["country"] == w["country"]
    if not (country and g["address_country"] == w["country"] and (g["class"] == "vpn-brand") == exit_point and g["asn"] == w["asn"]):
        off.append((k, g["class"], g["country"], g["address_country"], w["class"], w["country"]))
check("each login with the right country, network and class", not off, off[:3] or "")
check("failed logins told from logins", {(l["time"], l["address"]) for l in truth["failed_logins"]} <= failures,
      f"{len(failures)} failures")

if not truth["control"]:
    c = truth["login_counts"]
    line = re.search(rf"{c['total']} logins: {c['vpn']} through VPN exits .{{0,200}}{c['CN']} from China, {c['ES']} from Spain", words)
    check("the report says where the logins came from, with counts and units", bool(line), line.group(0) if line else "no such line")
    check("and says it in words", "Most logins came through VPN exits, three from China, one from Spain" in words)

# --- productions and names --------------------------------------------------
titles = {f["data"]["id"]: f["data"]["status"] for f in findings("title.match")}
planted = {t["id"]: t["expect"] for t in truth["titles"]}
check("the planted productions recognised, no others", titles == planted, titles if titles != planted else f"{len(titles)} titles")
names = {(int(f["data"]["entry"]), p) for f in findings("name.match") for p in paths_of(f["object"])}
want_names = {(int(n["entry"]), n["path"]) for n in truth["names"]}
check("the planted listed names found, no others", names == want_names, sorted(names ^ want_names)[:4] or f"{len(names)} names")

# --- instruction pairs --------------------------------------------------------
def plain(s):
    return re.sub(r"[\W_]+", "", s, flags=re.UNICODE)


def likeness(a, b):
    a, b = plain(a), plain(b)
    if not a or not b:
        return 0.0
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return 1 - row[-1] / max(len(a), len(b))


def covered(box, of):
    if not box or not of:
        return 0.0
    w = min(box[0] + box[2], of[0] + of[2]) - max(box[0], of[0])
    h = min(box[1] + box[3], of[1] + of[3]) - max(box[1], of[1])
    return max(0, w) * max(0, h) / (of[2] * of[3]) if w > 0 and h > 0 else 0.0


def same(f, t):
    d = f["data"]
    if t["where"] == "picture":
        return (covered(d.get("a_box"), t["zh_box"]) >= .5 and covered(d.get("b_box"), t["ko_box"]) >= .5
                and likeness(d["a_text"], t["zh"]) >= .5 and likeness(d["b_text"], t["ko"]) >= .3)
    return likeness(d["a_text"], t["zh"]) >= .9 and likeness(d["b_text"], t["ko"]) >= .9


planted_at, pairs = {}, list(findings("pair.lines"))
for t in truth["pairs"]:
    planted_at.setdefault(t["path"], []).append(t)
found, spare = {w: [0, 0] for w in ("picture", "xlsx", "docx")}, []
hit = set()
for f in pairs:
    # A file that changed has been read in each of its versions.
    of = [t for p in paths_of(f["object"]) for t in planted_at.get(p, []) if same(f, t)]
    hit.update(id(t) for t in of)
    if not of:
        spare.append(f)
for t in truth["pairs"]:
    found[t["where"]][0] += id(t) in hit
    found[t["where"]][1] += 1
if truth["pairs"]:
    for where, (r, n) in found.items():
        if n:
            check(f"instruction pairs in {where}: at least three quarters", r / n >= .75, f"{r} of {n}")
    check("pairs that match no planted one are few", len(spare) <= .1 * max(len(pairs), 1),
          f"{len(spare)} of {len(pairs)} " + str([f["value"][:60] for f in spare[:4]]))

# --- what is claimed ------------------------------------------------------------
claims = {f["data"]["id"]: (f["value"], f["data"]) for f in findings("assess.claim")}
check("claims are made", bool(claims), sorted(claims))
relays = list(findings("log.relay"))
made = {i for i, (_, d) in claims.items() if d["status"] == "claim"}
if truth["control"]:
    check("no relay on the innocent server", not relays)
    check("no name matched on the innocent server", not names)
    check("no go-between and no sanctioned party is claimed", {"relay", "hands"} <= set(claims) and not made, made or "")
    check("no pair invented on the innocent server", not pairs, [f["value"][:80] for f in pairs[:3]] or "")
else:
    check("the relay is seen", bool(relays), relays[0]["value"][:160] if relays else "")
    check("a go-between is claimed", "relay" in made, claims["relay"][0])
sys.exit(bad > 0)
