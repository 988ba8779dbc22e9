"""How soon the editor answers a builder: real requests on a workflow of many steps."""

from __future__ import annotations

import re
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

from tests.stack import Stack

STEPS = 60
ROUNDS = 60
_WARM_UP = 10
_HEAD = "key: bench_editor\nname: Bench of the editor\nsteps:\n"
_FORM = """
- {{key: form_{n}, name: Form {n}, type: form, fields: [
    {{key: text, name: Text, type: short_text}}, {{key: way, name: Way, type: short_text}}]}}
"""
_CALL = """
- key: call_{n}
  name: Call {n}
  type: http_request
  url: https://api.example.org/things
  body: '{{"text": "{{{{=form_{n}.text}}}}"}}'
  variables: [{{name: status, path: $.status}}]
  condition: {{rules: [{{source: form_{n}.way, operator: is, value: a}}]}}
"""


@dataclass
class Builder:
    """A signed-in browser with the editor of one workflow open."""

    address: str
    cookie: str
    base: str
    connection: HTTPConnection = field(init=False)
    revision: str = "1"
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(self.address, timeout=30)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> str:
        """One request; the page that came back, whose revision and token are kept."""
        sent = {"Cookie": self.cookie, "X-Part": "1", "Referer": f"http://{self.address}/"}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, sent | headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        assert answer.status == 200, (answer.status, page[:500])
        self.revision = _first(r'name="revision" value="(\d+)"', page)
        self.token = _first(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return page

    def press(self, act: str, step: int, **entered: str) -> None:
        """One change, with the parts of the page in its answer."""
        posted = {"act": act, "at": str(step), "revision": self.revision}
        posted |= {"csrfmiddlewaretoken": self.token} | entered
        self.ask("POST", f"{self.base}change/", urlencode(posted))


def measure_editor(stack: Stack) -> dict[str, float]:
    """The p95 of each action of a builder in milliseconds."""
    workflow_id = _import(stack)
    builder = Builder(
        urlsplit(stack.url).netloc, _signed_in(stack), f"/workflows/{workflow_id}/edit/"
    )
    page = builder.ask("GET", builder.base)
    step = int(_first(r'id="row-call_20" href="[^"]*/steps/(\d+)/"', page))
    return {name: _p95(act) for name, act in _actions(builder, step).items()}


def _actions(builder: Builder, step: int) -> dict[str, Callable[[int], object]]:
    rule = {"r0.source": "form_3.text", "r0.operator": "is"}
    directions = ("up", "down")
    return {
        "open a step": lambda _: builder.ask("GET", f"{builder.base}steps/{step}/"),
        "save an attribute": lambda n: builder.press(
            "save_step call_20", step, name=f"Call {n}", drawn="body", body=f'{{"n": {n}}}'
        ),
        "set a condition": lambda n: builder.press(
            "set_condition call_20", step, **rule, **{"r0.value": str(n)}
        ),
        "move a step": lambda n: builder.press(f"shift_step call_20 {directions[n % 2]}", step),
    }


def _p95(act: Callable[[int], object]) -> float:
    times = [_milliseconds(act, number) for number in range(ROUNDS + _WARM_UP)]
    return quantiles(times[_WARM_UP:], n=20)[18]


def _milliseconds(act: Callable[[int], object], number: int) -> float:
    began = time.perf_counter()
    act(number)
    return (time.perf_counter() - began) * 1000


def _import(stack: Stack) -> int:
    steps = "".join(_FORM.format(n=n) + _CALL.format(n=n) for n in range(STEPS // 2))
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(_HEAD + steps)
        file.flush()
        stack.command("import", file.name, "--publish")
    found = stack.call("GET", "/api/processes/").json["results"]
    return next(int(one["id"]) for one in found if one["name"] == "Bench of the editor")


def _signed_in(stack: Stack) -> str:
    """The cookies of the owner, who opened the link that the start has printed."""
    link = _first(r"Sign in as the owner with (\S+)", (stack.data / "log").read_text())
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(link).read().decode()
    token = _first(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    asked = urllib.request.Request(  # noqa: S310 - our own address
        link, urlencode({"csrfmiddlewaretoken": token}).encode(), {"Referer": link}
    )
    browser.open(asked).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text[:300]}"
    return found[1]
