"""A stand-in for a cluster's API: keeps what kubectl sends, by its path, and writes down in which order. A Job in it
ends as it is told, a Deployment is ready at once. It starts no pod and refuses to know what objects mean."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# (group and version, plural, kind, in a namespace)
KNOWN = [
    ("v1", "namespaces", "Namespace", False),
    ("v1", "configmaps", "ConfigMap", True),
    ("v1", "secrets", "Secret", True),
    ("v1", "services", "Service", True),
    ("v1", "pods", "Pod", True),
    ("v1", "persistentvolumeclaims", "PersistentVolumeClaim", True),
    ("apps/v1", "deployments", "Deployment", True),
    ("batch/v1", "jobs", "Job", True),
    ("autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", True),
    ("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", True),
    ("networking.k8s.io/v1", "ingresses", "Ingress", True),
    ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", True),
]
KINDS = {plural: (version, kind) for version, plural, kind, _ in KNOWN}


class Cluster:
    """Runs until `stop`; `outcome` is how the next Job ends: Complete, Failed, or None for one that goes on."""

    def __init__(self):
        self.objects, self.written, self.outcome = {}, [], "Complete"
        handler = type("Handler", (Handler,), {"cluster": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()

    def put(self, path, body):
        """A new object, with the status that its controller would give it."""
        body["metadata"] |= {"resourceVersion": "1", "uid": path, "generation": 1}
        if body["kind"] == "Deployment":
            counts = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
            body["status"] = {"observedGeneration": 1, **dict.fromkeys(counts, 1)}
            body["spec"].setdefault("replicas", 1)
        if body["kind"] == "Job":
            condition = {"type": self.outcome, "status": "True"}
            body["status"] = {"conditions": [condition]} if self.outcome else {"active": 1}
        self.objects[path] = body

    def secret(self, namespace, name, data=None):
        head = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}}
        body = {**head, "data": data or {}}
        self.put(f"/api/v1/namespaces/{namespace}/secrets/{name}", body)

    def job(self, name):
        body = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "namespace": "yewu"}}
        self.put(f"/apis/batch/v1/namespaces/yewu/jobs/{name}", body)


class Handler(BaseHTTPRequestHandler):
    cluster = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing: what was written is what counts."""

    def answer(self, body, status=200):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def missing(self):
        status = {"apiVersion": "v1", "kind": "Status", "status": "Failure", "code": 404}
        self.answer({**status, "reason": "NotFound", "message": "not found"}, 404)

    def note(self, verb, body):
        self.cluster.written.append(f"{verb} {body['kind']} {body['metadata']['name']}")

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        parts = url.path.strip("/").split("/")
        if url.path in ("/api", "/apis") or parts[-1] in ("v1", "v2") and parts[0] in ("api", "apis"):
            return self.answer(discovery(url.path))
        if url.path in self.cluster.objects:
            return self.answer(self.cluster.objects[url.path])
        if parts[-1] not in KINDS:
            return self.missing()
        if "watch" in query:
            # Nothing ever changes by itself; a streamed first list is refused, so that kubectl asks for it plainly.
            return self.missing() if "sendInitialEvents" in query else self.answer_nothing()
        version, kind = KINDS[parts[-1]]
        wanted = query.get("fieldSelector", [""])[0].removeprefix("metadata.name=")
        items = [each for path, each in self.cluster.objects.items() if path.rpartition("/")[0] == url.path]
        items = [each for each in items if wanted in ("", each["metadata"]["name"])]
        head = {"apiVersion": version, "kind": f"{kind}List", "metadata": {"resourceVersion": "1"}}
        return self.answer({**head, "items": items})

    def answer_nothing(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")

    def do_POST(self):
        body = self.body()
        self.note("made", body)
        self.cluster.put(f"{urlsplit(self.path).path}/{body['metadata']['name']}", body)
        self.answer(body, 201)

    def do_PATCH(self):
        self.body()
        found = self.cluster.objects[urlsplit(self.path).path]
        self.note("changed", found)
        self.answer(found)

    def do_DELETE(self):
        self.body()
        found = self.cluster.objects.pop(urlsplit(self.path).path, None)
        if found is None:
            return self.missing()
        self.note("deleted", found)
        return self.answer({"apiVersion": "v1", "kind": "Status", "status": "Success"})


def discovery(path):
    """Which groups there are, or what is in one."""
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = []
        for each in sorted({version for version, *_ in KNOWN} - {"v1"}):
            name, _, version = each.partition("/")
            one = {"groupVersion": each, "version": version}
            groups.append({"name": name, "versions": [one], "preferredVersion": one})
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    group = path.removeprefix("/apis/").removeprefix("/api/")
    verbs = ["create", "delete", "get", "list", "patch", "watch"]
    inside = [
        {"name": plural, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind, "verbs": verbs}
        for version, plural, kind, namespaced in KNOWN
        if version == group
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group, "resources": inside}
