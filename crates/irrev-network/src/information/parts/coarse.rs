//! What an observer of some of the parts sees: apparent rates, the second laws they obey, and what is lost.

use std::collections::BTreeMap;

use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use super::edges::{Active, PartedFlow};
use super::second_law::{SecondLaws, laws};
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::state::Distribution;

/// Which jumps between two coarse states the observer tells apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Resolution {
    /// None: all channels between two coarse states become one, whose fluxes are their sums per direction.
    #[default]
    States,
    /// Those of different reservoirs: one channel per pair of coarse states and reservoir.
    Reservoirs,
}

/// Apparent thermodynamics of some of the parts at one state.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CoarseGrained {
    /// Indices of the parts that were kept, in the order asked for.
    pub kept: Vec<usize>,
    /// Coarse state of every fine one; coarse states are in lexicographic order of the kept parts.
    pub coarse_state: Vec<usize>,
    /// Apparent rates Ω/p on the coarse states, of use at this state only: the coarse dynamics has memory. 0 out of an empty coarse state.
    pub process: MarkovJump,
    /// Probabilities of the coarse states.
    pub distribution: Distribution,
    /// Apparent second laws of the kept parts.
    pub laws: SecondLaws,
    /// What each kept part dissipates unseen, σ_k − σ̃_k ≥ 0, in nats per time; +∞ where a channel of it runs one way only.
    pub loss: Vec<f64>,
    /// What the whole system dissipates unseen: the losses and all of the parts that are not kept, in nats per time.
    pub total_loss: f64,
}

/// Second laws of the parts `kept`, all others lumped: Ω_{KL} = Σ of the one-way fluxes from the states of L to those of K, apparent rates Ω/p.
///
/// By the log-sum inequality σ̃_k ≤ σ_k. The loss is summed from terms that are non-negative one by one, not from the difference.
///
/// ```
/// use irrev_network::{gallery, information::parts::{Resolution, coarse_grained}};
/// let symport = gallery::transporter(&Default::default())?;
/// let steady = symport.stationary_distribution()?;
/// let seen = coarse_grained(&symport.flow(&steady)?, &steady, &[0, 1], Resolution::States)?;
/// assert!((seen.laws.parts[0].information_flow - 0.0016686162319818326).abs() < 1e-12);
/// assert!(seen.loss[0] > 0.0);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Unknown`] or [`crate::Error::Duplicate`] for a wrong list of parts; [`crate::Error::NotPositive`] for an empty state that a channel enters;
/// else as [`super::second_laws_of_flow`].
///
/// Source: Esposito, Phys. Rev. E 85, 041125 (2012); for parts: Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014).
pub fn coarse_grained(
    flow: &Flow,
    state: &Distribution,
    kept: &[usize],
    resolution: Resolution,
) -> Result<CoarseGrained> {
    let parted = PartedFlow::of_flow(flow, state)?;
    let gathered = parted.space.gathered(kept)?;
    let distribution = Distribution::new(gathered.sums(parted.p))?;
    let lumps = lumps(&parted, kept, &gathered.group, resolution);
    let network = coarse_network(&parted, kept, &gathered.tuples, &lumps)?;
    let total = |side: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let of_lump = |lump: &Lump| compensated_sum(lump.fluxes.iter().map(side));
        lumps.iter().map(of_lump).collect()
    };
    let (forward, backward) = (total(|f| f.0), total(|f| f.1));
    let p = distribution.probabilities();
    let rate = |flux: f64, x: usize| if flux > 0.0 { flux / p[x] } else { 0.0 };
    let ends = || lumps.iter().map(|lump| (lump.from, lump.to));
    let process = MarkovJump::new(
        network.clone(),
        ends().zip(&forward).map(|((x, _), &f)| rate(f, x)).collect(),
        ends().zip(&backward).map(|((_, y), &f)| rate(f, y)).collect(),
    )?;
    let mut loss = vec![CompensatedSum::default(); kept.len()];
    for ((lump, &a), &b) in lumps.iter().zip(&forward).zip(&backward) {
        for term in unseen(&lump.fluxes, a, b) {
            loss[lump.part].add(term);
        }
    }
    let lost: CompensatedSum = loss.iter().map(CompensatedSum::value).collect();
    let hidden = parted.active().filter(|e| !kept.contains(&e.part));
    let hidden = compensated_sum(hidden.map(|e| irrev_numerics::special::dissipation(e.forward, e.backward)));
    let coarse_flow = Flow::new(network, forward, backward)?;
    let laws = laws(&PartedFlow::of_flow(&coarse_flow, &distribution)?);
    Ok(CoarseGrained {
        kept: kept.to_vec(),
        coarse_state: gathered.group,
        process,
        distribution,
        laws,
        loss: loss.iter().map(CompensatedSum::value).collect(),
        total_loss: lost.value() + hidden,
    })
}

/// Channels that the observer cannot tell apart.
struct Lump {
    from: usize,
    to: usize,
    reservoir: Option<usize>,
    /// Position among the kept parts of the part that they change.
    part: usize,
    /// (along, against) fluxes of each.
    fluxes: Vec<(f64, f64)>,
}

fn lumps(parted: &PartedFlow<'_>, kept: &[usize], group: &[usize], resolution: Resolution) -> Vec<Lump> {
    let mut lumps: BTreeMap<(usize, usize, Option<usize>), Lump> = BTreeMap::new();
    let seen = |e: Active| kept.iter().position(|&k| k == e.part).map(|part| (e, part));
    for (e, part) in parted.active().filter_map(seen) {
        let (x, y) = (group[e.from], group[e.to]);
        let (from, to, fluxes) = if x < y {
            (x, y, (e.forward, e.backward))
        } else {
            (y, x, (e.backward, e.forward))
        };
        let reservoir = match resolution {
            Resolution::States => None,
            Resolution::Reservoirs => parted.flow.network().edges()[e.edge].reservoir,
        };
        let lump = lumps.entry((from, to, reservoir)).or_insert_with(|| Lump {
            from,
            to,
            reservoir,
            part,
            fluxes: Vec::new(),
        });
        lump.fluxes.push(fluxes);
    }
    lumps.into_values().collect()
}

/// Network of the coarse states, named "a=0 b=1", with the channels "a=0 b=0→a=0 b=1" (and their reservoir, if it was told apart).
fn coarse_network(
    parted: &PartedFlow<'_>,
    kept: &[usize],
    tuples: &[Vec<usize>],
    lumps: &[Lump],
) -> Result<Network> {
    let (space, fine) = (&parted.space, parted.flow.network());
    let label = |tuple: &[usize], i: usize| space.labels(kept[i])[tuple[i]].clone();
    let name = |tuple: &Vec<usize>| {
        let of_part = |i| format!("{}={}", space.names()[kept[i]], label(tuple, i));
        (0..kept.len()).map(of_part).collect::<Vec<_>>().join(" ")
    };
    let names: Vec<String> = tuples.iter().map(name).collect();
    let mut builder = Network::builder().states(names.clone());
    for (i, &k) in kept.iter().enumerate() {
        builder = builder.subsystem(space.names()[k].clone(), tuples.iter().map(|t| label(t, i)));
    }
    for reservoir in fine.reservoirs() {
        builder = builder.reservoir(reservoir.clone());
    }
    for lump in lumps {
        let (from, to) = (&names[lump.from], &names[lump.to]);
        let reservoir = lump.reservoir.map(|r| fine.reservoirs()[r].as_str());
        let name = match reservoir {
            None => format!("{from}→{to}"),
            Some(r) => format!("{from}→{to} ({r})"),
        };
        builder = builder.channel(name, from.clone(), to.clone(), reservoir);
    }
    builder.build()
}

/// Terms ≥ 0 of Σ (aₑ − bₑ) ln(aₑ/bₑ) − (a − b) ln(a/b) with a = Σ aₑ and b = Σ bₑ: aₑ against a bₑ/b, and bₑ against b aₑ/a.
fn unseen(fluxes: &[(f64, f64)], a: f64, b: f64) -> impl Iterator<Item = f64> + '_ {
    fluxes.iter().map(move |&(x, y)| {
        if a > 0.0 && b > 0.0 {
            relative_entropy_term(x, a * (y / b)) + relative_entropy_term(y, b * (x / a))
        } else {
            f64::INFINITY
        }
    })
}
