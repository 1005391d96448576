//! The numbers of a quantum lattice, evaluated and in the types of the physics.

use std::borrow::Cow;

use irrev_numerics::streams::{Purpose, Stream};
use irrev_quantum::composite::{Composite, Contact, Drive, SystemState};
use irrev_quantum::{Bond, Complex64, Hamiltonian, Lattice};

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::environment::swept;
use super::super::formula::Formula;
use super::super::keyed::Values;
use super::super::overrides::Override;
use super::overrides::overridden;
use super::{LatticeKind, Quantum, StateKind, numbers};
use crate::source::{ExitCategory, Span};

/// A model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct QuantumEnvironment<'a> {
    spec: Cow<'a, Quantum>,
}

/// What the bath starts in, with its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BathStart {
    /// The eigenstate of an index, ascending from 0.
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
    let populations = reader.all("system.populations");
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
    let bath_numbers = BathNumbers::of(&mut reader);
    let system_numbers = (
        reader.all("system.energy"),
        reader.at("system.hopping"),
        reader.at("system.interaction"),
    );
    let drive_numbers = ["drive.times", "drive.system", "drive.contact"].map(|key| reader.all(key));
    let start = start(spec, &mut reader);
    reader.faults.stop_if_any()?;
    let start = start?;
    let at = |span: Span| {
        move |error: irrev_quantum::Error| failure(spec, span, code::BAD_VALUE, error.to_string())
    };
    let lattice = lattice(spec, &shape, sites).map_err(at(spec.spans.lattice))?;
    let bath = bath_numbers.hamiltonian(spec, &lattice)?;
    let sector = irrev_quantum::Sector::new(bath.sites(), particles).map_err(at(spec.spans.bath))?;
    if let BathStart::Eigenstate(index) = start
        && index as u64 >= sector.dimension()
        && let Some(formula) = reader.formula("bath.eigenstate")
    {
        let requirement = format!(
            "expected the index of a level, from 0 to {}: so many levels have {particles} particles on {} sites",
            sector.dimension() - 1,
            bath.sites()
        );
        reader.faults.refuse(formula, index as f64, &requirement);
        reader.faults.stop_if_any()?;
    }
    let system = system(spec, &system_numbers).map_err(at(spec.spans.system))?;
    let state = state(spec, &system, &populations)?;
    let values = QuantumValues {
        parameters,
        lattice,
        bath,
        particles,
        start,
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
        contacts: spec.contacts.clone(),
    };
    for &hopping in &values.couplings {
        values.composite(hopping).map_err(at(spec.spans.contact))?;
    }
    if values.couplings.is_empty() || values.contacts.is_empty() {
        let message =
            "the system touches the bath nowhere: `contact.hopping` or `contact.sites` is an empty list";
        return Err(failure(spec, spec.spans.contact, code::BAD_VALUE, message.into()));
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
fn start(spec: &Quantum, reader: &mut Values<'_>) -> Result<BathStart, ModelError> {
    let index = reader.stated_whole("bath.eigenstate");
    let temperature = reader.stated("bath.temperature");
    let width = reader.stated("bath.width");
    let (beta, alpha) = (reader.stated("bath.beta"), reader.stated("bath.alpha"));
    let fault = |code, message: &str| Err(failure(spec, spec.spans.bath, code, message.to_owned()));
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

/// What H_B is made of.
struct BathNumbers {
    hopping: f64,
    interaction: f64,
    energies: Vec<f64>,
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
            disorder: reader.at("bath.disorder"),
            seed: reader.stated("bath.rng").map_or(0, |seed| seed as u64),
            next: (reader.at("bath.next_hopping"), reader.at("bath.next_interaction")),
        }
    }

    /// H_B, with site energies uniform in w ± disorder/2.
    fn hamiltonian(&self, spec: &Quantum, lattice: &Lattice) -> Result<Hamiltonian, ModelError> {
        let sites = lattice.sites();
        let mut energies = match self.energies.as_slice() {
            [energy] => vec![*energy; sites],
            listed if listed.len() == sites => listed.to_vec(),
            listed => {
                let message = format!(
                    "`bath.energy` lists {} numbers, and the lattice has {sites} sites",
                    listed.len()
                );
                return Err(failure(spec, spec.spans.bath, code::BAD_VALUE, message));
            }
        };
        if self.disorder > 0.0 {
            let mut stream = Stream::new(self.seed, Purpose::Disorder, 0);
            for energy in &mut energies {
                *energy += self.disorder * (stream.uniform() - 0.5);
            }
        }
        let bond = |hopping: f64, interaction: f64| {
            move |&(i, j): &(usize, usize)| Bond {
                i,
                j,
                hopping: Complex64::from(hopping),
                interaction,
            }
        };
        let fail =
            |error: irrev_quantum::Error| failure(spec, spec.spans.bath, code::BAD_VALUE, error.to_string());
        let mut bonds: Vec<Bond> = lattice
            .bonds()
            .iter()
            .map(bond(self.hopping, self.interaction))
            .collect();
        if self.next != (0.0, 0.0) {
            let next = lattice.shell(2).map_err(fail)?;
            bonds.extend(next.iter().map(bond(self.next.0, self.next.1)));
        }
        Hamiltonian::new(&energies, &bonds).map_err(fail)
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

/// ρ_S(0), a mixture of configurations.
fn state(spec: &Quantum, system: &Hamiltonian, populations: &[f64]) -> Result<SystemState, ModelError> {
    let fail = |message: String| failure(spec, spec.spans.system, code::BAD_VALUE, message);
    let sites = system.sites();
    let configurations = 1_usize << sites.min(63);
    if populations.len() != configurations {
        return Err(fail(format!(
            "`system.populations` lists {} probabilities, expected 2^{sites} = {configurations}, one for each occupation of {}; bit i of a place is the occupation of site i",
            populations.len(),
            if sites == 1 {
                "1 site".to_owned()
            } else {
                format!("{sites} sites")
            }
        )));
    }
    SystemState::diagonal(populations).map_err(|error| fail(format!("`system.populations`: {error}")))
}

/// An error about a table as a whole.
fn failure(spec: &Quantum, span: Span, code: &'static str, message: String) -> ModelError {
    let fault = Fault::error(code, span, message);
    ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
}
