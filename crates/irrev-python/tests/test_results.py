"""What every result can do: it is frozen, compares, copies, pickles and shows itself."""

import builtins
import copy
import pickle
from typing import Any

import numpy as np
import pytest

import irrev
from calls import (
    AMOUNTS,
    BATHS,
    DIMERS,
    ENERGETICS,
    ENZYME,
    FLOW,
    OPEN,
    PAIR,
    PROCESS,
    REVERSIBLE,
    RING,
    SERIES,
    SPINS,
    STATISTICS,
    P,
)
from irrev import inference as e
from irrev import ising as i
from irrev import landscape as l
from irrev import network as n
from irrev import reactions as r
from irrev import simulation as s
from irrev import transport as t
from irrev._record import Record

MODEL = irrev.loads("""
irrev = 1
kind = "reactions"
[species]
A = 2.0
B = { chemostat = 1.0 }
[reactions]
turn = { eq = "A <=> B", kf = 3.0, kr = 1.0 }
feed = { eq = "0 -> A", kf = 1.0 }
""")
BRUSSELATOR = r.ReactionSystem(
    ["X", "Y"],
    reactions=[("feed", "0 <=> X", 1, 1), ("convert", "X <=> Y", 3, 0.1), ("auto", "2 X + Y <=> 3 X", 1, 0.1)],
    initial={"X": 1.0, "Y": 2.0},
)
KEPT = s.simulate(
    DIMERS,
    times=[0.5, 1.0],
    trajectories=20,
    keep=True,
    books=s.Books(
        jumps=True,
        residence=True,
        entropy=True,
        currents={"J": {"pair": 1.0}},
        passages=[s.Passage(name="half", counts={"A": 1.0}, threshold=5, side="at most")],
        histograms=["B"],
    ),
)
PATH = n.relaxation(RING, start=P, duration=0.5, times=[0.1, 0.5])
GEODESIC = t.wasserstein2(RING, P, [0.1, 0.2, 0.7])
PAIR_OF_STATES = n.MarkovJump.from_rates(2, [(0, 1, 1.0, 2.0)])
PROTOCOL = t.optimal_protocol(RING, from_=P, to=[0.1, 0.2, 0.7], duration=1.0)
WAY = t.reaction_geodesic(PAIR, [2.0, 0.1], [0.2, 1.0])
RECORDED = l.record(list(np.random.default_rng(3).normal(size=(40, 2)) @ [np.cos(0.1 * np.arange(60)), np.sin(0.1 * np.arange(60))]), step=0.1)
PROFILE = l.conditional_moments(SERIES, step=0.1, bins=6).profile
TRAP = l.linear.LinearDiffusion([[1.5, 0.3], [0.3, 0.8]], 0.5)
GRID_PROCESS = l.fokker_planck.discretised(
    l.fokker_planck.Overdamped(np.cos, 0.5, 0.8), axes=l.Axis.circle(0.0, 2 * np.pi, intervals=16)
)
FIELD = l.field.GridField.from_functions(
    [l.Axis.line(-1.0, 1.0, intervals=4)] * 2, density=lambda x, y: 1.0, field=lambda x, y: (-x - y, x - y)
)
WALK = np.random.default_rng(5).normal(size=(3000, 2)).cumsum(axis=0)
VISITS = e.Visits(np.arange(300) % 3, np.arange(300.0), 300.0)
RESULTS: dict[str, Any] = {
    "dissipation": e.entropy_production(WALK, step=0.1, draws=100),
    "certificate checked": e.entropy_production(WALK, step=0.1, draws=100).certificate.recheck(WALK),
    "dissipation in time": e.entropy_production_in_time(WALK.reshape(100, 30, 2), step=0.1, draws=100)[0],
    "variational": e.variational(WALK, step=0.1, basis="antisymmetric"),
    "noise": e.measurement_noise(WALK, step=0.1)[0],
    "fitted rates": e.jump_rates(VISITS, draws=20),
    "steps": e.step_entropy_production(VISITS.states),
    "words": e.word_divergences(VISITS.states, longest=2),
    "waiting times": e.waiting_time_divergence(VISITS, replicas=20),
    "transfer entropy": e.gaussian_transfer_entropy(WALK[:, 0], source=WALK[:, 1], surrogates=2),
    "full history": e.full_history_transfer_entropy(np.sin(np.arange(200) ** 2), source=np.cos(np.arange(200) ** 2), replicas=20),
    "speed of cells": e.ensemble_speed(WALK[:800, 0].reshape(8, 100), times=range(8), replicas=20),
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
    "ReactionSystem": BRUSSELATOR,
    "ReactionSystem of formulas": r.ReactionSystem(
        ["S"], reactions=[("r", {"S": 1}, {}, "v*S/(1 + S)", 0)], parameters={"v": 2.0}, left_out=["r"]
    ),
    "ReactionSystem of a model": MODEL.reaction_system(),
    "CountSystem": DIMERS,
    "CountSystem of a model": MODEL.counts(),
    "Model": MODEL,
    "flow of reactions": BRUSSELATOR.flow([1.3, 2.1]),
    "network of reactions": BRUSSELATOR.network,
    "structure": r.structure(OPEN),
    "potentials": r.standard_potentials(ENZYME, amounts=AMOUNTS),
    "balance": r.free_energy_balance(OPEN, amounts=[0.4, 0.6]),
    "evolution": r.evolve(ENZYME, start=AMOUNTS, duration=0.5, times=[0.1, 0.5], error_estimate=True),
    "evolution without budget": r.evolve(ENZYME, start=AMOUNTS, duration=0.5, times=[0.1], budget=False),
    "steady state": r.steady_state(ENZYME, start=AMOUNTS),
    "limit cycle": r.limit_cycle(BRUSSELATOR),
    "branch": r.steady_branch(MODEL, key="species.B.chemostat", from_=1.0, start=[2 / 3], range=(0.5, 2.0)),
    "response": r.steady_response(OPEN, steady=r.steady_state(OPEN, start=[0.4, 0.6])),
    "Fisher speed": r.fisher_speed(ENZYME, amounts=AMOUNTS),
    "dual coordinates": r.dual_coordinates([[-1], [1]], equilibrium=[1, 1], extents=[0.5]),
    "distance": r.one_reaction_distance(PAIR, origin=[2.0, 0.1], to=0.9),
    "stationary counts": r.stationary_counts(DIMERS),
    "transient moments": r.transient_moments(DIMERS, times=[0.5, 1.0]),
    "W1": t.wasserstein1(RING, P, [0.1, 0.2, 0.7]),
    "transport plan": t.wasserstein1_with_cost([[0, 1, 2], [1, 0, 1], [2, 1, 0]], P, [0.1, 0.2, 0.7]),
    "W2": GEODESIC,
    "Geodesic": GEODESIC.geodesic,
    "moment": GEODESIC.at(0.5),
    "gradient flow": t.gradient_flow(RING, distribution=P),
    "minimising movement": t.minimising_movement(PAIR_OF_STATES, start=[0.7, 0.3], step=0.1),
    "protocol": PROTOCOL,
    "rates of a protocol": PROTOCOL.at([0.0, 0.5]),
    "simulated protocol": PROTOCOL.simulated(tol=1e-6),
    "protocol left alone": PROTOCOL.left_alone(),
    "straight path": t.straight_path(RING, from_=P, to=[0.1, 0.2, 0.7]),
    "reaction W2": WAY,
    "ReactionGeodesic": WAY.geodesic,
    "reaction moment": WAY.at(0.5),
    "Gaussians": t.gaussian.wasserstein2(([0.0], [[1.0]]), ([1.0], [[4.0]])),
    "speed limits": t.speed_limits(RING, start=P, duration=0.5),
    "curvature": t.entropic_curvature(n.MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)]), random_starts=4, descents=2),
    "driven speed limits": t.driven_speed_limits(PROCESS, start=P, to=0.5, tol=1e-6),
    "diffusion": t.langevin_speed_limit(mobility=1.0, temperature=1.0, distance=1.0, duration=1.0, dissipated=2.0),
    "log-Sobolev": t.modified_log_sobolev(
        REVERSIBLE, curvature=t.entropic_curvature(REVERSIBLE, random_starts=4, descents=2), random_starts=4, descents=2
    ),
    "product": t.product_curvature([t.entropic_curvature(REVERSIBLE, random_starts=4, descents=2)] * 2),
    "decay": t.relaxation_bounds(REVERSIBLE, start=[1, 0], times=[0.0, 0.5]),
    "precision": n.finite_time_uncertainty(RING, weights=[1, 1, 1], start=P, duration=0.5),
    "precision under a protocol": n.driven_uncertainty(PROCESS, weights=[1, 1, 1], start=P, to=0.5, tol=1e-6),
    "kept trajectories": KEPT,
    "ensemble": s.simulate(DIMERS, times=[0.5, 1.0], trajectories=20),
    "path": s.sample_path(DIMERS, end=2.0),
    "jump ensemble": s.sample_jump_process(
        RING, start=P, horizon=1.0, times=[0.5, 1.0], trajectories=200, total_entropy="ends"
    ),
    "jump ensemble to a target": s.sample_jump_process(
        RING, start=P, horizon=10.0, times=[0.5], trajectories=200, targets=["2"], currents={"J": [1, 1, 1]}, keep=True
    ),
    "driven ensemble": s.sample_driven_process(
        PROCESS, start=P, horizon=0.5, energies=[0, "t", 0], times=[0.5], trajectories=50
    ),
    "tilted ensemble": s.sample_tilted_process(
        RING, start=P, horizon=0.5, chi=-0.5, total_entropy="ends", times=[0.5], trajectories=50
    ),
    "long run": s.long_run(RING, start=P, currents=[[1, 1, 1]], increments=300),
    "integral fluctuation": s.integral_fluctuation(SERIES),
    "detailed fluctuation": s.detailed_fluctuation(SERIES, width=0.5),
    "Crooks": s.crooks(SERIES, reverse=SERIES, inverse_temperature=1.0, width=0.5),
    "estimate": s.jarzynski(SERIES, inverse_temperature=1.0),
    "cumulants of samples": s.cumulants(SERIES),
    "scaled cumulants of a run": s.scaled_cumulants(SERIES, duration=1.0),
    "survival": s.survival_function([1.0, 2.0, 2.5], passed=[True, False, True], times=[0.5, 1.5]),
    "infimum": s.infimum_law(-np.abs(SERIES), levels=[0.5, 1.0]),
    "autocorrelation": s.autocorrelation_time(SERIES),
    "Record": RECORDED,
    "Grid": l.Grid.from_edges([0.0, 1.0, 2.5]),
    "conditional moments": l.conditional_moments(RECORDED, bins=5),
    "landscape": l.landscape(RECORDED, bins=5),
    "surfaces": l.surfaces(PROFILE, temperature=1.0),
    "crossings": l.crossings(RECORDED, bins=5),
    "sampling": l.sampling(RECORDED),
    "drift and diffusion": l.kramers_moyal(RECORDED, bins=5),
    "correlations": l.correlations([SERIES], lags=5),
    "memory kernel": l.memory_kernel(l.record(SERIES, step=0.1, velocities=np.cos(np.arange(300.0))), lags=20),
    "continued fraction": l.ContinuedFraction.from_exponentials([1.0, 2.0], rates=[0.5, 3.0]),
    "filtered record": l.box_filter(RECORDED, steps=4),
    "filtered": l.box_filtered(l.DampedOscillator(omega_squared=1.0), temperature=1.0, width=1.0),
    "finite differences": l.finite_differences(l.DampedOscillator(omega_squared=1.0), step=0.1),
    "hierarchy": l.linear_hierarchy([[2.0, -1.0], [-1.0, 2.0]], direction=[1.0, 0.0], temperature=1.0),
    "LinearDiffusion": TRAP,
    "dissipation of a diffusion": TRAP.entropy_production(([0.0, 1.0], np.eye(2))),
    "local mean velocity": TRAP.local_mean_velocity(TRAP.stationary()),
    "convexity": l.linear.convexity_bounds(TRAP, state=([0.0, 1.0], np.eye(2))),
    "linear split": l.linear.split([[-1.5, -0.8], [0.8, -1.5]], covariance=np.eye(2)),
    "two parts": l.linear.two_parts(l.linear.LinearDiffusion([[2.0, 0.7], [-1.1, 1.5]], 1.0), state=([0, 0], np.eye(2)), part=[0]),
    "Oscillators": l.underdamped.Oscillators([[2.0, -1.0], [-1.0, 2.0]], [0.5, 1.2], [2.0, 1.0]),
    "Axis": l.Axis.between(0.0, 1.0, intervals=4, high="absorbing"),
    "GridProcess": GRID_PROCESS,
    "extrapolation": l.fokker_planck.extrapolated(
        l.fokker_planck.Overdamped(np.cos), axes=l.Axis.circle(0.0, 2 * np.pi, intervals=16), quantities=lambda p: [p.steepest]
    )[0],
    "exits": l.fokker_planck.exits(GRID_PROCESS.kinetics, start=0, targets=[8]),
    "GridField": FIELD,
    "field split": l.field.split(FIELD),
    "attribution": l.field.attributed(FIELD, reversible=FIELD),
    "level sets": l.projection.LevelSets.parabola(0.5),
    "moved trap": l.protocol.moved_trap(stiffness=1.0, distance=2.0, duration=3.0),
    "stiffened trap": l.protocol.stiffened_trap(from_=1.0, to=4.0, duration=1.0),
    "Gaussian protocol": l.protocol.gaussian_ends(from_=(0.0, 1.0), to=(2.0, 0.5), duration=1.5),
    "displacement": l.protocol.displacement(from_=[0.0, 1.0, 2.0], to=[1.0, 3.0, 4.0], duration=1.0),
    "displacement at a time": l.protocol.displacement(from_=[0.0, 1.0, 2.0], to=[1.0, 3.0, 4.0], duration=1.0).at(0.5),
    "quantiles": l.transport1d.Quantiles.of_histogram([0.0, 1.0, 2.0], weights=[1.0, 2.0]),
    "KineticIsing": SPINS,
    "parallel spins": i.parallel_stationary_state(SPINS),
    "sequential spins": i.sequential_stationary_state(SPINS, self_couplings="keep"),
    "step of spins": i.parallel_step(SPINS, distribution=[0.25] * 4),
    "mean field": i.mean_field.stationary_state(SPINS),
    "theories": i.mean_field.compare_theories(SPINS, steps=2),
    "InfiniteNetwork": i.InfiniteNetwork(beta=2.0, spread=0.5, fields=("uniform", -0.1, 0.1)),
    "infinite spins": i.InfiniteNetwork(beta=2.0, spread=0.5).parallel_state(),
    "infinite spins one at a time": i.InfiniteNetwork(beta=2.0, spread=0.5).sequential_state(lags=[0.0, 1.0]),
    "quench": i.InfiniteNetwork(beta=2.0, spread=0.5).quench(0.1, steps=3),
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
    pyplot = pytest.importorskip("matplotlib.pyplot")
    figure = pyplot.figure()
    axes = figure.add_subplot()
    assert RESULTS[name].plot(ax=axes) is axes
    pyplot.close(figure)
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
