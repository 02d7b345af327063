"""`python -m chaos.points`: explore what a JSON object on standard input asks for, and print what was found."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import structlog

from chaos.points.run import explore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
wanted = json.loads(sys.stdin.read())
folder = Path(wanted.pop("folder"))
print(json.dumps(explore(folder=folder, **wanted), ensure_ascii=False))
