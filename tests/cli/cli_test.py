#!/usr/bin/env python3
"""The program from outside: verbs, exit codes, JSON shapes, the exec host.

usage: cli_test.py OAM SOURCE_DIR
"""
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:   # another Python than the system's: setup.sh cannot install for it
    jsonschema = None

OAM, SOURCE = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SHOP = SOURCE / "docs/examples/shop.yaml"
HEAD = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
BOX = ("  - name: {0}\n    type: k8s-objects\n    properties: {{objects: "
       "[{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {0}}}}}]}}\n")
WRONG = HEAD + BOX.format("web") + "    dependsOn: [dbb]\n" + BOX.format("db")


def oam(*arguments, text=None):
    return subprocess.run([OAM, *arguments], input=text, capture_output=True, text=True, timeout=120,
                          env={**os.environ, "NO_COLOR": "1"})


def program(folder, body):
    file = pathlib.Path(folder) / "program"
    file.write_text("#!/bin/sh\n" + body)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_vet_is_silent_about_nothing():
    fine = oam("vet", "-f", SHOP)
    assert fine.returncode == 0 and not fine.stderr, fine
    wrong = oam("vet", "-f", "-", text=WRONG)
    assert wrong.returncode == 1 and "error[unknown-dependency]" in wrong.stderr, wrong


def test_vet_json_is_one_document():
    (problem,) = json.loads(oam("vet", "-f", "-", "--format", "json", text=WRONG).stdout)
    assert problem["code"] == "unknown-dependency" and problem["severity"] == "error", problem
    assert (problem["file"], problem["line"], problem["column"]) == ("<stdin>", 9, 17), problem
    assert problem["pointer"] == "/spec/components/0/dependsOn/0", problem
    assert problem["hint"] == 'did you mean "db"?', problem
    assert json.loads(oam("vet", "-f", SHOP, "--format", "json").stdout) == []


def test_what_is_wrong_is_told_once():
    policy = ("---\napiVersion: core.oam.dev/v1beta1\nkind: PolicyDefinition\nmetadata: {name: team}\nspec:\n  scope: Application\n"
              "  schematic: {cue: {template: 'output: labels: team: \"red\"'}}\n")
    text = HEAD + "  - {name: web, type: webservice, properties: 5}\n  policies: [{name: red, type: team, properties: {}}, {name: here, type: topology}]\n" + policy
    told = [(p["code"], p["file"], p["pointer"]) for p in json.loads(oam("vet", "-f", "-", "--format", "json", text=text).stdout)]
    assert told == [("wrong-type", "<stdin>", "/spec/components/0/properties"), ("empty-policy", "<stdin>", "/spec/policies/1")], told


def test_dump_is_a_list_of_documents():
    assert json.loads(oam("dump", "-f", "-", text="a: yes\n---\n- 1\n").stdout) == [{"a": True}, [1]]
    assert oam("dump", "-f", "-", "--out", "yaml", text="a: 0755\n").stdout == "---\na: 493\n"


def test_render_lists_objects_in_apply_order():
    rendered = json.loads(oam("render", "-f", SHOP, "--format", "json").stdout)
    assert [(r["component"], r["object"]["kind"]) for r in rendered] == [   # web depends on db
        ("db", "StatefulSet"), ("db", "Service"), ("web", "ConfigMap"), ("web", "Deployment"), ("cache", "Deployment")]
    assert "trait" not in rendered[0] and rendered[1]["trait"] == "AuxiliaryWorkload" and rendered[1]["name"] == "objects-1"
    assert rendered[2]["object"]["data"]["DB_HOST"] == "(known after db/apply/Service/db)"


def test_all_mistakes_are_told_at_once():
    text = HEAD + BOX.format("a") + "    dependsOn: [b]\n    bogus: 1\n" + BOX.format("b") + "    dependsOn: [a]\n  - {name: c, type: k8s-object}\n"
    for verb in ("vet", "plan", "render", "run", "graph"):
        wrong = oam(verb, "-f", "-", text=text)
        assert wrong.returncode == 1 and not wrong.stdout, wrong
        for code in ("unknown-field", "unknown-type", "dependency-cycle"):
            assert f"error[{code}]" in wrong.stderr, (verb, code, wrong.stderr)


def test_plan_json_has_each_step_after_what_it_needs():
    plan = json.loads(oam("plan", "-f", SHOP, "--format", "json").stdout)
    seen = set()
    for step in plan["steps"]:
        assert {"id", "kind", "action", "component", "resource", "target", "class", "gate", "lane", "needs"} <= set(step)
        for need in step["needs"]:
            assert need["step"] in seen and need["reason"] and need["rule"], need
        seen.add(step["id"])
    assert len(plan["hash"]) == 64


def test_graph_has_four_formats():
    assert "nodes" in json.loads(oam("graph", "-f", SHOP, "--format", "json").stdout)
    assert oam("graph", "-f", SHOP, "--format", "dot").stdout.startswith("digraph")
    assert oam("graph", "-f", SHOP, "--format", "mermaid").stdout.startswith("flowchart")
    assert "depends on" in oam("graph", "-f", SHOP).stdout


def test_explain_codes_and_steps():
    assert "duplicate-key" in oam("explain", "duplicate-key").stdout
    assert oam("explain", "no-such-code").returncode == 1
    assert "depends-on" in oam("explain", "web", "db", "-f", SHOP).stdout
    assert "waits for nothing" in oam("explain", "db/render", "-f", SHOP).stdout
    assert oam("explain", "nobody", "-f", SHOP).returncode == 1
    assert "rule of order" in oam("explain", "config-first").stdout
    assert "no steps wait" in oam("explain", "cycle", "-f", SHOP).stdout


def test_explain_says_who_set_a_field():
    said = oam("explain", "web", "/spec", "-f", SHOP)
    assert said.returncode == 0 and "set by" in said.stdout, said
    assert oam("explain", "web", "/nothing", "-f", SHOP).returncode == 1


def test_explain_tells_a_circle():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "app.yaml"
        box = "  - {name: %s, type: k8s-objects, dependsOn: [%s], properties: {objects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}]}}\n"
        file.write_text("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n" + box % ("a", "b", "a") + box % ("b", "a", "b"))
        said = oam("explain", "cycle", "-f", file)
        assert "2 steps wait for each other" in said.stdout and "cheapest to drop" in said.stdout, said
        circles = json.loads(oam("explain", "cycle", "-f", file, "--format", "json").stdout)["circles"]
        assert [edge["rule"] for edge in circles[0]["edges"]] == ["depends-on", "depends-on"], circles


def test_plans_are_verified():
    said = oam("plan", "--verify", "-f", SHOP)
    assert said.returncode == 0 and said.stdout.count("holds") >= 5, said
    with tempfile.TemporaryDirectory() as folder:
        plan = json.loads(oam("plan", "-f", SHOP, "--format", "json").stdout)
        first = next(step for step in plan["steps"] if step["kind"] == "apply")
        plan["steps"].append(dict(first, id="again", needs=[]))
        del plan["hash"]
        file = pathlib.Path(folder) / "plan.json"
        file.write_text(json.dumps(plan))
        said = oam("plan", "--verify", "--plan", file, "--format", "json")
        wrong = [p for p in json.loads(said.stdout)["properties"] if not p["holds"]]
        assert said.returncode == 1 and wrong[0]["id"] == "writes-ordered" and wrong[0]["counter_example"] == [first["id"], "again"], said


def test_what_is_verified_is_what_would_be_printed():
    undone = json.loads(oam("plan", "--inverse", "-f", SHOP, "--format", "json").stdout)
    said = json.loads(oam("plan", "--inverse", "--verify", "-f", SHOP, "--format", "json").stdout)
    assert said["plan"] == undone["hash"] and said["holds"], said
    part = json.loads(oam("plan", "--target", "db", "-f", SHOP, "--format", "json").stdout)
    said = json.loads(oam("plan", "--target", "db", "--verify", "-f", SHOP, "--format", "json").stdout)
    assert said["plan"] == part["hash"], said
    for flags in (["--check", "x", "--verify"], ["--diff", "x", "--verify"], ["--check", "x", "--diff", "y"], ["--check", "x", "--inverse"], ["--diff", "x", "--inverse"]):
        said = oam("plan", "-f", SHOP, *flags)
        assert said.returncode == 2 and "excludes" in said.stderr, said


def test_graph_is_one_page():
    page = oam("graph", "-f", SHOP, "--format", "html").stdout
    assert page.startswith("<!doctype html>") and "http" not in page.replace("http://www.w3.org/2000/svg", ""), page[:200]


def test_run_on_the_memory_host():
    run = oam("run", "-f", SHOP, "--format", "json")
    assert run.returncode == 0 and json.loads(run.stdout)["result"] == "succeeded", run


def test_run_with_a_program():
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        file = program(folder, f'cat >> {log}\necho \'{{"result":"succeeded","outputs":{{"db-host":"10.0.0.9"}}}}\'\n')
        run = oam("run", "-f", SHOP, "--host", f"exec:{file}")
        assert run.returncode == 0, run
        tasks = {task["step"]: task for task in map(json.loads, log.read_text().splitlines())}
        assert tasks["web/apply/ConfigMap/web-config"]["object"]["data"]["DB_HOST"] == "10.0.0.9"
        assert all(task["kind"] == "apply" and task["action"] == "create" for task in tasks.values())


def test_an_output_that_never_comes_is_named():
    with tempfile.TemporaryDirectory() as folder:
        run = oam("run", "-f", SHOP, "--host", f"exec:{program(folder, 'cat >/dev/null; echo {}')}")
        assert run.returncode == 1, run
        run = oam("run", "-f", SHOP, "--host", "exec:" + str(program(folder, "cat >/dev/null; echo '{\"result\":\"succeeded\"}'\n")))
        assert run.returncode == 1 and 'web waits for input "db-host"' in run.stderr, run


def test_programs_that_misbehave_are_failures():
    with tempfile.TemporaryDirectory() as folder:
        for body in ("exit 3\n", "kill -9 $$\n", "echo garbage\n", "exec <&-; exit 0\n", "head -c 100000000 /dev/zero\n"):
            run = oam("run", "-f", SHOP, "--host", f"exec:{program(folder, body)}")
            assert run.returncode == 1 and "failed" in run.stderr, (body, run.returncode, run.stderr[-300:])
    assert oam("run", "-f", SHOP, "--host", "exec:/no/such/program").returncode == 1


HOOKED = {"application": "app", "steps": [
    {"id": name, "kind": kind, "action": action, "component": "*", "resource": "", "target": {"cluster": "", "namespace": ""}, "class": class_,
     "gate": "none", "lane": "core", "needs": needs}
    for name, kind, action, class_, needs in (
        ("migrate", "hook", "none", "once", []),
        ("web", "apply", "create", "idempotent", [{"step": "migrate", "kind": "requires", "reason": "", "rule": ""}]))]}


def test_a_journal_is_resumed():
    with tempfile.TemporaryDirectory() as folder:
        journal = pathlib.Path(folder) / "shop.journal"
        assert oam("run", "-f", SHOP, "--journal", journal).returncode == 0
        whole = journal.read_text()
        lines = whole.splitlines(keepends=True)
        for count in range(len(lines) + 1):   # to the same end, and where nothing was in flight by the same records
            kept = "".join(lines[:count])
            journal.write_text(kept + '{"seq":99,"ti')
            run = oam("run", "-f", SHOP, "--journal", journal, "--format", "json")
            assert run.returncode == 0 and set(json.loads(run.stdout)["steps"].values()) == {"succeeded"}, (count, run)
            assert journal.read_text() == whole or (count and json.loads(lines[count - 1])["kind"] == "task"), count
        other = oam("run", "-f", "-", "--journal", journal, text=HEAD + BOX.format("web"))
        assert other.returncode == 1 and "error[plan-changed]" in other.stderr, other


def test_a_step_in_doubt_is_held_and_decided():
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        plan, journal, log = place / "plan.json", place / "journal", place / "log"
        plan.write_text(json.dumps(HOOKED))

        def run(*arguments, body="echo '{\"result\":\"succeeded\"}'"):
            file = program(folder, f"cat >> {log}\n{body}\n")
            return oam("run", "--plan", plan, "--journal", journal, "--host", f"exec:{file}", *arguments)

        held = run(body="echo '{\"result\":\"unknown\"}'")
        assert held.returncode == 1 and "held: migrate\n" in held.stderr, held
        assert run().returncode == 1 and log.read_text().count("\n") == 1   # nobody asked to do it again
        assert "error[unknown-step]" in run("--accept", "nobody").stderr
        assert "error[decision-refused]" in run("--accept", "web").stderr
        assert run("--accept", "migrate").returncode == 0
        assert [json.loads(line)["step"] for line in log.read_text().splitlines()] == ["migrate", "web"]
        journal.unlink()
        log.unlink()
        run(body="echo '{\"result\":\"unknown\"}'")
        for body in ("exit 7", "echo nonsense"):   # a probe that fails says nothing of the step
            assert "held: migrate\n" in run("--probe", body=body).stderr
        asked = log.read_text().count("\n")
        probed = run("--probe", body="echo '{\"result\":\"not_found\"}'")   # it says: not done; then web is not found either
        assert [json.loads(line)["action"] for line in log.read_text().splitlines()][asked - 1:asked + 2] == ["probe", "probe", "none"], log.read_text()
        assert probed.returncode == 1
        for line in log.read_text().splitlines() if jsonschema else []:
            jsonschema.validate(json.loads(line), json.loads((SOURCE / "docs/schemas/task.schema.json").read_text()))


def test_a_program_says_why_on_its_standard_error():
    with tempfile.TemporaryDirectory() as folder:
        run = oam("run", "-f", SHOP, "--host", "exec:" + str(program(folder, "echo one >&2; echo quota exceeded >&2; exit 3\n")))
        assert "it exited with 3: quota exceeded" in run.stderr and "one\n" in run.stderr, run
        run = oam("run", "-f", SHOP, "--timeout", "1", "--host", "exec:" + str(program(folder, "sleep 60\n")), "--parallel", "0")
        assert run.returncode == 1 and "did not answer in time (3 attempts)" in run.stderr, run


def test_a_wrong_call_is_2():
    for arguments in ([], ["vet"], ["vet", "--nonsense"], ["run", "-f", SHOP, "--host", "moon"], ["run"], ["graph", "-f", SHOP, "--format", "png"]):
        assert oam(*arguments).returncode == 2, arguments
    assert oam("--help").returncode == 0 and oam("plan", "--help").returncode == 0


def test_a_file_flag_takes_one_value():
    assert oam("explain", "-f", SHOP, "web", "db").stdout.startswith("web comes after db")
    assert oam("vet", "-f", SHOP, "extra").returncode == 2


def test_flags_are_checked():
    for flag, wrong in (("--namespace", "Bad NS"), ("--cluster-version", "abc"), ("--cluster-version", "1.x"), ("--cluster-version", "1.-5"), ("--cluster-version", "1.5x")):
        assert oam("plan", "-f", SHOP, flag, wrong).returncode == 2, flag


def test_names_are_checked():
    text = (HEAD + BOX.format("web")).replace("name: app", 'name: "X y!"').replace("- name: web", '- name: ""')
    told = {p["code"]: p["pointer"] for p in json.loads(oam("vet", "-f", "-", "--format", "json", text=text).stdout)}
    assert told["invalid-name"] == "/metadata/name", told
    assert told["missing-field"] == "/spec/components/0/name", told


def test_output_that_cannot_be_written_is_told():
    with open("/dev/full", "w") as full:
        run = subprocess.run([OAM, "plan", "-f", SHOP], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert run.returncode == 3 and "cannot be written" in run.stderr, run


def test_files_folders_and_what_is_missing():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "a.yaml").write_text(HEAD + BOX.format("web"))
        (pathlib.Path(folder) / ".hidden.yaml").write_text("nonsense: [")
        assert oam("vet", "-f", folder).returncode == 0
    missing = oam("vet", "-f", "/no/such/file.yaml")
    assert missing.returncode == 1 and "file-unreadable" in missing.stderr, missing


def check(name, value):
    """The value is as docs/schemas says."""
    if jsonschema is None:
        return print("skip (no jsonschema)", end=" ")
    schema = json.loads((SOURCE / f"docs/schemas/{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(value)


def test_json_is_as_the_schemas_say():
    text = HEAD + BOX.format("a") + "    dependsOn: [b]\n    bogus: yes\n" + BOX.format("b") + "    dependsOn: [a]\n"
    check("diagnostics", json.loads(oam("vet", "-f", "-", "--format", "json", text=text).stdout))
    check("dump", json.loads(oam("dump", "-f", SHOP).stdout))
    check("verify", json.loads(oam("plan", "--verify", "-f", SHOP, "--format", "json").stdout))
    check("workflow", json.loads(oam("workflow", "-f", SHOP, "--format", "json").stdout))
    check("codes", json.loads(oam("explain", "--format", "json").stdout))
    for word in ("unknown-type", "depends-on"):
        check("codes", json.loads(oam("explain", word, "--format", "json").stdout))
    for words in (["web"], ["web", "db"], ["web", "/spec"], ["cycle"]):
        check("explain", json.loads(oam("explain", *words, "-f", SHOP, "--format", "json").stdout))
    old = pathlib.Path(SOURCE / "tests/fuzz/seeds/load/old.yaml")
    for file in (SHOP, old):
        for verb in ("render", "plan", "graph", "run"):
            check(verb, json.loads(oam(verb, "-f", file, "--format", "json", "--lenient").stdout))
        check("render", json.loads(oam("render", "-f", file, "--format", "json", "--lenient", "--provenance").stdout))
        for name, flags in (("simulate", ()), ("blast", ("--fail-each",)), ("crashes", ("--crashes",)), ("crashes", ("--crashes", "--lose-record", "2"))):
            check(name, json.loads(oam("simulate", "-f", file, "--format", "json", "--lenient", *flags).stdout))
    with tempfile.TemporaryDirectory() as folder:
        saved = pathlib.Path(folder) / "saved.json"
        saved.write_text(oam("plan", "-f", SHOP, "--format", "json").stdout)
        check("staleness", json.loads(oam("plan", "--check", saved, "--format", "json").stdout))
        log, answer = pathlib.Path(folder) / "log", {"result": "succeeded", "outputs": {"db-host": "db"}}
        check("outcome", answer)
        body = program(folder, f"cat >> {log}\necho '{json.dumps(answer)}'\n")
        assert oam("run", "-f", SHOP, "--host", f"exec:{body}").returncode == 0
        for task in map(json.loads, log.read_text().splitlines()):
            check("task", task)


def test_states_of_definitions():
    shown = oam("def", "states", "component/webservice")
    assert "9 states, those of every object" in shown.stdout and "deleting      Progressing   -> gone" in shown.stdout, shown.stdout
    machine = json.loads(oam("def", "states", "component/webservice", "--format", "json").stdout)
    check("states", machine)
    assert machine["states"][0] == {"name": "pending", "health": "Missing"} and {"from": "deleting", "to": "gone", "points": ["after-delete"]} in machine["transitions"]
    assert '"deleting" -> "gone" [label="after-delete"];' in oam("def", "states", "component/webservice", "--format", "dot").stdout


def test_diff_and_assess_compare_with_what_is_observed():
    with tempfile.TemporaryDirectory() as folder:
        cluster = pathlib.Path(folder) / "cluster.json"
        objects = [r["object"] for r in json.loads(oam("render", "-f", SHOP, "--format", "json").stdout)]

        def told(verb, *arguments):
            cluster.write_text(json.dumps({"objects": objects}))
            return oam(verb, "-f", SHOP, "--observed", cluster, *arguments)

        assert told("diff").returncode == 0 and told("diff").stdout == "shop: 5 as wanted\n", told("diff")
        objects[3]["spec"]["replicas"] = 7
        changed = told("diff")
        assert changed.returncode == 1 and "    spec.replicas: 2, observed 7\n" in changed.stdout, changed
        assert told("diff", "--ignore", "/spec/replicas").returncode == 0
        assert told("diff", "--ignore", "spec").returncode == 2
        (difference,) = [d for c in json.loads(told("diff", "--format", "json").stdout)["components"] for r in c["resources"] for d in r["differences"]]
        assert difference == {"path": "spec.replicas", "pointer": "/spec/replicas", "kind": "changed", "desired": 2, "observed": 7}
        del objects[0]
        state = told("assess", "--format", "json")
        assert state.returncode == 0, state
        state = json.loads(state.stdout)
        assert (state["present"], state["expected"], state["complete"], state["drifted"]) == (4, 5, False, 1), state
        if jsonschema:
            jsonschema.validate(state, json.loads((SOURCE / "docs/schemas/assess.schema.json").read_text()))
        assert told("assess").stdout.startswith("shop "), told("assess")
        assert oam("diff", "-f", SHOP).returncode == 2
        assert oam("diff", "-f", "-", "--observed", cluster, text=WRONG).returncode == 2
        cluster.write_text("[1]")
        wrong = oam("diff", "-f", SHOP, "--observed", cluster)
        assert wrong.returncode == 2 and "error[observed-malformed]" in wrong.stderr, wrong


def test_assess_takes_several_applications_together():
    with tempfile.TemporaryDirectory() as folder:
        cluster = pathlib.Path(folder) / "cluster.json"
        cluster.write_text('{"objects": []}')
        text = HEAD + BOX.format("web") + "---\n" + HEAD.replace("name: app", "name: other, labels: {app.kubernetes.io/part-of: store}") + BOX.format("db")
        told = oam("assess", "-f", "-", "--observed", cluster, "--format", "json", "--solution", "all", text=text)
        assert told.returncode == 0, told
        state = json.loads(told.stdout)
        assert state["solution"] == "all" and state["cause"] == ["app", "other"], state
        assert [p.get("product") for p in state["products"]] == [None, "store"], state
        if jsonschema:
            schema, one = [json.loads((SOURCE / f"docs/schemas/{name}.schema.json").read_text()) for name in ("solution", "assess")]
            applications = schema["properties"]["products"]["items"]["properties"]["applications"]
            assert applications["items"] == {"$ref": "assess.schema.json"}
            applications["items"] = True
            jsonschema.validate(state, schema)
            for product in state["products"]:
                jsonschema.validate(product["applications"][0], one)
        one = oam("assess", "-f", "-", "--observed", cluster, "--format", "json", "--app", "other", text=text)
        assert json.loads(one.stdout)["product"] == "store", one
        assert "several-applications" in oam("diff", "-f", "-", "--observed", cluster, text=text).stderr


def test_plan_compares_with_what_is_observed_and_saved_plans_are_checked():
    with tempfile.TemporaryDirectory() as folder:
        cluster, saved = pathlib.Path(folder) / "cluster.json", pathlib.Path(folder) / "saved.json"
        objects = [r["object"] for r in json.loads(oam("render", "-f", SHOP, "--format", "json").stdout)]

        def told(verb, *arguments, files=("-f", SHOP)):
            cluster.write_text(json.dumps({"objects": objects}))
            return oam(verb, *files, "--observed", cluster, *arguments)

        nothing = told("plan")
        assert nothing.returncode == 0 and nothing.stdout.startswith("shop: nothing to do; 5 objects to keep; plan "), nothing
        assert json.loads(told("plan", "--format", "json").stdout)["steps"] == []
        objects[3]["spec"]["replicas"] = 7
        changed = told("plan")
        assert "spec.replicas: 7 -> 2" in changed.stdout, changed
        saved.write_text(told("plan", "--format", "json").stdout)
        plan = json.loads(saved.read_text())
        actions = sorted(s["action"] for s in plan["steps"] if s["kind"] == "apply")
        assert actions == ["keep", "keep", "keep", "keep", "update"], actions
        if jsonschema:
            jsonschema.validate(plan, json.loads((SOURCE / "docs/schemas/plan.schema.json").read_text()))
        assert told("plan", "--check", saved).returncode == 0
        assert told("plan", "--check", saved, files=()).returncode == 0
        nothing = oam("plan", "--check", saved)
        assert nothing.returncode == 0 and "compared with nothing" in nothing.stdout, nothing
        alone = oam("plan", "--check", saved, "-f", SHOP)
        assert alone.returncode == 0 and "Compared with the documents alone" in alone.stdout, alone
        assert told("plan", "--diff", saved).returncode == 0
        assert told("plan", "--ignore", "/spec/replicas").stdout.startswith("shop: nothing to do")
        assert told("plan", "--max-changes", "0").returncode == 1 and told("plan", "--max-changes", "many").returncode == 2
        objects[3]["spec"]["replicas"] = 9
        stale = told("plan", "--check", saved, "--format", "json", files=())
        assert stale.returncode == 1, stale
        (step,) = json.loads(stale.stdout)["stale"]
        assert "9" in " ".join(step["why"]), step
        assert told("plan", "--diff", saved).returncode == 1
        slow, fast = SOURCE / "tests/golden/review/slow.yaml", SOURCE / "tests/golden/review/fast.yaml"
        other = pathlib.Path(folder) / "other.json"
        other.write_text(oam("plan", "-f", slow, "--format", "json").stdout)
        paced = oam("plan", "-f", fast, "--diff", other)
        assert paced.returncode == 1 and "    pool code: 2 at a time, was 1 at a time\n" in paced.stdout, paced
        if jsonschema:
            schema = json.loads((SOURCE / "docs/schemas/plan-diff.schema.json").read_text())
            for differs in (told("plan", "--diff", saved, "--format", "json"), oam("plan", "-f", fast, "--diff", other, "--format", "json")):
                jsonschema.validate(json.loads(differs.stdout), schema)
        back = json.loads(told("plan", "--inverse", "--format", "json").stdout)
        if jsonschema:
            jsonschema.validate(back, json.loads((SOURCE / "docs/schemas/plan.schema.json").read_text()))
        part = told("plan", "--target", "web", "--format", "json")
        assert json.loads(part.stdout)["incomplete"] == "only web and what it needs", part
        assert oam("plan").returncode == 2
        saved.write_text(saved.read_text().replace("\"replicas\":2", "\"replicas\":3"))
        edited = oam("plan", "--check", saved)
        assert edited.returncode == 1 and "error[plan-changed]" in edited.stderr and ":1:" in edited.stderr, edited
        run = oam("run", "--plan", saved)
        assert run.returncode == 1, run


def test_a_closed_pipe_is_no_signal():
    process = subprocess.Popen([OAM, "plan", "-f", SHOP], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=60) >= 0


def test_what_is_called_wrongly_is_named():
    for call in (["vett", "-f", SHOP], ["def", "vett"]):
        wrong = oam(*call)
        assert wrong.returncode == 2 and '"vett" is no verb' in wrong.stderr, wrong
    assert oam("def", "status", "component/webservice", "component/worker", "--input", "-", text="{}").returncode == 2


def test_an_application_may_be_named_with_its_namespace():
    text = "---\n".join(HEAD.replace("name: app", f"name: {name}, namespace: {space}") + BOX.format(space)
                        for name, space in (("a", "one"), ("a", "two"), ("b", "two")))
    wrong = oam("plan", "-f", "-", "--app", "a", text=text)
    assert wrong.returncode == 1 and "2 applications are called a" in wrong.stderr and "--app one/a" in wrong.stderr, wrong
    assert "two/apply/ConfigMap/two" in oam("plan", "-f", "-", "--app", "two/a", text=text).stdout
    assert oam("plan", "-f", "-", "--app", "b", text=text).returncode == 0


def test_an_empty_file_does_not_say_that_nothing_is_there():
    with tempfile.TemporaryDirectory() as folder:
        empty = pathlib.Path(folder) / "observed.yaml"
        empty.write_text("")
        wrong = oam("plan", "-f", SHOP, "--observed", empty)
        assert wrong.returncode == 1 and "observed-malformed" in wrong.stderr, wrong
        empty.write_text("objects: []\n")
        assert oam("plan", "-f", SHOP, "--observed", empty).returncode == 0


def test_a_plan_in_a_file_is_its_owners_alone():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "plan.json"
        with file.open("w") as out:
            subprocess.run([OAM, "plan", "-f", SHOP, "--format", "json"], stdout=out, check=True, timeout=120)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, oct(file.stat().st_mode)


def test_nobody_complains_where_nobody_reads():
    shown = subprocess.Popen([OAM, "dump", "-f", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    shown.stdout.close()
    shown.stdin.write(b"a: 1")
    shown.stdin.close()
    assert shown.stderr.read() == b"" and shown.wait(120) == 0, shown.returncode


def main(tests):
    failed = passed = 0
    for name, test in list(tests.items()):
        if name.startswith("test_"):
            try:
                test()
                passed += 1
                print("ok   " + name)
            except AssertionError as error:
                failed += 1
                print(f"FAIL {name}: {str(error)[:1500]}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(globals()))
