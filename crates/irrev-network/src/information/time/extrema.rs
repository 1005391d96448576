//! Where the Fisher information of a part grows, and its maxima, with the certainty that none is missed.
//!
//! The path is cut into panels shorter than the fastest time scale, on which p and all its derivatives are Taylor sums about the start. As the
//! dynamics shrinks ‖·‖₁, what is left out after K terms is at most ‖p⁽ᴷ⁾‖₁ sᴷ/K! with the norm at the start, so that q, q̇, q̈ and q⃛ of a part lie in
//! intervals known for certain, and by interval arithmetic so do dI/dt and d²I/dt². A panel on which neither has a sign is halved, down to the
//! resolution. Where dI/dt has a sign there is no maximum, where d²I/dt² has one there is at most one, which bisection finds.
//!
//! ṗ is carried along beside p, not taken from it, so that its relative accuracy survives the approach to the stationary state.

use irrev_numerics::{Run, SparseMatrix};

use super::interval::Interval;
use super::marginal::Marginal;
use crate::error::Result;
use crate::kinetics::MarkovJump;

/// Terms of the Taylor sums of a panel.
const ORDER: usize = 24;

/// Derivatives whose values at the centre of an interval enclose what happens on it.
const LOCAL: usize = 10;

/// Length of a panel in units of 1/(fastest rate): then ‖W‖₁ h ≤ 1.
const PANEL: f64 = 0.5;

/// Panels, and intervals looked at in each part, after which the rest is left undecided.
const MOST: usize = 1_000_000;

/// Rounding of a product and sum, relative.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

/// An interior maximum of the Fisher information of time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalMaximum {
    /// When.
    pub time: f64,
    /// I there, in 1/time².
    pub fisher_information: f64,
}

/// Whether the Fisher information of a part falls throughout, and where it does not.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Monotonicity {
    /// Name of the part.
    pub name: String,
    /// Whether dI/dt > 0 was found nowhere.
    pub monotone: bool,
    /// The interior local maxima in their order. There is none besides, but perhaps in what is undecided.
    pub maxima: Vec<LocalMaximum>,
    /// Intervals of time, not longer than the resolution each or lost in rounding, on which the sign of dI/dt is not known.
    pub undecided: Vec<(f64, f64)>,
}

/// Looks for maxima of every part's information over a window, from the state at its beginning.
pub(super) fn monotonicities(
    kinetics: &MarkovJump,
    (state, rate): (&[f64], &[f64]),
    (from, to): (f64, f64),
    marginals: &[Marginal],
    resolution: f64,
    run: &Run<'_>,
) -> Result<Vec<Monotonicity>> {
    let generator = kinetics.generator()?;
    let fastest = kinetics.exit_rates().into_iter().fold(0.0, f64::max);
    let mut scans: Vec<Scan<'_>> = marginals
        .iter()
        .map(|marginal| Scan::new(marginal, resolution * (to - from)))
        .collect();
    // with one closed class the excess of a sum over zero is taken off; with several it stays, and grows by the rounding of each panel
    let conserved_noise = kinetics.stationary_distribution().is_err();
    let mut at = (state.to_vec(), rate.to_vec());
    let (mut time, mut panels, mut noise) = (from, 0, 0.0);
    while !scans.is_empty() && time < to && at.1.iter().any(|v| *v != 0.0) {
        run.report((time - from) / (to - from), "maxima of the Fisher information")?;
        if panels == MOST {
            scans.iter_mut().for_each(|scan| scan.undecided(time, to));
            break;
        }
        let width = (PANEL / fastest).min(to - time);
        let path = PathPanel::new(&generator, fastest, &at, width, (panels, noise));
        for scan in &mut scans {
            let panel = path.of_part(scan.marginal, time);
            scan.search(&panel, 0.0, width);
        }
        if conserved_noise {
            noise += ROUNDING * path.sizes[1];
        }
        at = path.end(width);
        time = if to - time <= width { to } else { time + width };
        panels += 1;
    }
    Ok(scans.into_iter().map(|scan| scan.found).collect())
}

/// The derivatives of p at the start of a panel.
struct PathPanel {
    derivatives: Vec<Vec<f64>>,
    /// ‖p⁽ʲ⁾‖₁, and ½ of it for j ≥ 1, where sums over classes are at most that.
    sizes: Vec<f64>,
    /// Rounding of the first four derivatives anywhere on the panel.
    rounding: [f64; 4],
}

impl PathPanel {
    fn new(
        generator: &SparseMatrix,
        fastest: f64,
        (state, rate): &(Vec<f64>, Vec<f64>),
        width: f64,
        (panels, noise): (usize, f64),
    ) -> Self {
        let mut derivatives = vec![state.clone(), rate.clone()];
        for j in 1..=ORDER {
            let mut next = vec![0.0; state.len()];
            generator.multiply(&derivatives[j], &mut next);
            derivatives.push(next);
        }
        let norm = |d: &Vec<f64>| d.iter().map(|x| x.abs()).sum::<f64>();
        let norms: Vec<f64> = derivatives.iter().map(norm).collect();
        let accumulated = ROUNDING * (panels + 1) as f64;
        let mut errors = vec![accumulated * norms[0], accumulated * norms[1] + noise];
        for j in 1..=ORDER {
            errors.push(2.0 * fastest * (errors[j] + ROUNDING * norms[j]));
        }
        let rounding = std::array::from_fn(|j| {
            let mut weight = 1.0;
            (j..=ORDER)
                .map(|k| {
                    let term = weight * (errors[k] + ROUNDING * norms[k]);
                    weight *= width / (k - j + 1) as f64;
                    term
                })
                .sum()
        });
        let sizes = norms
            .iter()
            .enumerate()
            .map(|(j, norm)| if j == 0 { *norm } else { 0.5 * norm });
        Self {
            sizes: sizes.collect(),
            derivatives,
            rounding,
        }
    }

    fn of_part(&self, marginal: &Marginal, start: f64) -> Panel<'_> {
        Panel {
            start,
            derivatives: self.derivatives.iter().map(|d| marginal.sum(d)).collect(),
            path: self,
        }
    }

    /// State and rate after s.
    fn end(&self, s: f64) -> (Vec<f64>, Vec<f64>) {
        let n = self.derivatives[0].len();
        let at = |order: usize| (0..n).map(|i| taylor(&self.derivatives, order, i, s)).collect();
        let (mut p, mut v): (Vec<f64>, Vec<f64>) = (at(0), at(1));
        let total: f64 = p.iter().map(|p| p.max(0.0)).sum();
        p.iter_mut().for_each(|p| *p = p.max(0.0) / total);
        // what rounding adds to Σṗ = 0 would stay for ever: it is taken off where the distribution is
        let excess: f64 = v.iter().sum();
        v.iter_mut().zip(&p).for_each(|(v, p)| *v -= excess * p);
        (p, v)
    }
}

/// Σ_k d_{order+k} sᵏ/k! of one entry.
fn taylor(derivatives: &[Vec<f64>], order: usize, entry: usize, s: f64) -> f64 {
    (order..=ORDER).rev().fold(0.0, |sum, k| {
        derivatives[k][entry] + sum * s / (k + 1 - order) as f64
    })
}

/// The derivatives of a part on a panel of the path.
struct Panel<'a> {
    start: f64,
    derivatives: Vec<Vec<f64>>,
    path: &'a PathPanel,
}

impl Panel<'_> {
    /// q, q̇, q̈, q⃛ of a class anywhere within `half` of the centre (times from the start of the panel).
    fn enclosed(&self, class: usize, centre: f64, half: f64) -> [Interval; 4] {
        let at: [f64; LOCAL + 1] = std::array::from_fn(|j| taylor(&self.derivatives, j, class, centre));
        std::array::from_fn(|j| {
            let known = at[j + 1..].iter().map(|x| x.abs());
            let sizes = known.chain(std::iter::once(self.path.sizes[LOCAL + 1]));
            let mut weight = 1.0;
            let mut radius = self.path.rounding[j];
            for (k, size) in sizes.enumerate() {
                weight *= half / (k + 1) as f64;
                radius += weight * size;
            }
            Interval::around(at[j], radius)
        })
    }

    /// dI/dt and d²I/dt² anywhere within `half` of the centre.
    fn slopes(&self, centre: f64, half: f64) -> (Interval, Interval) {
        let (mut first, mut second) = (Interval::zero(), Interval::zero());
        for class in 0..self.derivatives[0].len() {
            // symbols: u = q̇/q; I' = Σ u(2q̈ − u q̇), I'' = Σ 2q̈²/q + 2u q⃛ − 5u²q̈ + 2u³q̇
            let [q, v, a, b] = self.enclosed(class, centre, half);
            let u = v.over(q);
            first = first + u * (a.times(2.0) - u * v);
            let square = u * u;
            second = second + (a * a.over(q)).times(2.0) + (u * b).times(2.0) - (square * a).times(5.0)
                + (square * u * v).times(2.0);
        }
        (first, second)
    }

    fn values(&self, s: f64) -> impl Iterator<Item = [f64; 3]> + '_ {
        (0..self.derivatives[0].len())
            .map(move |class| std::array::from_fn(|j| taylor(&self.derivatives, j, class, s)))
    }

    /// dI/dt at a time from the start of the panel.
    fn slope(&self, s: f64) -> f64 {
        let terms = self.values(s).map(|[q, v, a]| v / q * (2.0 * a - v * (v / q)));
        terms.sum()
    }

    fn information(&self, s: f64) -> f64 {
        self.values(s).map(|[q, v, _]| v * (v / q)).sum()
    }
}

/// The search in one part.
struct Scan<'m> {
    marginal: &'m Marginal,
    resolution: f64,
    found: Monotonicity,
    /// Sign of dI/dt at the end of what has been searched, if it is known.
    left: Option<f64>,
    looked: usize,
}

impl<'m> Scan<'m> {
    fn new(marginal: &'m Marginal, resolution: f64) -> Self {
        Self {
            marginal,
            resolution,
            found: Monotonicity {
                name: marginal.name().into(),
                monotone: true,
                maxima: Vec::new(),
                undecided: Vec::new(),
            },
            left: None,
            looked: 0,
        }
    }

    fn search(&mut self, panel: &Panel<'_>, from: f64, to: f64) {
        let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
        self.looked += 1;
        let (first, second) = panel.slopes(centre, half);
        let sign = first.sign();
        if sign != 0 {
            self.decided(panel, (from, f64::from(sign)), (to, f64::from(sign)));
            return;
        }
        if second.sign() != 0 {
            self.decided(panel, (from, panel.slope(from)), (to, panel.slope(to)));
            return;
        }
        let lost_in_rounding = || {
            let (first, second) = panel.slopes(centre, 0.0);
            first.sign() == 0 && second.sign() == 0
        };
        if to - from <= self.resolution || self.looked >= MOST || lost_in_rounding() {
            self.undecided(panel.start + from, panel.start + to);
            return;
        }
        self.search(panel, from, centre);
        self.search(panel, centre, to);
    }

    /// An interval with at most one zero of dI/dt, given at its ends.
    fn decided(&mut self, panel: &Panel<'_>, from: (f64, f64), to: (f64, f64)) {
        let mut maximum = |s: f64| {
            self.found.maxima.push(LocalMaximum {
                time: panel.start + s,
                fisher_information: panel.information(s),
            });
        };
        if self.left.is_some_and(|left| left > 0.0) && from.1 < 0.0 {
            maximum(from.0);
        }
        if from.1 > 0.0 && to.1 < 0.0 {
            maximum(bisected(|s| panel.slope(s), from.0, to.0));
        }
        self.found.monotone &= from.1 <= 0.0 && to.1 <= 0.0;
        self.left = Some(to.1);
    }

    fn undecided(&mut self, from: f64, to: f64) {
        match self.found.undecided.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => self.found.undecided.push((from, to)),
        }
        self.left = None;
    }
}

/// The zero of a function that falls from positive to negative.
fn bisected(slope: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let (mut low, mut high) = (from, to);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}
