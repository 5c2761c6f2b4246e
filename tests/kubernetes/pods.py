"""What every pod must be, whoever runs it: the restricted profile of Kubernetes' pod security standards and some more. A
rule yields one complaint for each thing that is wrong. It refuses to know what the program does (program.py)."""

import re

from objects import cores, mebibytes, pod, title

RULES = []


def rule(check):
    RULES.append(check)
    return check


@rule
def runs_as_nobody_in_particular(objects):
    for workload in objects.workloads():
        security = pod(workload).get("securityContext", {})
        if security.get("runAsNonRoot") is not True:
            yield f"{title(workload)}: runAsNonRoot is not true"
        for key in ("runAsUser", "runAsGroup", "fsGroup"):
            if not isinstance(security.get(key), int) or security[key] <= 0:
                yield f"{title(workload)}: {key} is no number above 0"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{title(workload)}: no seccomp profile RuntimeDefault"
    for workload, container in objects.containers():
        for key in ("runAsUser", "runAsNonRoot", "seccompProfile"):
            if key in container.get("securityContext", {}):
                yield f"{title(workload)}: its container overrides {key}"


@rule
def has_no_rights_and_a_root_it_cannot_write(objects):
    for workload, container in objects.containers():
        security = container.get("securityContext", {})
        if security.get("allowPrivilegeEscalation") is not False:
            yield f"{title(workload)}: may gain privileges"
        if security.get("readOnlyRootFilesystem") is not True:
            yield f"{title(workload)}: its root can be written"
        if security.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{title(workload)}: capabilities are not just dropped, all of them"
        if security.get("privileged"):
            yield f"{title(workload)}: is privileged"


@rule
def shares_nothing_with_its_node_and_does_not_know_the_cluster(objects):
    for workload in objects.workloads():
        spec = pod(workload)
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if spec.get(key):
                yield f"{title(workload)}: {key}"
        if spec.get("automountServiceAccountToken") is not False or "serviceAccountName" in spec:
            yield f"{title(workload)}: has a token of the cluster's API"
        # Their variables begin like the settings' own.
        if spec.get("enableServiceLinks") is not False:
            yield f"{title(workload)}: gets a variable for each Service"
        for volume in spec.get("volumes", []):
            kinds = set(volume) - {"name"}
            if not kinds <= {"configMap", "secret", "persistentVolumeClaim", "emptyDir"}:
                yield f"{title(workload)}: volume {volume['name']} is of another kind: {kinds}"
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{title(workload)}: volume {volume['name']} has no limit"
            # 0440: the group reads, nobody else.
            if "secret" in volume and volume["secret"].get("defaultMode") != 0o440:
                yield f"{title(workload)}: secret {volume['name']} can be read by others, or not by the program"


@rule
def says_what_it_needs_and_where_it_ends(objects):
    for workload, container in objects.containers():
        resources = container.get("resources", {})
        for name, measure in (("cpu", cores), ("memory", mebibytes)):
            least, most = (resources.get(part, {}).get(name) for part in ("requests", "limits"))
            if least is None or most is None:
                yield f"{title(workload)}: no request or no limit of {name}"
            elif measure(least) > measure(most):
                yield f"{title(workload)}: requests more {name} than its limit"


@rule
def is_of_the_one_image(objects):
    images = {container["image"] for _, container in objects.containers()}
    if len(images) != 1:
        yield f"not one image everywhere: {sorted(images)}"
    for image in images:
        tag = image.rpartition("/")[2].partition(":")[2]
        if "@sha256:" not in image and tag in ("", "latest"):
            yield f"{image} says no version"


@rule
def holds_no_secret_in_the_open(objects):
    for each in objects.of("Secret"):
        yield f"{title(each)}: secrets are made by the operator, not rendered"
    for workload, container in objects.containers():
        for variable in container.get("env", []):
            name, value = variable["name"], variable.get("value", "")
            if "secretKeyRef" in str(variable.get("valueFrom", "")):
                yield f"{title(workload)}: {name} puts a secret into the environment"
            if re.search(r"(PASSWORD|ADMIN_URL|BUS__URL)$", name) or has_password(value):
                yield f"{title(workload)}: {name} holds a secret"
        for source in container.get("envFrom", []):
            if "secretRef" in source:
                yield f"{title(workload)}: puts a whole Secret into the environment"
    for each in objects.of("ConfigMap"):
        for key, text in {**each.get("data", {}), **each.get("binaryData", {})}.items():
            if re.search(r"^\s*(password|admin_url)\s*=", text, re.MULTILINE) or has_password(text):
                yield f"{title(each)}: {key} holds a secret"


def has_password(text):
    """A URL with a user and a password, or a private key."""
    return re.search(r"://[^/\s:@]*:[^/\s@]+@", text) or "PRIVATE KEY" in text
