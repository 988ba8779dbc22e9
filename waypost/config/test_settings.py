"""Settings of the test run: as served, with a fast password hasher."""

from __future__ import annotations

import os
import tempfile

# Never the data of a real Waypost; the children of a test see the same folder.
# /tmp even where TMPDIR says otherwise: as root the server's user must be able to reach it.
IS_TEMPORARY = "WAYPOST_DATA" not in os.environ
if IS_TEMPORARY:
    os.environ["WAYPOST_DATA"] = tempfile.mkdtemp(prefix="waypost-test-", dir="/tmp")

from waypost.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SANDBOX = True
