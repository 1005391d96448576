//! Definitions of quantities of the parts of a system; those of a motion share the first two.

use crate::analysis::define_quantities;

const HOROWITZ: &str = "Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014)";
const YOSHIDA: &str = "Yoshida, Okada, Muneyuki and Ito, arXiv:2112.04024 (2021)";
const ESPOSITO: &str = "Esposito, Phys. Rev. E 85, 041125 (2012)";
const ITO_OIZUMI_AMARI: &str = "Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020)";

define_quantities! {
    PART_ENTROPY_PRODUCTION = (
        "part_entropy_production", "entropy production of a part", r"\dot\sigma_k", "nats/time",
        r"\dot\sigma_k = \sum_{k\text{-edges}} J \ln\frac{j^+}{j^-} = \mathrm{env}_k + \frac{dS_k}{dt} - \dot I_k \ge 0",
        "What the jumps of one subsystem, or the motion ∫ J²/(D p) dx of one coordinate, contribute to the entropy production: never negative, although its surroundings may lose entropy.",
        HOROWITZ,
    );
    INFORMATION_FLOW = (
        "information_flow", "information flow of a part", r"\dot I_k", "nats/time",
        r"\dot I_k = \sum_{k\text{-edges}} J \ln\frac{p(z_{-k}|z_k')}{p(z_{-k}|z_k)}",
        "Rate at which the jumps of one subsystem, or the motion ∫ J ∂ ln p(rest|x) dx of one coordinate, make it and the others know more of each other; in a stationary state all of them sum to zero.",
        HOROWITZ,
    );
    ENVIRONMENT_FLOW = (
        "environment_flow", "entropy that a part delivers to its surroundings", r"\mathrm{env}_k", "nats/time",
        r"\mathrm{env}_k = \sum_{k\text{-edges}} J \ln\frac{k^+}{k^-}",
        "Entropy flow of the jumps of one subsystem into its surroundings. Negative in a stationary state, the subsystem is a demon: it lives on information.",
        HOROWITZ,
    );
    MANY_BODY_FLOW = (
        "many_body_flow", "information flow of a part that no pair shares", r"\dot I_k^{(>2)}", "nats/time",
        r"\dot I_k^{(>2)} = \dot I_k - \dot I_k^{(2)} = \sum_{n>2}\dot I_k^{(n)}",
        "Part of the information flow that is not made of flows between pairs of subsystems but of correlations of three and more.",
        YOSHIDA,
    );
    TOTAL_CORRELATION = (
        "total_correlation", "total correlation of the parts", r"I", "nats", r"I = \sum_k S_k - S",
        "What the subsystems know of each other: the mutual information for two of them.", "Watanabe, IBM J. Res. Dev. 4, 66 (1960)",
    );
    TOTAL_CORRELATION_RATE = (
        "total_correlation_rate", "rate of the total correlation at the start", r"\frac{dI}{dt}", "nats/time", r"\frac{dI}{dt} = \sum_k \dot I_k",
        "Rate at which the subsystems come to know more of each other, at the initial distribution.", HOROWITZ,
    );
    APPARENT_ENTROPY_PRODUCTION = (
        "apparent_entropy_production", "entropy production that an observer of some parts sees", r"\tilde\sigma", "nats/time",
        r"\tilde\sigma = \sum_{K,L} (\Omega_{KL} - \Omega_{LK})\ln\frac{\Omega_{KL}}{\Omega_{LK}} \le \sum_k \sigma_k",
        "Entropy production of the jumps between the states of some of the subsystems, the others summed over.", ESPOSITO,
    );
    SAMPLED_ENTROPY_PRODUCTION = (
        "sampled_entropy_production", "entropy production between two looks, per time", r"D/\Delta t", "nats/time",
        r"D = \sum P(z',z)\ln\frac{T(z'|z)p(z)}{T(z|z')p'(z')}",
        "Divergence of one step from the nearest one whose backward transitions are those of the process, divided by the time between looks.",
        ITO_OIZUMI_AMARI,
    );
    NONADDITIVITY = (
        "nonadditivity", "entropy production between two looks that no part has", r"(D - \sum_k D_k)/\Delta t", "nats/time",
        r"D - \sum_k D_k",
        "What the entropy production of a step exceeds those of the subsystems by; it vanishes with the time between looks.",
        ITO_OIZUMI_AMARI,
    );
    STOCHASTIC_INTERACTION = (
        "stochastic_interaction", "stochastic interaction between two looks", r"\Phi_{\mathrm{SI}}", "nats",
        r"\Phi_{\mathrm{SI}} = \sum_k H(z_k'|z_k) - H(z'|z)",
        "How far a step of the whole is from independent steps of the subsystems.", "Ay, Entropy 17, 2432 (2015)",
    );
    INTEGRATED_INFORMATION = (
        "integrated_information", "integrated information between two looks", r"\Phi_G", "nats",
        r"\Phi_G = \min_Q D(P\Vert Q),\quad Q(z_k'|z) = Q(z_k'|z_k)",
        "How far a step of the whole is from steps in which no subsystem is told anything by the others.",
        "Oizumi, Tsuchiya and Amari, Proc. Natl. Acad. Sci. USA 113, 14817 (2016)",
    );
}
