"""Smallest curvature near faces, in 80 decimal digits: the pencil by its definition, the eigenvalue by Sylvester's law of inertia.

Writes curvature_boundary.json beside this file. Python's standard library only.
"""

import json
import pathlib
from decimal import Decimal, getcontext

getcontext().prec = 80
D = Decimal

# name, weights w (π ∝ w), pairs (x, y, c) with k = c/w_x one way and c/w_y the other, and p up to normalisation
SQUARE = ([1, 2, 3, 1.5], [(0, 1, 1.0), (1, 2, 0.5), (2, 3, 2.0), (3, 0, 0.25)])
HOUSE = ([1, 0.5, 2, 4, 1.25], [(0, 1, 1.0), (1, 2, 3.0), (2, 3, 0.5), (3, 0, 1.5), (0, 4, 0.125), (4, 2, 2.0), (4, 3, 1.0)])
STAR = ([1, 1, 1, 1, 1, 1, 1, 1], [(0, leaf, 1.0) for leaf in range(1, 8)])
CASES = [
    ("square, one state nearly empty", *SQUARE, [1e-17, 1, 1, 1]),
    ("square, opposite states nearly empty", *SQUARE, [1e-17, 0.5, 1e-9, 1]),
    ("square, a cascade", *SQUARE, [1, 1e-6, 1e-13, 1e-20]),
    ("house, the hub nearly empty", *HOUSE, [1, 0.5, 0.25, 1, 1e-18]),
    ("house, three states nearly empty", *HOUSE, [1e-5, 1, 1e-16, 0.5, 1e-11]),
    ("star, one leaf full", *STAR, [1e-2, 1, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4]),
    ("star, one leaf nearly empty", *STAR, [1, 1, 1, 1, 1, 1, 1, 1e-17]),
    ("star, leaves by decades", *STAR, [1, 1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14]),
    ("house, a corner", *HOUSE, [1e-30, 1e-40, 1, 1e-50, 1e-60]),
]


def mean(a, b):
    return a if a == b else (a - b) / (a / b).ln()


def slope(a, b):
    """dΛ/da."""
    if a == b:
        return D(1) / 2
    r = (a / b).ln()
    return (r - 1 + b / a) / r**2


def forms(weights, pairs, p):
    n = len(p)
    w = [[D(0)] * n for _ in range(n)]
    jumps = []
    for x, y, c in pairs:
        # the doubles that a test computes from the same numbers
        k, back = D(c / weights[x]), D(c / weights[y])
        jumps.append((x, y, k, back))
        w[y][x] += k
        w[x][x] -= k
        w[x][y] += back
        w[y][y] -= back
    rate = [sum(w[i][j] * p[j] for j in range(n)) for i in range(n)]
    metric = [[D(0)] * n for _ in range(n)]
    hessian = [[D(0)] * n for _ in range(n)]
    for x, y, k, back in jumps:
        a, b = k * p[x], back * p[y]
        growth = (slope(a, b) * k * rate[x] + slope(b, a) * back * rate[y]) / 2
        for i, j, sign in [(x, x, 1), (y, y, 1), (x, y, -1), (y, x, -1)]:
            metric[i][j] += sign * mean(a, b)
            hessian[i][j] += sign * growth
    product = [[sum(w[i][k] * metric[k][j] for k in range(n)) for j in range(n)] for i in range(n)]
    for i in range(n):
        for j in range(n):
            hessian[i][j] -= (product[i][j] + product[j][i]) / 2
    # grounded at state 0
    cut = lambda m: [row[1:] for row in m[1:]]
    return cut(hessian), cut(metric)


def negative(hessian, metric, value):
    """Number of eigenvalues below a value."""
    n = len(metric)
    a = [[hessian[i][j] - value * metric[i][j] for j in range(n)] for i in range(n)]
    count = 0
    for k in range(n):
        count += a[k][k] < 0
        for i in range(k + 1, n):
            factor = a[i][k] / a[k][k]
            for j in range(k, n):
                a[i][j] -= factor * a[k][j]
    return count


def smallest(hessian, metric):
    low, high = -(D(10) ** 9), D(10) ** 60
    while high - low > D(10) ** -30 * max(abs(low), abs(high)):
        middle = (low + high) / 2
        if negative(hessian, metric, middle) > 0:
            high = middle
        else:
            low = middle
    return low


cases = []
for name, weights, pairs, p in CASES:
    value = smallest(*forms(weights, pairs, [D(q) for q in p]))
    cases.append({"name": name, "weights": weights, "pairs": pairs, "p": p, "curvature": float(value)})
    print(name, value)
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=1) + "\n")
