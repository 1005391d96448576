//! A lattice that one spin drives: spin 0 flips by itself, as a telegraph, and the others follow.
//!
//! All rates are unchanged by the symmetries of the lattice that keep spin 0, and by the reversal of all spins. The stationary state is that of the process
//! on the orbits, some forty times fewer than the states on 4 × 4 sites, where elimination without subtractions gives it to all digits at any temperature.

use std::collections::HashMap;

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, Threads};
use irrev_numerics::special::{dissipation, log_ratio, relative_entropy_term};
use irrev_numerics::sum::{CompensatedSum, blocked_sum, compensated_sum};
use irrev_numerics::{Convergence, Error as NumericsError, Run};

use super::geometry::{Lattice, check, up_probabilities};
use super::symmetry::{Orbits, stabilizer};
use crate::error::{Error, Result};

/// Most sites.
const MOST_SITES: usize = 16;

/// Accepted Σ |change of probability per unit of time|.
const RESIDUAL: f64 = 1e-12;

/// Stationary state of a lattice driven by its spin 0; rates in nats per time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrivenLattice {
    /// π over the 2^n states; bit k of a state's number is set if spin k is +1.
    pub distribution: Vec<f64>,
    /// Partial entropy production rate σ_k ≥ 0 of every spin, that of the input first.
    pub partial_entropy_production_rate: Vec<f64>,
    /// Environment flow Σ J ln(w⁺/w⁻) of every spin; 0 for the input, whose flips are alike both ways.
    pub environment_flow: Vec<f64>,
    /// Information flow İ_k of every spin, k beside all the others; they sum to 0.
    pub information_flow: Vec<f64>,
    /// İ of all the other spins as one, summed over their flips: what they gather of the input, minus `information_flow[0]`.
    pub information_flow_of_the_rest: f64,
    /// I(s_0; s_k) of every spin, H(s_0) for the input itself.
    pub information_about_input: Vec<f64>,
    /// I(s_0; all others).
    pub information_of_the_rest: f64,
    /// Number of classes of states that symmetries leave.
    pub orbits: usize,
    /// Σ |dπ/dt| over all states.
    pub convergence: Convergence,
}

impl DrivenLattice {
    /// σ = Σ_k σ_k.
    #[must_use]
    pub fn entropy_production_rate(&self) -> f64 {
        compensated_sum(self.partial_entropy_production_rate.iter().copied())
    }
}

/// Spin 0 flips at `input_rate` whatever the others do; spin k > 0 at rate (1 − s_k tanh(h_k/T))/2.
///
/// ```
/// use irrev_ising::lattice::{Lattice, driven_lattice};
/// let slow = driven_lattice(Lattice::new(3, 3)?, 1.0, 2.5, 0.05, &Default::default())?;
/// assert!((slow.information_flow[0] + 0.03576110771775179).abs() < 1e-14);     // the input is forgotten by its own flips
/// assert!((slow.information_flow_of_the_rest - 0.03576110771775179).abs() < 1e-13);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooManySpins`] for more than 16 sites; [`Error::Domain`] for numbers out of range; [`Error::Frozen`] where rates leave the range of numbers;
/// not converged; cancelled.
///
/// Source: the setting of Meijers, Ito and ten Wolde, Phys. Rev. E 103, L010102 (2021), on a small lattice.
pub fn driven_lattice(
    lattice: Lattice,
    coupling: f64,
    temperature: f64,
    input_rate: f64,
    run: &Run<'_>,
) -> Result<DrivenLattice> {
    check(coupling, temperature)?;
    Error::require(
        "the rate of the input",
        input_rate,
        input_rate > 0.0 && input_rate.is_finite(),
        "a finite number above 0",
    )?;
    let n = lattice.sites();
    if n > MOST_SITES {
        return Err(Error::TooManySpins {
            spins: n,
            quantity: "a driven lattice",
            most: MOST_SITES,
        });
    }
    let rates = Rates::new(lattice, coupling, temperature, input_rate);
    if rates.of.iter().flatten().any(|rate| *rate < f64::MIN_POSITIVE) {
        return Err(Error::Frozen);
    }
    run.report(0.0, "orbits of the states")?;
    let orbits = Orbits::new(n, &stabilizer(lattice));
    run.report(0.2, "stationary state of the orbits")?;
    let of_orbits = stationary(&rates, &orbits)?;
    let distribution: Vec<f64> = orbits
        .class
        .iter()
        .map(|&class| of_orbits[class as usize] / orbits.sizes[class as usize] as f64)
        .collect();
    run.report(0.8, "flows of the spins")?;
    let residual = blocked_sum(distribution.len(), |s| {
        compensated_sum((0..n).map(|k| {
            let turned = s ^ 1 << k;
            distribution[turned] * rates.at(turned, k) - distribution[s] * rates.at(s, k)
        }))
        .abs()
    });
    let convergence = Convergence::direct(residual, RESIDUAL);
    if !(residual <= RESIDUAL) {
        let what = "the stationary state of the driven lattice";
        return Err(NumericsError::NotConverged { what, convergence }.into());
    }
    Ok(flows(&rates, distribution, orbits.sizes.len(), convergence))
}

/// Rates of flips.
struct Rates {
    neighbours: Vec<[usize; 4]>,
    /// Of a spin that is down or up, by how many of its neighbours are up.
    of: [[f64; 5]; 2],
    input: f64,
}

impl Rates {
    fn new(lattice: Lattice, coupling: f64, temperature: f64, input: f64) -> Self {
        let up = up_probabilities(coupling, temperature);
        let down = up_probabilities(-coupling, temperature);
        Self {
            neighbours: (0..lattice.sites())
                .map(|site| lattice.neighbours(site))
                .collect(),
            of: [up, down],
            input,
        }
    }

    /// Rate at which spin k of a state flips.
    fn at(&self, state: usize, k: usize) -> f64 {
        if k == 0 {
            return self.input;
        }
        let up: usize = self.neighbours[k].iter().map(|site| state >> site & 1).sum();
        self.of[state >> k & 1][up]
    }
}

/// Stationary probabilities of the orbits.
fn stationary(rates: &Rates, orbits: &Orbits) -> Result<Vec<f64>> {
    // flows between two classes, from the lower to the higher number and back
    let mut between: HashMap<(usize, usize), [f64; 2]> = HashMap::new();
    for (class, &state) in orbits.representatives.iter().enumerate() {
        for k in 0..rates.neighbours.len() {
            let other = orbits.class[state ^ 1 << k] as usize;
            if other == class {
                continue;
            }
            let (pair, way) = if class < other {
                ((class, other), 0)
            } else {
                ((other, class), 1)
            };
            between.entry(pair).or_default()[way] += rates.at(state, k);
        }
    }
    let mut pairs: Vec<((usize, usize), [f64; 2])> = between.into_iter().collect();
    pairs.sort_unstable_by_key(|(pair, _)| *pair);
    let joined: Vec<(usize, usize)> = pairs.iter().map(|(pair, _)| *pair).collect();
    let (ahead, back): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(_, [ahead, back])| (*ahead, *back)).unzip();
    let plan = EliminationPlan::new(orbits.sizes.len(), &joined, &PlanOptions::default())
        .map_err(NumericsError::from)?;
    let factor = plan
        .generator(&ahead, &back, Threads::Shared)
        .map_err(NumericsError::from)?;
    Ok(factor.stationary_distribution().to_vec())
}

fn flows(rates: &Rates, p: Vec<f64>, orbits: usize, convergence: Convergence) -> DrivenLattice {
    let n = rates.neighbours.len();
    let sum = || vec![CompensatedSum::default(); n];
    let (mut production, mut environment, mut information, mut up, mut together) =
        (sum(), sum(), sum(), sum(), sum());
    let (mut rest, mut of_rest) = (CompensatedSum::default(), CompensatedSum::default());
    let mut input_up = CompensatedSum::default();
    for (s, &p_s) in p.iter().enumerate() {
        if s & 1 == 1 {
            input_up.add(p_s);
        }
        for k in 0..n {
            if s >> k & 1 == 1 {
                up[k].add(p_s);
                if s & 1 == 1 {
                    together[k].add(p_s);
                }
            }
        }
    }
    let up: Vec<f64> = up.iter().map(CompensatedSum::value).collect();
    for (s, &p_s) in p.iter().enumerate() {
        // p(s)/(p(s) + p(s with the input turned)): what the rest tells of the input
        let of_input = |s: usize| p[s] / (p[s] + p[s ^ 1]);
        if s & 1 == 0 {
            let others = p_s + p[s ^ 1];
            of_rest.add(relative_entropy_term(p_s, (1.0 - up[0]) * others));
            of_rest.add(relative_entropy_term(p[s ^ 1], up[0] * others));
        }
        for k in (0..n).filter(|k| s >> k & 1 == 0) {
            let turned = s | 1 << k;
            let (ahead, back) = (p_s * rates.at(s, k), p[turned] * rates.at(turned, k));
            production[k].add(dissipation(ahead, back));
            environment[k].add((ahead - back) * log_ratio(rates.at(s, k), rates.at(turned, k)));
            information[k].add((ahead - back) * log_ratio(p[turned] / up[k], p_s / (1.0 - up[k])));
            if k > 0 {
                rest.add((ahead - back) * log_ratio(of_input(turned), of_input(s)));
            }
        }
    }
    let values = |sums: &[CompensatedSum]| sums.iter().map(CompensatedSum::value).collect::<Vec<f64>>();
    let input = input_up.value();
    let about_input = (0..n).map(|k| {
        let both = together[k].value();
        let table = [
            (both, input * up[k]),
            (input - both, input * (1.0 - up[k])),
            (up[k] - both, (1.0 - input) * up[k]),
            (1.0 - input - up[k] + both, (1.0 - input) * (1.0 - up[k])),
        ];
        compensated_sum(
            table
                .into_iter()
                .map(|(joint, product)| relative_entropy_term(joint.max(0.0), product)),
        )
    });
    DrivenLattice {
        information_about_input: about_input.collect(),
        partial_entropy_production_rate: values(&production),
        environment_flow: values(&environment),
        information_flow: values(&information),
        information_flow_of_the_rest: rest.value(),
        information_of_the_rest: of_rest.value(),
        distribution: p,
        orbits,
        convergence,
    }
}
