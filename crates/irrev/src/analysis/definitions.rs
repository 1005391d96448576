//! One definition for each reported quantity: its name, symbol, unit, formula and source.
//!
//! The same text feeds the report, `irrev explain` and the Python documentation.

use irrev_report::Definition;

/// Shorthand for a definition; every field is static text.
pub(crate) const fn define(
    name: &'static str,
    label: &'static str,
    symbol: &'static str,
    unit: &'static str,
    formula: &'static str,
    explanation: &'static str,
    source: &'static str,
) -> Definition {
    Definition {
        name: irrev_report::text(name),
        label: irrev_report::text(label),
        symbol: irrev_report::text(symbol),
        unit: irrev_report::text(unit),
        formula: irrev_report::text(formula),
        explanation: irrev_report::text(explanation),
        source: irrev_report::text(source),
    }
}

const SCHNAKENBERG: &str = "Schnakenberg, Rev. Mod. Phys. 48, 571 (1976)";
const GEOMETRIC: &str = "Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023)";
const HATANO_SASA: &str = "Hatano and Sasa, Phys. Rev. Lett. 86, 3463 (2001); Esposito and Van den Broeck, Phys. Rev. Lett. 104, 090601 (2010)";
const RAO_ESPOSITO: &str = "Rao and Esposito, Phys. Rev. X 6, 041064 (2016)";
const INFORMATION: &str = "Kolchinsky, Dechant, Yoshimura and Ito, arXiv:2206.14599 (2022)";
const SEIFERT: &str = "Seifert, Rep. Prog. Phys. 75, 126001 (2012)";
const GILLESPIE: &str = "Gillespie, J. Phys. Chem. 81, 2340 (1977)";
const MUNSKY: &str = "Munsky and Khammash, J. Chem. Phys. 124, 044104 (2006)";
const MAAS: &str = "Maas, J. Funct. Anal. 261, 2250 (2011); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023)";
const ERBAR: &str = "Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012)";
const BOBKOV: &str = "Bobkov and Tetali, J. Theor. Probab. 19, 289 (2006)";
const REDNER: &str = "Redner, A Guide to First-Passage Processes (2001)";

/// Definitions as constants `NAME = (name, label, symbol, unit, formula, explanation, source);` and a function `all` that lists them.
macro_rules! define_quantities {
    ($($constant:ident = ($($field:expr),* $(,)?);)*) => {
        $(pub(crate) const $constant: irrev_report::Definition = $crate::analysis::define($($field),*);)*

        /// Every definition, in the order of this file.
        #[must_use]
        pub(crate) fn all() -> Vec<irrev_report::Definition> {
            vec![$($constant),*]
        }
    };
}
pub(crate) use define_quantities;

/// Shown by sweeps only; reports give it for each reservoir.
pub(super) const CHEMICAL_WORK: Definition = define(
    "chemical_work",
    "chemical work of the reservoirs",
    r"\dot W_{\mathrm{chem}}",
    "energy/time",
    r"\dot W_{\mathrm{chem}} = -\sum_r \mu_r I_r",
    "Energy that particles bring from all reservoirs per unit of time; I_r is the current of particles into reservoir r.",
    SEIFERT,
);

define_quantities! {
    ENTROPY_PRODUCTION_RATE = (
        "entropy_production_rate", "entropy production rate", r"\dot\Sigma", "nats/time",
        r"\dot\Sigma = \sum_e (j_e^+ - j_e^-)\ln\frac{j_e^+}{j_e^-}",
        "Rate at which the process makes entropy in the stationary state: how distinguishable it is from its time reversal. Zero only in equilibrium; infinite if a jump has no reverse.",
        SCHNAKENBERG,
    );
    ACTIVITY = (
        "activity", "activity", r"A", "1/time", r"A = \sum_e (j_e^+ + j_e^-)",
        "Jumps per unit time in both directions, in the stationary state.", SEIFERT,
    );
    MOBILITY = (
        "mobility", "dynamical state mobility", r"M", "1/time", r"M = \sum_e L_e,\quad L_e = \frac{j_e^+ - j_e^-}{\ln(j_e^+/j_e^-)}",
        "Sum of the edge Onsager coefficients, the conductance of the network to forces.", "Van Vu and Saito, Phys. Rev. X 13, 011013 (2023)",
    );
    ENTROPY_PER_JUMP = (
        "entropy_per_jump", "entropy per jump", r"\dot\Sigma/A", "nats", r"\dot\Sigma/A",
        "Entropy produced per jump: 0 in equilibrium, above about 1 when most jumps are hardly ever undone.", SEIFERT,
    );
    INITIAL_ENTROPY_PRODUCTION_RATE = (
        "initial_entropy_production_rate", "entropy production rate at the start", r"\dot\Sigma(0)", "nats/time",
        r"\dot\Sigma = \sum_e (j_e^+ - j_e^-)\ln\frac{j_e^+}{j_e^-}",
        "Entropy production rate at the initial distribution; infinite where a state is empty at first.", SCHNAKENBERG,
    );
    GEOMETRIC_EXCESS = (
        "geometric_excess", "geometric excess", r"\dot\Sigma_{\mathrm{ex}}", "nats/time",
        r"\dot\Sigma_{\mathrm{ex}} = \sum_e L_e (B^{\mathsf T}\psi)_e^2,\quad B L B^{\mathsf T}\psi = \dot p",
        "Least entropy production rate with which the same mobility could move the state in the same way, at the initial distribution.", GEOMETRIC,
    );
    GEOMETRIC_HOUSEKEEPING = (
        "geometric_housekeeping", "geometric housekeeping", r"\dot\Sigma_{\mathrm{hk}}", "nats/time",
        r"\dot\Sigma_{\mathrm{hk}} = \sum_e L_e (F_e - (B^{\mathsf T}\psi)_e)^2",
        "What is spent on circulating currents that do not move the state, at the initial distribution.", GEOMETRIC,
    );
    NONADIABATIC = (
        "nonadiabatic", "nonadiabatic (Hatano–Sasa excess)", r"\dot\Sigma_{\mathrm{na}}", "nats/time",
        r"\dot\Sigma_{\mathrm{na}} = -\frac{d}{dt} D(p\Vert\pi)",
        "Rate at which the distance to the stationary state falls, at the initial distribution.", HATANO_SASA,
    );
    ADIABATIC = (
        "adiabatic", "adiabatic (Hatano–Sasa housekeeping)", r"\dot\Sigma_{\mathrm{a}}", "nats/time",
        r"\dot\Sigma_{\mathrm{a}} = \sum_e J_e \ln\frac{k_e^+\pi_x}{k_e^-\pi_y}",
        "Cost of the stationary currents as seen from the present state, at the initial distribution.", HATANO_SASA,
    );
    INFORMATION_GEOMETRIC_EXCESS = (
        "information_geometric_excess", "information-geometric excess", r"\dot\Sigma_{\mathrm{ex}}^{\mathrm{ig}}", "nats/time",
        r"\dot\Sigma_{\mathrm{ex}}^{\mathrm{ig}} = \max_\varphi\; \varphi\cdot\dot p - \sum_e [j_e^-(e^{d_e}-1) + j_e^+(e^{-d_e}-1)],\; d = B^{\mathsf T}\varphi",
        "Least relative entropy from the reversed fluxes to fluxes that move the state equally, at the initial distribution.", INFORMATION,
    );
    SPECTRAL_GAP = (
        "spectral_gap", "spectral gap", r"\gamma", "1/time", r"\gamma = \min_{\lambda \ne 0} (-\mathrm{Re}\,\lambda)",
        "Rate of the slowest relaxation.", "van Kampen, Stochastic Processes in Physics and Chemistry, ch. V",
    );
    RELAXATION_TIME = (
        "relaxation_time", "relaxation time", r"1/\gamma", "time", r"\tau = 1/\gamma",
        "Time constant of the slowest relaxation.", "van Kampen, Stochastic Processes in Physics and Chemistry, ch. V",
    );
    COHERENCE = (
        "coherence", "coherence of oscillations", r"\mathcal R", "1", r"\mathcal R = \max_\lambda |\mathrm{Im}\,\lambda|/|\mathrm{Re}\,\lambda|",
        "Quality of the most coherent oscillation: 2π times the number of periods before it decays; 0 with detailed balance.",
        "Barato and Seifert, Phys. Rev. E 95, 062409 (2017)",
    );
    ENTROPIC_CURVATURE = (
        "entropic_curvature", "entropic curvature", r"\kappa", "1/time",
        r"\kappa = \inf_p \min_\psi \frac{\psi^{\mathsf T}\,\mathrm{Hess}\,D(p\Vert\pi)\,\psi}{\psi^{\mathsf T}K(p)\,\psi}",
        "Rate at which all relaxations approach each other in W₂ and at whose double relative entropy falls, if it is positive. The infimum is no convex problem: what a search finds is an upper estimate.",
        ERBAR,
    );
    ENTROPIC_CURVATURE_LOWER_BOUND = (
        "entropic_curvature_lower_bound", "proven lower bound of the entropic curvature", r"\kappa^-", "1/time", r"\kappa \ge \kappa^-",
        "What couplings of neighbouring states prove of the entropic curvature.",
        "Fathi and Maas, Ann. Appl. Probab. 26, 1774 (2016)",
    );
    CURVATURE_AT_START = (
        "curvature_at_start", "entropic curvature at the start", r"\kappa(p_0)", "1/time",
        r"\kappa(p) = \min_\psi \frac{\psi^{\mathsf T}\,\mathrm{Hess}\,D(p\Vert\pi)\,\psi}{\psi^{\mathsf T}K(p)\,\psi}",
        "Smallest curvature of relative entropy along the geodesics that leave the start.", ERBAR,
    );
    CURVATURE_AT_EQUILIBRIUM = (
        "curvature_at_equilibrium", "entropic curvature at equilibrium", r"\kappa(\pi)", "1/time", r"\kappa(\pi) = \gamma",
        "Smallest curvature of relative entropy at the stationary state: the spectral gap, Poincaré's constant.", ERBAR,
    );
    MODIFIED_LOG_SOBOLEV = (
        "modified_log_sobolev", "modified log-Sobolev constant", r"\alpha", "1/time", r"\alpha = \inf_p \frac{\dot\Sigma(p)}{2D(p\Vert\pi)} \le \gamma",
        "Largest rate with D(p(t)‖π) ≤ exp(−2αt) D(p(0)‖π) from whatever start; the lowest ratio that a search met is not below it.", BOBKOV,
    );
    MODIFIED_LOG_SOBOLEV_LOWER_BOUND = (
        "modified_log_sobolev_lower_bound", "proven lower bound of the modified log-Sobolev constant", r"\alpha^-", "1/time", r"\alpha \ge \kappa^-",
        "A positive curvature is a rate at which relative entropy falls from whatever start.", ERBAR,
    );
    ENTROPY_VARIANCE_RATE = (
        "entropy_variance_rate", "variance rate of the entropy production", r"\lim_t \mathrm{Var}\,S/t", "nats²/time",
        r"\lim_{t\to\infty} \mathrm{Var}\,S_t/t", "Fluctuations of the entropy delivered to the medium, per unit time.", SEIFERT,
    );
    ENTROPY_FANO_FACTOR = (
        "entropy_fano_factor", "Fano factor of the entropy production", r"F", "nats", r"F = \lim_t \mathrm{Var}\,S_t/\langle S_t\rangle \ge 2",
        "Variance over mean of the entropy delivered to the medium: 2 near equilibrium.", "Pigolotti, Neri, Roldán and Jülicher, Phys. Rev. Lett. 119, 140604 (2017)",
    );
    MEAN_CURRENT = (
        "mean", "mean rate", r"\langle \mathcal J\rangle", "1/time", r"\langle \mathcal J\rangle = \sum_e w_e J_e",
        "Stationary mean of the observable, summed over jumps with its weights.", SEIFERT,
    );
    VARIANCE_RATE = (
        "variance_rate", "variance rate", r"\lim_t \mathrm{Var}\,X/t", "1/time", r"\lim_{t\to\infty} \mathrm{Var}\,X_t/t",
        "Fluctuations of the time-integrated observable per unit time (twice its diffusion coefficient).", "Koza, J. Phys. A 32, 7637 (1999)",
    );
    DISSIPATION_BOUND = (
        "dissipation_bound", "dissipation seen by the observable", r"2\langle\mathcal J\rangle^2/\mathrm{Var}", "nats/time",
        r"\dot\Sigma \ge 2\langle\mathcal J\rangle^2/\lim_t(\mathrm{Var}\,X_t/t)",
        "Lower bound on the entropy production rate from mean and variance of this observable alone.", "Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015)",
    );
    HEAT_CURRENT = (
        "heat", "heat current into the reservoir", r"\dot Q_r", "energy/time", r"\dot Q_r = \sum_{e \in r} J_e [(E_x - E_y) - \mu_r (N_x - N_y) + w_e]",
        "Heat per unit time delivered to the reservoir in the stationary state; negative if the reservoir gives heat.", "Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010)",
    );
    PARTICLE_CURRENT = (
        "particles", "particle current into the reservoir", r"\dot N_r", "1/time", r"\dot N_r = \sum_{e \in r} J_e (N_x - N_y)",
        "Particles per unit time delivered to the reservoir in the stationary state.", "Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010)",
    );
    POWER = (
        "power", "power delivered", r"P", "energy/time", r"P = -(\dot W_{\mathrm{chem}} + \dot W_{\mathrm{drive}})",
        "Work per unit time that the system does on particle reservoirs and driving forces in the stationary state.", "Esposito, Lindenberg and Van den Broeck, EPL 85, 60010 (2009)",
    );
    ENGINE_EFFICIENCY = (
        "engine_efficiency", "efficiency", r"\eta", "1", r"\eta = P/\dot Q_{\mathrm{in}} \le 1 - T_c/T_h",
        "Power over the heat taken from all reservoirs but the coldest.", "Esposito, Lindenberg and Van den Broeck, EPL 85, 60010 (2009)",
    );
    COEFFICIENT_OF_PERFORMANCE = (
        "coefficient_of_performance", "coefficient of performance", r"\mathrm{COP}", "1", r"\dot Q_c/(-P) \le T_c/(T_h - T_c)",
        "Heat taken from the coldest reservoir over the power it costs.", "Callen, Thermodynamics, ch. 4",
    );
    ENTROPY_PRODUCTION = (
        "entropy_production", "entropy production over the interval", r"\Sigma", "nats", r"\Sigma = \int_0^\tau \dot\Sigma\,dt",
        "Entropy produced along the relaxation from the initial distribution.", SCHNAKENBERG,
    );
    EXCESS_ENTROPY_PRODUCTION = (
        "excess_entropy_production", "excess part over the interval", r"\Sigma_{\mathrm{ex}}", "nats", r"\Sigma_{\mathrm{ex}} = \int_0^\tau \dot\Sigma_{\mathrm{ex}}\,dt",
        "Integrated geometric excess.", GEOMETRIC,
    );
    NONADIABATIC_ENTROPY_PRODUCTION = (
        "nonadiabatic_entropy_production", "nonadiabatic part over the interval", r"\Sigma_{\mathrm{na}}", "nats", r"\Sigma_{\mathrm{na}} = D(p_0\Vert\pi) - D(p_\tau\Vert\pi)",
        "Integrated nonadiabatic part.", HATANO_SASA,
    );
    WASSERSTEIN_LENGTH = (
        "wasserstein_length", "Wasserstein length of the path", r"\ell", "√(nats·time)", r"\ell = \int_0^\tau \sqrt{\dot\Sigma_{\mathrm{ex}}}\,dt",
        "Length of the relaxation in the metric of the edge Onsager coefficients.", "Maas, J. Funct. Anal. 261, 2250 (2011)",
    );
    WASSERSTEIN2 = (
        "wasserstein2", "Wasserstein distance W₂", r"W_2", "√(nats·time)",
        r"W_2^2 = \min \int_0^1 \sum_e \frac{J_e^2}{L_e(p)}\,dt,\quad \dot p = B J,\quad L_e = \Lambda(k_e^+ p_x, k_e^- p_y)",
        "Length of the shortest path between two distributions in the metric of the edge Onsager coefficients, with or without detailed balance. Infinite if no path leads there.",
        MAAS,
    );
    WASSERSTEIN2_LOWER_BOUND = (
        "wasserstein2_lower_bound", "proven lower bound of W₂", r"W_2^-", "√(nats·time)",
        r"W_2^2 \ge 2(\psi_1\cdot p_1 - \psi_0\cdot p_0),\quad \dot\psi\cdot q + \tfrac12\sum_e L_e(q)(B^{\mathsf T}\psi)_e^2 \le 0",
        "A number that W₂ is not below, from a potential that satisfies the Hamilton–Jacobi inequality at all times.", MAAS,
    );
    WASSERSTEIN2_UPPER_BOUND = (
        "wasserstein2_upper_bound", "proven upper bound of W₂", r"W_2^+", "√(nats·time)",
        r"W_2^2 \le \int_0^1 \sum_e \frac{J_e^2}{L_e(p)}\,dt",
        "A number that W₂ is not above: the length of a path that exists.", MAAS,
    );
    WASSERSTEIN2_GAP = (
        "wasserstein2_gap", "relative width of the interval of W₂²", r"g", "1", r"g = 1 - (W_2^-/W_2^+)^2",
        "Width of the interval that is proven to hold the square of W₂, relative to it.", MAAS,
    );
    WASSERSTEIN1 = (
        "wasserstein1", "Wasserstein distance W₁", r"W_1", "length", r"W_1 = \min \sum_e \ell_e |f_e|,\quad B f = p_1 - p_0",
        "Least probability times distance that turns the one distribution into the other along the transitions, each of length 1 or as given.",
        "Kantorovich, Dokl. Akad. Nauk SSSR 37, 199 (1942); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023)",
    );
    TOTAL_MASS = (
        "total_mass", "total mass", "M", "mass", r"M = \sum_i m_i",
        "Mass on all states together, the same at both ends of a transport; 1 for distributions.",
        "Kantorovich, Dokl. Akad. Nauk SSSR 37, 199 (1942)",
    );
    TOTAL_VARIATION = (
        "total_variation", "total variation distance", r"\mathrm{TV}", "1", r"\mathrm{TV} = \tfrac12\sum_i |p_i - q_i|",
        "Probability that must change its state at least.", "Levin, Peres and Wilmer, Markov Chains and Mixing Times (2009), ch. 4",
    );
    LEAST_ENTROPY_PRODUCTION = (
        "least_entropy_production", "least entropy production in the given time", r"W_2^2/\tau", "nats", r"\Sigma \ge W_2^2/\tau",
        "Least entropy production with which a process of these mobilities, under whatever forces, goes from the one distribution to the other in the time: the geodesic attains it.",
        GEOMETRIC,
    );
    GEODESIC_LENGTH = (
        "geodesic_length", "length of the shortest path found", r"\ell", "√(nats·time)",
        r"\ell = \int_0^1 \Bigl(\sum_r \frac{J_r^2}{L_r(x)}\Bigr)^{1/2} dt,\quad \dot x = S J,\quad L_r = \Lambda(j_r^+, j_r^-)",
        "Length of a path between two states of a reaction network that no path near it undercuts. The distance is not more; beyond first-order kinetics a very different path may be shorter.",
        GEOMETRIC,
    );
    GEODESIC_EXCESS = (
        "geodesic_excess", "what a path near the one found may be shorter", r"\delta\ell", "√(nats·time)",
        r"\delta\ell \approx \frac{1}{2\ell}\int_0^1 \sum_r L_r (S^{\mathsf T} e)_r^2\,dt",
        "Estimate of what the discretisation and ends without some species leave open; e is what the path's potential differs by from that of the equations of motion.",
        GEOMETRIC,
    );
    GEODESIC_ENTROPY_PRODUCTION = (
        "geodesic_entropy_production", "entropy production along the path in the given time", r"\ell^2/\tau", "nats", r"\Sigma = \ell^2/\tau",
        "Least entropy production with which these Onsager coefficients, under whatever forces, follow the path in the time: at constant speed.",
        GEOMETRIC,
    );
    EXPECTED_JUMPS = (
        "expected_jumps", "expected number of jumps", r"\mathcal A", "1", r"\mathcal A = \int_0^\tau A\,dt",
        "Expected number of jumps over the interval.", SEIFERT,
    );
    CLAUSIUS_SUM = (
        "clausius_sum", "Clausius sum over the interval", r"\Delta S + \sum_r Q_r/T_r", "nats", r"\Delta S + \sum_r \frac{Q_r}{T_r} \ge 0",
        "Entropy change of the system plus heat over temperature of every reservoir.", "Clausius (1865); Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010)",
    );
    ENTROPY_CHANGE = (
        "entropy_change", "entropy change of the system", r"\Delta S", "nats", r"\Delta S = S(p_\tau) - S(p_0),\; S = -\sum_i p_i \ln (p_i/g_i)",
        "Change of the system's own entropy over the interval.", SEIFERT,
    );
    HEAT = (
        "heat_over_interval", "heat into the reservoir over the interval", r"Q_r", "energy", r"Q_r = \int_0^\tau \dot Q_r\,dt",
        "Heat delivered to the reservoir over the interval.", "Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010)",
    );
    WORK = (
        "work", "work of the protocol", r"\langle W\rangle", "energy", r"\langle W\rangle = \int_0^\tau \sum_i p_i \dot E_i\,dt",
        "Mean work done on the system by the changing energies.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    WORK_VARIANCE = (
        "work_variance", "variance of the work", r"\mathrm{Var}\,W", "energy²", r"\mathrm{Var}\,W",
        "Fluctuations of the work over repetitions of the protocol.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    FREE_ENERGY_CHANGE = (
        "free_energy_change", "change of the equilibrium free energy", r"\Delta F", "energy", r"\Delta F = -T\ln\frac{Z_\tau}{Z_0}",
        "Difference of the equilibrium free energies at the end and at the beginning of the protocol.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    JARZYNSKI_AVERAGE = (
        "jarzynski_average", "exponential average of the work", r"\langle e^{-W/T}\rangle", "1", r"\langle e^{-W/T}\rangle = e^{-\Delta F/T}",
        "Equals exp(−ΔF/T) for a start in equilibrium.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    MEAN_ENTROPY_PRODUCTION_RATE = (
        "mean_entropy_production_rate", "mean entropy production rate", r"\overline{\dot\Sigma}", "nats/time", r"\overline{\dot\Sigma} = \Sigma/\tau",
        "Entropy production over the protocol or the period, per unit time.", SEIFERT,
    );
    MEAN_ACTIVITY = (
        "mean_activity", "mean activity", r"\overline{A}", "1/time", r"\overline{A} = \frac1\tau\int_0^\tau A\,dt",
        "Jumps per unit time over the protocol or the period.", SEIFERT,
    );
    SLOWEST_RATE = (
        "slowest_rate", "rate of the slowest relaxation", r"\gamma", "1/time", r"\gamma = -\max_\lambda \mathrm{Re}\,\lambda(\partial\dot x/\partial x)",
        "Rate at which small disturbances of the steady state decay at last, on its stoichiometric class; negative if they grow.",
        "Feinberg, Foundations of Chemical Reaction Network Theory (2019)",
    );
    PERIOD = (
        "period", "period of the limit cycle", r"T", "time", r"\varphi_T(x) = x",
        "Time of one turn of the limit cycle.", GEOMETRIC,
    );
    ENTROPY_PRODUCTION_PER_PERIOD = (
        "entropy_production_per_period", "entropy production of one turn", r"\Sigma_T", "nats", r"\Sigma_T = \oint \dot\Sigma\,dt",
        "Entropy produced in one turn of the limit cycle.", GEOMETRIC,
    );
    EXCESS_PER_PERIOD = (
        "excess_per_period", "excess part of one turn", r"\Sigma_{\mathrm{ex},T}", "nats", r"\Sigma_{\mathrm{ex},T} = \oint \dot\Sigma_{\mathrm{ex}}\,dt",
        "Geometric excess over one turn: what moves the state round its orbit. It does not vanish although the state returns.", GEOMETRIC,
    );
    HOUSEKEEPING_PER_PERIOD = (
        "housekeeping_per_period", "housekeeping part of one turn", r"\Sigma_{\mathrm{hk},T}", "nats", r"\Sigma_{\mathrm{hk},T} = \oint \dot\Sigma_{\mathrm{hk}}\,dt",
        "Geometric housekeeping over one turn: what is spent on cycles of reactions that do not move the state.", GEOMETRIC,
    );
    GIBBS_ENERGY = (
        "gibbs_energy", "Gibbs energy of the dynamic species", r"G", "RT", r"G = \sum_i x_i(\mu_i^\circ + \ln x_i - 1)",
        "Ideal dilute Gibbs energy in units of RT, up to what conservation laws leave undetermined.", RAO_ESPOSITO,
    );
    STABILITY_EXCESS = (
        "stability_excess", "excess of the start against the steady state", r"\delta_X P", "nats/time", r"\delta_X P = \sum_r (J_r - J_r^\circ)(F_r - F_r^\circ)",
        "Excess entropy production of Glansdorff and Prigogine, reaction by reaction. For mass action it is the rate at which the distance to the steady state falls; with reactions that change the state alike taken for one it would say nothing.",
        "Glansdorff and Prigogine, Thermodynamic Theory of Structure, Stability and Fluctuations (1971)",
    );
    DIVERGENCE = (
        "divergence_decay", "rate at which the distance to the steady state falls", r"-\frac{dD}{dt}", "nats/time", r"-\frac{dD}{dt} = -\sum_i \dot x_i \ln\frac{x_i}{x_i^\circ}",
        "Decay of the relative entropy of the initial amounts to the steady ones.", "Ito, J. Phys. A 55, 054001 (2022)",
    );
    FISHER_INFORMATION_RATE = (
        "fisher_information_rate", "rate of the Fisher information of time at the start", r"\frac{dI}{dt}", "1/time³", r"I = \sum_i \dot x_i^2/x_i",
        "Positive where the motion speeds up, whatever its law.", "Ito, J. Phys. A 55, 054001 (2022)",
    );
    SEMIGRAND_ENERGY_RATE = (
        "semigrand_energy_rate", "rate of change of the semigrand Gibbs energy", r"\dot{\mathcal G}", "RT/time", r"\mathcal G = G - \sum_p \mu_p M_p",
        "Rate at which the part of the free energy that can be released falls or rises; zero in a steady state.", RAO_ESPOSITO,
    );
    CHEMICAL_WORK_RATE = (
        "chemical_work_rate", "chemical work of the reservoirs", r"\dot W_{\mathrm{chem}}", "RT/time", r"\dot W_{\mathrm{chem}} = \sum_y \mu_y I_y",
        "What the held species bring into the network per unit time.", RAO_ESPOSITO,
    );
    NONCONSERVATIVE_WORK_RATE = (
        "nonconservative_work_rate", "nonconservative work", r"\dot W_{\mathrm{nc}}", "RT/time", r"\dot W_{\mathrm{nc}} = \sum_f \mathcal F_f I_f",
        "Work of the fundamental forces that can drive currents for ever; in a steady state it is all that is dissipated.", RAO_ESPOSITO,
    );
    LEFTOVER_WORK_RATE = (
        "leftover_work_rate", "work of forces that no species accounts for", r"\sum_r a_r J_r", "RT/time", r"a_r = \ln K_r + \sum_i S_{ir}\mu_i^\circ",
        "Zero where the rate constants obey the Wegscheider conditions; otherwise what hidden driving does.", RAO_ESPOSITO,
    );
    SIMULATED_ENTROPY_PRODUCTION = (
        "simulated_entropy_production", "entropy production over the interval, simulated", r"\langle\Sigma\rangle", "nats",
        r"\Sigma = S_{\mathrm{med}} + \ln p_0(x_0) - \ln p_\tau(x_\tau)",
        "Mean total entropy production of a trajectory: what it delivers to the medium and the change of the system's own entropy.", SEIFERT,
    );
    SIMULATED_MEDIUM_ENTROPY = (
        "simulated_medium_entropy", "entropy delivered to the medium, simulated", r"\langle S_{\mathrm{med}}\rangle", "nats",
        r"S_{\mathrm{med}} = \sum_{\mathrm{jumps}} \ln\frac{a_r(n)}{a_{\bar r}(n')}",
        "Mean entropy that a trajectory delivers to its surroundings over the interval; infinite if a jump had no reverse.", SEIFERT,
    );
    SIMULATED_JUMPS = (
        "simulated_jumps", "number of jumps, simulated", r"\langle n\rangle", "1", r"n = \sum_r (n_r^+ + n_r^-)",
        "Mean number of jumps of a trajectory.", SEIFERT,
    );
    MEAN_COUNT = (
        "mean_count", "mean number of molecules", r"\langle n_i(\tau)\rangle", "1", r"\langle n_i(\tau)\rangle",
        "Mean number of molecules at the end of the interval.", GILLESPIE,
    );
    COUNT_VARIANCE = (
        "count_variance", "variance of the number of molecules", r"\mathrm{Var}\,n_i(\tau)", "1", r"\mathrm{Var}\,n_i(\tau)",
        "Variance of the number of molecules at the end of the interval; equal to the mean for a Poisson law.", GILLESPIE,
    );
    STATIONARY_MEAN_COUNT = (
        "stationary_mean_count", "stationary mean number of molecules", r"\langle n_i\rangle_\pi", "1", r"\sum_n \pi(n)\,n_i",
        "Mean of the stationary distribution of the chemical master equation, on a finite lattice that holds all but the stated probability.",
        MUNSKY,
    );
    STATIONARY_COUNT_VARIANCE = (
        "stationary_count_variance", "stationary variance of the number of molecules", r"\mathrm{Var}_\pi n_i", "1", r"\sum_n \pi(n)\,(n_i - \langle n_i\rangle_\pi)^2",
        "Variance of the stationary distribution of the chemical master equation.", MUNSKY,
    );
    COUNT_ENTROPY_PRODUCTION_RATE = (
        "count_entropy_production_rate", "entropy production rate on counts", r"\dot\Sigma_n", "nats/time",
        r"\dot\Sigma_n = \sum_{n,r} (a_r^+(n)\pi(n) - a_r^-(n')\pi(n'))\ln\frac{a_r^+(n)\pi(n)}{a_r^-(n')\pi(n')}",
        "Entropy production rate of the stationary chemical master equation, which for large systems approaches Ω times that of the concentrations.",
        "Schmiedl and Seifert, J. Chem. Phys. 126, 044101 (2007)",
    );
    EXPONENTIAL_ENTROPY_AVERAGE = (
        "exponential_entropy_average", "exponential average of the entropy production", r"\langle e^{-\Sigma}\rangle", "1",
        r"\langle e^{-\Sigma}\rangle = 1 - \lambda",
        "Integral fluctuation theorem: 1 minus the weight λ of reversed trajectories that no forward one undoes. Ruled by rare trajectories with negative Σ.",
        "Seifert, Phys. Rev. Lett. 95, 040602 (2005); Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014)",
    );
    EFFECTIVE_SAMPLE_SIZE = (
        "effective_sample_size", "effective sample size of the exponential average", r"n_{\mathrm{eff}}", "1", r"(\textstyle\sum w)^2/\sum w^2,\quad w = e^{-\Sigma}",
        "How many equal weights would know the exponential average as well: far fewer than the trajectories where rare ones rule it.",
        "Kong, University of Chicago technical report 348 (1992)",
    );
    NEGATIVE_ENTROPY_PROBABILITY = (
        "negative_entropy_probability", "probability of negative entropy production", r"P(\Sigma < 0)", "1", r"P(\Sigma < 0)",
        "Share of trajectories that produce negative entropy.", "Evans and Searles, Adv. Phys. 51, 1529 (2002)",
    );
    FLUCTUATION_SLOPE = (
        "fluctuation_slope", "slope of the detailed fluctuation theorem", r"m", "1", r"\ln\frac{P(\Sigma=s)}{P(\Sigma=-s)} = m\,s,\quad m = 1",
        "Slope of a line through the origin, fitted to the logarithm of the ratio of probabilities: 1 in the stationary state.",
        "Seifert, Phys. Rev. Lett. 95, 040602 (2005)",
    );
    MEAN_INFIMUM = (
        "mean_infimum", "mean infimum of the entropy production", r"\langle\inf\Sigma\rangle", "nats", r"\langle\textstyle\inf_{t\le\tau}\Sigma(t)\rangle \ge -1",
        "Mean of the smallest entropy production along a trajectory: not below −1 in a stationary state.",
        "Neri, Roldán and Jülicher, Phys. Rev. X 7, 011019 (2017)",
    );
    SIMULATED_CURRENT = (
        "simulated_current", "observable over the interval, simulated", r"\langle\mathcal J_\tau\rangle", "1", r"\mathcal J_\tau = \sum_e w_e (n_e^+ - n_e^-)",
        "Mean of the observable summed over the jumps of a trajectory.", SEIFERT,
    );
    SIMULATED_HEAT = (
        "simulated_heat", "heat into the reservoir, simulated", r"\langle Q_r\rangle", "energy", r"Q_r = T_r \sum_{\mathrm{jumps}} \ln\frac{k^+}{k^-}",
        "Mean heat that a trajectory delivers to the reservoir over the interval.", SEIFERT,
    );
    SIMULATED_WORK = (
        "simulated_work", "work of the protocol, simulated", r"\langle W\rangle", "energy", r"W = \int_0^\tau \dot E_{x(t)}(t)\,dt",
        "Mean work that the protocol does along a trajectory.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    SIMULATED_WORK_VARIANCE = (
        "simulated_work_variance", "variance of the work, simulated", r"\mathrm{Var}\,W", "energy²", r"\mathrm{Var}\,W",
        "Fluctuations of the work from trajectory to trajectory.", "Jarzynski, Phys. Rev. E 56, 5018 (1997)",
    );
    JARZYNSKI_FREE_ENERGY = (
        "jarzynski_free_energy", "free energy change from the work", r"\Delta F", "energy", r"\Delta F = -T\ln\langle e^{-W/T}\rangle",
        "Change of the equilibrium free energy as the work of trajectories that start in equilibrium knows it, with its bias removed to first order.",
        "Jarzynski, Phys. Rev. Lett. 78, 2690 (1997)",
    );
    PASSAGE_PROBABILITY = (
        "passage_probability", "probability of getting there", r"P(T \le \tau)", "1", r"P(T \le \tau)",
        "Share of trajectories that reach the threshold or target first, within the interval.", REDNER,
    );
    PASSAGE_TIME = (
        "passage_time", "mean time of passage", r"\langle T\rangle", "time", r"\langle T \mid T \le \tau\rangle",
        "Mean first-passage time of the trajectories that got there within the interval.", REDNER,
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_unique_and_nothing_is_left_empty() {
        let all = super::all();
        for (i, d) in all.iter().enumerate() {
            for field in [
                &d.name,
                &d.label,
                &d.symbol,
                &d.unit,
                &d.formula,
                &d.explanation,
                &d.source,
            ] {
                assert!(!field.is_empty(), "{}", d.name);
            }
            assert!(
                all[i + 1..].iter().all(|other| other.name != d.name),
                "{}",
                d.name
            );
        }
    }
}
