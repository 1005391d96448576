//! Natural and mean parameters of a distribution of spins ±1.

use super::newton::next_subset;
use crate::error::{Error, Result};
use crate::state::Distribution;

/// Coordinates of ln q(s) = Σ_A θ_A s_A − ψ with s_A = Π_{i∈A} s_i.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpinCoordinates {
    /// The sets A up to the order asked for: singles, then pairs, …, each lexicographic.
    pub subsets: Vec<Vec<usize>>,
    /// θ_A.
    pub natural: Vec<f64>,
    /// η_A = ⟨s_A⟩.
    pub mean: Vec<f64>,
    /// ψ = ln Σ_s e^{θ·s}, the mean of −ln q over all configurations; no base measure.
    pub log_partition: f64,
}

/// θ and η of a distribution of n spins on all sets of up to `order` spins; index bit 1 is spin +1, the first spin slowest. O(n 2ⁿ).
///
/// θ beyond the order is not looked at: for a [projection](super::LogLinearProjection) of that order it is zero.
///
/// ```
/// use irrev_network::{Distribution, information::hierarchy::spin_coordinates};
/// let (field, coupling) = (0.3_f64, -0.2_f64);
/// let weight = |s: f64, t: f64| (field * s + coupling * s * t).exp();
/// let z: f64 = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)].iter().map(|&(s, t)| weight(s, t)).sum();
/// let q = Distribution::new(vec![weight(-1.0, -1.0) / z, weight(-1.0, 1.0) / z, weight(1.0, -1.0) / z, weight(1.0, 1.0) / z])?;
/// let spins = spin_coordinates(&q, 2)?;
/// assert!((spins.natural[0] - field).abs() < 1e-15 && (spins.natural[2] - coupling).abs() < 1e-15);
/// assert!((spins.log_partition - z.ln()).abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless the number of states is a power of two; [`Error::NotPositive`] for an empty configuration, where θ is infinite; [`Error::Domain`] for an order above n.
pub fn spin_coordinates(q: &Distribution, order: usize) -> Result<SpinCoordinates> {
    let (cells, p) = (q.len(), q.probabilities());
    if !cells.is_power_of_two() {
        return Err(Error::Length {
            what: "a distribution of spins",
            found: cells,
            expected: cells.next_power_of_two(),
        });
    }
    let spins = cells.trailing_zeros() as usize;
    crate::require(
        "the order of coordinates",
        order as f64,
        order <= spins,
        "at most the number of spins",
    )?;
    if let Some(z) = p.iter().position(|&p| p == 0.0) {
        return Err(Error::NotPositive {
            quantity: "natural parameters of spins",
            state: format!("{z:0spins$b}"),
            value: 0.0,
        });
    }
    let mut mean = p.to_vec();
    let mut natural: Vec<f64> = p.iter().map(|p| p.ln() / cells as f64).collect();
    characters(&mut mean);
    characters(&mut natural);
    let mut subsets = Vec::new();
    for size in 1..=order {
        let mut subset: Vec<usize> = (0..size).collect();
        loop {
            subsets.push(subset.clone());
            if !next_subset(&mut subset, spins) {
                break;
            }
        }
    }
    let place = |subset: &Vec<usize>| subset.iter().map(|i| 1 << (spins - 1 - i)).sum::<usize>();
    Ok(SpinCoordinates {
        natural: subsets.iter().map(|s| natural[place(s)]).collect(),
        mean: subsets.iter().map(|s| mean[place(s)]).collect(),
        log_partition: -natural[0],
        subsets,
    })
}

/// Σ_s s_A f(s) for every set A at once (fast Walsh–Hadamard transform with bit 1 as +1).
fn characters(values: &mut [f64]) {
    let mut stride = 1;
    while stride < values.len() {
        for block in values.chunks_exact_mut(2 * stride) {
            let (down, up) = block.split_at_mut(stride);
            for (d, u) in down.iter_mut().zip(up) {
                (*d, *u) = (*d + *u, *u - *d);
            }
        }
        stride *= 2;
    }
}
