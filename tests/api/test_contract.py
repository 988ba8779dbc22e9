"""The API keeps to its own description, whatever is sent to it."""

from __future__ import annotations

import pytest
import schemathesis.openapi
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import CheckContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response

from tests.api.callers import a_caller
from tests.api.showcase import Case, Showcase, a_showcase
from waypost.api.codes import FAULT_BY_CODE
from waypost.config.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES_AN_OPERATION = 15
#: The same requests in every run, so that a red test stays red until it is mended.
CONFIG = {
    "seed": 20260101,
    "generation": {
        "deterministic": True,
        "max-examples": EXAMPLES_AN_OPERATION,
        "no-shrink": True,
        "with-security-parameters": False,
    },
    # These take the filters of GET /api/instances/, where every edge of each is tried.
    "operations": [
        {
            "include-path-regex": "^/api/.*processes/.*/(instances|actions)/",
            "phases": {"coverage": {"enabled": False}},
        }
    ],
    # "Step 501 is not active" is no malformed request: `is_not_misjudged` looks closer.
    "checks": {"positive_data_acceptance": {"enabled": False}},
}
described = schemathesis.openapi.from_wsgi(
    "/api/openapi.json", application, config=SchemathesisConfig.from_dict(CONFIG)
)


@pytest.fixture
def showcase(monkeypatch: pytest.MonkeyPatch) -> Showcase:
    """A workspace in which generated requests find something."""
    monkeypatch.setattr(settings, "API_REQUESTS_PER_MINUTE", 0)
    return a_showcase(a_caller())


@described.parametrize()
@hypothesis_settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: Case, showcase: Showcase) -> None:
    showcase.aim(case)

    case.call_and_validate(
        headers={"Authorization": f"Api-Key {showcase.caller.key}"},
        additional_checks=[tells_a_known_code, is_not_misjudged],
    )


def tells_a_known_code(_: CheckContext, response: Response, case: Case) -> None:
    """Every refusal has a code of the table, with the status that the table says."""
    if response.status_code >= 400:
        fault = FAULT_BY_CODE.get(response.json()["code"])
        assert fault is not None, f"{response.json()['code']} is missing in waypost/api/codes.py"
        assert fault.status == response.status_code


def is_not_misjudged(_: CheckContext, response: Response, case: Case) -> None:
    """What fits the description is never refused as malformed."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        is_malformed = response.json().get("code") in ("invalid_request", "invalid_json")
        assert not (response.status_code == 400 and is_malformed), response.json()
