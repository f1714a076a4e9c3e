"""One peer on one instance: ``python -m benchmarks.one METHOD --input I.npz --output R.npz``."""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from benchmarks.arrays import BadInputError, read_instance, write_arrays
from benchmarks.instances import make_instance
from benchmarks.peers import PEERS, NotInstalledError

NOT_INSTALLED = 3
"""Exit code; the command that installs the peer is on standard error."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.one", description="one peer on one instance")
    parser.add_argument("method", choices=sorted(PEERS))
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--travel", type=float, default=3000.0)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    try:
        instance = read_instance(options.input)
        PEERS[options.method](make_instance(120, mean_area=40), options.travel)  # loads what it needs
        begun = time.perf_counter()
        plan = PEERS[options.method](instance, options.travel)
        seconds = time.perf_counter() - begun
        write_arrays(options.output, {"group": plan.group, "host": plan.host, "slot": plan.slot})
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return NOT_INSTALLED
    except BadInputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
