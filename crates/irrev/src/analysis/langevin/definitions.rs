//! Definitions of quantities of Langevin models.

use irrev_report::Definition;

use crate::analysis::{define, define_quantities};

const RISKEN: &str = "Risken, The Fokker–Planck Equation (Springer, 1989)";
const SEIFERT: &str = "Seifert, Rep. Prog. Phys. 75, 126001 (2012)";
const SEKIMOTO: &str = "Sekimoto, Stochastic Energetics (Springer, 2010)";
const KAWAI: &str = "Kawai, Ensemble 16 (2014)";
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
