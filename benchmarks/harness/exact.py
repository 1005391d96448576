"""Linear algebra in as many digits as one likes: what results are judged by."""

from decimal import Decimal


def solved(matrix: list[list[Decimal]], right: list[Decimal]) -> list[Decimal]:
    """Gaussian elimination with pivoting, in as many digits as the context has."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for k in range(len(rows)):
        pivot = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for i in range(k + 1, len(rows)):
            share = rows[i][k] / rows[k][k]
            rows[i] = [a - share * b for a, b in zip(rows[i], rows[k], strict=True)]
    answer: list[Decimal] = []
    for k in reversed(range(len(rows))):
        known = sum((a * v for a, v in zip(rows[k][k + 1 : -1], answer, strict=True)), Decimal(0))
        answer.insert(0, (rows[k][-1] - known) / rows[k][k])
    return answer
