//! The numbers of a quantum lattice, evaluated and in the types of the physics.

use std::borrow::Cow;

use irrev_numerics::streams::{Purpose, Stream};
use irrev_quantum::composite::{Composite, Contact, Drive, SystemState};
use irrev_quantum::diagonalise::Symmetries;
use irrev_quantum::lattice::{Boundary, landau_phases};
use irrev_quantum::{Bond, Complex64, Hamiltonian, Lattice};

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::environment::swept;
use super::super::formula::Formula;
use super::super::keyed::Values;
use super::super::overrides::Override;
use super::super::reader::counted;
use super::overrides::overridden;
use super::{LatticeKind, Quantum, StateKind, numbers};
use crate::source::{ExitCategory, Span};

/// Accepted error of the norm of a superposition.
const NORMALISED: f64 = 1e-9;

/// Imaginary part of e^{iφ} that is rounding of a φ of some turns.
const ROUNDING: f64 = 1e-14;

/// A model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct QuantumEnvironment<'a> {
    spec: Cow<'a, Quantum>,
}

/// What the bath starts in, with its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BathStart {
    /// The eigenstate of an index, ascending from 0: among all levels of the sector, or among those of [`QuantumValues::block`].
    Eigenstate(usize),
    /// The eigenstate, of those that are not degenerate, whose energy is nearest to the mean energy of its sector at a temperature.
    Near {
        /// T, of either sign.
        temperature: f64,
    },
    /// A random state with energies around the mean energy of its sector at a temperature.
    Window {
        /// T, of either sign.
        temperature: f64,
        /// Standard deviation of its energies times √2.
        width: f64,
    },
    /// exp(−βH + αN)/Ξ.
    Gibbs {
        /// β.
        beta: f64,
        /// α = βμ.
        alpha: f64,
    },
    /// A random vector in each number of particles that together look like that.
    Typical {
        /// β.
        beta: f64,
        /// α = βμ.
        alpha: f64,
    },
}

impl BathStart {
    /// Whether energies of the bath are spread, so that the first of two measurements of its energy would find others than the mean.
    #[must_use]
    pub fn is_spread(&self) -> bool {
        matches!(self, Self::Window { .. } | Self::Typical { .. })
    }
}

/// A scan over eigenstates.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScanValues {
    /// How many eigenstates, those nearest in energy to the bath's.
    pub eigenstates: usize,
    /// When σ is looked at; the end of the evolution unless said.
    pub time: f64,
    /// ε: σ < −ε counts as a violation.
    pub threshold: f64,
}

/// A comparison of baths of several sizes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BathSizeValues {
    /// N_B of every size, in the order of [`super::BathSizes::shapes`].
    pub particles: Vec<usize>,
    /// Most eigenstates of a size, those nearest in energy to the thermal one.
    pub eigenstates: usize,
    /// Half of the window of energy, as part of the width of a sector.
    pub window: f64,
    /// Times at which ⟨e^{−σ}⟩ is looked at.
    pub times: Vec<f64>,
}

/// Every number of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QuantumValues {
    /// Value per parameter.
    pub parameters: Vec<f64>,
    /// Sites and bonds of the bath.
    pub lattice: Lattice,
    /// H_B.
    pub bath: Hamiltonian,
    /// N_B at the start.
    pub particles: usize,
    /// What the bath starts in.
    pub start: BathStart,
    /// The symmetry block in which the index of an eigenstate counts, by its label; `None` counts all levels.
    pub block: Option<Vec<usize>>,
    /// H_S.
    pub system: Hamiltonian,
    /// ρ_S(0).
    pub state: SystemState,
    /// Hopping of the contact, one value or several to compare.
    pub couplings: Vec<f64>,
    /// Density interaction of the contact.
    pub contact_interaction: f64,
    /// How system and contact change in time, if they do.
    pub drive: Option<Drive>,
    /// Times, from 0.
    pub times: Vec<f64>,
    /// Place in `times` of the distribution of σ.
    pub distribution_at: usize,
    /// Bonds of the bath farther than this from the contact are cut to see when they are felt; `None` leaves the choice to the analysis.
    pub radius: Option<usize>,
    /// Trace distance from which a cut counts as felt.
    pub threshold: f64,
    /// The scan asked for.
    pub scan: Option<ScanValues>,
    /// The comparison of sizes asked for.
    pub sizes: Option<BathSizeValues>,
    contacts: Vec<(usize, usize)>,
}

impl QuantumValues {
    /// System and bath with a hopping through their contact, driven if the model says so.
    ///
    /// # Errors
    /// [`irrev_quantum::Error`] for sites that do not exist, or too many of them.
    pub fn composite(&self, hopping: f64) -> irrev_quantum::Result<Composite> {
        let contacts: Vec<Contact> = self
            .contacts
            .iter()
            .map(|&(system, bath)| Contact {
                system,
                bath,
                hopping: hopping.into(),
                interaction: self.contact_interaction,
            })
            .collect();
        let composite = Composite::new(&self.system, &self.bath, &contacts)?;
        Ok(match &self.drive {
            Some(drive) => composite.driven(drive.clone()),
            None => composite,
        })
    }

    /// Sites of the bath that touch the system.
    #[must_use]
    pub fn touched(&self) -> Vec<usize> {
        let mut sites: Vec<usize> = self.contacts.iter().map(|contact| contact.1).collect();
        sites.sort_unstable();
        sites.dedup();
        sites
    }
}

impl<'a> QuantumEnvironment<'a> {
    /// The model with the overrides applied, one after the other.
    ///
    /// # Errors
    /// A key that names no number of the model (with the nearest that does), or a value that is no number, expression or known word.
    pub fn new(spec: &'a Quantum, overrides: &[Override]) -> Result<Self, ModelError> {
        let spec = if overrides.is_empty() {
            Cow::Borrowed(spec)
        } else {
            Cow::Owned(overridden(spec, overrides)?)
        };
        Ok(Self { spec })
    }

    /// The model, with the overrides applied.
    #[must_use]
    pub fn spec(&self) -> &Quantum {
        &self.spec
    }

    fn reader(&self) -> Result<Values<'_>, ModelError> {
        let spec = self.spec();
        Values::new(&spec.source, &spec.parameters, &spec.numbers, numbers::of)
    }

    /// Every number of the model.
    ///
    /// # Errors
    /// Each formula without a finite value, each value that is not allowed, and lattices, sites and states that do not fit.
    pub fn values(&self) -> Result<QuantumValues, ModelError> {
        evaluated(self.spec(), self.reader()?)
    }

    /// The value of one of the model's formulas.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub(crate) fn value_of(&self, formula: &Formula) -> Result<f64, ModelError> {
        let mut reader = self.reader()?;
        let value = reader.value(formula);
        reader.faults.stop_if_any()?;
        Ok(value)
    }

    /// The values of the sweep at `index`; none for an index beyond the sweeps.
    ///
    /// # Errors
    /// A value that is not finite, or an end of a logarithmic range that is not positive.
    pub fn sweep_values(&self, index: usize) -> Result<Vec<f64>, ModelError> {
        let Some(sweep) = self.spec().sweeps.get(index) else {
            return Ok(Vec::new());
        };
        let mut reader = self.reader()?;
        let slots = reader.slots().to_vec();
        let values = swept(&sweep.values, &slots, &mut reader.faults);
        reader.faults.stop_if_any()?;
        Ok(values)
    }
}

fn evaluated(spec: &Quantum, mut reader: Values<'_>) -> Result<QuantumValues, ModelError> {
    let parameters = reader.slots()[..spec.parameters.len()].to_vec();
    let shape: Vec<usize> = reader
        .all("lattice.shape")
        .into_iter()
        .map(|n| n as usize)
        .collect();
    let sites = reader.stated_whole("lattice.sites");
    let particles = reader.whole("bath.particles");
    let couplings: Vec<f64> = reader.all("contact.hopping");
    let contact_interaction = reader.at("contact.interaction");
    let initial = InitialNumbers {
        populations: reader.all("system.populations"),
        amplitudes: reader.all("system.amplitudes"),
        regularise: reader.at("system.regularise"),
    };
    let times = times(&mut reader);
    let distribution_at = distribution_at(&mut reader, &times);
    let radius = reader.stated_whole("light_cone.radius");
    let threshold = reader.at("light_cone.threshold");
    let end = times.last().copied().unwrap_or(0.0);
    let scan = ScanValues {
        eigenstates: reader.whole("scan.eigenstates"),
        time: reader.stated("scan.time").unwrap_or(end),
        threshold: reader.at("scan.threshold"),
    };
    let sizes = sizes(spec, &mut reader, end);
    let block: Vec<usize> = reader.all("bath.block").into_iter().map(|q| q as usize).collect();
    let block = (!block.is_empty()).then_some(block);
    let bath_numbers = BathNumbers::of(&mut reader);
    let system_numbers = (
        reader.all("system.energy"),
        reader.at("system.hopping"),
        reader.at("system.interaction"),
    );
    let drive_numbers = ["drive.times", "drive.system", "drive.contact"].map(|key| reader.all(key));
    let start = start(spec, &mut reader, block.as_deref());
    reader.faults.stop_if_any()?;
    let start = start?;
    let at = |span: Span| {
        move |error: irrev_quantum::Error| failure(spec, span, code::BAD_VALUE, error.to_string())
    };
    let lattice = lattice(spec, &shape, sites).map_err(|error| match &spec.lattice {
        LatticeKind::Bonds(bonds) => {
            let is_refused =
                |bond: &(usize, usize)| Lattice::from_bonds(sites.unwrap_or(0), &[*bond]).is_err();
            at(refused(bonds, &spec.spans.bonds, spec.spans.lattice, is_refused))(error)
        }
        _ => failure_at(spec, &reader, "lattice.shape", &error.to_string()),
    })?;
    let bath = bath_numbers.hamiltonian(spec, &lattice, &reader, &shape)?;
    let sector = irrev_quantum::Sector::new(bath.sites(), particles)
        .map_err(|error| failure_at(spec, &reader, "bath.particles", &error.to_string()))?;
    let levels = match &block {
        None => sector.dimension(),
        Some(label) => block_levels(spec, &reader, (&bath, &lattice), label, particles)?,
    };
    if let BathStart::Eigenstate(index) = start
        && index as u64 >= levels
        && let Some(formula) = reader.formula("bath.eigenstate")
    {
        let of_block = if block.is_some() { " in this block" } else { "" };
        let requirement = format!(
            "expected the index of a level, from 0 to {}: so many levels{of_block} have {} on {}",
            levels.saturating_sub(1),
            counted(particles, "particle"),
            counted(bath.sites(), "site")
        );
        reader.faults.refuse(formula, index as f64, &requirement);
        reader.faults.stop_if_any()?;
    }
    let system = system(spec, &system_numbers).map_err(|error| {
        let alone = |&(i, j): &(usize, usize)| {
            let (hopping, interaction) = (Complex64::ZERO, 0.0);
            let bond = Bond {
                i,
                j,
                hopping,
                interaction,
            };
            Hamiltonian::new(&system_numbers.0, &[bond]).is_err()
        };
        let bonds = &spec.system_bonds;
        at(refused(bonds, &spec.spans.system_bonds, spec.spans.system, alone))(error)
    })?;
    let state = state(spec, &reader, &system, &initial)?;
    let values = QuantumValues {
        parameters,
        lattice,
        bath,
        particles,
        start,
        block,
        system,
        state,
        couplings,
        contact_interaction,
        drive: spec
            .spans
            .drive
            .map(|span| drive(spec, span, &drive_numbers))
            .transpose()?,
        times,
        distribution_at,
        radius,
        threshold,
        scan: spec.has_scan.then_some(scan),
        sizes,
        contacts: spec.contacts.clone(),
    };
    for &hopping in &values.couplings {
        values.composite(hopping).map_err(|error| {
            let alone = |&(system, bath): &(usize, usize)| {
                let contact = Contact::hopping(system, bath, hopping);
                Composite::new(&values.system, &values.bath, &[contact]).is_err()
            };
            let contacts = &spec.contacts;
            at(refused(contacts, &spec.spans.contacts, spec.spans.contact, alone))(error)
        })?;
    }
    Ok(values)
}

/// From 0 to the end in equal steps.
fn times(reader: &mut Values<'_>) -> Vec<f64> {
    let (end, points) = (reader.at("time.end"), reader.whole("time.points"));
    let last = points.saturating_sub(1).max(1);
    (0..points).map(|k| end * k as f64 / last as f64).collect()
}

/// The place of the time nearest to `time.distribution_at`; the last one unless said.
fn distribution_at(reader: &mut Values<'_>, times: &[f64]) -> usize {
    let Some(wanted) = reader.stated("time.distribution_at") else {
        return times.len().saturating_sub(1);
    };
    let end = times.last().copied().unwrap_or(0.0);
    if wanted > end
        && let Some(formula) = reader.formula("time.distribution_at")
    {
        let requirement = format!("expected a time of the evolution, which ends at {end} (`time.end`)");
        reader.faults.refuse(formula, wanted, &requirement);
    }
    let distance = |k: &usize| (times[*k] - wanted).abs();
    (0..times.len())
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .unwrap_or(0)
}

/// What the bath starts in; which numbers that takes depends on the state.
fn start(spec: &Quantum, reader: &mut Values<'_>, block: Option<&[usize]>) -> Result<BathStart, ModelError> {
    let index = reader.stated_whole("bath.eigenstate");
    let temperature = reader.stated("bath.temperature");
    let width = reader.stated("bath.width");
    let (beta, alpha) = (reader.stated("bath.beta"), reader.stated("bath.alpha"));
    let fault = |code, message: &str| Err(failure(spec, spec.spans.bath, code, message.to_owned()));
    if block.is_some() && (spec.state != StateKind::Eigenstate || index.is_none()) {
        return Err(failure_at(
            spec,
            reader,
            "bath.block",
            "`bath.block` is the symmetry block whose levels `bath.eigenstate` counts, and has no meaning without it",
        ));
    }
    match (spec.state, index, temperature, width, beta, alpha) {
        (StateKind::Eigenstate, Some(index), None, None, None, None) => Ok(BathStart::Eigenstate(index)),
        (StateKind::Eigenstate, None, Some(temperature), None, None, None) => {
            Ok(BathStart::Near { temperature })
        }
        (StateKind::Eigenstate, ..) => fault(
            code::CONFLICT,
            "an eigenstate is said by exactly one of `bath.eigenstate`, its index, and `bath.temperature`, near which it is chosen",
        ),
        (StateKind::Window, None, Some(temperature), Some(width), None, None) => {
            Ok(BathStart::Window { temperature, width })
        }
        (StateKind::Window, ..) => fault(
            code::CONFLICT,
            "a window of energy is said by `bath.temperature` and `bath.width`, and by nothing else",
        ),
        (StateKind::Gibbs, None, None, None, Some(beta), alpha) => Ok(BathStart::Gibbs {
            beta,
            alpha: alpha.unwrap_or(0.0),
        }),
        (StateKind::Typical, None, None, None, Some(beta), alpha) => Ok(BathStart::Typical {
            beta,
            alpha: alpha.unwrap_or(0.0),
        }),
        (StateKind::Gibbs | StateKind::Typical, ..) => fault(
            code::CONFLICT,
            "a Gibbs state, and a typical one, is said by `bath.beta` and, where particles have a potential, `bath.alpha`, and by nothing else",
        ),
    }
}

fn lattice(spec: &Quantum, shape: &[usize], sites: Option<usize>) -> irrev_quantum::Result<Lattice> {
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
fn real_if_nearly(hopping: Complex64) -> Complex64 {
    if hopping.im.abs() <= ROUNDING * hopping.norm() {
        hopping.re.into()
    } else {
        hopping
    }
}

/// Bonds with J e^{iφ} and V.
fn with_phases(pairs: &[(usize, usize)], (hopping, interaction): (f64, f64), phases: &[f64]) -> Vec<Bond> {
    let bond = |(&(i, j), &phase): (&(usize, usize), &f64)| Bond {
        i,
        j,
        hopping: real_if_nearly(Complex64::from_polar(hopping, phase)),
        interaction,
    };
    pairs.iter().zip(phases).map(bond).collect()
}

/// What H_B is made of.
struct BathNumbers {
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
    fn of(reader: &mut Values<'_>) -> Self {
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
    fn hamiltonian(
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

fn system(
    spec: &Quantum,
    (energies, hopping, interaction): &(Vec<f64>, f64, f64),
) -> irrev_quantum::Result<Hamiltonian> {
    let bonds: Vec<Bond> = spec
        .system_bonds
        .iter()
        .map(|&(i, j)| Bond {
            i,
            j,
            hopping: Complex64::from(*hopping),
            interaction: *interaction,
        })
        .collect();
    Hamiltonian::new(energies, &bonds)
}

/// a(t) and g(t), of which one may be left out: 1.
fn drive(spec: &Quantum, span: Span, [times, system, contact]: &[Vec<f64>; 3]) -> Result<Drive, ModelError> {
    let fail = |message: String| failure(spec, span, code::BAD_VALUE, message);
    let ones = vec![1.0; times.len()];
    let [system, contact] = [("system", system), ("contact", contact)].map(|(key, factors)| {
        if factors.is_empty() {
            return Ok(&ones);
        }
        if factors.len() != times.len() {
            return Err(fail(format!(
                "`drive.{key}` lists {} factors for {} times",
                factors.len(),
                times.len()
            )));
        }
        Ok(factors)
    });
    Drive::new(times, system?, contact?).map_err(|error| fail(format!("`drive`: {error}")))
}

/// What ρ_S(0) is made of.
struct InitialNumbers {
    populations: Vec<f64>,
    /// Real and imaginary parts in turn.
    amplitudes: Vec<f64>,
    regularise: f64,
}

/// ρ_S(0), a mixture of configurations or a superposition of them, with every state possible if that is asked for.
fn state(
    spec: &Quantum,
    reader: &Values<'_>,
    system: &Hamiltonian,
    initial: &InitialNumbers,
) -> Result<SystemState, ModelError> {
    let sites = system.sites();
    let configurations = 1_usize << sites.min(63);
    let is_superposed = !initial.amplitudes.is_empty();
    let (key, numbers, what) = match is_superposed {
        true => (
            "system.amplitudes",
            initial.amplitudes.len() / 2,
            "pairs [re, im]",
        ),
        false => ("system.populations", initial.populations.len(), "probabilities"),
    };
    let fail = |message: &str| failure_at(spec, reader, key, message);
    if is_superposed && !initial.populations.is_empty() {
        return Err(fail(
            "`system.amplitudes` and `system.populations` exclude each other: the system starts in a superposition or in a mixture",
        ));
    }
    if numbers != configurations || (is_superposed && initial.amplitudes.len() % 2 == 1) {
        return Err(fail(&format!(
            "`{key}` lists {numbers} {what}, expected 2^{sites} = {configurations}, one for each occupation of {}; bit i of a place is the occupation of site i",
            counted(sites, "site")
        )));
    }
    let found = match is_superposed {
        false => SystemState::diagonal(&initial.populations),
        true => {
            let norm = initial.amplitudes.iter().map(|x| x * x).sum::<f64>().sqrt();
            if (norm - 1.0).abs() > NORMALISED {
                return Err(fail(&format!(
                    "`{key}` has the norm {norm}, expected 1; expressions such as \"1/sqrt(2)\" have all digits"
                )));
            }
            let amplitudes = initial.amplitudes.chunks_exact(2);
            let amplitudes: Vec<Complex64> = amplitudes.map(|z| Complex64::new(z[0], z[1])).collect();
            SystemState::pure(&amplitudes)
        }
    };
    let found = found.map_err(|error| fail(&format!("`{key}`: {error}")))?;
    if initial.regularise == 0.0 {
        return Ok(found);
    }
    let regular = found.regularised(initial.regularise);
    regular.map_err(|error| {
        failure_at(
            spec,
            reader,
            "system.regularise",
            &format!("`system.regularise`: {error}"),
        )
    })
}

/// Number of levels of a symmetry block of the bath's sector.
fn block_levels(
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

/// The comparison of sizes, with the particles of each.
fn sizes(spec: &Quantum, reader: &mut Values<'_>, end: f64) -> Option<BathSizeValues> {
    let asked = spec.sizes.as_ref()?;
    let listed = reader.all("sizes.particles");
    let particles = match reader.stated("sizes.filling") {
        None => listed.into_iter().map(|n| n as usize).collect(),
        Some(filling) => {
            let per_cell = if spec.lattice == LatticeKind::Hexagonal {
                2
            } else {
                1
            };
            let sites = |shape: &Vec<usize>| per_cell * shape.iter().product::<usize>();
            let of_size = |shape| (filling * sites(shape) as f64).round() as usize;
            asked.shapes.iter().map(of_size).collect()
        }
    };
    let times = reader.all("sizes.times");
    Some(BathSizeValues {
        particles,
        eigenstates: reader.whole("sizes.eigenstates"),
        window: reader.at("sizes.window"),
        times: if times.is_empty() { vec![end] } else { times },
    })
}

/// An error about what stands under a key, or in its table if nothing is written there.
fn failure_at(spec: &Quantum, reader: &Values<'_>, key: &str, message: &str) -> ModelError {
    let spans = &spec.spans;
    let table = match key.split('.').next() {
        Some("lattice") => spans.lattice,
        Some("system") => spans.system,
        Some("contact") => spans.contact,
        _ => spans.bath,
    };
    match reader.fault_at(key, message) {
        Some(diagnostic) => ModelError::single(ExitCategory::Invalid, diagnostic),
        None => failure(spec, table, code::BAD_VALUE, message.to_owned()),
    }
}

/// Where the first pair is written that is refused by itself; the table if none is, or none is written.
fn refused(
    pairs: &[(usize, usize)],
    spans: &[Span],
    table: Span,
    is_refused: impl Fn(&(usize, usize)) -> bool,
) -> Span {
    let place = pairs.iter().position(is_refused);
    place.and_then(|place| spans.get(place)).copied().unwrap_or(table)
}

/// An error about a table as a whole.
fn failure(spec: &Quantum, span: Span, code: &'static str, message: String) -> ModelError {
    let fault = Fault::error(code, span, message);
    ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
}
