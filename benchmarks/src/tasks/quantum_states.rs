//! Products with a Hamiltonian of hard-core bosons, an evolution, and all eigenstates of a sector.

use irrev_numerics::Run;
use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
use irrev_quantum::evolution::{EvolutionOptions, evolve};
use irrev_quantum::lattice::{Boundary, Lattice};
use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian};

use crate::measure::{Measurement, Problem};

const TIME: f64 = 10.0;
const GOLDEN: f64 = 0.618_033_988_749_894_9;

pub(crate) fn run(measurement: &mut Measurement) -> Result<(), Problem> {
    let shape: Vec<usize> = serde_json::from_value(measurement.parameter("shape")?)?;
    let particles: usize = serde_json::from_value(measurement.parameter("particles")?)?;
    let calls: usize = serde_json::from_value(measurement.parameter("calls")?)?;
    let grid = Lattice::square([shape[0], shape[1]], [Boundary::Open; 2])?;
    let model = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0)?;
    let h = SectorHamiltonian::new(&model, Sector::new(grid.sites(), particles)?)?;
    match measurement.parameter("what")?.as_str() {
        Some("product") => product(measurement, &h, calls),
        Some("evolution") => evolution(measurement, &h),
        Some("levels") => levels(measurement, &model, &grid, &h),
        other => Err(format!("no such work: {other:?}").into()),
    }
}

/// The fixed vector of the peer file.
fn state(h: &SectorHamiltonian) -> Vec<Complex64> {
    let amplitude = |word: u64| {
        let word = word as f64;
        let phase = std::f64::consts::TAU * (word * GOLDEN * GOLDEN).fract();
        Complex64::from_polar(1.0 + (word * GOLDEN).fract(), phase)
    };
    let mut psi: Vec<Complex64> = h.sector().words().map(amplitude).collect();
    let norm = psi.iter().map(Complex64::norm_sqr).sum::<f64>().sqrt();
    psi.iter_mut().for_each(|z| *z /= norm);
    psi
}

fn product(measurement: &mut Measurement, h: &SectorHamiltonian, calls: usize) -> Result<(), Problem> {
    let psi = state(h);
    let mut image = vec![Complex64::ZERO; psi.len()];
    h.apply(&psi, &mut image)?;
    for _ in 0..3 {
        measurement.time_per_call("product", calls, || h.apply(&psi, &mut image))?;
    }
    let energy: f64 = psi.iter().zip(&image).map(|(a, b)| (a.conj() * b).re).sum();
    measurement.number("energy", energy);
    Ok(())
}

fn evolution(measurement: &mut Measurement, h: &SectorHamiltonian) -> Result<(), Problem> {
    let psi = state(h);
    let work = || evolve(h, &psi, &[TIME], &EvolutionOptions::default(), &Run::default());
    let found = measurement.time("evolution", work)??;
    let mut occupations = vec![0.0; h.sector().sites()];
    for (word, amplitude) in h.sector().words().zip(&found.states[0]) {
        for (site, occupation) in occupations.iter_mut().enumerate() {
            *occupation += (word >> site & 1) as f64 * amplitude.norm_sqr();
        }
    }
    measurement.save("occupations", &occupations)
}

fn levels(
    measurement: &mut Measurement,
    model: &Hamiltonian,
    grid: &Lattice,
    h: &SectorHamiltonian,
) -> Result<(), Problem> {
    let run = Run::default();
    let none = Symmetries::none(model);
    let whole = measurement.time("levels", || diagonalise(h, &none, Wanted::States, &run))??;
    let mirrors = Symmetries::of_lattice(model, grid)?;
    let blocks = measurement.time("levels, by symmetry", || diagonalise(h, &mirrors, Wanted::States, &run))??;
    let squares = |energies: Vec<f64>| energies.iter().map(|e| e * e).sum::<f64>();
    measurement.number("squares", squares(whole.energies()));
    measurement.number("squares by symmetry", squares(blocks.energies()));
    Ok(())
}
