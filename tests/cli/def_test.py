#!/usr/bin/env python3
"""Definitions from outside: health, parameters, schemas, mistakes, golden cases.

usage: def_test.py OAM SOURCE_DIR
"""
import json
import pathlib
import sys
import tempfile

from cli_test import SOURCE, check, jsonschema, main, oam

DEFINITION = """apiVersion: core.oam.dev/v1beta1
kind: ComponentDefinition
metadata: {name: box}
spec:
  workload: {definition: {apiVersion: apps/v1, kind: Deployment}}
  status:
    healthPolicy: 'isHealth: context.output.status.ready'
    customStatus: 'message: "ready: \\(context.output.status.ready) of \\(context.name)"'
    details: 'size: parameter.size'
"""


def test_def_status_judges_observed_objects():
    with tempfile.TemporaryDirectory() as folder:
        box, given = pathlib.Path(folder) / "box.yaml", pathlib.Path(folder) / "in.json"
        box.write_text(DEFINITION)
        given.write_text(json.dumps({"parameter": {"size": 3}, "context": {"name": "web"}, "output": {"status": {"ready": False}}}))
        answer = oam("def", "status", "component/box", "-d", box, "--input", given)
        assert answer.returncode == 0 and json.loads(answer.stdout) == {
            "healthy": False, "message": "ready: false of web", "details": {"size": "3"}}, answer
        missing = oam("def", "status", box, "--input", "-", text="{}")   # its object does not exist: no verdict
        assert missing.returncode == 1 and not missing.stdout and "error[object-missing]" in missing.stderr, missing
        slip = oam("def", "status", box, "--input", "-", text='{"parametr": {}}')
        assert slip.returncode == 1 and "warning[unknown-field]" in slip.stderr and 'did you mean "parameter"?' in slip.stderr, slip
        failing = oam("def", "status", "box", "-d", box, "--input", "-", text='{"output": {}}')
        assert failing.returncode == 0 and json.loads(failing.stdout)["healthy"] is False, failing
        assert "warning[status-program]" in failing.stderr, failing
    assert oam("def", "status").returncode == 2


TEMPLATE = """apiVersion: core.oam.dev/v1beta1
kind: {kind}
metadata: {{name: box, annotations: {{definition.oam.dev/description: A box}}}}
spec:
  {spec}
  schematic:
    cue:
      template: |
        parameter: {{
        	// +usage=Where it comes from
        	image: string
        	size: *1 | int
        	mode?: "a" | "b"
        	{more}
        }}
        {body}
"""
OUTPUT = ('output: {apiVersion: "apps/v1", kind: "Deployment", spec: {replicas: parameter.size, '
          'template: spec: containers: [{name: context.name, image: parameter.image}]}, '
          'if parameter.mode != _|_ {metadata: labels: mode: parameter.mode}}')
HEALTHY = "workload: {type: deployments.apps}\n  status: {healthPolicy: 'isHealth: true'}"


def box(kind="ComponentDefinition", spec=HEALTHY, more="", body=OUTPUT):
    return TEMPLATE.format(kind=kind, spec=spec, more=more, body=body)


def test_def_show_lists_parameters():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "box.yaml"
        file.write_text(box(more="ports?: [...{port: int}]"))
        shown = json.loads(oam("def", "show", file, "--format", "json").stdout)
        check("parameters", shown)
        assert (shown["kind"], shown["name"]) == ("component", "box")
        assert [(p["name"], p["type"], p["required"], p.get("default")) for p in shown["parameters"]] == [
            ("image", "string", True, None), ("size", "int", False, 1), ("mode", '"a" | "b"', False, None),
            ("ports", "[]object", False, None), ("ports[].port", "int", True, None)], shown
        text = oam("def", "show", "box", "-d", file).stdout
        assert text.startswith("component/box: A box\n") and "Where it comes from" in text, text
        assert oam("def", "show", "bx", "-d", file).returncode == 1


def test_def_schema_is_json_schema():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "box.yaml"
        file.write_text(box(more="labels?: [string]: string"))
        schema = json.loads(oam("def", "schema", "component/box", "-d", file).stdout)
        assert schema["required"] == ["image"] and schema["properties"]["size"] == {"type": "integer", "default": 1}, schema
        assert schema["properties"]["mode"] == {"enum": ["a", "b"]}, schema
        assert schema["properties"]["labels"] == {"type": "object", "additionalProperties": {"type": "string"}}, schema
        if jsonschema:
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate({"image": "nginx", "labels": {"a": "b"}}, schema)


def test_def_schema_takes_what_is_taken():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "box.yaml"
        file.write_text(box(more='one?: {kind: "a", x: int} | {kind: "b", y: string}, pair?: [int, string], any?: {...}'))
        schema = json.loads(oam("def", "schema", "component/box", "-d", file).stdout)
        fields = schema["properties"]
        assert schema["additionalProperties"] is False and "additionalProperties" not in fields["any"], schema
        assert [each["required"] for each in fields["one"]["anyOf"]] == [["x", "kind"], ["y", "kind"]], fields["one"]
        assert fields["pair"] == {"type": "array", "minItems": 2, "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False}, fields["pair"]
        shown = json.loads(oam("def", "show", file, "--format", "json").stdout)["parameters"]
        assert [p["required"] for p in shown if p["name"] in ("one.x", "one.y")] == [False, False], shown
        assert {p["name"]: p["type"] for p in shown}["pair"] == "[int, string]", shown
    labels = json.loads(oam("def", "show", "trait/labels", "--format", "json").stdout)["parameters"]
    assert [(p["name"], p["type"]) for p in labels] == [("*", "string | null")], labels


def test_def_schema_takes_a_default_for_a_default():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "box.yaml"
        file.write_text(box(more='a: *{} | {[string]: string}, d: *{x: "1"} | {[string]: string}, g: *[] | [...string], j: *[{n: "x"}] | [...{n: string, q?: int}]'))
        fields = json.loads(oam("def", "schema", "component/box", "-d", file).stdout)["properties"]
        texts = {"type": "object", "additionalProperties": {"type": "string"}}
        assert fields["a"] == texts | {"default": {}}, fields["a"]
        assert fields["d"] == texts | {"default": {"x": "1"}}, fields["d"]
        assert fields["g"] == {"type": "array", "items": {"type": "string"}, "default": []}, fields["g"]
        assert fields["j"]["items"]["required"] == ["n"] and fields["j"]["default"] == [{"n": "x"}], fields["j"]
        shown = {p["name"]: p for p in json.loads(oam("def", "show", file, "--format", "json").stdout)["parameters"]}
        assert [shown[name]["type"] for name in "dgj"] == ["map[string]string", "[]string", "[]object"] and "d.x" not in shown, shown
        assert shown["j[].n"]["required"], shown


def test_def_vet_finds_what_has_no_effect():
    def codes(text):
        return {p["code"] for p in json.loads(oam("def", "vet", "-", "--format", "json", text=text).stdout)}
    assert codes(box()) == set()
    assert oam("def", "vet", "-", text=box()).stdout == "1 definition: no mistake found\n"
    assert codes(box(more="nobody?: string")) == {"unused-parameter"}
    assert codes(box(spec="workload: {type: deployments.apps}")) == {"no-health-policy"}
    assert codes(box(body=OUTPUT + "\n        outptus: x: {}")) == {"unused-output"}
    open_value = box(more="tag?: string", body=OUTPUT + "\n        outputs: x: {kind: parameter.tag}")
    assert codes(open_value) == {"not-concrete"} and oam("def", "vet", "-", text=open_value).returncode == 1
    assert "template-error" in codes(box(body=OUTPUT + "\n        outputs: x: nope"))
    life = "workload: {type: deployments.apps}\n  extension: {lifecycle: {states: [{name: absent}, {name: ready, complete: true, if: 'object.status.ready'}%s], transitions: [{from: absent, to: ready}]%s}}"
    assert codes(box(spec=life % ("", ""))) == set(), codes(box(spec=life % ("", "")))
    broken = box(spec=life % (", {name: lost}", ", hooks: [{name: a, point: before-creat, action: a}]"))
    assert codes(broken) == {"unreachable-state", "dead-end", "unknown-hook-point"} and oam("def", "vet", "-", text=broken).returncode == 1, codes(broken)
    trait = box("TraitDefinition", "appliesToWorkloads: [deployments.apps]",
                body="patch: spec: {replicas: parameter.size, replica: parameter.image, if parameter.mode != _|_ {strategy: type: parameter.mode}}")
    assert codes(trait) == {"patch-hits-nothing"}, codes(trait)
    deep = box("TraitDefinition", "appliesToWorkloads: [deployments.apps]",
               body='patch: {metadata: {label: a: parameter.image, if parameter.mode != _|_ {labels: m: parameter.mode}}, spec: template: spec: {container: [], containers: [{name: "x", evn: [parameter.size], resources: limits: any: 1}]}}')
    messages = [p["message"] for p in json.loads(oam("def", "vet", "-", "--format", "json", text=deep).stdout)]
    assert [m.split()[-1] for m in messages] == ["metadata.label", "spec.template.spec.container", "spec.template.spec.containers[0].evn"], messages


def test_def_vet_knows_what_describes_a_definition():
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "a.cue"
        file.write_text('a: {type: "policy", descripton: "x", labels: {}, attributes: {}}\ntemplate: parameter: {}\n')
        told = oam("def", "vet", file)
        assert told.returncode == 0 and "warning[unknown-field]" in told.stdout + told.stderr and 'did you mean "description"?' in told.stdout + told.stderr, told


def test_def_vet_reads_patches_and_policies():
    def told(text):
        return {(p["code"], p["message"].partition(" for parameters")[0]) for p in json.loads(oam("def", "vet", "-", "--format", "json", text=text).stdout)}
    open_patch = box("TraitDefinition", "appliesToWorkloads: ['*']", body="patch: metadata: annotations: {all: parameter.nope, a: parameter.image, b: \"\\(parameter.size)\", if parameter.mode != _|_ {c: parameter.mode}}")
    assert told(open_patch) == {("not-concrete", "patch is not known throughout")}, told(open_patch)
    bare = box(body=OUTPUT + "\n        outputs: x: {kind: \"ConfigMap\"}")
    assert told(bare) == {("missing-kind", "outputs.x has no apiVersion")}, told(bare)
    marked = box("TraitDefinition", "appliesToWorkloads: ['*']",
                 body="patch: spec: {\n          // +patchkey=name\n          containers: [{name: parameter.image, size: parameter.size, if parameter.mode != _|_ {mode: parameter.mode}}]\n"
                      "          // +patchStrategy=retainKey\n          strategy: {}\n        }")
    assert told(marked) == {("invalid-value", '"patchkey" is no marker of a patch: it does nothing'),
                            ("invalid-value", '"retainKey" is no strategy of a patch: it does nothing')}, told(marked)
    policy = box("PolicyDefinition", "scope: Aplication", body="outpt: labels: {all: parameter.image, size: \"\\(parameter.size)\", if parameter.mode != _|_ {m: parameter.mode}}")
    assert {code for code, _ in told(policy)} == {"invalid-value"}, told(policy)   # a field of a kind: the rest is not looked at
    policy = policy.replace("scope: Aplication", "scope: Application")
    assert told(policy) == {("unused-output", '"outpt" is neither rendered nor read')}, told(policy)
    call = box("TraitDefinition", "appliesToWorkloads: ['*']", body="_page: http.#Gett & {}\n        patch: metadata: annotations: {a: parameter.image, b: \"\\(parameter.size)\", if parameter.mode != _|_ {c: parameter.mode}}")
    call = call.replace("        parameter: {", "        import \"vela/http\"\n        parameter: {", 1)
    assert {code for code, _ in told(call)} == {"template-error"}, told(call)
    assert oam("def", "vet", SOURCE / "lib/catalog/ref-objects.cue").returncode == 0


def test_def_test_compares_with_golden_folders():
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "box.yaml").write_text(box())
        (place / "small").mkdir()
        (place / "small/parameters.yaml").write_text("image: nginx\n")
        assert oam("def", "test", place).returncode == 1   # nothing is expected yet
        assert oam("def", "test", place, "--update").returncode == 0
        assert oam("def", "test", place).stdout == "ok    small\n1 case: 1 passed, 0 failed\n"
        (place / "small/parameters.yaml").write_text("{image: nginx, size: 2}\n")
        wrong = oam("def", "test", place, "--format", "json")
        check("cases", json.loads(wrong.stdout))
        assert wrong.returncode == 1 and json.loads(wrong.stdout)["cases"] == [
            {"name": "small", "passed": False, "message": "/0/spec/replicas is 2, expected 1"}], wrong
        (place / "box.yaml").unlink()   # a definition in CUE will do
        (place / "crate.cue").write_text('crate: {type: "component", annotations: {}, labels: {}, description: "A crate", attributes: workload: type: "autodetects.core.oam.dev"}\n'
                                         'template: {parameter: {image: string, size: *1 | int}\noutput: {apiVersion: "v1", kind: "ConfigMap", data: size: "\\(parameter.size)"}}\n')
        assert oam("def", "test", place, "--update").returncode == 0
        assert oam("def", "test", place).stdout == "ok    small\n1 case: 1 passed, 0 failed\n"


def test_def_step_says_what_it_asks():
    case = {"parameter": {"value": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "box"}}},
            "script": [{"do": "apply", "returns": {"value": {"metadata": {"uid": "7"}}}}],
            "outputs": [{"name": "uid", "valueFrom": "apply.$returns.value.metadata.uid"}], "rounds": [{"phase": "running"}]}
    shown = json.loads(oam("def", "step", "apply-object", "--input", "-", text=json.dumps(case)).stdout)
    check("step", shown)
    assert shown["calls"] == ["apply: kube.apply"] and shown["outputs"] == {"uid": "7"} and len(shown["rounds"]) == 1, shown


def test_def_step_tells_what_it_does_not_read():
    case = {"parameter": {"value": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "box"}}}, "scrip": [],
            "script": [{"do": "apply", "eror": "boom"}], "rounds": [{"scripts": []}], "inputs": [{"form": "a"}], "outputs": [{"nam": "a"}]}
    wrong = oam("def", "step", "apply-object", "--input", "-", text=json.dumps(case))
    assert wrong.returncode == 0 and wrong.stderr.count("warning[unknown-field]") == 5, wrong.stderr
    for hint in ("script", "error", "from", "name"):
        assert f'did you mean "{hint}"?' in wrong.stderr, wrong.stderr
    case = {"id": "1", "about": "", "expect": {}, "parameter": case["parameter"], "script": [{"do": "aply", "error": "boom"}], "rounds": [{"script": [{"do": "apply"}, {"do": "apply"}]}]}
    told = oam("def", "step", "apply-object", "--input", "-", text=json.dumps(case, indent=1))
    assert told.returncode == 0 and json.loads(told.stdout)["phase"] == "succeeded", told
    assert told.stderr.count("warning[unused-answer]") == 2 and 'did you mean "apply"?' in told.stderr, told.stderr
    assert "at /rounds/0/script/1" in told.stderr and "there, or not so often" in told.stderr, told.stderr


if __name__ == "__main__":
    sys.exit(main(globals()))
