"""Arguments in every shape that numpy knows: the right number, or a refusal that names the argument; never a change of the input."""

from typing import Any

import numpy as np
import pytest

from calls import CALLS, Call
from irrev import IrrevError


def misaligned(x: np.ndarray) -> np.ndarray:
    """The same numbers at an address that is no multiple of their size."""
    memory = np.zeros(x.nbytes + 1, np.uint8)[1:]
    memory[:] = np.frombuffer(x.tobytes(), np.uint8)
    array = memory.view(x.dtype).reshape(x.shape)
    assert not array.flags.aligned
    return array


def read_only(x: np.ndarray) -> np.ndarray:
    copy = x.copy()
    copy.flags.writeable = False
    return copy


class Wrapped:
    """Something that is no array but can become one."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.array if dtype is None else self.array.astype(dtype)


class Subclass(np.ndarray):
    pass


LAYOUTS = {
    "list": lambda x: x.tolist(),
    "tuple": lambda x: tuple(map(tuple, x)) if x.ndim == 2 else tuple(x),
    "strided": lambda x: np.repeat(x, 2, axis=0)[::2],
    "reversed": lambda x: x[::-1].copy()[::-1],
    "fortran": np.asfortranarray,
    "transposed": lambda x: x.T.copy().T,
    "read-only": read_only,
    "misaligned": misaligned,
    "byte-swapped": lambda x: x.astype(x.dtype.newbyteorder()),
    "long double": lambda x: x.astype(np.longdouble),
    "object with __array__": Wrapped,
    "subclass": lambda x: x.view(Subclass),
    "masked array without mask": np.ma.asarray,
}

REFUSED = {
    "None": lambda x: None,
    "text": lambda x: "text",
    "array of text": lambda x: np.full(x.shape, "1"),
    "complex": lambda x: x.astype(complex),
    "objects": lambda x: x.astype(object),
    "huge integers": lambda x: [10**400] * len(x),
    "dates": lambda x: np.full(x.shape, "2026-01-01", "datetime64[D]"),
    "one dimension more": lambda x: x[None],
    "nan": lambda x: np.where(np.arange(x.size).reshape(x.shape) == 0, np.nan, x),
    "inf": lambda x: np.where(np.arange(x.size).reshape(x.shape) == 0, np.inf, x),
    "masked": lambda x: np.ma.array(x, mask=np.arange(x.size).reshape(x.shape) == 0),
    "ragged": lambda x: [[1.0], [1.0, 2.0]],
    "dictionary": lambda x: {"a": 1.0},
    "too long": lambda x: np.concatenate([x, x[:1] * 0]),
}

# where infinity is meaningful
NO_WAY = {"wasserstein1_with_cost"}
# where a longer argument, or one with another number of dimensions, is meaningful
ELEMENTWISE = {"logarithmic_mean", "logarithmic_mean_gradient", "log_ratio", "dissipation"}
ANY_LENGTH = ELEMENTWISE | {
    "scaled_generating_function chi",
    "relaxation times",
    "speed_of_relaxation times",
    "distribution_from_eta",
    "simplex_coordinates",
    "first_passage times",
    "relaxation_bounds times",
    "driven_process times",
    "OptimalProtocol.at",
    "periodic_state",
    "Network.from_edges",
    "MarkovJump.from_rates",
    "entropy",
    "reactions.evolve times",
    "transient_moments",
    "simulate times",
    "jarzynski",
    "bennett_acceptance_ratio",
    "crooks",
    "scaled_cumulants of increments",
    "survival_function",
    "infimum_law",
    "infimum_law levels",
    "autocorrelation_time",
    "Geodesic.states",
    "ReactionGeodesic.states",
    "line.wasserstein",
    "independent_distribution",
    "MeanFieldState.independent",
    "InfiniteNetwork.sequential_state",
    "Hamiltonian",
    "Hamiltonian bonds",
    "Lattice.from_bonds",
    "quantum.evolve",
    "evolve_in_imaginary_time",
    "echoes",
    "ThermalContact.evolve",
    "canonical_state",
    "gap_ratio",
    "LiebRobinson.bound",
    "compare_with_cut_bath",
    "measurement_noise",
    "record",
    "conditional_moments edges",
    "Grid.from_edges",
    "MomentPass.push",
    "wells",
    "DampedOscillator.autocovariance",
    "project",
    "GaussianProtocol.at",
    "Quantiles.of_sample",
}

# where another number of dimensions, or arrays of several lengths, are several coordinates or trajectories
SEVERAL = {"record", "MomentPass.push"}
# where NaN and infinity stand for what is not known
UNKNOWN = {"surfaces"}

# without these the initial values of the system, or the defaults, are taken
OPTIONAL = {
    "Drive",
    "overview weights",
    "free_energy_balance potentials",
    "stationary_counts",
    "stationary_counts bounds",
    "simulate",
    "steady_state guess",
    "sample_tilted_process",
    "wasserstein1 lengths",
    "line.wasserstein weights",
    "KineticIsing fields",
    "mean_field.stationary_state",
    "mean_field.compare_theories",
}


def numbers(result: Any) -> Any:
    """What a call returns, in a form that compares bit by bit."""
    if isinstance(result, np.ndarray):
        return result.dtype, result.shape, result.tobytes()
    if isinstance(result, tuple):
        return tuple(map(numbers, result))
    return result


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_every_layout_gives_the_same_bits(call: Call, layout: str) -> None:
    _, good, function = call
    value = LAYOUTS[layout](good)
    assert numbers(function(value)) == numbers(function(good))


@pytest.mark.parametrize("dtype", ["f4", "f2", "i8", "i4", "u1", "?"])
def test_other_precisions_are_converted_to_double(ring: Any, dtype: str) -> None:
    certain = np.array([0, 1, 0])
    assert ring.flow(certain.astype(dtype)) == ring.flow(certain.astype(float))


def test_probabilities_of_single_precision_are_normalised_within_their_rounding(ring: Any, p: np.ndarray) -> None:
    single = p.astype(np.float32)
    assert float(single.astype(float).sum()) != 1.0
    np.testing.assert_allclose(ring.flow(single).forward_flux, ring.flow(p).forward_flux, rtol=2e-7)
    with pytest.raises(IrrevError, match="sums to"):
        ring.flow(np.array([0.5, 0.3, 0.19], np.float32))
    with pytest.raises(IrrevError, match="sums to"):
        ring.flow(single.astype(float))


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_real_array_of_the_right_shape_is_refused_by_name(name: str, kind: str) -> None:
    argument, good, function = CALLS[name]
    if kind == "None" and name in OPTIONAL:
        return
    if (kind == "inf" and name in NO_WAY) or (kind in ("nan", "inf") and name in UNKNOWN):
        return
    if kind in ("one dimension more", "ragged") and name in SEVERAL:
        return
    if (kind == "too long" and name in ANY_LENGTH) or (kind == "one dimension more" and name in ELEMENTWISE):
        return
    with pytest.raises((ValueError, TypeError)) as caught:
        function(REFUSED[kind](good))
    # a length is refused by the library, in its own words for the quantity
    words = [
        argument,
        argument.replace("_", " "),
        "distribution",
        "driving work",
        "reservoirs",
        "flux",
        "rates",
        "state",
        "current",
        "counts",
        "amount",
        "potentials",
        "a position in row",
        "a velocity in row",
        "a time in row",
        "correlation",
        "stiffness",
        "covariance",
        "coordinate",
        "series",
        "the end of a path",
        "observable",
        "means",
        "dissipation",
        "share",
        "columns of A",
    ]
    assert any(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_no_input_is_changed(call: Call) -> None:
    _, good, function = call
    value = good.copy()
    function(value)
    assert value.tobytes() == good.tobytes()
    assert value.flags.writeable


def test_results_do_not_share_memory_with_the_inside(ring: Any) -> None:
    ring.forward_rate[:] = 0.0
    assert ring.forward_rate.tolist() == [2.0, 3.0, 1.5]


def test_negative_zero_is_a_zero_rate(ring: Any) -> None:
    from irrev.network import MarkovJump

    plus = MarkovJump.from_rates(2, [(0, 1, 1.0, 0.0)])
    minus = MarkovJump.from_rates(2, [(0, 1, 1.0, -0.0)])
    assert plus.one_way_edges == minus.one_way_edges


@pytest.mark.parametrize("value", ["1", None, 1j, [1.0, 2.0]])
def test_a_time_that_is_no_number_is_refused(ring: Any, p: np.ndarray, value: Any) -> None:
    from irrev.network import evolve

    with pytest.raises(TypeError):
        evolve(ring, p=p, t=value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_time_out_of_range_is_refused(ring: Any, p: np.ndarray, value: float) -> None:
    from irrev.network import evolve, relaxation

    with pytest.raises(IrrevError):
        evolve(ring, p=p, t=value)
    with pytest.raises(IrrevError):
        relaxation(ring, start=p, duration=value)
