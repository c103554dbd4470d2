"""Writes builtin_rows.txt: what the reference's program gives for calls of its functions.

    python3 builtin_rows.py CUE < builtin_calls.txt
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile


def run(cue, package, expression):
    name = package.rsplit("/", 1)[-1]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "x.cue")
        path.write_text(f'import "{package}"\nx: {expression}\n')
        done = subprocess.run([cue, "export", "x.cue", "-e", "x"], cwd=folder, capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout
        line = done.stderr.splitlines()[0].rstrip(":")
        return "error: " + re.sub(rf"^x: (error in call to {re.escape(package)}\.\w+: )?", "", line)


def compact(text):
    """JSON without spaces between the tokens; numbers stay as they are written."""
    out, string = "", False
    for i, c in enumerate(text):
        if c == '"' and not (string and odd_backslashes(text, i)):
            string = not string
        if string or c not in " \n":
            out += c
    return out


def odd_backslashes(text, end):
    count = 0
    while text[end - 1 - count] == "\\":
        count += 1
    return count % 2 == 1


def main():
    cue = sys.argv[1]
    rows = []
    for line in sys.stdin:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        function, arguments = re.fullmatch(r"(\S+?)\((.*)\)", line).groups()
        package, name = function.rsplit(".", 1)
        result = run(cue, package, f"{package.rsplit('/', 1)[-1]}.{name}({arguments})")
        rows.append(f"{function}\t[{arguments}]\t{result if result.startswith('error: ') else compact(result)}\n")
    pathlib.Path(__file__).with_suffix(".txt").write_text("".join(rows))


main()
