"""Somebody at a browser, over HTTP: signs in, opens pages, fills in forms, and speaks to the API with the same session."""

import hmac
import json
import struct
import threading
import time
from base64 import b32decode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests

from imr.web.platform import clock

#: An answer that takes longer is a fault: nobody waits at a desk for it, and a worker that hangs never gives it.
PATIENCE = 90

#: What a connection that ends looks like: before the answer, and in the middle of it, where only its beginning came.
_CUTS = requests.ConnectionError, requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError


@dataclass
class Traffic:
    """What all visitors were answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    cut: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, said: str, answer: requests.Response) -> None:
        """Count an answer; one of a server in trouble is a fault."""
        with self.lock:
            self.statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                self.faults.append(f"{answer.status_code} {said}")


class Cut(Exception):
    """The connection ended before the whole answer came: nobody knows whether the step was taken."""


class Visitor:
    """A person at a browser. `twin` is the same person in a second tab."""

    def __init__(self, url: str, email: str, password: str, secret: str, traffic: Traffic) -> None:
        self.url, self.email, self.password, self.secret, self.traffic = url, email, password, secret, traffic
        self.session = requests.Session()

    def twin(self) -> "Visitor":
        """The same session in another tab."""
        other = Visitor(self.url, self.email, self.password, self.secret, self.traffic)
        other.session.cookies.update(self.session.cookies)
        return other

    def sign_in(self) -> "Visitor":
        """With the password, and the code of the second factor where one is asked for."""
        answer = self.form("/account/login/", {"login": self.email, "password": self.password})
        if "/2fa/" in answer.headers.get("Location", ""):
            answer = self.confirm(answer.headers["Location"])
        assert answer.status_code == 302, f"{self.email} cannot sign in: {answer.status_code}"
        return self

    def confirm(self, path: str) -> requests.Response:
        """Give the code of the second factor; each code is taken once, so wait for the next where it was."""
        for _ in range(4):
            answer = self.form(path, {"code": code(self.secret)})
            if answer.status_code == 302:
                return answer
            time.sleep(10)
        return answer

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """One request. Raises Cut where the connection ends before the whole answer came."""
        said = f"{method} {path.split('?', maxsplit=1)[0]} as {self.email}"
        try:
            answer = self.session.request(
                method, self.url + path, timeout=PATIENCE, allow_redirects=False, headers=self._headers(), **how
            )
        except requests.Timeout:
            with self.traffic.lock:
                self.traffic.faults.append(f"no answer {said}")
            raise Cut(said) from None
        except _CUTS:
            with self.traffic.lock:
                self.traffic.cut.append(said)
            raise Cut(said) from None
        self.traffic.keep(said, answer)
        return answer

    def _headers(self) -> dict[str, str]:
        return {"Referer": self.url, "Origin": self.url, "X-CSRFToken": self.session.cookies.get("csrftoken", "")}

    def page(self, path: str) -> str:
        """The text of a page that must be there. A page may be asked for again: nothing is taken twice."""
        for _ in range(5):
            try:
                answer = self.ask("GET", path)
            except Cut:
                time.sleep(1)
                continue
            assert answer.status_code == 200, f"{answer.status_code} {path} as {self.email}"
            return answer.text
        raise Cut(path)

    def data(self, path: str) -> Any:
        """What the API says under a path."""
        return json.loads(self.page(f"/api{path}"))

    def form(
        self, path: str, said: Mapping[str, Any], files: Any = None, text: str | None = None, button: str = ""
    ) -> requests.Response:
        """Open a page (or take `text`, the page that is open), fill in its form and send it off."""
        filled = fields(self.page(path) if text is None else text)
        filled = {name: value for name, value in filled.items() if name not in said} | dict(said)
        if button:
            filled[button] = "1"
        return self.ask("POST", path, data=filled, files=files)


def code(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(clock.now().timestamp()) // 30)
    digest = hmac.new(b32decode(secret), counter, "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class _Forms(HTMLParser):
    """The fields of each form of a page, with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._text = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        name, form = said.get("name", ""), self.forms[-1]
        kind = said.get("type", "text")
        if tag == "textarea" and name:
            self._text, form[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            form[self._select] = said.get("value", "")
        elif tag == "input" and name and kind not in ("file", "submit"):
            value = said.get("value", "on" if kind == "checkbox" else "")
            if kind not in ("checkbox", "radio") or "checked" in said:
                _add(form, name, value)

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            text = self.forms[-1][self._text]
            self.forms[-1][self._text] = text.removeprefix("\n")
            self._text = ""
        elif tag == "select":
            self._select = ""


def _add(form: dict[str, Any], name: str, value: str) -> None:
    """Add a value to a form; a name that stands there already has several."""
    if name in form:
        held = form[name]
        form[name] = [*held, value] if isinstance(held, list) else [held, value]
    else:
        form[name] = value


def fields(text: str) -> dict[str, Any]:
    """The fields of the form that a page is about: of all its forms the one with the most of them."""
    parser = _Forms()
    parser.feed(text)
    return max(parser.forms, key=len, default={})
