//! Uncertainty relations: how precise a current can be for what it dissipates.
//!
//! For a current X with weights w in the stationary state, with mean rate c₁ and variance rate c₂,
//!
//! | relation | statement |
//! |---|---|
//! | thermodynamic | c₂ Σ̇/c₁² ≥ 2 |
//! | kinetic | c₂ · activity/c₁² ≥ 1 |
//! | short-time | Σ w²(j⁺ + j⁻) Σ̇/c₁² ≥ 2 (at any state) |
//!
//! A current without a mean has no precision to bound: the products are then undefined (NaN), which is said, not infinite.
//!
//! Sources: Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015); Gingrich, Horowitz, Perunov and England, Phys. Rev. Lett. 116, 120601 (2016);
//! Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019).

use irrev_numerics::sum::compensated_sum;

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use crate::dynamics::CountingStatistics;
use crate::error::Result;
use crate::flow::Flow;

/// Both sides of the uncertainty relations of one current.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct UncertaintyRelation {
    /// Mean rate c₁ of the current.
    pub mean: f64,
    /// Variance rate c₂ = lim Var X/t.
    pub variance_rate: f64,
    /// Entropy production rate, in nats per time.
    pub entropy_production_rate: f64,
    /// Jumps per unit time.
    pub activity: f64,
    /// c₂ Σ̇/c₁² ≥ 2; NaN for c₁ = 0.
    pub thermodynamic_product: f64,
    /// c₂ · activity/c₁² ≥ 1; NaN for c₁ = 0.
    pub kinetic_product: f64,
    /// Σ w²(j⁺ + j⁻) Σ̇/c₁² ≥ 2; NaN for c₁ = 0.
    pub short_time_product: f64,
    /// Lower bound 2c₁²/c₂ on the entropy production rate that the current alone gives, in nats per time.
    pub dissipation_bound: f64,
    /// Lower bound 2c₁²/Σ w²(j⁺ + j⁻) on it that needs no variance, in nats per time.
    pub short_time_bound: f64,
}

/// Uncertainty relations of the stationary current with the given weight per forward jump of each edge.
///
/// ```
/// use irrev_network::{MarkovJump, bounds::uncertainty_relation, dynamics::counting_statistics};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
/// let statistics = counting_statistics(&ring)?;
/// let flow = ring.flow(statistics.stationary_distribution())?;
/// let relation = uncertainty_relation(&statistics, &flow, &[1.0, 0.0, 0.0])?;
/// assert!((relation.thermodynamic_product - 2.437092804262421).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`CountingStatistics::scaled_cumulants`].
pub fn uncertainty_relation(
    statistics: &CountingStatistics<'_>,
    stationary_flow: &Flow,
    weights: &[f64],
) -> Result<UncertaintyRelation> {
    let cumulants = statistics.scaled_cumulants(weights, 2)?.values;
    let (mean, variance_rate) = (cumulants[0], cumulants[1]);
    let entropy_production_rate = stationary_flow.entropy_production_rate();
    let activity = stationary_flow.activity();
    let short = compensated_sum(
        stationary_flow
            .fluxes()
            .zip(weights)
            .map(|((a, b), w)| w * w * (a + b)),
    );
    // a mean below the rounding of the fluxes it was summed from is no mean
    let size = compensated_sum(
        stationary_flow
            .fluxes()
            .zip(weights)
            .map(|((a, b), w)| w.abs() * (a + b)),
    );
    let vanishes = mean.abs() <= 16.0 * f64::EPSILON * size;
    // each factor over the mean first: their product and the square of the mean may leave the range
    let product = |x: f64, y: f64| {
        if vanishes {
            f64::NAN
        } else {
            (x / mean) * (y / mean)
        }
    };
    let least = |variance: f64| {
        if variance > 0.0 {
            2.0 * mean * (mean / variance)
        } else {
            0.0
        }
    };
    Ok(UncertaintyRelation {
        mean,
        variance_rate,
        entropy_production_rate,
        activity,
        thermodynamic_product: product(variance_rate, entropy_production_rate),
        kinetic_product: product(variance_rate, activity),
        short_time_product: product(short, entropy_production_rate),
        dissipation_bound: least(variance_rate),
        short_time_bound: least(short),
    })
}

impl UncertaintyRelation {
    /// The three relations as bounds on rates: Σ̇ ≥ 2c₁²/c₂, jumps per time ≥ c₁²/c₂, and Σ̇ ≥ 2c₁²/Σw²(j⁺ + j⁻).
    ///
    /// The flow is the one the relation was made of; it names the channels that run one way only.
    #[must_use]
    pub fn bounds(&self, stationary_flow: &Flow) -> [Bound; 3] {
        let edges = stationary_flow.network().edges();
        let one_way = stationary_flow.one_way_edges();
        let both_ways = || match one_way.as_slice() {
            [] => Ok(()),
            names => Err(Unmet::OneWay {
                edges: names.iter().map(|&e| edges[e].name.clone()).collect(),
            }),
        };
        // a product that is undefined says that the mean vanishes
        let moving = || match self.kinetic_product.is_nan() {
            false => Ok(()),
            true => Err(Unmet::NoResponse),
        };
        let dissipation = |name, formula, source, bound: f64| Bound {
            name,
            subject: None,
            cost: Cost::EntropyProduction,
            formula,
            source,
            outcome: both_ways()
                .and_then(|()| moving())
                .map(|()| Sides::new(Side::exact(self.entropy_production_rate), Side::exact(bound))),
        };
        [
            dissipation(
                "thermodynamic",
                "2c₁²/c₂",
                "Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015)",
                self.dissipation_bound,
            ),
            dissipation(
                "short_time",
                "2c₁²/Σw²(j⁺ + j⁻)",
                "Dechant and Sasa, J. Stat. Mech. 063209 (2018)",
                self.short_time_bound,
            ),
            Bound {
                name: "kinetic",
                subject: None,
                cost: Cost::Jumps,
                formula: "c₁²/c₂",
                source: "Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019)",
                outcome: moving().map(|()| {
                    let bound = Side::exact(0.5 * self.dissipation_bound);
                    Sides::new(Side::exact(self.activity), bound)
                }),
            },
        ]
    }
}
