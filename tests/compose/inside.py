#!/usr/bin/env python3
"""Looks at a running installation from inside its containers: who they run as, what they can write, reach and know.
It changes nothing that lasts; `policy.py` looks at what is written.

    inside.py PROJECT SECRETS-FOLDER     findings on stdout, a line each; exit code 1 if there are any
"""
import json
import pathlib
import subprocess
import sys

# The broker's image brings no `cat` of its own name in some builds; every image here has a shell with builtins.
READ = "while IFS= read -r line || [ -n \"$line\" ]; do printf '%s\\n' \"$line\"; done <"


def docker(*arguments, **options):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60, **options)


def inside(container, command):
    return docker("exec", container, "/bin/sh", "-c", command)


def fields(container):
    said = inside(container, READ + "/proc/1/status").stdout
    return dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)


def privileges(name, container):
    status = fields(container)
    if not status:
        yield f"{name}: /proc/1/status cannot be read"
        return
    if "0" in status["Uid"].split():
        yield f"{name}: runs as root"
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        if int(status[kind], 16):
            yield f"{name}: {kind} is {status[kind]}"
    if status.get("NoNewPrivs") != "1":
        yield f"{name}: can gain privileges"
    if status.get("Seccomp") != "2":
        yield f"{name}: no filter on system calls"


def file_system(name, container):
    for folder in ("/", "/usr/local/bin", "/etc"):
        if inside(container, f": >{folder}/yewu-was-here").returncode == 0:
            yield f"{name}: {folder} can be written"
    if inside(container, ": >/tmp/x && printf '#!/bin/sh\\n' >/tmp/x && chmod +x /tmp/x && /tmp/x").returncode == 0:
        yield f"{name}: what lies in /tmp can be executed"
    inside(container, "rm -f /tmp/x")


def limits(name, about):
    host = about["HostConfig"]
    for limit in ("Memory", "NanoCpus", "PidsLimit"):
        if not host.get(limit):
            yield f"{name}: no {limit}"
    if host["PortBindings"] and not name.startswith("edge"):
        yield f"{name}: publishes {host['PortBindings']}"
    for bindings in (host["PortBindings"] or {}).values():
        if any(binding["HostIp"] in ("", "0.0.0.0") for binding in bindings):
            yield f"{name}: is published at every address"


def reaches(container, address):
    """Can it open a connection there? None where it has no shell that could try."""
    if inside(container, "command -v bash && command -v timeout").returncode:
        return None
    tried = docker("exec", container, "timeout", "3", "bash", "-c", f"exec 3<>/dev/tcp/{address}/8080")
    return tried.returncode == 0


def outside(project, image):
    """A listener in front of the edge, standing for the rest of the world: `(container, address)`."""
    run = ["run", "-d", "--rm", "--network", f"{project}_front", "--entrypoint", "bash", image, "-c"]
    configuration = "events {} pid /tmp/p; http { access_log off; client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; " \
        "fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e; server { listen 8080; } }"
    command = f"echo '{configuration}' >/tmp/n && exec nginx -c /tmp/n -g 'daemon off;'"
    container = docker(*run, command).stdout.strip()
    about = json.loads(docker("inspect", container).stdout)[0]
    return container, about["NetworkSettings"]["Networks"][f"{project}_front"]["IPAddress"]


def secrets(name, container, about, known):
    """Nobody shows a secret, and nobody has one that is not its own business."""
    places = {
        "docker inspect": json.dumps(about["Config"]) + json.dumps(about["HostConfig"]),
        "/proc/1/environ": inside(container, "tr '\\0' '\\n' </proc/1/environ").stdout,
        "its log": "".join(docker("logs", container).stdout) + docker("logs", container).stderr,
        "its image's history": docker("history", "--no-trunc", about["Image"]).stdout,
    }
    for place, text in places.items():
        for secret, value in known.items():
            if value and value in text:
                yield f"{name}: {place} shows the secret {secret}"


def links(edge):
    """The token of a link for someone without an account is in no log of the edge, whether it was answered or refused."""
    token = "5ec2e7" * 10 + "abcd"
    for path in (f"/api/quoting/v1/public/proposals/{token}", f"/api/nobody/v1/public/proposals/{token}/pdf"):
        request = f"GET {path} HTTP/1.0\\r\\nHost: edge\\r\\n\\r\\n"
        ask = f"exec 3<>/dev/tcp/127.0.0.1/8080; printf '{request}' >&3; read -r -t 5 -u 3 _ status _; echo $status"
        asked = docker("exec", edge, "bash", "-c", ask)
        if asked.stdout.strip() != "404":
            yield f"edge: {path} is answered {asked.stdout.strip() or asked.stderr.strip()}, not 404"
    logged = docker("logs", "--tail", "1000", edge)
    if token in logged.stdout + logged.stderr:
        yield "edge: its log shows the token of a link"
    if "/v1/public/proposals/***" not in logged.stdout + logged.stderr:
        yield "edge: its log does not show that a link was used"


def main():
    project, folder = sys.argv[1:]
    known = {}
    for path in pathlib.Path(folder).iterdir():
        text = path.read_text(encoding="utf-8").strip()
        # Keys and definitions have many lines that are no secret; passwords in them stand in files of their own.
        if path.name not in ("jwks", "broker_definitions"):
            known[path.name] = text
    ids = docker("ps", "-q", "--filter", f"label=com.docker.compose.project={project}").stdout.split()
    edge = docker("ps", "-q", "--filter", f"label=com.docker.compose.project={project}",
                  "--filter", "label=com.docker.compose.service=edge").stdout.split()[0]
    listener, address = outside(project, docker("inspect", "--format", "{{.Config.Image}}", edge).stdout.strip())
    try:
        found = look(ids, known, address) + list(links(edge))
    finally:
        docker("rm", "-f", listener)
    if len(ids) < 10 or len(known) < 15:
        found.append(f"only {len(ids)} containers and {len(known)} secrets were looked at")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(ids)} containers from inside, {len(known)} secrets looked for in each", file=sys.stderr)
    return 1 if found else 0


def look(ids, known, address):
    found = []
    for container in ids:
        about = json.loads(docker("inspect", container).stdout)[0]
        name = about["Config"]["Labels"]["com.docker.compose.service"]
        found += [*privileges(name, container), *file_system(name, container), *limits(name, about)]
        found += secrets(name, container, about, known)
        # The edge proves that the listener is there: it alone has a way out.
        if reaches(container, address) not in (name == "edge", None):
            found.append(f"{name}: {'has no' if name == 'edge' else 'has a'} way to the outside")
    return found


if __name__ == "__main__":
    sys.exit(main())
