//! Definitions of what is told of a recorded coordinate.

use crate::analysis::define_quantities;

const KAWAI: &str = "Kawai, Ensemble 16 (2014)";
const CHING: &str = "Ching, Phys. Rev. Lett. 70, 283 (1993)";
const KRAMERS_MOYAL: &str = "Friedrich, Peinke, Sahimi and Reza Rahimi Tabar, Phys. Rep. 506, 87 (2011)";
const KUBO: &str = "Kubo, Rep. Prog. Phys. 29, 255 (1966)";
const POMEAU: &str = "Pomeau, J. Phys. 43, 859 (1982)";
const NELSON: &str = "Nelson, Phys. Rev. 150, 1079 (1966)";
const CERIOTTI: &str = "Ceriotti, Bussi and Parrinello, J. Chem. Theory Comput. 6, 1170 (2010)";
const SCHUETTE: &str = "Schütte, Noé, Lu, Sarich and Vanden-Eijnden, J. Chem. Phys. 134, 204105 (2011)";
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
    NOISE_DEVIATION = (
        "random_force_deviation", "largest |⟨ξξ⟩/⟨ṙ²⟩ − K| over its error", r"\max|\langle\xi\xi\rangle/\langle\dot r^2\rangle-K|/\sigma", "1", r"\langle\xi(t)\xi(0)\rangle = \langle\dot r^2\rangle K(t)",
        "Second fluctuation–dissipation relation, tested on the random force that the recording itself gives: some hundred lags, of which neighbours are not independent, reach 4 to 5 by chance.", KUBO,
    );
    RESIMULATED_CORRELATION = (
        "resimulated_correlation_difference", "largest difference of recorded and simulated velocity autocorrelation", r"\max|C-C'|/C(0)", "1", r"\ddot r = f(r) - \int_0^t K(s)\dot r(t-s)ds + \xi",
        "How far walkers that follow the fitted equation are from the recording, over the lags of the kernel.", CERIOTTI,
    );
    RESIMULATED_DENSITY = (
        "resimulated_density_difference", "weight that recorded and simulated density do not share", r"\tfrac12\int|\rho-\rho'|dr", "1", r"\ddot r = f(r) - \int_0^t K(s)\dot r(t-s)ds + \xi",
        "How far the density of walkers that follow the fitted equation is from the recorded one: e^{∫f dr/⟨ṙ²⟩}, which is ρ only where ⟨Ṙ²; r⟩ does not depend on r.", CERIOTTI,
    );
    TRANSITION_TIME = (
        "recorded_transition_time", "mean time from one well to the other", r"\tau", "time", r"\tau_{AB} = \mathrm{time\ since\ }A/\mathrm{passages\ }A\to B",
        "Time that belongs to the core of one of the two deepest wells, which was visited last, over the passages to the core of the other.", SCHUETTE,
    );
    RESIMULATED_TRANSITION = (
        "resimulated_transition_time", "mean time from one well to the other by the fitted equation", r"\tau'", "time", r"\tau_{AB} = \mathrm{time\ since\ }A/\mathrm{passages\ }A\to B",
        "The same of walkers that follow the fitted equation.", SCHUETTE,
    );
    FIELD_FLUX_SHARE = (
        "recorded_flux_share", "part of the field that is no gradient", r"\langle v^2\rangle/\langle F^2\rangle", "1", r"F = -A\nabla V_m + v,\quad \nabla\cdot(\rho v) = 0",
        "Mean square of the flux of the mean force (without inertia: of the drift) in two coordinates, over that of the whole, without what noise adds. In equilibrium it need not vanish.", KAWAI,
    );
    FIELD_METRIC_SHARE = (
        "recorded_metric_flux_share", "part of the field that is flux of the reversible field", r"\langle v_0^2\rangle/\langle F^2\rangle", "1", r"F^0_i = \rho^{-1}\sum_j\partial_j(W_{ij}\rho)",
        "Mean square of the flux of what second moments of velocities (without inertia: the diffusion tensor) and density make of the field; it is there in equilibrium, too.", KAWAI,
    );
    FIELD_IDENTITY = (
        "recorded_field_identity", "part of the field that misses the identity of stationary motion", r"\langle|F-F^0|^2\rangle/\langle F^2\rangle", "1", r"F_i\rho = \sum_j\partial_j(W_{ij}\rho)",
        "Ching's identity in two coordinates, without what noise adds; width of cells and steps leave something. Without inertia it is that of the part of the drift that time reversal does not turn.", CHING,
    );
    FIELD_ENTROPY = (
        "recorded_pair_entropy_production", "entropy production rate that two coordinates show", r"\langle\nu\cdot D^{-1}\nu\rangle", "nats/time", r"\nu = J/\rho = \langle r_+-r_-;r\rangle/2h",
        "From the local mean velocity and the diffusion tensor, without what noise adds: a lower bound of what the whole system produces, and low where cells average over what turns within them.", NELSON,
    );
    FIELD_FLOW = (
        "recorded_flow_share", "part of the mean square velocity that is flow", r"\tfrac12\langle\nu\cdot W^{-1}\nu\rangle", "1", r"\nu = \langle\dot R;r\rangle",
        "Mean velocity at a place, which vanishes in equilibrium, over the spread of velocities there; without what noise adds.", KAWAI,
    );
    FIELD_REVERSAL = (
        "time_reversal_p_value", "probability of such differences from the reversed recording by chance", r"p", "1", r"\langle a(t+\tau)b(t)\rangle = \langle a(t)b(t+\tau)\rangle",
        "Test of all pairs of the two coordinates and their products (of an angle: of cosine and sine), by drawing signs of blocks.", POMEAU,
    );
    FIELD_AREA = (
        "encircled_area_rate", "area encircled per time", r"\dot A", "coordinates/time", r"\langle r_1(t)r_2(t+\tau)-r_2(t)r_1(t+\tau)\rangle/2\tau",
        "From the first coordinate towards the second; zero in equilibrium.", POMEAU,
    );
    FIELD_CIRCULATION = (
        "recorded_field_circulation", "field once round a circle", r"\oint F_i\,dr_i", "coordinate²/time²", r"\oint F_i\,dr_i",
        "Loop integral along a periodic coordinate at fixed values of the other, in the mean over grid lines all of whose cells are known: not zero where the field has a flux round the circle.", KAWAI,
    );
    FIELD_VELOCITY = (
        "recorded_mean_velocity", "mean velocity", r"\langle\dot R\rangle", "coordinate/time", r"\langle\dot R\rangle",
        "Over all frames; over the period, turns per time. Zero in equilibrium.", POMEAU,
    );
}
