"""What is recorded without changing a row, and the check of the chain."""

from feigong.apps.audit.actions.events import record_event
from feigong.apps.audit.actions.verify import CHECK, ask_verify, verify

__all__ = ["CHECK", "ask_verify", "record_event", "verify"]
