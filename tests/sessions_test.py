#!/usr/bin/env python3
"""What the program prints, command by command.

usage: sessions_test.py PROGRAM FOLDER [VERB] [--write]

Each .txt in FOLDER is a session: "$ ARGUMENTS" (behind the VERB, if one is given) with what
the call prints behind it, "? N" where its exit code is not 0; then the files it finds, each
behind "-- NAME --". Files that begin with #! are programs. What a program takes is real time,
so runs on one show theirs as --:--.-.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile


def read(text):
    parts = text.split("\n-- ")
    files = {}
    for part in parts[1:]:
        name, body = part.split(" --\n", 1)
        files[name] = body + "\n"
    return parts[0].split("\n"), files


def run(call, line, folder):
    done = subprocess.run([*call, *shlex.split(line)], cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    out = done.stdout + done.stderr
    if "exec:" in line:
        out = re.sub(r"\d\d:\d\d\.\d", "--:--.-", out)
    return out.rstrip("\n").split("\n") * bool(out) + [f"? {done.returncode}"] * (done.returncode != 0)


def session(call, text):
    lines, files = read(text)
    with tempfile.TemporaryDirectory() as folder:
        for name, body in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
            if body.startswith("#!"):
                path.chmod(0o755)
        got = []
        for line in lines:
            if line.startswith("# "):
                got.append(line)
            if line.startswith("$ "):
                got += [line, *run(call, line[2:], folder), ""]
    return "\n".join(got)


def main():
    program, folder, *verb = [each for each in sys.argv[1:] if each != "--write"]
    call, folder = [pathlib.Path(program).resolve(), *verb], pathlib.Path(folder)
    wrong = 0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text()
        said = text.split("\n-- ")[0].rstrip("\n") + "\n"
        got = session(call, text)
        if "--write" in sys.argv:
            path.write_text(got + text[len(text.split("\n-- ")[0]):])
        elif got != said:
            wrong += 1
            print(f"{path.name}: expected\n{said}\n{path.name}: got\n{got}")
    print(f"{wrong} sessions differ")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
