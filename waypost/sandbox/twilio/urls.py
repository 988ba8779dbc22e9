"""The paths of Verify v2, under `/v2`; every other one answers that it is not there."""

from __future__ import annotations

from django.urls import path, re_path

from waypost.sandbox.twilio import attempts, checks, rate_limits, services, starts, verifications
from waypost.sandbox.twilio.entry import endpoint, nowhere

_SERVICE = "Services/<str:service_sid>"
_LIMIT = f"{_SERVICE}/RateLimits/<str:limit_sid>"

urlpatterns = [
    path("Services", endpoint(GET=services.list_services, POST=services.create_service)),
    path(
        _SERVICE,
        endpoint(
            GET=services.fetch_service,
            POST=services.update_service,
            DELETE=services.delete_service,
        ),
    ),
    path(f"{_SERVICE}/Verifications", endpoint(POST=starts.start_verification)),
    path(
        f"{_SERVICE}/Verifications/<str:name>",
        endpoint(GET=verifications.fetch_verification, POST=verifications.update_verification),
    ),
    path(f"{_SERVICE}/VerificationCheck", endpoint(POST=checks.check_verification)),
    path(
        f"{_SERVICE}/RateLimits",
        endpoint(GET=rate_limits.list_rate_limits, POST=rate_limits.create_rate_limit),
    ),
    path(
        _LIMIT,
        endpoint(
            GET=rate_limits.fetch_rate_limit,
            POST=rate_limits.update_rate_limit,
            DELETE=rate_limits.delete_rate_limit,
        ),
    ),
    path(
        f"{_LIMIT}/Buckets",
        endpoint(GET=rate_limits.list_buckets, POST=rate_limits.create_bucket),
    ),
    path(
        f"{_LIMIT}/Buckets/<str:bucket_sid>",
        endpoint(
            GET=rate_limits.fetch_bucket,
            POST=rate_limits.update_bucket,
            DELETE=rate_limits.delete_bucket,
        ),
    ),
    path("Attempts", endpoint(GET=attempts.list_attempts)),
    path("Attempts/Summary", endpoint(GET=attempts.summarize_attempts)),
    path("Attempts/<str:attempt_sid>", endpoint(GET=attempts.fetch_attempt)),
    re_path("", endpoint(any=nowhere)),
]
