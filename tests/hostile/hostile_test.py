#!/usr/bin/env python3
"""Hostile and outsized input, through the oam program: each case must end with
a clear diagnostic or with success, never by a signal, inside 2 GiB and 20 s.

usage: hostile_test.py OAM [--unlimited] [CASE ...]
  --unlimited  no bound on memory or time, and a tenth of the size: for builds with sanitizers
"""
import pathlib
import resource
import subprocess
import sys
import tempfile

MEMORY = 2 << 30
SECONDS = 20


scale = 1


def sized(n):
    return n // scale


def app(components):
    return ("apiVersion: core.oam.dev/v1beta1\nkind: Application\nmetadata: {name: big}\n"
            "spec:\n  components:\n" + "".join(components))


def component(name, needs=(), value="x"):
    depends = f"    dependsOn: [{', '.join(needs)}]\n" if needs else ""
    return (f"  - name: {name}\n    type: k8s-objects\n{depends}    properties:\n      objects:\n"
            f"      - {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}, data: {{k: \"{value}\"}}}}\n")


def ring(n):
    return app([component(f"c{i}", [f"c{(i + 1) % n}"]) for i in range(n)])


def chain(n):
    return app([component(f"c{i}", [f"c{i - 1}"] if i else []) for i in range(n)])


def dense(n, k):
    return app([component(f"c{i}", [f"c{j}" for j in range(max(0, i - k), i)]) for i in range(n)])


def fifty_megabytes():
    filler = "v" * 960
    return app([component(f"c{i}", value=filler) for i in range(sized(46_000))])


def alias_bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)]
    return "".join(lines)


def merge_bomb():
    lines = ["a0: &a0 {k0: 1, k1: 1, k2: 1, k3: 1}\n"]
    for i in range(1, 30):
        lines.append(f"a{i}: &a{i} {{x{i}: {{<<: *a{i - 1}}}, y{i}: {{<<: *a{i - 1}}}, z{i}: *a{i - 1}}}\n")
    return "".join(lines)


# name: (verb, text or bytes or a function, exit code, code that must be reported or None)
CASES = {
    "garbage": ("vet", bytes((i * 7919 + (i >> 3) * 131) % 256 for i in range(200_000)), 1, None),
    "truncated-utf8": ("vet", b"name: caf\xc3", 1, "invalid-utf8"),
    "nul-bytes": ("vet", b"a: b\n\0\0\0\nc: d\n", 1, None),
    "empty": ("vet", b"", 1, "no-application"),
    "10-mb-of-brackets": ("vet", lambda: "[" * sized(10_000_000), 1, "too-deep"),
    "10-mb-of-braces": ("vet", lambda: "{" * sized(10_000_000), 1, "too-deep"),
    "10-mb-of-brackets-json": ("vet", lambda: '{"a":' * sized(2_000_000), 1, "too-deep"),
    "10-mb-of-dashes": ("vet", lambda: "- " * sized(5_000_000), 1, "too-deep"),
    "10-mb-of-question-marks": ("vet", lambda: "? " * sized(5_000_000), 1, None),
    "10-mb-of-quotes": ("vet", lambda: "'" * sized(10_000_000), 1, None),
    "10-mb-of-ampersands": ("vet", lambda: "&a " * sized(3_000_000), 1, None),
    "10-mb-of-closing-brackets": ("vet", lambda: "]" * sized(10_000_000), 1, None),
    "10-mb-of-colons": ("vet", lambda: "a: " * sized(3_000_000), 1, None),
    "10-mb-flow-pairs": ("dump", lambda: "[" + "a: b, " * sized(1_600_000) + "]", 0, None),
    "10-mb-key": ("dump", lambda: "k" * sized(10_000_000) + ": v\n", None, None),
    "alias-bomb": ("vet", alias_bomb, 1, "alias-expansion"),
    "merge-bomb": ("vet", merge_bomb, 1, "alias-expansion"),
    "alias-to-itself": ("vet", "a: &a [*a]\n", 1, "recursive-alias"),
    "fifty-megabytes": ("plan", fifty_megabytes, 0, None),
    "long-number": ("vet", lambda: "k: " + "9" * 100_000 + "\n", 1, None),
    "long-number-json": ("vet", lambda: '{"k": ' + "9" * 100_000 + "}\n", 1, "number-out-of-range"),
    "huge-exponent": ("vet", "k: 1e999999999\n", 1, None),
    "huge-exponent-json": ("vet", '{"k": 1e999999999}\n', 1, "number-out-of-range"),
    "ring-1": ("plan", lambda: ring(1), 1, "dependency-cycle"),
    "ring-2": ("plan", lambda: ring(2), 1, "dependency-cycle"),
    "ring-50000": ("plan", lambda: ring(sized(50_000)), 1, "dependency-cycle"),
    "chain-50000": ("plan", lambda: chain(sized(50_000)), 0, None),
    "dense-1500x200": ("plan", lambda: dense(sized(1_500), 200), 0, None),
    "same-name-1000": ("vet", lambda: app([component("twin")] * 1_000), 1, "duplicate-component"),
    "million-empty-documents": ("vet", lambda: "---\n" * sized(1_000_000), 1, "no-application"),
    "million-documents": ("dump", lambda: "--- 1\n" * sized(1_000_000), 0, None),
    "million-documents-vet": ("vet", lambda: "---\na: 1\n" * sized(1_000_000), 1, None),
    "million-warnings": ("vet", lambda: "k:\n" + "- yes\n" * sized(1_000_000), 1, "ambiguous-scalar"),
    "chain-run": ("run", lambda: chain(sized(5_000)), 0, None),
}


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(oam, case, unlimited, folder):
    verb, text, exit_code, code = CASES[case]
    text = text() if callable(text) else text
    file = folder / (case + (".json" if "json" in case else ".yaml"))
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    out, err = folder / "out", folder / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.run([oam, verb, "-f", file], stdout=stdout, stderr=stderr,
                                 timeout=None if unlimited else SECONDS,
                                 preexec_fn=None if unlimited else limit)
    file.unlink()
    complaint = err.read_bytes()[:200_000].decode(errors="replace")
    if process.returncode not in (0, 1):
        return f"exit {process.returncode}: {complaint[:300]}"
    if exit_code is not None and process.returncode != exit_code:
        return f"exit {process.returncode}, not {exit_code}: {complaint[:300]}"
    if process.returncode == 1 and "error[" not in complaint:
        return f"no diagnostic: {complaint[:300]}"
    if code and f"[{code}]" not in complaint:
        return f"no {code}: {complaint[:300]}"
    return None


def main():
    arguments = [a for a in sys.argv[1:] if a != "--unlimited"]
    unlimited = "--unlimited" in sys.argv
    global scale
    scale = 10 if unlimited else 1
    oam, chosen = arguments[0], arguments[1:] or list(CASES)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in chosen:
            try:
                complaint = run(oam, case, unlimited, pathlib.Path(folder))
            except subprocess.TimeoutExpired:
                complaint = f"still at it after {SECONDS} s"
            failed += complaint is not None
            print(f"{'FAIL' if complaint else 'ok  '} {case}{': ' + complaint if complaint else ''}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
