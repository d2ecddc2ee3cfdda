"""Requests to the API, and second factors for those who need one."""

import base64
import json

from imr.plain import to_plain
from imr.web import accounts


def sent(upload):
    return {"name": upload.name, "content": base64.b64encode(upload.data).decode(), "kind": to_plain(upload.kind)}


def post(found, path, **facts):
    return found.post(path, json.dumps(to_plain(facts)), content_type="application/json")


def enrolled(people, *names):
    for name in names:
        accounts.give_second_factor(people[name])
