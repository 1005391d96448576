"""`irrev.infer`: the report of the command from files and from arrays, and refusals that name what is wrong."""

from pathlib import Path

import numpy as np
import pytest

import irrev

OPTIONS = {"penalty": 1e-3, "shuffles": 4, "simulate": 2}


def activity(bins: int = 3000) -> np.ndarray:
    """Unit 1 mostly repeats unit 0 a bin later, and unit 2 avoids unit 1."""
    random = np.random.default_rng(3)
    found = np.zeros((bins, 3), dtype=int)
    for t in range(1, bins):
        up = [0.5, 0.9 if found[t - 1, 0] else 0.2, 0.3 if found[t - 1, 1] else 0.6]
        found[t] = random.random(3) < up
    return found


def test_an_array_gives_all_that_the_report_of_the_command_says(tmp_path: Path) -> None:
    data = activity()
    result = irrev.infer(data, **OPTIONS)
    assert result.kind == "inference" and result.all_verified
    for name in ("entropy_production_per_bin", "determined_share", "mean_coupling", "coupling_spread"):
        assert name in result and name in result.quantities
    assert "no_such_quantity" not in result and 3 not in result
    assert set(result) == set(result.quantities) and len(result) == len(result.quantities)
    for table in ("couplings", "nulls", "scenario"):
        assert table in result.tables
    assert "scenario" in result.figures
    alone = result["entropy_production_per_bin"].value
    path = tmp_path / "bins.txt"
    np.savetxt(path, data, fmt="%d")
    from_file = irrev.infer(path, **OPTIONS)
    assert from_file["entropy_production_per_bin"].value == alone
    turned = irrev.infer(data.T, transpose=True, **OPTIONS)
    signs = irrev.infer(2 * data - 1, **OPTIONS)
    assert turned["entropy_production_per_bin"].value == alone == signs["entropy_production_per_bin"].value


def test_spike_times_are_binned_as_the_command_bins_them(tmp_path: Path) -> None:
    data = activity()
    times = {f"unit {k}": (np.nonzero(data[:, k])[0] + 0.5) * 0.02 for k in range(3)}
    by_name = irrev.infer(times, bin=0.02, until=60.0, **OPTIONS)
    in_order = irrev.infer(list(times.values()), bin=0.02, until=60.0, **OPTIONS)
    milliseconds = irrev.infer([1e3 * t for t in times.values()], bin=0.02, until=60.0, time_unit="ms", **OPTIONS)
    expected = irrev.infer(data, **OPTIONS)["entropy_production_per_bin"].value
    for found in (by_name, in_order, milliseconds):
        assert found["entropy_production_per_bin"].value == expected
    rows = [(t, k) for k, name in enumerate(times) for t in times[name]]
    path = tmp_path / "spikes.csv"
    path.write_text("unit,time\n" + "".join(f"{k},{float(t)!r}\n" for t, k in sorted(rows)))
    assert irrev.infer(str(path), bin=0.02, until=60.0, **OPTIONS)["entropy_production_per_bin"].value == expected
    two = irrev.infer(times, bin=0.02, until=60.0, units=["unit 0", "unit 1"], **OPTIONS)
    assert two["entropy_production_per_bin"].value != expected


def test_the_result_can_be_written(tmp_path: Path) -> None:
    irrev.infer(activity(600), out=tmp_path / "out", **OPTIONS)
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("recording", "options", "message"),
    [
        ({"a": [0.1, 0.2]}, {}, "--bin"),
        ({"a": [0.1, float("nan")]}, {"bin": 0.01}, "unit `a`"),
        ({"a": [0.1, -0.2], "b": [0.3]}, {"bin": 0.01}, "negative"),
        (np.array([[0, 1], [2, 0]]), {}, "is 2"),
        (np.zeros(5), {}, "shape"),
        (17, {}, "int"),
        ({}, {}, "no units"),
        (activity(100), {"penalty": "strong"}, "penalty"),
        (activity(100), {"confidence": 1.5}, "confidence"),
        ("no_such_file.csv", {}, "no_such_file"),
    ],
)
def test_what_is_wrong_is_named(recording: object, options: dict[str, object], message: str) -> None:
    with pytest.raises((irrev.IrrevError, ValueError), match=message):
        irrev.infer(recording, **options)  # type: ignore[arg-type]


def test_archives_are_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "spikes.npz"
    np.savez(path, a=np.zeros(3))
    with pytest.raises(irrev.ModelError, match="archive of arrays"):
        irrev.infer(path)
