"""The objects of one rendered overlay, and the questions that rules ask of them. Judges nothing."""

import re
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parent.parent.parent
WITHOUT_NAMESPACE = {"Namespace", "StorageClass"}


def services():
    """The six, as the program itself names them, in its order."""
    text = (CHECKOUT / "services/suite/src/lib.rs").read_text()
    listed = re.search(r"pub const ALL: &\[Service\] =\s*&\[(.*?)\];", text, re.DOTALL)
    return re.findall(r"(\w+)::SERVICE", listed.group(1))


class Objects:
    """A whole overlay."""

    def __init__(self, overlay, objects):
        self.overlay = overlay
        self.all = objects

    @classmethod
    def read(cls, overlay, path):
        return cls(overlay, [each for each in yaml.safe_load_all(path.read_text()) if each])

    def of(self, kind):
        return [each for each in self.all if each["kind"] == kind]

    def named(self, kind, name):
        return next((each for each in self.of(kind) if each["metadata"]["name"] == name), None)

    def deployments(self):
        """Those of the six services."""
        return [each for each in self.of("Deployment") if component(each) == "service"]

    def workloads(self):
        """Everything that makes pods."""
        return [each for each in self.all if "template" in each.get("spec", {})]

    def containers(self):
        """(workload, container), those that run before the others as well."""
        for workload in self.workloads():
            pod = workload["spec"]["template"]["spec"]
            for container in pod.get("initContainers", []) + pod["containers"]:
                yield workload, container


def title(each):
    return f"{each['kind']} {each['metadata']['name']}"


def component(workload):
    """service, docs, tools or migration."""
    return pod_labels(workload).get("app.kubernetes.io/component")


def service_of(deployment):
    return deployment["metadata"]["labels"].get("app.kubernetes.io/name", "")


def pod(workload):
    return workload["spec"]["template"]["spec"]


def pod_labels(workload):
    return workload["spec"]["template"]["metadata"]["labels"]


def selects(selector, labels):
    """A label selector, or the plain map of a Service. The empty one selects everything."""
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        return all(labels.get(key) == value for key, value in selector.items())
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for expression in selector.get("matchExpressions", []):
        assert expression["operator"] == "In", "the manifests use no other"
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True


def cores(quantity):
    """Processor: "250m" or "2"."""
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def mebibytes(quantity):
    units = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}
    return float(quantity[:-2]) * units[quantity[-2:]]
