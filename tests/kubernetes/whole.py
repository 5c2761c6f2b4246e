"""How the objects of an overlay fit together: labels, Services, the way in, networks, copies, the steps of a roll-out. A
rule yields one complaint for each thing that is wrong. It refuses to judge a single pod (pods.py, program.py)."""

from ipaddress import ip_address, ip_network

import yaml
from objects import CHECKOUT, WITHOUT_NAMESPACE, component, pod, pod_labels, selects, services, title
from program import container_of, settings

RULES = []

# What the manifests expect to find, made by an operator as deploy/kubernetes/README.md says. Nothing else may miss.
REQUIRED = {
    **{("Secret", f"yewu-{name}"): "the passwords of one service" for name in services()},
    ("Secret", "yewu-migration"): "the administrators' URLs, the passwords of the database's roles",
    ("Secret", "yewu-tools"): "everybody's passwords",
    ("Secret", "yewu-tls"): "the certificate of the way in",
    ("StorageClass", "yewu-attachments"): "storage that many nodes may write",
}
DATA = {53, 5432, 5672}
# Who is asked, and whom they ask.
PORTS = {"service": ({8080}, DATA | {443}), "docs": ({8080}, set()), "tools": (set(), DATA), "migration": (set(), DATA)}
# Kept of the database's connections for people, the tools, a migration and the operator.
KEPT = 60


def rule(check):
    RULES.append(check)
    return check


@rule
def labels_and_selectors_meet(objects):
    for deployment in objects.of("Deployment"):
        selector = deployment["spec"]["selector"]
        if not selects(selector, pod_labels(deployment)):
            yield f"{title(deployment)}: does not select its own pods"
        for other in objects.workloads():
            if other is not deployment and selects(selector, pod_labels(other)):
                yield f"{title(deployment)}: selects the pods of {title(other)}"
        if deployment not in objects.deployments():
            continue
        for spread in pod(deployment).get("topologySpreadConstraints", []):
            if not selects(spread["labelSelector"], pod_labels(deployment)):
                yield f"{title(deployment)}: spreads other pods than its own"
        keys = {each["topologyKey"] for each in pod(deployment).get("topologySpreadConstraints", [])}
        if keys != {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
            yield f"{title(deployment)}: does not spread over nodes and zones"


@rule
def services_lead_to_ports_that_exist(objects):
    found = {each["metadata"]["name"] for each in objects.of("Service")}
    if found != {f"yewu-{name}" for name in [*services(), "docs"]}:
        yield f"Services are {sorted(found)}"
    for service in objects.of("Service"):
        chosen = [each for each in objects.workloads() if selects(service["spec"]["selector"], pod_labels(each))]
        if [each["metadata"]["name"] for each in chosen] != [service["metadata"]["name"]]:
            yield f"{title(service)}: leads to {[title(each) for each in chosen]}"
        if service["spec"].get("type", "ClusterIP") != "ClusterIP":
            yield f"{title(service)}: can be reached from outside"
        for deployment in chosen:
            ports = {port["name"]: port["containerPort"] for port in container_of(deployment).get("ports", [])}
            for port in service["spec"]["ports"]:
                if port["targetPort"] not in (*ports, *ports.values()):
                    yield f"{title(service)}: there is no port {port['targetPort']}"


@rule
def the_way_in_leads_to_every_service_and_nowhere_else(objects):
    expected = {"/docs": "yewu-docs", "/openapi": "yewu-docs"}
    expected |= {f"/api/{name}": f"yewu-{name}" for name in services()}
    for ingress in objects.of("Ingress"):
        secured = {host for tls in ingress["spec"].get("tls", []) for host in tls["hosts"]}
        for entry in ingress["spec"]["rules"]:
            if entry.get("host") not in secured:
                yield f"{title(ingress)}: {entry.get('host')} has no certificate"
            paths = {path["path"]: path["backend"]["service"] for path in entry["http"]["paths"]}
            if {path: to["name"] for path, to in paths.items()} != expected:
                yield f"{title(ingress)}: leads from {sorted(paths)}"
            for path, backend in paths.items():
                service = objects.named("Service", backend["name"])
                ports = {port["name"] for port in service["spec"]["ports"]} if service else set()
                if backend["port"].get("name") not in ports:
                    yield f"{title(ingress)}: {path} leads to no port of {backend['name']}"
    if len(objects.of("Ingress")) != 1:
        yield "there is not one Ingress"


@rule
def nobody_talks_to_anybody_unless_it_is_said(objects):
    policies = objects.of("NetworkPolicy")
    closed = [each["spec"] for each in policies if each["spec"]["podSelector"] == {}]
    closed = [each for each in closed if set(each) == {"podSelector", "policyTypes"}]
    if {kind for each in closed for kind in each["policyTypes"]} != {"Ingress", "Egress"}:
        yield "nothing is forbidden by default, in and out"
    for workload in objects.workloads():
        labels = pod_labels(workload)
        if not any(each["spec"] not in closed and selects(each["spec"]["podSelector"], labels) for each in policies):
            yield f"{title(workload)}: no NetworkPolicy is about it"
    for policy in policies:
        for kind, end, known in (("ingress", "from", {8080}), ("egress", "to", DATA | {443})):
            for entry in policy["spec"].get(kind, []):
                ports = {port["port"] for port in entry.get("ports", [])}
                if not entry.get(end) or {} in entry[end]:
                    yield f"{title(policy)}: {kind} of or to anybody"
                if not ports or not ports <= known:
                    yield f"{title(policy)}: {kind} at {sorted(ports) or 'every port'}"
                for peer in entry.get(end, []):
                    yield from open_to_metadata(policy, peer.get("ipBlock"))
    for workload in objects.workloads():
        about = [each["spec"] for each in policies if selects(each["spec"]["podSelector"], pod_labels(workload))]
        expected = PORTS.get(component(workload), (set(), set()))
        for kind, known in zip(("ingress", "egress"), expected, strict=True):
            entries = [entry for each in about for entry in each.get(kind, [])]
            reached = {port["port"] for entry in entries for port in entry.get("ports", [])}
            if reached != known:
                yield f"{title(workload)}: {kind} at {sorted(reached)} instead of {sorted(known)}"


def open_to_metadata(policy, block):
    metadata = ip_address("169.254.169.254")
    if block and metadata in ip_network(block["cidr"]):
        if not any(metadata in ip_network(hole) for hole in block.get("except", [])):
            yield f"{title(policy)}: the nodes' metadata can be asked"


@rule
def a_drained_node_takes_one_copy_at_a_time(objects):
    for deployment in objects.of("Deployment"):
        if component(deployment) == "tools":
            continue
        budgets = [each["spec"] for each in objects.of("PodDisruptionBudget")]
        budgets = [each for each in budgets if selects(each["selector"], pod_labels(deployment))]
        if len(budgets) != 1 or budgets[0].get("maxUnavailable") != 1:
            yield f"{title(deployment)}: has not one budget of one copy"


@rule
def nothing_is_referred_to_that_is_not_there(objects):
    referred = []
    for workload, container in objects.containers():
        mounts = {mount["name"] for mount in container.get("volumeMounts", [])}
        volumes = {volume["name"]: volume for volume in pod(workload).get("volumes", [])}
        for name in mounts - set(volumes):
            yield f"{title(workload)}: there is no volume {name}"
        for volume in volumes.values():
            for key, kind, name in (
                ("secret", "Secret", "secretName"),
                ("configMap", "ConfigMap", "name"),
                ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
            ):
                if key in volume:
                    referred.append((workload, kind, volume[key][name]))
        for source in container.get("envFrom", []):
            referred.append((workload, "ConfigMap", source.get("configMapRef", {}).get("name")))
    for ingress in objects.of("Ingress"):
        referred += [(ingress, "Secret", tls["secretName"]) for tls in ingress["spec"].get("tls", [])]
    for claim in objects.of("PersistentVolumeClaim"):
        referred.append((claim, "StorageClass", claim["spec"].get("storageClassName")))
    for who, kind, name in referred:
        if not objects.named(kind, name) and (kind, name) not in REQUIRED:
            yield f"{title(who)}: there is no {kind} {name}, nor is it among those that an operator makes"


@rule
def everything_is_in_one_restricted_namespace(objects):
    for each in objects.all:
        if each["kind"] not in WITHOUT_NAMESPACE and each["metadata"].get("namespace") != "yewu":
            yield f"{title(each)}: in namespace {each['metadata'].get('namespace')}"
    namespace = objects.named("Namespace", "yewu") or {"metadata": {}}
    if namespace["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
        yield "the namespace does not enforce the restricted profile"


@rule
def a_roll_out_can_tell_its_steps_apart(objects):
    steps = {"Job": "migration", "Deployment": "services", "HorizontalPodAutoscaler": "services"}
    for each in objects.all:
        if each["metadata"].get("labels", {}).get("yewu/step") != steps.get(each["kind"]):
            yield f"{title(each)}: is not of step {steps.get(each['kind'])}"
    if [each["metadata"]["name"] for each in objects.of("Job")] != ["yewu-migration"]:
        yield "there is not one Job, called yewu-migration"


@rule
def copies_are_counted_by_one_and_fit_into_the_database(objects):
    connections = 0
    for deployment in objects.deployments():
        name = deployment["metadata"]["name"]
        scalers = [each["spec"] for each in objects.of("HorizontalPodAutoscaler")]
        scalers = [each for each in scalers if each["scaleTargetRef"]["name"] == name]
        if objects.overlay == "small":
            if scalers or deployment["spec"].get("replicas", 1) != 1:
                yield f"{title(deployment)}: small is one copy"
        elif len(scalers) != 1 or "replicas" in deployment["spec"] or scalers[0]["minReplicas"] < 2:
            yield f"{title(deployment)}: not one autoscaler, of two copies at least, counts its copies"
        most = scalers[0]["maxReplicas"] if scalers else 1
        # One more copy of each during a roll-out.
        connections += (most + 1) * connections_of_a_copy(settings(objects, deployment))
    example = next(yaml.safe_load_all((CHECKOUT / "deploy/kubernetes/examples/database.yaml").read_text()))
    limit = int(example["spec"]["postgresql"]["parameters"]["max_connections"])
    if connections > limit - KEPT:
        yield f"{connections} connections at most, the example of a database takes {limit}"


def connections_of_a_copy(found):
    """To write and to read, for the work in the background and for each HTTP worker, and one that listens
    (shared/platform/src/app.rs, server.rs, outbox.rs)."""
    pool, workers = found.get("db", {}).get("pool_size", 4), found.get("http", {}).get("workers", 2)
    return 2 * pool + 2 * workers * -(-pool // workers) + 1
