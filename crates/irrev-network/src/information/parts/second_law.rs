//! Entropy production, environment flow, own entropy and information flow of every part.

use irrev_numerics::special::{dissipation, log_ratio, relative_entropy_term};
use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use super::edges::PartedFlow;
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// The second law of one part: σ = env + dS/dt − İ ≥ 0, all in nats per time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartLaw {
    /// Name of the part.
    pub name: String,
    /// Partial entropy production rate σ_k ≥ 0; +∞ if a channel of the part carries flux one way only.
    pub entropy_production_rate: f64,
    /// Environment flow Σ J ln(k⁺/k⁻): entropy that the part's jumps deliver to its surroundings.
    pub environment_flow: f64,
    /// dS_k/dt, the rate of the part's own entropy S_k = −Σ p_k ln p_k.
    pub marginal_entropy_rate: f64,
    /// Information flow İ_k (learning rate): positive where the part's jumps create correlation with the rest.
    pub information_flow: f64,
    /// env_k + dS_k/dt − İ_k, summed from these three: σ_k but for rounding.
    pub second_law_slack: f64,
    /// Jumps of the part per unit time, Σ (j⁺ + j⁻).
    pub activity: f64,
    /// What rounding may have left in the flows above, as a bound in nats per time.
    pub rounding: f64,
    /// Names of the channels with flux one way only, which make σ_k infinite.
    pub one_way: Vec<String>,
}

impl PartLaw {
    /// Whether env_k + dS_k/dt is negative beyond rounding: the part alone would break the second law, and lives on information, İ_k < 0.
    ///
    /// Source: Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014), section III; they call the part that pays the demon, which is one with İ > 0.
    #[must_use]
    pub fn is_demon(&self) -> bool {
        self.environment_flow + self.marginal_entropy_rate < -self.rounding
    }
}

/// The second laws of all parts, which add up to that of the whole.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SecondLaws {
    /// One law per part, in the order of the subsystems.
    pub parts: Vec<PartLaw>,
    /// σ = Σ_k σ_k, in nats per time.
    pub entropy_production_rate: f64,
    /// Σ_k İ_k = d/dt (Σ_k S_k − S), in nats per time: 0 in a stationary state.
    pub total_correlation_rate: f64,
    /// Σ_k S_k − S ≥ 0, in nats: the mutual information I for two parts.
    pub total_correlation: f64,
}

impl SecondLaws {
    /// The parts that live on information, see [`PartLaw::is_demon`].
    pub fn demons(&self) -> impl Iterator<Item = &PartLaw> {
        self.parts.iter().filter(|part| part.is_demon())
    }
}

/// Second laws of the parts of a process at a distribution. O(edges × parts).
///
/// Ratios of probabilities are taken before their logarithm and sums are compensated, so that Σ_k İ_k vanishes in a stationary state to the rounding of
/// the state itself.
///
/// ```
/// use irrev_network::information::{parts::second_laws, product::product_process};
/// use irrev_numerics::linalg::Matrix;
/// let w = [[-1.8, 0.5, 0.3, 0.0], [0.8, -0.7, 0.0, 1.5], [1.0, 0.0, -2.3, 0.1], [0.0, 0.2, 2.0, -1.6]];
/// let process = product_process(&[2, 2], &Matrix::from_fn(4, 4, |i, j| w[i][j]))?;
/// let laws = second_laws(&process, &process.stationary_distribution()?)?;
/// assert!((laws.parts[0].entropy_production_rate - 0.40870621086055386).abs() < 1e-12);
/// assert!((laws.parts[0].information_flow - 0.06621614293290735).abs() < 1e-12);
/// assert!(laws.total_correlation_rate.abs() < 1e-15 && laws.demons().count() == 0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::NoSubsystems`], [`crate::Error::SameInEveryPart`]; [`crate::Error::NotMultipartite`] with the edge that changes several
/// parts; [`crate::Error::Length`].
pub fn second_laws(process: &MarkovJump, state: &Distribution) -> Result<SecondLaws> {
    let flow = process.flow(state)?;
    Ok(laws(&PartedFlow::of_process(process, &flow, state)?))
}

/// Second laws of the parts of a flow at the distribution that it belongs to; rates are j/p.
///
/// ```
/// use irrev_network::{gallery, information::parts::{second_laws, second_laws_of_flow}};
/// let channel = gallery::membrane_channel(&Default::default())?;
/// let steady = channel.stationary_distribution()?;
/// let laws = second_laws_of_flow(&channel.flow(&steady)?, &steady)?;
/// let known = second_laws(&channel, &steady)?;
/// assert!((laws.parts[0].environment_flow - known.parts[0].environment_flow).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`second_laws`]; [`crate::Error::NotPositive`] for an empty state that a channel enters or leaves, whose rate a flow does not show.
pub fn second_laws_of_flow(flow: &Flow, state: &Distribution) -> Result<SecondLaws> {
    Ok(laws(&PartedFlow::of_flow(flow, state)?))
}

/// Running sums of one part.
#[derive(Default, Clone)]
struct Sums {
    production: CompensatedSum,
    environment: CompensatedSum,
    entropy: CompensatedSum,
    information: CompensatedSum,
    slack: CompensatedSum,
    activity: CompensatedSum,
    rounding: f64,
    one_way: Vec<String>,
}

/// How many roundings a flow along one edge may suffer, relative to its fluxes.
const ROUNDINGS: f64 = 8.0;

pub(super) fn laws(parted: &PartedFlow<'_>) -> SecondLaws {
    let (space, p) = (&parted.space, parted.p);
    let rate = parted.flow.rate_of_change();
    let own: Vec<_> = (0..space.parts()).map(|k| space.gather(&[k])).collect();
    let marginal: Vec<Vec<f64>> = own.iter().map(|g| g.sums(p)).collect();
    let marginal_rate: Vec<Vec<f64>> = own.iter().map(|g| g.sums(&rate)).collect();
    // p(z₋ₖ|zₖ); of an empty label that is being entered, its limit from above
    let conditional = |k: usize, z: usize| {
        let label = own[k].group[z];
        if marginal[k][label] > 0.0 {
            p[z] / marginal[k][label]
        } else {
            rate[z] / marginal_rate[k][label]
        }
    };
    let mut sums = vec![Sums::default(); space.parts()];
    let mut correlation = CompensatedSum::default();
    for e in parted.active() {
        let k = e.part;
        let of_label = |z: usize| marginal[k][own[k].group[z]];
        let medium = parted.medium[e.edge];
        let entropy = log_ratio(of_label(e.from), of_label(e.to));
        let information = log_ratio(conditional(k, e.to), conditional(k, e.from));
        let sum = &mut sums[k];
        sum.production.add(dissipation(e.forward, e.backward));
        sum.environment.add(e.carried(medium));
        sum.entropy.add(e.carried(entropy));
        sum.information.add(e.carried(information));
        for term in [medium, entropy, -information] {
            sum.slack.add(e.carried(term));
        }
        sum.activity.add(e.forward + e.backward);
        let size = medium.abs() + entropy.abs() + information.abs() + 1.0;
        sum.rounding += ROUNDINGS * f64::EPSILON * (e.forward + e.backward) * size;
        if (e.forward == 0.0) != (e.backward == 0.0) {
            sum.one_way
                .push(parted.flow.network().edges()[e.edge].name.clone());
        }
        correlation.add(e.carried(information));
    }
    let parts: Vec<PartLaw> = space
        .names()
        .iter()
        .zip(sums)
        .map(|(name, sum)| PartLaw {
            name: name.clone(),
            entropy_production_rate: sum.production.value(),
            environment_flow: sum.environment.value(),
            marginal_entropy_rate: sum.entropy.value(),
            information_flow: sum.information.value(),
            second_law_slack: sum.slack.value(),
            activity: sum.activity.value(),
            rounding: sum.rounding,
            one_way: sum.one_way,
        })
        .collect();
    SecondLaws {
        entropy_production_rate: parted.flow.entropy_production_rate(),
        total_correlation_rate: correlation.value(),
        total_correlation: total_correlation(parted, &marginal, &own),
        parts,
    }
}

/// D(p‖Π p_k) over the states: terms p ln(p/m) − p + m, each with its full accuracy, and then the sum of p − m, which holes keep from vanishing.
fn total_correlation(
    parted: &PartedFlow<'_>,
    marginal: &[Vec<f64>],
    own: &[crate::information::product::Gathering],
) -> f64 {
    let product = |z: usize| -> f64 { own.iter().zip(marginal).map(|(g, m)| m[g.group[z]]).product() };
    let states = || parted.p.iter().enumerate();
    let terms = compensated_sum(states().map(|(z, &p)| relative_entropy_term(p, product(z))));
    let defect = compensated_sum(states().map(|(z, &p)| p - product(z)));
    (terms + defect).max(0.0)
}
