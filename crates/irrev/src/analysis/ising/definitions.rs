//! Definitions of quantities of kinetic Ising networks; all are per spin.

use irrev_report::{Definition, text};

use crate::analysis::define_quantities;

const AGUILERA: &str = "Aguilera, Igarashi and Shimazaki, Nat. Commun. 14, 3685 (2023)";
const CRISANTI: &str = "Crisanti and Sompolinsky, Phys. Rev. A 37, 4865 (1988)";
const GLAUBER: &str = "Glauber, J. Math. Phys. 4, 294 (1963)";
const PLEFKA: &str = "Aguilera, Moosavi and Shimazaki, Nat. Commun. 12, 1197 (2021)";

const BARNETT: &str = "Barnett, Lizier, Harré, Seth and Bossomaier, Phys. Rev. Lett. 111, 177203 (2013)";
const MEIJERS: &str = "Meijers, Ito and ten Wolde, Phys. Rev. E 103, L010102 (2021)";

const PRODUCTION: &str = r"\sigma = \frac{\beta}{N}\sum_{ij}(J_{ij}-J_{ji})\langle s_i(t+1)s_j(t)\rangle,\quad \dot\sigma = \frac1N\sum_i\left\langle w_i(s)\ln\frac{w_i(s)}{w_i(F_i s)}\right\rangle";
const CONDITIONAL: &str = r"S_c = \frac1N\sum_i\langle \ln 2\cosh h_i - h_i\tanh h_i\rangle";

define_quantities! {
    INFINITE_MAGNETIZATION = (
        "infinite_magnetization", "magnetisation, N → ∞", r"m", "1", r"m = \mathrm E_H\int Dz\,\tanh(\beta(H + J_0 m) + \beta\Delta J z)",
        "Mean of a spin in a network of infinitely many, on the branch that the start leads to.", CRISANTI,
    );
    INFINITE_OVERLAP = (
        "infinite_overlap", "overlap, N → ∞", r"q", "1", r"q = \mathrm E_H\iint \tanh x\tanh y,\quad \mathrm{corr}(x,y) = q",
        "Mean product of a spin with itself at two distant times: how much of the state is frozen.", CRISANTI,
    );
    INFINITE_EVEN_MAGNETIZATION = (
        "infinite_even_magnetization", "magnetisation after even steps, N → ∞", r"m_a", "1", r"m_a = F(m_b),\quad m_b = F(m_a),\quad F(m) = \mathrm E\tanh h",
        "Mean of a spin after even steps of parallel updates that alternate, counted from the start.", CRISANTI,
    );
    INFINITE_ODD_MAGNETIZATION = (
        "infinite_odd_magnetization", "magnetisation after odd steps, N → ∞", r"m_b", "1", r"m_a = F(m_b),\quad m_b = F(m_a),\quad F(m) = \mathrm E\tanh h",
        "Mean of a spin after odd steps of parallel updates that alternate, counted from the start.", CRISANTI,
    );
    INFINITE_SUCCESSIVE_OVERLAP = (
        "infinite_successive_overlap", "successive overlap, N → ∞", r"q_{ab}", "1", r"q_{ab} = \mathrm E_H\iint \tanh x_a\tanh x_b,\quad \mathrm{corr}(x_a,x_b) = q_{ab}",
        "Mean product of a spin with itself an odd number of steps apart, where parallel updates alternate.", CRISANTI,
    );
    ALTERNATION_INVERSE_TEMPERATURE = (
        "alternation_inverse_temperature", "inverse temperature of alternation", r"\beta_2", "1/energy", r"-\beta_2 J_0 \,\mathrm E_H\int Dz\,\mathrm{sech}^2(\beta_2(H+\Delta J z)) = 1",
        "Inverse temperature beyond which parallel updates with a negative mean coupling alternate between two magnetisations.", AGUILERA,
    );
    INFINITE_GAIN = (
        "infinite_gain", "gain, N → ∞", r"k", "1", r"k = \mathrm E\,\mathrm{sech}^2 h",
        "Mean response of a spin to its local field: 1 at high temperature, 0 where fields decide everything.", AGUILERA,
    );
    INFINITE_CONDITIONAL_ENTROPY = (
        "infinite_conditional_entropy", "conditional entropy, N → ∞", r"S_c/N", "nats", r"S_c/N = \mathrm E[\ln 2\cosh h - h\tanh h]",
        "Entropy of a spin that is refreshed, given the state before: how random the motion is. With the entropy production it tells order near criticality from strong disorder.", AGUILERA,
    );
    INFINITE_REVERSED_ENTROPY = (
        "infinite_reversed_entropy", "reversed conditional entropy, N → ∞", r"S_r/N", "nats", r"S_r = S_c + \sigma",
        "Surprise about the step before, given the state after, by the law of the forward process.", AGUILERA,
    );
    INFINITE_ENTROPY_PRODUCTION = (
        "infinite_entropy_production", "entropy production, N → ∞", r"\sigma/N", "nats", r"\sigma/N = (\beta\Delta J)^2 k (1-q),\quad \dot\sigma/N = (\beta\Delta J)^2 k \left[1-\int_0^\infty e^{-\tau}C(\tau)\,d\tau\right]",
        "How irreversible the network is, per spin and step of parallel updates, or per spin and unit of time of updates one at a time.", AGUILERA,
    );
    INFINITE_FLIP_RATE = (
        "infinite_flip_rate", "flip rate, N → ∞", r"-C'(0)/2", "1", r"-\tfrac12 C'(0)",
        "Part of the spins that turn over per step or unit of time.", GLAUBER,
    );
    INFINITE_SUSCEPTIBILITY = (
        "infinite_susceptibility", "susceptibility, N → ∞", r"\chi", "1/energy", r"\chi = \frac{dm}{dH} = \frac{\beta k}{1-J_0\beta k}",
        "Change of the magnetisation with a field; diverges at criticality.", CRISANTI,
    );
    INFINITE_FEEDBACK = (
        "infinite_feedback", "feedback, N → ∞", r"J_0\beta k", "1", r"J_0\beta k = \frac{d}{dm}\,\mathrm E\tanh h",
        "How much of a small deviation of the magnetisation comes back; the state is stable below 1 and critical at 1.", CRISANTI,
    );
    CRITICAL_INVERSE_TEMPERATURE = (
        "critical_inverse_temperature", "critical inverse temperature", r"\beta_c", "1/energy", r"\beta_c J_0 \,\mathrm E_H\int Dz\,\mathrm{sech}^2(\beta_c(H+\Delta J z)) = 1",
        "Inverse temperature at which m = 0 loses stability; infinite if it is stable at all temperatures.", AGUILERA,
    );
    CRITICAL_SPREAD = (
        "critical_spread", "critical spread of the couplings", r"\Delta J_c", "energy", r"\beta J_0 \,\mathrm E_H\int Dz\,\mathrm{sech}^2(\beta(H+\Delta J_c z)) = 1",
        "Largest spread of the couplings with order at this temperature; at zero temperature and without fields √(2/π) J₀.", AGUILERA,
    );
    DISTANCE_TO_CRITICALITY = (
        "distance_to_criticality", "distance to criticality", r"\beta/\beta_c - 1", "1", r"\beta/\beta_c - 1",
        "Negative in the disordered phase, positive in the ordered one.", AGUILERA,
    );
    ZERO_TEMPERATURE_MAGNETIZATION = (
        "zero_temperature_magnetization", "magnetisation at zero temperature", r"m_\infty", "1", r"m = \mathrm E_H\,\mathrm{erf}\frac{J_0m+H}{\sqrt2\,\Delta J}",
        "Magnetisation of the same couplings and fields for β → ∞.", CRISANTI,
    );
    ZERO_TEMPERATURE_ENTROPY_PRODUCTION = (
        "zero_temperature_entropy_production", "entropy production over β at zero temperature", r"\lim\sigma/(N\beta)", "energy", r"\lim_{\beta\to\infty}\sigma/(N\beta)",
        "Slope with which the entropy production per spin grows with β in the end: the work of the couplings.", AGUILERA,
    );
    ZERO_TEMPERATURE_CONDITIONAL_ENTROPY = (
        "zero_temperature_conditional_entropy", "β times conditional entropy at zero temperature", r"\lim\beta S_c/N", "energy", r"\lim_{\beta\to\infty}\beta S_c/N = \frac{\pi^2}{6}\rho(0)",
        "With which the conditional entropy vanishes: what is left are spins whose fields vanish.", AGUILERA,
    );
    QUENCH_MAGNETIZATION = (
        "quench_magnetization", "magnetisation at the end of the quench", r"m_T", "1", r"m_{t+1} = \mathrm E_H\int Dz\,\tanh(\beta(H+J_0m_t)+\beta\Delta J z)",
        "Magnetisation of infinitely many spins after the last step that was followed.", CRISANTI,
    );
    QUENCH_BATH_ENTROPY = (
        "quench_bath_entropy", "entropy sent to the bath by the quench", r"\sum_t\sigma^{\mathrm{bath}}_t/N", "nats", r"\sigma^{\mathrm{bath}}_t = \sum_i\langle s_i'h_i(s)-\ln2\cosh h_i(s)-s_ih_i(s')+\ln2\cosh h_i(s')\rangle",
        "Entropy per spin that went to the bath in all steps that were followed.", AGUILERA,
    );
    EXACT_MAGNETIZATION = (
        "exact_magnetization", "magnetisation", r"\frac1N\sum_i\langle s_i\rangle", "1", r"m = \frac1N\sum_i\langle s_i\rangle",
        "Mean of all spins in the stationary state of the enumerated network.", GLAUBER,
    );
    EXACT_ENTROPY_PRODUCTION = (
        "exact_entropy_production", "entropy production per spin", r"\sigma/N", "nats", PRODUCTION,
        "How irreversible the enumerated network is, per step or unit of time. Zero for symmetric couplings (without self-couplings, if spins are updated one at a time).", AGUILERA,
    );
    EXACT_CONDITIONAL_ENTROPY = (
        "exact_conditional_entropy", "conditional entropy per spin", r"S_c/N", "nats", CONDITIONAL,
        "Entropy of refreshed spins given the state before, in the stationary state of the enumerated network.", AGUILERA,
    );
    EXACT_REVERSED_ENTROPY = (
        "exact_reversed_entropy", "reversed conditional entropy per spin", r"S_r/N", "nats", r"S_r = -\sum_{s,s'}\pi(s)P(s'|s)\ln P(s|s') = S_c + \sigma",
        "Surprise about the state before, given the state after, by the law of the forward process.", AGUILERA,
    );
    EXACT_STATE_ENTROPY = (
        "exact_state_entropy", "entropy of the stationary law per spin", r"S/N", "nats", r"S = -\sum_s\pi(s)\ln\pi(s)",
        "ln 2 if all states are alike, 0 if one is frozen.", GLAUBER,
    );
    EXACT_FLIP_RATE = (
        "exact_flip_rate", "flip rate per spin", r"\frac1N\sum_i\langle w_i\rangle", "1", r"\frac1N\sum_i\langle\tfrac12(1-s_i\tanh h_i)\rangle",
        "Part of the spins that turn over per step or unit of time, in the enumerated network.", GLAUBER,
    );
    MEAN_FIELD_ENTROPY_PRODUCTION = (
        "mean_field_entropy_production", "entropy production per spin by mean field", r"\sigma_{\mathrm{mf}}/N", "nats", r"\sigma = \beta\sum_{ij}(J_{ij}-J_{ji})(D_{ij}+m_im_j)",
        "Entropy production of the stationary state of the pairwise theory Plefka2[t], one of those that the table compares.", PLEFKA,
    );
    SIMULATED_MAGNETIZATION = (
        "simulated_magnetization", "magnetisation, simulated", r"m", "1", r"m = \frac1N\sum_i\langle s_i\rangle",
        "Mean of all spins over time and replicas, and over draws of the network if there are several.", GLAUBER,
    );
    SIMULATED_MAGNITUDE = (
        "simulated_magnitude", "magnitude of the magnetisation, simulated", r"\langle|m|\rangle", "1", r"\left\langle\left|\frac1N\sum_is_i\right|\right\rangle",
        "Does not vanish where replicas order in opposite directions.", GLAUBER,
    );
    SIMULATED_ENTROPY_PRODUCTION = (
        "simulated_entropy_production_per_spin", "entropy production per spin, simulated", r"\sigma/N", "nats", r"\sigma = \left\langle\sum_i\tanh(h_i)\,\beta[(Js)_i-(J^{\mathsf T}s)_i]\right\rangle,\quad \dot\sigma = \sum_i\langle(\tanh h_i-s_i)h_i\rangle",
        "Means given the state before replace what can be averaged by hand, which makes errors much smaller than counting would.", AGUILERA,
    );
    SIMULATED_CONDITIONAL_ENTROPY = (
        "simulated_conditional_entropy", "conditional entropy per spin, simulated", r"S_c/N", "nats", CONDITIONAL,
        "Entropy of refreshed spins given the state before.", AGUILERA,
    );
    SIMULATED_FLIP_RATE = (
        "simulated_flip_rate", "flip rate per spin, simulated", r"\frac1N\sum_i\langle w_i\rangle", "1", r"\frac1N\sum_i\langle\tfrac12(1-s_i\tanh h_i)\rangle",
        "Part of the spins that turn over per step or unit of time.", GLAUBER,
    );
    SIMULATED_BATH_ENTROPY = (
        "simulated_bath_entropy", "entropy sent to the bath per spin, simulated", r"\sigma^{\mathrm{bath}}/N", "nats", r"\sigma^{\mathrm{bath}} = \sum_i\langle s_i'h_i(s)-\ln2\cosh h_i(s)-s_ih_i(s')+\ln2\cosh h_i(s')\rangle",
        "Equal to the entropy production once the network is stationary.", AGUILERA,
    );
    EXTRAPOLATED_MAGNETIZATION = (
        "extrapolated_magnetization", "magnetisation, extrapolated to N → ∞", r"m", "1", r"a_0 + a_1/N\;(+\,a_2/N^2)",
        "Intercept of a polynomial in 1/N through averages over draws of several sizes.", AGUILERA,
    );
    EXTRAPOLATED_ENTROPY_PRODUCTION = (
        "extrapolated_entropy_production", "entropy production per spin, extrapolated to N → ∞", r"\sigma/N", "nats", r"a_0 + a_1/N\;(+\,a_2/N^2)",
        "Intercept of a polynomial in 1/N; where the exact magnetisation is known, that of each draw serves as control variate.", AGUILERA,
    );
    EXTRAPOLATED_CONDITIONAL_ENTROPY = (
        "extrapolated_conditional_entropy", "conditional entropy per spin, extrapolated to N → ∞", r"S_c/N", "nats", r"a_0 + a_1/N\;(+\,a_2/N^2)",
        "Intercept of a polynomial in 1/N; where the exact magnetisation is known, that of each draw serves as control variate.", AGUILERA,
    );
    EXTRAPOLATED_FLIP_RATE = (
        "extrapolated_flip_rate", "flip rate per spin, extrapolated to N → ∞", r"\frac1N\sum_i\langle w_i\rangle", "1", r"a_0 + a_1/N\;(+\,a_2/N^2)",
        "Intercept of a polynomial in 1/N; where the exact magnetisation is known, that of each draw serves as control variate.", AGUILERA,
    );
    PAIR_TEMPERATURE = (
        "pair_transfer_temperature", "temperature of the largest transfer entropy between neighbours", r"T_{\mathrm{pair}}", "energy",
        r"T_{\mathrm{pair}} = \arg\max_T I(s_i'; s_j|s_i)",
        "Where a spin learns most from one of its neighbours: near the transition.", BARNETT,
    );
    GLOBAL_TEMPERATURE = (
        "global_transfer_temperature", "temperature of the largest transfer entropy from all spins", r"T_{\mathrm{gl}}", "energy",
        r"T_{\mathrm{gl}} = \arg\max_T I(s_i'; s|s_i)",
        "Where a spin learns most from the whole lattice: above the transition, in the disordered phase.", BARNETT,
    );
    INPUT_INFORMATION_FLOW = (
        "input_information_flow", "information flow from the input to the lattice", r"\dot I", "nats/time",
        r"\dot I = \sum_{k>0} \sum J \ln\frac{p(s_0|s_{-0}')}{p(s_0|s_{-0})}",
        "Rate at which the spins beside the input learn of it; the flips of the input forget as much.", MEIJERS,
    );
    LATTICE_ENTROPY_PRODUCTION = (
        "lattice_entropy_production_rate", "entropy production rate of the driven lattice", r"\dot\Sigma", "nats/time",
        r"\dot\Sigma = \sum_k \sigma_k", "Of all spins together, the input among them.", MEIJERS,
    );
    INPUT_INFORMATION = (
        "input_information", "what the lattice knows of the input", r"I(s_0; s_{-0})", "nats", r"I(s_0; s_{-0})",
        "Mutual information of the input and all other spins at one time.", MEIJERS,
    );
}

/// What the names mean that sweeps of spins may show, [`super::SCALARS`]: one definition whichever way a point is computed.
pub(in crate::analysis) fn of_scalars() -> Vec<Definition> {
    [
        (
            "magnetization",
            EXACT_MAGNETIZATION,
            "Mean of all spins; over even and odd steps where parallel updates of infinitely many alternate.",
        ),
        (
            "even_magnetization",
            INFINITE_EVEN_MAGNETIZATION,
            "Mean of all spins after even steps, which differs from that after odd ones where parallel updates of infinitely many alternate.",
        ),
        (
            "odd_magnetization",
            INFINITE_ODD_MAGNETIZATION,
            "Mean of all spins after odd steps.",
        ),
        (
            "overlap",
            INFINITE_OVERLAP,
            "Mean product of a spin with itself at two distant times, of infinitely many spins.",
        ),
        (
            "gain",
            INFINITE_GAIN,
            "Mean response of a spin to its local field, of infinitely many spins.",
        ),
        (
            "conditional_entropy",
            EXACT_CONDITIONAL_ENTROPY,
            "Entropy of refreshed spins given the state before: with the entropy production it tells order near criticality from strong disorder.",
        ),
        (
            "reversed_entropy",
            EXACT_REVERSED_ENTROPY,
            "Surprise about the state before, given the state after, by the law of the forward process.",
        ),
        (
            "entropy_production",
            EXACT_ENTROPY_PRODUCTION,
            "How irreversible the network is, per step of parallel updates or per unit of time of updates one at a time.",
        ),
        (
            "flip_rate",
            EXACT_FLIP_RATE,
            "Part of the spins that turn over per step or unit of time.",
        ),
        (
            "state_entropy",
            EXACT_STATE_ENTROPY,
            "Entropy of the stationary law of few spins: ln 2 if all states are alike, 0 if one is frozen.",
        ),
        (
            "distance_to_criticality",
            DISTANCE_TO_CRITICALITY,
            "Negative in the disordered phase, positive in the ordered one, of infinitely many spins without a mean field.",
        ),
    ]
    .map(|(name, definition, explanation)| Definition {
        name: text(name),
        label: definition.label.trim_end_matches(", N → ∞").to_owned().into(),
        explanation: format!("{explanation} Along a sweep of spins: by the exact solution for N → ∞, all states, or a simulation.").into(),
        ..definition
    })
    .to_vec()
}
