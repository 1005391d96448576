//! The lattice and the Hamiltonian of the bath, and its symmetry blocks.

use irrev_numerics::streams::{Purpose, Stream};
use irrev_quantum::diagonalise::Symmetries;
use irrev_quantum::lattice::{Boundary, landau_phases};
use irrev_quantum::{Bond, Complex64, Hamiltonian, Lattice};

use super::super::diagnostic::{ModelError, code};
use super::super::keyed::Values;
use super::super::reader::counted;
use super::faults::{failure, failure_at};
use super::{LatticeKind, Quantum};

/// Imaginary part of e^{iφ} that is rounding of a φ of some turns.
const ROUNDING: f64 = 1e-14;

/// Sites and bonds.
pub(super) fn lattice(
    spec: &Quantum,
    shape: &[usize],
    sites: Option<usize>,
) -> irrev_quantum::Result<Lattice> {
    let number = |k: usize| shape.get(k).copied().unwrap_or(1);
    let pair = [number(0), number(1)];
    match &spec.lattice {
        LatticeKind::Chain => Lattice::chain(pair[0], spec.boundaries[0]),
        LatticeKind::Ladder => Lattice::ladder(pair[0], pair[1], spec.boundaries[0]),
        LatticeKind::Square => Lattice::square(pair, spec.boundaries),
        LatticeKind::Hexagonal => Lattice::hexagonal(pair, spec.boundaries),
        LatticeKind::Bonds(bonds) => Lattice::from_bonds(sites.unwrap_or(0), bonds),
    }
}

/// Without an imaginary part that is rounding of a phase such as π, since real arithmetic costs half.
pub(super) fn real_if_nearly(hopping: Complex64) -> Complex64 {
    if hopping.im.abs() <= ROUNDING * hopping.norm() {
        hopping.re.into()
    } else {
        hopping
    }
}

/// Bonds with J e^{iφ} and V.
pub(super) fn with_phases(
    pairs: &[(usize, usize)],
    (hopping, interaction): (f64, f64),
    phases: &[f64],
) -> Vec<Bond> {
    let bond = |(&(i, j), &phase): (&(usize, usize), &f64)| Bond {
        i,
        j,
        hopping: real_if_nearly(Complex64::from_polar(hopping, phase)),
        interaction,
    };
    pairs.iter().zip(phases).map(bond).collect()
}

/// What H_B is made of.
pub(super) struct BathNumbers {
    hopping: f64,
    interaction: f64,
    energies: Vec<f64>,
    phases: Vec<f64>,
    flux: f64,
    disorder: f64,
    seed: u64,
    next: (f64, f64),
}

impl BathNumbers {
    pub(super) fn of(reader: &mut Values<'_>) -> Self {
        Self {
            hopping: reader.at("bath.hopping"),
            interaction: reader.at("bath.interaction"),
            energies: reader.all("bath.energy"),
            phases: reader.all("bath.phase"),
            flux: reader.at("bath.flux"),
            disorder: reader.at("bath.disorder"),
            seed: reader.stated("bath.rng").map_or(0, |seed| seed as u64),
            next: (reader.at("bath.next_hopping"), reader.at("bath.next_interaction")),
        }
    }

    /// H_B, with site energies uniform in w ± disorder/2.
    pub(super) fn hamiltonian(
        &self,
        spec: &Quantum,
        lattice: &Lattice,
        reader: &Values<'_>,
        shape: &[usize],
    ) -> Result<Hamiltonian, ModelError> {
        let sites = lattice.sites();
        let mut energies = match self.energies.as_slice() {
            [energy] => vec![*energy; sites],
            listed if listed.len() == sites => listed.to_vec(),
            listed => {
                let message = format!(
                    "`bath.energy` lists {} numbers, and the lattice has {sites} sites",
                    listed.len()
                );
                return Err(failure_at(spec, reader, "bath.energy", &message));
            }
        };
        if self.disorder > 0.0 {
            let mut stream = Stream::new(self.seed, Purpose::Disorder, 0);
            for energy in &mut energies {
                *energy += self.disorder * (stream.uniform() - 0.5);
            }
        }
        let fail =
            |error: irrev_quantum::Error| failure(spec, spec.spans.bath, code::BAD_VALUE, error.to_string());
        let pairs = lattice.bonds();
        let own = match self.phases.as_slice() {
            [phase] => vec![*phase; pairs.len()],
            listed if listed.len() == pairs.len() => listed.to_vec(),
            listed => {
                let message = format!(
                    "`bath.phase` lists {} numbers, and the lattice has {} bonds",
                    listed.len(),
                    pairs.len()
                );
                return Err(failure_at(spec, reader, "bath.phase", &message));
            }
        };
        let fluxes = self.fluxes(spec, reader, shape, pairs)?;
        let phases: Vec<f64> = own.iter().zip(fluxes).map(|(own, flux)| own + flux).collect();
        let mut bonds = with_phases(pairs, (self.hopping, self.interaction), &phases);
        if self.next != (0.0, 0.0) {
            let next = lattice.shell(2).map_err(fail)?;
            let phases = self.fluxes(spec, reader, shape, &next)?;
            bonds.extend(with_phases(&next, self.next, &phases));
        }
        Hamiltonian::new(&energies, &bonds).map_err(fail)
    }

    /// Phases of the flux through plaquettes, by bond.
    fn fluxes(
        &self,
        spec: &Quantum,
        reader: &Values<'_>,
        shape: &[usize],
        pairs: &[(usize, usize)],
    ) -> Result<Vec<f64>, ModelError> {
        if self.flux == 0.0 {
            return Ok(vec![0.0; pairs.len()]);
        }
        let fail = |message: &str| failure_at(spec, reader, "bath.flux", message);
        let boundaries = match &spec.lattice {
            LatticeKind::Square => spec.boundaries,
            LatticeKind::Ladder => [spec.boundaries[0], Boundary::Open],
            other => {
                return Err(fail(&format!(
                    "`bath.flux` is the flux of a plaquette of a \"ladder\" or a \"square\" lattice, and this one is of the type \"{}\"; `bath.phase` gives each bond a phase of its own",
                    other.word()
                )));
            }
        };
        let &[columns, rows] = shape else {
            return Err(fail("`bath.flux` needs a lattice with two lengths"));
        };
        if columns < 2 || rows < 2 {
            return Err(fail(&format!(
                "`bath.flux` is the flux of a plaquette, and a lattice of {columns} by {rows} sites has none"
            )));
        }
        landau_phases([columns, rows], boundaries, self.flux, pairs)
            .map_err(|error| fail(&format!("`bath.flux`: {error}")))
    }
}

/// Number of levels of a symmetry block of the bath's sector.
pub(super) fn block_levels(
    spec: &Quantum,
    reader: &Values<'_>,
    (bath, lattice): (&Hamiltonian, &Lattice),
    label: &[usize],
    particles: usize,
) -> Result<u64, ModelError> {
    let fail = |message: &str| failure_at(spec, reader, "bath.block", message);
    let symmetries = Symmetries::of_lattice(bath, lattice).map_err(|error| fail(&error.to_string()))?;
    let mirrors = symmetries.orders().len();
    if mirrors == 0 {
        return Err(fail(
            "`bath.block`: no mirror image of the lattice leaves the bath as it is, so that all levels are in one block; leave it out",
        ));
    }
    if label.len() != mirrors {
        return Err(fail(&format!(
            "`bath.block` lists {}, expected {mirrors}, one for each mirror image of the lattice that leaves the bath as it is and commutes with the others: 0 for states that are even in it and 1 for odd ones",
            counted(label.len(), "number")
        )));
    }
    symmetries
        .dimension(label, particles)
        .map_err(|error| fail(&error.to_string()))
}
