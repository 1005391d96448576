//! What the speed limits of a relaxation say: one definition for each name.

use irrev_report::Definition;

use super::bounds::{GEOMETRIC, YOSHIMURA, bound};

const VAN_VU: &str = "Van Vu and Saito, Phys. Rev. X 13, 011013 (2023)";
const SHIRAISHI: &str = "Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018)";
const DECHANT: &str = "Dechant, J. Phys. A 52, 035001 (2019)";

/// Every speed limit.
pub(super) fn all() -> Vec<Definition> {
    let mut all = of_one_cost();
    all.extend(of_two_costs().into_iter().flatten());
    all
}

/// Those that bound one thing.
fn of_one_cost() -> Vec<Definition> {
    vec![
        bound(
            "speed_limit_excess_part",
            "excess against the whole",
            r"\Sigma \ge \Sigma_{\mathrm{ex}}",
            "The excess is a part of the entropy production; the rest keeps the process driven.",
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
            "speed_limit_least_jumps",
            "jumps against W₁",
            r"\mathcal A \ge W_1",
            "A jump carries its probability one transition far.",
            VAN_VU,
        ),
    ]
}

/// Those that bound the whole entropy production and, with `_excess` behind the name, the excess.
fn of_two_costs() -> Vec<[Definition; 2]> {
    vec![
        on_both(
            "speed_limit_wasserstein2",
            "speed limit by W₂",
            r"W_2^2/\tau",
            "The shortest path between the ends at constant speed costs least.",
            GEOMETRIC,
        ),
        on_both(
            "speed_limit_resistance",
            "speed limit by the effective resistance",
            r"\Delta p^{\mathsf T}\left(\int B L B^{\mathsf T}dt\right)^{+}\Delta p",
            "The mobilities summed over the path conduct the change of the distribution at least at this cost.",
            DECHANT,
        ),
        on_both(
            "speed_limit_wasserstein1_mobility",
            "speed limit by W₁ and mobility",
            r"W_1^2/(\tau\overline M)",
            "Carrying probability over a distance costs at least this with the mean mobility of the path: M̄ is the mean over time of Σ L, the Onsager coefficients of all transitions.",
            VAN_VU,
        ),
        on_both(
            "speed_limit_wasserstein1_artanh",
            "speed limit by W₁ and jumps",
            r"2W_1\,\mathrm{artanh}\frac{W_1}{\tau\overline A}",
            "Carrying probability over a distance costs at least this with the mean activity of the path.",
            VAN_VU,
        ),
        on_both(
            "speed_limit_wasserstein1_jumps",
            "quadratic speed limit by W₁ and jumps",
            r"2W_1^2/(\tau\overline A)",
            "The weaker, quadratic form of the limit by W₁ and jumps.",
            VAN_VU,
        ),
        on_both(
            "speed_limit_total_variation_artanh",
            "speed limit by total variation and jumps",
            r"2\,\mathrm{TV}\,\mathrm{artanh}\frac{\mathrm{TV}}{\tau\overline A}",
            "As the limit by W₁, with the total variation.",
            "Vo, Van Vu and Hasegawa, Phys. Rev. E 102, 062132 (2020)",
        ),
        on_both(
            "speed_limit_shiraishi_funo_saito",
            "speed limit of Shiraishi, Funo and Saito",
            r"\frac{L_1^2}{2\tau\overline A}",
            "The first speed limit for jump processes: a change of the distribution costs at least this with the jumps that were made.",
            SHIRAISHI,
        ),
        on_both(
            "speed_limit_weighted_wasserstein1_mobility",
            "speed limit by W₁ with given lengths and mobility",
            r"\frac{W_1^2}{\int\sum_e \ell_e^2 L_e\,dt}",
            "The limit by W₁ and mobility with lengths of the transitions.",
            VAN_VU,
        ),
        on_both(
            "speed_limit_weighted_wasserstein1_jumps",
            "speed limit by W₁ with given lengths and jumps",
            r"\frac{2W_1^2}{\int\sum_e \ell_e^2 (j_e^+ + j_e^-)\,dt}",
            "The limit by W₁ and jumps with lengths of the transitions.",
            VAN_VU,
        ),
        on_both(
            "speed_limit_species_change",
            "speed limit of a species",
            r"\frac{2\,(x_i(\tau) - x_i(0))^2}{\int_0^\tau D_i\,dt}",
            "A change of a species costs at least this with its scaled diffusion along the motion, D_i = Σ S² (j⁺ + j⁻) over the reactions.",
            YOSHIMURA,
        ),
    ]
}

/// A limit on the entropy production and on its excess, by the formula of what either is at least.
fn on_both(
    name: &'static str,
    label: &'static str,
    least: &'static str,
    explanation: &'static str,
    source: &'static str,
) -> [Definition; 2] {
    let limit = |suffix: &str, of_what: &str, paid: &str| Definition {
        name: format!("{name}{suffix}").into(),
        label: format!("{label}{of_what}").into(),
        formula: format!(r"{paid} \ge {least}").into(),
        ..bound(name, label, least, explanation, source)
    };
    [
        limit("", "", r"\Sigma"),
        limit("_excess", ", excess", r"\Sigma_{\mathrm{ex}}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_its_own_formula_for_either_cost() {
        let formula = |name: &str| {
            let found = all().into_iter().find(|limit| limit.name == name).unwrap();
            found.formula.into_owned()
        };
        let least = r"W_1^2/(\tau\overline M)";
        let name = "speed_limit_wasserstein1_mobility";
        assert_eq!(formula(name), format!(r"\Sigma \ge {least}"));
        assert_eq!(
            formula(&format!("{name}_excess")),
            format!(r"\Sigma_{{\mathrm{{ex}}}} \ge {least}")
        );
    }
}
