#!/usr/bin/env python3
"""The structure as tests: floors, headers that stand alone, what including costs,
what the core may call, lengths, words.

usage: structure_test.py SOURCE_DIR BUILD_DIR CXX
"""
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE, BUILD, CXX = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
INCLUDE = SOURCE / "include"

# Floors of docs/hacking.md: a file includes only its own floor or lower ones.
FLOORS = {"fwd": 0, "version": 0, "diagnostic": 1, "name": 1, "rare": 1, "cue": 2, "document": 2, "json": 2, "record": 2, "run_table": 2, "application": 3, "catalog": 3, "definition": 3, "action": 2, "step_program": 4, "workflow": 4,
          "lifecycle": 3, "pace": 3, "health": 3, "state_machine": 3, "model": 4, "treatment": 4, "difference": 5, "graph": 5, "need": 5, "observed": 5, "plan": 6, "explain": 6, "verify": 6, "replan": 6, "review": 6, "run": 7, "assess": 7, "product": 7, "drive": 8, "simulate": 8, "state_tracker": 8, "subscription": 8, "testing": 8, "bgl": 5, "oam": 9,
          "hosts": 9, "cue": 2}
SUPPORT = {"comparable": 2, "field_path": 2, "problems": 2, "ready": 2, "fill": 4}   # the rest stands on floor 1
FOLDERS = {"cue": 2, "document": 2, "render": 3, "application": 3, "catalog": 3, "resolve": 4, "workflow": 4, "graph": 5, "plan": 6, "run": 7, "assess": 7, "simulate": 8, "hosts": 9}
BUDGET = 60_000   # preprocessed lines of <oam/oam.hpp>
FORBIDDEN = re.compile(r"\b(TODO|FIXME|XXX)\b")

# What the core calls of the outside world: nothing. Memory and text alone. (Boost's
# headers bring the initialiser of iostreams, std::ios_base::Init, which does no I/O.)
WORLD = re.compile(r"^(open|fopen|creat|read|write|printf|puts|putchar|fwrite|getenv|setenv|time|clock|clock_gettime|gettimeofday|"
                   r"localtime|gmtime|rand|srand|random|abort|exit|_exit|setlocale|system|fork|pthread_create|socket|connect|"
                   r"_ZSt4cout|_ZSt4cerr)(64)?$")


def public_headers():
    return sorted(INCLUDE.rglob("*.hpp"))


def floor_of(path):
    if path.is_relative_to(INCLUDE):
        rest = path.relative_to(INCLUDE / "oam")
        return FLOORS[rest.parts[0] if len(rest.parts) > 1 else rest.stem]
    rest = path.relative_to(SOURCE / "lib")
    if rest.parts[0] == "support":
        return SUPPORT.get(rest.stem, 1)
    if len(rest.parts) > 1:
        return FOLDERS[rest.parts[0]]
    return FLOORS[rest.stem.replace("_data", "")]


def test_floors():
    wrong = []
    for file in [*public_headers(), *sorted((SOURCE / "lib").rglob("*.[hc]pp"))]:
        for name in re.findall(r'^#include ["<]([\w/]+\.hpp)[">]', file.read_text(), re.M):
            target = INCLUDE / name if name.startswith("oam/") else SOURCE / "lib" / name
            if target.exists() and floor_of(target) > floor_of(file):
                wrong.append(f"{file.relative_to(SOURCE)} (floor {floor_of(file)}) includes {name} (floor {floor_of(target)})")
    return wrong


def test_public_headers_stay_light():
    wrong = []
    for header in public_headers():
        text = header.read_text()
        if "<absl/" in text:
            wrong.append(f"{header.name} includes Abseil")
        if "<boost/json/" in text.replace("<boost/json/fwd.hpp>", "") and header.stem not in ("json", "record"):   # opt-in
            wrong.append(f"{header.name} includes complete Boost.JSON")
        if "<boost/graph/" in text and header.stem != "bgl":
            wrong.append(f"{header.name} includes Boost.Graph")
    return wrong


def test_headers_stand_alone():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for header in public_headers():
            one = pathlib.Path(folder) / "one.cpp"
            one.write_text(f"#include <{header.relative_to(INCLUDE)}>\n#include <{header.relative_to(INCLUDE)}>\n")
            result = subprocess.run([CXX, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}", one],
                                    capture_output=True, text=True)
            if result.returncode:
                wrong.append(f"{header.name}: {result.stderr[:400]}")
    return wrong


def test_include_budget():
    source = "#include <oam/oam.hpp>\n"
    result = subprocess.run([CXX, "-std=c++20", "-E", "-P", "-x", "c++", f"-I{INCLUDE}", "-"], input=source,
                            capture_output=True, text=True, check=True)
    lines = result.stdout.count("\n")
    print(f"     <oam/oam.hpp> is {lines} preprocessed lines of {BUDGET}")
    return [f"{lines} lines"] if lines > BUDGET else []


def test_core_touches_nothing():
    wrong = []
    for library in ("liboam.a", "liboam_cue.a"):
        archives = list(BUILD.rglob(library))
        if not archives:
            return [f"no {library} below {BUILD}"]
        symbols = subprocess.run(["nm", "-u", archives[0]], capture_output=True, text=True, check=True).stdout
        called = {line.split()[-1].split("@")[0] for line in symbols.splitlines() if line.strip().startswith("U ")}
        wrong += [f"{library} calls {name}" for name in sorted(called) if WORLD.match(name)]
    return wrong


def test_lengths_and_words():
    wrong = []
    files = subprocess.run(["git", "-C", SOURCE, "ls-files", "*.cpp", "*.hpp", "*.py"], capture_output=True, text=True).stdout.split()
    for name in files:
        text = (SOURCE / name).read_text()
        if text.count("\n") > 600:
            wrong.append(f"{name} has {text.count(chr(10))} lines, over 600")
        if FORBIDDEN.search(text) and not name.endswith("structure_test.py"):
            wrong.append(f"{name} says {FORBIDDEN.search(text).group()}")
    return wrong


def test_readme_example_is_the_tested_one():
    test = (SOURCE / "tests/readme_loop_test.cpp").read_text()
    marked = re.search(r"// README begins\n(.*?)  // README ends", test, re.S).group(1)
    example = "\n".join(line[2:] if line.startswith("  ") else line for line in marked.splitlines())
    return [] if example in (SOURCE / "README.md").read_text() else ["README.md does not hold the example of readme_loop_test.cpp"]


def test_docs_tell_every_code():
    codes = re.findall(r'^X\("([\w.-]+)"', (SOURCE / "lib/codes.def").read_text(), re.M)
    errors = (SOURCE / "docs/errors.md").read_text()
    return [f"docs/errors.md lacks {code}" for code in codes if f"### {code}\n" not in errors]


def test_every_code_is_told():
    codes = re.findall(r'^X\("([\w.-]+)"', (SOURCE / "lib/codes.def").read_text(), re.M)
    code = "".join(file.read_text() for folder in ("lib", "bindings") for file in (SOURCE / folder).rglob("*.cpp"))
    return [f"nothing says {slug}" for slug in codes if f'"{slug}"' not in code]


def main():
    failed = passed = 0
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        wrong = test()
        failed += bool(wrong)
        passed += not wrong
        print(("FAIL " if wrong else "ok   ") + name)
        for line in wrong[:20]:
            print("     " + line)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
