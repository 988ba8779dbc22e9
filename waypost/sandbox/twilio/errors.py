"""Verify's refusals: HTTP status, Twilio's code and its exact words on the wire."""

from __future__ import annotations

MORE_INFO = "https://www.twilio.com/docs/errors/"


class Refused(Exception):
    """An answer of Twilio that is no success; its effects so far are kept."""

    def __init__(
        self, status: int, code: int, message: str, retry_after: int = 0, limit: str = ""
    ) -> None:
        """`retry_after` seconds go out with every 429, with the name of the limit that fired."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.limit = limit


def invalid(parameter: str) -> Refused:
    """60200 for any parameter but To."""
    return Refused(400, 60200, f"Invalid parameter: {parameter}")


def invalid_to(to: str) -> Refused:
    """60200 for To, which Twilio echoes."""
    return Refused(400, 60200, f"Invalid parameter `To`: {to}" if to else "Invalid parameter: To")


def not_authenticated() -> Refused:
    """20003, for a missing or wrong Basic header."""
    return Refused(401, 20003, "Authenticate")


def not_found(path: str) -> Refused:
    """20404: unknown, approved, expired and another account's all look the same."""
    return Refused(404, 20404, f"The requested resource {path} was not found")


def method_not_allowed() -> Refused:
    """20004, on a path that exists."""
    return Refused(405, 20004, "Method not allowed")


def too_many_requests(retry_after: int, limit: str) -> Refused:
    """20429: more requests than the account, service or verification may make."""
    return Refused(429, 20429, "Too many requests", retry_after, limit)


def unavailable() -> Refused:
    """20503, from the magic number that fails once."""
    return Refused(503, 20503, "Service is unavailable. Please try again")


def too_many_checks(retry_after: int) -> Refused:
    """60202: the verification has had its five guesses."""
    return Refused(429, 60202, "Max check attempts reached", retry_after, "check-attempts")


def too_many_sends(retry_after: int, limit: str = "send-attempts") -> Refused:
    """60203: five sends in the window, or an exhausted rate-limit bucket."""
    return Refused(429, 60203, "Max send attempts reached", retry_after, limit)


def too_close_together(retry_after: int) -> Refused:
    """60212: sends to one number follow each other too fast."""
    message = "Too many concurrent requests for phone number"
    return Refused(429, 60212, message, retry_after, "phone-number")


def landline() -> Refused:
    """60205: the number cannot take an SMS."""
    return Refused(403, 60205, "SMS is not supported by landline phone number")


def channel_disabled(channel: str) -> Refused:
    """60223: the channel is off in the service."""
    return Refused(400, 60223, f"Delivery channel disabled: {channel.upper()}")


def country_denied(to: str, channel: str) -> Refused:
    """60605: geo permissions."""
    return Refused(
        403,
        60605,
        "The destination phone number has been blocked by Verify Geo-Permissions. "
        f"{to} is blocked for {channel} channel for all services",
    )


def prefix_blocked(prefix: str, channel: str) -> Refused:
    """60410: Fraud Guard has blocked the prefix."""
    return Refused(
        403,
        60410,
        "The destination phone number has been temporarily blocked by Twilio due to fraudulent "
        f"activities. {prefix} prefix is blocked for the {channel.upper()} channel",
    )


def challenge_expired() -> Refused:
    """60323: what a service may answer instead of 20404 when its expiry switch says so."""
    return Refused(403, 60323, "Challenge expired")
