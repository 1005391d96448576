//! What the sections of a quantum lattice share: its numbers, units, the bath, and what happened at each coupling.

use irrev_numerics::Run;
use irrev_numerics::error::bytes_in_words;
use irrev_quantum::temperature::Matching;
use irrev_report::{Definition, Quantity, Report, readable_number};

use super::super::units::Units;
use super::super::{Section, SweepRequest};
use super::history::{History, follow};
use super::scatter::{Scatter, scatter};
use crate::error::{Error, Result};
use crate::lattices::{self, PreparedBath};
use crate::model::{BathStart, QuantumEnvironment, QuantumValues};

pub(crate) struct Context<'a> {
    pub(super) environment: &'a QuantumEnvironment<'a>,
    pub(super) run: &'a Run<'a>,
    pub(super) values: QuantumValues,
    pub(super) units: Units,
    /// A sweep asked for in place of the model's own.
    pub(crate) sweep: Option<SweepRequest>,
    asked: Vec<Section>,
    prepared: Option<PreparedBath>,
    histories: Option<Vec<History>>,
    /// Lieb–Robinson time, for the figures of later sections.
    pub(super) lieb_robinson_time: Option<f64>,
    scatters: Option<Vec<Option<Scatter>>>,
}

impl<'a> Context<'a> {
    /// # Errors
    /// Values of the model that are not allowed.
    pub(crate) fn new(
        environment: &'a QuantumEnvironment<'a>,
        asked: Vec<Section>,
        run: &'a Run<'a>,
    ) -> Result<Self> {
        Ok(Self {
            environment,
            run,
            values: environment.values()?,
            units: Units::of_trajectories(&environment.spec().units),
            sweep: None,
            asked,
            prepared: None,
            histories: None,
            lieb_robinson_time: None,
            scatters: None,
        })
    }

    pub(super) fn fail(&self, error: irrev_quantum::Error) -> Error {
        Error::quantum(self.environment.spec().source.name(), error)
    }

    pub(super) fn matching(&self) -> Matching {
        self.environment.spec().matching
    }

    /// A quantity in the model's units.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    /// A quantity of one coupling; its place is part of its name where several are compared.
    pub(super) fn of_coupling(&self, definition: &Definition, place: usize, value: f64) -> Quantity {
        let quantity = self.quantity(definition, value);
        if self.values.couplings.len() == 1 {
            return quantity;
        }
        quantity
            .named(format!("{}{}", definition.name, self.suffix(place)))
            .with_note(format!("hopping of the contact {}", self.coupling(place)))
    }

    /// The quantity with a note, behind that of its coupling if there are several.
    pub(super) fn noted(&self, quantity: Quantity, place: usize, note: &str) -> Quantity {
        match self.values.couplings.len() {
            1 => quantity.with_note(note.to_owned()),
            _ => quantity.with_note(format!("hopping of the contact {}; {note}", self.coupling(place))),
        }
    }

    /// What tells names of one coupling from those of another: nothing where there is one.
    pub(super) fn suffix(&self, place: usize) -> String {
        match self.values.couplings.len() {
            1 => String::new(),
            _ => format!("_{}", place + 1),
        }
    }

    /// A coupling in words.
    pub(super) fn coupling(&self, place: usize) -> String {
        readable_number(self.values.couplings[place], 4)
    }

    /// Bonds from the contact to every site of the bath; `None` where none lead.
    pub(super) fn steps_from_contact(&self) -> irrev_quantum::Result<Vec<Option<usize>>> {
        let bath = &self.values.bath;
        let pairs: Vec<(usize, usize)> = bath.bonds().iter().map(|bond| (bond.i, bond.j)).collect();
        irrev_quantum::Lattice::from_bonds(bath.sites(), &pairs)?.distances(&self.values.touched())
    }

    /// Why there is no bath at t = 0; of a degenerate level with other names that say which state is meant, of a large Gibbs bath with what takes less.
    fn not_prepared(&self, error: irrev_quantum::Error) -> Error {
        if let (
            BathStart::Gibbs { .. },
            irrev_quantum::Error::Numerics(error @ irrev_numerics::Error::Memory { .. }),
        ) = (self.values.start, &error)
        {
            return Error::GibbsBath {
                model: self.environment.spec().source.name().into(),
                error: error.clone(),
            };
        }
        let irrev_quantum::Error::DegenerateLevel { index, gap, .. } = error else {
            return self.fail(error);
        };
        let key = match &self.values.block {
            None => "`bath.eigenstate`".to_owned(),
            Some(label) => format!("`bath.eigenstate` in `bath.block = {label:?}`"),
        };
        Error::NotPossible {
            model: self.environment.spec().source.name().into(),
            what: format!("a bath in eigenstate {index} ({key})"),
            reason: format!(
                "level {index} is degenerate, its neighbour is {gap:.1e} away, and an index does not say which state is meant; {}",
                self.remedy(index)
            ),
        }
    }

    /// What to write in place of the index of a degenerate level.
    fn remedy(&self, index: usize) -> String {
        let found = lattices::alternatives(&self.values, index, self.run).unwrap_or_default();
        let indices: Vec<String> = found.indices.iter().map(usize::to_string).collect();
        let nearest = match indices.as_slice() {
            [] => None,
            [one] => Some(format!("the nearest level that is not degenerate is {one}")),
            several => Some(format!(
                "the nearest levels that are not degenerate are {}",
                several.join(" and ")
            )),
        };
        let block = found.block.map(|(label, index)| {
            format!("this one is told apart by its symmetry: `bath.block = {label:?}` with `bath.eigenstate = {index}`")
        });
        let remedies: Vec<String> = nearest.into_iter().chain(block).collect();
        match remedies.as_slice() {
            [] => {
                "no level of this sector is: break the lattice's symmetry, as with `bath.disorder`".to_owned()
            }
            several => several.join(", and "),
        }
    }

    /// What a run would refuse for its memory or its eigenstate, as far as that is cheap to know.
    pub(super) fn refused_beforehand(&self) -> Option<String> {
        let foreseen = lattices::require_memory(&self.values, self.run)
            .and_then(|()| lattices::foresight(&self.values, self.run));
        let error = foreseen.err()?;
        Some(match self.not_prepared(error) {
            Error::NotPossible { what, reason, .. } => format!("{what} is not possible: {reason}"),
            other => other.to_string(),
        })
    }

    /// What a run takes, and what only the diagonalisation of the bath will tell.
    pub(super) fn note(&self) -> Option<String> {
        let needed = lattices::memory(&self.values, self.run).ok()?;
        let most = needed.iter().map(|(_, bytes)| *bytes).max()?;
        let takes = format!("a run takes some {} of memory", bytes_in_words(most));
        let BathStart::Eigenstate(index) = self.values.start else {
            return Some(takes);
        };
        let is_open = lattices::foresight(&self.values, self.run) == Ok(lattices::Foresight::NotKnown);
        Some(match is_open {
            true => format!(
                "{takes}; whether level {index} is degenerate, and names no state, is not known before the diagonalisation"
            ),
            false => takes,
        })
    }

    /// Whether β and α are finite; if not, says that a section is left out, or refuses it if it was asked for.
    pub(super) fn has_temperature(&mut self, section: Section, report: &mut Report) -> Result<bool> {
        let Err(error) = self.bath()?.matched.finite() else {
            return Ok(true);
        };
        if self.asked.contains(&section) {
            return Err(self.fail(error));
        }
        report.push_left_out(section.name(), error.to_string());
        Ok(false)
    }

    /// The bath at t = 0.
    pub(super) fn bath(&mut self) -> Result<&PreparedBath> {
        if self.prepared.is_none() {
            self.run
                .report(0.0, "eigenstates and temperature of the bath")
                .map_err(|e| self.fail(e.into()))?;
            let found = lattices::prepare(&self.values, self.matching(), self.run);
            self.prepared = Some(found.map_err(|e| self.not_prepared(e))?);
        }
        self.prepared
            .as_ref()
            .ok_or_else(|| self.fail(irrev_quantum::Error::NoStates))
    }

    /// Errors of results at the end of the evolution, at every coupling.
    pub(super) fn scatters(&mut self) -> Result<Vec<Option<Scatter>>> {
        if self.scatters.is_none() {
            let bath = self.bath()?.clone();
            let found = self.values.couplings.iter().map(|c| scatter(self, &bath, *c));
            let found = found.collect::<irrev_quantum::Result<Vec<_>>>();
            self.scatters = Some(found.map_err(|e| self.fail(e))?);
        }
        Ok(self.scatters.clone().unwrap_or_default())
    }

    /// What happened at every coupling.
    pub(super) fn histories(&mut self) -> Result<Vec<History>> {
        if self.histories.is_none() {
            self.bath()?;
            let bath = self
                .prepared
                .as_ref()
                .ok_or_else(|| self.fail(irrev_quantum::Error::NoStates))?;
            let mut found = Vec::new();
            for (place, &coupling) in self.values.couplings.iter().enumerate() {
                self.run
                    .report(
                        place as f64 / self.values.couplings.len() as f64,
                        "evolution of system and bath",
                    )
                    .map_err(|e| self.fail(e.into()))?;
                found.push(follow(&self.values, bath, coupling, self.run).map_err(|e| self.fail(e))?);
            }
            self.histories = Some(found);
        }
        Ok(self.histories.clone().unwrap_or_default())
    }

    /// Why a section cannot be computed, or `None` if it can.
    pub(crate) fn obstacle(&self, section: Section) -> Option<String> {
        let is_thermal = matches!(
            self.values.start,
            BathStart::Gibbs { .. } | BathStart::Typical { .. }
        );
        let is_typical = matches!(self.values.start, BathStart::Typical { .. });
        let needs_levels = || {
            let few = lattices::has_outcomes(&self.values).unwrap_or(false);
            (self.values.start.is_spread() && !few)
                .then(|| "the bath has too many states to compute all eigenstates of its sector".to_owned())
        };
        match section {
            Section::Bath | Section::SecondLaw | Section::LightCone => None,
            Section::FluctuationTheorem => is_typical.then(|| {
                "a typical state has energies as spread as a Gibbs state's, and the first of two measurements would tell them apart; take `bath.state = \"gibbs\"` or an eigenstate".into()
            }),
            Section::Thermalization => needs_levels(),
            Section::Eigenstates => {
                if self.values.scan.is_none() {
                    Some("the model has no [scan]".into())
                } else if is_thermal {
                    Some("the bath starts in a thermal state (`bath.state`), and a scan is one over eigenstates near its own".into())
                } else {
                    needs_levels()
                }
            }
            Section::Sizes => self
                .values
                .sizes
                .is_none()
                .then(|| "the model has no [sizes]".to_owned()),
            Section::Sweep => {
                let none = self.environment.spec().sweeps.is_empty() && self.sweep.is_none();
                none.then(|| "the model has no [[sweep]]".into())
            }
            _ => Some("it belongs to models of another kind".into()),
        }
    }
}
