//! Steps without inertia.

use irrev_numerics::linalg::{Matrix, vectorised};

use super::block::{Block, Scratch, Setting};
use super::dynamics::{Dynamics, MobilityField, Overdamped, OverdampedIntegrator};
use super::field::ForceField;
use super::linear_step::LinearStep;
use super::rows::{rows, rows_mut};
use super::stepper::Stepper;
use crate::error::{Error, Result};

/// A drift this many times as strong as the noise, in squared displacements over a step, moves a walker alone.
const DRIFT_ALONE: f64 = 100.0;
/// Part of a position that is rounding.
const ROUNDING: f64 = 1e-9;

/// How a step proposes where to go.
enum Proposal<'a> {
    /// h μᵢ and √(2 μᵢ Tᵢ h).
    Euler(Vec<(f64, f64)>),
    /// The same with half of the amplitude for each of two noises.
    LeimkuhlerMatthews(Vec<(f64, f64)>),
    /// μ(x), with temperatures.
    Field(&'a dyn MobilityField, Vec<f64>),
    Exact(LinearStep),
}

pub(super) struct OverdampedStepper<'a> {
    proposal: Proposal<'a>,
    dimension: usize,
    temperatures: Vec<f64>,
    /// μ of each coordinate, empty unless they are constant and steps can overshoot.
    mobilities: Vec<f64>,
}

impl<'a> OverdampedStepper<'a> {
    pub(super) fn new(motion: &Overdamped<'a>, field: &dyn ForceField, h: f64) -> Result<Self> {
        let temperatures = motion.temperatures.clone();
        let dimension = temperatures.len();
        let mobilities = match motion.mobility() {
            Ok(constant) => constant.to_vec(),
            Err(mobility) => {
                return Ok(Self {
                    proposal: Proposal::Field(mobility, temperatures.clone()),
                    dimension,
                    temperatures,
                    mobilities: Vec::new(),
                });
            }
        };
        let of_coordinates = |part: f64| -> Vec<(f64, f64)> {
            let both = mobilities.iter().zip(&temperatures);
            both.map(|(mu, t)| (h * mu, part * (2.0 * mu * t * h).sqrt()))
                .collect()
        };
        let proposal = match motion.integrator {
            OverdampedIntegrator::EulerMaruyama => Proposal::Euler(of_coordinates(1.0)),
            OverdampedIntegrator::LeimkuhlerMatthews => Proposal::LeimkuhlerMatthews(of_coordinates(0.5)),
            OverdampedIntegrator::ExactLinear => {
                let (a, b) = Dynamics::require_linear(field)?;
                let drift = Matrix::from_fn(dimension, dimension, |i, j| -mobilities[i] * a[(i, j)]);
                let push: Vec<f64> = mobilities.iter().zip(b).map(|(mu, b)| mu * b).collect();
                let noise = Matrix::from_fn(dimension, dimension, |i, j| {
                    if i == j {
                        2.0 * mobilities[i] * temperatures[i]
                    } else {
                        0.0
                    }
                });
                Proposal::Exact(LinearStep::new(&drift, &push, &noise, h))
            }
        };
        // an exact step cannot overshoot
        let can_overshoot = motion.integrator != OverdampedIntegrator::ExactLinear;
        Ok(Self {
            proposal,
            dimension,
            temperatures,
            mobilities: if can_overshoot { mobilities } else { Vec::new() },
        })
    }

    /// New positions, and the displacements that led there.
    fn propose(&self, block: &mut Block, h: f64, noise: &[f64], scratch: &mut Scratch) -> Result<()> {
        let lanes = block.lanes;
        match &self.proposal {
            Proposal::Euler(coefficients) => vectorised(
                #[inline(always)]
                || {
                    let rows = moving_rows(block, scratch, lanes).zip(coefficients);
                    for ((((x, dx), f), xi), (drift, noise)) in with_noise(rows, noise, lanes) {
                        for (((x, dx), f), xi) in x.iter_mut().zip(dx).zip(f).zip(xi) {
                            *dx = drift * f + noise * xi;
                            *x += *dx;
                        }
                    }
                },
            ),
            Proposal::LeimkuhlerMatthews(coefficients) => vectorised(
                #[inline(always)]
                || {
                    let next = &noise[self.dimension * lanes..];
                    let moving = moving_rows(block, scratch, lanes).zip(coefficients);
                    let moving = with_noise(moving, noise, lanes).zip(rows(next, lanes));
                    for (((((x, dx), f), xi), (drift, half)), later) in moving {
                        let walkers = x.iter_mut().zip(dx).zip(f).zip(xi).zip(later);
                        for ((((x, dx), f), xi), later) in walkers {
                            *dx = drift * f + half * (xi + later);
                            *x += *dx;
                        }
                    }
                },
            ),
            Proposal::Field(mobility, temperatures) => {
                let n = block.positions.len();
                let (mu, gradient) = scratch.rows[..2 * n].split_at_mut(n);
                mobility.mobilities(&block.positions, lanes, mu, gradient)?;
                if let Some(place) = mu.iter().position(|mu| !(*mu > 0.0)) {
                    return Err(Error::Domain {
                        what: "the mobility of a walker",
                        value: mu[place],
                        expected: "a positive number wherever walkers go",
                    });
                }
                for place in 0..n {
                    let t = temperatures[place / lanes];
                    let (mu, gradient) = (mu[place], gradient[place]);
                    let dx = h * (mu * block.forces[place] + t * gradient)
                        + (2.0 * mu * t * h).sqrt() * noise[place];
                    scratch.moves[place] = dx;
                    block.positions[place] += dx;
                }
            }
            Proposal::Exact(step) => {
                let before = &mut scratch.before[..block.positions.len()];
                before.copy_from_slice(&block.positions);
                let noise = &noise[..before.len()];
                vectorised(
                    #[inline(always)]
                    || step.apply(&mut block.positions, noise, &mut scratch.rows, lanes),
                );
                let moves = scratch.moves.iter_mut().zip(&block.positions).zip(before);
                moves.for_each(|((dx, x), before)| *dx = x - *before);
            }
        }
        Ok(())
    }

    /// Walls and periods; at walls the displacement is the one that is left.
    fn keep_inside(&self, block: &mut Block, setting: &Setting<'_>, scratch: &mut Scratch) {
        let lanes = block.lanes;
        let rows = rows_mut(&mut block.positions, lanes);
        let rows = rows
            .zip(rows_mut(&mut block.turns, lanes))
            .zip(rows_mut(&mut scratch.moves, lanes))
            .zip(setting.boundaries);
        for (((x, turns), moves), boundary) in rows {
            match boundary {
                super::Boundary::Free => {}
                super::Boundary::Periodic(_) => boundary.wrap(x, turns),
                super::Boundary::Reflecting { .. } => {
                    moves.iter_mut().zip(x.iter()).for_each(|(dx, x)| *dx -= x);
                    boundary.reflect(x, None);
                    moves.iter_mut().zip(x.iter()).for_each(|(dx, x)| *dx += x);
                }
            }
        }
    }

    /// Q += (F + F')/2·Δx, and whether some walker was carried by its drift across where the force is zero to where it is larger and points back.
    ///
    /// A step that does so repels the walker further and further: h μ k > 2 in a trap of stiffness k.
    fn heat(&self, block: &mut Block, h: f64, scratch: &mut Scratch) -> bool {
        let lanes = block.lanes;
        vectorised(
            #[inline(always)]
            || {
                let forces = rows(&block.forces, lanes).zip(rows(&scratch.forces, lanes));
                let books = rows_mut(&mut block.heat, lanes).zip(rows(&scratch.moves, lanes));
                for ((heat, dx), (old, new)) in books.zip(forces.clone()) {
                    for (((q, dx), f), g) in heat.iter_mut().zip(dx).zip(old).zip(new) {
                        *q += 0.5 * (f + g) * dx;
                    }
                }
                if self.mobilities.is_empty() {
                    return false;
                }
                // Σ μ F (F + F') < 0, and h Σ μ F² > 100·2 Σ T
                let (square, turned) = scratch.rows[..2 * lanes].split_at_mut(lanes);
                square.fill(0.0);
                turned.fill(0.0);
                for ((old, new), mu) in forces.zip(&self.mobilities) {
                    let walkers = square.iter_mut().zip(turned.iter_mut()).zip(old).zip(new);
                    for (((s, t), f), g) in walkers {
                        *s += mu * f * f;
                        *t += mu * f * (f + g);
                    }
                }
                let noise = 2.0 * DRIFT_ALONE * self.temperatures.iter().sum::<f64>() / h;
                let walkers = square.iter().zip(turned);
                walkers.fold(false, |any, (s, t)| any | ((*s > noise) & (*t < 0.0)))
            },
        )
    }

    /// The coordinate of the walker that overshot most, unless all is rounding.
    #[cold]
    fn overshot(&self, block: &Block, setting: &Setting<'_>, time: f64, scratch: &Scratch) -> Result<()> {
        let (lanes, h) = (block.lanes, setting.step);
        let noise = 2.0 * DRIFT_ALONE * self.temperatures.iter().sum::<f64>() / h;
        for (lane, walker) in block.walkers().enumerate() {
            if !(scratch.rows[lane] > noise && scratch.rows[lanes + lane] < 0.0) {
                continue;
            }
            let drop = |i: usize| {
                let (f, g) = (block.forces[i * lanes + lane], scratch.forces[i * lanes + lane]);
                self.mobilities[i] * f * (f + g)
            };
            let coordinate = (0..self.dimension).min_by(|i, j| drop(*i).total_cmp(&drop(*j)));
            let Some(coordinate) = coordinate else { continue };
            let place = coordinate * lanes + lane;
            let drift = h * self.mobilities[coordinate] * block.forces[place].abs();
            if drift > ROUNDING * block.positions[place].abs() {
                return Err(Error::StepTooLong {
                    walker,
                    coordinate,
                    time: time + 0.5 * h,
                    step: h,
                    happened: "was carried by its force across the place where the force turns, to where it is larger,",
                });
            }
        }
        Ok(())
    }
}

/// Positions, displacements and forces, row by row.
#[inline(always)]
fn moving_rows<'r>(
    block: &'r mut Block,
    scratch: &'r mut Scratch,
    lanes: usize,
) -> impl Iterator<Item = ((&'r mut [f64], &'r mut [f64]), &'r [f64])> {
    let positions = rows_mut(&mut block.positions, lanes);
    let moves = rows_mut(&mut scratch.moves, lanes);
    positions.zip(moves).zip(rows(&block.forces, lanes))
}

/// The same with a row of noise each.
#[inline(always)]
fn with_noise<R, C>(
    walkers: impl Iterator<Item = (R, C)>,
    noise: &[f64],
    lanes: usize,
) -> impl Iterator<Item = ((R, &[f64]), C)> {
    walkers
        .zip(rows(noise, lanes))
        .map(|((row, coefficients), noise)| ((row, noise), coefficients))
}

impl Stepper for OverdampedStepper<'_> {
    fn normals(&self) -> usize {
        self.dimension
    }

    fn looks_ahead(&self) -> bool {
        matches!(self.proposal, Proposal::LeimkuhlerMatthews(_))
    }

    fn rows(&self) -> usize {
        2 * self.dimension.max(1)
    }

    fn step(
        &self,
        block: &mut Block,
        setting: &Setting<'_>,
        time: f64,
        noise: &[f64],
        scratch: &mut Scratch,
    ) -> Result<()> {
        self.propose(block, setting.step, noise, scratch)?;
        self.keep_inside(block, setting, scratch);
        block.next_forces(setting, time, scratch)?;
        if self.heat(block, setting.step, scratch) {
            self.overshot(block, setting, time, scratch)?;
        }
        block.take_forces(setting, time, scratch)
    }
}
