//! Definitions of what is told of data.

use crate::analysis::define_quantities;

const OTSUBO: &str = "Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020)";
const KIM: &str = "Kim, Bae, Lee and Jeong, Phys. Rev. Lett. 125, 140604 (2020)";
const VESTERGAARD: &str = "Vestergaard, Blainey and Flyvbjerg, Phys. Rev. E 89, 022726 (2014)";
const SCHREIBER: &str = "Schreiber, Phys. Rev. Lett. 85, 461 (2000)";
const BARNETT: &str = "Barnett, Barrett and Seth, Phys. Rev. Lett. 103, 238701 (2009)";
const FRENZEL: &str = "Frenzel and Pompe, Phys. Rev. Lett. 99, 204101 (2007)";
const ROLDAN: &str = "Roldán and Parrondo, Phys. Rev. Lett. 105, 150607 (2010)";
const SCHNAKENBERG: &str = "Schnakenberg, Rev. Mod. Phys. 48, 571 (1976)";
const BILLINGSLEY: &str = "Billingsley, Statistical Inference for Markov Processes (1961)";
const MEER: &str = "van der Meer, Ertel and Seifert, Phys. Rev. X 12, 031025 (2022)";
const HOROWITZ: &str = "Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014)";
const ITO: &str = "Ito and Dechant, Phys. Rev. X 10, 021056 (2020)";
const CROOKS: &str = "Crooks, Phys. Rev. Lett. 99, 100602 (2007)";
const STRONG: &str = "Strong, Koberle, de Ruyter van Steveninck and Bialek, Phys. Rev. Lett. 80, 197 (1998)";

define_quantities! {
    CURRENT_BOUND = (
        "current_entropy_production", "entropy production rate from currents", r"\dot\Sigma", "nats/time", r"\dot\Sigma \ge \frac{2\langle J\rangle^2}{dt\,\mathrm{Var}\,J}",
        "The best short-time uncertainty bound of the currents, extrapolated to a vanishing step: the entropy production rate itself where the thermodynamic force is one of their fields. Fitted to the data; it certifies nothing.", OTSUBO,
    );
    HELD_OUT = (
        "held_out_entropy_production", "entropy production rate by data held out", r"\dot\Sigma_\mathrm{out}", "nats/time", r"\dot\Sigma \ge \langle 2y-\tfrac12y^2\rangle/dt,\quad y = \theta\cdot g",
        "The bound by data that did not choose the current, at the step of the data; on average it is not above the truth.", KIM,
    );
    CERTIFIED = (
        "certified_entropy_production", "certified entropy production rate, at least", r"\dot\Sigma_\mathrm{low}", "nats/time", r"\dot\Sigma \ge \langle 2y-\tfrac12y^2\rangle/dt,\quad y = \theta\cdot g",
        "Lower end of the interval of the bound by data held out; below zero it says nothing. A certificate lets anybody compute it again from the raw file.", KIM,
    );
    VARIATIONAL = (
        "variational_entropy_production", "entropy production rate by maximum entropy, data held out", r"\dot\Sigma_\mathrm{DV}", "nats/time", r"\dot\Sigma \ge \max_\theta\left(\langle y\rangle - \ln\langle e^{-y}\rangle\right)/dt",
        "The tightest bound that means and exponential averages of the currents give at this step, evaluated on data that chose neither coefficients nor when to stop.", KIM,
    );
    NOISE = (
        "measurement_noise", "variance of measurement noise", r"\langle\eta^2\rangle", "coordinate²", r"\langle\eta^2\rangle = -(R_1-2R_2+R_3)",
        "What is added to each point independently, from the covariances of increments one to three steps apart.", VESTERGAARD,
    );
    WINDOW_LARGEST = (
        "largest_dissipation_in_time", "largest dissipation in a window of time", r"\max_t\dot\Sigma(t)", "nats/time", r"\dot\Sigma(t) \ge \frac{2\langle J\rangle^2}{dt\,\mathrm{Var}\,J}",
        "From many trajectories that were prepared alike; of noisy windows the largest is too large.", OTSUBO,
    );
    TRANSFER_FULL = (
        "transfer_entropy_full_history", "transfer entropy, linear, whole past", r"T_{y\to x}", "nats/step", r"T_{y\to x} = \tfrac12\ln\frac{\mathrm{Var}(x'|x^-)}{\mathrm{Var}(x'|x^-,y^-)}",
        "What the past of the source says of the next value of the target beyond the target's whole past, of the linear and normal part.", BARNETT,
    );
    TRANSFER_NEIGHBOURS = (
        "transfer_entropy_nearest_neighbours", "transfer entropy by nearest neighbours", r"T_{y\to x}", "nats/step", r"T_{y\to x} = I(x_{t+1};y_t|x_t)",
        "The same for any law, with one step of the past, from distances of nearest neighbours.", FRENZEL,
    );
    TRANSFER_SYMBOLS = (
        "transfer_entropy_of_states", "transfer entropy between states", r"T_{y\to x}", "nats/step", r"T_{y\to x} = I(x_{t+1};y_t|x_t)",
        "What the state of the source says of the next state of the target beyond the target's own, with one step of the past; less what surrogates show.", SCHREIBER,
    );
    STIMULUS_TRANSFER = (
        "stimulus_transfer_entropy", "transfer entropy from stimulus to spikes", r"T_{s\to n}", "nats/bin", r"T_{s\to n} = I(n_{t+1};s_t|n_t)",
        "What the stimulus says of the next bin of spikes beyond their own past, less what surrogates show.", SCHREIBER,
    );
    INFORMATION_RATE = (
        "stimulus_information_rate", "information rate from stimulus to spikes", r"\dot I_{s\to n}", "nats/time", r"\dot I = T_{s\to n}/\Delta",
        "The transfer entropy per time.", STRONG,
    );
    STEP_BOUND = (
        "step_entropy_production", "entropy production rate of single steps", r"\dot\Sigma_2", "nats/time", r"\sum_{ij}p_{ij}\ln\frac{p_{ij}}{p_{ji}}",
        "Divergence of steps from their reverses, less its bias: a lower bound for the whole system, and the entropy production of a Markov chain that is fully seen.", ROLDAN,
    );
    WORD_BOUND = (
        "word_entropy_production", "entropy production rate of long words", r"\dot\Sigma_k", "nats/time", r"\frac{1}{k-1}\sum_w p(w)\ln\frac{p(w)}{p(\tilde w)}",
        "Divergence of the longest words that the data suffice for from their mirror images, per step: a lower bound.", ROLDAN,
    );
    WORD_INCREMENT = (
        "word_increment_entropy_production", "entropy production rate by growth of words", r"D_k-D_{k-1}", "nats/time", r"D_k-D_{k-1}",
        "By how much one more state in a word adds to the divergence: an estimate of its limit for long words.", ROLDAN,
    );
    JUMP_PRODUCTION = (
        "jump_entropy_production", "entropy production rate of jumps", r"\dot\Sigma", "nats/time", r"\sum_{i>j}(\pi_jk_{ij}-\pi_ik_{ji})\ln\frac{\pi_jk_{ij}}{\pi_ik_{ji}}",
        "Of the rates behind counts of jumps and times, in the stationary state, with the interval of their posterior, both without what noise adds.", SCHNAKENBERG,
    );
    WAITING = (
        "waiting_time_entropy_production", "entropy production rate by order and waiting times", r"\dot\Sigma_\psi", "nats/time", r"\frac{1}{\langle t\rangle}\sum\int\psi_{I\to J}(t)\ln\frac{\psi_{I\to J}(t)}{\psi_{\tilde J\to\tilde I}(t)}dt",
        "What successive transitions and the times between them betray of states that are hidden in those seen.", MEER,
    );
    ONE_WAY = (
        "one_way_pairs", "pairs of states seen one way only", r"n_\to", "1", r"N_{ij}>0=N_{ji}",
        "Each makes the plug-in entropy production infinite: the reverse was not seen, which is not to say that it cannot happen.", BILLINGSLEY,
    );
    PART_PRODUCTION = (
        "recorded_part_entropy_production", "entropy production rate of a part", r"\dot\sigma_k", "nats/time", r"\dot\sigma_k = \dot S^{env}_k + \dot S_k - \dot I_k \ge 0",
        "The second law of one part, from draws of the posterior of the rates; never below zero, so that noise makes it too large.", HOROWITZ,
    );
    PART_INFORMATION = (
        "recorded_part_information_flow", "information flow of a part", r"\dot I_k", "nats/time", r"\dot I_k = \sum_k J\ln\frac{p(z_{-k}|z'_k)}{p(z_{-k}|z_k)}",
        "Positive where the jumps of the part create correlation with the rest, negative where they use it up.", HOROWITZ,
    );
    PART_DEMON = (
        "recorded_part_demon_probability", "probability that a part is a demon's beneficiary", r"P(\dot S^{env}_k+\dot S_k<0)", "1", r"\dot S^{env}_k + \dot S_k < 0",
        "Share of draws of the posterior in which the part alone would break the second law, and lives on information.", HOROWITZ,
    );
    LENGTH = (
        "cell_length", "length of the way of the distribution", r"\mathcal L", "1", r"\mathcal L = \int\sqrt{I}\,dt",
        "Information-geometric length from the first frame to the last, without the noise of few cells.", CROOKS,
    );
    NAIVE_LENGTH = (
        "naive_cell_length", "length, noise included", r"\mathcal L_\mathrm{naive}", "1", r"\sum d(p_t,p_{t+1})",
        "Sum of distances between neighbouring frames as they are: noise of few cells makes it grow with the root of the number of frames.", CROOKS,
    );
    ACTION = (
        "cell_action", "action of the way of the distribution", r"\mathcal C", "1/time", r"\mathcal C = \int I\,dt",
        "Integral of the squared speed, without the noise of few cells.", CROOKS,
    );
    NAIVE_ACTION = (
        "naive_cell_action", "action, noise included", r"\mathcal C_\mathrm{naive}", "1/time", r"\sum d^2/\Delta t",
        "The same of neighbouring frames as they are.", CROOKS,
    );
    COST = (
        "cell_cost", "cost", r"\tau\mathcal C", "1", r"\tau\mathcal C \ge \mathcal L^2",
        "Duration times action, at least the squared length.", ITO,
    );
    EFFICIENCY = (
        "cell_efficiency", "efficiency", r"\mathcal L^2/\tau\mathcal C", "1", r"\mathcal L^2/\tau\mathcal C \le 1",
        "One where the speed is constant.", ITO,
    );
    TIME_BOUND = (
        "cell_time_bound", "least time for the length at this action", r"\mathcal L^2/\mathcal C", "time", r"\tau \ge \mathcal L^2/\mathcal C",
        "The speed limit of the distribution.", ITO,
    );
    GEODESIC = (
        "cell_geodesic", "distance between the first frame and the last", r"d(p_0,p_\tau)", "1", r"d(p_0,p_\tau) \le \mathcal L",
        "Fisher–Rao distance of the fits: the shortest way.", CROOKS,
    );
}
