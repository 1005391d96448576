"""Memory kernels and hidden dimensions: closed forms, agreement of independent ways, and refusals that name what is wrong."""

import pickle
from typing import Any

import numpy as np
import pytest

from irrev import IrrevError, ModelError, landscape


def swing(trajectories: int = 200, frames: int = 60, h: float = 0.05) -> np.ndarray:
    """Sums of two oscillations of frequencies 1 and 2, with phases that are nowhere near a fraction of one another."""
    j, t = np.arange(trajectories)[:, None, None], h * np.arange(frames)[:, None]
    return np.sin(j + t) + np.sin(1.7 * j + 2 * t)


def moving_with_memory(frames: int = 4000, walkers: int = 8) -> landscape.Record:
    """A walker with the memory e^{-2t} in a trap, with accelerations from its velocities."""
    motion = landscape.langevin.simulate(
        landscape.langevin.LinearField(-1.0),
        dynamics=landscape.langevin.Generalized(landscape.langevin.Memory.exponentials([1.0], rates=[2.0])),
        start=0.0,
        walkers=walkers,
        step=0.025,
        steps=2 * frames,
        record_every=2,
    )
    assert motion.velocities is not None
    v = motion.velocities
    inner = (v[:, 2:] - v[:, :-2]) / 0.1
    return landscape.record(list(motion.positions[:, 1:-1]), step=0.05, velocities=list(v[:, 1:-1]), accelerations=list(inner))


def test_the_hierarchy_of_two_oscillations_has_the_levels_of_lanczos() -> None:
    found = landscape.hierarchy(swing(), step=0.05, levels=3)
    # K = diag(1, 4), seen along (1, 1) with ⟨q²⟩ = 1/2 each: W₁ = (1 + 4)/2, D₁ = (W² of the spread) = (1.5)², W₂ = (4 + 1)/2
    first, second = found.levels
    assert found.stop == "noise" and found.dimensions == 3
    assert abs(first.frequency_squared.value - 2.5) < 0.2 and abs(first.strength.value - 2.25) < 0.2
    assert abs(second.frequency_squared.value - 2.5) < 0.2 and second.closure.value < 1e-2
    assert abs(first.explained.value + first.closure.value - 1.0) < 1e-15 and second.below_noise
    assert first.noise.total == first.noise.noise + first.noise.step + first.noise.means
    series = found.series(2)
    assert len(series) == 200 and np.isnan(series[0][0]) and np.isfinite(series[0][1:-1]).mean() > 0.9
    force = found.mean_force(1, [0.0, 0.5])
    assert abs(force[0]) < 0.1 and abs(force[1] + 1.25) < 0.15                # ⟨r̈₁; r₁⟩ = -W₁ r₁
    assert found.mean_force(2, [[0.0, 0.0]]).shape == (1,)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    for threads in (1, 2, 5):
        assert landscape.hierarchy(swing(), step=0.05, levels=3, threads=threads) == found


def test_exploring_says_what_it_cannot_show() -> None:
    found = landscape.explore(swing(), step=0.05, draws=50)
    density = found.density
    assert density.levels == (1, 2) and abs(density.probability.sum() + density.outside - 1.0) < 1e-12
    assert density.density.shape == (48, 48) and density.significant == sum(peak.significant for peak in density.peaks)
    areas = np.outer(np.diff(density.edges[0]), np.diff(density.edges[1]))
    np.testing.assert_allclose(density.density * areas, density.smoothed, rtol=1e-12)
    assert found.hierarchy == landscape.hierarchy(swing(), step=0.05, draws=50)
    assert found.hierarchy.joint_density(draws=50) == density
    assert found.blind_spot.level == 2 and not found.blind_spot.open
    assert any("peak" in sentence for sentence in found.sentences)
    grid = landscape.Grid.uniform(-2.5, 2.5, cells=10)
    coarse = found.hierarchy.joint_density((1, 2), cells=(grid, grid), smoothing=0.0, draws=20)
    assert (coarse.smoothed == coarse.probability).all()


def test_peaks_persist_as_far_as_their_saddles() -> None:
    ring = np.array([[3.0], [1.0], [0.5], [1.0], [2.5]])
    assert [peak.height for peak in landscape.peaks(ring)] == [3.0, 2.5]
    assert len(landscape.peaks(ring, cylinder=True)) == 1
    with pytest.raises(ModelError, match="two dimensions"):
        landscape.peaks([1.0, 2.0])


@pytest.mark.parametrize(
    ("options", "message"),
    [({"levels": 5}, "levels"), ({"levels": 0}, "levels"), ({"bandwidth": -1.0}, "windows"), ({"parts": 1}, "parts"), ({"accelerations": "given"}, "accelerations")],
)
def test_a_hierarchy_refuses_what_is_not_possible(options: dict[str, Any], message: str) -> None:
    with pytest.raises(IrrevError, match=message):
        landscape.hierarchy(swing(20), step=0.05, **options)
    with pytest.raises(IrrevError, match="coordinate"):
        landscape.hierarchy(swing(20), step=0.05, levels=1).series(7)


def test_a_kernel_from_simulated_walkers_is_fitted_and_carries_them_on() -> None:
    moving = moving_with_memory()
    kernel = landscape.memory_kernel(moving, lags=60, mean_force=1.0, draws=20)
    assert kernel.halves is not None
    fit = landscape.passive_fit(kernel, most=2, misfit=0.5)
    assert len(fit.held_out) == 2 and fit.passivity.least[1] > -1e-9
    # K = e^{-2t}: 3.2e4 frames of a motion with a correlation time of about one unit give 1600 independent ones, some per cent
    assert abs(fit.kernel.at([0.0])[0] - 1.0) < 0.25 and abs(fit.kernel.transform([0.0])[0] - 0.5) < 0.15
    variables = fit.embedding(0.7)
    np.testing.assert_allclose(variables.kernel([0.0, 0.5]), fit.kernel.at([0.0, 0.5]), rtol=1e-8)
    a, b, sigma = variables.drift, variables.noise, variables.covariance
    np.testing.assert_allclose(a @ sigma + sigma @ a.T, b @ b.T, atol=1e-9)
    assert sigma[0, 0] == 0.7
    np.testing.assert_allclose(variables.memory().at([0.3, 1.0]), fit.kernel.at([0.3, 1.0]), rtol=1e-8)
    assert pickle.loads(pickle.dumps(fit)) == fit


def test_coupled_and_linear_forces_of_one_coordinate_are_the_same() -> None:
    moving = moving_with_memory(500, 2)
    one = landscape.memory_kernel(moving, lags=20, mean_force=1.0, draws=5)
    assert landscape.memory_kernel(moving, lags=20, mean_force=[1.0], draws=5) == one
    projected = landscape.projected_kernel(moving, mean_forces=[1.0], lags=20, draws=5)
    # the same equation by another way of solving it
    np.testing.assert_allclose(projected.kernel().values, one.kernel.values, atol=0.02)
    hats = landscape.projected_kernel(
        moving, mean_forces=[1.0], lags=20, draws=5, basis=landscape.Basis.hats([-1.0, 0.0, 1.0]), points=[-0.5, 0.5]
    )
    assert hats.coefficients.shape == (1, 1, 3, 20) and len(hats.kernels) == 2 and hats.conditioning > 1e-3
    np.testing.assert_array_equal(hats.at(0.5), hats.kernel(point=1).values)
    with pytest.raises(IndexError, match="0 to 1"):
        hats.kernel(point=2)
    with pytest.raises(ModelError, match="mean forces"):
        landscape.projected_kernel(moving, mean_forces=[], lags=20)
    for threads in (1, 3):
        assert landscape.projected_kernel(moving, mean_forces=[1.0], lags=20, draws=5, threads=threads) == projected


def test_noise_and_friction_of_a_simulated_walker_belong_together() -> None:
    found = landscape.fluctuation_dissipation(moving_with_memory(), lags=40, mean_force=1.0, draws=50)
    np.testing.assert_allclose(found.noise.values - found.kernel.values, found.difference.values, atol=1e-14)
    # accelerations are central differences of velocities: the two agree to some per cent of K(0) = 1
    assert abs(found.difference.values[2:]).max() < 0.1
    noise = landscape.random_force(moving_with_memory(500, 2), kernel=found.kernel.values, mean_force=1.0)
    assert [len(one) for one in noise] == [499 - 39] * 2


def test_bases_are_what_they_are_called() -> None:
    r = np.array([-0.5, 0.0, 1.0])
    legendre = landscape.Basis.polynomials(centre=0.0, half_width=1.0, degree=2).at(r)
    np.testing.assert_allclose(legendre, np.stack([np.ones(3), r, (3 * r**2 - 1) / 2], axis=1))
    waves = landscape.Basis.fourier(landscape.Period(0.0, 2.0), order=1).at(r)
    np.testing.assert_allclose(waves, np.stack([np.ones(3), np.cos(np.pi * r), np.sin(np.pi * r)], axis=1), atol=1e-15)
    assert landscape.Basis.constant().at(r).tolist() == [[1.0]] * 3


def test_passivity_is_certified_or_refused() -> None:
    cosine = landscape.PronyKernel([2.0], rates=[0.4], frequencies=[3.0])
    found = cosine.passivity()
    # Re K(iω) = Re 2(s + a)/((s + a)² + w²) at s = iω
    omega = np.linspace(0.0, 10.0, 200)
    s = 1j * omega
    exact = (2 * (s + 0.4) / ((s + 0.4) ** 2 + 9)).real
    np.testing.assert_allclose(cosine.spectrum(omega), exact, rtol=1e-12)
    assert found.certified and found.least[0] <= found.least[1] <= ((1 + omega**2 / found.scale) * exact).min() * (1 + 1e-9)
    assert abs(cosine.continued_fraction().transform(1.0) - cosine.transform([1.0])[0]) < 1e-13
    active = landscape.PronyKernel([2.0, -1.0], rates=[2.0, 0.5])
    assert not active.passivity().certified and cosine.order == 2 and active.order == 2
    with pytest.raises(ModelError, match="negative|passive"):
        active.embedding(1.0)
    with pytest.raises(IrrevError, match="rate"):
        landscape.PronyKernel([1.0], rates=[-1.0])
    with pytest.raises(ValueError, match="phases"):
        landscape.PronyKernel([1.0], rates=[1.0], phases=[0.0, 1.0])
    times = 0.1 * np.arange(50)
    with pytest.raises(IrrevError):
        landscape.passive_fit(active.at(times), times=times, order=2, misfit=1e-3)
    with pytest.raises(TypeError, match="times"):
        landscape.passive_fit(active.at(times))
