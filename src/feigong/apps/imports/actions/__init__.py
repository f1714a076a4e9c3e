"""Hand in, understand, check, decide, apply, take back. Each function takes who does it and when."""

from feigong.apps.imports.actions.applying import apply, ask_apply
from feigong.apps.imports.actions.checking import ask_check, check
from feigong.apps.imports.actions.deciding import (
    abandon,
    answer_doubt,
    answer_missing,
    choose_items,
    choose_verdict,
    skip_fields,
    take_all_offered,
)
from feigong.apps.imports.actions.keeping import sweep
from feigong.apps.imports.actions.places import seed_areas
from feigong.apps.imports.actions.receive import (
    add_files,
    describe,
    remove_file,
    say_full,
    start_import,
    tell_columns,
    use_sheet,
)
from feigong.apps.imports.actions.sending_back import send_back
from feigong.apps.imports.actions.taking_back import ask_take_back, take_back
from feigong.apps.imports.actions.whole import run_whole

__all__ = [
    "abandon", "add_files", "answer_doubt", "answer_missing", "apply", "ask_apply", "ask_check", "ask_take_back",
    "check", "choose_items", "choose_verdict", "describe", "remove_file", "run_whole", "say_full", "seed_areas",
    "send_back", "skip_fields", "start_import", "sweep", "take_all_offered", "take_back", "tell_columns", "use_sheet",
]  # fmt: skip
