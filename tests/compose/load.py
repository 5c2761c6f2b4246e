#!/usr/bin/env python3
"""People at work: reads of every service and commands to one, through the edge, until told to stop by SIGTERM. It counts
what failed and keeps what was acknowledged, so that afterwards somebody can ask whether it is still there.

    load.py URL TOKEN-FILE REPORT [--patient]
      --patient   repeats what a broken connection or a 503 left open, with the same key, as clients are told to; what then
                  succeeds is no failure (outages); without it every such answer is one (rollouts must show none), but for
                  a service's own "too much to do, come back", which a busy machine may say: it is counted apart

The report is JSON: requests, failures (the first hundred, in words), acknowledged (ids of leads by their key).
"""
import http.client
import json
import signal
import sys
import threading
import time
import urllib.parse
import uuid

READS = [
    "/api/crm/v1/leads?limit=5",
    "/api/quoting/v1/quotes?limit=5",
    "/api/contracts/v1/contracts?limit=5",
    "/api/orders/v1/orders?limit=5",
    "/api/procurement/v1/purchase-orders?limit=5",
    "/api/aftersales/v1/tickets?limit=5",
]
# How long a patient client goes on asking.
PATIENCE_SECONDS = 150
CALLERS = 6
PAUSE_SECONDS = 0.05


class Load:
    def __init__(self, url, token, patient):
        place = urllib.parse.urlsplit(url)
        self.host, self.port = place.hostname, place.port
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.patient = patient
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.requests, self.failures, self.acknowledged, self.longest, self.busy = 0, [], {}, 0.0, 0

    def once(self, connection, method, path, body, key):
        headers = dict(self.headers, **({"Idempotency-Key": key} if key else {}))
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def ask(self, connection, method, path, body=None, key=None):
        """A whole exchange: `(status, body)`, or None after a failure that was noted."""
        began = time.monotonic()
        while True:
            try:
                status, said = self.once(connection, method, path, body, key)
                trouble = f"{status} {said[:120]!r}" if status >= 500 else None
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                status, said, trouble = 0, b"", repr(error)
            waited = time.monotonic() - began
            if trouble is None:
                with self.lock:
                    self.requests += 1
                    self.longest = max(self.longest, waited)
                return status, said
            if status == 503 and b'"overloaded"' in said and waited < PATIENCE_SECONDS:
                with self.lock:
                    self.busy += 1
                time.sleep(0.3)
                continue
            if not self.patient or waited > PATIENCE_SECONDS or (status and status != 503):
                with self.lock:
                    self.requests += 1
                    self.failures.append(f"{method} {path} after {waited:.1f} s: {trouble}")
                return None
            time.sleep(0.3)

    def work(self, number):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        turn = number
        while not self.stopping.is_set():
            turn += 1
            if turn % 3:
                path = READS[turn % len(READS)]
                answer = self.ask(connection, "GET", path)
                if answer and answer[0] != 200:
                    self.note(f"GET {path}: {answer[0]} {answer[1][:120]!r}")
            else:
                self.create(connection)
            time.sleep(PAUSE_SECONDS)

    def create(self, connection):
        key = str(uuid.uuid4())
        lead = {"party_type": "org", "source": "exhibition", "name": f"Load {key}", "need": "n"}
        answer = self.ask(connection, "POST", "/api/crm/v1/leads", json.dumps(lead), key)
        if not answer:
            return
        if answer[0] != 201:
            self.note(f"POST lead: {answer[0]} {answer[1][:200]!r}")
            return
        with self.lock:
            self.acknowledged[key] = json.loads(answer[1])["id"]

    def note(self, text):
        with self.lock:
            self.failures.append(text)


def main():
    url, token_file, report = sys.argv[1:4]
    with open(token_file, encoding="utf-8") as file:
        load = Load(url, file.read().strip(), "--patient" in sys.argv)
    signal.signal(signal.SIGTERM, lambda *_: load.stopping.set())
    threads = [threading.Thread(target=load.work, args=(number,)) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = {
        "requests": load.requests,
        "failed": len(load.failures),
        "failures": load.failures[:100],
        "told_to_come_back": load.busy,
        "longest_seconds": round(load.longest, 2),
        "acknowledged": load.acknowledged,
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(said, file)
    print(f"{load.requests} requests, {len(load.failures)} failed, {load.busy} told to come back, {len(load.acknowledged)} leads acknowledged, "
          f"the longest took {load.longest:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
