"""Settings of the test run: as served, with a fast password hasher."""

from __future__ import annotations

from waypost.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SANDBOX = True
