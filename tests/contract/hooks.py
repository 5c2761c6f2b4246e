"""What schemathesis cannot know of this API: a key is used once. Two random requests under one `Idempotency-Key` would only
ever show that keys are kept apart, so every well-formed key is replaced by a fresh one."""

import re
import uuid

import schemathesis

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    given = (case.headers or {}).get(KEY)
    if isinstance(given, str) and re.fullmatch(r"[!-~]{1,255}", given):
        case.headers[KEY] = str(uuid.uuid4())
