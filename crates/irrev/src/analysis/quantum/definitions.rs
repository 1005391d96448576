//! Definitions of quantities of a small system beside a quantum bath.

use irrev_report::{Definition, text};

use crate::analysis::define_quantities;

const IYODA: &str = "Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017)";
const ESPOSITO: &str = "Esposito, Lindenberg and Van den Broeck, New J. Phys. 12, 013013 (2010)";
const FUNO: &str = "Funo, Murashita and Ueda, New J. Phys. 17, 075005 (2015)";
const SUGIURA: &str = "Sugiura and Shimizu, Phys. Rev. Lett. 111, 010401 (2013)";
const LIEB: &str = "Lieb and Robinson, Commun. Math. Phys. 28, 251 (1972); Hastings and Koma, Commun. Math. Phys. 265, 781 (2006)";
const RIGOL: &str = "Rigol, Dunjko and Olshanii, Nature 452, 854 (2008)";
const OGANESYAN: &str = "Oganesyan and Huse, Phys. Rev. B 75, 155111 (2007)";

define_quantities! {
    BATH_ENERGY = (
        "bath_energy", "energy of the bath at the start", r"E_B(0)", "energy", r"E_B(0) = \langle H_B\rangle_0",
        "Energy of the eigenstate, or mean energy of the state, that the bath starts in.", IYODA,
    );
    LEVEL_GAP = (
        "level_gap", "distance to the next level", r"\delta E", "energy", r"\min_{b\neq a}|E_b-E_a|",
        "Distance of the bath's level to the nearer neighbour in its sector; zero would leave open which state is meant.", IYODA,
    );
    EFFECTIVE_DIMENSION = (
        "effective_dimension", "states that take part in the bath", r"D_{\mathrm{eff}}", "1", r"D_{\mathrm{eff}} = \Xi(\beta,\alpha)^2/\Xi(2\beta,2\alpha)",
        "Inverse purity of the Gibbs state that a typical state stands for: averages in it scatter by about its inverse root.", SUGIURA,
    );
    INVERSE_TEMPERATURE = (
        "bath_inverse_temperature", "inverse temperature of the bath", r"\beta", "1/energy", r"\langle H_B\rangle_{\beta,\alpha} = E_a",
        "β of the ensemble exp(−βH + αN) that has the energy of the bath's state, and its particle number if both are matched. Negative above the middle of the spectrum.", IYODA,
    );
    CHEMICAL_AFFINITY = (
        "bath_chemical_affinity", "βμ of the bath", r"\alpha", "1", r"\langle N_B\rangle_{\beta,\alpha} = N_B,\quad \alpha = \beta\mu",
        "β times chemical potential; 0 where energy alone is matched.", IYODA,
    );
    ENTROPY_PRODUCTION = (
        "quantum_entropy_production", "entropy production", r"\sigma(t)", "nats", r"\sigma = \Delta S_S + \beta\,\Delta E_B - \alpha\,\Delta N_B",
        "Entropy of the system gained plus entropy sent to the bath, at the end of the evolution. For a bath in a Gibbs state a relative entropy, hence not negative; for a single eigenstate that is the claim.", IYODA,
    );
    LOWEST_ENTROPY_PRODUCTION = (
        "lowest_entropy_production", "lowest entropy production", r"\min_t\sigma(t)", "nats", r"\min_t\sigma(t)",
        "Least entropy production at any time of the evolution: below zero the second law is violated there.", IYODA,
    );
    AVERAGE_ENTROPY_PRODUCTION = (
        "average_entropy_production", "entropy production on average over late times", r"\overline{\sigma}", "nats", r"\overline{\sigma} = \frac2\tau\int_{\tau/2}^{\tau}\sigma(t)\,dt",
        "Average over the second half of the evolution. A finite bath lets the state recur, so that σ goes on swinging: the note says how far.", IYODA,
    );
    HEAT = (
        "heat_into_bath", "heat into the bath", r"-Q", "energy", r"-Q = \Delta E_B - \mu\,\Delta N_B",
        "Energy that the bath gained at the end, less what its particles carry at their chemical potential.", IYODA,
    );
    CONTACT_ENERGY = (
        "contact_energy", "energy of the contact", r"E_I", "energy", r"E_I = \langle H_I\rangle",
        "Mean energy of the bonds between system and bath at the end; not small at strong coupling.", IYODA,
    );
    WORK = (
        "drive_work", "work of the drive", r"W", "energy", r"W = \langle H(t)\rangle_t-\langle H(0)\rangle_0 = \int_0^t\langle\partial_tH\rangle\,dt",
        "Energy that the drive put into system, contact and bath by the end, jumps at t = 0 included. The drive never touches the bath, whose energy is still heat and particles.", ESPOSITO,
    );
    EXPONENTIAL_AVERAGE = (
        "exponential_average", "⟨e^−σ⟩", r"\langle e^{-\sigma}\rangle", "1", r"G(i) = \sum_{kl} q_l \left\|e^{-\frac\beta2(H_B-E_a)+\frac\alpha2(N_B-N_a)}\langle l|\psi_k\rangle\right\|^2",
        "Average over two measurements of −ln ρ_S + βH_B − αN_B, at the end of the evolution. 1 is the fluctuation theorem, 1 − λ where the system starts in a state of less than full rank.", IYODA,
    );
    LARGEST_DEPARTURE = (
        "largest_departure", "largest departure from the fluctuation theorem", r"\max_t|\langle e^{-\sigma}\rangle - 1 + \lambda|", "1", r"\max_t\left|\langle e^{-\sigma}\rangle - (1-\lambda)\right|",
        "Largest deviation from the fluctuation theorem at any time of the evolution; for a system that starts in a state of full rank, where λ = 0.", IYODA,
    );
    THEOREM_DEPARTURE = (
        "theorem_departure", "departure from the fluctuation theorem", r"\langle e^{-\sigma}\rangle - (1-\lambda)", "1", r"\langle e^{-\sigma}\rangle - (1-\lambda)",
        "Deviation from the fluctuation theorem at the time of the distribution (`time.distribution_at`), with the absolute irreversibility λ of that time.", IYODA,
    );
    ABSOLUTE_IRREVERSIBILITY = (
        "absolute_irreversibility", "absolute irreversibility", r"\lambda", "1", r"\lambda = \mathrm{Tr}\left[(\rho_S(t)\otimes\rho_B)\,U(1-\Pi_S(0))U^\dagger\right]",
        "Probability that the backward process ends in a state of the system that the forward process never starts from.", FUNO,
    );
    SHORT_TIME = (
        "short_time_coefficient", "coefficient of t² of ⟨e^−σ⟩", r"c_2", "1/time²", r"\langle e^{-\sigma}\rangle = 1 + c_2t^2 + O(t^4)",
        "How the fluctuation theorem is left at short times, from two evolutions in imaginary time: the failure of the bath's state to look thermal to the operators of the contact.", IYODA,
    );
    DETAILED_ERROR = (
        "detailed_theorem_error", "error of the detailed fluctuation theorem", r"\max_u|G_F(u)-G_R(i-u)|", "1", r"\max_{0\le u\le1}|G_F(u)-G_R(i-u)|",
        "Largest difference between the generating functions of the forward and the backward process; zero for a Gibbs bath.", IYODA,
    );
    NEGATIVE_PROBABILITY = (
        "probability_of_negative_entropy", "probability of negative entropy production", r"P(\sigma<0)", "1", r"\sum_{\sigma<0}P(\sigma)",
        "How probable it is that two measurements find less entropy after than before.", IYODA,
    );
    LIEB_ROBINSON_TIME = (
        "lieb_robinson_time", "Lieb–Robinson time", r"\tau_{\mathrm{LR}}", "time", r"2\sum_{n\ge d}\frac{(2\tau)^n}{n!}W_n = 1",
        "Time before which nothing done at the far end of the bath can disturb the system by more than 1, proven from the norms of the bonds.", LIEB,
    );
    CUT_LIEB_ROBINSON_TIME = (
        "cut_lieb_robinson_time", "Lieb–Robinson time of the cut", r"\tau_{\mathrm{LR}}^{\mathrm{cut}}", "time", r"2\sum_{n\ge d}\frac{(2\tau)^n}{n!}W_n = 1",
        "The same for the sites of the bonds that are cut to see when the far bath is felt: the rigorous counterpart of that time.", LIEB,
    );
    FELT_TIME = (
        "felt_time", "time at which the far bath is felt", r"\tau_{\mathrm{op}}", "time", r"\tfrac12\mathrm{Tr}\left|\rho_S-\rho_S^{\mathrm{cut}}\right| > \varepsilon",
        "First time at which the state of the system differs from the one beside a bath whose far bonds are cut.", IYODA,
    );
    ETH_VARIANCE = (
        "eth_variance", "variance among eigenstates", r"\mathrm{Var}_W(D_a)", "1", r"\frac1{|W|}\sum_{a\in W}(\langle a|n|a\rangle-\overline{n})^2",
        "Scatter of the occupation of the site at the contact over the eigenstates of a window of energy: weak eigenstate thermalisation lets it fall with the size of the bath.", RIGOL,
    );
    ETH_DEVIATION = (
        "eth_largest_deviation", "largest deviation among eigenstates", r"\max_W|D_a-\overline D|", "1", r"\max_{a\in W}|\langle a|n|a\rangle-\overline{n}|",
        "Strong eigenstate thermalisation lets even this fall with the size of the bath.", RIGOL,
    );
    GAP_RATIO = (
        "gap_ratio", "mean ratio of neighbouring gaps", r"\langle r\rangle", "1", r"r_a = \frac{\min(\delta_a,\delta_{a+1})}{\max(\delta_a,\delta_{a+1})}",
        "0.386 for independent levels, 0.531 for those of a random real matrix, 0.600 for those of a complex one, as with a flux: chaos, which thermalisation of eigenstates goes with.", OGANESYAN,
    );
    VIOLATING_FRACTION = (
        "violating_fraction", "eigenstates that violate the second law", r"P(\sigma<-\varepsilon)", "1", r"\frac{\#\{a:\sigma_a<-\varepsilon\}}{\#\{a\}}",
        "Part of the eigenstates of a scan with an entropy production below −ε at the time looked at.", IYODA,
    );
    ROOT_MEAN_SQUARE_C2 = (
        "short_time_spread", "spread of c₂ among eigenstates", r"\sqrt{\langle c_2^2\rangle}", "1/time²", r"\sqrt{\frac1n\sum_a c_{2,a}^2}",
        "Root mean square of the coefficient of t² of ⟨e^−σ⟩ over the eigenstates of a scan.", IYODA,
    );
}

/// What the names mean that only sweeps show.
pub(in crate::analysis) fn of_scalars() -> Vec<Definition> {
    let renamed = |name: &'static str, definition: Definition| Definition {
        name: text(name),
        ..definition
    };
    vec![
        renamed("entropy_production", ENTROPY_PRODUCTION),
        renamed("inverse_temperature", INVERSE_TEMPERATURE),
        renamed("chemical_affinity", CHEMICAL_AFFINITY),
    ]
}
