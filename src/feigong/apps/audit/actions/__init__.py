"""What is recorded without changing a row, and the check of the chain."""

from feigong.apps.audit.actions.events import record_event
from feigong.apps.audit.actions.verify import verify

__all__ = ["record_event", "verify"]
