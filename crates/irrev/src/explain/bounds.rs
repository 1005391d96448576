//! What the bounds of a report say: one definition for each name.

use irrev_report::{Definition, text};

/// Shorthand for a bound: both sides have the unit that the report states.
pub(super) const fn bound(
    name: &'static str,
    label: &'static str,
    formula: &'static str,
    explanation: &'static str,
    source: &'static str,
) -> Definition {
    Definition {
        name: text(name),
        label: text(label),
        symbol: text(""),
        unit: text(""),
        formula: text(formula),
        explanation: text(explanation),
        source: text(source),
    }
}

const BARATO: &str = "Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015); Gingrich, Horowitz, Perunov and England, Phys. Rev. Lett. 116, 120601 (2016)";
pub(super) const YOSHIMURA: &str = "Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021)";
pub(super) const GEOMETRIC: &str =
    "Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023)";

const NAKAZATO: &str = "Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021)";
const OTTO: &str = "Otto and Villani, J. Funct. Anal. 173, 361 (2000)";
const ERBAR: &str = "Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012)";

/// Every bound that a report can have.
pub(super) fn all() -> Vec<Definition> {
    vec![
        bound(
            "thermodynamic_uncertainty",
            "thermodynamic uncertainty relation",
            r"\frac{\mathrm{Var}}{\langle\mathcal J\rangle^2}\,\dot\Sigma \ge 2",
            "Precision has a price: the relative fluctuations of an observable times the entropy production rate are not below 2.",
            BARATO,
        ),
        bound(
            "thermodynamic_uncertainty_entropy",
            "thermodynamic uncertainty relation of the entropy production",
            r"\frac{\mathrm{Var}\,\dot S}{\dot\Sigma} \ge 2",
            "The Fano factor of the entropy production is not below 2.",
            BARATO,
        ),
        bound(
            "kinetic_uncertainty",
            "kinetic uncertainty relation",
            r"\frac{\mathrm{Var}}{\langle\mathcal J\rangle^2}\,A \ge 1",
            "Precision needs jumps: the relative fluctuations of an observable times the activity are not below 1.",
            "Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019)",
        ),
        bound(
            "uncertainty",
            "uncertainty relation of a species",
            r"\dot\Sigma\,D_i/\dot x_i^2 \ge 2",
            "What a reaction network dissipates bounds how fast it can move a species against its scaled diffusion D.",
            YOSHIMURA,
        ),
        bound(
            "uncertainty_relation",
            "uncertainty relation of the excess",
            r"\dot\Sigma_{\mathrm{ex}}\,D_i/\dot x_i^2 \ge 2",
            "The geometric excess alone bounds how fast a species moves; the tightest species is shown.",
            YOSHIMURA,
        ),
        bound(
            "speed_limit",
            "speed limit",
            r"\tau \ge \frac{2(x_i(\tau) - x_i(0))^2}{\Sigma\,\overline{D}_i}",
            "A change of a species takes at least this time for the entropy produced; the tightest species is shown.",
            YOSHIMURA,
        ),
        bound(
            "cycle_length",
            "length of the limit cycle",
            r"T\oint\dot\Sigma_{\mathrm{ex}}\,dt \ge \ell^2",
            "Going round a limit cycle costs at least the square of its Wasserstein length over the period.",
            GEOMETRIC,
        ),
        bound(
            "wasserstein_path",
            "length of the path",
            r"\tau\int_0^\tau\dot\Sigma_{\mathrm{ex}}\,dt \ge \ell^2",
            "The excess of a path times its duration is at least its Wasserstein length squared; equal at constant speed.",
            GEOMETRIC,
        ),
        bound(
            "time_and_action",
            "time and action of a path of distributions",
            r"\tau\,\mathcal C \ge \mathcal L^2",
            "The action of a path times its duration is at least its length squared; equal at constant speed.",
            "Ito, Phys. Rev. Lett. 121, 030605 (2018)",
        ),
        bound(
            "length_and_geodesic",
            "length of a path of distributions",
            r"\mathcal L \ge 2\arccos\sum_i\sqrt{p_i(0)\,p_i(\tau)}",
            "No path of distributions is shorter than the geodesic between its ends.",
            "Wootters, Phys. Rev. D 23, 357 (1981)",
        ),
        bound(
            "part_second_law",
            "second law of a part",
            r"\mathrm{env}_k + \frac{dS_k}{dt} \ge \dot I_k",
            "What a part delivers to its surroundings, with the change of its own entropy, is at least what it learns; it may deliver less than nothing if it uses up information.",
            "Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014)",
        ),
        bound(
            "dissipation_between_looks",
            "entropy production seen from time to time",
            r"\dot\Sigma \ge D/\Delta t",
            "Who looks at a stationary process from time to time sees no more entropy production than there is.",
            "Roldán and Parrondo, Phys. Rev. Lett. 105, 150607 (2010)",
        ),
        bound(
            "clausius",
            "Clausius inequality",
            r"\Delta S + \sum_r Q_r/T_r \ge 0",
            "Entropy of the system and what its reservoirs receive together do not fall.",
            "Clausius (1865)",
        ),
        bound(
            "carnot",
            "Carnot bound",
            r"\eta \le \eta_{\mathrm{C}}",
            "No engine between two temperatures is more efficient than a reversible one, and no refrigerator has a higher coefficient of performance.",
            "Carnot (1824); Callen, Thermodynamics, ch. 4",
        ),
        bound(
            "decay_gap",
            "decay of relative entropy by the gap",
            r"D(p(t)\Vert\pi) \le \ln(1 + \chi^2(0)\,e^{-2\gamma t})",
            "With detailed balance χ² falls at twice the spectral gap at least, and relative entropy is below ln(1 + χ²).",
            "Gibbs and Su, Int. Stat. Rev. 70, 419 (2002)",
        ),
        bound(
            "decay_curvature",
            "decay of relative entropy by curvature",
            r"D(p(t)\Vert\pi) \le e^{-2\kappa t} D(p(0)\Vert\pi)",
            "A positive lower bound of the entropic curvature is proven to be a rate at which relative entropy falls.",
            ERBAR,
        ),
        bound(
            "decay_wasserstein",
            "contraction of W₂ by curvature",
            r"W_2(p(t),\pi) \le e^{-\kappa t}\,W_2(p(0),\pi)",
            "Relaxations approach each other in W₂ at the entropic curvature at least.",
            ERBAR,
        ),
        bound(
            "decay_total_variation",
            "decay of the total variation",
            r"\mathrm{TV} \le \min\{\sqrt{D/2},\ \tfrac12\sqrt{\chi^2}\}",
            "Pinsker's inequality with what gap and proven curvature say of relative entropy, and Cauchy and Schwarz's with what the gap says of χ².",
            "Gibbs and Su, Int. Stat. Rev. 70, 419 (2002)",
        ),
        bound(
            "log_sobolev",
            "modified log-Sobolev inequality",
            r"\dot\Sigma(p) \ge 2\alpha\,D(p\Vert\pi)",
            "At a distance from equilibrium the process dissipates at least at this rate.",
            "Bobkov and Tetali, J. Theor. Probab. 19, 289 (2006)",
        ),
        bound(
            "wasserstein_relaxation",
            "distance covered by a relaxation",
            r"\Sigma_{\mathrm{ex}} \ge W_2(p_0,p_\tau)^2/\tau",
            "Continuous motion pays at least the squared distance that its distribution covers, in the metric of the inverse diffusion, over the time it takes; a lower bound of the distance serves, too.",
            NAKAZATO,
        ),
        bound(
            "wasserstein_protocol",
            "distance covered by a protocol",
            r"\Sigma \ge W_2(p_0,p_\tau)^2/(\mu T\tau)",
            "No potential carries a distribution to another in a given time at a lower price; the best one moves every quantile at constant speed.",
            "Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011)",
        ),
        bound(
            "exponential_decay",
            "decay of relative entropy by convexity",
            r"D(p_t\Vert\pi) \le e^{-2\lambda t} D(p_0\Vert\pi)",
            "In a convex potential relative entropy falls at least at twice its convexity.",
            "Bakry and Émery, Sém. Probab. XIX, 177 (1985)",
        ),
        bound(
            "logarithmic_sobolev",
            "logarithmic Sobolev inequality",
            r"\dot\Sigma(p) \ge 2\lambda\,D(p\Vert\pi)",
            "In a convex potential the motion dissipates at least at this rate, at any distance from equilibrium.",
            "Bakry and Émery, Sém. Probab. XIX, 177 (1985)",
        ),
        bound(
            "talagrand",
            "Talagrand's inequality",
            r"W_2(p,\pi)^2 \le 2 D(p\Vert\pi)/\lambda",
            "In a convex potential what is far from equilibrium has much relative entropy to it.",
            OTTO,
        ),
        bound(
            "hwi",
            "HWI inequality",
            r"D(p\Vert\pi) \le W_2\sqrt{\dot\Sigma} - \tfrac{\lambda}{2} W_2^2",
            "Relative entropy, distance and dissipation bound each other, whatever the sign of the convexity.",
            OTTO,
        ),
        bound(
            "maximum_work",
            "principle of maximum work",
            r"\langle W\rangle \ge \Delta F",
            "A protocol that starts in equilibrium costs at least the change of the free energy.",
            "Jarzynski, Phys. Rev. Lett. 78, 2690 (1997)",
        ),
    ]
}
