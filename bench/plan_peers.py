#!/usr/bin/env python3
"""Plans of the workloads beside what others make of the same graph, in one run.

usage: plan_peers.py PLAN_BENCH [WORKLOAD:STEPS ...]

Whole programs (with reading their files): ninja -n, make -n, tsort. In process: Python's
graphlib and networkx, Boost.Graph's topological_sort. Ours: the plan with all its steps,
reasons and objects, from a resolved model. Run it alone on the machine.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

DEFAULT = ["app:1000", "app:10000", "app:100000", "app:1000000", "layered-replace:10000", "layered-replace:100000",
           "waves:10000", "waves:100000", "rules:1000", "rules:10000", "rules:50000", "chain:100000", "wide:100000", "stateful:10000", "delta:100000"]


def timed(work):
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def program(*command, stdin=None):
    if not shutil.which(command[0]):
        return None
    with open(stdin) if stdin else open("/dev/null") as given:
        try:
            return timed(lambda: subprocess.run(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True))
        except subprocess.CalledProcessError as error:
            return "died" if error.returncode < 0 else "failed"   # ninja recurses: a long chain ends its stack


def graphlib_sort(graph):
    import graphlib
    return timed(lambda: list(graphlib.TopologicalSorter(graph).static_order()))


def networkx_sort(graph):
    try:
        import networkx
    except ImportError:
        return None

    def work():
        made = networkx.DiGraph()
        made.add_nodes_from(graph)
        made.add_edges_from((need, step) for step, needs in graph.items() for need in needs)
        list(networkx.topological_sort(made))
    return timed(work)


def row(bench, workload, steps):
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([bench, workload, steps, folder], capture_output=True, text=True)
        if made.returncode:
            return {"workload": workload, "steps": steps, "failed": made.stderr.strip().splitlines()[:1]}
        ours, place = json.loads(made.stdout), pathlib.Path(folder)
        graph = {}
        for line in (place / "lists").read_text().splitlines():
            step, *needs = line.split()
            graph[step] = needs
        ours["ninja_ms"] = program("ninja", "-C", folder, "-n", "--quiet")
        ours["make_ms"] = program("make", "-C", folder, "-n", "-f", "Makefile", "all")
        ours["tsort_ms"] = program("tsort", stdin=place / "pairs")
        ours["graphlib_ms"] = graphlib_sort(graph)
        ours["networkx_ms"] = networkx_sort(graph)
        return ours


COLUMNS = [("workload", "workload"), ("steps", "steps"), ("edges", "edges"), ("plan_ms", "plan"), ("hash_ms", "hash"), ("bytes_per_step", "B/step"), ("peak_bytes_per_step", "peak B"),
           ("boost_sort_ms", "boost"), ("ninja_ms", "ninja -n"), ("make_ms", "make -n"), ("tsort_ms", "tsort"), ("graphlib_ms", "graphlib"), ("networkx_ms", "networkx")]


def deltas(bench, steps):
    made = subprocess.run([bench, "delta", steps], capture_output=True, text=True)
    print(made.stdout + made.stderr, end="")


def main():
    bench = sys.argv[1]
    print("  ".join(f"{title:>10}" for _, title in COLUMNS) + "   (ms)")
    for each in sys.argv[2:] or DEFAULT:
        if each.startswith("delta:"):
            deltas(bench, each.split(":")[1])
            continue
        made = row(bench, *each.split(":"))
        if "failed" in made:
            print(f"{made['workload']:>10}  {made['steps']:>10}  failed: {made['failed']}")
            continue
        cells = [made.get(field) for field, _ in COLUMNS]
        print("  ".join(f"{'-' if cell is None else f'{cell:.1f}' if isinstance(cell, float) else cell:>10}" for cell in cells), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
