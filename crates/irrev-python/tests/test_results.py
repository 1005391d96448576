"""What every result can do: it is frozen, compares, copies, pickles and shows itself."""

import builtins
import copy
import pickle
from typing import Any

import numpy as np
import pytest

import irrev
from calls import BATHS, ENERGETICS, FLOW, PROCESS, RING, STATISTICS, P
from irrev import network as n
from irrev._record import Record

PATH = n.relaxation(RING, start=P, duration=0.5, times=[0.1, 0.5])
RESULTS: dict[str, Any] = {
    "Network": BATHS.network,
    "MarkovJump": RING,
    "Flow": FLOW,
    "Energetics": ENERGETICS,
    "geometric": n.geometric_decomposition(FLOW),
    "information geometric": n.information_geometric_decomposition(FLOW),
    "Hatano-Sasa": n.hatano_sasa_decomposition(RING, distribution=P, stationary=RING.stationary_distribution()),
    "cycles": n.fundamental_cycles(RING.network),
    "overview": n.overview(RING, distribution=P),
    "statistics": STATISTICS,
    "cumulants": STATISTICS.scaled_cumulants([1, 1, 1]),
    "generating function": STATISTICS.scaled_generating_function([1, 1, 1], chi=[-0.1, 0.0, 0.1]),
    "one generating function": STATISTICS.scaled_generating_function([1, 1, 1], chi=0.1),
    "current moments": n.current_moments(RING, weights=[1, 1, 1], start=P, t=1.0),
    "entropy moments": n.entropy_moments(RING, start=P, t=1.0),
    "counts": n.count_distribution(RING, steps=[1, 1, 1], start=P, t=1.0, largest=4),
    "relaxation": PATH,
    "one way": n.relaxation(n.MarkovJump.from_rates(2, [(0, 1, 1.0, 0.0)]), start=[0.5, 0.5], duration=0.5),
    "evolved": n.evolve(RING, p=P, t=1.0),
    "spectrum": n.relaxation_spectrum(RING),
    "limit": n.limiting_distribution(RING, start=P),
    "first passage": n.first_passage(RING, start=P, targets=[2], times=[1.0]),
    "driven": n.driven_process(PROCESS, start=P, to=0.5, times=[0.25]),
    "periodic": n.periodic_state(PROCESS, period=1.0),
    "work": n.work_statistics(PROCESS, energies=[0, "t", 0], inverse_temperature=1.0, start=P, to=1.0),
    "budget": n.energy_budget(BATHS.flow([0.6, 0.4]), distribution=[0.6, 0.4], energetics=ENERGETICS),
    "rule": n.Arrhenius(1.0, 2.0),
    "uncertainty without a mean": n.uncertainty_relation(
        n.counting_statistics(n.three_state_ring(0.0, 1.0)),
        stationary_flow=n.three_state_ring(0.0, 1.0).flow([1 / 3] * 3),
        weights=[1, 1, 1],
    ),
}
RECORDS = {name: value for name, value in RESULTS.items() if isinstance(value, Record)}


@pytest.mark.parametrize("name", RESULTS)
def test_results_survive_pickling_and_copying(name: str) -> None:
    value = RESULTS[name]
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value


@pytest.mark.parametrize("name", RESULTS)
def test_results_differ_from_other_things(name: str) -> None:
    assert RESULTS[name] != RESULTS["counts" if name != "counts" else "evolved"]
    assert RESULTS[name] != 1
    with pytest.raises(TypeError):
        hash(RESULTS[name])


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_frozen(name: str) -> None:
    value = RESULTS[name]
    attribute = next(a for a in dir(value) if not a.startswith("_"))
    with pytest.raises(AttributeError):
        setattr(value, attribute, 1)
    with pytest.raises(AttributeError):
        value.something_new = 1


@pytest.mark.parametrize("name", RECORDS)
def test_arrays_in_records_are_read_only_also_after_unpickling(name: str) -> None:
    for record in (RECORDS[name], pickle.loads(pickle.dumps(RECORDS[name]))):
        arrays = [v for v in record.__dict__.values() if isinstance(v, np.ndarray)]
        assert all(not array.flags.writeable for array in arrays)


@pytest.mark.parametrize("name", RECORDS)
def test_records_show_every_attribute_with_its_meaning(name: str) -> None:
    record = RECORDS[name]
    for field in record._names():
        assert field in record.summary()
        assert field in (type(record).__doc__ or "")
        assert field in record.to_dict()
        assert field in record._meanings
    assert "<table>" in record._repr_html_()
    assert type(record).__name__ in repr(record)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_close_to_itself(name: str) -> None:
    assert RECORDS[name].isclose(RECORDS[name])
    assert not RECORDS[name].isclose(RECORDS["counts" if name != "counts" else "evolved"])


def test_records_with_other_numbers_differ_but_may_be_close() -> None:
    one, other = (n.evolve(RING, p=P, t=t) for t in (1.0, 1.0 + 1e-12))
    assert one != other and one.isclose(other) and not one.isclose(n.evolve(RING, p=P, t=2.0))


def test_an_array_given_to_a_record_stays_writeable() -> None:
    mine = np.array([0.5, 0.5])
    n.ClosedClass(states=np.array([0]), distribution=mine)
    mine[0] = 1.0


@pytest.mark.parametrize("value", [BATHS.network, RING, FLOW], ids=["Network", "MarkovJump", "Flow"])
def test_live_objects_show_themselves(value: Any) -> None:
    assert "edges" in value.summary()
    assert "<table>" in value._repr_html_()
    assert value.to_dict()
    frame = value.to_pandas()
    assert len(frame) == len(getattr(value, "network", value).edges)


def test_names_are_escaped_in_html() -> None:
    bad = n.Network(["<a>", "b"], channels=[("<script>", "<a>", "b")])
    assert "<script>" not in bad._repr_html_()


@pytest.mark.parametrize("name", [k for k, v in RESULTS.items() if hasattr(v, "plot")])
def test_what_can_be_plotted_gives_axes_and_its_data(name: str) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    figure = pytest.importorskip("matplotlib.pyplot").figure()
    axes = figure.add_subplot()
    assert RESULTS[name].plot(ax=axes) is axes
    assert all(len(column) for column in RESULTS[name].plot_data().values()) or name == "one way"


def test_relaxations_become_tables() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("xarray")
    frame, array = PATH.to_pandas(), PATH.to_xarray()
    np.testing.assert_array_equal(frame.to_numpy(), PATH.distributions)
    assert array.dims == ("time", "state")
    counts = RESULTS["counts"]
    assert counts.to_pandas().loc[0] == counts.probability(0)


@pytest.mark.parametrize(
    ("module", "extra", "use"),
    [
        ("matplotlib", "plot", lambda: PATH.plot()),
        ("pandas", "pandas", lambda: PATH.to_pandas()),
        ("xarray", "xarray", lambda: PATH.to_xarray()),
    ],
)
def test_a_missing_package_is_named_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, module: str, extra: str, use: Any
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == module:
            raise ImportError(name)
        return real(name, *rest, **more)

    import importlib
    import sys

    for loaded in [m for m in sys.modules if m.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(importlib, "import_module", lambda name: without(name))
    with pytest.raises(ImportError, match=rf'pip install "irrev\[{extra}\]"'):
        use()


def test_the_version_is_that_of_the_library() -> None:
    assert irrev.__version__.count(".") == 2
