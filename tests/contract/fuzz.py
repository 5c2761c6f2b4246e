"""Runs schemathesis on each service's document with a token of each role, and prints what came of it as one table.

Called by `run`, which brings up the instance; it starts and stops nothing but schemathesis.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs

HERE = Path(__file__).resolve().parent
OPENAPI = HERE.parent.parent / "openapi"
SERVICES = ["crm", "quoting", "contracts", "orders", "procurement", "aftersales"]
LINE = "{:<12} {:<20} {:>10} {:>8} {:>9} {:>7} {:>6}"


def options():
    parser = argparse.ArgumentParser(prog="tests/contract/run")
    parser.add_argument("--state", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--url", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--service", action="append", choices=SERVICES)
    parser.add_argument("--role", action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default="examples,coverage,fuzzing,stateful")
    return parser.parse_args()


def ask(chosen, service, token, reports):
    """One run of schemathesis; its verdict, or nothing where it ended without one."""
    reports.mkdir(parents=True, exist_ok=True)
    verdict = reports / "verdict.json"
    verdict.unlink(missing_ok=True)
    command = [
        Path(sys.executable).with_name("st"), "--config-file", HERE / "schemathesis.toml", "run",
        OPENAPI / f"{service}.json", "--url", chosen.url, "--phases", chosen.phases, "--no-color",
        "--max-examples", str(chosen.examples), "--seed", str(chosen.seed), "--report-json-path", verdict,
    ]
    environment = {**os.environ, "YEWU_TOKEN": token, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    with open(reports / "log", "w") as log:
        subprocess.run(command, env=environment, cwd=reports, stdout=log, stderr=subprocess.STDOUT, check=False)
    return json.loads(verdict.read_text()) if verdict.exists() else None


def misfits(service):
    """Examples that break their own schemas, by every word of JSON Schema."""
    document = json.loads((OPENAPI / f"{service}.json").read_text())
    for methods in document["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = {**content["schema"], "components": document["components"]}
                check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                for error in check.iter_errors(content.get("example")):
                    yield f"example of {operation['operationId']}: {error.message}"


def main():
    chosen = options()
    tokens = {path.name: path.read_text().strip() for path in sorted((chosen.state / "instance" / "tokens").iterdir())}
    roles = chosen.role or list(tokens)
    strange = [role for role in roles if role not in tokens]
    if strange:
        sys.exit(f"no such role: {', '.join(strange)}; there are {', '.join(tokens)}")
    print(LINE.format("service", "role", "operations", "cases", "failures", "errors", "s"), flush=True)
    wrong, cases = [], 0
    for service in chosen.service or SERVICES:
        wrong.extend(misfits(service))
        for role in roles:
            reports, began = chosen.state / "reports" / service / role, time.monotonic()
            verdict = ask(chosen, service, tokens[role], reports)
            if verdict is None or not verdict["operations"]:
                print(f"{service:<12} {role:<20} no verdict", flush=True)
                wrong.append(f"{service} as {role} broke off: {reports}/log")
                continue
            operations, tested = verdict["operations"]["tested"], verdict["test_cases"]
            errors = sum(error["count"] for error in verdict["errors"])
            row = (service, role, operations, tested["generated"], tested["unique_failures"], errors)
            print(LINE.format(*row, round(time.monotonic() - began)), flush=True)
            cases += tested["generated"]
            for found in verdict["failures"]:
                places = ", ".join(found["operations"])
                wrong.append(f"{service} as {role}: {found['title']} ({found['count']}): {places}: {reports}/log")
            if errors or verdict["exit_code"] != 0 and not verdict["failures"]:
                wrong.append(f"{service} as {role}: errors {verdict['errors']}: {reports}/log")
    print(f"{cases} cases, {len(wrong)} kinds of failure")
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
