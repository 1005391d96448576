//! The numbers of a quantum lattice, evaluated and in the types of the physics.

use std::borrow::Cow;

use irrev_quantum::composite::{Composite, Contact, Drive, SystemState};
use irrev_quantum::{Bond, Complex64, Hamiltonian, Lattice};

use super::super::diagnostic::{ModelError, code};
use super::super::environment::swept;
use super::super::formula::Formula;
use super::super::keyed::Values;
use super::super::overrides::Override;
use super::super::reader::counted;
use super::bath::{BathNumbers, block_levels, lattice};
use super::faults::{failure, failure_at, refused};
use super::overrides::overridden;
use super::system::{InitialNumbers, drive, state, system};
use super::{LatticeKind, Quantum, StateKind, numbers};
use crate::source::Span;

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
