#!/usr/bin/env python3
"""Instructions that one iteration of a benchmark takes, by callgrind: repeatable on any machine.

    bench/instructions.py build/release/bin/cue_bench webservice/warm webservice/compile
"""
import os
import re
import subprocess
import sys


def total(program: str, name: str, iterations: int) -> int:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, f"--benchmark_filter=^{name}(/iterations.*)?$"]
    run = subprocess.run(command, env={**os.environ, "OAM_BENCH_ITERATIONS": str(iterations)}, capture_output=True, text=True, check=True)
    if name not in run.stdout:
        sys.exit(f"{program} has no benchmark {name}")
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for name in sys.argv[2:]:
        each = (total(sys.argv[1], name, 60) - total(sys.argv[1], name, 10)) // 50
        print(f"{name:40} {each:>14,} instructions")


if __name__ == "__main__":
    main()
