"""What holds for the six services because of what the program does: its arguments, its pages, its settings, its end. A
rule yields one complaint for each thing that is wrong. It refuses to know networks and scaling (whole.py)."""

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib

from objects import component, pod, service_of, services, title

RULES = []

# Every key that shared/platform/src/settings.rs and auth/jwt.rs know; the program refuses to start over any other.
# Whoever adds a setting there and wants it in the manifests adds it here.
KNOWN = {
    "": {"profile"},
    "http": {"bind", "workers", "at_once", "notice_seconds", "drain_seconds"},
    "db": {"url", "password", "password_file", "admin_url", "admin_url_file", "pool_size", "wait_milliseconds"},
    "bus": {"kind", "url", "url_file", "password", "password_file", "admin_url", "admin_url_file"},
    "auth": {"issuer", "audience", "jwks_url", "jwks_file", "development_key_file", "leeway_seconds"},
    "storage": {"path"},
    "log": {"filter", "human"},
}
# How long the program's background work may take after the last request (shared/platform/src/node.rs, Node::stop).
BACKGROUND_SECONDS = 20
# How long /readyz waits for the database (shared/platform/src/server.rs, DATABASE_LIMIT).
DATABASE_SECONDS = 2


def rule(check):
    RULES.append(check)
    return check


def container_of(deployment):
    return pod(deployment)["containers"][0]


def volumes_of(workload):
    return {each["name"]: each for each in pod(workload)["volumes"]}


def volume(workload, name):
    return volumes_of(workload).get(name, {})


def secrets_of(workload):
    return [each["secret"]["secretName"] for each in pod(workload)["volumes"] if "secret" in each]


def mounted(workload, path):
    """The volume that holds a path, or nothing."""
    for mount in container_of(workload)["volumeMounts"]:
        if path == mount["mountPath"] or path.startswith(mount["mountPath"] + "/"):
            return volume(workload, mount["name"])
    return {}


def settings(objects, deployment):
    """The TOML that a service reads, as the rendered ConfigMap has it."""
    name = volume(deployment, "settings").get("configMap", {}).get("name")
    found = objects.named("ConfigMap", name)
    return tomllib.loads(found["data"]["yewu.toml"]) if found else {}


@rule
def six_services_each_run_once(objects):
    found = sorted(each["metadata"]["name"] for each in objects.deployments())
    if found != sorted(f"yewu-{name}" for name in services()):
        yield f"Deployments are {found}, the program has {services()}"
    for deployment in objects.deployments():
        name = service_of(deployment)
        if deployment["metadata"]["name"] != f"yewu-{name}":
            yield f"{title(deployment)}: is labelled {name}"
        if container_of(deployment)["args"] != ["--settings", "/etc/yewu/yewu.toml", "run", "--services", name]:
            yield f"{title(deployment)}: runs {container_of(deployment)['args']}"
        if secrets_of(deployment) != [f"yewu-{name}"]:
            yield f"{title(deployment)}: reads the secrets {secrets_of(deployment)}"


@rule
def only_the_migration_and_the_tools_hold_what_rules_over_all(objects):
    allowed = {"migration": ["yewu-migration"], "tools": ["yewu-tools"], "docs": []}
    for workload in objects.workloads():
        if component(workload) in allowed and secrets_of(workload) != allowed[component(workload)]:
            yield f"{title(workload)}: reads the secrets {secrets_of(workload)}"
        if component(workload) == "docs" and set(volumes_of(workload)) != {"temporary"}:
            yield f"{title(workload)}: knows more than the documentation"
        # For as long as somebody runs it by hand.
        if component(workload) == "tools" and workload["spec"].get("replicas") != 0:
            yield f"{title(workload)}: is there for good"
        if component(workload) not in {*allowed, "service"}:
            yield f"{title(workload)}: is of no known kind: {component(workload)}"


@rule
def probes_ask_what_the_program_answers(objects):
    for deployment in objects.of("Deployment"):
        container = container_of(deployment)
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        for name, path in (("startupProbe", "/livez"), ("livenessProbe", "/livez"), ("readinessProbe", "/readyz")):
            asked = container.get(name, {}).get("httpGet", {})
            if asked.get("path") != path or asked.get("port") not in (*ports, *ports.values()):
                yield f"{title(deployment)}: {name} does not ask {path} at a port of the container"
        if container.get("readinessProbe", {}).get("timeoutSeconds", 1) <= DATABASE_SECONDS:
            yield f"{title(deployment)}: its readiness is given up before the program has given up the database"


@rule
def settings_are_known_and_complete(objects):
    for deployment in objects.workloads():
        if component(deployment) == "docs":
            continue
        found = settings(objects, deployment)
        if not found:
            yield f"{title(deployment)}: its settings are nowhere"
            continue
        for section, value in found.items():
            keys = {section} if not isinstance(value, dict) else set(value)
            known = KNOWN.get(section if isinstance(value, dict) else "", set())
            for key in keys - known:
                yield f"{title(deployment)}: the program knows no setting {section}.{key}"
        if found.get("profile") != "production":
            yield f"{title(deployment)}: profile is not production"
        address, _, port = found["http"]["bind"].rpartition(":")
        asked = [each["containerPort"] for each in container_of(deployment).get("ports", [])]
        if address not in ("0.0.0.0", "[::]") or asked and asked != [int(port)]:
            yield f"{title(deployment)}: listens at {found['http']['bind']}, not where it is asked"
        if "{role}" not in found["db"]["url"] or "{service}" not in found["bus"]["url"]:
            yield f"{title(deployment)}: not each service is a user of its own"
        if not found["bus"]["url"].endswith("/%2f"):
            yield f"{title(deployment)}: the virtual host is not %2f"
        if not found["auth"].get("jwks_url", "").startswith("https://"):
            yield f"{title(deployment)}: the issuer's keys do not come by https, which production refuses"
        for section, placeholder in (("db", "{role}"), ("bus", "{service}")):
            path = found[section].get("password_file", "")
            if "secret" not in mounted(deployment, path) or not path.endswith(f"_{placeholder}"):
                yield f"{title(deployment)}: {section}.password_file is no file of a secret for each {placeholder}"
    for workload, container in objects.containers():
        for variable in container.get("env", []):
            prefix, section, key = (variable["name"].lower().split("__") + ["", ""])[:3]
            if prefix != "yewu" or key not in KNOWN.get(section, set()):
                yield f"{title(workload)}: {variable['name']} is no setting of the program"


@rule
def uploads_are_shared_by_copies_and_by_nobody_else(objects):
    claims = []
    for deployment in objects.deployments():
        place = settings(objects, deployment).get("storage", {}).get("path", "")
        claim = mounted(deployment, place).get("persistentVolumeClaim", {}).get("claimName")
        claims.append(claim)
        found = objects.named("PersistentVolumeClaim", claim)
        if not found or found["spec"]["accessModes"] != ["ReadWriteMany"]:
            yield f"{title(deployment)}: storage.path {place} is no volume that all copies can write"
    if len(set(claims)) != len(claims):
        yield f"services share a claim: {claims}"


@rule
def has_time_to_end(objects):
    for deployment in objects.deployments():
        http = settings(objects, deployment).get("http", {})
        needed = http.get("notice_seconds", 3) + http.get("drain_seconds", 15) + BACKGROUND_SECONDS
        given = pod(deployment).get("terminationGracePeriodSeconds", 30)
        if given <= needed:
            yield f"{title(deployment)}: is killed after {given} s, may need {needed}"
        # Endpoints leave the nodes' tables some seconds after a pod was told to end, and nothing else waits for that.
        if http.get("notice_seconds", 3) < 5:
            yield f"{title(deployment)}: goes before it is no longer asked"
        if deployment["spec"]["strategy"].get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{title(deployment)}: an old copy goes before a new one is ready"
