"""Looks whether rules, dashboards, tests and runbooks fit each other and the program. Started by `run`:
  check.py names|planted|count CHECKOUT, check.py questions|bounds CHECKOUT PROMTOOL
It refuses to know names by heart: the program's metrics are read from its sources, routes from the OpenAPI documents, handlers and
commands from the code, so that whatever is renamed there fails here.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

FOLDER, TESTS = "deploy/observability", "tests/observability"
BOARDS = f"{FOLDER}/grafana/dashboards"
# Labels that Prometheus gives: to all, and to the program's own by the name that a copy was found by.
GIVEN = {"job", "instance", "le", "__name__"}
WORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "bool", "offset", "inf", "nan"}


class Checkout:
    """Texts by path; `changed` replaces some, to plant what must be found."""

    def __init__(self, root, changed=None):
        self.root, self.changed = pathlib.Path(root), changed or {}

    def text(self, path):
        text = (self.root / path).read_text(encoding="utf-8")
        for old, new in self.changed.get(path, []):
            if old not in text:
                raise SystemExit(f"nothing can be planted: {path} does not hold {old!r}")
            text = text.replace(old, new)
        return text

    def paths(self, folder, ending):
        return sorted(p.relative_to(self.root).as_posix() for p in (self.root / folder).rglob(f"*{ending}"))

    def rules(self):
        files = [f"{FOLDER}/records.yml", f"{FOLDER}/alerts.yml"]
        return [rule for file in files for group in yaml.safe_load(self.text(file))["groups"] for rule in group["rules"]]

    def alerts(self):
        return [rule for rule in self.rules() if "alert" in rule]

    def boards(self):
        return {path: json.loads(self.text(path)) for path in self.paths(BOARDS, ".json")}

    def tests(self):
        """(file, its settings, one of its tests)"""
        for path in self.paths(TESTS, ".yml"):
            whole = yaml.safe_load(self.text(path))
            for test in whole.pop("tests"):
                yield path, whole, test

    def sources(self):
        files = [p for p in self.paths("shared/platform/src", ".rs") + self.paths("services", ".rs") if "/tests/" not in p]
        return "\n".join(self.text(path) for path in files)


# ---- what there is ---------------------------------------------------------------------------------------------------

def of_the_program(sources):
    """Name → labels, of each `counter!("name", "label" => …)` and its kin."""
    found = {}
    for macro in re.finditer(r'\b(counter|gauge|histogram)!\(\s*"([a-z0-9_]+)"', sources):
        labels = set(re.findall(r'"([a-z_]+)"\s*=>', sources[macro.end():closing(sources, macro.end())])) | {"service"}
        for series in spread(macro[1], macro[2]):
            found.setdefault(series, set()).update(labels)
    return found


def closing(text, at):
    """Where the bracket ends that is open at a place."""
    depth = 1
    while depth and at < len(text):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at


def spread(kind, name):
    return [f"{name}_{part}" for part in ("bucket", "sum", "count")] if kind == "histogram" else [name]


def listed(text):
    """Lines of TYPE NAME LABEL…"""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, name, *labels = line.split()
            found.update({series: set(labels) | ({"service"} if name.startswith("yewu_") else set()) for series in spread(kind, name)})
    return found


def in_the_backup_file(text):
    found = {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            found.setdefault(line.split()[2], set())
        elif line and not line.startswith("#"):
            name = re.match(r"[a-z_]+", line)[0]
            found.setdefault(name, set()).update(re.findall(r'([a-z_]+)="', line))
    return found


def known(checkout):
    program = of_the_program(checkout.sources())
    proposed = listed(checkout.text(f"{TESTS}/proposed.txt"))
    doubles = [f"proposed.txt: the program has {name} now; take it out there" for name in sorted(program.keys() & proposed.keys())]
    names = {**listed(checkout.text(f"{TESTS}/known.txt")), **in_the_backup_file(checkout.text(f"{FOLDER}/backup.prom")), **proposed, **program}
    for rule in checkout.rules():
        if "record" in rule:
            names[rule["record"]] = {"service"}
    return names, doubles


# ---- what is asked for -----------------------------------------------------------------------------------------------

def plain(expression):
    """A dashboard's expression as Prometheus gets it when somebody looks."""
    for word, value in [("$__rate_interval", "1m"), ("$__range", "6h"), ("$__interval", "15s"), ("$service", ".*")]:
        expression = expression.replace(word, value)
    return expression


def asked(expression):
    """(name, labels in its braces) of each metric in PromQL."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', plain(expression))
    text = re.sub(r"\[[^\]]*\]", "", text)
    text = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", text)
    for name, braces in re.findall(r"(?<![\w:.])([A-Za-z_:][\w:]*)\b(?!\s*\()\s*(\{[^}]*\})?", re.sub(r"(?<=[,{])\s*\w+\s*(?==)", lambda m: "§" + m[0], text)):
        if name.lower() not in WORDS:
            yield name, set(re.findall(r"§\s*(\w+)", braces))


def groupings(expression):
    """The labels of each `by (…)`, the outermost first."""
    return [set(re.findall(r"\w+", inner)) for inner in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)]


def made(expression):
    """Labels that `label_replace(…, "this one", "$1", "queue", "…")` gives."""
    return set(re.findall(r'"(\w+)"(?:,\s*"[^"]*"){3}\s*\)', expression))


def expressions(checkout):
    """(where, expression) of every rule and panel."""
    for rule in checkout.rules():
        yield rule.get("alert") or rule.get("record"), rule["expr"]
    for path, board in checkout.boards().items():
        where = path.rsplit("/", 1)[1]
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{where}: {panel['title']}", target["expr"]
        for variable in board["templating"]["list"]:
            inner = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"])
            yield f"{where}: ${variable['name']}", f"sum by ({inner[2]}) ({inner[1]})"


# ---- the checks; each answers with what is wrong ---------------------------------------------------------------------

def check_names(checkout):
    names, wrong = known(checkout)
    for where, expression in expressions(checkout):
        used = list(asked(expression))
        if not used:
            wrong.append(f"{where}: asks for no metric")
        there = GIVEN.union(made(expression), *(names.get(name, set()) for name, _ in used))
        for name, labels in used:
            if name not in names:
                wrong.append(f"{where}: nobody has a metric {name}")
                continue
            wrong += [f"{where}: {name} has no label {label}" for label in sorted(labels - names[name] - GIVEN)]
        wrong += [f"{where}: nothing in it has a label {label}" for label in sorted(set().union(*groupings(expression)) - there)]
    return wrong


def check_values(checkout):
    """What labels are compared with: routes, handlers."""
    wrong, sources = [], checkout.sources()
    paths = json.loads(checkout.text("openapi/yewu.json"))["paths"]
    for where, expression in expressions(checkout):
        for method, route in re.findall(r'method="(\w+)", route="([^"]*)"', expression):
            if method.lower() not in paths.get(route, {}):
                wrong.append(f"{where}: there is no {method} {route}")
        if len(re.findall(r'route="', expression)) != len(re.findall(r'method="\w+", route="', expression)):
            wrong.append(f"{where}: a route without its method")
        for handlers in re.findall(r'handler=~?"([^"]*)"', expression):
            wrong += [f"{where}: no handler is called {name}" for name in handlers.split("|") if f'"{name}"' not in sources]
    return wrong


def check_alerts(checkout):
    wrong, runbook = [], checkout.text(f"{FOLDER}/alerts.md")
    headings = re.findall(r"^### (\w+)$", runbook, re.M)
    for alert in checkout.alerts():
        name, notes = alert["alert"], alert.get("annotations", {})
        if alert.get("labels", {}).get("severity") not in ("page", "ticket"):
            wrong.append(f"{name}: its severity is neither page nor ticket")
        if notes.get("runbook") != f"{FOLDER}/alerts.md#{name.lower()}":
            wrong.append(f"{name}: its runbook is not {FOLDER}/alerts.md#{name.lower()}")
        wrong += [f"{name}: it has no {note}" for note in ("summary", "description") if not notes.get(note)]
        for label in {"service", "instance", "queue"}.intersection(*groupings(alert["expr"])[:1] or [set()]):
            if "{{ $labels." + label + " }}" not in notes.get("summary", "") + notes.get("description", ""):
                wrong.append(f"{name}: it does not name the {label}")
        if name not in headings:
            wrong.append(f"{name}: alerts.md has no heading of this name")
    names = {alert["alert"] for alert in checkout.alerts()}
    wrong += [f"alerts.md: {heading} is no alert" for heading in headings if heading not in names]
    wrong += [f"alerts.md: {heading} stands there twice" for heading in set(headings) if headings.count(heading) > 1]
    commands = {p.rsplit("/", 1)[1][:-3].replace("_", "-") for p in checkout.paths("services/suite/src/commands", ".rs")}
    wrong += [f"alerts.md: yewu has no command {word}" for word in re.findall(r"`yewu ([a-z-]+)", runbook) if word not in commands]
    return wrong


def check_tests(checkout):
    fired, silent, wrong = set(), set(), []
    for _, _, test in checkout.tests():
        for look in test["alert_rule_test"]:
            found = {(look["alertname"], alert["exp_labels"]["severity"]) for alert in look["exp_alerts"]}
            fired |= found
            silent |= {(look["alertname"], severity) for severity in ("page", "ticket")} - found
    for alert in checkout.alerts():
        key = (alert["alert"], alert.get("labels", {}).get("severity"))
        wrong += [f"{key[0]} ({key[1]}): no test fires it"] if key not in fired else []
        wrong += [f"{key[0]} ({key[1]}): no test finds it silent"] if key not in silent else []
    known_alerts = {alert["alert"] for alert in checkout.alerts()}
    return wrong + [f"a test asks for {name}, which is no alert" for name, _ in sorted(fired | silent) if name not in known_alerts]


def check_boards(checkout):
    wrong, uids, places = [], [], None
    for path, board in checkout.boards().items():
        uids.append(board["uid"])
        places = set()
        for panel in board["panels"]:
            where, place = f"{path}: {panel['title']}", panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            wrong += [f"{where}: it lies on another panel, or outside"] if cells & places or place["x"] + place["w"] > 24 else []
            places |= cells
            wrong += [f"{where}: it asks another data source"] if panel["datasource"]["uid"] != "prometheus" else []
            wrong += [f"{where}: two of its questions have one letter"] if len({t["refId"] for t in panel["targets"]}) < len(panel["targets"]) else []
            wrong += [f"{where}: an id that changes"] if "id" in panel else []
        wrong += [f"{path}: an id that changes"] if "id" in board else []
    return wrong + ([f"two dashboards have one uid: {uids}"] if len(set(uids)) < len(uids) else [])


CHECKS = [check_names, check_values, check_alerts, check_tests, check_boards]


def names(checkout):
    return [wrong for check in CHECKS for wrong in check(checkout)]


# ---- does it find what is planted? -----------------------------------------------------------------------------------

PLANTED = [
    ("a metric renamed in the program", "shared/platform/src/outbox.rs", '"yewu_publish_unroutable_total"', '"yewu_unroutable_total"'),
    ("a label renamed in the program", "shared/platform/src/inbox.rs", '"outcome" =>', '"result" =>'),
    ("a proposed metric that the program has", f"{TESTS}/proposed.txt", "# TYPE", "counter yewu_published_total service\n# TYPE"),
    ("a wrong metric in an alert", f"{FOLDER}/alerts.yml", "(yewu_parked_messages) > 20", "(yewu_parked_mesages) > 20"),
    ("a wrong label in an alert", f"{FOLDER}/alerts.yml", "by (service, role) (yewu_amqp_state) == 2", "by (service, kind) (yewu_amqp_state) == 2"),
    ("a wrong metric in a record", f"{FOLDER}/records.yml", "yewu_http_turned_away_total[6h]", "yewu_turned_away_total[6h]"),
    ("a wrong metric in a dashboard", f"{BOARDS}/messaging.json", "yewu_published_total", "yewu_publishd_total"),
    ("a wrong label in a dashboard", f"{BOARDS}/api.json", "by (status)", "by (code)"),
    ("a route that is not there", f"{BOARDS}/business.json", "/quotes/{id}/accept", "/quotes/{id}/take"),
    ("a handler that is not there", f"{BOARDS}/business.json", "|hold-stock|", "|keep-stock|"),
    ("an alert without severity", f"{FOLDER}/alerts.yml", "for: 26h\n        labels: {severity: ticket}", "for: 26h\n        labels: {}"),
    ("a runbook that leads elsewhere", f"{FOLDER}/alerts.yml", "alerts.md#parked", "alerts.md#park"),
    ("an alert that names no service", f"{FOLDER}/alerts.yml", "{{ $labels.service }}", "a service"),
    ("an alert without a page", f"{FOLDER}/alerts.md", "### Redelivery", "### Again"),
    ("a command that is not there", f"{FOLDER}/alerts.md", "`yewu parked list`", "`yewu stuck list`"),
    ("an alert that no test fires", f"{TESTS}/messages.yml", "alertname: InboxGap", "alertname: Parked"),
    ("two panels on one place", f"{BOARDS}/api.json", '"x": 12, "y": 0', '"x": 11, "y": 0'),
    ("an id that changes", f"{BOARDS}/api.json", '"type": "heatmap"', '"id": 7, "type": "heatmap"'),
]


def planted(checkout):
    missed = [f"not found: {what}" for what, path, old, new in PLANTED if not names(Checkout(checkout.root, {path: [(old, new)]}))]
    innocent = names(checkout)
    return missed + [f"accused without being guilty: {wrong}" for wrong in innocent]


# ---- with promtool ---------------------------------------------------------------------------------------------------

def promtool(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def questions(checkout, program):
    """Every question of a dashboard is PromQL."""
    rules = [{"record": f"question:{number}", "expr": plain(expression)} for number, (_, expression) in enumerate(expressions(checkout))]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "questions.yml")
        file.write_text(yaml.safe_dump({"groups": [{"name": "questions", "rules": rules}]}), encoding="utf-8")
        said = promtool(program, "check", "rules", str(file))
    return [] if said.returncode == 0 else [said.stdout + said.stderr]


def moved(alert):
    """(what, the alert with one bound moved by a tenth, or its patience gone or longer)"""
    for at in re.finditer(r"(==|>=|<=|>|<) *([0-9.]+)", alert["expr"]):
        bound = float(at[2])
        for other in (bound * 1.1, bound * 0.9) if bound else (1.5, -0.5):
            expression = f"{alert['expr'][:at.start()]}{at[1]} {other:.10g}{alert['expr'][at.end():]}"
            yield f"{at[0]} as {at[1]} {other:.10g}", {**alert, "expr": expression}
    if "for" in alert:
        number, unit = int(alert["for"][:-1]), alert["for"][-1]
        yield "without its patience", {**alert, "for": "0s"}
        yield "with more patience", {**alert, "for": f"{number * 2}{unit}"}


def bounds(checkout, program):
    """No bound can move by a tenth without a test that notices."""
    wrong, alerts = [], checkout.alerts()
    records = [rule for rule in checkout.rules() if "record" in rule]
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder, "rules.yml")

        def notices(files, changed):
            groups = [{"name": "records", "rules": records}, {"name": "alerts", "rules": changed}]
            rules.write_text(yaml.safe_dump({"groups": groups}), encoding="utf-8")
            return any(promtool(program, "test", "rules", str(file)).returncode for file in files)

        for name in sorted({alert["alert"] for alert in alerts}):
            files = []
            for number, (_, settings, test) in enumerate(checkout.tests()):
                looks = [look for look in test["alert_rule_test"] if look["alertname"] == name]
                if looks:
                    files.append(pathlib.Path(folder, f"{name}-{number}.yml"))
                    whole = {**settings, "rule_files": [str(rules)], "group_eval_order": ["records", "alerts"], "tests": [{**test, "alert_rule_test": looks}]}
                    files[-1].write_text(yaml.safe_dump(whole), encoding="utf-8")
            same = [alert for alert in alerts if alert["alert"] == name]
            if notices(files, same):
                wrong.append(f"{name}: its tests fail by themselves")
            for alert in same:
                for what, other in moved(alert):
                    if not notices(files, [other if rule is alert else rule for rule in same]):
                        wrong.append(f"{name} ({alert['labels']['severity']}): no test notices {what}")
    return wrong


def count(checkout):
    boards = checkout.boards().values()
    looks = sum(len(test["alert_rule_test"]) for _, _, test in checkout.tests())
    panels = sum(len(board["panels"]) for board in boards)
    proposed = len([line for line in checkout.text(f"{TESTS}/proposed.txt").splitlines() if line and not line.startswith("#")])
    print(f"{len(checkout.alerts())} alerts, {looks} looks at them, {panels} panels on {len(boards)} dashboards; {proposed} metrics still proposed")
    return []


def main():
    what, root, *rest = sys.argv[1:]
    wrong = {"names": names, "planted": planted, "questions": questions, "bounds": bounds, "count": count}[what](Checkout(root), *rest)
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
