"""The settings of the product in a home of the tests' own, with quick password hashes."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="feigong-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["FEIGONG_HOME"] = _home
Path(_home, "static").mkdir()  # empty: assets are served from where they lie
os.environ.pop("FEIGONG_KEYS", None)

from feigong.config.settings import *  # noqa: E402, F403
from feigong.config.settings import LOGGING  # noqa: E402

LOGGING["handlers"]["kept"] = {"class": "logging.NullHandler"}  # standard error is another in every test
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
