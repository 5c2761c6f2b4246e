"""Runs make-secrets and roll-out of deploy/kubernetes with a real kubectl against the stand-in of cluster.py: what is
made in which order, and what is not when something is missing or fails. It refuses to say what a real cluster would do.

    rolls_out.py KUBECTL FOLDER    FOLDER takes kubectl's cache, a wrapper around it, and made-up secrets
"""

import os
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from cluster import Cluster
from objects import CHECKOUT, services

SCRIPTS = CHECKOUT / "deploy/kubernetes"
STARTED = {f"made Deployment yewu-{name}" for name in [*services(), "docs", "tools"]}
MIGRATION = ["deleted Job yewu-migration", "made Job yewu-migration"]
# Everything else is kubectl's own. The stand-in has no schemas, so kubectl must not ask for them.
WRAPPER = """#!/usr/bin/env bash
# Written by tests/kubernetes/rolls_out.py: kubectl, for the stand-in of a cluster.
set -euo pipefail
command=({kubectl} --server {url} --cache-dir {folder}/cache)
if [[ $1 == apply ]]; then exec "${{command[@]}}" "$@" --validate=false; fi
exec "${{command[@]}}" "$@"
"""


class Trial:
    def __init__(self, kubectl, folder):
        self.cluster, self.folder, self.wrong, self.runs = Cluster(), folder, [], 0
        self.wrapper = folder / "kubectl"
        self.wrapper.write_text(WRAPPER.format(kubectl=kubectl, url=self.cluster.url, folder=folder))
        self.wrapper.chmod(0o755)

    def run(self, script, what, succeeds):
        """What was written meanwhile."""
        self.cluster.written.clear()
        self.runs += 1
        own = {"KUBECTL": self.wrapper, "YEWU_KUBERNETES_SECRETS": self.folder / "secrets", "HOME": self.folder}
        environment = {**os.environ, **{name: str(path) for name, path in own.items()}, "KUBECONFIG": "/dev/null"}
        command = [SCRIPTS / script]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        with (self.folder / "log").open("a") as log:
            log.write(f"--- {script}: {what}\n{ended.stdout}{ended.stderr}\n")
        said = ended.stderr.strip().splitlines()[-2:]
        self.expect((ended.returncode == 0) == succeeds, f"{what}: exit code {ended.returncode}: {said}")
        # Newer kubectls send a budget's selector anew each time, changed or not.
        return [line for line in self.cluster.written if not line.startswith("changed PodDisruptionBudget")]

    def expect(self, holds, what):
        if not holds:
            self.wrong.append(what)


def play(trial):
    first = trial.run("roll-out", "no secrets", succeeds=False)
    trial.expect(first[:1] == ["made Namespace yewu"], f"no secrets: the namespace comes first, not {first[:1]}")
    trial.expect("made NetworkPolicy deny-all" in first, "no secrets: the walls stand all the same")
    trial.expect(not any("Job" in line or "Deployment" in line for line in first), "no secrets: nothing was started")

    make_secrets(trial)
    trial.cluster.outcome = "Failed"
    failed = trial.run("roll-out", "a migration that fails", succeeds=False)
    trial.expect(failed == MIGRATION[1:], f"a migration that fails: nothing else was touched, not {failed}")

    trial.cluster.outcome = "Complete"
    done = trial.run("roll-out", "a first version", succeeds=True)
    trial.expect(done[:2] == MIGRATION, f"a first version: the migration comes first, not {done[:2]}")
    trial.expect(STARTED <= set(done[2:]), f"a first version: the services follow, not {done[2:]}")

    again = trial.run("roll-out", "the same again", succeeds=True)
    trial.expect(again == MIGRATION, f"the same again: only the migration runs, not {again}")

    trial.cluster.outcome = None
    trial.cluster.job("yewu-migration")
    busy = trial.run("roll-out", "while another migrates", succeeds=False)
    trial.expect(busy == [], f"while another migrates: nothing is touched, not {busy}")


def make_secrets(trial):
    none = trial.run("make-secrets", "no servers", succeeds=False)
    trial.expect(none == [], f"no servers: no secret was made, not {none}")
    encoded = {name: b64encode(name.encode()).decode() for name in ("uri", "username", "password")}
    trial.cluster.secret("yewu-data", "yewu-database-app", encoded)
    trial.cluster.secret("yewu-data", "yewu-broker-default-user", encoded)
    made = trial.run("make-secrets", "servers by their operators", succeeds=True)
    names = ["migration", "tools", *services()]
    trial.expect(sorted(made) == sorted(f"made Secret yewu-{name}" for name in names), f"secrets are {made}")
    held = {name: trial.cluster.objects[f"/api/v1/namespaces/yewu/secrets/yewu-{name}"]["data"] for name in names}
    for name in services():
        trial.expect(set(held[name]) == {f"database_{name}", f"broker_{name}"}, f"{name} holds {sorted(held[name])}")
    trial.expect(held["crm"]["database_crm"] != held["orders"]["database_orders"], "two services share a password")
    trial.expect(held["migration"]["database_crm"] == held["crm"]["database_crm"], "the migration gives another password")
    url = b64encode(b"amqp://username:password@yewu-broker.yewu-data.svc:5672/%2f").decode()
    trial.expect(held["migration"]["amqp_admin_url"] == url, "the broker's administrator is another")
    trial.expect("postgres_admin_url" not in held["tools"], "the tools rule over the database")
    again = trial.run("make-secrets", "again", succeeds=True)
    trial.expect(again == [], f"again: nothing changes, not {again}")
    trial.cluster.secret("yewu", "yewu-tls")


def main():
    kubectl, folder = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    trial = Trial(kubectl, folder)
    play(trial)
    trial.cluster.stop()
    for complaint in trial.wrong:
        print(f"FAILED  {complaint}")
    print(f"{trial.runs} runs of the scripts, {len(trial.wrong)} complaints (log: {folder}/log)")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
