//! Definitions of quantities of Langevin models.

use irrev_report::Definition;

use crate::analysis::{define, define_quantities};

const RISKEN: &str = "Risken, The Fokker–Planck Equation (Springer, 1989)";
const SEIFERT: &str = "Seifert, Rep. Prog. Phys. 75, 126001 (2012)";
const SEKIMOTO: &str = "Sekimoto, Stochastic Energetics (Springer, 2010)";
const KAWAI: &str = "Kawai, Ensemble 16 (2014)";
const NAKAZATO: &str = "Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021)";
const BAKRY: &str = "Bakry and Émery, Sém. Probab. XIX, 177 (1985)";
const AURELL: &str = "Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011)";
const GARDINER: &str = "Gardiner, Handbook of Stochastic Methods (Springer, 2004), section 5.2";

define_quantities! {
    ENTROPY_PRODUCTION = (
        "continuum_entropy_production_rate", "entropy production rate", r"\dot\Sigma", "nats/time",
        r"\dot\Sigma = \sum_i \int \frac{J_i^2}{D_i\,p}\,dx",
        "Rate at which the stationary motion makes entropy, in the continuum. With no force but that of a potential, and one temperature, it vanishes.", SEIFERT,
    );
    HEAT = (
        "continuum_heat", "heat into the bath of a coordinate", r"\dot Q_i", "energy/time", r"\dot Q_i = \int F_i J_i\,dx",
        "Heat that the bath of a coordinate takes up in the stationary state; negative where the bath gives heat.", SEIFERT,
    );
    MEAN_VELOCITY = (
        "mean_velocity", "mean velocity round the circle", r"\langle\dot x\rangle", "length/time", r"\langle\dot x_i\rangle = \int J_i\,dx",
        "Mean velocity of a periodic coordinate in the stationary state.", RISKEN,
    );
    RELAXATION_RATE = (
        "relaxation_rate", "rate of the slowest relaxation", r"\lambda_1", "1/time", r"\lambda_1 = \min_{\lambda\neq 0}(-\mathrm{Re}\,\lambda)",
        "Slowest rate at which a distribution goes to the stationary one; for two wells the sum of the rates of passage.", RISKEN,
    );
    FIRST_PASSAGE_TIME = (
        "mean_first_passage_time", "mean time of first passage", r"\langle t\rangle", "time", r"\langle t\rangle = \int_0^\infty S(t)\,dt",
        "Mean time until the motion first reaches the target from where it starts.", GARDINER,
    );
    GRADIENT_PART = (
        "gradient_part", "part of the drift that is a gradient", r"\langle|\nabla V_m|^2\rangle/\langle|b|^2\rangle", "1",
        r"b = -\nabla V_m + v,\quad \nabla\cdot(p\,v) = 0",
        "Share of the mean square drift, μF + T∂μ, that is the gradient nearest to it in the stationary density; the rest is flux along closed lines. At one mobility and temperature the flux is the local mean velocity, and dissipates.",
        KAWAI,
    );
    EFFECTIVE_DIFFUSION = (
        "effective_diffusion", "diffusion coefficient in the long run", r"D_{\mathrm{eff}}", "length²/time",
        r"D_{\mathrm{eff}} = \lim_{t\to\infty} \frac{\mathrm{var}\,x(t)}{2t}",
        "How fast the distance covered by a periodic coordinate spreads, over many turns.",
        "Reimann et al., Phys. Rev. Lett. 87, 010602 (2001)",
    );
    LINEAR_ENTROPY_PRODUCTION = (
        "linear_entropy_production_rate", "entropy production rate in closed form", r"\dot\Sigma", "nats/time",
        r"\dot\Sigma = \langle v\cdot D^{-1}v\rangle,\quad A\Sigma+\Sigma A^{\mathsf T} = 2D",
        "Rate at which linear motion makes entropy in its stationary state, from Lyapunov's equation.", RISKEN,
    );
    LINEAR_RELAXATION_RATE = (
        "linear_relaxation_rate", "rate of the slowest relaxation in closed form", r"\min\operatorname{Re}\lambda", "1/time",
        r"\dot x = -A x,\quad \lambda \in \operatorname{spec} A", "Least real part of the eigenvalues of a linear drift: means go to rest at least as fast.", RISKEN,
    );
    LINEAR_FLUX = (
        "linear_flux_part", "part of the drift that is a flux", r"\langle|v|^2\rangle/\langle|Ax|^2\rangle", "1",
        r"-Ax = -\nabla V_m + v,\quad \nabla\cdot(p\,v) = 0",
        "Share of the mean square drift of linear motion that is flux along closed lines, in closed form.", KAWAI,
    );
    INITIAL_RELATIVE_ENTROPY = (
        "initial_relative_entropy", "relative entropy to the stationary state at the start", r"D(p_0\|\pi)", "nats",
        r"D(p\|\pi) = \int p \ln\frac{p}{\pi}\,dx",
        "How far the distribution at the start is from the stationary one; without forces that have no potential, all that the relaxation will dissipate.", RISKEN,
    );
    RELAXATION_DISSIPATION = (
        "relaxation_entropy_production", "entropy production of the relaxation", r"\Sigma", "nats",
        r"\Sigma = \int_0^\tau\!dt \int \frac{|J|^2}{D\,p}\,dx", "Entropy made on the way from the distribution at the start, until the end.", SEIFERT,
    );
    RELAXATION_EXCESS = (
        "relaxation_excess", "excess entropy production of the relaxation", r"\Sigma_{\mathrm{ex}}", "nats",
        r"\Sigma_{\mathrm{ex}} = \int_0^\tau \langle D|\nabla\phi|^2\rangle\,dt,\quad -\nabla\cdot(pD\nabla\phi) = \dot p",
        "Part of the entropy production of a relaxation that is due to the change of the distribution: that of the gradient which moves it alike.", NAKAZATO,
    );
    CONVEXITY = (
        "convexity", "convexity of the potential", r"\lambda", "1/time",
        r"\lambda = \min_x \min\operatorname{spec} \left(\sqrt{\mu_i\mu_j}\,\partial_i\partial_j V\right)",
        "Least second derivative of the potential on the grid, in units of rates: where it is positive, relative entropy decays at least as fast as exp(−2λt).",
        BAKRY,
    );
    PROTOCOL_DISSIPATION = (
        "protocol_entropy_production", "entropy production of the protocol", r"\Sigma", "nats",
        r"\Sigma = \int_0^\tau\!dt \int \frac{J^2}{D\,p}\,dx",
        "Entropy that the protocol of the model makes, from the equilibrium at its start.", SEIFERT,
    );
    LEAST_DISSIPATION = (
        "least_protocol_entropy_production", "least entropy production between the same distributions", r"W_2^2/(\mu T\tau)", "nats",
        r"\Sigma \ge \frac{W_2(p_0,p_\tau)^2}{\mu T \tau}",
        "What the best potential dissipates that carries the distribution at the start to the one that the protocol reaches, in the same time.", AURELL,
    );
    PROTOCOL_EFFICIENCY = (
        "protocol_efficiency", "least over own entropy production", r"\eta", "1", r"\eta = \frac{W_2^2/(\mu T\tau)}{\Sigma}",
        "Part of what the protocol dissipates that cannot be avoided in its time.", AURELL,
    );
    EQUILIBRIUM_DISSIPATION = (
        "least_entropy_production_to_equilibrium", "least entropy production to the last equilibrium", r"W_2^2/(\mu T\tau)", "nats",
        r"\Sigma \ge \frac{W_2(\pi_0,\pi_\tau)^2}{\mu T \tau}",
        "What the best potential dissipates that carries the equilibrium at the start to the one at the end of the protocol, in the same time.", AURELL,
    );
    SIMULATED_ENTROPY_PRODUCTION = (
        "simulated_entropy_production_rate", "entropy production rate, simulated", r"\dot S_{\mathrm{m}}", "nats/time",
        r"\dot S_{\mathrm{m}} = \sum_i \langle\dot Q_i\rangle/T_i",
        "Rate at which walkers leave entropy in their baths, with the standard error over walkers; in the stationary state the entropy production rate.", SEKIMOTO,
    );
    SIMULATED_HEAT = (
        "walker_heat", "heat into the bath of a coordinate, simulated", r"\dot Q_i", "energy/time", r"\delta Q_i = -F_i\circ dx_i",
        "Heat that the bath of a coordinate takes up along the paths of walkers.", SEKIMOTO,
    );
    SIMULATED_WORK = (
        "walker_work", "work on a walker", r"\langle W\rangle", "energy", r"W = \int \partial_t V\,dt + \int f\circ dx",
        "Mean work of the changing potential and of the forces that have none, from the start to the end.", SEKIMOTO,
    );
    SIMULATED_RESIDUAL = (
        "first_law_residual", "what the integrator adds to the energy", r"\langle\Delta E - W + Q\rangle", "energy", r"\Delta E = W - Q + \mathrm{residual}",
        "What the first law is missed by along paths, because steps are finite: where it is not small against what is asked, the step is too long.",
        "Sivak, Chodera and Crooks, Phys. Rev. X 3, 011007 (2013)",
    );
    BENNETT_FREE_ENERGY = (
        "bennett_free_energy", "free energy change from works both ways", r"\Delta F", "energy",
        r"\langle f(\tfrac{W-\Delta F}{T})\rangle = \langle f(\tfrac{W_R+\Delta F}{T})\rangle_R,\quad f(x) = \frac{1}{1+e^x}",
        "Change of the equilibrium free energy from the works of a protocol and of its reverse, each started in equilibrium: the estimate of least variance that both together allow.",
        "Bennett, J. Comput. Phys. 22, 245 (1976); Crooks, Phys. Rev. E 60, 2721 (1999)",
    );
    METRIC_RANGE_LOW = (
        "lowest_metric", "least w/kT", r"\min w/kT", "1", r"w(r) = \langle\dot R^2;r\rangle",
        "Least mean square velocity at a value of the coordinate, in units of kT. Where it is 1 everywhere, free energy and mean-force potential are the same.", KAWAI,
    );
    METRIC_RANGE_HIGH = (
        "highest_metric", "largest w/kT", r"\max w/kT", "1", r"w(r) = \langle\dot R^2;r\rangle",
        "Largest mean square velocity at a value of the coordinate, in units of kT.", KAWAI,
    );
    LANDSCAPE_DIFFERENCE = (
        "largest_landscape_difference", "largest difference of G and V_m", r"\max|G-V_m|", "energy",
        r"G = -kT\ln\rho,\quad V_m = -\int\langle\ddot R;r\rangle dr",
        "How far free energy and mean-force potential are apart, both zero at the density's maximum.", KAWAI,
    );
    FREE_ENERGY_BARRIER = (
        "free_energy_barrier", "barrier of the free energy", r"\Delta G", "energy", r"G = -kT\ln\rho",
        "Highest maximum inside the range above the lowest point before it.", KAWAI,
    );
    MEAN_FORCE_BARRIER = (
        "mean_force_barrier", "barrier of the mean-force potential", r"\Delta V_m", "energy", r"V_m = -\int\langle\ddot R;r\rangle dr",
        "Highest maximum inside the range above the lowest point before it.", KAWAI,
    );
}

/// What sweeps show under a name of their own.
pub(crate) fn of_scalars() -> Vec<Definition> {
    vec![define(
        "entropy_production_rate",
        "entropy production rate",
        r"\dot\Sigma",
        "nats/time",
        r"\dot\Sigma = \sum_i \int \frac{J_i^2}{D_i\,p}\,dx",
        "Along a sweep of a Langevin model: the rate at which the stationary motion makes entropy, extrapolated to the continuum.",
        SEIFERT,
    )]
}
