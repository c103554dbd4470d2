"""Writes unicode_tables.inc: simple case mappings and printable ranges of Unicode."""
import pathlib
import sys
import unicodedata


def simple(text, fallback):
    return text if len(text) == 1 else fallback


def upper(c):
    return simple(c.upper(), simple(c.title(), c))


def lower(c):
    return "i" if c == "\u0130" else simple(c.lower(), c)


def title(c):
    return simple(c.title(), upper(c))


def case_ranges(mapping):
    """(first, last, step, delta): every step-th rune from first to last moves by delta."""
    ranges = []
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        delta = ord(mapping(chr(code))) - code
        if not delta:
            continue
        last = ranges[-1] if ranges else None
        if last and last[3] == delta and (code - last[1] == last[2] or (last[0] == last[1] and code - last[1] <= 2)):
            last[2] = code - last[1]
            last[1] = code
        else:
            ranges.append([code, code, 1, delta])
    return ranges


def printable(code):
    return unicodedata.category(chr(code))[0] in "LMNPS" or code == 0x20


def printable_ranges():
    ranges = []
    for code in range(0x110000):
        if not printable(code):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def table(name, kind, rows):
    cells = ["{" + ", ".join(map(str, row)) + "}" for row in rows]
    lines, line = [], "   "
    for cell in cells:
        if len(line) + len(cell) > 116:
            lines.append(line)
            line = "   "
        line += " " + cell + ","
    lines.append(line)
    return f"constexpr {kind} {name}[] = {{\n" + "\n".join(lines) + "\n};\n"


def main():
    out = f"// Unicode {unicodedata.unidata_version}; written by unicode_tables.py.\n"
    for name, mapping in (("kUpper", upper), ("kLower", lower), ("kTitle", title)):
        out += table(name, "CaseRange", case_ranges(mapping))
    out += table("kPrintable", "RuneRange", printable_ranges())
    pathlib.Path(sys.argv[0]).with_suffix(".inc").write_text(out)


main()
