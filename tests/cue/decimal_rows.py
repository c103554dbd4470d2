"""Writes decimal_rows.txt: operands and results by Python's own decimal arithmetic."""
import decimal
import pathlib
import random

D = decimal.Decimal
CONTEXT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_UP, Emax=100000, Emin=-100000)


def operand(rng):
    digits = rng.choice([1, 2, 5, 18, 19, 34, 35, 60])
    coefficient = rng.randrange(10 ** digits)
    exponent = rng.choice([0, 0, 0, -1, -2, -20, 3, 40, -400])
    return D((rng.randrange(2), tuple(map(int, str(coefficient))), exponent))


def divided(a, b):
    quotient = CONTEXT.divide(a, b)
    if len(quotient.as_tuple().digits) < 34:    # Python stops early where it is exact
        sign, digits, exponent = quotient.as_tuple()
        pad = 34 - len(digits)
        quotient = D((sign, digits + (0,) * pad, exponent - pad))
    sign, digits, exponent = quotient.as_tuple()
    pointed = exponent < 0
    while len(digits) > 1 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    if pointed and exponent >= 0:
        digits, exponent = digits + (0,), exponent - 1
    return D((sign, digits, exponent))


def main():
    rng = random.Random(34)
    operations = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": divided}
    rows = []
    for _ in range(400):
        a, b = operand(rng), operand(rng)
        if rng.randrange(4) == 0:
            b = a
        for name, operation in operations.items():
            if name == "/" and (b == 0 or a == 0):
                continue
            if operation(a, b) != 0:    # zeros are written another way
                rows.append(f"{a} {name} {b} {operation(a, b)}")
    for _ in range(60):
        a = abs(operand(rng)) + D(1)
        rows.append(f"{a} ln 0 {CONTEXT.ln(a)}")
        x = D(rng.randrange(-10**6, 10**6)).scaleb(-4)
        rows.append(f"{x} exp 0 {CONTEXT.exp(x)}")
    pathlib.Path(__file__).with_suffix(".txt").write_text("\n".join(rows) + "\n")


main()
