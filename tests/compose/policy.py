#!/usr/bin/env python3
"""The thirteen rules that every container of the composition obeys, read off `docker-compose config`; and proof that the
rules can fail. It looks at what is written; `inside.py` looks at what runs.

    policy.py CONFIG.yaml [ENV]     findings on stdout, a line each; exit code 1 if there are any
"""
import copy
import re
import sys

import yaml

# Containers that end by themselves: nothing restarts them, nobody asks how they are.
ONE_SHOT = {"migrate", "tools", "restore"}
EDGE = "edge"
SERVICES = ["crm", "quoting", "contracts", "orders", "procurement", "aftersales"]
LOCAL_IMAGE = re.compile(r"^yewu(-[a-z]+)?:[\w.-]+$|@sha256:[0-9a-f]{64}$")
SECRET_WORDS = re.compile(r"password|secret|token|private|_key", re.IGNORECASE)


def mapping(value):
    """Environment and the like, which may be written as a list."""
    if isinstance(value, list):
        return dict(entry.partition("=")[::2] for entry in value)
    return value or {}


def rules(name, container):
    """(number, what is wrong) of one container."""
    one_shot = name in ONE_SHOT
    uid = str(container.get("user", "")).partition(":")[0]
    if not uid.isdigit() or uid == "0":
        yield 1, f"user {uid or 'of the image'} is not a number other than 0"
    if container.get("read_only") is not True:
        yield 2, "the root file system can be written"
    for place in container.get("tmpfs") or []:
        options = place.partition(":")[2]
        if "size=" not in options or "noexec" not in options:
            yield 2, f"tmpfs {place} has no size or may be executed from"
    if container.get("cap_drop") != ["ALL"] or container.get("cap_add"):
        yield 3, "capabilities are kept"
    if "no-new-privileges:true" not in (container.get("security_opt") or []) or container.get("privileged"):
        yield 4, "privileges can be gained"
    for limit in ("mem_limit", "cpus", "pids_limit"):
        if not container.get(limit):
            yield 5, f"no {limit}"
    if not one_shot:
        health = container.get("healthcheck") or {}
        if not health.get("test") or not health.get("start_period") or health.get("disable"):
            yield 6, "no healthcheck with a start_period"
    secrets = [secret if isinstance(secret, str) else secret["source"] for secret in container.get("secrets") or []]
    for key, value in mapping(container.get("environment")).items():
        if SECRET_WORDS.search(key) and not (key.upper().endswith("_FILE") or str(value).startswith("/run/secrets/")):
            if str(value).lower() not in ("true", "false"):
                yield 8, f"{key} carries a value, not a file"
    if name in SERVICES and sorted(set(secrets) - {"store_secret"}) != sorted([f"database_{name}", f"broker_{name}", "jwks"]):
        yield 8, f"it knows {', '.join(sorted(secrets))}: its own two, the keys and the store's are enough"
    if not LOCAL_IMAGE.search(container.get("image", "")):
        yield 9, f"image {container.get('image')} is neither built here nor pinned"
    options = (container.get("logging") or {}).get("options") or {}
    if options.get("max-size") != "10m" or options.get("max-file") != "5":
        yield 10, "logs grow without bound"
    if not container.get("stop_grace_period") or container.get("init") is not True:
        yield 11, "it is not given the time to end, or has no init"
    if container.get("ports") and name != EDGE:
        yield 12, "it publishes a port; only the edge may"
    for port in container.get("ports") or []:
        published = port if isinstance(port, str) else f"{port.get('host_ip', '')}:{port.get('published')}:{port['target']}"
        if published.count(":") < 2 or published.startswith(":"):
            yield 12, f"port {published} names no address to listen at"
    for network in mapping(dict.fromkeys(container.get("networks") or [])):
        if network != "back" and name != EDGE and not (network == "outside" and name in SERVICES + ["tools"]):
            yield 12, f"it is in network {network}"
    if one_shot:
        if container.get("restart") not in ("no", None, False):
            yield 13, "it would be restarted for ever"
    elif container.get("restart") != "unless-stopped":
        yield 13, "nothing restarts it"
    if not container.get("ulimits"):
        yield 13, "no ulimits"
    yield from order(name, container)


def order(name, container):
    """Rule 7: who waits for whom."""
    wanted = {}
    if name in SERVICES:
        wanted = {"migrate": "service_completed_successfully", "postgres": "service_healthy", "broker": "service_healthy"}
    elif name == "migrate":
        wanted = {"postgres": "service_healthy", "broker": "service_healthy"}
    has = container.get("depends_on") or {}
    for other, condition in wanted.items():
        got = has.get(other, {}).get("condition") if isinstance(has, dict) else None
        if got != condition:
            yield 7, f"it does not wait for {other} ({condition})"


def findings(config):
    """Everything that is wrong, as `(container, rule, what)`."""
    services = config["services"]
    missing = set(SERVICES + [EDGE, "postgres", "broker", "migrate", "docs"]) - set(services)
    found = [(name, 0, "it is not there") for name in sorted(missing)]
    for name, container in services.items():
        found += [(name, rule, what) for rule, what in rules(name, container)]
    if not (config["networks"].get("back") or {}).get("internal"):
        found.append(("networks", 12, "back reaches the outside"))
    for name, secret in (config.get("secrets") or {}).items():
        if not secret.get("file"):
            found.append((f"secret {name}", 8, "it is no file"))
    return found


def planted(config):
    """Each of these must be found, under its rule."""
    orders = lambda change: lambda config: change(config["services"]["orders"])
    return [
        (1, orders(lambda c: c.update(user="root"))),
        (1, orders(lambda c: c.pop("user"))),
        (2, orders(lambda c: c.pop("read_only"))),
        (2, orders(lambda c: c.update(tmpfs=["/tmp:size=64m"]))),
        (3, orders(lambda c: c.update(cap_add=["NET_ADMIN"]))),
        (4, orders(lambda c: c.update(security_opt=[]))),
        (5, orders(lambda c: c.pop("mem_limit"))),
        (5, orders(lambda c: c.pop("pids_limit"))),
        (6, orders(lambda c: c["healthcheck"].pop("start_period"))),
        (7, orders(lambda c: c["depends_on"].pop("migrate"))),
        (8, orders(lambda c: c.update(environment={"YEWU__DB__PASSWORD": "x"}))),
        (8, orders(lambda c: c.update(secrets=[{"source": "database_admin"}]))),
        (9, orders(lambda c: c.update(image="yewu/yewu:latest"))),
        (10, orders(lambda c: c.pop("logging"))),
        (11, orders(lambda c: c.pop("stop_grace_period"))),
        (12, orders(lambda c: c.update(ports=["8080:8080"]))),
        (12, lambda config: config["services"][EDGE].update(ports=["8080:8080"])),
        (12, lambda config: config["networks"].update(back={})),
        (13, orders(lambda c: c.update(restart="always"))),
        (0, lambda config: config["services"].pop("orders")),
    ]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        config = yaml.safe_load(file)
    found = findings(config)
    for name, rule, what in found:
        print(f"{name}: rule {rule}: {what}")
    unnoticed = []
    for number, (rule, change) in enumerate(planted(config)):
        broken = copy.deepcopy(config)
        change(broken)
        if not any(found_rule == rule for _, found_rule, _ in findings(broken)):
            unnoticed.append(f"planted fault {number} against rule {rule} was not noticed")
    print(*unnoticed, sep="\n", end="\n" if unnoticed else "")
    print(f"{len(config['services'])} containers, {len(planted(config))} planted faults", file=sys.stderr)
    return 1 if found or unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
