"""What can be done with a case."""

from feigong.apps.cases.actions.opening import Opening, open_case, open_in
from feigong.apps.cases.actions.working import (
    attach,
    comment,
    do_step,
    hand_over,
    hold,
    reopen,
    resume,
)

__all__ = [
    "Opening", "attach", "comment", "do_step", "hand_over", "hold", "open_case", "open_in", "reopen", "resume",
]  # fmt: skip
