#!/usr/bin/env python3
"""Judges a load: did nothing fail, and is everything that was acknowledged still there? Asked of the database itself.

    kept.py REPORT.json POSTGRES-CONTAINER PASSWORD-FILE     exit code 1, with what is wrong, if something is
"""
import json
import pathlib
import subprocess
import sys


def rows(container, password, sql):
    url = f"postgres://yewu_admin:{password}@127.0.0.1:5432/yewu"
    asked = subprocess.run(["docker", "exec", "-i", container, "psql", "-X", "-A", "-t", "-q", url],
                           input=sql, capture_output=True, text=True, timeout=120, check=True)
    return set(asked.stdout.split())


def main():
    report, container, password_file = sys.argv[1:]
    load = json.loads(pathlib.Path(report).read_text(encoding="utf-8"))
    password = pathlib.Path(password_file).read_text(encoding="utf-8").strip()
    wrong = list(load["failures"][:10])
    acknowledged = load["acknowledged"]
    named = rows(container, password, "SELECT id FROM crm.leads WHERE name LIKE 'Load %';")
    lost = set(acknowledged.values()) - named
    if lost:
        wrong.append(f"{len(lost)} acknowledged leads are gone, for instance {sorted(lost)[:3]}")
    twice = rows(container, password, "SELECT name FROM crm.leads WHERE name LIKE 'Load %' GROUP BY name HAVING count(*) > 1;")
    if twice:
        wrong.append(f"made twice: {sorted(twice)[:3]}")
    if not acknowledged or load["requests"] < 50:
        wrong.append(f"too little was asked to say anything: {load['requests']} requests, {len(acknowledged)} acknowledged")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
