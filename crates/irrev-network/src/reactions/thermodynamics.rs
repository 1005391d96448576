//! Chemical potentials, Gibbs energy, and where the dissipation is paid for.
//!
//! In an ideal dilute solution μ_i = μ°_i + ln x_i (units of RT), and local detailed balance says F_r = ln(j⁺/j⁻) = −Σ_i S_ir μ_i, so that
//! ln K_r = F_r + Σ S_ir ln x_i = −Σ S_ir μ°_i. Where given rate constants satisfy this for some μ° (the Wegscheider conditions) the
//! network is thermodynamically consistent; what is left over, a_r = ln K_r + Σ S_ir μ°_i, is a force that no species accounts for.
//!
//! With exchange currents I_y = −(S J)_y out of the reservoirs into the network, the second law reads
//!
//! Σ̇ = −dG/dt + Σ_y μ_y I_y + Σ_r a_r J_r,  G = Σ_dynamic x (μ° + ln x − 1).
//!
//! The held species fall into two kinds. As many as there are broken conservation laws (*conservative* ones, p) only set a reference; each
//! other one (f) drives a current by the fundamental force ℱ_f = μ_f − Σ_p μ_p (A⁻¹ ℓ_f)_p, with A the broken laws' coefficients on the p.
//! With the moieties M_p = Σ_b A⁻¹_pb ℓᵇ·x and the semigrand Gibbs energy 𝒢 = G − Σ_p μ_p M_p,
//!
//! Σ̇ = −d𝒢/dt + Ẇ_driving + Σ_f ℱ_f I_f + Σ_r a_r J_r,  Ẇ_driving = −Σ_p μ̇_p M_p.
//!
//! Source: Rao and Esposito, Phys. Rev. X 6, 041064 (2016), eqs. 42–50.

use irrev_numerics::integer::null_space;
use irrev_numerics::linalg::{LinearSolver, Matrix, WeightedLeastSquares};
use irrev_numerics::sum::compensated_sum;

use super::structure::counted_structure;
use super::{ReactionSystem, Structure};
use crate::error::{Error, Result};
use crate::flow::Flow;

/// A leftover force below this many nats, relative to the largest |ln K|, counts as none.
pub const CONSISTENCY: f64 = 1e-9;

/// Standard potentials that explain the rate constants, as far as any can.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StandardPotentials {
    /// μ° per species in units of RT; orthogonal to the conservation laws, which leave it undetermined.
    pub potentials: Vec<f64>,
    /// ln K per counted reaction, in nats.
    pub logarithmic_equilibrium_constants: Vec<f64>,
    /// a_r = ln K_r + Σ S_ir μ°_i per counted reaction, in nats: forces that no species accounts for.
    pub leftover_forces: Vec<f64>,
}

impl StandardPotentials {
    /// Whether the Wegscheider conditions hold, within [`CONSISTENCY`].
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        let largest = |v: &[f64]| v.iter().fold(0.0_f64, |m, a| m.max(a.abs()));
        largest(&self.leftover_forces)
            <= CONSISTENCY * largest(&self.logarithmic_equilibrium_constants).max(1.0)
    }
}

/// The standard potentials that best explain ln(j⁺/j⁻) at a state; for mass action they do not depend on the state.
///
/// # Errors
/// [`Error::OneWay`] for a counted reaction without a reverse; [`Error::NotPositive`] for a species with no amount.
pub fn standard_potentials(system: &ReactionSystem, time: f64, x: &[f64]) -> Result<StandardPotentials> {
    let amounts = positive_amounts(system, time, x)?;
    let flow = system.flow(time, x)?;
    flow.require_both_ways("the chemical potential")?;
    let columns = counted_columns(system);
    let constants: Vec<f64> = flow
        .force()
        .iter()
        .zip(&columns)
        .map(|(force, column)| force + compensated_sum(column.iter().map(|&(s, c)| c * amounts[s].ln())))
        .collect();
    let targets: Vec<f64> = constants.iter().map(|k| -k).collect();
    let fit = WeightedLeastSquares::new(columns.clone(), system.species().len())?;
    let unit = vec![1.0; columns.len()];
    let zero = vec![0.0; system.species().len()];
    let potentials = fit.solve(&unit, &targets, &zero)?.map_or(zero, |found| found.x);
    Ok(with_potentials(potentials, constants, &columns))
}

fn with_potentials(
    potentials: Vec<f64>,
    constants: Vec<f64>,
    columns: &[Vec<(usize, f64)>],
) -> StandardPotentials {
    let leftover = constants
        .iter()
        .zip(columns)
        .map(|(k, column)| k + compensated_sum(column.iter().map(|&(s, c)| c * potentials[s])))
        .collect();
    StandardPotentials {
        potentials,
        leftover_forces: leftover,
        logarithmic_equilibrium_constants: constants,
    }
}

/// A held species in the free-energy balance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Exchange {
    /// Index of the species.
    pub species: usize,
    /// μ_y, in units of RT.
    pub chemical_potential: f64,
    /// I_y: what flows from the reservoir into the network, in amount per time.
    pub current: f64,
    /// Fundamental force ℱ_f; `None` for a conservative one, which only sets a reference.
    pub force: Option<f64>,
}

/// Where the entropy production comes from, in units of R (times amount per time).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FreeEnergyBalance {
    /// Σ̇ of the counted reactions.
    pub entropy_production_rate: f64,
    /// G of the dynamic species, in RT.
    pub gibbs_energy: f64,
    /// dG/dt through the counted reactions.
    pub gibbs_energy_rate: f64,
    /// Σ_y μ_y I_y: chemical work of all reservoirs.
    pub chemical_work_rate: f64,
    /// 𝒢 = G − Σ_p μ_p M_p.
    pub semigrand_energy: f64,
    /// d𝒢/dt at fixed reservoirs.
    pub semigrand_energy_rate: f64,
    /// Σ_f ℱ_f I_f: work that can drive currents for ever.
    pub nonconservative_work_rate: f64,
    /// Σ_r a_r J_r: work of forces that no species accounts for.
    pub leftover_work_rate: f64,
    /// Every held species with its potential, current and force.
    pub exchanges: Vec<Exchange>,
    /// Σ̇ − (−d𝒢/dt + nonconservative + leftover): zero but for rounding.
    pub residual: f64,
    /// Σ_r (j⁺ + j⁻) (|ln K_r| + Σ_s |S_sr μ_s|): the residual is some ε of it, also where all currents vanish.
    pub one_way_work_rate: f64,
}

/// Decomposes the entropy production rate of a flow of the system at a state, with μ° from [`standard_potentials`] or given.
///
/// Reservoirs are fixed, so that there is no driving work; see [`driving_work_rate`].
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, thermodynamics::free_energy_balance};
/// let enzyme = ReactionSystem::builder()
///     .species("E").species("ES").chemostat("S", 2.0).chemostat("P", 0.1)
///     .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
///     .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
///     .build()?;
/// let balance = free_energy_balance(&enzyme, 0.0, &[0.4, 0.6], None)?;
/// assert!(balance.residual.abs() < 1e-14);
/// let forces: Vec<f64> = balance.exchanges.iter().filter_map(|e| e.force).collect();
/// assert_eq!(forces.len(), 1);                 // one chemostat sets the reference, the other drives
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`standard_potentials`]; [`Error::Length`] unless there is one potential per species.
pub fn free_energy_balance(
    system: &ReactionSystem,
    time: f64,
    x: &[f64],
    potentials: Option<&[f64]>,
) -> Result<FreeEnergyBalance> {
    let mut standard = standard_potentials(system, time, x)?;
    if let Some(given) = potentials {
        if given.len() != system.species().len() {
            return Err(Error::Length {
                what: "standard potentials",
                found: given.len(),
                expected: system.species().len(),
            });
        }
        let constants = standard.logarithmic_equilibrium_constants;
        standard = with_potentials(given.to_vec(), constants, &counted_columns(system));
    }
    let amounts = positive_amounts(system, time, x)?;
    let flow = system.flow(time, x)?;
    let structure = counted_structure(system)?;
    let mu: Vec<f64> = standard
        .potentials
        .iter()
        .zip(&amounts)
        .map(|(m, a)| m + a.ln())
        .collect();
    Ok(balance(system, &flow, &structure, &standard, &mu, &amounts))
}

fn balance(
    system: &ReactionSystem,
    flow: &Flow,
    structure: &Structure,
    standard: &StandardPotentials,
    mu: &[f64],
    amounts: &[f64],
) -> FreeEnergyBalance {
    // symbols: μ chemical potentials, I exchange currents, p conservative and f driving chemostats
    let current = flow.current();
    let made = production(system, &current);
    let total = flow.entropy_production_rate();
    let (held, changed): (Vec<usize>, Vec<usize>) = (0..amounts.len()).partition(|s| system.is_external(*s));
    let gibbs_energy = compensated_sum(changed.iter().map(|&s| amounts[s] * (mu[s] - 1.0)));
    let gibbs_energy_rate = compensated_sum(changed.iter().map(|&s| mu[s] * made[s]));
    let reference = Reference::new(structure, &held);
    let mut exchanges = Vec::with_capacity(held.len());
    for &y in &held {
        let force = (!reference.conservative.contains(&y)).then(|| mu[y] - reference.of(y, mu));
        exchanges.push(Exchange {
            species: y,
            chemical_potential: mu[y],
            current: -made[y],
            force,
        });
    }
    let chemical_work_rate = compensated_sum(exchanges.iter().map(|e| e.chemical_potential * e.current));
    let nonconservative = compensated_sum(exchanges.iter().filter_map(|e| Some(e.force? * e.current)));
    let leftover = compensated_sum(standard.leftover_forces.iter().zip(&current).map(|(a, j)| a * j));
    let in_moieties = |of: &[f64]| reference.moieties(system, of, mu);
    let semigrand_energy = gibbs_energy - in_moieties(amounts);
    let semigrand_energy_rate = gibbs_energy_rate - in_moieties(&made);
    FreeEnergyBalance {
        entropy_production_rate: total,
        gibbs_energy,
        gibbs_energy_rate,
        chemical_work_rate,
        semigrand_energy,
        semigrand_energy_rate,
        nonconservative_work_rate: nonconservative,
        leftover_work_rate: leftover,
        residual: total + semigrand_energy_rate - nonconservative - leftover,
        one_way_work_rate: one_way_work_rate(system, flow, standard, mu),
        exchanges,
    }
}

fn one_way_work_rate(system: &ReactionSystem, flow: &Flow, standard: &StandardPotentials, mu: &[f64]) -> f64 {
    let columns = counted_columns(system);
    let terms = flow
        .fluxes()
        .zip(&columns)
        .zip(&standard.logarithmic_equilibrium_constants);
    compensated_sum(terms.map(|(((a, b), column), ln_k)| {
        let potentials: f64 = column.iter().map(|&(s, c)| (c * mu[s]).abs()).sum();
        (a + b) * (ln_k.abs() + potentials)
    }))
}

/// Driving work Ẇ = −Σ_p μ̇_p M_p of reservoirs whose amounts change at the given rates, in units of R (times amount per time).
///
/// `held_rates` has one entry per held species in order; those that follow a rate of their own count among them.
///
/// # Errors
/// As [`free_energy_balance`]; [`Error::Length`].
pub fn driving_work_rate(system: &ReactionSystem, time: f64, x: &[f64], held_rates: &[f64]) -> Result<f64> {
    let amounts = positive_amounts(system, time, x)?;
    let structure = counted_structure(system)?;
    let held: Vec<usize> = (0..amounts.len()).filter(|s| system.is_external(*s)).collect();
    if held_rates.len() != held.len() {
        return Err(Error::Length {
            what: "rates of held amounts",
            found: held_rates.len(),
            expected: held.len(),
        });
    }
    let mut mu_rate = vec![0.0; amounts.len()];
    for (&y, rate) in held.iter().zip(held_rates) {
        mu_rate[y] = rate / amounts[y];
    }
    let reference = Reference::new(&structure, &held);
    Ok(-reference.moieties(system, &amounts, &mu_rate))
}

/// The conservative chemostats p and the inverse of the broken laws' coefficients on them.
struct Reference {
    conservative: Vec<usize>,
    /// A⁻¹, rows p, columns broken laws.
    inverse: Vec<Vec<f64>>,
    /// Broken laws on every species.
    laws: Vec<Vec<(usize, f64)>>,
}

impl Reference {
    fn new(structure: &Structure, held: &[usize]) -> Self {
        let laws: Vec<Vec<(usize, f64)>> = structure
            .broken_conservation_laws
            .iter()
            .map(|law| law.iter().map(|&(s, a)| (s, a as f64)).collect())
            .collect();
        let species = held.iter().max().map_or(0, |s| s + 1);
        let parts: Vec<Vec<(usize, f64)>> = laws
            .iter()
            .map(|law| law.iter().copied().filter(|(s, _)| held.contains(s)).collect())
            .collect();
        // the laws were chosen independent on the held species, so elimination finds one column for each
        let conservative = null_space(&parts, species).map_or_else(|_| Vec::new(), |space| space.independent);
        let b = laws.len();
        let entry = |law: usize, s: usize| laws[law].iter().find(|(c, _)| *c == s).map_or(0.0, |(_, a)| *a);
        let matrix = Matrix::from_fn(b, b, |law, p| conservative.get(p).map_or(0.0, |&s| entry(law, s)));
        let solver = LinearSolver::new(matrix);
        let column = |law: usize| {
            let unit: Vec<f64> = (0..b).map(|k| if k == law { 1.0 } else { 0.0 }).collect();
            solver
                .as_ref()
                .ok()
                .and_then(|s| s.solve(&unit).ok())
                .map_or_else(Vec::new, |s| s.x)
        };
        let columns: Vec<Vec<f64>> = (0..b).map(column).collect();
        let inverse = (0..b)
            .map(|p| columns.iter().map(|c| c.get(p).copied().unwrap_or(0.0)).collect())
            .collect();
        Self {
            conservative,
            inverse,
            laws,
        }
    }

    /// Σ_p μ_p (A⁻¹ ℓ_f)_p: the potential that the conservative chemostats give to species f.
    fn of(&self, f: usize, mu: &[f64]) -> f64 {
        let coefficients: Vec<f64> = self
            .laws
            .iter()
            .map(|law| law.iter().find(|(s, _)| *s == f).map_or(0.0, |(_, a)| *a))
            .collect();
        compensated_sum(
            self.conservative
                .iter()
                .zip(&self.inverse)
                .map(|(&p, row)| mu[p] * super::bounds::dot(row, &coefficients)),
        )
    }

    /// Σ_p μ_p M_p with M_p = Σ_b A⁻¹_pb Σ_dynamic ℓᵇ_i x_i.
    fn moieties(&self, system: &ReactionSystem, amounts: &[f64], mu: &[f64]) -> f64 {
        let dynamic = |s: usize| !system.is_external(s);
        let contents: Vec<f64> = self
            .laws
            .iter()
            .map(|law| {
                compensated_sum(
                    law.iter()
                        .filter(|(s, _)| dynamic(*s))
                        .map(|&(s, a)| a * amounts[s]),
                )
            })
            .collect();
        compensated_sum(
            self.conservative
                .iter()
                .zip(&self.inverse)
                .map(|(&p, row)| mu[p] * super::bounds::dot(row, &contents)),
        )
    }
}

/// (S J) of every species, dynamic and held, through the counted reactions.
fn production(system: &ReactionSystem, current: &[f64]) -> Vec<f64> {
    use irrev_numerics::sum::CompensatedSum;
    let mut sums = vec![CompensatedSum::default(); system.species().len()];
    for (column, j) in counted_columns(system).iter().zip(current) {
        for &(s, c) in column {
            sums[s].add(c * j);
        }
    }
    sums.iter().map(CompensatedSum::value).collect()
}

/// Columns of S over all species, for the counted reactions.
fn counted_columns(system: &ReactionSystem) -> Vec<Vec<(usize, f64)>> {
    let column = |&r: &usize| {
        let reaction = &system.reactions()[r];
        let mut net = std::collections::BTreeMap::new();
        for (side, sign) in [(&reaction.reactants, -1.0), (&reaction.products, 1.0)] {
            for &(s, c) in side {
                *net.entry(s).or_insert(0.0) += sign * c;
            }
        }
        net.into_iter().filter(|(_, c)| *c != 0.0).collect()
    };
    system.counted().iter().map(column).collect()
}

fn positive_amounts(system: &ReactionSystem, time: f64, x: &[f64]) -> Result<Vec<f64>> {
    let amounts = system.amounts(time, x)?;
    for (species, &value) in system.species().iter().zip(&amounts) {
        if !(value > 0.0) {
            return Err(Error::NotPositive {
                quantity: "the chemical potential",
                state: species.name.clone(),
                value,
            });
        }
    }
    Ok(amounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enzyme(k: f64) -> ReactionSystem {
        ReactionSystem::builder()
            .species("E")
            .species("ES")
            .chemostat("S", 2.0)
            .chemostat("P", 0.1)
            .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
            .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
            .mass_action("leak", &[("S", 1.0)], &[("P", 1.0)], k, k * 0.5 * 0.3 / 2.0)
            .build()
            .unwrap()
    }

    #[test]
    fn the_balance_closes_and_the_force_is_the_affinity_of_the_emergent_cycle() {
        let system = enzyme(0.01);
        let potentials = standard_potentials(&system, 0.0, &[0.4, 0.6]).unwrap();
        assert!(potentials.is_consistent());
        let balance = free_energy_balance(&system, 0.0, &[0.4, 0.6], None).unwrap();
        assert!(balance.residual.abs() < 1e-13);
        let force = balance.exchanges.iter().find_map(|e| e.force).unwrap();
        // S → P: ln(k₁k₂ S/(k₋₁k₋₂ P))
        let affinity = (2.0 * 1.0 * 2.0 / (0.5 * 0.3 * 0.1) as f64).ln();
        assert!((force.abs() - affinity).abs() < 1e-12, "{force} {affinity}");
    }

    #[test]
    fn rate_constants_against_wegscheider_leave_a_force_over() {
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("one", &[("A", 1.0)], &[("B", 1.0)], 2.0, 1.0)
            .mass_action("two", &[("A", 1.0)], &[("B", 1.0)], 1.0, 1.0)
            .build()
            .unwrap();
        let potentials = standard_potentials(&system, 0.0, &[1.0, 1.0]).unwrap();
        assert!(!potentials.is_consistent());
        let balance = free_energy_balance(&system, 0.0, &[1.0, 0.7], None).unwrap();
        assert!(balance.residual.abs() < 1e-14);
        assert!(balance.leftover_work_rate > 0.0);
    }
}
