//! Walker-steps per second of Langevin dynamics in a double well, V = (x² − 1)² + 2 y², T = 1/3, γ = 1, h = 0.02.
//!
//! `cargo run --release -p irrev-landscape --example langevin_speed -- [threads]` prints, for each integrator, the best of three runs and ⟨y²⟩, whose true value is 1/12.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use irrev_landscape::Result;
use irrev_landscape::langevin::{
    Dynamics, ForceField, Frame, Generalized, LangevinOptions, MemoryBath, MemoryKernel, Observer,
    Overdamped, OverdampedIntegrator, Parts, Simulation, Start, Underdamped,
};
use irrev_landscape::linear::underdamped::Bath;
use irrev_numerics::Run;

struct DoubleWell;

impl ForceField for DoubleWell {
    fn dimension(&self) -> usize {
        2
    }

    fn parts(&self) -> Parts {
        Parts {
            potential: true,
            ..Parts::default()
        }
    }

    fn forces(&self, _: f64, positions: &[f64], lanes: usize, forces: &mut [f64]) -> Result<()> {
        let (x, y) = positions.split_at(lanes);
        let (fx, fy) = forces.split_at_mut(lanes);
        for (f, x) in fx.iter_mut().zip(x) {
            *f = -4.0 * x * (x * x - 1.0);
        }
        for (f, y) in fy.iter_mut().zip(y) {
            *f = -4.0 * y;
        }
        Ok(())
    }

    fn potential(&self, _: f64, positions: &[f64], lanes: usize, energies: &mut [f64]) -> Result<()> {
        let (x, y) = positions.split_at(lanes);
        for ((v, x), y) in energies.iter_mut().zip(x).zip(y) {
            *v = (x * x - 1.0).powi(2) + 2.0 * y * y;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Squares(f64, u64);

impl Observer for Squares {
    fn observe(&mut self, frame: &Frame<'_>) -> Result<()> {
        self.0 += frame.position(1).iter().map(|y| y * y).sum::<f64>();
        self.1 += frame.lanes as u64;
        Ok(())
    }
}

fn main() -> Result<()> {
    let threads = std::env::args()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(1);
    let temperature = 1.0 / 3.0;
    let bath = Bath {
        mass: 1.0,
        friction: 1.0,
        temperature,
    };
    let with_memory = MemoryBath {
        mass: 1.0,
        temperature,
        kernel: MemoryKernel::exponentials(&[2.0], &[2.0])?,
    };
    let overdamped = Overdamped::new(vec![1.0; 2], vec![temperature; 2])?;
    let leimkuhler = overdamped
        .clone()
        .integrated_by(OverdampedIntegrator::LeimkuhlerMatthews)?;
    let all: [Dynamics<'_>; 4] = [
        overdamped.into(),
        leimkuhler.into(),
        Underdamped::new(vec![bath; 2])?.into(),
        Generalized::new(vec![with_memory.clone(), with_memory])?.into(),
    ];
    for dynamics in &all {
        for walkers in [1, 64, 1024] {
            let options = LangevinOptions {
                step: 0.02,
                ..Default::default()
            };
            let run = Run {
                threads,
                ..Run::default()
            };
            let start = Start::at(&[1.0, 0.0], walkers);
            let mut simulation = Simulation::new(&DoubleWell, dynamics, &start, &options, &run)?;
            simulation.advance(500, &run)?;
            let mut squares = simulation.observers(|_| Squares::default());
            let steps = 12_000_000 / walkers.max(8) as u64;
            let mut best = f64::INFINITY;
            for _ in 0..3 {
                let begun = Instant::now();
                simulation.observe(steps, 10, &mut squares, &run)?;
                best = best.min(begun.elapsed().as_secs_f64());
            }
            let (sum, count) = squares.iter().fold((0.0, 0), |all, s| (all.0 + s.0, all.1 + s.1));
            println!(
                "{:24} {walkers:5} walkers, {threads} threads: {:.2e} walker-steps/s, <y²> = {:.5}",
                dynamics.algorithm(),
                steps as f64 * walkers as f64 / best,
                sum / count as f64
            );
        }
    }
    Ok(())
}
