"""gunicorn's settings: `gunicorn -c python:feigong.config.serving feigong.config.wsgi`.

From the environment: FEIGONG_BIND, FEIGONG_WEB_PROCESSES, FEIGONG_WEB_THREADS.
"""

from __future__ import annotations

import os

from feigong.config.logs import logging_settings

bind = os.environ.get("FEIGONG_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("FEIGONG_WEB_PROCESSES", "2"))
threads = int(os.environ.get("FEIGONG_WEB_THREADS", "4"))
timeout = 120  # a large upload is read and sealed within one request
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # memory that a library does not give back ends with its process
max_requests_jitter = 500
limit_request_line = 8190  # filters live in the address
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
logconfig_dict = logging_settings()
accesslog = None
control_socket_disable = True
