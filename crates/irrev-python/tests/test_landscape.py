"""Projected landscapes and continuous dynamics: closed forms, laws, agreement of independent ways, and refusals that name what is wrong."""

import math
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest

from irrev import ConvergenceError, DataError, IrrevError, ModelError
from irrev import network as n
from irrev.landscape import (
    Axis,
    ConditionalMoments,
    ContinuedFraction,
    DampedOscillator,
    Grid,
    Landscape,
    MomentPass,
    Period,
    Profile,
    Record,
    barrier,
    box_filter,
    box_filtered,
    conditional_moments,
    correlations,
    crossings,
    integral_from_correlations,
    kernel_from_correlations,
    kramers_moyal,
    landscape,
    linear_hierarchy,
    memory_kernel,
    record,
    sampling,
    second_kind,
    surfaces,
    wells,
)
from irrev.landscape.field import GridField, attributed, split
from irrev.landscape.fokker_planck import GridProcess, Overdamped, discretised, exits, extrapolated
from irrev.landscape.linear import (
    LinearDiffusion,
    convexity_bounds,
    part_of_transport_bound,
    produced_by_part,
    relative_entropy,
    two_parts,
)
from irrev.landscape.linear import split as linear_split
from irrev.landscape.projection import LevelSets, PlanarSystem, project
from irrev.landscape.protocol import displacement, gaussian_ends, moved_trap, stiffened_trap
from irrev.landscape.transport1d import Quantiles
from irrev.landscape.underdamped import Oscillators
from irrev.transport import gaussian

SINE = np.sin(0.01 * np.arange(20_000))
TRAP = PlanarSystem(lambda x, y: (x**2 + y**2) / 2, lambda x, y: (x, y), 0.5, 7.0)
RING = Overdamped(np.cos, 0.5, 0.8)
CIRCLE = Axis.circle(0.0, 2 * math.pi, intervals=64)
PAIR = LinearDiffusion([[2.0, 0.7], [-1.1, 1.5]], [[1.0, 0.0], [0.0, 0.5]])


@cache
def oscillators(mass: float = 1.0, number: int = 4000) -> Record:
    """Oscillators with ω = 1 at kT = 1, each from a canonical start; the coordinate is weighted if the mass is 1."""
    rng, t = np.random.default_rng(1), 0.1 * np.arange(40)
    x, v = rng.normal(size=(2, number, 1)) / math.sqrt(mass)
    return record(list(x * np.cos(t) + v * np.sin(t)), step=0.1, velocities=list(v * np.cos(t) - x * np.sin(t)))


@cache
def weighted() -> Landscape:
    return landscape(oscillators(), edges=np.linspace(-1.5, 1.5, 16))


@cache
def wanderer(frames: int = 100_000) -> Any:
    """dx = -x dt + √2 dW, exactly at steps of 0.2."""
    rng, kept = np.random.default_rng(2), math.exp(-0.2)
    kicks = math.sqrt(1 - kept**2) * rng.normal(size=frames)
    x = np.empty(frames)
    x[0] = kicks[0]
    for k in range(1, frames):
        x[k] = kept * x[k - 1] + kicks[k]
    return x


# recordings


def test_positions_come_in_every_shape() -> None:
    flat, columns = np.arange(12.0), np.arange(12.0).reshape(6, 2)
    assert record(flat, step=1.0).lengths.tolist() == [12]
    assert record(columns, step=1.0).coordinates == 2
    assert record(columns.reshape(3, 2, 2), step=1.0).lengths.tolist() == [2, 2, 2]
    two = record([columns, columns[:3]], step=1.0)
    assert two.lengths.tolist() == [6, 3] and two.coordinates == 2 and two.frames == 9
    np.testing.assert_array_equal(two.positions(1), columns[:3])
    assert record(columns.tolist(), step=1.0) == record(list(columns), step=1.0)
    assert record(flat.astype("f4"), step=1.0) == record(flat, step=1.0) == record(flat[::-1][::-1], step=1.0)


def test_a_record_knows_what_it_was_given_and_nothing_else() -> None:
    x = np.arange(4.0)
    times = np.array([0.0, 0.1, 0.3, 0.4])
    given = record(x, times=times, velocities=x + 1, metrics=x + 2, weights=2.0, periods=Period(0.0, 5.0))
    np.testing.assert_array_equal(given.clock(), times)
    assert given.velocities() is not None and given.accelerations() is None
    np.testing.assert_array_equal(given.metrics()[:, 0], x + 2)  # type: ignore[index]
    assert given.weight() == 2.0 and given.periods == (Period(0.0, 5.0),)
    assert "velocities, metrics" in given.summary()
    assert pickle.loads(pickle.dumps(given)) == given
    x[0] = 3.0
    assert given.positions()[0, 0] == 0.0


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: record([0.0, math.nan, 1.0], step=0.1), DataError, "row 1 is NaN"),
        (lambda: record([np.zeros(3), np.array([0.0, math.inf])], step=0.1), DataError, "trajectory 1: .* row 1"),
        (lambda: record(np.zeros(3), times=[0.0, 1.0, 1.0]), DataError, "time 1 in row 2 follows 1"),
        (lambda: record(np.zeros(3), times=[0.0, 2.0, 1.0]), DataError, "time 1 in row 2 follows 2"),
        (
            lambda: record([0.0, 4.0], step=0.1, periods=Period.radians()),
            DataError,
            "coordinate 0 in row 1 is 4, outside",
        ),
        (lambda: record(np.zeros((2, 2, 2, 2)), step=0.1), ModelError, "positions has shape"),
        (lambda: record(np.zeros((3, 2)), step=0.1, periods=[None]), ModelError, "periods has 1 entries"),
        (lambda: record(np.zeros(3), step=0.1, velocities=np.zeros(4)), ModelError, "velocities has 4 entries"),
        (
            lambda: record([np.zeros(3)] * 2, step=0.1, velocities=[np.zeros(3)]),
            ModelError,
            "velocities has 1 trajectories",
        ),
        (lambda: record(np.zeros(3), step=-0.1), ModelError, "time step is -0.1"),
        (lambda: record(np.zeros((0, 3, 1)), step=0.1), ModelError, "at least one trajectory"),
        (lambda: record(np.zeros(3)), TypeError, "step or times"),
        (lambda: record(np.zeros(3), step=0.1, times=[0.0, 1.0, 2.0]), TypeError, "step or times"),
        (lambda: conditional_moments(SINE, bins=3), TypeError, "step"),
        (lambda: conditional_moments(oscillators(), step=0.1, bins=3), TypeError, "own clock"),
        (lambda: conditional_moments(SINE, step=0.1), TypeError, "grid, bins and edges"),
        (lambda: conditional_moments(SINE, step=0.1, edges=[0.0, 0.0, 1.0]), ModelError, "edge 1 of the cells is 0"),
        (lambda: conditional_moments(SINE, step=0.1, bins=3, velocities="given"), DataError, "velocities are needed"),
        (lambda: conditional_moments(SINE, step=0.1, bins=3, velocities="metrics"), ModelError, "temperature"),
        (lambda: conditional_moments(SINE, step=0.1, bins=3, velocities="fast"), ModelError, '"differences"'),  # type: ignore[arg-type]
        (lambda: conditional_moments(SINE, step=0.1, edges=[0.0, 1.1], outside="refused"), DataError, "below"),
        (lambda: conditional_moments(SINE, step=0.1, coordinate=1, bins=3), ModelError, "coordinates are 0 to 0"),
        (lambda: landscape(SINE, step=0.01, bins=10, temperature=-1.0), ModelError, "kT is -1"),
        (lambda: landscape(SINE, step=0.01, bins=10, gauge="lowest"), ModelError, '"most populated"'),
        (lambda: landscape(SINE[:40], step=0.01, bins=10), DataError, "cell"),
        (lambda: weighted().barrier("depth", interval=(0, 1)), ModelError, '"free_energy"'),  # type: ignore[arg-type]
        (lambda: sampling(np.zeros(4), step=0.1), DataError, "five frames"),
        (lambda: memory_kernel(record(SINE, step=0.1)), DataError, "velocities"),
        (lambda: Grid.uniform(0.0, 1.0, cells=0), ModelError, "cells is 0"),
        (lambda: box_filter(SINE, step=0.1, steps=0), ModelError, "step"),
        (lambda: correlations([np.ones(3), np.ones(4)], lags=2), ModelError, "4 entries"),
        (lambda: DampedOscillator(omega_squared=-1.0), ModelError, "-1"),
        (lambda: ContinuedFraction.from_exponentials([-1.0], rates=[1.0]), ModelError, "-1"),
    ],
)
def test_wrong_data_and_questions_are_refused_with_their_place(wrong: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()


def test_rows_that_hold_no_numbers_cut_a_trajectory_if_asked() -> None:
    x = np.array([0.0, 1.0, math.nan, 3.0, 4.0, 5.0])
    assert record(x, step=0.1, longest_step=1.0).lengths.tolist() == [2, 3]
    times = np.array([0.0, 0.1, 0.2, 5.0, 5.1, 5.2])
    assert record(np.arange(6.0), times=times, longest_step=1.0).lengths.tolist() == [3, 3]


# averages


def test_averages_of_an_oscillator_are_those_of_its_motion() -> None:
    found = conditional_moments(SINE, step=0.01, edges=[-0.25, 0.25, 0.5])
    # over a cell of an arcsine law: 1 - ⟨r²⟩
    assert found.mean_square_velocity.values[0] == pytest.approx(1 - 0.25**2 / 3, abs=2e-3)
    below, above = found.outside
    assert found.counts.sum() + below + above == found.frames == len(SINE) - 2
    assert isinstance(found.mean_acceleration[1].value, float)
    assert np.asarray(found.density).tolist() == found.density.values.tolist()


def test_chunks_of_any_size_give_the_same_bits() -> None:
    cells = Grid.uniform(-1.0, 1.0, cells=7)
    whole = MomentPass(cells, shortest_block=64)
    whole.push(SINE, step=0.01)
    for cuts in ([1, 2, 3], [5000, 5001, 12_000]):
        parts = MomentPass(cells, shortest_block=64)
        for chunk in np.split(SINE, cuts):
            parts.push(chunk, step=0.01)
        assert parts.moments() == whole.moments()
    both = MomentPass(cells)
    both.push(SINE[:100], step=0.01)
    both.end_trajectory()
    both.push(SINE[200:300], step=0.01)
    assert both.moments().frames == 196
    with pytest.raises(TypeError, match="frames are gone"):
        pickle.dumps(both.moments())


def test_a_pass_goes_on_after_it_was_looked_at_and_names_wrong_rows() -> None:
    run = MomentPass(Grid.uniform(-1.0, 1.0, cells=2))
    run.push(SINE[:10], step=0.01)
    assert run.moments().frames == 8
    run.push(SINE[10:20], step=0.01)
    assert run.moments().frames == 18
    with pytest.raises(DataError, match=r"row 2[01]"):
        run.push([0.0, math.nan], step=0.01)
        run.moments()


def test_moments_of_two_records_merge() -> None:
    cells = Grid.uniform(-1.0, 1.0, cells=3)
    one, other = (conditional_moments(x, step=0.01, grid=cells, shortest_block=64) for x in (SINE[:9000], SINE[9000:]))
    both = one.merged(other)
    assert both.counts.tolist() == (one.counts + other.counts).tolist()
    with pytest.raises(ModelError, match="different"):
        one.merged(conditional_moments(SINE, step=0.01, bins=3))


def test_any_number_of_threads_gives_the_same_bits() -> None:
    def found(threads: int) -> tuple[ConditionalMoments, Landscape]:
        return (
            conditional_moments(oscillators(), bins=20, threads=threads),
            landscape(oscillators(), bins=20, draws=120, threads=threads),
        )

    assert found(1) == found(3)


def test_metrics_and_given_velocities_agree_with_differences() -> None:
    given = oscillators()
    metric = record([given.positions(k) for k in range(len(given))], step=0.1, metrics=[np.ones(40)] * len(given))
    edges = np.linspace(-1.0, 1.0, 5)
    of_metrics = conditional_moments(metric, edges=edges, velocities="metrics", temperature=1.0)
    of_velocities = conditional_moments(given, edges=edges, velocities="given", accelerations="not needed")
    np.testing.assert_allclose(of_metrics.mean_square_velocity.values, 1.0, rtol=1e-14)
    assert np.isnan(of_velocities.mean_acceleration.values).all()
    # 4000 independent velocities in all: five standard errors
    assert (
        abs(of_velocities.mean_square_velocity.values - 1) < 5 * of_velocities.mean_square_velocity.standard_errors
    ).all()


# landscapes


def test_the_landscapes_of_a_weighted_coordinate_are_equal() -> None:
    found = weighted()
    assert found.comparisons[0].verdict == "equal" and found.verdict.startswith("G = V_m within errors")
    half = found.points**2 / 2
    for name in ("free_energy", "mean_force_potential", "normalised_mean_force_potential"):
        surface = getattr(found, name)
        difference = surface.values - half + half[found.components[0].reference]
        # differences of 0.1 make w and a 0.3 % too small; five standard errors besides
        assert (abs(difference) < 5 * surface.standard_errors + 5e-3).all(), name
    assert found.circulation is None and found.warnings == ()
    assert found.barrier(interval=(-1.5, 1.5)) is None or found.barrier(interval=(-1.5, 1.5)).from_left.value < 0.2  # type: ignore[union-attr]
    assert "energy" in found.summary() and "frames" in found.summary()


def test_a_coordinate_that_is_not_weighted_is_no_violation() -> None:
    found = landscape(oscillators(4.0), edges=np.linspace(-0.75, 0.75, 16)).comparisons[0]
    assert found.verdict == "proportional" and found.ratio == pytest.approx(4.0, rel=0.05)
    assert "not weighted by mass" in found.sentence


def test_a_wrong_temperature_is_seen() -> None:
    assert landscape(oscillators(), edges=np.linspace(-1.5, 1.5, 16), temperature=1.5).comparisons[0].verdict in (
        "inconsistent",
        "proportional",
    )


def test_a_landscape_of_moments_is_that_of_the_record() -> None:
    edges = np.linspace(-1.5, 1.5, 16)
    again = landscape(conditional_moments(oscillators(), edges=edges))
    assert again.free_energy == weighted().free_energy
    assert pickle.loads(pickle.dumps(again)) == again


def test_what_is_not_visited_is_not_filled() -> None:
    gap = landscape([SINE + 3, SINE - 3], step=0.01, edges=np.linspace(-4.0, 4.0, 33))
    assert len(gap.components) == 2
    empty = gap.moments.counts == 0
    assert empty.any() and np.isnan(gap.free_energy.values[empty]).all()
    assert gap.barrier(interval=(-4.0, 4.0)) is None


def test_diffusive_positions_have_no_mean_force_potential() -> None:
    with pytest.raises(DataError, match="diverges"):
        landscape(wanderer(), step=0.2, bins=10)
    kept = landscape(wanderer(), step=0.2, bins=10, overdamped="keep")
    assert any("diffusive" in warning for warning in kept.warnings)
    found = sampling(wanderer(), step=0.2)
    assert found.regime == "overdamped" and found.warnings
    with pytest.raises(DataError):
        found.require_velocities()


def test_drift_and_diffusion_of_an_ornstein_uhlenbeck_process() -> None:
    found = kramers_moyal(wanderer(), step=0.2, edges=np.linspace(-1.0, 1.0, 9))
    assert (abs(found.drift.values + found.points) < 5 * found.drift.standard_errors + 0.01).all()
    assert (abs(found.diffusion.values - 1) < 5 * found.diffusion.standard_errors + 0.01).all()


def test_a_circle_has_a_circulation() -> None:
    rng, t = np.random.default_rng(4), 0.1 * np.arange(60)
    turn = rng.uniform(-math.pi, math.pi, (400, 1)) + rng.normal(size=(400, 1)) * t
    angle = (turn + math.pi) % (2 * math.pi) - math.pi
    found = landscape(record(list(angle), step=0.1, periods=Period.radians()), bins=12)
    assert found.components[0].closed and found.circulation is not None
    # free rotors are not accelerated
    assert abs(found.circulation.mean_force.value) < 1e-9
    assert found.comparisons[0].verdict in ("equal", "equal with another metric", "proportional")
    assert found.moments.periodic_steps.wraps > 0


def test_crossings_satisfy_the_identity_to_rounding() -> None:
    found = crossings(SINE, step=0.01, edges=np.linspace(-0.5, 0.5, 11))
    assert found.residual < 1e-12
    np.testing.assert_allclose(
        found.at_edges.values, np.asarray(found.from_accelerations) + np.asarray(found.ends_above), rtol=1e-11
    )
    np.testing.assert_allclose(found.normalised_mean_force_potential.values, -np.log(found.at_edges.values), rtol=1e-14)
    np.testing.assert_allclose(found.at_edges.values * math.pi, np.sqrt(1 - found.edges**2), rtol=0.02)


def test_noise_of_positions_is_measured_and_taken_out() -> None:
    noisy = np.sin(0.1 * np.arange(20_000)) + 0.05 * np.random.default_rng(1).normal(size=20_000)
    found, moments = sampling(noisy, step=0.1), conditional_moments(noisy, step=0.1, edges=np.linspace(-0.4, 0.4, 5))
    assert found.noise.value == pytest.approx(0.0025, rel=0.1)
    seen, corrected = moments.profile, found.corrected(moments.profile)
    exact = 1 - moments.points**2
    assert abs(corrected.mean_square_velocity - exact).max() < 0.5 * abs(seen.mean_square_velocity - exact).max()
    assert pickle.loads(pickle.dumps(found)) == found


# profiles, barriers, wells


def test_exact_surfaces_and_their_barriers() -> None:
    x = np.linspace(-1.5, 1.5, 301)
    v = (x**2 - 1) ** 2
    given = Profile(
        points=x,
        density=np.exp(-v / 0.5),
        mean_square_velocity=np.full(301, 0.5),
        mean_acceleration=-4 * x * (x**2 - 1),
    )
    found = surfaces(given, temperature=0.5, reference=150)
    for kind in ("free_energy", "mean_force_potential", "normalised_mean_force_potential"):
        top = found.barrier(kind)  # type: ignore[arg-type]
        assert top is not None and top.from_left == pytest.approx(1.0, abs=1e-5) and abs(top.top) < 1e-10
    assert found.barrier("free_energy", interval=(0.0, 0.9)) is None
    assert [well.place for well in wells(v, least_depth=0.5)] == [50, 250]
    with pytest.raises(ModelError, match="points 0 to 300"):
        surfaces(given, temperature=0.5, reference=301)
    with pytest.raises(ModelError, match="values has 3 entries"):
        barrier([0.0, 1.0], values=[0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("coordinate", "points"),
    [
        (LevelSets.linear(0.3, -1.7), [0.4, 0.9]),
        (LevelSets.distance(0.4, -0.3), [0.5, 1.1]),
        (LevelSets.difference_of_distances(0.9), [0.5, 0.9]),
        (LevelSets.elliptic_angle(0.9, unit=1.3), [0.5, 0.9]),
        (LevelSets.parabola(-0.6), [0.5, 0.9]),
    ],
)
def test_the_identity_of_ching_holds_for_every_coordinate(coordinate: LevelSets, points: list[float]) -> None:
    def v(x: Any, y: Any) -> Any:
        return (x**2 - 1) ** 2 + 0.2 * x + 1.5 * (y - 0.5 * x**2) ** 2

    def gradient(x: Any, y: Any) -> Any:
        bent = 3 * (y - 0.5 * x**2)
        return 4 * x * (x**2 - 1) + 0.2 - x * bent, bent

    bent = PlanarSystem(v, gradient, 0.5, 5.5)
    h = 1e-3
    for r in points:
        found = project(bent, coordinate=coordinate, points=r + h * np.arange(-2, 3))
        u = found.mean_square_velocity * found.density
        slope = (u[0] - 8 * u[1] + 8 * u[3] - u[4]) / (12 * h)
        # 1e-12 of rounding over h, and h⁴/30 of a fifth derivative
        assert slope == pytest.approx(found.mean_acceleration[2] * found.density[2], abs=1e-7)


def test_functions_are_asked_for_many_points_at_a_time() -> None:
    asked: list[int] = []

    def potential(x: Any, y: Any) -> Any:
        asked.append(len(x))
        return (x**2 + y**2) / 2

    system = PlanarSystem(potential, lambda x, y: (x, y), 0.5, 7.0)
    project(system, coordinate=LevelSets.linear(1.0, 0.0), points=np.linspace(-1, 1, 51))
    assert len(asked) < 20 and sum(asked) > 10_000


def test_a_chart_of_ones_own_is_a_coordinate() -> None:
    own = LevelSets.of_chart(
        lambda r, s: (r * np.cos(s), r * np.sin(s), r, np.cos(s), np.sin(s), 1 / r),
        range=lambda r: (-math.pi, math.pi),
    )
    points = [0.5, 1.0, 2.0]
    found, same = (project(TRAP, coordinate=c, points=points) for c in (own, LevelSets.distance(0.0, 0.0)))
    assert found.isclose(same, rtol=1e-12)
    np.testing.assert_allclose(found.density, [2 * r * math.exp(-(r**2)) for r in points], rtol=1e-11)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (
            lambda: project(TRAP, coordinate=LevelSets.distance(0, 0), points=[1.0, 1.0]),
            ModelError,
            r"points\[1\] is 1",
        ),
        (lambda: project(TRAP, coordinate=LevelSets.distance(0, 0), points=[0.0]), ModelError, "a distance is 0"),
        (lambda: project(TRAP, coordinate=LevelSets.linear(0, 0), points=[0.0]), ModelError, "direction"),
        (lambda: project(TRAP, coordinate=LevelSets.difference_of_distances(1.0), points=[2.0]), ModelError, "foci"),
        (
            lambda: project(
                PlanarSystem(lambda x, y: x * np.nan, lambda x, y: (x, y), 1.0, 5.0),
                coordinate=LevelSets.linear(1, 0),
                points=[0.0],
            ),
            ModelError,
            "finite",
        ),
        (
            lambda: project(
                PlanarSystem(lambda x, y: x, lambda x, y: x, 1.0, 5.0), coordinate=LevelSets.linear(1, 0), points=[0.0]
            ),
            ModelError,
            "gradient gave",
        ),
        (
            lambda: project(
                PlanarSystem(lambda x, y: x[:3], lambda x, y: (x, y), 1.0, 5.0),
                coordinate=LevelSets.linear(1, 0),
                points=[0.0],
            ),
            ModelError,
            "potential gave",
        ),
        (
            lambda: discretised(
                Overdamped(lambda x: np.where(x > 0, x, np.inf)), axes=Axis.line(0.0, 1.0, intervals=4)
            ),
            ModelError,
            "the potential at",
        ),
        (lambda: discretised(Overdamped(np.cos, 1.0, None, 0.0), axes=CIRCLE), ModelError, "mobility is 0"),
        (
            lambda: discretised(Overdamped(lambda x, y: x, 1.0, None, [[1.0, 0.1], [0.1, 1.0]]), axes=[CIRCLE, CIRCLE]),
            ModelError,
            "principal axes",
        ),
        (lambda: discretised(Overdamped(np.cos, 0.0), axes=CIRCLE), ModelError, "T"),
        (lambda: discretised(RING, axes=CIRCLE, weights="square"), ModelError, '"scharfetter-gummel"'),  # type: ignore[arg-type]
        (lambda: discretised(RING, axes=Axis.circle(0.0, 1.0, intervals=2)), ModelError, "intervals"),
        (lambda: discretised(RING, axes=Axis.between(0.0, 1.0, intervals=4, low="soft")), ModelError, '"reflecting"'),  # type: ignore[arg-type]
        (
            lambda: extrapolated(RING, axes=Axis.circle(0.0, 1.0, intervals=30), quantities=lambda p: [0.0]),
            ModelError,
            "multiple of 4",
        ),
        (lambda: exits(discretised(RING, axes=CIRCLE).kinetics, start=0, targets=[99]), ModelError, "state 99"),
        (lambda: GridField.from_functions(CIRCLE, density=lambda x: -1.0, field=np.cos), ModelError, "density is -1"),
        (lambda: GridField.from_nodes(CIRCLE, density=np.ones(3), field=[np.ones(3)]), ModelError, "density"),
        (lambda: LinearDiffusion([[1.0]], [[-1.0]]), ModelError, "diffusion matrix is -1"),
        (lambda: LinearDiffusion([[-1.0]], 1.0).stationary(), ModelError, "bring the system back"),
        (
            lambda: two_parts(
                LinearDiffusion(np.eye(2), [[1.0, 0.5], [0.5, 1.0]]), state=([0, 0], np.eye(2)), part=[0]
            ),
            ModelError,
            "correlated",
        ),
        (lambda: convexity_bounds(PAIR, state=([0.0, 0.0], np.eye(2))), ModelError, "rotation in A"),
        (lambda: Oscillators([[1.0]], [0.5, 0.5], [1.0]), ModelError, "friction has 2 entries"),
        (lambda: gaussian_ends(from_=(0, 1), to=(1, 1), duration=1.0).at(2.0), ModelError, "time of a protocol"),
        (lambda: displacement(from_=[0.0, 0.0, 1.0], to=[0.0, 1.0, 2.0], duration=1.0), ModelError, "edge 1"),
        (lambda: displacement(from_=[0.0, 1.0, 2.0], to=[0.0, 1.0], duration=1.0), ModelError, "to has 2 quantiles"),
        (lambda: Quantiles.of_points([0.0], weights=[-1.0]), ModelError, "weight"),
        (
            lambda: Quantiles.of_sample([2.0]).squared_distance(Quantiles.of_sample([0.0]), period=Period(0.0, 1.0)),
            DataError,
            "outside of its period",
        ),
    ],
)
def test_wrong_models_are_refused_with_their_place(wrong: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()


def test_a_mean_that_does_not_exist_is_no_number() -> None:
    """⟨|∇φ|²⟩ of the angle about a point that is visited diverges."""
    angle = LevelSets.of_chart(
        lambda r, s: (s * np.cos(r), s * np.sin(r), s, -np.sin(r) / s, np.cos(r) / s, 0.0), range=lambda r: (0.0, 7.0)
    )
    with pytest.raises(ConvergenceError):
        project(TRAP, coordinate=angle, points=[0.3])


def test_an_exception_in_a_function_reaches_the_caller() -> None:
    def wrong(*_: Any) -> Any:
        raise ZeroDivisionError

    for call in (
        lambda: project(PlanarSystem(wrong, wrong, 1.0, 5.0), coordinate=LevelSets.linear(1, 0), points=[0.0]),
        lambda: discretised(Overdamped(wrong), axes=CIRCLE),
        lambda: extrapolated(RING, axes=CIRCLE, quantities=wrong),
        lambda: box_filtered(wrong, temperature=1.0, width=1.0),
        lambda: GridField.from_functions(CIRCLE, density=wrong, field=np.cos),
    ):
        with pytest.raises(ZeroDivisionError):
            call()


# Fokker-Planck equations


def test_grids_have_the_network_quantities_of_a_tilted_ring() -> None:
    process = discretised(RING, axes=CIRCLE)
    flow = process.kinetics.flow(process.kinetics.stationary_distribution())
    assert flow.entropy_production_rate == pytest.approx(flow.current[0] * 0.8 * 2 * math.pi / 0.5, rel=1e-11)
    assert flow.weighted_current(process.displacement()) == pytest.approx(flow.current[0] * 2 * math.pi, rel=1e-12)
    np.testing.assert_allclose(process.current_density(flow), flow.current)
    assert process.density(process.kinetics.stationary_distribution()) @ process.volumes == pytest.approx(
        1.0, abs=1e-14
    )
    assert process.steepest < 2.0 and process.points.shape == (64, 1)
    assert n.fundamental_cycles(process.kinetics.network).cycles
    assert pickle.loads(pickle.dumps(process)) == process


def test_equilibrium_is_exact_on_every_grid() -> None:
    def v(x: Any, y: Any) -> Any:
        return (x**2 - 1) ** 2 + x * y + y**2

    motion = Overdamped(v, 0.4, None, lambda x, y: (1 + y**2, 0.3))
    process = discretised(
        motion, axes=[Axis.line(-1.7, 1.6, intervals=9), Axis.line(-1.5, 1.5, intervals=5)], weights="square root"
    )
    boltzmann = np.exp(-v(*process.points.T) / 0.4)
    expected = boltzmann / (boltzmann @ process.volumes)
    np.testing.assert_allclose(process.density(process.kinetics.stationary_distribution()), expected, rtol=1e-11)
    assert process.kinetics.detailed_balance_defect() < 1e-11


def test_a_diagonal_matrix_is_a_mobility() -> None:
    axes = [Axis.line(0.0, 1.0, intervals=3)] * 2
    numbers, table = (
        discretised(Overdamped(lambda x, y: x, 1.0, None, m), axes=axes) for m in ((2.0, 3.0), np.diag([2.0, 3.0]))
    )
    assert numbers.kinetics == table.kinetics


def test_extrapolation_takes_out_the_error_of_second_order() -> None:
    free = Overdamped(lambda x: 0.5 * x**2, 1.0)

    def second_moment(process: GridProcess) -> list[float]:
        return [
            float(process.kinetics.stationary_distribution() @ process.points[:, 0] ** 2),
            float(len(process.points)),
        ]

    found, points = extrapolated(free, axes=Axis.line(-8.0, 8.0, intervals=128), quantities=second_moment)
    assert found.value == pytest.approx(1.0, abs=1e-4) and abs(found.value - 1.0) <= max(found.error, 1e-10)
    assert points.on_grids.tolist() == [33, 65, 129]


def test_exits_agree_with_closed_forms_and_the_dense_moments() -> None:
    axis = Axis.between(0.0, 1.0, intervals=20, low="absorbing", high="absorbing")
    process = discretised(Overdamped(lambda x: 0.0, 0.5), axes=axis)
    walls = [state for _, _, state in process.absorbing_walls]
    start = process.state_at(0.3)
    found = exits(process.kinetics, start=start, targets=walls)
    assert found.mean_time == pytest.approx(0.21, rel=1e-13) and found.fractions == pytest.approx((0.7, 0.3))
    p = np.zeros(len(process.kinetics.exit_rates))
    p[start] = 1.0
    assert n.first_passage(process.kinetics, start=p, targets=walls).mean == pytest.approx(0.21, rel=1e-12)


# fields


def test_gradient_and_flux_are_orthogonal_and_found() -> None:
    k, omega, t, axis = 1.5, 0.8, 0.6, Axis.line(-4.0, 4.0, intervals=60)

    def turning(turn: float) -> GridField:
        return GridField.from_functions(
            [axis, axis],
            density=lambda x, y: np.exp(-k * (x**2 + y**2) / (2 * t)),
            field=lambda x, y: (-k * x - turn * y, turn * x - k * y),
        )

    found = split(turning(omega))
    assert found.mean_square == pytest.approx(found.mean_square_gradient + found.mean_square_flux, abs=1e-12)
    assert found.mean_square_flux == pytest.approx(2 * omega**2 * t / k, rel=1e-2)
    parts = attributed(turning(omega), reversible=turning(0.0))
    assert parts.metric.mean_square_flux < 1e-12
    assert parts.whole.mean_square_flux == pytest.approx(parts.dissipative.mean_square_flux, abs=1e-12)
    # potentials add up where there is density: rounding is divided by it, which is e^{-20} at a corner three widths away
    there = (abs(turning(0.0).points) < 2.0).all(axis=1)
    sums = parts.metric.potential + parts.dissipative.potential
    np.testing.assert_allclose(parts.whole.potential[there], sums[there], atol=1e-8)
    linear = linear_split([[-k, -omega], [omega, -k]], covariance=np.eye(2) * t / k)
    assert linear.mean_square_flux == pytest.approx(2 * omega**2 * t / k, rel=1e-13)


def test_a_torque_has_a_circulation() -> None:
    field = GridField.from_functions(CIRCLE, density=lambda x: 1.0, field=lambda x: 0.5)
    np.testing.assert_allclose(field.circulation(), [math.pi])
    nodes = GridField.from_nodes(CIRCLE, density=np.ones(64), field=[np.full(64, 0.5)])
    np.testing.assert_allclose(nodes.circulation(), [math.pi])
    assert pickle.loads(pickle.dumps(nodes)) == nodes
    assert split(nodes).mean_square_gradient < 1e-25


# linear systems


def test_entropy_is_balanced_along_a_relaxation() -> None:
    start = ([1.0, 0.0], [[0.4, 0.1], [0.1, 0.9]])
    times = np.linspace(0.0, 1.0, 401)
    rates = [PAIR.entropy_production(PAIR.at(start, time=t)) for t in times]
    for rate in rates[::100]:
        assert (
            rate.rate
            == pytest.approx(rate.excess + rate.housekeeping)
            == pytest.approx(rate.system + rate.surroundings)
        )
    total = PAIR.produced(start, time=1.0)
    # Simpson's rule
    values = np.array([rate.rate for rate in rates])
    assert total == pytest.approx(
        (values[0] + values[-1] + 4 * values[1::2].sum() + 2 * values[2:-1:2].sum()) / 1200, rel=1e-8
    )
    end = PAIR.at(start, time=1.0)
    assert total >= PAIR.transport_bound(start, to=end, time=1.0)
    assert produced_by_part(PAIR, start=start, part=[0], time=1.0).value >= part_of_transport_bound(
        PAIR, from_=start, to=end, part=[0], time=1.0
    )


def test_a_gradient_relaxation_produces_what_relative_entropy_loses() -> None:
    trap, start = LinearDiffusion([[1.5, 0.3], [0.3, 0.8]], 0.5), ([1.0, -0.5], [[1.2, 0.4], [0.4, 0.6]])
    lost = relative_entropy(start, q=trap.stationary()) - relative_entropy(
        trap.at(start, time=0.7), q=trap.stationary()
    )
    assert trap.produced(start, time=0.7) == pytest.approx(lost, rel=1e-12)
    bounds = convexity_bounds(trap, state=start)
    assert bounds.relative_entropy <= bounds.hwi and bounds.squared_distance <= bounds.talagrand
    assert bounds.squared_distance == pytest.approx(gaussian.wasserstein2(start, trap.stationary()).distance ** 2)


def test_the_local_mean_velocity_is_that_of_its_matrix() -> None:
    turning = LinearDiffusion([[1.5, 0.8], [-0.8, 1.5]], 0.6)
    found = turning.local_mean_velocity(turning.stationary())
    np.testing.assert_allclose(found.at([1.0, 0.5]), [-0.4, 0.8], atol=1e-14)
    assert found.at(np.ones((3, 2))).shape == (3, 2)


def test_heat_flows_from_hot_to_cold_and_masses_do_not_matter_in_equilibrium() -> None:
    pair = Oscillators([[2.0, -1.0], [-1.0, 2.0]], [0.5, 1.2], [2.0, 1.0])
    flows = pair.heat_flows(pair.stationary())
    assert flows.heat[0] > 0 and abs(flows.heat.sum()) < 1e-14
    assert flows.entropy_production_rate == pytest.approx(flows.heat[0] * 0.5)
    later = pair.at(([0, 0, 0, 0], np.eye(4)), time=200.0)
    np.testing.assert_allclose(later.covariance, pair.stationary().covariance, atol=1e-12)
    rest = Oscillators([[2.0, -1.0], [-1.0, 3.0]], [0.4, 0.0], 0.7, masses=[3.0, 0.5])
    np.testing.assert_allclose(np.diag(rest.stationary().covariance)[2:] * [3.0, 0.5], 0.7, rtol=1e-11)


def test_the_hierarchy_of_a_linear_system_ends_by_itself() -> None:
    k = np.array([[2.0, -1.0, 0.0], [-1.0, 2.5, -1.0], [0.0, -1.0, 3.0]])
    found = linear_hierarchy(k, direction=[1, 0, 0], temperature=1.0)
    assert found.frequencies_squared.sum() == pytest.approx(np.trace(k)) and len(found.levels) == 3
    assert len(linear_hierarchy(np.diag([1.0, 1.0, 4.0]), direction=[1, 1, 1], temperature=1.0).levels) == 2


# memory and time scales


def test_correlations_are_sums_over_pairs_of_frames_of_one_segment() -> None:
    rng = np.random.default_rng(5)
    x, y = [rng.normal(size=40), rng.normal(size=30)], [rng.normal(size=40), rng.normal(size=30)]
    found = correlations([x, y], lags=5, pairs=[(0, 0), (1, 0)])
    for pair, (a, b) in zip(((0, 0), (1, 0)), ((x, x), (y, x)), strict=True):
        for lag in range(5):
            products = np.concatenate([s[lag:] * u[: len(u) - lag] for s, u in zip(a, b, strict=True)])
            assert found.of(*pair).values[lag] == pytest.approx(products.mean(), abs=1e-13)
    with pytest.raises(KeyError):
        found.of(1, 1)


def test_kernels_integrals_and_equations_of_the_second_kind_agree() -> None:
    t = 0.02 * np.arange(200)
    c = (1 + t) * np.exp(-t)
    kernel = kernel_from_correlations(c, force=np.zeros(200), step=0.02)
    integral = integral_from_correlations(c, force=np.zeros(200), step=0.02)
    np.testing.assert_allclose(kernel, np.exp(-2 * t), atol=3e-4)
    np.testing.assert_allclose(integral, (1 - np.exp(-2 * t)) / 2, atol=1e-4)
    np.testing.assert_allclose(
        second_kind(1.0, kernel=np.ones(200), right_side=np.ones(200), step=0.02), np.exp(-t), atol=1e-4
    )


def test_a_band_covers_a_kernel_without_memory() -> None:
    rng, kept, v = np.random.default_rng(6), math.exp(-0.1), np.zeros((20, 2000))
    for k in range(1, 2000):
        v[:, k] = kept * v[:, k - 1] + math.sqrt(1 - kept**2) * rng.normal(size=20)
    found = memory_kernel(record(list(np.cumsum(v, axis=1) * 0.1), step=0.1, velocities=list(v)), lags=30)
    assert found.integral.values[10:] == pytest.approx(1.0, abs=0.2)
    assert (found.kernel.standard_errors > 0).all()


def test_continued_fractions_go_both_ways() -> None:
    fraction = ContinuedFraction.from_exponentials([1.0, 2.0, 0.5], rates=[0.3, 1.2, 5.0])
    amplitudes, rates = fraction.exponentials()
    np.testing.assert_allclose(amplitudes, [1.0, 2.0, 0.5], rtol=1e-12)
    np.testing.assert_allclose(rates, [0.3, 1.2, 5.0], rtol=1e-12)
    assert fraction.transform(0.7) == pytest.approx(sum(c / (0.7 + a) for c, a in zip(amplitudes, rates, strict=True)))


def test_filters_of_recordings_and_of_autocovariances_agree() -> None:
    """A sine of amplitude √2 has the autocovariance cos."""
    x = math.sqrt(2) * np.sin(0.01 * np.arange(62_832) + 0.3)
    filtered = box_filter(x, step=0.01, steps=200)
    exact = box_filtered(math.cos, temperature=1.0, width=2.0)
    assert filtered.positions().var() == pytest.approx(exact.variance, rel=2e-3)
    assert (filtered.velocities() ** 2).mean() == pytest.approx(exact.mean_square_velocity, rel=2e-3)  # type: ignore[operator]
    free = DampedOscillator(omega_squared=1.0)
    assert box_filtered(free, temperature=1.0, width=2.0).isclose(exact, rtol=1e-11)
    found = landscape(filtered, edges=[-0.5, 0.0, 0.5], velocities="given", accelerations="given")
    assert np.isfinite(found.free_energy.values).all()


# protocols and transport


def test_optimal_protocols_agree_with_each_other() -> None:
    from statistics import NormalDist

    moved = moved_trap(stiffness=1.0, distance=2.0, duration=3.0)
    assert 2 * moved.jump + 3 * moved.speed == pytest.approx(2.0)
    stiff = stiffened_trap(from_=1.0, to=4.0, duration=1e9)
    assert stiff.work == pytest.approx(stiff.free_energy_difference, abs=1e-8)
    best = gaussian_ends(from_=(0.0, 1.0), to=(2.0, 0.5), duration=1.5)
    start, end = NormalDist(0.0, 1.0), NormalDist(2.0, 0.5)
    way = displacement(
        from_=lambda u: [start.inv_cdf(x) for x in u],
        to=lambda u: [end.inv_cdf(x) for x in u],
        duration=1.5,
        levels=4000,
    )
    assert way.squared_distance == pytest.approx(best.squared_distance, rel=1e-3)
    trap, now = best.at(0.75), way.at(0.75)
    middle = abs(now.points - trap.mean[0]) < trap.standard_deviation[0]
    curve = np.polyfit(now.points[middle], now.potential[middle], 2)
    assert 2 * curve[0] == pytest.approx(trap.stiffness[0], rel=1e-2)
    assert -curve[1] / (2 * curve[0]) == pytest.approx(trap.centre[0], rel=1e-2)


def test_distances_on_a_line_and_on_a_circle() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.random(9), rng.random(9)
    line = Quantiles.of_sample(a).squared_distance(Quantiles.of_sample(b))
    assert line == pytest.approx(((np.sort(a) - np.sort(b)) ** 2).mean())
    round_ = Quantiles.of_sample(a).squared_distance(Quantiles.of_sample(b), period=Period(0.0, 1.0))
    assert round_ <= line + 1e-12
    turned = [Quantiles.of_sample((x + 0.37) % 1.0) for x in (a, b)]
    assert turned[0].squared_distance(turned[1], period=Period(0.0, 1.0)) == pytest.approx(round_, abs=1e-11)
    gap = Quantiles.of_histogram([0.0, 1.0, 2.0, 3.0], weights=[1.0, 0.0, 1.0])
    assert gap.squared_distance(Quantiles.of_points([1.5], weights=[2.0])) == pytest.approx(1 + 1 / 12)


def test_errors_are_those_of_irrev() -> None:
    assert issubclass(DataError, IrrevError) and issubclass(DataError, ValueError)
