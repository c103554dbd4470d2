"""Open Application Model documents: checked, resolved, planned and run.

    app = oam.load(pathlib.Path("shop.yaml"))
    plan = oam.plan(oam.resolve(app, oam.Catalog.standard()), oam.Observed())
    done = oam.drive(oam.Run(plan, id="shop-42"), oam.MemoryHost())
"""
import time as _time
from typing import Any, Callable, Optional

from ._oam import *  # noqa: F403
from ._oam import Done, Outcome, Run, Task, Wait, render
from ._oam import __version__ as __version__
from ._types import Target as Target


def _last_word(outcome: Outcome) -> Outcome:
    """What a host returns is its last word: after a sign of life nobody knows what became of the task."""
    if outcome.result != "progress":
        return outcome
    return Outcome.unknown(outcome.message or "a sign of life was all that came of it", retry_after=outcome.retry_after)


def drive(run: Run, host: Any, journal: Optional[Callable[[list[str]], None]] = None) -> Done:
    """Carries the run out: asks it what to do, has `host.perform(task)` do it, and reports the Outcome.

    A host may bring `now()` and `sleep_until(until)`, in milliseconds; else the machine's clock is used.
    `journal` gets the records before each task is performed. Exceptions of the host end the loop as they are.
    """
    now = getattr(host, "now", lambda: int(_time.monotonic() * 1000))
    sleep_until = getattr(host, "sleep_until", lambda until: _time.sleep(max(0, until - now()) / 1000))
    while True:
        step = run.next(now())
        records = run.take_records()
        if journal is not None:
            journal(records)
        if isinstance(step, Task):
            outcome: Outcome = render(step) if step.kind == "render" else _last_word(host.perform(step))
            run.report(step.id, outcome, now())
        elif isinstance(step, Wait):
            sleep_until(now() if step.until is None else step.until)
        else:
            return step
