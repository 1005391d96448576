//! What a stationary system is used as: engine, refrigerator, heat pump, or nothing of the kind.
//!
//! Between the hottest and the coldest reservoir, with power P delivered (minus the work on the system), heat Q̇_h taken from the hot and Q̇_c from
//! the cold reservoir: an engine has P > 0 and efficiency P/Q̇_h ≤ 1 − T_c/T_h; a refrigerator takes heat from the cold reservoir at
//! the cost −P > 0 with coefficient of performance Q̇_c/(−P) ≤ T_c/(T_h − T_c).

use super::{Energetics, EnergyBudget};

/// Use and efficiency of a stationary system between a hottest and a coldest reservoir.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Engine {
    /// Turns heat into work.
    HeatEngine {
        /// Power delivered, in energy per time.
        power: f64,
        /// Power over heat taken from all reservoirs hotter than the coldest.
        efficiency: f64,
        /// Carnot's bound 1 − T_c/T_h.
        carnot: f64,
    },
    /// Takes heat from the coldest reservoir by using work.
    Refrigerator {
        /// Power consumed, in energy per time.
        power: f64,
        /// Heat taken from the coldest reservoir over power.
        coefficient_of_performance: f64,
        /// Carnot's bound T_c/(T_h − T_c).
        carnot: f64,
    },
    /// Turns work into heat, or conducts heat from hot to cold, without use.
    Dissipator {
        /// Power consumed, in energy per time; ≥ 0.
        power: f64,
    },
}

/// Classifies a stationary energy budget; `None` with fewer than two different temperatures.
#[must_use]
pub fn engine(budget: &EnergyBudget, energetics: &Energetics) -> Option<Engine> {
    let temperatures = energetics.reservoirs.iter().map(|r| r.temperature);
    let hottest = temperatures.clone().fold(f64::NEG_INFINITY, f64::max);
    let coldest = temperatures.fold(f64::INFINITY, f64::min);
    if !(hottest > coldest) {
        return None;
    }
    let power = -(budget.chemical_work + budget.driving_work);
    let taken = |from_cold: bool| {
        let chosen = budget.heat.iter().zip(&energetics.reservoirs);
        chosen
            .filter(|(_, r)| (r.temperature == coldest) == from_cold)
            .map(|(q, _)| -q)
            .sum::<f64>()
    };
    let (from_hot, from_cold) = (taken(false), taken(true));
    Some(if power > 0.0 && from_hot > 0.0 {
        Engine::HeatEngine {
            power,
            efficiency: power / from_hot,
            carnot: 1.0 - coldest / hottest,
        }
    } else if power < 0.0 && from_cold > 0.0 {
        Engine::Refrigerator {
            power: -power,
            coefficient_of_performance: from_cold / -power,
            carnot: coldest / (hottest - coldest),
        }
    } else {
        Engine::Dissipator { power: -power }
    })
}
