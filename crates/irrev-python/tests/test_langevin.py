"""`irrev.landscape.langevin`: closed answers, balances, refusals, threads and checkpoints."""

import pickle
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from irrev import IrrevError, ModelError
from irrev.landscape import ContinuedFraction, DampedOscillator, Period, conditional_moments, passive_fit
from irrev.landscape import linear as linear_diffusion
from irrev.landscape.langevin import (
    Field,
    Generalized,
    LinearField,
    Memory,
    Motion,
    Overdamped,
    Reflecting,
    Simulation,
    Underdamped,
    simulate,
)

DOUBLE_WELL = Field("x", potential="height*(x^2 - 1)^2", parameters={"height": 1.5})


def near(found: Any, expected: float, error: float, sigmas: float = 5.0) -> bool:
    """5 σ two-sided: a false alarm in 6e-7 of all runs."""
    return bool(abs(found - expected) < sigmas * error)


def test_a_trap_has_its_variance_by_each_integrator() -> None:
    k, mu, temperature, h = 2.0, 0.7, 0.6, 0.1
    trap, walkers, steps = LinearField(-k), 20_000, 60
    exact = temperature / k
    # of Euler and Maruyama T/(k (1 - h μ k/2)), by the fixed point of x' = (1 - h μ k) x + noise; the rest relaxes to a part of 2e-4
    expected = {"euler-maruyama": exact / (1 - h * mu * k / 2), "leimkuhler-matthews": exact, "exact": exact}
    for integrator, variance in expected.items():
        dynamics = Overdamped(temperature, mobility=mu, integrator=integrator)  # type: ignore[arg-type]
        motion = simulate(trap, dynamics=dynamics, start=0.0, walkers=walkers, step=h, steps=steps)
        error = variance * (2 / walkers) ** 0.5
        assert near(motion.final_positions.var(), variance, error + 1e-4 * variance), integrator
    for integrator in ("baoab", "exact"):
        dynamics = Underdamped(1.0, temperature, mass=2.0, integrator=integrator)  # type: ignore[arg-type,assignment]
        motion = simulate(trap, dynamics=dynamics, start=0.0, walkers=walkers, step=h, steps=300)
        assert near(motion.final_positions.var(), exact, exact * (2 / walkers) ** 0.5), integrator


def test_formulas_and_matrices_move_walkers_alike() -> None:
    a, b = np.array([[-2.0, 0.5], [0.5, -1.0]]), np.array([0.3, -0.2])
    linear = LinearField(a, b)
    formulas = Field(["x", "y"], potential="x^2 - 0.5*x*y + y^2/2 - 0.3*x + 0.2*y")
    common: dict[str, Any] = {"start": [0.4, -0.7], "walkers": 70, "step": 0.02, "steps": 200, "record_every": 50}
    for dynamics in (Overdamped(0.5, mobility=[1.0, 2.0]), Underdamped([0.3, 1.0], 0.5, mass=[1.0, 3.0])):
        one, other = (simulate(field, dynamics=dynamics, **common) for field in (linear, formulas))
        # the same noise; forces differ in rounding
        np.testing.assert_allclose(one.positions, other.positions, atol=1e-12)
        np.testing.assert_allclose(one.thermodynamics.heat, other.thermodynamics.heat, atol=1e-11)


def test_a_relaxing_trap_follows_the_closed_solution() -> None:
    a = [[-1.0, -2.0], [2.0, -1.0]]
    motion = simulate(
        LinearField(a), dynamics=Overdamped(0.5, integrator="exact"), start=[1.0, 0.0], walkers=40_000, step=0.3, steps=2
    )
    diffusion = linear_diffusion.LinearDiffusion(-np.array(a), 0.5)
    later = diffusion.at(([1.0, 0.0], np.zeros((2, 2))), time=0.6)
    x = motion.final_positions
    for i in range(2):
        variance = later.covariance[i, i]
        assert near(x[:, i].mean(), later.mean[i], (variance / len(x)) ** 0.5)
        assert near(x[:, i].var(), variance, variance * (2 / len(x)) ** 0.5)


def test_work_and_heat_keep_the_first_law_and_the_fluctuation_theorem() -> None:
    trap = Field("x", potential="k*(x - speed*t)^2/2", parameters={"k": 2.0, "speed": 1.5})
    x0 = np.random.default_rng(3).normal(scale=0.5**0.5, size=20_000)
    motion = simulate(trap, dynamics=Overdamped(), start=x0, step=0.005, steps=200)
    books = motion.thermodynamics
    # ⟨W⟩ = (v²/μ) (τ - (1 - e^{-kτ})/k), and no free energy changes
    tau, k, v = 1.0, 2.0, 1.5
    expected = v**2 * (tau - (1 - np.exp(-k * tau)) / k)
    assert near(books.mean_work.value, expected, books.mean_work.standard_error + 2e-3)
    weights = np.exp(-books.work)
    assert near(weights.mean(), 1.0, weights.std() / len(weights) ** 0.5 + 2e-3)
    np.testing.assert_allclose(books.energy - books.first_energy, books.work - books.total_heat + books.residual, atol=1e-12)
    np.testing.assert_allclose(books.medium_entropy, books.heat[:, 0], atol=1e-14)
    assert abs(books.residual).max() < 1e-10                                  # a quadratic potential has none
    assert books.mean_heat[0].value == pytest.approx(books.heat[:, 0].mean(), rel=1e-12)
    assert (books.drive_work == 0).all()


def test_two_baths_pass_heat_at_the_rate_of_the_closed_solution() -> None:
    k = [[2.0, -1.0], [-1.0, 2.0]]
    pair = linear_diffusion.LinearDiffusion(k, [[2.0, 0.0], [0.0, 0.5]])
    state = pair.stationary()
    # heat out of the first bath: ⟨F ∘ dx⟩ = -(μ ⟨F²⟩ + T ⟨∂F⟩) with F = -(K x)_1
    force_square = (np.array(k) @ state.covariance @ np.array(k))[0, 0]
    rate = force_square - 2.0 * k[0][0]
    walkers = Simulation(
        LinearField(-np.array(k)), dynamics=Overdamped([2.0, 0.5]), start=[0.0, 0.0], walkers=4000, step=0.01
    )
    walkers.advance(400)
    before = walkers.thermodynamics().heat
    walkers.advance(500)
    flow = (walkers.thermodynamics().heat - before) / 5.0
    for i, sign in ((0, 1.0), (1, -1.0)):
        error = flow[:, i].std() / len(flow) ** 0.5
        # Euler and Maruyama with h k = 0.03 are off by some per cent
        assert near(flow[:, i].mean(), sign * rate, error + 0.01 * abs(rate))


def test_a_tilted_ring_turns_and_dissipates_the_work_of_its_drive() -> None:
    ring = Field("phi", potential="0.3*cos(phi)", force=1.0)
    motion = simulate(
        ring, dynamics=Overdamped(), start=0.0, walkers=500, boundaries=Period.radians(), step=0.01, steps=2000, record_every=500
    )
    books = motion.thermodynamics
    turned = motion.turns[:, 0] * 2 * np.pi + motion.final_positions[:, 0]
    np.testing.assert_allclose(books.drive_work, turned, atol=1e-9)
    assert turned.mean() > 10.0 and (abs(motion.positions) <= np.pi).all()
    np.testing.assert_allclose(books.work, books.drive_work)


def test_walls_hold_and_gravity_is_an_exponential_law() -> None:
    falling = Field("z", potential="g*z", parameters={"g": 2.0})
    walls = Reflecting(lower=0.0)
    motion = simulate(falling, dynamics=Overdamped(), start=0.5, walkers=5000, boundaries=walls, step=0.001, steps=3000)
    z = motion.final_positions[:, 0]
    assert (z >= 0).all()
    # mirrored Euler steps have a weak error of first order
    assert near(z.mean(), 0.5, 0.5 / 5000**0.5 + 2e-3)


def test_a_mobility_of_place_leaves_the_equilibrium_as_it_is() -> None:
    trap = Field("x", potential="x^2/2")
    dynamics = Overdamped(temperature=0.5, mobility="1/(1 + x^2)")
    motion = simulate(trap, dynamics=dynamics, start=0.0, walkers=20_000, step=0.01, steps=1000)
    assert near(motion.final_positions.var(), 0.5, 0.5 * (2 / 20_000) ** 0.5 + 0.004)


def test_memory_gives_the_correlations_of_its_kernel() -> None:
    # no force and K(t) = e^{-2t}: C = (1 + t) e^{-t}
    free = Field("x", force=0.0)
    dynamics = Generalized(Memory.exponentials([1.0], rates=[2.0]))
    motion = simulate(free, dynamics=dynamics, start=0.0, walkers=20_000, step=0.02, steps=50, record_every=25)
    assert motion.velocities is not None
    v = motion.velocities[:, :, 0]
    for frame, t in ((1, 0.5), (2, 1.0)):
        product = v[:, 0] * v[:, frame]
        assert near(product.mean(), (1 + t) * np.exp(-t), product.std() / len(product) ** 0.5 + 1e-3)


def test_kinds_of_memory_agree_on_one_kernel() -> None:
    t = np.array([0.1, 0.7, 2.0])
    sums = Memory.exponentials([3.0, 0.5], rates=[1.5, 0.2])
    fraction = Memory.continued_fraction(ContinuedFraction.from_exponentials([3.0, 0.5], rates=[1.5, 0.2]))
    expected = 3 * np.exp(-1.5 * t) + 0.5 * np.exp(-0.2 * t)
    for memory in (sums, fraction, Memory.general(sums.coupling, drift=sums.drift) + Memory.white(0.4)):
        np.testing.assert_allclose(memory.at(t), expected, rtol=1e-12)
    cosine = Memory.damped_cosines([2.0], rates=[0.4], frequencies=[3.0], phases=0.1)
    np.testing.assert_allclose(cosine.at(t), 2 * np.exp(-0.4 * t) * np.cos(3 * t + 0.1), rtol=1e-12)
    times = 0.05 * np.arange(100)
    fit = passive_fit(2 * np.exp(-0.4 * times) * np.cos(3 * times), times=times, order=2, misfit=1e-3)
    np.testing.assert_allclose(fit.embedding(0.7).memory().at(t), fit.kernel.at(t), atol=1e-9)
    with pytest.raises(ModelError, match="passive"):
        Memory.damped_cosines([2.0], rates=[0.4], frequencies=[3.0], phases=0.2)


def test_frames_are_laid_out_as_promised_and_are_a_record() -> None:
    motion = simulate(DOUBLE_WELL, dynamics=Underdamped(0.5, 0.3), start=1.0, walkers=70, step=0.02, steps=100, record_every=10)
    assert motion.positions.shape == (70, 11, 1) and motion.times.tolist() == pytest.approx([0.2 * k for k in range(11)])
    assert motion.positions[3, :, 0].flags.c_contiguous and not motion.positions.flags.writeable
    np.testing.assert_array_equal(motion.positions[:, -1], motion.final_positions)
    assert motion.final_velocities is not None and motion.velocities is not None
    np.testing.assert_array_equal(motion.velocities[:, -1], motion.final_velocities)
    record = motion.record()
    assert len(record) == 70 and record.velocities(5) is not None
    conditional_moments(record, bins=4, velocities="given")
    again: Motion = pickle.loads(pickle.dumps(motion))
    assert again == motion
    ring = simulate(Field("a", force=1.0), dynamics=Overdamped(), start=0.0, boundaries=Period(0.0, 1.0), step=0.01, steps=100, record_every=1)
    assert ring.record().periods == (Period(0.0, 1.0),)
    with pytest.raises(ModelError, match="record_every"):
        simulate(DOUBLE_WELL, dynamics=Overdamped(), start=0.0, step=0.01, steps=1).record()


def test_threads_stretches_and_checkpoints_change_no_bit(tmp_path: Path) -> None:
    question: dict[str, Any] = {"dynamics": Underdamped(0.5, 0.3), "start": 1.0, "walkers": 200, "step": 0.02, "seed": 7}
    whole = simulate(DOUBLE_WELL, steps=300, **question)
    for threads in (1, 2, 5):
        again = simulate(DOUBLE_WELL, steps=300, threads=threads, **question)
        assert again == whole
    walkers = Simulation(DOUBLE_WELL, **question)
    walkers.advance(100)
    kept = walkers.checkpoint()
    walkers.advance(200)
    np.testing.assert_array_equal(walkers.positions, whole.final_positions)
    assert walkers.thermodynamics() == whole.thermodynamics
    other = Simulation(DOUBLE_WELL, **question)
    other.restore(kept)
    assert other.steps == 100 and other.time == pytest.approx(2.0)
    other.advance(200)
    np.testing.assert_array_equal(other.velocities, whole.final_velocities)
    assert "200 walkers after 300 steps" in repr(other)
    for step in (120, 300):
        found = simulate(DOUBLE_WELL, steps=step, checkpoint=tmp_path, **question)
    assert found == whole
    assert not np.array_equal(simulate(DOUBLE_WELL, steps=300, **(question | {"seed": 8})).final_positions, whole.final_positions)
    with pytest.raises(IrrevError, match="another field"):
        Simulation(DOUBLE_WELL, **(question | {"seed": 8})).restore(kept)
    with pytest.raises(IrrevError, match="checkpoint"):
        other.restore(kept[:-9])
    np.testing.assert_array_equal(other.positions, whole.final_positions)     # as they were


def test_an_interrupted_simulation_goes_on() -> None:
    question: dict[str, Any] = {"dynamics": Overdamped(0.3), "start": 1.0, "walkers": 2000, "step": 0.01}
    walkers = Simulation(DOUBLE_WELL, **question)

    def stop(fraction: float, what: str) -> None:
        raise RuntimeError("enough")

    begun = time.monotonic()
    with pytest.raises(RuntimeError, match="enough"):
        walkers.advance(10**9, progress=stop)
    assert time.monotonic() - begun < 5.0
    made = walkers.steps
    assert 0 < made < 10**9
    walkers.advance(3)
    whole = simulate(DOUBLE_WELL, steps=made + 3, **question)
    np.testing.assert_array_equal(walkers.positions, whole.final_positions)


def test_two_threads_of_python_wait_for_one_another() -> None:
    walkers = Simulation(DOUBLE_WELL, dynamics=Overdamped(0.3), start=1.0, walkers=500, step=0.01)
    several = [threading.Thread(target=walkers.advance, args=(100,)) for _ in range(3)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    whole = simulate(DOUBLE_WELL, dynamics=Overdamped(0.3), start=1.0, walkers=500, step=0.01, steps=300)
    np.testing.assert_array_equal(walkers.positions, whole.final_positions)


def test_a_step_that_makes_no_sense_ends_it_until_a_checkpoint_is_restored() -> None:
    steep = Field("x", potential="if(t < 1, x^2/2, -x^4)")
    walkers = Simulation(steep, dynamics=Overdamped(), start=0.5, walkers=100, step=0.01)
    walkers.advance(50)
    kept, there = walkers.checkpoint(), walkers.positions
    with pytest.raises(ModelError, match="walker"):
        walkers.advance(10_000)
    with pytest.raises(IrrevError, match="restore a checkpoint"):
        walkers.advance(1)
    walkers.restore(kept)
    np.testing.assert_array_equal(walkers.positions, there)


def test_starts_of_all_shapes() -> None:
    plane = Field(["x", "y"], potential="x^2 + y^2")
    still = Overdamped(1.0)

    def begin(field: Field, start: Any, **more: Any) -> np.ndarray:
        return simulate(field, dynamics=still, start=start, step=0.01, steps=0, **more).final_positions

    assert begin(DOUBLE_WELL, 0.5).tolist() == [[0.5]] == begin(DOUBLE_WELL, [0.5]).tolist()
    assert begin(DOUBLE_WELL, [0.1, 0.2]).tolist() == [[0.1], [0.2]]
    assert begin(DOUBLE_WELL, 0.5, walkers=3).shape == (3, 1)
    assert begin(plane, [0.1, 0.2]).tolist() == [[0.1, 0.2]]
    assert begin(plane, [0.1, 0.2], walkers=2).tolist() == [[0.1, 0.2]] * 2
    assert begin(plane, [[0.1, 0.2], [0.3, 0.4]]).tolist() == [[0.1, 0.2], [0.3, 0.4]]
    given = simulate(DOUBLE_WELL, dynamics=Underdamped(1.0), start=[0.0, 0.0], velocities=[1.0, -2.0], step=0.01, steps=0)
    assert given.final_velocities is not None and given.final_velocities.tolist() == [[1.0], [-2.0]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Field("x", potential="x*y"), "unknown name `y`"),
        (lambda: Field("x", potential="x*(2"), "potential:1:"),
        (lambda: Field("t", potential="t"), "reserved"),
        (lambda: Field([], potential=1.0), "no coordinate"),
        (lambda: Field(["x", "y"], force="x"), "one for each"),
        (lambda: Field("x", force={"z": 1.0}), "'z'"),
        (lambda: Field("x", potential="k*x", parameters={"k": float("nan")}), "finite"),
        (lambda: Field("x", parameters={"x": 1.0}), "two things"),
        (lambda: LinearField([[1.0, 2.0]]), "offset|columns|rows"),
        (lambda: Memory.exponentials([1.0, 2.0], rates=[1.0]), "rates"),
        (lambda: Memory.white(-1.0), "white friction"),
        (lambda: Memory.general([1.0], drift=[[-1.0]]), "eigenvalue"),
    ],
)
def test_fields_and_memories_that_make_no_sense_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        make()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"step": 0.0}, "time step"),
        ({"step": float("nan")}, "time step"),
        ({"steps": -1}, "steps"),
        ({"start": [[1.0, 2.0]]}, "start has shape"),
        ({"start": float("nan")}, "position at the start"),
        ({"start": [1.0, 2.0], "walkers": 3}, "leave walkers out"),
        ({"walkers": 0}, "walkers"),
        ({"velocities": [1.0, 2.0, 3.0]}, "velocities"),
        ({"boundaries": [None, None]}, "boundaries"),
        ({"boundaries": Reflecting(2.0, 3.0)}, "between the reflecting walls"),
        ({"boundaries": Reflecting(3.0, 2.0)}, "lower wall"),
        ({"boundaries": Period(0.0, -1.0)}, "period"),
        ({"dynamics": Overdamped(-1.0)}, "temperature"),
        ({"dynamics": Overdamped([1.0, 2.0])}, "temperature"),
        ({"dynamics": Overdamped(mobility="1 + y")}, "unknown name `y`"),
        ({"dynamics": Overdamped(mobility="1 + t")}, "may not depend on the time"),
        ({"dynamics": Overdamped(integrator="verlet")}, "integrator"),
        ({"dynamics": Overdamped(integrator="exact")}, "linear"),
        ({"dynamics": Overdamped(mobility="1 + x^2", integrator="leimkuhler-matthews")}, "constant mobilities"),
        ({"dynamics": Underdamped(-1.0)}, "friction"),
        ({"dynamics": Underdamped(1.0, mass=0.0)}, "mass"),
        ({"dynamics": Generalized([Memory.white(1.0)] * 2)}, "memory"),
        ({"field": LinearField(-1.0), "dynamics": Overdamped(mobility="1 + x^2")}, "names of coordinates"),
        ({"field": Field("x", potential="ln(x - 2)")}, "potential of walker 0 is NaN"),
        ({"field": Field("x", force="ln(x - 2)")}, "force along coordinate 0 on walker 0"),
    ],
)
def test_questions_that_make_no_sense_are_refused(change: dict[str, Any], message: str) -> None:
    question: dict[str, Any] = {"dynamics": Overdamped(), "start": 1.0, "step": 0.01, "steps": 2} | change
    field = question.pop("field", DOUBLE_WELL)
    with pytest.raises((IrrevError, ValueError, TypeError), match=message):
        simulate(field, **question)


def test_memory_limits_and_bad_types_are_told() -> None:
    with pytest.raises(IrrevError, match="memory"):
        simulate(
            DOUBLE_WELL, dynamics=Overdamped(), start=1.0, walkers=1000, step=0.01, steps=10**6, record_every=1, memory_limit=10**6
        )
    with pytest.raises(TypeError, match="boundary"):
        simulate(DOUBLE_WELL, dynamics=Overdamped(), start=1.0, step=0.01, steps=1, boundaries=["free"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="potential"):
        Field("x", potential=lambda x: x)  # type: ignore[arg-type]


def test_an_oscillator_has_its_autocovariance() -> None:
    model = DampedOscillator(omega_squared=1.0, friction=0.4, temperature=0.5)
    motion = simulate(
        LinearField(-1.0),
        dynamics=Underdamped(0.4, 0.5),
        start=np.random.default_rng(5).normal(scale=0.5**0.5, size=20_000),
        step=0.05,
        steps=40,
        record_every=20,
    )
    x = motion.positions[:, :, 0]
    for frame, t in ((1, 1.0), (2, 2.0)):
        product = x[:, 0] * x[:, frame]
        assert near(product.mean(), float(model.autocovariance([t])[0]), product.std() / len(product) ** 0.5 + 1e-3)
