"""Makes a file of leads that is the same each time, hands it in, waits, and holds every number against what the file says."""

import argparse
import json
import pathlib
import sys
import threading
import time
import urllib.request
import uuid
import zipfile
from xml.sax.saxutils import escape

TYPES = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FIELDS = ["name", "source", "contact_name", "contact_phone", "region", "need"]
# One row in a hundred is bad; of a hundred bad ones so many are each of these.
WRONG = ("no name", "no such source", "no row", "known")


def row(number):
    """The fields of a row, and what is wrong with it."""
    wrong = WRONG[number // 100 % 4] if number % 100 == 50 else None
    whose = number - 1 if wrong == "known" else number
    fields = [f"晨光{whose:07d}号泵业有限公司", "online", "李雷", f"139{whose:08d}", "华东", f"{number % 40 + 1} 台卧式泵"]
    if wrong == "no name":
        fields[0] = ""
    if wrong == "no such source":
        fields[1] = "moon"
    if wrong == "no row":
        fields.append("one too many")
    return fields, wrong


def write(path, form, rows):
    counted = dict.fromkeys(WRONG, 0)

    def each():
        for number in range(rows):
            fields, wrong = row(number)
            if wrong:
                counted[wrong] += 1
            yield fields, wrong

    if form == "csv":
        with path.open("w", encoding="utf-8") as file:
            file.write(",".join(FIELDS) + "\n")
            for fields, _ in each():
                file.write(",".join(fields) + "\n")
    elif form == "jsonl":
        with path.open("w", encoding="utf-8") as file:
            for fields, wrong in each():
                lead = {"party_type": "org", **{key: value for key, value in zip(FIELDS, fields) if value}}
                file.write(("nonsense" if wrong == "no row" else json.dumps(lead, ensure_ascii=False)) + "\n")
    else:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
            book.writestr(
                "_rels/.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="r0" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
            book.writestr(
                "xl/_rels/workbook.xml.rels",
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            )
            with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                def put(fields):
                    cells = "".join(f'<c t="inlineStr"><is><t>{escape(field)}</t></is></c>' for field in fields)
                    sheet.write(f"<row>{cells}</row>".encode())
                sheet.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
                put(FIELDS)
                for fields, _ in each():
                    put(fields)
                sheet.write(b"</sheetData></worksheet>")
    return counted


class Caller:
    def __init__(self, url, token):
        self.base = f"{url}/api/crm/v1"
        self.token = pathlib.Path(token).read_text().strip() if pathlib.Path(token).exists() else token

    def ask(self, method, path, body=None, kind="application/json", length=None):
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        if method == "POST":
            headers |= {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
        if length is not None:
            headers["Content-Length"] = str(length)
        request = urllib.request.Request(f"{self.base}{path}", data=body, method=method, headers=headers)
        try:
            return urllib.request.urlopen(request, timeout=900)
        except urllib.error.HTTPError as refused:
            sys.exit(f"FAILED  {method} {path}: {refused.code} {refused.read().decode()[:500]}")

    def get(self, path):
        with self.ask("GET", path) as answer:
            return json.load(answer)


def peak(pid):
    """Most memory that the process has held since it was asked to forget, MiB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def colleague(caller, waits, stop):
    number = 0
    while not stop.is_set():
        lead = {"party_type": "org", "name": f"单条{number}号{uuid.uuid4()}", "source": "online"}
        began = time.monotonic()
        with caller.ask("POST", "/leads", json.dumps(lead).encode()):
            waits.append(time.monotonic() - began)
        number += 1
        stop.wait(0.1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--colleague", required=True)
    parser.add_argument("--pid", type=int)
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--format", choices=TYPES, default="csv")
    chosen = parser.parse_args()

    path = chosen.file.with_suffix(f".{chosen.format}")
    counted = write(path, chosen.format, chosen.rows)
    size = path.stat().st_size
    expected = {
        "total": chosen.rows,
        "created": chosen.rows - sum(counted.values()),
        "merged": 0,
        "attached": 0,
        "duplicates": counted["known"],
        "failed": counted["no name"] + counted["no such source"] + counted["no row"],
    }
    print(f"file        {chosen.rows} rows, {size / 2**20:.1f} MiB of {chosen.format}, {sum(counted.values())} bad", flush=True)

    sales, other = Caller(chosen.url, chosen.token), Caller(chosen.url, chosen.colleague)
    if chosen.pid:
        pathlib.Path(f"/proc/{chosen.pid}/clear_refs").write_text("5")
    idle = peak(chosen.pid) if chosen.pid else 0
    waits, stop = [], threading.Event()
    beside = threading.Thread(target=colleague, args=(other, waits, stop))
    beside.start()
    began = time.monotonic()
    try:
        with path.open("rb") as file:
            with sales.ask("POST", f"/imports?format={chosen.format}", file, TYPES[chosen.format], size) as answer:
                handed_in = json.load(answer)
        kept = time.monotonic() - began
        print(f"kept        {kept:.1f} s until the answer, peak {peak(chosen.pid) if chosen.pid else 0:.0f} MiB (idle {idle:.0f})", flush=True)
        last = began
        while True:
            now = sales.get(f"/imports/{handed_in['id']}")
            if now["status"] in ("done", "cancelled"):
                break
            if time.monotonic() - last > 30:
                last = time.monotonic()
                print(f"            {now['created']} made after {last - began:.0f} s", flush=True)
            time.sleep(0.5)
    finally:
        stop.set()
        beside.join()
    taken = time.monotonic() - began - kept
    waits.sort()
    place = lambda share: waits[min(len(waits) - 1, int(len(waits) * share))] * 1000 if waits else 0
    print(f"taken in    {taken:.1f} s, {chosen.rows / taken:.0f} rows a second; all in all {kept + taken:.1f} s")
    print(f"memory      peak {peak(chosen.pid) if chosen.pid else 0:.0f} MiB")
    print(f"colleague   {len(waits)} single leads: median {place(0.5):.0f} ms, 99 % {place(0.99):.0f} ms, longest {place(1):.0f} ms")

    wrong = [f"{key} is {now[key]}, not {value}" for key, value in expected.items() if now[key] != value]
    if now["status"] != "done":
        wrong.append(f"status is {now['status']}")
    with sales.ask("GET", f"/imports/{handed_in['id']}/failed") as table:
        refused = sum(1 for _ in table) - 1
    if refused != expected["failed"] + expected["duplicates"]:
        wrong.append(f"the table of what was refused has {refused} rows")
    print("counters    " + ("; ".join(wrong) if wrong else "exact: " + ", ".join(f"{key} {value}" for key, value in expected.items())))
    path.unlink()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
