"""The Python face: the whole path, and how it fails."""
import json
import pathlib
import pickle
import re

import pytest

import oam

ROOT = pathlib.Path(__file__).parents[3]
SHOP = ROOT / "docs/examples/shop.yaml"


def boxes(**needs: str) -> str:
    text = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec:\n  components:\n"
    for name, depends in needs.items():
        text += (f"  - name: {name}\n    type: k8s-objects\n    dependsOn: [{depends}]\n    properties: "
                 f"{{objects: [{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}]}}\n")
    return text


def plan_of(text: str) -> oam.Plan:
    return oam.plan(oam.resolve(oam.load(text), oam.Catalog.standard()), oam.Observed())


def test_the_whole_path() -> None:
    app = oam.load(SHOP)
    plan = oam.plan(oam.resolve(app, oam.Catalog.standard()), oam.Observed())
    done = oam.drive(oam.Run(plan, id="shop-42"), oam.MemoryHost())
    assert done.ok and done.result == "succeeded", done.reasons


def test_a_plan_shows_itself() -> None:
    plan = plan_of(boxes(web="db", db=""))
    assert len(plan.hash) == 64
    assert repr(plan).startswith("<oam.Plan app: 4 steps")
    assert "web/apply/ConfigMap/web" in plan.text()
    assert plan.to_dict()["hash"] == plan.hash
    assert pickle.loads(pickle.dumps(plan)).hash == plan.hash


def test_a_mistake_raises_with_its_place() -> None:
    with pytest.raises(oam.Error) as caught:
        oam.load(boxes(web="dbb", db=""), name="shop.yaml")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.file, problem.line) == ("unknown-dependency", "shop.yaml", 8)
    assert problem.hint == 'did you mean "db"?'
    assert "^" in str(caught.value)


def test_the_loop_by_hand_and_match() -> None:
    run = oam.Run(plan_of(boxes(web="db", db="")), id="r")
    performed = []
    while True:
        match run.next(0):
            case oam.Task(step=step, id=task):
                performed.append(step)
                assert run.report(task, oam.Outcome.succeeded(), 0) == "accepted"
            case oam.Wait():
                pytest.fail("nothing to wait for")
            case oam.Done(ok):
                assert ok
                break
    assert performed == ["db/apply/ConfigMap/db", "web/apply/ConfigMap/web"]


def test_restore_from_every_prefix() -> None:
    plan = plan_of(boxes(c="b", b="a", a=""))
    records: list[str] = []
    oam.drive(oam.Run(plan, id="r"), oam.MemoryHost(), journal=records.extend)
    for n in range(len(records) + 1):
        run = oam.Run.restore(plan, None, records[:n], 0, id="r")
        assert oam.drive(run, oam.MemoryHost()).ok


def test_a_host_in_python() -> None:
    class Host:
        def perform(self, task: oam.Task) -> oam.Outcome:
            return oam.Outcome.failed("no") if task.step.startswith("db/") else oam.Outcome.succeeded()

    run = oam.Run(plan_of(boxes(web="db", db="")), id="r")
    done = oam.drive(run, Host())
    assert not done.ok and "no" in done.reasons[0]
    assert run.state("web/apply/ConfigMap/web") == "blocked"


def test_an_exception_of_the_host_comes_through() -> None:
    class Host:
        def perform(self, task: oam.Task) -> oam.Outcome:
            raise KeyError(task.step)

    with pytest.raises(KeyError):
        oam.drive(oam.Run(plan_of(boxes(a="")), id="r"), Host())


def test_wrong_arguments_are_told() -> None:
    run = oam.Run(plan_of(boxes(a="")), id="r")
    with pytest.raises((TypeError, ValueError)):
        run.next("now")
    with pytest.raises(ValueError):
        run.state("nobody")
    with pytest.raises(ValueError):
        oam.Outcome("splendid")


def test_assessment() -> None:
    model = oam.resolve(oam.load(boxes(a="")), oam.Catalog.standard())
    host = oam.MemoryHost()
    oam.drive(oam.Run(oam.plan(model, oam.Observed()), id="r"), host)
    assert "Healthy" in oam.assess(model, host.observe()).text()
    (web,) = oam.assess(model, host.observe()).components[0].resources
    assert (web.kind, web.name, web.health) == ("ConfigMap", "a", "Healthy")
    assert "Missing" in oam.assess(model, oam.Observed()).text()


def test_a_host_shows_what_it_is_told() -> None:
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job"}}
    text = json.dumps({"apiVersion": "core.oam.dev/v1beta1", "kind": "Application", "metadata": {"name": "app"},
                       "spec": {"components": [{"name": "job", "type": "k8s-objects", "properties": {"objects": [job]}}]}})
    plan = oam.plan(oam.resolve(oam.load(text), oam.Catalog.standard()))
    host = oam.MemoryHost()
    host.show("Job.batch/job", {"failed": 1, "conditions": [{"type": "Failed", "status": "True", "message": "no image"}]}, after=500)
    done = oam.drive(oam.Run(plan, id="r"), host)
    assert done.result == "failed" and "no image" in done.reasons[0]
    with pytest.raises(ValueError):
        host.show("Job.batch/job", {}, after=-1)


def test_a_run_says_who_takes_over() -> None:
    run = oam.Run(oam.plan(oam.resolve(oam.load(boxes(a="")), oam.Catalog.standard())), id="r")
    assert run.successor == "" and run.supersede(0, actor="ann", successor="s")
    assert run.superseded and run.successor == "s" and not run.supersede(0, successor="t")


NEVER = """
apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: never}
spec:
  workload: {type: autodetects.core.oam.dev}
  status: {healthPolicy: "isHealth: false"}
  schematic: {cue: {template: 'output: {apiVersion: "v1", kind: "ConfigMap"}'}}
"""


def test_a_catalog_judges_its_objects() -> None:
    catalog = oam.load_catalog(NEVER)
    text = "apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: app}\nspec: {components: [{name: a, type: never}]}\n"
    model = oam.resolve(oam.load(text), catalog)
    host = oam.MemoryHost()
    oam.drive(oam.Run(oam.plan(model), id="r"), host)
    assert oam.assess(model, host.observe()).health == "Healthy"
    assert oam.assess(model, host.observe(), catalog=catalog).health == "Progressing"
    assert oam.assess([model], host.observe(), catalog=catalog).health == "Progressing"


def test_applications_together() -> None:
    text = boxes(a="") + "---\n" + boxes(b="").replace("name: app", "name: other, labels: {app.kubernetes.io/part-of: store}")
    models = [oam.resolve(each, oam.Catalog.standard()) for each in oam.load_all(text)]
    host = oam.MemoryHost()
    oam.drive(oam.Run(oam.plan(models[0]), id="r"), host)
    state = oam.assess(models, host.observe(), solution="all")
    assert (state.name, state.health, state.cause, state.present, state.expected) == ("all", "Missing", ("other",), 1, 2)
    alone, store = state.products
    assert alone.alone and store.name == "store" and store.applications[0].product == "store" and not store.complete
    assert "because of other" in str(state) and state.to_dict()["solution"] == "all"
    with pytest.raises(oam.Error) as caught:
        oam.assess([models[0], models[0]], host.observe())
    assert {problem.code for problem in caught.value.diagnostics} == {"duplicate-application"}
    with pytest.raises(oam.Error):
        oam.load_all("{}")


def test_states_of_objects() -> None:
    every = oam.StateMachine()
    assert every.states[0].name == "pending" and every.allows("deleting", "gone") and not every.allows("gone", "running")
    card = oam.StateMachine("card", [oam.ObjectState("absent"), oam.ObjectState("ready", condition='object.status.phase == "Ready"', complete=True, health="Healthy"),
                                     oam.ObjectState("lost")], [("absent", "ready")])
    ready = card.state_of({"status": {"phase": "Ready"}})
    assert ready is not None and (ready.name, ready.complete, ready.health) == ("ready", True, "Healthy")
    assert card.state_of({}) is None and card.find("nobody") is None
    assert card.unreachable() == ("lost",) and card.dead_ends() == ("lost",)
    assert [(t.from_, t.to) for t in card.transitions] == [("absent", "ready")] and card.to_dict()["name"] == "card" and "digraph" in card.dot()
    for wrong in ([], [oam.ObjectState("a"), oam.ObjectState("a")], [oam.ObjectState("a", condition="((")]):
        with pytest.raises(ValueError):
            oam.StateMachine("wrong", wrong)
    with pytest.raises(ValueError):
        every.allows("pending", "nowhere")
    model = oam.resolve(oam.load(boxes(a="")), oam.Catalog.standard())
    assert model.state_machine(0).name == every.name
    with pytest.raises(IndexError):
        model.state_machine(1)
    assert oam.state_machine_of(oam.Catalog.standard().find("component", "webservice")).name == every.name


def test_a_sign_of_life_is_no_outcome() -> None:
    class Host:
        answers = 0

        def perform(self, task: oam.Task) -> oam.Outcome:
            self.answers += 1
            return oam.Outcome("progress") if self.answers == 1 else oam.Outcome.succeeded()

        def now(self) -> int:
            return self.answers

        def sleep_until(self, until: int) -> None:
            self.answers = max(self.answers, until)

    done = oam.drive(oam.Run(plan_of(boxes(a="")), id="r"), Host())
    assert done.ok, done.reasons


def test_a_run_knows_that_it_is_superseded() -> None:
    run = oam.Run(plan_of(boxes(a="")), id="r")
    assert not run.superseded
    assert run.supersede(0) and run.superseded


def test_simulation() -> None:
    plan = plan_of(boxes(web="db", db=""))
    db, web = "db/apply/ConfigMap/db", "web/apply/ConfigMap/web"
    simulation = oam.simulate(plan, durations={db: "3s", web: (1000, 0)})
    assert (simulation.took, simulation.core_ready, simulation.peak) == (4000, 4000, 1)
    assert simulation.critical_path == (db, web)
    assert "<svg" in simulation.svg() and simulation.to_dict()["took"] == 4000
    broken = oam.simulate(plan, fail=[db])
    assert broken.core_ready is None
    assert [(s.state, s.cause) for s in broken.steps if s.step == web] == [("blocked", db)]
    assert [r.step for r in oam.blast_radii(plan) if r.blocked] == [db]
    with pytest.raises(oam.Error):
        oam.simulate(plan, fail=["nobody"])
    with pytest.raises(ValueError):
        oam.simulate(plan, durations={db: "soon"})


def test_crashes() -> None:
    plan = plan_of(boxes(c="b", b="a", a=""))
    report = oam.explore_crashes(plan)
    assert report.explored > report.records > 0 and report.different == 0
    for n in range(1, report.records + 1):
        lost = oam.explore_crashes(plan, lose_record=n)
        assert lost.different > 0 and lost.differences[0].what


def test_an_application_says_its_pace() -> None:
    policy = "  policies:\n  - {name: p, type: lifecycle, properties: {pace: {steps: [{selector: {components: [a]}, approval: true}]}}}\n"
    model = oam.resolve(oam.load(boxes(a="") + policy), oam.Catalog.standard())
    plan = oam.plan(model, oam.Observed())
    assert oam.drive(oam.Run(plan, id="r"), oam.MemoryHost()).result == "held"
    assert oam.drive(oam.Run(plan, id="r", ignore_pace=True), oam.MemoryHost()).ok


def test_the_readme_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    scope: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), scope)
    assert isinstance(scope["done"], oam.Done) and scope["done"].ok


def test_plans_against_what_is_there() -> None:
    model = oam.resolve(oam.load(boxes(web="db", db="")), oam.Catalog.standard())
    objects = [dict(resource.object) for resource in model.resources]
    assert len(oam.plan(model, oam.Observed(objects))) == 0
    objects[0]["data"] = {"mode": "old"}
    old = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "old", "namespace": "default", "labels": {"app.oam.dev/name": "app"}}}
    observed = oam.Observed.parse(json.dumps({"objects": [*objects, old], "inventory": []}))
    plan = oam.plan(model, observed)
    assert [step.id for step in plan.steps if step.action == "delete"] == ["*/apply/ConfigMap/old"]
    assert plan.check(observed)["holds"]
    stale = plan.check(oam.Observed(objects))
    assert [each["step"] for each in stale["stale"]] == ["*/apply/ConfigMap/old"]
    part = plan.part(["web"])
    assert part.incomplete == "only web and what it needs"
    assert part.difference(plan)["steps"][0]["kind"] == "removed"
    back, without = plan.inverse()
    assert [step.action for step in back.steps if step.component == "*" and step.kind == "apply"] == ["create"] and without == ()
    with pytest.raises(oam.Error):
        oam.plan(model, observed, max_deletes=0)
