"""Networks inferred from activity: simulated with a portable generator, and recorded."""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from irrev.ising import KineticIsing, inference, parallel_stationary_state
from judging import Answers, Case, Judged, Kind, deviation

from .portable import SplitMix, fnv1a, instance, parallel_updates

ROOT_MEAN_SQUARE = 0.01
"""Relative tolerance of root mean square errors."""

SHARE, CROSS_FITTED = 0.5, 0.005
"""A plug-in null lies below this part of the plug-in value, a cross-fitted one within this of zero."""

Numbers = npt.NDArray[np.float64]


def flow(couplings: Numbers, activity: npt.NDArray[np.bool_]) -> float:
    """Σ (J_ij - J_ji) ⟨s_i(t+1) s_j(t)⟩."""
    spins = 2.0 * activity - 1.0
    delayed = spins[1:].T @ spins[:-1] / (len(spins) - 1)
    return float(((couplings - couplings.T) * delayed).sum())


def root_mean_square(difference: Numbers) -> float:
    return float(np.sqrt((difference**2).mean()))


def judged(case: Case, answers: dict[str, tuple[str, Callable[[], object]]]) -> Answers:
    """Answers with the name of their tolerance: "exact", "relative", or one that the case has."""

    def one(key: str, tolerance: str, answer: Callable[[], object]) -> Callable[[], Judged]:
        def answered() -> Judged:
            expected, got = case.expected[key], answer()
            if tolerance == "exact":
                return Judged(0.0 if got == expected else float("inf"))
            relative = ROOT_MEAN_SQUARE if tolerance == "relative" else 0.0
            absolute = 0.0 if tolerance == "relative" else float(case.tolerance[tolerance])
            return Judged(deviation(expected, got, relative, absolute))

        return answered

    return {key: one(key, *answer) for key, answer in answers.items()}


def of_activity(
    activity: Callable[[], npt.NDArray[np.bool_]], fitted: Callable[[], inference.Fit]
) -> dict[str, tuple[str, Callable[[], object]]]:
    """What both kinds ask of data and fit."""
    return {
        "data_fnv1a64": ("exact", lambda: fnv1a(activity())),
        "plus_counts": ("exact", lambda: activity().sum(axis=0).tolist()),
        "loglik_per_step": ("loglik_abs", lambda: fitted().log_likelihood),
        "J_fit_row0": ("fit_abs", lambda: fitted().couplings[0]),
        "H_fit": ("fit_abs", lambda: fitted().fields),
        "J_fit_frobenius": ("fit_abs", lambda: float(np.linalg.norm(fitted().couplings))),
    }


def inverse(case: Case) -> Answers:
    given = case.inputs
    beta, spins, burn = float(given["beta"]), int(given["N"]), int(given["burn"])

    @cache
    def truth() -> tuple[Numbers, Numbers]:
        fields, couplings = instance(spins, given["J0"], given["delta_J"], int(given["seed"]), given["field"])
        return beta * fields, beta * couplings

    @cache
    def activity() -> npt.NDArray[np.bool_]:
        states = parallel_updates(*truth(), int(given["seed"]) + 1, burn + int(given["T"]) + 1)
        return np.asarray(states[burn:] > 0)

    def fitted(part: slice = slice(None)) -> inference.Fit:
        return inference.fit(activity()[part], penalty=float(given["lam"]), standard_errors=False)

    whole, cut = cache(fitted), (int(given["T"]) + 1) // 2
    first = cache(lambda: fitted(slice(cut)))

    def error_of(theory: str) -> float:
        return root_mean_square(inference.invert_mean_field(activity(), theory=theory).couplings - truth()[1])  # type: ignore[arg-type]

    def produced(fields: Numbers, couplings: Numbers) -> float:
        return parallel_stationary_state(KineticIsing(couplings, fields)).entropy_production

    return judged(
        case,
        {
            **of_activity(activity, whole),
            "rms_J_error": ("relative", lambda: root_mean_square(whole().couplings - truth()[1])),
            "rms_H_error": ("relative", lambda: root_mean_square(whole().fields - truth()[0])),
            "rms_J_error_naive_mf": ("relative", lambda: error_of("naive")),
            "rms_J_error_tap": ("relative", lambda: error_of("TAP")),
            "EP_true_couplings_on_data": ("EP_abs", lambda: flow(truth()[1], activity())),
            "EP_fitted": ("EP_abs", lambda: flow(whole().couplings, activity())),
            "train_half_loglik": ("loglik_abs", lambda: first().log_likelihood),
            "heldout_half_loglik": ("loglik_abs", lambda: first().log_likelihood_of(activity()[cut:])),
            "EP_exact_enumeration": ("EP_abs", lambda: produced(*truth())),
            "EP_fitted_model_exact": ("EP_abs", lambda: produced(whole().fields, whole().couplings)),
        },
    )


def real(case: Case) -> Answers:
    given = case.inputs
    penalty = float(given["lam"])

    @cache
    def activity() -> npt.NDArray[np.bool_]:
        spikes = np.loadtxt(case.data(given["file"]), delimiter=",", skiprows=1)
        found = inference.bin_spikes(spikes[:, 0], spikes[:, 1], width=float(given["bin_s"]), bins=int(given["bins"]))
        return found.activity

    fitted = cache(lambda: inference.fit(activity(), penalty=penalty, standard_errors=False))
    nulls = len(case.expected.get("null_circular_shift_plug_in", [0]))
    produced = cache(lambda: inference.entropy_production(activity(), penalty=penalty, nulls=nulls, draws=100))

    def plug_in_null() -> Judged:
        return Judged(float(produced().shifted.plug_in.max()) / (SHARE * float(case.expected["EP_plug_in_per_bin"])))

    def cross_fitted_null() -> Judged:
        return Judged(float(np.abs(produced().shifted.cross_fit).max()) / CROSS_FITTED)

    return {
        **judged(
            case,
            {
                **of_activity(activity, fitted),
                "EP_plug_in_per_bin": ("EP_abs", lambda: produced().plug_in),
                "EP_crossfit_per_bin": ("EP_abs", lambda: produced().cross_fit),
            },
        ),
        "null_circular_shift_plug_in": plug_in_null,
        "null_circular_shift_crossfit": cross_fitted_null,
    }


def rng(case: Case) -> Answers:
    """The portable generator itself, on which all inferred cases rest."""

    def first(seed: int, number: Callable[[SplitMix], object]) -> list[object]:
        source = SplitMix(seed)
        return [number(source) for _ in range(4)]

    drawn = case.inputs["instance"]
    fields, couplings = instance(drawn["N"], drawn["J0"], drawn["delta_J"], drawn["seed"], drawn["field"])
    answers: dict[str, tuple[str, Callable[[], object]]] = {
        "H": ("J_abs", lambda: fields),
        "J": ("J_abs", lambda: couplings),
    }
    for seed in map(int, case.inputs["seeds"]):
        answers |= {
            f"u64_seed{seed}_hex": ("exact", lambda seed=seed: first(seed, lambda source: f"{source.u64():016x}")),
            f"uniform_seed{seed}": ("exact", lambda seed=seed: first(seed, SplitMix.uniform)),
            f"normal_seed{seed}": ("normal_abs", lambda seed=seed: first(seed, SplitMix.normal)),
        }
    return judged(case, answers)


KINDS: dict[str, Kind] = {"inverse": inverse, "real": real, "rng": rng}
