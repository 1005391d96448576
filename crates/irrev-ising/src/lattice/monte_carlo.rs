//! Transfer entropies of large lattices by Monte Carlo.
//!
//! Each step is a sweep in which sites of one colour of the chessboard are refreshed, then those of the other, and one cluster that is turned over. Either
//! keeps the equilibrium; clusters carry it through the transition, sweeps count how many neighbours of each site are up. As up and down are alike, u and
//! 4 − u are counted together.

use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Estimate, Run};
use rayon::prelude::*;

use super::geometry::{Lattice, check, up_probabilities};
use super::transfer::{LocalTransfer, Neighbourhood};
use crate::error::{Error, Result};

/// Largest number of sites along a side.
const MOST: usize = 1024;

/// Sweeps between looks at whether to stop.
const EVERY: usize = 64;

/// How long is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatticeSampling {
    /// Independent lattices at each temperature, at least 4; default 12. Errors come from their spread.
    pub replicas: usize,
    /// Sweeps before the first count; default 500.
    pub burn_in: usize,
    /// Sweeps that are counted; default 2000.
    pub measured: usize,
}

impl Default for LatticeSampling {
    fn default() -> Self {
        Self {
            replicas: 12,
            burn_in: 500,
            measured: 2000,
        }
    }
}

/// Averages at one temperature, with errors from the jackknife over replicas.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransferAt {
    /// The temperature.
    pub temperature: f64,
    /// I(s_i'; s_j|s_i) per sweep, from one neighbour.
    pub pair: Estimate,
    /// I(s_i'; all|s_i) per sweep, from the whole lattice.
    pub global: Estimate,
    /// I(s_i; s_j) of neighbours.
    pub neighbour_information: Estimate,
    /// ⟨E⟩ per site.
    pub energy_per_site: Estimate,
    /// ⟨|Σ s|⟩ per site.
    pub mean_absolute_magnetization: Estimate,
    /// Probabilities that 0 … 4 neighbours are up, of each replica, symmetric under u → 4 − u.
    pub up: Vec<[f64; 5]>,
}

/// Transfer entropies of an L × L lattice at several temperatures. O(temperatures · replicas · sweeps · L²), in parallel, the same bits on any number of threads.
///
/// ```
/// use irrev_ising::lattice::{LatticeSampling, transfer_by_temperature};
/// let few = LatticeSampling { replicas: 4, burn_in: 50, measured: 100 };
/// let found = transfer_by_temperature(8, 1.0, &[2.0, 3.0], &few, &Default::default())?;
/// assert!(found[1].global.value > found[0].global.value && found[0].global.value > found[0].pair.value);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] unless L is even from 4 to 1024, the coupling positive, every temperature positive, and the sampling has at least 4 replicas and one
/// sweep; cancelled.
pub fn transfer_by_temperature(
    side: usize,
    coupling: f64,
    temperatures: &[f64],
    sampling: &LatticeSampling,
    run: &Run<'_>,
) -> Result<Vec<TransferAt>> {
    let even = side.is_multiple_of(2) && (4..=MOST).contains(&side);
    Error::require(
        "the side of the lattice",
        side as f64,
        even,
        "an even number from 4 to 1024",
    )?;
    Error::require(
        "the coupling",
        coupling,
        coupling > 0.0 && coupling.is_finite(),
        "a finite number above 0",
    )?;
    for &temperature in temperatures {
        check(coupling, temperature)?;
    }
    Error::require(
        "the number of replicas",
        sampling.replicas as f64,
        sampling.replicas >= 4,
        "at least 4",
    )?;
    Error::require(
        "the number of counted sweeps",
        sampling.measured as f64,
        sampling.measured > 0,
        "at least 1",
    )?;
    let lattice = Lattice::new(side, side)?;
    let replicas = sampling.replicas;
    let done = std::sync::atomic::AtomicUsize::new(0);
    let counted: Vec<Result<Counted>> = (0..temperatures.len() * replicas)
        .into_par_iter()
        .map(|job| {
            let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let progress = count as f64 / (temperatures.len() * replicas) as f64;
            let stream = Stream::new(run.seed, Purpose::Trajectory, job as u64);
            let mut replica = Replica::new(lattice, coupling, temperatures[job / replicas], stream);
            replica.sweeps(sampling.burn_in, progress, run)?;
            replica.counted = Counted::default();
            replica.sweeps(sampling.measured, progress, run)?;
            Ok(replica.counted)
        })
        .collect();
    let counted = counted.into_iter().collect::<Result<Vec<Counted>>>()?;
    let at = temperatures.iter().zip(counted.chunks(replicas));
    at.map(|(&temperature, counted)| averaged(lattice, coupling, temperature, counted))
        .collect()
}

/// Where a curve over temperature is largest, by a parabola through its highest point and those beside it, and the error of the place from the replicas.
/// What a curve differs from a parabola between the three is not in the error: temperatures may be closer where that matters.
///
/// `of` picks the transfer entropy, `coupling` and `sites` are those of the simulation. `None` where the highest point is the first or the last.
///
/// # Errors
/// As [`Neighbourhood::transfer`].
pub fn largest(
    points: &[TransferAt],
    of: fn(&LocalTransfer) -> f64,
    coupling: f64,
    sites: usize,
) -> Result<Option<Estimate>> {
    let replicas = points.iter().map(|point| point.up.len()).min().unwrap_or(0);
    let place = |without: Option<usize>| -> Result<Option<f64>> {
        let mut curve = Vec::with_capacity(points.len());
        for point in points {
            let law = mean(&point.up, without);
            let transfer = Neighbourhood::of_equals(law).transfer(coupling, point.temperature, sites)?;
            curve.push((point.temperature, of(&transfer)));
        }
        Ok(top(&curve))
    };
    let Some(value) = place(None)? else {
        return Ok(None);
    };
    let mut others = Vec::with_capacity(replicas);
    for replica in 0..replicas {
        match place(Some(replica))? {
            Some(place) => others.push(place),
            None => return Ok(None),
        }
    }
    Ok(Some(Estimate::from_mean(value, jackknife(&others), replicas)))
}

/// Vertex of the parabola through the highest of the points and its neighbours.
fn top(curve: &[(f64, f64)]) -> Option<f64> {
    let highest = (0..curve.len()).max_by(|&i, &j| curve[i].1.total_cmp(&curve[j].1))?;
    if highest == 0 || highest + 1 == curve.len() {
        return None;
    }
    let [(x0, y0), (x1, y1), (x2, y2)] = [curve[highest - 1], curve[highest], curve[highest + 1]];
    let (left, right) = ((y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1));
    let curvature = (right - left) / (x2 - x0);
    (curvature < 0.0).then(|| 0.5 * (x0 + x1) - left / (2.0 * curvature))
}

/// What one replica counted.
#[derive(Debug, Clone, Default)]
struct Counted {
    up: [u64; 5],
    sweeps: u64,
    energy: f64,
    magnetization: f64,
}

struct Replica {
    lattice: Lattice,
    coupling: f64,
    spins: Vec<u8>,
    neighbours: Vec<[usize; 4]>,
    /// Sites of either colour of the chessboard.
    colours: [Vec<usize>; 2],
    /// Thresholds of 32 random bits below which a refreshed spin is up.
    thresholds: [u64; 5],
    /// Threshold below which a cluster takes in a parallel neighbour.
    joins: u64,
    stream: Stream,
    counted: Counted,
}

impl Replica {
    fn new(lattice: Lattice, coupling: f64, temperature: f64, mut stream: Stream) -> Self {
        let sites = lattice.sites();
        let colour = |site: usize| (site / lattice.columns() + site % lattice.columns()) % 2;
        let threshold = |p: f64| (p * (1_u64 << 32) as f64) as u64;
        Self {
            spins: (0..sites).map(|_| (stream.bits() >> 63) as u8).collect(),
            neighbours: (0..sites).map(|site| lattice.neighbours(site)).collect(),
            colours: [0, 1].map(|c| (0..sites).filter(|&site| colour(site) == c).collect()),
            thresholds: up_probabilities(coupling, temperature).map(threshold),
            joins: threshold(-(-2.0 * coupling / temperature).exp_m1()),
            lattice,
            coupling,
            stream,
            counted: Counted::default(),
        }
    }

    fn sweeps(&mut self, number: usize, progress: f64, run: &Run<'_>) -> Result<()> {
        let mut stack = Vec::new();
        for sweep in 0..number {
            if sweep % EVERY == 0 {
                run.report(progress, "lattices over temperature")?;
            }
            self.turn_cluster(&mut stack);
            self.refresh();
        }
        Ok(())
    }

    fn refresh(&mut self) {
        let mut parallel = 0_u64;
        for colour in 0..2 {
            let mut word = 0;
            for (i, &site) in self.colours[colour].iter().enumerate() {
                // one word serves two sites
                word = if i % 2 == 0 {
                    self.stream.bits()
                } else {
                    word >> 32
                };
                let up = self.neighbours[site]
                    .iter()
                    .map(|&other| usize::from(self.spins[other]))
                    .sum::<usize>();
                self.counted.up[up] += 1;
                self.spins[site] = u8::from((word & 0xffff_ffff) < self.thresholds[up]);
                if colour == 1 {
                    // every bond joins the two colours
                    parallel += if self.spins[site] == 1 {
                        up as u64
                    } else {
                        4 - up as u64
                    };
                }
            }
        }
        let sites = self.lattice.sites() as f64;
        let up = self.spins.iter().map(|s| u64::from(*s)).sum::<u64>() as f64;
        self.counted.sweeps += 1;
        self.counted.energy += -self.coupling * (2.0 * parallel as f64 / sites - 2.0);
        self.counted.magnetization += (2.0 * up / sites - 1.0).abs();
    }

    /// Turns over one of Wolff's clusters.
    fn turn_cluster(&mut self, stack: &mut Vec<usize>) {
        let first = self.stream.below(self.spins.len() as u64) as usize;
        let spin = self.spins[first];
        self.spins[first] ^= 1;
        stack.push(first);
        while let Some(site) = stack.pop() {
            for other in self.neighbours[site] {
                if self.spins[other] == spin && self.stream.bits() >> 32 < self.joins {
                    self.spins[other] ^= 1;
                    stack.push(other);
                }
            }
        }
    }
}

impl Counted {
    /// Probabilities of u, with u and 4 − u alike.
    fn up(&self) -> [f64; 5] {
        let all = self.up.iter().sum::<u64>() as f64;
        std::array::from_fn(|u| (self.up[u] + self.up[4 - u]) as f64 / (2.0 * all))
    }
}

/// Mean over all replicas but one.
fn mean(laws: &[[f64; 5]], without: Option<usize>) -> [f64; 5] {
    let taken = || laws.iter().enumerate().filter(|(k, _)| Some(*k) != without);
    let number = taken().count() as f64;
    std::array::from_fn(|u| taken().map(|(_, law)| law[u]).sum::<f64>() / number)
}

/// Standard error from the values without one replica each.
fn jackknife(without: &[f64]) -> f64 {
    let number = without.len() as f64;
    let mean = without.iter().sum::<f64>() / number;
    ((number - 1.0) / number * without.iter().map(|x| (x - mean).powi(2)).sum::<f64>()).sqrt()
}

fn averaged(lattice: Lattice, coupling: f64, temperature: f64, counted: &[Counted]) -> Result<TransferAt> {
    let up: Vec<[f64; 5]> = counted.iter().map(Counted::up).collect();
    let sites = lattice.sites();
    let transfer =
        |without| Neighbourhood::of_equals(mean(&up, without)).transfer(coupling, temperature, sites);
    let whole = transfer(None)?;
    let others = (0..up.len())
        .map(|k| transfer(Some(k)))
        .collect::<Result<Vec<LocalTransfer>>>()?;
    let estimate = |of: fn(&LocalTransfer) -> f64| {
        let without: Vec<f64> = others.iter().map(of).collect();
        Estimate::from_mean(of(&whole), jackknife(&without), up.len())
    };
    let average = |of: fn(&Counted) -> f64| {
        let values: Vec<f64> = counted.iter().map(|c| of(c) / c.sweeps as f64).collect();
        let number = values.len() as f64;
        let mean = values.iter().sum::<f64>() / number;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (number - 1.0);
        Estimate::from_mean(mean, (variance / number).sqrt(), values.len())
    };
    Ok(TransferAt {
        temperature,
        pair: estimate(LocalTransfer::pair_per_sweep),
        global: estimate(LocalTransfer::global_per_sweep),
        neighbour_information: estimate(|t| t.neighbour_information),
        energy_per_site: average(|c| c.energy),
        mean_absolute_magnetization: average(|c| c.magnetization),
        up,
    })
}
