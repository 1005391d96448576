//! Definitions of quantities of the geometry of a relaxation.

use crate::analysis::define_quantities;

const ITO: &str = "Ito, Phys. Rev. Lett. 121, 030605 (2018)";
const ITO_DECHANT: &str = "Ito and Dechant, Phys. Rev. X 10, 021056 (2020)";

define_quantities! {
    STATISTICAL_LENGTH = (
        "statistical_length", "length of the path of distributions", r"\mathcal L", "1", r"\mathcal L = \int_0^\tau \sqrt{I}\,dt,\quad I = \sum_i \dot p_i^2/p_i",
        "How many distinguishable distributions the relaxation passes through; I is the Fisher information of time.", ITO,
    );
    STATISTICAL_ACTION = (
        "statistical_action", "action of the path of distributions", r"\mathcal C", "1/time", r"\mathcal C = \int_0^\tau I\,dt",
        "Cost of the change in the geometry of distributions, 2 times the thermodynamic cost of Ito; infinite where empty states are filled at once.", ITO,
    );
    GEODESIC = (
        "statistical_distance", "shortest path between the ends", r"\ell", "1", r"\ell = 2\arccos\sum_i\sqrt{p_i(0)\,p_i(\tau)}",
        "Length of the shortest path between the distributions at the start and at the end, whatever dynamics would take it.",
        "Wootters, Phys. Rev. D 23, 357 (1981)",
    );
    LEAST_TIME = (
        "statistical_least_time", "least time for the length at this action", r"\mathcal L^2/\mathcal C", "time", r"\tau \ge \mathcal L^2/\mathcal C",
        "No path of this length takes less time at this action; reached at constant speed.", ITO,
    );
    INITIAL_SPEED = (
        "initial_speed", "intrinsic speed at the start", r"v(0)", "1/time", r"v = \sqrt{I}",
        "Rate at which the distribution becomes distinguishable from what it was; no observable changes faster than its standard deviation times v.", ITO_DECHANT,
    );
}
