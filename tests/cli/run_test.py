#!/usr/bin/env python3
"""Runs and simulations from outside: events, subscriptions, decisions, pace, crashes.

usage: run_test.py OAM SOURCE_DIR
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from cli_test import BOX, HEAD, OAM, SHOP, SOURCE, jsonschema, main, oam, program

SUBSCRIPTIONS = """
- {id: forgive, types: [dev.oam.step.failed], filters: [{suffix: {subject: /web}}], sink: 'oam:skip'}
- {id: keep, filters: [{any: [{exact: {type: dev.oam.step.failed}}, {prefix: {type: dev.oam.run.closed}}]}], sink: 'file:FOLDER/kept'}
- {id: page, types: [dev.oam.step.failed], sink: 'exec:FOLDER/page'}
"""


def test_events_are_cloud_events_each_once():
    schemas = [SOURCE / "docs/schemas/event.schema.json", SOURCE.parent / "shared/schemas/cloudevents/cloudevents.json"]
    with tempfile.TemporaryDirectory() as folder:
        journal, events, log = (pathlib.Path(folder) / name for name in ("j", "events", "log"))
        assert oam("run", "-f", SHOP, "--journal", journal, "--events", events, "--log", log).returncode == 0
        whole = [json.loads(line) for line in events.read_text().splitlines()]
        ids = [event["id"] for event in whole]
        assert len(set(ids)) == len(ids) and whole[0]["type"] == "dev.oam.run.opened" and whole[-1]["type"] == "dev.oam.run.closed.succeeded"
        for schema in schemas:
            if jsonschema and schema.exists():
                for event in whole:
                    jsonschema.validate(event, json.loads(schema.read_text()))
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert [line["event"] for line in lines] == ids and {line["level"] for line in lines} == {"info", "debug"}, lines[0]
        records, told, logged = (file.read_text().splitlines(keepends=True) for file in (journal, events, log))
        for count in range(1, len(records)):   # killed at any record, and at any event, and resumed: every event once
            journal.write_text("".join(records[:count]))
            events.write_text("".join(told[:count])[:-3])
            log.write_text("".join(logged[:count])[:-3])
            assert oam("run", "-f", SHOP, "--journal", journal, "--events", events, "--log", log).returncode == 0
            again = [json.loads(line)["id"] for line in events.read_text().splitlines()]
            assert len(set(again)) == len(again) and again[:count - 1] == ids[:count - 1] and again[-1].startswith(ids[-1].split("/")[0]), count
            assert [json.loads(line)["event"] for line in log.read_text().splitlines()] == again, count
        for foreign in ("precious\n", "{\n", "precious"):
            events.write_text(foreign)
            refused = oam("run", "-f", SHOP, "--events", events)
            assert refused.returncode == 1 and "is no file of events" in refused.stderr and events.read_text() == foreign, refused


def test_files_that_cannot_serve_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        one, pipe = pathlib.Path(folder) / "one", pathlib.Path(folder) / "pipe"
        for flags in (["--journal", one, "--events", one], ["--events", one, "--log", f"{folder}/./one"], ["--journal", one, "--log", f"{one}.rollback"]):
            wrong = oam("run", "-f", SHOP, *flags)
            assert wrong.returncode == 2 and "are one file" in wrong.stderr and not one.exists(), wrong
        os.mkfifo(pipe)
        for journal in ("/dev/zero", "/dev/full", pipe):
            refused = oam("run", "-f", SHOP, "--journal", journal)
            assert refused.returncode == 1 and "is no file" in refused.stderr, refused
        assert '"msg":"run.opened"' in oam("run", "-f", SHOP, "--log", "/dev/stderr").stderr


def test_the_release_survives_what_goes_wrong():
    made = subprocess.run([SOURCE / "docs/examples/release/run.sh"], env={**os.environ, "OAM": str(OAM)}, capture_output=True, text=True, timeout=60)
    before, _, after = made.stdout.partition("killed. Once more")
    assert made.returncode == 0 and after, made.stdout + made.stderr
    assert "connection refused; again in 0.5 s" in before and "migrate" not in after, "a hook that has run is not run again"
    assert "no matches for kind ServiceMonitor" in after and "release degraded: 7 steps, 6 succeeded, 1 failed" in after, after


def test_a_new_plan_takes_over():
    with tempfile.TemporaryDirectory() as folder:
        old, new, plan, app = (pathlib.Path(folder) / name for name in ("old", "new", "plan.json", "app.yaml"))
        plan.write_text(oam("plan", "-f", SHOP, "--format", "json").stdout)
        first = oam("run", "--plan", plan, "--journal", old)
        assert first.returncode == 0, first
        records = old.read_text().splitlines(keepends=True)
        old.write_text("".join(records[:len(records) // 2]))   # it got half-way
        app.write_text(SHOP.read_text().replace("redis:7", "redis:8"))
        call = ["run", "-f", app, "--journal", new, "--format", "json"]
        made = oam(*call, "--supersede", old, "--superseded-plan", plan)
        report = json.loads(made.stdout)
        assert made.returncode == 0 and report["steps"]["db/apply/Service/db"] == "no_change", made.stdout + made.stderr
        assert report["steps"]["cache/apply/Deployment.apps/cache"] == "succeeded" and '"kind":"supersede"' in old.read_text()
        assert oam(*call).returncode == 0, "the new journal needs the old one no more"
        new.write_text("")   # it crashed before it wrote anything
        repeated = oam(*call, "--supersede", old, "--superseded-plan", plan)
        assert repeated.returncode == 0 and old.read_text().count('"kind":"supersede"') == 1, repeated
        second = oam("run", "-f", app, "--journal", f"{new}3", "--supersede", old, "--superseded-plan", plan)
        assert second.returncode == 1 and "has taken over" in second.stderr and str(new) in second.stderr and not pathlib.Path(f"{new}3").read_text(), second
        for decision in (["--retry", "web/apply/Deployment.apps/web"], ["--resume"]):   # that one has ended
            refused = oam("run", "--plan", plan, "--journal", old, *decision)
            assert refused.returncode == 1 and "decision-refused" in refused.stderr and "another plan has taken over" in refused.stderr, refused
        lost = oam("run", "-f", app, "--journal", f"{new}2", "--supersede", f"{old}2", "--superseded-plan", plan)
        assert lost.returncode == 1 and "holds no run" in lost.stderr and not pathlib.Path(f"{old}2").exists(), lost
        wrong = oam(*call, "--supersede", old)
        assert wrong.returncode == 2 and "requires --superseded-plan" in wrong.stdout + wrong.stderr, wrong


def test_subscriptions_act_and_are_delivered():
    with tempfile.TemporaryDirectory() as folder:
        body = program(folder, "grep -q '\"step\":\"web/apply/Deployment' && echo '{\"result\":\"failed\",\"message\":\"no\"}' || echo '{\"result\":\"succeeded\",\"outputs\":{\"db-host\":\"db\"}}'\n")
        page = pathlib.Path(folder) / "page"
        page.write_text(f"#!/bin/sh\ncat >> {folder}/paged\n")
        page.chmod(0o755)
        file = pathlib.Path(folder) / "subscriptions.yaml"
        file.write_text(SUBSCRIPTIONS.replace("FOLDER", folder))
        run = oam("run", "-f", SHOP, "--host", f"exec:{body}", "--subscribe", file, "--format", "json")
        assert run.returncode == 0 and json.loads(run.stdout)["steps"]["web/apply/Deployment.apps/web"] == "skipped", run
        (paged,) = map(json.loads, (pathlib.Path(folder) / "paged").read_text().splitlines())
        assert paged["subject"] == "web/apply/Deployment.apps/web" and paged["data"]["message"] == "no", paged
        kept = [json.loads(line)["type"] for line in (pathlib.Path(folder) / "kept").read_text().splitlines()]
        assert kept[0] == "dev.oam.step.failed" and kept[-1].startswith("dev.oam.run.closed"), kept
        file.write_text("{id: a, sink: 'oam:explode'}")
        wrong = oam("run", "-f", SHOP, "--subscribe", file)
        assert wrong.returncode == 1 and "subscription-malformed" in wrong.stderr, wrong
        file.write_text("[{id: a, sink: 'http://x'}, {id: b, sink: 'oam:retry', config: {step: nope}}]")
        wrong = oam("run", "-f", SHOP, "--subscribe", file)
        assert wrong.returncode == 1 and 'nobody serves the sink "http://x"' in wrong.stderr and 'no step "nope"' in wrong.stderr, wrong


def test_a_subscription_pauses_before_the_next_task():
    with tempfile.TemporaryDirectory() as folder:
        done, file = pathlib.Path(folder) / "done", pathlib.Path(folder) / "subscriptions.yaml"
        body = program(folder, f"echo task >> {done}; cat > /dev/null; echo '{{\"result\":\"failed\"}}'\n")
        for kind, tasks in (("run.opened", 0), ("step.failed", 1)):
            file.write_text(f"{{id: stop, types: [dev.oam.{kind}], sink: 'oam:pause'}}")
            done.write_text("")
            paused = oam("run", "-f", SHOP, "--host", f"exec:{body}", "--subscribe", file, "--format", "json")
            assert json.loads(paused.stdout)["result"] == "paused" and len(done.read_text().splitlines()) == tasks, (paused, done.read_text())


def test_only_resume_ends_a_pause():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "subscriptions.yaml"
        file.write_text("{id: stop, types: [dev.oam.run.opened], sink: 'oam:pause'}")
        call = ["run", "-f", SHOP, "--journal", f"{folder}/j", "--format", "json"]
        assert json.loads(oam(*call, "--subscribe", file).stdout)["result"] == "paused"
        for decision in ([], ["--skip", "cache/apply/Deployment.apps/cache"]):
            paused = oam(*call, *decision)
            assert json.loads(paused.stdout)["result"] == "paused" and "oam run --resume" in paused.stderr, paused
        resumed = oam(*call, "--resume")
        assert resumed.returncode == 0 and json.loads(resumed.stdout)["steps"]["cache/apply/Deployment.apps/cache"] == "skipped", resumed


def test_another_run_has_another_id():
    hooked = HEAD + BOX.format("a") + "  policies:\n  - {name: l, type: lifecycle, properties: {hooks: [{name: send, point: before-create, action: send}]}}\n"
    with tempfile.TemporaryDirectory() as folder:
        tokens, events, log = (pathlib.Path(folder) / name for name in ("tokens", "events", "log"))
        body = program(folder, f"grep -o '\"token\":\"[^\"]*\"' >> {tokens}; echo '{{\"result\":\"succeeded\"}}'\n")
        ids, lines = [], []
        for journal in ("1", "2", "2"):   # the last one goes on with its journal
            run = oam("run", "-f", "-", "--host", f"exec:{body}", "--journal", f"{folder}/{journal}", "--events", events, "--format", "json", text=hooked)
            assert run.returncode == 0, run
            ids.append(json.loads(run.stdout)["run"])
            lines.append(events.read_text().splitlines())
        assert ids[0] != ids[1] == ids[2] and lines[1] == lines[2], ids
        assert len(lines[1]) == 2 * len(lines[0]) and json.loads(lines[1][-1])["type"] == "dev.oam.run.closed.succeeded", lines
        all_tokens = tokens.read_text().split()
        assert len(set(all_tokens)) == len(all_tokens) == 4, all_tokens
        first, *more = [json.loads(oam("run", "-f", SHOP, "--events", events, "--log", log, "--format", "json").stdout)["run"] for _ in range(3)]
        assert more == [f"{first}.2", f"{first}.3"], "a run in memory repeats itself: what is in the file tells"


SINKS = """
- {id: one, types: [dev.oam.step.succeeded], sink: 'exec:FOLDER/bad'}
- {id: two, types: [dev.oam.step.succeeded], sink: 'exec:FOLDER/nope'}
- {id: three, types: [dev.oam.step.succeeded], sink: 'file:FOLDER/none/d'}
- {id: four, types: [dev.oam.run.opened], sink: 'exec:FOLDER/slow', config: {timeout: 300ms}}
"""


def test_each_sink_that_fails_is_told_once():
    with tempfile.TemporaryDirectory() as folder:
        for name, body in (("bad", "exit 3"), ("slow", "sleep 60 & sleep 60")):
            path = pathlib.Path(folder) / name
            path.write_text(f"#!/bin/sh\n{body}\n")
            path.chmod(0o755)
        file = pathlib.Path(folder) / "subscriptions.yaml"
        file.write_text(SINKS.replace("FOLDER", folder))
        run = oam("run", "-f", SHOP, "--subscribe", file, "--events", f"{folder}/none/e", "--log", f"{folder}/none/l")
        told = [line for line in run.stderr.splitlines() if line.startswith("oam: ")]
        assert run.returncode == 1 and len(told) == 6, run
        for part in ("--events: ", "--log: ", "subscription one: ", "it exited with 3", "subscription two: ", "it cannot be started", "subscription three: ", "cannot be written", "subscription four: ", "it was killed after 0.3 s"):
            assert any(part in line for line in told), (part, told)


def test_sinks_are_refused_that_name_nothing_or_are_told_what_they_do_not_know():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "subscriptions.yaml"
        for given, said in (("sink: 'exec:'", "names nothing"), ("sink: 'file:'", "names nothing"), ("sink: 'exec:true', config: {timeot: 3s}", 'did you mean "timeout"?'),
                            ("sink: 'exec:true', config: {timeout: soon}", '"soon" is no time'), ("sink: 'exec:true', config: {timeout: 0s}", '"0s" is no time'),
                            ("sink: 'file:x', config: {timeout: 3s}", 'has no field "timeout"'), ("sink: 'oam:cancel', config: {stpe: web}", 'did you mean "step"?'),
                            ("sink: 'oam:pause', config: {step: web}", "takes no step")):
            file.write_text("{id: a, " + given + "}")
            refused = oam("run", "-f", SHOP, "--subscribe", file)
            assert refused.returncode == 1 and "subscription-malformed" in refused.stderr and said in refused.stderr and not refused.stdout, (given, refused)


def test_a_program_that_has_started_lives():
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        body = program(folder, f"cat > /dev/null; echo begin >> {log}; sleep 1; echo end >> {log}; echo '{{\"result\":\"succeeded\"}}'\n")
        call = ["run", "-f", "-", "--host", f"exec:{body}", "--parallel", "4", "--backoff", "1ms", "--attempts", "2", "--format", "json"]
        run = oam(*call, "--start-timeout", "300ms", text=HEAD + BOX.format("a"))
        assert run.returncode == 0 and log.read_text() == "begin\nend\n", (run, log.read_text())
        log.write_text("")
        run = oam(*call, "--heartbeat-timeout", "300ms", text=HEAD + BOX.format("a"))
        assert "no sign of life" in run.stdout and log.read_text() == "begin\n" * 2, (run, log.read_text())   # each is ended before the next


def test_a_run_that_goes_on_tells_what_was_due_meanwhile():
    with tempfile.TemporaryDirectory() as folder:
        mark = pathlib.Path(folder) / "mark"
        body = program(folder, f"cat > /dev/null; [ -e {mark} ] || {{ touch {mark}; kill -9 $PPID; exit; }}; echo '{{\"result\":\"succeeded\"}}'\n")
        call = ["run", "-f", "-", "--host", f"exec:{body}", "--queue-timeout", "300ms", "--journal", f"{folder}/j"]
        app = HEAD + BOX.format("a") + BOX.format("b")
        assert oam(*call, text=app).returncode == -signal.SIGKILL
        time.sleep(0.4)
        run = oam(*call, text=app)
        failed = [line for line in run.stdout.splitlines() if "not handed out within 0.3 s" in line]
        assert len(failed) == 1 and failed[0].startswith("00:00.0  b/apply/") and "failed" in failed[0], run
        again = oam(*call, text=app)
        assert "not handed out" not in again.stdout, again


def test_a_run_may_be_paused_and_hold_a_step():
    with tempfile.TemporaryDirectory() as folder:
        step, file = "web/apply/Deployment.apps/web", pathlib.Path(folder) / "subscriptions.yaml"
        file.write_text("{id: c, types: [dev.oam.step.held], sink: 'oam:pause'}")
        run = oam("run", "-f", SHOP, "--ask", step, "--subscribe", file)
        assert run.returncode == 1 and "the run is paused; oam run --resume" in run.stderr and f"held: {step}" in run.stderr, run
        report = json.loads(oam("run", "-f", SHOP, "--ask", step, "--subscribe", file, "--format", "json").stdout)
        assert report["result"] == "held" and report["paused"], report


def test_programs_are_bounded_and_say_what_they_were_asked():
    with tempfile.TemporaryDirectory() as folder:
        def run(body, *flags):
            made = oam("run", "-f", SHOP, "--host", f"exec:{program(folder, body)}", "--format", "json", *flags)
            return made, json.loads(made.stdout)
        leaves = "cat > /dev/null; sleep 30 & echo '{\"result\":\"succeeded\",\"outputs\":{\"db-host\":\"db\"}}'\n"
        made, report = run(leaves)
        assert made.returncode == 0 and report["milliseconds"] < 10_000, made
        _, report = run("grep -q '\"timeout\":100' || exit 3; sleep 30\n", "--attempt-timeout", "100ms", "--attempts", "1")
        assert any("no outcome within 0.1 s" in reason for reason in report["reasons"]) and report["milliseconds"] < 10_000, report
        _, report = run("cat > /dev/null; echo '{\"result\":\"succeeded\",\"object\":[1]}'\n")
        assert any('\"object\" of the outcome has the wrong type' in reason for reason in report["reasons"]), report
        _, report = run("cat > /dev/null; echo '{\"result\":\"succeeded\",\"object\":{\"kind\":\"Status\"}}'\n")
        assert any("its object is Status, not " in reason for reason in report["reasons"]), report


def test_a_program_that_is_killed_leaves_a_step_of_class_once_held():
    hooked = HEAD + BOX.format("a") + "  policies:\n  - {name: l, type: lifecycle, properties: {hooks: [{name: send, point: before-create, action: send}]}}\n"
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        run = oam("run", "-f", "-", "--host", "exec:" + str(program(folder, f"echo x >> {log}; sleep 30\n")), "--timeout", "1", text=hooked)
        assert run.returncode == 1 and "held: */hook/send" in run.stderr and log.read_text() == "x\n", (run, log.read_text())


def test_what_is_no_field_of_an_outcome_is_told():
    with tempfile.TemporaryDirectory() as folder:
        run = oam("run", "-f", SHOP, "--host", "exec:" + str(program(folder, "cat > /dev/null; echo '{\"result\":\"succeeded\",\"redy\":true}'\n")))
        assert 'an outcome has no field "redy": did you mean "ready"?' in run.stderr, run


def test_flags_without_effect_are_told():
    step = "web/apply/Deployment.apps/web"
    with tempfile.TemporaryDirectory() as folder:
        journal = pathlib.Path(folder) / "j"
        opened = ("run", "-f", SHOP, "--journal", journal, "--attempts", "5")
        assert "no effect" not in oam(*opened).stderr + oam(*opened).stderr
        run = oam(*opened, "--ask", step, "--backoff", "9s", "--queue-timeout", "1h")
        assert "which keeps to what it was opened with: --backoff, --queue-timeout, --ask\n" in run.stderr, run
    for verb in ("run", "simulate"):
        told = oam(verb, "-f", SHOP, "--pool", "p=1:Statefulset.apps,lane:core,apply").stderr
        assert told.startswith('oam: --pool p has nothing to do with "Statefulset.apps"') and told.count("\n") == 1, told
    told = oam("simulate", "-f", SHOP, "--fail", "web/render", "--fail", step, "--fail", step + "=stall").stderr
    assert f"--fail {step} has no effect: a later one is about the same step" in told, told
    hooked = HEAD + BOX.format("a") + "  policies:\n  - {name: l, type: lifecycle, properties: {hooks: [{name: send, point: before-create, action: send}]}}\n"
    told = oam("simulate", "-f", "-", "--fail", "a/render", "--fail", "*/hook/send=stall", text=hooked).stderr
    assert "--fail a/render has no effect: the step is done within the run" in told and "--fail */hook/send has no effect: the step has no gate" in told, told


def test_a_decision_that_is_refused_says_which_ones_fit():
    with tempfile.TemporaryDirectory() as folder:
        journal, step = pathlib.Path(folder) / "j", "web/apply/Deployment.apps/web"
        oam("run", "-f", SHOP, "--journal", journal, "--ask", step)
        refused = oam("run", "-f", SHOP, "--journal", journal, "--accept", step)
        assert f"{step} is held, but has not begun" in refused.stderr and "--approve, --skip or --cancel" in refused.stderr, refused


CARD = """
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: card}
spec:
  workload: {type: autodetects.core.oam.dev}
  extension:
    lifecycle:
      states:
      - {name: absent}
      - {name: making, if: 'object.status.phase == "Making"'}
      - {name: ready, if: 'object.status.phase == "Ready"', complete: true}
      - {name: torn, if: 'object.status.phase == "Torn"', health: degraded, final: true}
      transitions: [{from: absent, to: making}, {from: making, to: [ready, torn]}]
  schematic: {cue: {template: 'output: {apiVersion: "example.com/v1", kind: "Card"}'}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec: {components: [{name: web, type: card}]}
"""


def test_objects_in_memory_show_what_the_statuses_say():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "statuses.yaml"

        def run(statuses, *flags):
            file.write_text(statuses)
            return oam("run", "-f", "-", "--statuses", file, *flags, text=CARD)
        making, step = "- {object: Card.example.com/web, status: {phase: Making}}\n", "web/apply/Card.example.com/web"
        ready = run(making + "- {object: Card.example.com/web, after: 5s, status: {phase: Ready}}\n")
        assert ready.returncode == 0 and "ready   after making" in ready.stdout, ready
        torn = run(making + "- {object: Card.example.com/web, after: 5s, status: {phase: Torn}}\n")
        assert torn.returncode == 1 and f"{step} failed: torn" in torn.stderr, torn
        undeclared = run("- {object: Card.example.com/web, status: {phase: Ready}}\n")
        assert "went from absent to ready, which the life cycle of card does not declare" in undeclared.stderr, undeclared
        assert "Card.example.com/wbe, which no step of the plan applies" in run(making + "- {object: Card.example.com/wbe, status: {}}\n").stderr
        for wrong in ("{object: Card.example.com/web}", "{object: web, status: {}}", "{object: Card.example.com/web, after: soon, status: {}}", "{object: Card.example.com/web, state: ready, status: {}}", "7"):
            refused = run(wrong)
            assert refused.returncode == 1 and "error[wrong-type]" in refused.stderr, (wrong, refused)
        assert "--statuses has no effect on a program" in run(making, "--host", "exec:false").stderr


def test_what_is_kept_is_there_in_memory():
    made = lambda number, labels: {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"db-{number}", "namespace": "default", "labels": labels}}
    app = {"apiVersion": "core.oam.dev/v1beta1", "kind": "Application", "metadata": {"name": "shop"}, "spec": {
        "components": [{"name": "db", "type": "k8s-objects", "properties": {"objects": [dict(made(i, {}), data={"v": "2"}) for i in (0, 1)]}}],
        "policies": [{"name": "l", "type": "lifecycle", "properties": {"order": {"ordinals": [{"selector": {"components": ["db"]}, "partition": 1}]}}}]}}
    with tempfile.TemporaryDirectory() as folder:
        observed = pathlib.Path(folder) / "observed.json"
        observed.write_text(json.dumps({"objects": [dict(made(i, {"app.oam.dev/name": "shop", "app.oam.dev/component": "db"}), data={"v": "1"}) for i in (0, 1)]}))
        run = oam("run", "-f", "-", "--observed", observed, text=json.dumps(app))
        assert run.returncode == 0, run


def test_steps_wait_for_an_approval():
    with tempfile.TemporaryDirectory() as folder:
        journal, step = pathlib.Path(folder) / "j", "web/apply/Deployment.apps/web"
        held = oam("run", "-f", SHOP, "--journal", journal, "--ask", step)
        assert held.returncode == 1 and f"held: {step}" in held.stderr and "held for an approval" in held.stderr, held
        assert oam("run", "-f", SHOP, "--journal", journal, "--approve", "nobody").returncode == 1
        assert oam("run", "-f", SHOP, "--journal", journal, "--approve", step).returncode == 0
        assert oam("run", "-f", SHOP, "--ask", "nobody").returncode == 1


INSTANCES = """
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop}
spec:
  components:
  - name: db
    type: k8s-objects
    properties:
      objects:
      - {apiVersion: v1, kind: Pod, metadata: {name: db-0}}
      - {apiVersion: v1, kind: Pod, metadata: {name: db-1}}
  - {name: web, type: k8s-objects, properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}]}}
  policies:
  - name: careful
    type: lifecycle
    properties:
      order: {ordinals: [{selector: {components: [db]}, abortThreshold: 1}]}
      hooks: [{name: smoke, point: after-create, selector: {components: [web]}, action: smoke, onFailure: rollback}]
"""


def test_instances_halt_until_the_run_is_resumed():
    with tempfile.TemporaryDirectory() as folder:
        app, journal = pathlib.Path(folder) / "app.yaml", pathlib.Path(folder) / "j"
        app.write_text(INSTANCES)
        body = program(folder, "grep -q '\"step\":\"db/apply/Pod/db-0' && echo '{\"result\":\"failed\"}' || echo '{\"result\":\"succeeded\"}'\n")
        call = ["run", "-f", app, "--journal", journal, "--host", f"exec:{body}"]
        for _ in range(2):   # calling again is not enough
            halted = oam(*call)
            assert halted.returncode == 1 and "held: db/apply/Pod/db-1" in halted.stderr and "1 instance of db/db has failed" in halted.stderr, halted
        resumed = oam(*call, "--resume", "--format", "json")
        assert json.loads(resumed.stdout)["steps"]["db/apply/Pod/db-1"] == "succeeded", resumed
        assert "nothing to resume" in oam(*call, "--resume").stderr


def test_what_was_done_is_rolled_back():
    with tempfile.TemporaryDirectory() as folder:
        app, journal, back = (pathlib.Path(folder) / name for name in ("app.yaml", "j", "j.rollback"))
        app.write_text(INSTANCES)
        body = program(folder, f"tee -a {folder}/tasks | grep -q '\"action\":\"smoke\"' && echo '{{\"result\":\"failed\"}}' || echo '{{\"result\":\"succeeded\"}}'\n")
        call = ["run", "-f", app, "--journal", journal, "--host", f"exec:{body}", "--format", "json"]
        report = json.loads(oam(*call).stdout)
        assert report["roll_back"] and "rollback" not in report and not back.exists(), report
        made = oam(*call, "--rollback")
        report = json.loads(made.stdout)
        assert made.returncode == 1 and report["rollback"]["result"] == "succeeded", made
        assert {"step": "web/hook/smoke", "why": "a hook is not undone"} in report["rollback"]["without_inverse"], report
        assert set(report["rollback"]["undone"]) == {"db/apply/Pod/db-0", "db/apply/Pod/db-1", "web/apply/ConfigMap/web"}, report
        if jsonschema:
            jsonschema.validate(report, json.loads((SOURCE / "docs/schemas/run.schema.json").read_text()))
        tasks = [json.loads(line) for line in (pathlib.Path(folder) / "tasks").read_text().splitlines()]
        for task in tasks if jsonschema else []:   # of a hook, too
            jsonschema.validate(task, json.loads((SOURCE / "docs/schemas/task.schema.json").read_text()))
        done = [task["step"] for task in tasks if task["action"] == "create"]
        assert sorted(task["step"] for task in tasks if task["action"] == "delete") == sorted(done), tasks
        assert f'"{back}" holds that' in oam(*call, "--retry", "web/hook/smoke").stderr and f'"{back}" holds that' in oam(*call).stderr
        records = back.read_text().splitlines(keepends=True)
        for count in range(1, len(records)):   # killed while it rolls back
            back.write_text("".join(records[:count]))
            again = json.loads(oam(*call, "--rollback").stdout)
            assert again["rollback"]["steps"] == report["rollback"]["steps"], (count, again)
        made = oam("run", "-f", app, "--host", f"exec:{body}", "--rollback")
        told = made.stdout
        trace = {line.split()[1]: line.split(maxsplit=2)[2] for line in told[told.index("failed:"):].splitlines() if "/" in line and line[:2].isdigit()}
        assert "web/hook/smoke" not in trace and trace["web/apply/ConfigMap/web"] == "undone", told
        assert "not undone, or not wholly: web/hook/smoke: a hook is not undone" in made.stderr, made
        assert "rollback succeeded: 3 steps, 3 undone, 1 not undone; took" in told, told


def test_a_roll_back_of_another_run_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        app, journal, back = (pathlib.Path(folder) / name for name in ("app.yaml", "j", "j.rollback"))
        app.write_text(INSTANCES)
        body = program(folder, "grep -q '\"action\":\"smoke\"' && echo '{\"result\":\"failed\"}' || echo '{\"result\":\"succeeded\"}'\n")
        call = ["run", "-f", app, "--journal", journal, "--host", f"exec:{body}", "--rollback"]
        assert "rollback succeeded" in oam(*call).stdout
        assert "rollback succeeded" in oam(*call).stdout   # once more: it is done
        whole = back.read_text()
        back.write_text(whole.replace('"kind"', '"kine"', 1))
        assert f"{back}" in oam(*call).stderr   # whose records are damaged
        back.write_text(whole)
        journal.unlink()
        again = oam(*call)
        assert again.returncode == 1 and f'"{back}" holds the roll-back of another run' in again.stderr and not again.stdout, again


def test_states_of_objects_are_events():
    with tempfile.TemporaryDirectory() as folder:
        app, events = pathlib.Path(folder) / "app.yaml", pathlib.Path(folder) / "events"
        app.write_text(CARD)
        card = '{"result":"succeeded","object":{"apiVersion":"example.com/v1","kind":"Card","metadata":{"name":"web"},"status":{"phase":"PHASE"}}}'
        shows = lambda phase: "echo '" + card.replace("PHASE", phase) + "'"
        body = program(folder, f"grep -q '\"action\":\"create\"' && {shows('Making')} || {shows('Ready')}\n")
        run = oam("run", "-f", app, "--host", f"exec:{body}", "--events", events)
        assert run.returncode == 0 and "making   after absent" in run.stdout and "ready   after making" in run.stdout, run
        told = [json.loads(line) for line in events.read_text().splitlines()]
        if jsonschema:
            for event in told:
                jsonschema.validate(event, json.loads((SOURCE / "docs/schemas/event.schema.json").read_text()))
        changes = [event for event in told if event["type"].startswith("dev.oam.object.")]
        assert [event["data"]["state"] for event in changes] == ["making", "ready"] and changes[0]["subject"] == "web/apply/Card.example.com/web", changes
        saved = pathlib.Path(folder) / "plan.json"   # of a saved plan they are the same
        saved.write_text(oam("plan", "-f", app, "--format", "json").stdout)
        if jsonschema:
            jsonschema.validate(json.loads(saved.read_text()), json.loads((SOURCE / "docs/schemas/plan.schema.json").read_text()))
        events.unlink()
        assert oam("run", "--plan", saved, "--host", f"exec:{body}", "--events", events).returncode == 0
        again = [event for event in map(json.loads, events.read_text().splitlines()) if event["type"].startswith("dev.oam.object.")]
        assert [(event["subject"], event["data"]) for event in again] == [(event["subject"], event["data"]) for event in changes], again
        events.unlink()
        run = oam("run", "-f", app, "--host", f"exec:{program(folder, shows('Ready'))}", "--events", events)
        assert run.returncode == 1 and "ready   after absent, which its life cycle does not declare" in run.stdout, run
        assert "dev.oam.object.undeclared" in events.read_text(), events.read_text()


def test_the_pace_of_a_run_is_bounded():
    pooled = json.loads(oam("simulate", "-f", SHOP, "--format", "json", "--pool", "one=1:apply").stdout)
    free = json.loads(oam("simulate", "-f", SHOP, "--format", "json").stdout)
    assert pooled["waited"] > 0 and free["waited"] == 0, (pooled["waited"], free["waited"])
    late = oam("run", "-f", SHOP, "--healthy-for", "5s", "--format", "json")
    assert late.returncode == 0 and json.loads(late.stdout)["milliseconds"] > json.loads(oam("run", "-f", SHOP, "--format", "json").stdout)["milliseconds"] + 5000
    for wrong in (("--pool", "one"), ("--healthy-for", "soon"), ("--on-failure", "cry"), ("--attempts", "0")):
        assert oam("run", "-f", SHOP, *wrong).returncode == 2, wrong


def test_an_application_says_its_pace():
    app = SOURCE / "tests/golden/plan/pace/app.yaml"
    held = oam("run", "-f", app)
    assert held.returncode == 1 and "held: dashboard/apply/ConfigMap/dashboard\n" in held.stderr, held
    simulated = json.loads(oam("simulate", "-f", app, "--format", "json").stdout)
    alone = json.loads(oam("simulate", "-f", app, "--format", "json", "--ignore-pace").stdout)
    assert simulated["result"] == "held" and alone["result"] == "succeeded", (simulated, alone)
    assert simulated["parallel"] == 4 and simulated["waited"] > 0 and simulated["took"] >= alone["took"] + 30000, (simulated["took"], alone["took"])
    plan = oam("plan", "-f", app, "--format", "json").stdout
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "plan.json"
        saved.write_text(plan)
        assert json.loads(oam("simulate", "--plan", saved, "--format", "json").stdout)["took"] == simulated["took"]
    if jsonschema:
        jsonschema.validate(json.loads(plan), json.loads((SOURCE / "docs/schemas/plan.schema.json").read_text()))


def test_commands_are_a_table():
    table = json.loads(oam("commands", "--format", "json").stdout)
    for row in table["steps"]:
        assert row["commands"] or row["end"] == "good", row
    assert "approve" in oam("commands").stdout
    if jsonschema:
        jsonschema.validate(table, json.loads((SOURCE / "docs/schemas/commands.schema.json").read_text()))


def test_simulate_tells_when_steps_begin_and_end():
    shown = oam("simulate", "-f", SHOP)
    assert shown.returncode == 0 and "core ready after 40.4 s" in shown.stdout, shown
    simulation = json.loads(oam("simulate", "-f", SHOP, "--format", "json", "--duration", "StatefulSet.apps=1m").stdout)
    assert simulation["critical_path"] == ["db/apply/Service/db", "db/apply/StatefulSet.apps/db", "web/apply/ConfigMap/web-config", "web/apply/Deployment.apps/web"], simulation
    assert simulation["took"] == 70300 and simulation["peak"] == 3, simulation


    assert simulation["critical_path"] == ["db/apply/Service/db", "db/apply/StatefulSet.apps/db", "web/apply/ConfigMap/web-config",
                                           "web/apply/Deployment.apps/web"], simulation
    assert simulation["took"] == 70300 and simulation["peak"] >= 2, simulation
    for format_ in ("html", "svg"):
        assert "<svg" in oam("simulate", "-f", SHOP, "--format", format_).stdout


def test_simulate_tells_which_flags_do_nothing():
    with tempfile.TemporaryDirectory() as folder:
        told = oam("simulate", "-f", SHOP, "--duration", "Deploymnt.apps=4s", "--duration", "Deployment.apps=4s").stderr
        assert "--duration Deploymnt.apps=4s has no effect" in told and told.count("no effect") == 1, told
        history, saved = pathlib.Path(folder) / "history", pathlib.Path(folder) / "plan.json"
        history.write_text("damaged\ntoo\n")
        assert f"--> {history}" in oam("simulate", "-f", SHOP, "--history", history).stderr
        history.write_text("")
        assert "--history has no effect" in oam("simulate", "-f", SHOP, "--history", history).stderr
        saved.write_text(oam("plan", "-f", SHOP, "--format", "json").stdout)
        assert "--lenient has no effect on a saved plan" in oam("simulate", "--plan", saved, "--lenient").stderr
        assert oam("simulate", "-f", SHOP, "--crashes", "--fail-each").returncode == 2


def test_simulate_tells_what_a_failure_costs():
    broken = json.loads(oam("simulate", "-f", SHOP, "--format", "json", "--fail", "db/apply/StatefulSet.apps/db").stdout)
    assert broken["core_ready"] is None and not broken["ok"], broken
    (failure,) = broken["failures"]
    assert "web/apply/Deployment.apps/web" in failure["blocked"], failure
    radii = {r["step"]: r for r in json.loads(oam("simulate", "-f", SHOP, "--fail-each", "--format", "json").stdout)}
    assert radii[failure["step"]]["blocked"] == failure["blocked"]
    assert oam("simulate", "-f", SHOP, "--fail", "nobody").returncode == 1
    assert oam("simulate", "-f", SHOP, "--fail", "nobody=soon").returncode == 2
    assert oam("simulate", "-f", SHOP, "--duration", "web").returncode == 2


def test_simulate_learns_from_a_journal():
    with tempfile.TemporaryDirectory() as folder:
        journal = pathlib.Path(folder) / "j"
        assert oam("run", "-f", SHOP, "--journal", journal).returncode == 0
        learnt = json.loads(oam("simulate", "-f", SHOP, "--format", "json", "--history", journal, "--parallel", "1").stdout)
        ran = json.loads(oam("run", "-f", SHOP, "--format", "json").stdout)
        assert abs(learnt["took"] - ran["milliseconds"]) < 1500, (learnt["took"], ran)


def test_a_signal_to_end_cancels_the_run():
    with tempfile.TemporaryDirectory() as folder:
        begun = pathlib.Path(folder) / "begun"
        host = program(folder, f"cat > /dev/null\ntouch {begun}\nsleep 1\necho '{{\"result\": \"succeeded\"}}'\n")
        for ends in (signal.SIGINT, signal.SIGTERM):
            begun.unlink(missing_ok=True)
            run = subprocess.Popen([OAM, "run", "-f", SHOP, "--host", f"exec:{host}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while not begun.exists() and run.poll() is None:
                time.sleep(0.01)
            run.send_signal(ends)
            out, _ = run.communicate(timeout=60)
            assert run.returncode == 1 and "cancelled" in out, (ends, run.returncode, out)


def test_simulate_explores_every_crash():
    fine = oam("simulate", "-f", SHOP, "--crashes", "--format", "json")
    report = json.loads(fine.stdout)
    assert fine.returncode == 0 and report["different"] == 0 and report["explored"] > report["records"], report
    for number in range(1, report["records"] + 1):
        lost = oam("simulate", "-f", SHOP, "--crashes", "--lose-record", str(number), "--format", "json")
        assert lost.returncode == 1 and json.loads(lost.stdout)["different"] > 0, (number, lost)
    assert oam("simulate", "-f", SHOP, "--crashes", "--lose-record", "0").returncode == 1
    assert oam("simulate", "-f", SHOP, "--lose-record", "1").returncode == 2


if __name__ == "__main__":
    sys.exit(main(globals()))
