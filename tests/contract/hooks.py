"""What schemathesis cannot know of this API: a key is used once, and files are sent bare. Two random requests under one
`Idempotency-Key` would only ever show that keys are kept apart, so every well-formed key is replaced by a fresh one."""

import re
import uuid

import schemathesis

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    given = (case.headers or {}).get(KEY)
    if isinstance(given, str) and re.fullmatch(r"[!-~]{1,255}", given):
        case.headers[KEY] = str(uuid.uuid4())


# Files of kinds that it would not know how to send.
OFFICE = "application/vnd.openxmlformats-officedocument."
schemathesis.serializer.alias(
    [
        "application/pdf", "application/zip", "application/x-ndjson",
        f"{OFFICE}spreadsheetml.sheet", f"{OFFICE}wordprocessingml.document",
    ],
    "application/octet-stream",
)
