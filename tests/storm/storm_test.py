#!/usr/bin/env python3
"""Real kill -9 at random moments on `oam run --journal`, resumed to the end: nothing is
lost, and no step of class `once` is done twice unasked.

usage: storm_test.py OAM [KILLS [SEED]]     KILLS: 12, or what OAM_STORM_KILLS says
"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

OAM = pathlib.Path(sys.argv[1]).resolve()
KILLS = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("OAM_STORM_KILLS", 12))
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)

# One line in `effects` for each time that a step's effect happens: appends of a few bytes are atomic.
PROGRAM = """#!/bin/sh
task=$(cat); step=${{task#*\\"step\\":\\"}}; step=${{step%%\\"*}}
sleep 0.0$((${{#step}} % 4))
echo "$step" >> {effects}
echo '{{"result":"succeeded"}}'
"""


def a_plan(random_, steps):
    """A plan as `oam plan --format json` writes it: every third step must not be done twice."""
    made = []
    for i in range(steps):
        once = i % 3 == 2
        needs = random_.sample([s["id"] for s in made], min(len(made), random_.randrange(3)))
        made.append({"id": f"s{i}", "kind": "hook" if once else "apply", "action": "none" if once else "create", "component": "*",
                     "resource": "", "target": {"cluster": "", "namespace": ""}, "class": "once" if once else "idempotent",
                     "gate": "none", "lane": "core", "needs": [{"step": s, "kind": "requires", "reason": "", "rule": ""} for s in needs]})
    return {"application": "storm", "steps": made}


class Storm:
    def __init__(self, folder, random_):
        self.random = random_
        self.plan = a_plan(random_, 30)
        self.kills = 0
        self.effects, self.journal, plan, self.program = (folder / name for name in ("effects", "journal", "plan.json", "program"))
        self.effects.touch()
        plan.write_text(json.dumps(self.plan))
        self.program.write_text(PROGRAM.format(effects=self.effects))
        self.program.chmod(0o755)
        self.call = [OAM, "run", "--plan", plan, "--host", f"exec:{self.program}", "--parallel", "3", "--journal", self.journal]

    def done(self):
        return self.effects.read_text().split()

    def attempt(self, decisions, may_kill):
        """One program, killed or not; returns its exit code and what it held. All that it started has ended then."""
        ours, theirs = os.pipe()
        process = subprocess.Popen([*self.call, *decisions], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, pass_fds=[theirs])
        os.close(theirs)
        if may_kill:
            time.sleep(self.random.uniform(0, 0.15))
            if process.poll() is None:
                self.kills += 1
            process.send_signal(signal.SIGKILL)
        errors = process.communicate(timeout=120)[1]
        while os.read(ours, 1):   # until the last program has closed its end
            pass
        os.close(ours)
        return process.returncode, [line[6:] for line in errors.splitlines() if line.startswith("held: ")], errors

    def run(self, kills):
        """To the end, with at most so many kills."""
        decisions = []
        for _ in range(200):
            code, held, errors = self.attempt(decisions, self.kills < kills)
            if code == -signal.SIGKILL:
                decisions = []      # they may have been recorded or not: whoever is held is told again
                continue
            if code == 0:
                return
            assert code == 1 and held, (code, errors)
            done = self.done()
            decisions = [word for step in held for word in (("--accept" if step in done else "--retry"), step)]
        raise AssertionError("no end after 200 programs")

    def check(self):
        done = self.done()
        for step in self.plan["steps"]:
            times = done.count(step["id"])
            assert times >= 1, f"{step['id']} was lost"
            assert times == 1 or step["class"] != "once", f"{step['id']} was done {times} times"
            for need in step["needs"]:
                assert done.index(need["step"]) < done.index(step["id"]), f"{step['id']} before {need['step']}"
        records = [json.loads(line) for line in self.journal.read_text().splitlines()]
        assert [r["seq"] for r in records] == list(range(1, len(records) + 1)), "the numbers of the records have a gap"
        reports = [r["payload"]["task"] for r in records if r["kind"] == "report"]
        assert len(reports) == len(set(reports)), "a task was reported twice"


def main():
    random_ = random.Random(SEED)
    kills = runs = 0
    while kills < KILLS:
        with tempfile.TemporaryDirectory() as folder:
            storm = Storm(pathlib.Path(folder), random_)
            storm.run(min(KILLS - kills, 20))
            storm.check()
            kills, runs = kills + storm.kills, runs + 1
    print(f"{kills} kills in {runs} runs, seed {SEED}: nothing lost, nothing done twice unasked")


if __name__ == "__main__":
    main()
