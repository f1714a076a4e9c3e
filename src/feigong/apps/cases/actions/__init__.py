"""What can be done with a case."""

from feigong.apps.cases.actions.opening import Opening, open_case, open_in
from feigong.apps.cases.actions.working import (
    MOST_PAPER,
    attach,
    comment,
    do_step,
    hand_over,
    hold,
    owners,
    reopen,
    resume,
)

__all__ = [
    "MOST_PAPER", "Opening", "attach", "comment", "do_step", "hand_over", "hold", "open_case", "open_in", "owners",
    "reopen", "resume",
]  # fmt: skip
