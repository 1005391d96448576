//! Definitions of what is told of a recorded coordinate.

use crate::analysis::define_quantities;

const KAWAI: &str = "Kawai, Ensemble 16 (2014)";
const CHING: &str = "Ching, Phys. Rev. Lett. 70, 283 (1993)";
const KRAMERS_MOYAL: &str = "Friedrich, Peinke, Sahimi and Reza Rahimi Tabar, Phys. Rep. 506, 87 (2011)";
const MORI: &str = "Mori, Prog. Theor. Phys. 33, 423 (1965)";

define_quantities! {
    STEP_EXPONENT = (
        "step_exponent", "how steps grow with time", r"\alpha", "1", r"\langle(r(t+kh)-r(t))^2\rangle = 2s^2 + B k^{\alpha}",
        "2 for motion with inertia, whose velocities the recording resolves; 1 for diffusion, which has none at this step.", KRAMERS_MOYAL,
    );
    POSITION_NOISE = (
        "position_noise", "noise of a recorded position, at most", r"s", "coordinate", r"\langle(r(t+kh)-r(t))^2\rangle = 2s^2 + B k^{\alpha}",
        "Standard deviation of what is added to each position alone, at most: the curvature of the motion within a few steps looks like noise, too.", KRAMERS_MOYAL,
    );
    NOISE_SHARE = (
        "noise_share_of_velocity", "part of ⟨Ṙ²; r⟩ that is noise", r"s^2/2h^2w", "1", r"\frac{s^2}{2h^2}\Big/\Big\langle\Big(\frac{r_+-r_-}{2h}\Big)^2\Big\rangle",
        "Share of the mean square velocity from central differences that noise of positions makes.", KRAMERS_MOYAL,
    );
    STEP_SHARE = (
        "step_share_of_velocity", "what a step twice as long takes from ⟨Ṙ²; r⟩", r"1-w_{2h}/w_h", "1", r"1 - w_{2h}/w_h",
        "By how much the mean square velocity from central differences falls if every second frame is left out: the size of the sampling bias.", KAWAI,
    );
    SAMPLING_BIAS = (
        "sampling_bias_of_velocity", "what differences of positions miss of ⟨Ṙ²⟩", r"1-\langle\dot R^2\rangle_h/\langle\dot R^2\rangle", "1",
        r"1-\Big\langle\Big(\frac{r_+-r_-}{2h}\Big)^2\Big\rangle\Big/\langle\dot R^2\rangle",
        "By how much the mean square velocity from central differences at the recorded step is lower than that from recorded velocities.", KAWAI,
    );
    EQUIPARTITION = (
        "velocity_over_metric", "⟨Ṙ²⟩ over kT⟨g⟩", r"\langle\dot R^2\rangle/kT\langle g\rangle", "1", r"\langle\dot R^2;r\rangle = kT\,\langle g;r\rangle",
        "Mean square velocity over what the recorded metric and kT make of it: 1 in equilibrium at this temperature.", KAWAI,
    );
    METRIC_LOW = (
        "recorded_lowest_metric", "least w/kT", r"\min w/kT", "1", r"w(r) = \langle\dot R^2;r\rangle",
        "Least mean square velocity in a cell, in units of kT: 1 everywhere makes free energy and mean-force potential the same.", KAWAI,
    );
    METRIC_HIGH = (
        "recorded_highest_metric", "largest w/kT", r"\max w/kT", "1", r"w(r) = \langle\dot R^2;r\rangle",
        "Largest mean square velocity in a cell, in units of kT.", KAWAI,
    );
    DIFFERENCE = (
        "recorded_landscape_difference", "largest difference of G and V_m", r"\max|G-V_m\,kT/\langle w\rangle|", "kT", r"G = -kT\ln\rho,\quad V_m = -\int\langle\ddot R;r\rangle dr",
        "How far the two landscapes are apart, both zero in the most populated cell, V_m in units of the mean of w, which is kT where the coordinate is weighted by mass. A maximum of noise is not zero: the p-value judges it.", KAWAI,
    );
    IDENTITY = (
        "recorded_identity_residual", "largest |G − V* − kT ln(w/kT)|", r"\max|G-V^*-kT\ln(w/kT)|", "kT", r"G = V^* + kT\ln\frac{w}{kT}",
        "An identity of equilibrium, whatever the coordinate: what is left is noise, the width of cells and of steps, or a system that is not in equilibrium.", CHING,
    );
    CIRCULATION = (
        "recorded_circulation", "mean force once round", r"\oint\langle\ddot R;r\rangle dr", "coordinate²/time²", r"\oint\langle\ddot R;r\rangle dr",
        "Loop integral of the mean force of a periodic coordinate: unless it vanishes V_m has many values.", KAWAI,
    );
    FREE_ENERGY_BARRIER = (
        "recorded_free_energy_barrier", "barrier of the free energy", r"\Delta G", "kT", r"G = -kT\ln\rho",
        "Highest maximum inside the cells above the lowest point before it.", KAWAI,
    );
    MEAN_FORCE_BARRIER = (
        "recorded_mean_force_barrier", "barrier of the mean-force potential", r"\Delta V_m/\langle w\rangle", "kT", r"V_m = -\int\langle\ddot R;r\rangle dr",
        "Highest maximum inside the cells above the lowest point before it, in units of the mean of w, which is kT where the coordinate is weighted by mass.", KAWAI,
    );
    NORMALISED_BARRIER = (
        "recorded_normalised_barrier", "barrier of V*", r"\Delta V^*", "kT", r"V^* = -kT\int\frac{\langle\ddot R;r\rangle}{\langle\dot R^2;r\rangle}dr",
        "Highest maximum inside the cells above the lowest point before it: the part of the free energy's barrier that forces make.", KAWAI,
    );
    CHING_RESIDUAL = (
        "crossing_identity_residual", "residual of the identity of crossings", r"\epsilon", "1", r"\sum_{\mathrm{crossings}}|\Delta r|/h^2 = -\sum_{r>e}\ddot r",
        "The two ways to estimate wρ from positions agree in the sample, up to rounding and the ends of trajectories: a check of the books.", CHING,
    );
    FRICTION = (
        "kernel_integral", "integral of the memory kernel", r"\int_0^t K\,ds", "1/time", r"\gamma = \int_0^{t_{\max}} K(s)\,ds",
        "Friction over mass, once the integral is level at the last lag.", MORI,
    );
    KERNEL_START = (
        "kernel_at_zero", "memory kernel at zero", r"K(0)", "1/time²", r"\ddot r = f(r) - \int_0^t K(s)\dot r(t-s)ds + \xi",
        "Strength of the memory: mean square of the random acceleration over that of the velocity.", MORI,
    );
    DRIFT_CURVATURE = (
        "diffusion_range", "largest over least diffusion coefficient", r"\max D/\min D", "1", r"D(r) = \frac{\mathrm{Var}(dr;r)}{2h}",
        "How much the diffusion coefficient changes along the coordinate.", KRAMERS_MOYAL,
    );
}
