//! What the speed limits of a relaxation say: one definition for each name.

use irrev_report::Definition;

use super::bounds::{GEOMETRIC, bound};

const VAN_VU: &str = "Van Vu and Saito, Phys. Rev. X 13, 011013 (2023)";
const SHIRAISHI: &str = "Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018)";
const DECHANT: &str = "Dechant, J. Phys. A 52, 035001 (2019)";

/// Every speed limit; `_excess` behind a name bounds the excess in place of the whole entropy production.
pub(super) fn all() -> Vec<Definition> {
    vec![
        bound(
            "speed_limit_excess_part",
            "excess against the whole",
            r"\Sigma \ge \Sigma_{\mathrm{ex}}",
            "The excess is a part of the entropy production; the rest keeps the process driven.",
            GEOMETRIC,
        ),
        bound(
            "speed_limit_wasserstein2",
            "speed limit by W₂",
            r"\Sigma \ge \Sigma_{\mathrm{ex}} \ge W_2^2/\tau",
            "The shortest path between the ends at constant speed costs least.",
            GEOMETRIC,
        ),
        bound(
            "speed_limit_constant_speed",
            "speed limit by the length of the path",
            r"\Sigma_{\mathrm{ex}} \ge \ell^2/\tau",
            "The same path at constant speed costs least.",
            GEOMETRIC,
        ),
        bound(
            "speed_limit_geodesic",
            "length of the path against W₂",
            r"\ell^2/\tau \ge W_2^2/\tau",
            "No path is shorter than the geodesic.",
            GEOMETRIC,
        ),
        bound(
            "speed_limit_resistance",
            "speed limit by the effective resistance",
            r"\Sigma_{\mathrm{ex}} \ge \Delta p^{\mathsf T}\left(\int B L B^{\mathsf T}dt\right)^{+}\Delta p",
            "The mobilities summed over the path conduct the change of the distribution at least at this cost.",
            DECHANT,
        ),
        bound(
            "speed_limit_wasserstein1_mobility",
            "speed limit by W₁ and mobility",
            r"\Sigma_{\mathrm{ex}} \ge W_1^2/(\tau\overline M)",
            "Carrying probability over a distance costs at least this with the mean mobility of the path: M̄ is the mean over time of Σ L, the Onsager coefficients of all transitions.",
            VAN_VU,
        ),
        bound(
            "speed_limit_wasserstein1_artanh",
            "speed limit by W₁ and jumps",
            r"\Sigma_{\mathrm{ex}} \ge 2W_1\,\mathrm{artanh}\frac{W_1}{\tau\overline A}",
            "Carrying probability over a distance costs at least this with the mean activity of the path.",
            VAN_VU,
        ),
        bound(
            "speed_limit_wasserstein1_jumps",
            "quadratic speed limit by W₁ and jumps",
            r"\Sigma_{\mathrm{ex}} \ge 2W_1^2/(\tau\overline A)",
            "The weaker, quadratic form of the limit by W₁ and jumps.",
            VAN_VU,
        ),
        bound(
            "speed_limit_total_variation_artanh",
            "speed limit by total variation and jumps",
            r"\Sigma_{\mathrm{ex}} \ge 2\,\mathrm{TV}\,\mathrm{artanh}\frac{\mathrm{TV}}{\tau\overline A}",
            "As the limit by W₁, with the total variation.",
            "Vo, Van Vu and Hasegawa, Phys. Rev. E 102, 062132 (2020)",
        ),
        bound(
            "speed_limit_shiraishi_funo_saito",
            "speed limit of Shiraishi, Funo and Saito",
            r"\Sigma_{\mathrm{ex}} \ge \frac{L_1^2}{2\tau\overline A}",
            "The first speed limit for jump processes: a change of the distribution costs at least this with the jumps that were made.",
            SHIRAISHI,
        ),
        bound(
            "speed_limit_shiraishi_funo_saito_nonadiabatic",
            "speed limit of the nonadiabatic part",
            r"\Sigma_{\mathrm{na}} \ge 0.896\,\frac{L_1^2}{2\tau\overline A}",
            "The same for the Hatano–Sasa part, with a slightly smaller constant.",
            SHIRAISHI,
        ),
        bound(
            "speed_limit_shiraishi_saito",
            "relaxation against relative entropy",
            r"\Sigma \ge D(p(0)\Vert p(\tau))",
            "A relaxation with detailed balance produces at least the relative entropy between its ends.",
            "Shiraishi and Saito, Phys. Rev. Lett. 123, 110603 (2019)",
        ),
        bound(
            "speed_limit_weighted_wasserstein1_mobility",
            "speed limit by W₁ with given lengths and mobility",
            r"\Sigma_{\mathrm{ex}} \ge \frac{W_1^2}{\int\sum_e \ell_e^2 L_e\,dt}",
            "The limit by W₁ and mobility with lengths of the transitions.",
            VAN_VU,
        ),
        bound(
            "speed_limit_weighted_wasserstein1_jumps",
            "speed limit by W₁ with given lengths and jumps",
            r"\Sigma_{\mathrm{ex}} \ge \frac{2W_1^2}{\int\sum_e \ell_e^2 (j_e^+ + j_e^-)\,dt}",
            "The limit by W₁ and jumps with lengths of the transitions.",
            VAN_VU,
        ),
        bound(
            "speed_limit_least_jumps",
            "jumps against W₁",
            r"\mathcal A \ge W_1",
            "A jump carries its probability one transition far.",
            VAN_VU,
        ),
    ]
}
