"""Judges rendered manifests: each object against Kubernetes' own schemas, the whole against the rules here, the rules
against what is planted. Called by `run`, which renders; it reaches no cluster and writes nothing.

    check.py RENDERED    holds RENDERER/OVERLAY.yaml; an overlay may be `examples`
"""

import sys
from pathlib import Path

import kubernetes_validate
import pods
import program
import whole
import yaml
from objects import CHECKOUT, Objects, title
from planted import PLANTED, changed

# The oldest that kubernetes-validate knows, and the newest.
VERSIONS = ("1.25", "1.37")
RULES = pods.RULES + program.RULES + whole.RULES
# Their schemas come with their operators, not with Kubernetes.
FOREIGN = {"Cluster", "RabbitmqCluster"}


def against_schemas(objects):
    for each in objects.all:
        if each["kind"] in FOREIGN:
            continue
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(each, version, strict=True)
            except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
                yield f"{title(each)}: Kubernetes {version}: {getattr(error, 'message', error)}"


def against_rules(objects):
    for rule in RULES:
        yield from (f"{rule.__name__}: {complaint}" for complaint in rule(objects))


def misses(objects):
    """What is planted and not found."""
    for name, change in PLANTED:
        rule = next(each for each in RULES if each.__name__ == name)
        if not list(rule(changed(objects, change))):
            yield f"planted and not found: {change.__name__}, by {name}"
    for rule in RULES:
        if rule.__name__ not in {name for name, _ in PLANTED}:
            yield f"{rule.__name__}: nothing is planted for it"


def unlike(old, new):
    """What two kustomizes make different, other than the hashes in names."""
    if plain(old.all) != plain(new.all):
        yield f"{old.overlay}: rendered by an old and a new kustomize, it differs"


def plain(objects):
    """Without hashes, lists of named things in the order of their names."""
    names = [each["metadata"]["name"] for each in objects if each["kind"] == "ConfigMap"]
    without_hash = {name: name.rpartition("-")[0] for name in names}

    def of(value):
        if isinstance(value, dict):
            return {key: of(each) for key, each in value.items()}
        if isinstance(value, list):
            return sorted((of(each) for each in value), key=name_of)
        return without_hash.get(value, value) if isinstance(value, str) else value

    def name_of(value):
        return str(value.get("name", value) if isinstance(value, dict) else value)

    return sorted((of(each) for each in objects), key=lambda each: (each["kind"], each["metadata"]["name"]))


def examples_are_three_of_each(objects):
    database, broker = objects.of("Cluster")[0], objects.of("RabbitmqCluster")[0]
    if database["spec"]["instances"] != 3 or database["spec"]["postgresql"]["synchronous"]["number"] < 1:
        yield "the example of a database can lose a commit"
    if broker["spec"]["replicas"] != 3:
        yield "the example of a broker is not three nodes"
    text = (CHECKOUT / "deploy/kubernetes/base/settings/yewu.toml").read_text()
    namespace = database["metadata"]["namespace"]
    for name, port in ((f"{database['metadata']['name']}-rw", 5432), (broker["metadata"]["name"], 5672)):
        if f"@{name}.{namespace}.svc:{port}/" not in text:
            yield f"the settings do not lead to the example {name}"


class OnceOnly(yaml.SafeLoader):
    """YAML as it is meant: kustomize takes the last of two keys of one name and says nothing."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise yaml.YAMLError(f"a key stands twice in line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def sources():
    """The files as they are written; and what no overlay renders, the two examples that are applied by themselves."""
    folder = CHECKOUT / "deploy/kubernetes"
    for path in sorted(folder.glob("**/*.yaml")):
        if not path.read_text().startswith("# "):
            yield f"{path.name} does not say what it is"
        try:
            read = list(yaml.load_all(path.read_text(), OnceOnly))
        except yaml.YAMLError as error:
            yield f"{path.relative_to(folder)}: {error}"
            continue
        if path.name == "storage-class.yaml":
            yield from against_schemas(Objects("examples", read))
        if path.name == "pod-monitor.yaml" and read[0]["spec"]["podMetricsEndpoints"][0]["port"] != "http":
            yield "the example of a monitor asks no port of the services"


def main():
    rendered, complaints, counted = Path(sys.argv[1]), [], 0
    renderings = {}
    for path in sorted(rendered.glob("*/*.yaml")):
        renderer, overlay = path.parent.name, path.stem
        objects = Objects.read(overlay, path)
        renderings.setdefault(overlay, []).append(objects)
        found = list(against_schemas(objects))
        if overlay == "examples":
            found += examples_are_three_of_each(objects)
        else:
            found += list(against_rules(objects)) + list(misses(objects))
            counted += len(PLANTED)
        complaints += [f"{renderer} {overlay}: {complaint}" for complaint in found]
        print(f"{renderer:<12} {overlay:<12} {len(objects.all):>3} objects, {len(found)} complaints")
    for made in renderings.values():
        for other in made[1:]:
            complaints += unlike(made[0], other)
    complaints += sources()
    for complaint in complaints:
        print(f"FAILED  {complaint}")
    versions = " and ".join(VERSIONS)
    print(f"schemas of Kubernetes {versions}; {len(RULES)} rules; {len(PLANTED)} faults planted in each overlay")
    print(f"{len(complaints)} complaints")
    return 1 if complaints or not counted else 0


if __name__ == "__main__":
    sys.exit(main())
