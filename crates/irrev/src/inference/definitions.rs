//! One definition for each quantity of an inference report.

use crate::analysis::define_quantities;

const AGUILERA_2021: &str = "Aguilera, Moosavi and Shimazaki, Nat. Commun. 12, 1197 (2021)";
const AGUILERA_2023: &str = "Aguilera, Igarashi and Shimazaki, Nat. Commun. 14, 3685 (2023)";
const ROUDI: &str = "Roudi and Hertz, Phys. Rev. Lett. 106, 048702 (2011)";
const CROSS_FIT: &str = "Aguilera, Moosavi and Shimazaki, Nat. Commun. 12, 1197 (2021); cross-fitting: Chernozhukov et al., Econom. J. 21, C1 (2018)";
const BLOCKS: &str = "Künsch, Ann. Stat. 17, 1217 (1989)";

define_quantities! {
    ENTROPY_PRODUCTION_PER_BIN = (
        "entropy_production_per_bin", "entropy production per bin", r"\sigma", "nats/bin",
        r"\sigma = \sum_{ij} (J_{ij} - J_{ji}) \langle s_i(t+1)\, s_j(t) \rangle",
        "Entropy production of the binned activity in a step, all units together: couplings from one half of the recording, correlations from the other, both ways, less the first-order bias. It belongs to the binned process and changes with the width of a bin.",
        CROSS_FIT,
    );
    ENTROPY_PRODUCTION_PER_SECOND = (
        "entropy_production_per_second", "entropy production per second", r"\sigma/w", "nats/s",
        r"\sigma/w",
        "Entropy production per bin divided by the width w of a bin.", CROSS_FIT,
    );
    ENTROPY_PRODUCTION_PER_SPIKE = (
        "entropy_production_per_spike", "entropy production per spike", r"\sigma/\bar n", "nats/spike",
        r"\sigma/\bar n",
        "Entropy production per bin divided by the mean number of spikes in a bin, of all units.", CROSS_FIT,
    );
    CROSS_FIT_ENTROPY_PRODUCTION = (
        "cross_fit_entropy_production", "entropy production by cross-fit before the bias is removed", r"\sigma_{\times}", "nats/bin",
        r"\sigma_\times = \tfrac12 (\langle A_1, K_2\rangle + \langle A_2, K_1\rangle),\quad A = J - J^{\mathsf T},\; K = \langle s(t+1)\, s(t)^{\mathsf T}\rangle",
        "Couplings from one half and correlations from the other. Shares of pairs and units add up to it.", CROSS_FIT,
    );
    PLUG_IN_BIAS = (
        "plug_in_bias", "bias of the plug-in entropy production", r"\hat\sigma - \sigma", "nats/bin",
        r"\hat\sigma - \sigma,\quad \hat\sigma = \sum_{ij} (\hat J_{ij} - \hat J_{ji}) \langle s_i(t+1)\, s_j(t) \rangle",
        "What couplings and correlations from the same data give too much. In a reversible network about 0.8 N (N − 1)/T for N units and T bins.", AGUILERA_2021,
    );
    BACKWARDS_ENTROPY_PRODUCTION = (
        "backwards_entropy_production", "entropy production of the recording played backwards", r"\sigma_\leftarrow", "nats/bin",
        r"\sigma_\times \text{ of } s(-t)",
        "The same cross-fit of the reversed recording. Near the forward value if the network is near reversibility; far from it, the model describes the data in one direction only.", CROSS_FIT,
    );
    P_VALUE_SHIFTED_UNITS = (
        "p_value_shifted_units", "p-value against units shifted in circles", r"p_{\circlearrowright}", "1",
        r"p = \frac{1 + \#\{\sigma_{\mathrm{null}} \ge \sigma_\times\}}{1 + n}",
        "Chance of so large a cross-fit value if units did not act on each other: each unit keeps its own activity and is shifted by its own time.", CROSS_FIT,
    );
    P_VALUE_REVERSED_BLOCKS = (
        "p_value_reversed_blocks", "p-value against blocks of time reversed by a coin", r"p_{\leftrightarrow}", "1",
        r"p = \frac{1 + \#\{\sigma_{\mathrm{null}} \ge \sigma_\times\}}{1 + n}",
        "Chance of so large a cross-fit value if past and future were alike: half of the blocks of the recording run backwards.", CROSS_FIT,
    );
    CORRELATION_LOWER_BOUND = (
        "correlation_lower_bound", "lower bound on the entropy production from lagged correlations", r"\sigma_{\mathrm{lb}}", "nats/bin",
        r"\sigma \ge \langle\theta\cdot g\rangle - \ln\langle e^{-\theta\cdot g}\rangle,\quad g_{ij} = s_i(t+1)s_j(t) - s_i(t)s_j(t+1)",
        "Holds for any stationary process, whatever model made it; θ comes from one half of the recording and the bound from the other. An estimate of a number that is not above σ; below zero it says nothing.",
        "Aguilera, Ito and Kolchinsky, arXiv:2505.10444; Kim, Bae, Lee and Jeong, Phys. Rev. Lett. 125, 140604 (2020)",
    );
    SIMULATED_NETWORK_ENTROPY_PRODUCTION = (
        "simulated_network_entropy_production", "entropy production of the fitted network, simulated", r"\sigma_{\hat J}", "nats/bin",
        r"\sigma_{\hat J} = \sum_{ij} (\hat J_{ij} - \hat J_{ji}) \langle s_i(t+1)\, s_j(t) \rangle_{\hat J}",
        "What the fitted network itself produces, noise of its couplings included: the truth that the power check has to find.", AGUILERA_2021,
    );
    RECOVERED_ENTROPY_PRODUCTION = (
        "recovered_entropy_production", "mean estimate from simulated recordings", r"\langle\sigma\rangle_{\mathrm{sim}}", "nats/bin",
        r"\langle\sigma\rangle_{\mathrm{sim}}",
        "Mean of the estimate over recordings of the same length that the fitted network made.", CROSS_FIT,
    );
    POWER = (
        "detection_power", "share of simulated recordings that show irreversibility", r"1 - \beta", "1",
        r"P(\text{lower end of the interval} > 0)",
        "How often the interval of a simulated recording of the same size lies above zero, if the fitted network is the truth.", BLOCKS,
    );
    COVERAGE = (
        "interval_coverage", "share of simulated recordings whose interval holds the truth", r"c", "1",
        r"P(\text{interval} \ni \sigma_{\hat J})",
        "Should be near the confidence level; its error with few recordings is large.", BLOCKS,
    );
    RECORDED_TIME = (
        "recorded_time", "time analysed", "T w", "s", "T w",
        "Number of bins times the width of a bin.", "definition",
    );
    ACTIVE_FRACTION = (
        "active_fraction", "mean active fraction", r"\bar a", "1", r"\bar a = \tfrac12 (1 + \bar m)",
        "Share of bins in which a unit is active, averaged over the units analysed.", "definition",
    );
    MEAN_RATE = (
        "mean_rate", "mean rate of a unit", r"\bar\nu", "1/s", r"\bar\nu = \bar n/(N w)",
        "Spikes per unit and second.", "definition",
    );
    COINCIDENT_SPIKES = (
        "coincident_spikes", "spikes at the same instant in two units", r"n_{=}", "1", r"\#\{t_k = t_{k+1},\ u_k \ne u_{k+1}\}",
        "Neighbours in the list of spikes, sorted by time, with the same time and different units: often one event counted twice. They make correlations at equal times, not lagged ones.", "definition",
    );
    LOG_LIKELIHOOD = (
        "log_likelihood_per_bin", "log-likelihood per bin", r"\ell", "nats/bin",
        r"\ell = \frac1T \sum_{t,i} [s_i(t+1) h_i(t) - \ln 2\cosh h_i(t)],\quad h_i = H_i + \sum_j J_{ij} s_j",
        "Of the fitted network with parallel updates, all units together, without the penalty.", ROUDI,
    );
    INDEPENDENT_LOG_LIKELIHOOD = (
        "independent_log_likelihood_per_bin", "log-likelihood per bin of independent units", r"\ell_0", "nats/bin",
        r"\ell_0 = \sum_i [p_i \ln p_i + (1 - p_i) \ln (1 - p_i)]",
        "Of units that are active with their own probability and do not act on each other or on themselves.", "definition",
    );
    AKAIKE = (
        "akaike_criterion", "Akaike's criterion relative to independent units", r"\Delta\mathrm{AIC}", "nats",
        r"2 N^2 - 2 T (\ell - \ell_0)",
        "Negative if couplings are worth their number. It presumes no penalty; with one it is too large.", "Akaike, IEEE Trans. Autom. Control 19, 716 (1974)",
    );
    SCHWARZ = (
        "schwarz_criterion", "Schwarz' (Bayesian) criterion relative to independent units", r"\Delta\mathrm{BIC}", "nats",
        r"N^2 \ln T - 2 T (\ell - \ell_0)",
        "Negative if couplings are worth their number, by a stricter count. It presumes no penalty; with one it is too large.", "Schwarz, Ann. Stat. 6, 461 (1978)",
    );
    PENALTY = (
        "penalty", "penalty on couplings", r"\lambda", "1", r"\tfrac{\lambda}{2} \sum_j J_{ij}^2",
        "Subtracted from the log-likelihood per bin of each unit; given, or chosen by the likelihood of held-out stretches of time.", ROUDI,
    );
    SEPARATED_PAIRS = (
        "separated_pairs", "pairs whose coupling the data leave unbounded", r"n_\infty", "1",
        r"\#\{(i, j): \text{a state of } j \text{ is never followed by a state of } i\}",
        "Without a penalty the likelihood of these couplings grows for ever; with one they are as large as the penalty lets them.", "Albert and Anderson, Biometrika 71, 1 (1984)",
    );
    MEAN_COUPLING = (
        "mean_coupling", "mean coupling", r"\beta J_0", "1", r"\beta J_0 = N \langle \hat J_{ij} \rangle_{i \ne j}",
        "Place of the network in the plane of the phase diagram, one axis. β cannot be told from the couplings.", AGUILERA_2023,
    );
    COUPLING_SPREAD = (
        "coupling_spread", "spread of couplings", r"\beta\Delta J", "1",
        r"(\beta\Delta J)^2 = N (\mathrm{var}\,\hat J_{ij} - \langle \mathrm{SE}_{ij}^2 \rangle)_{i \ne j}",
        "The other axis: disorder of the couplings without the noise of their estimates; 0 if they differ no more than their errors say.", AGUILERA_2023,
    );
    MEAN_FIELD = (
        "mean_field", "mean field", r"\beta H_0", "1", r"\beta H_0 = \langle \hat H_i \rangle",
        "Negative where units are mostly silent.", AGUILERA_2023,
    );
    FIELD_SPREAD = (
        "field_spread", "spread of fields", r"\beta\Delta H", "1", r"(\beta\Delta H)^2 = \mathrm{var}\,\hat H_i - \langle \mathrm{SE}_i^2 \rangle",
        "Standard deviation of the fields without the noise of their estimates.", AGUILERA_2023,
    );
    MEAN_SELF_COUPLING = (
        "mean_self_coupling", "mean coupling of units to themselves", r"\beta \bar J_{ii}", "1", r"\langle \hat J_{ii} \rangle",
        "Memory (positive) or refractoriness (negative) of single units; no part of the mean coupling and its spread.", AGUILERA_2023,
    );
    FEEDBACK = (
        "feedback", "feedback", r"\beta J_0 k", "1", r"\beta J_0 k,\quad k = \langle \mathrm{sech}^2 h_i \rangle",
        "By what a small common activation is multiplied in a step: 1 on the critical line, below it in the disordered phase.", AGUILERA_2023,
    );
    DISTANCE_TO_CRITICALITY = (
        "fitted_distance_to_criticality", "distance to criticality", r"1 - \beta J_0 k", "1", r"1 - \beta J_0 k",
        "0 on the critical line, 1 without a mean coupling, negative beyond the line.", AGUILERA_2023,
    );
    CRITICAL_MEAN_COUPLING = (
        "critical_mean_coupling", "mean coupling that would be critical at the response found", r"1/k", "1", r"\beta J_0^{\mathrm{c}} = 1/k",
        "Fields that keep units silent lower their response k, and with it the feedback: such a network needs stronger couplings to be critical.", AGUILERA_2023,
    );
    CRITICAL_WITHOUT_FIELDS = (
        "critical_mean_coupling_without_fields", "mean coupling that would be critical without fields", r"\beta J_0^{\mathrm{c}}(\beta\Delta J)", "1",
        r"\beta J_0^{\mathrm{c}} \int \mathrm{D}z\, \mathrm{sech}^2(\beta\Delta J z) = 1",
        "The critical line of the infinite network without fields, at the spread found.", AGUILERA_2023,
    );
    SPECTRAL_RADIUS = (
        "spectral_radius", "spectral radius of the response", r"\rho", "1", r"\rho = \max |\mathrm{eig}(k_i \hat J_{ij})|",
        "Above 1 the resting state of the mean-field dynamics is unstable; couplings of units to themselves included.", AGUILERA_2023,
    );
    CONDITIONAL_ENTROPY = (
        "conditional_entropy_per_unit", "conditional entropy per unit and bin", r"S_c/N", "nats",
        r"S_c/N = \frac1N \sum_i \langle \ln 2\cosh h_i - h_i \tanh h_i \rangle",
        "Entropy of the next state given the present one: ln 2 for fair coins, 0 for a deterministic network.", AGUILERA_2023,
    );
    UNCERTAINTY = (
        "uncertainty", "distance to determinism", r"S_c/(N \ln 2)", "1", r"S_c/(N \ln 2)",
        "1 for fair coins, 0 in the deterministic corner. Rare activity lowers it, too: see `determined_share`.", AGUILERA_2023,
    );
    DETERMINED_SHARE = (
        "determined_share", "share of the entropy that the present state determines", r"1 - S_c/S_0", "1",
        r"1 - S_c/S_0,\quad S_0 = -N\ell_0/N",
        "What couplings take away from the entropy that units with the same activity would have independently: near 1 in the deterministic corner, near 0 for units that do not act on each other.", AGUILERA_2023,
    );
    INFINITE_ENTROPY_PRODUCTION = (
        "infinite_entropy_production_per_unit", "entropy production per unit of the infinite network at this place", r"\sigma_\infty/N", "nats/bin",
        r"\sigma_\infty/N = (\beta\Delta J)^2 k (1 - q)",
        "Of the asymmetric Sherrington–Kirkpatrick network with the mean coupling, spread and fields found, and parallel updates.", AGUILERA_2023,
    );
    INFINITE_CONDITIONAL_ENTROPY = (
        "infinite_conditional_entropy_per_unit", "conditional entropy per unit of the infinite network at this place", r"S_{c,\infty}/N", "nats",
        r"S_{c,\infty}/N = \mathrm{E}[\ln 2\cosh x - x \tanh x]",
        "Of the asymmetric Sherrington–Kirkpatrick network with the mean coupling, spread and fields found.", AGUILERA_2023,
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_name_is_used_twice_in_the_house() {
        let mut names: Vec<String> = crate::analysis::definitions()
            .iter()
            .map(|d| d.name.to_string())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(
            names
                .binary_search(&"entropy_production_per_bin".to_owned())
                .is_ok()
        );
    }
}
