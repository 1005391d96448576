//! The numbers of a kinetic Ising model, evaluated and in the types of the physics.

use std::borrow::Cow;

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::infinite::{Axis, InfiniteNetwork, Parameter};
use irrev_ising::lattice::{Lattice, LatticeSampling};
use irrev_ising::simulation::{Sampling, SequentialMethod};
use irrev_ising::{Couplings, Update};

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::environment::swept;
use super::super::evaluation::Faults;
use super::super::formula::Formula;
use super::super::keyed::Meaning;
use super::super::overrides::Override;
use super::overrides::overridden;
use super::read::varied_key;
use super::{CouplingKind, FieldKind, Ising, SelfCouplingPolicy, Sizes, UpdateRule, numbers};
use crate::source::ExitCategory;

/// Draws of a study of finite sizes where the model does not say.
const DRAWS: usize = 12;

/// A model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct IsingEnvironment<'a> {
    spec: Cow<'a, Ising>,
}

/// Every number of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IsingValues {
    /// Value per parameter.
    pub parameters: Vec<f64>,
    /// How many spins there are.
    pub sizes: SizeValues,
    /// Law of the couplings, or the couplings.
    pub couplings: CouplingValues,
    /// Law of the fields, or the fields.
    pub fields: FieldValues,
    /// Whether spins act on themselves.
    pub self_couplings: SelfCouplings,
    /// Seeds of couplings and fields, where the file states them.
    pub disorder_seeds: (Option<u64>, Option<u64>),
    /// Networks drawn for simulations.
    pub draws: usize,
    /// β.
    pub inverse_temperature: f64,
    /// Which spins are refreshed together.
    pub update: Update,
    /// Magnetisation of the independent spins at the start.
    pub initial_magnetization: f64,
    /// Steps of the quench; `None` if the file does not ask for one.
    pub quench_steps: Option<usize>,
    /// Steps of mean-field theories.
    pub mean_field_steps: usize,
    /// Largest change in a step of what counts as stationary for mean-field theories.
    pub mean_field_tolerance: f64,
    /// The phase diagram asked for.
    pub phase_diagram: Option<DiagramValues>,
    /// The simulation asked for.
    pub sampling: Option<Sampling>,
    /// The lattice that couplings are those of, if they are.
    pub lattice: Option<LatticeValues>,
    /// The transfer entropies asked for.
    pub transfer: Option<TransferValues>,
}

/// A periodic square lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatticeValues {
    /// Sites in a row and rows.
    pub lattice: Lattice,
    /// J between neighbours.
    pub coupling: f64,
}

/// What is asked of a lattice over temperature.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferValues {
    /// Temperatures, rising.
    pub temperatures: Vec<f64>,
    /// How large lattices are simulated.
    pub sampling: LatticeSampling,
    /// Rate at which spin 0 flips by itself; `None` for no input.
    pub input_rate: Option<f64>,
}

/// How many spins a network has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SizeValues {
    /// One number, or several.
    Finite(Vec<usize>),
    /// Infinitely many.
    Infinite,
}

/// Where couplings come from.
#[derive(Clone, Debug, PartialEq)]
pub enum CouplingValues {
    /// They are drawn.
    Law(CouplingLaw),
    /// They are given.
    Given(Couplings),
}

/// Where fields come from.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValues {
    /// They are drawn, or the same everywhere.
    Law(FieldLaw),
    /// They are given.
    Given(Vec<f64>),
}

/// The axes of a phase diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiagramValues {
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
}

impl IsingValues {
    /// The network with N → ∞ whose law this is; the reason if it has no exact solution.
    ///
    /// # Errors
    /// Couplings that are given, or not normal and independent; given fields.
    pub fn infinite(&self) -> Result<InfiniteNetwork, &'static str> {
        let CouplingValues::Law(law) = &self.couplings else {
            return Err("couplings are given, and infinitely many spins need a law of couplings");
        };
        let CouplingLaw::Gaussian {
            mean,
            spread,
            symmetry,
        } = *law
        else {
            return Err(
                "the exact solution of infinitely many spins is that of couplings of the type \"gaussian\"",
            );
        };
        if symmetry != 0.0 {
            return Err(
                "couplings are correlated (`network.couplings.symmetry` is not 0), and the exact solution of infinitely many spins is that of independent ones",
            );
        }
        let FieldValues::Law(fields) = self.fields else {
            return Err("fields are given, and infinitely many spins need a law of fields");
        };
        Ok(InfiniteNetwork {
            inverse_temperature: self.inverse_temperature,
            mean_coupling: mean,
            spread,
            fields,
        })
    }
}

impl<'a> IsingEnvironment<'a> {
    /// The model with the overrides applied, one after the other.
    ///
    /// # Errors
    /// A key that names no number of the model (with the nearest that does), or a value that is no number, expression or known word.
    pub fn new(spec: &'a Ising, overrides: &[Override]) -> Result<Self, ModelError> {
        let spec = if overrides.is_empty() {
            Cow::Borrowed(spec)
        } else {
            Cow::Owned(overridden(spec, overrides)?)
        };
        Ok(Self { spec })
    }

    /// The model, with the overrides applied.
    #[must_use]
    pub fn spec(&self) -> &Ising {
        &self.spec
    }

    /// Every number of the model.
    ///
    /// # Errors
    /// Each formula without a finite value, each value that is not allowed, and sizes of couplings and fields that do not fit.
    pub fn values(&self) -> Result<IsingValues, ModelError> {
        let spec = self.spec();
        let mut reader = Values {
            spec,
            slots: Vec::new(),
            faults: Faults::new(&spec.source),
        };
        reader.slots = reader.parameters()?;
        let values = reader.all()?;
        check(spec, &values)?;
        Ok(values)
    }

    /// The value of one of the model's formulas.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub(crate) fn value_of(&self, formula: &Formula) -> Result<f64, ModelError> {
        let mut reader = Values {
            spec: self.spec(),
            slots: Vec::new(),
            faults: Faults::new(&self.spec.source),
        };
        reader.slots = reader.parameters()?;
        let value = reader.value(formula);
        reader.faults.stop_if_any()?;
        Ok(value)
    }

    /// The values of the sweep at `index`; none for an index beyond the sweeps.
    ///
    /// # Errors
    /// A value that is not finite, or an end of a logarithmic range that is not positive.
    pub fn sweep_values(&self, index: usize) -> Result<Vec<f64>, ModelError> {
        let spec = self.spec();
        let Some(sweep) = spec.sweeps.get(index) else {
            return Ok(Vec::new());
        };
        let mut reader = Values {
            spec,
            slots: Vec::new(),
            faults: Faults::new(&spec.source),
        };
        let slots = reader.parameters()?;
        let values = swept(&sweep.values, &slots, &mut reader.faults);
        reader.faults.stop_if_any()?;
        Ok(values)
    }
}

/// Evaluates numbers one by one; what is wrong is collected.
struct Values<'a> {
    spec: &'a Ising,
    slots: Vec<f64>,
    faults: Faults<'a>,
}

impl Values<'_> {
    /// The parameters, and the two slots of names that these formulas do not use.
    fn parameters(&mut self) -> Result<Vec<f64>, ModelError> {
        let parameters = &self.spec.parameters;
        let mut slots = vec![f64::NAN; parameters.len() + 2];
        for &index in parameters.evaluation_order() {
            self.faults.parameter(parameters.at(index), index, &mut slots);
        }
        self.faults.stop_if_any()?;
        Ok(slots)
    }

    fn value(&mut self, formula: &Formula) -> f64 {
        let meaning = numbers::of(formula.key());
        self.admitted(formula, &meaning).unwrap_or(f64::NAN)
    }

    /// The value of a formula if it has this meaning; otherwise the fault is recorded.
    fn admitted(&mut self, formula: &Formula, meaning: &Meaning) -> Option<f64> {
        self.faults.checked(
            formula,
            &self.slots,
            |value| meaning.admits(value),
            &meaning.requirement(),
        )
    }

    /// The number under a key; NaN, with a fault, if it is not allowed. What has neither value nor default is NaN, too, and not asked for.
    fn at(&mut self, key: &str) -> f64 {
        self.stated(key).unwrap_or(f64::NAN)
    }

    fn stated(&mut self, key: &str) -> Option<f64> {
        let formula = self.spec.number(key)?;
        Some(self.value(formula))
    }

    /// A whole number; faults have been recorded for any other, so that the 0 in its place is not used.
    fn whole(&mut self, key: &str) -> usize {
        self.stated_whole(key).unwrap_or(0)
    }

    fn stated_whole(&mut self, key: &str) -> Option<usize> {
        let value = self.stated(key)?;
        Some(if value.is_nan() { 0 } else { value as usize })
    }

    fn all(&mut self) -> Result<IsingValues, ModelError> {
        let spec = self.spec;
        let parameters = self.slots[..spec.parameters.len()].to_vec();
        let lattice = self.lattice();
        let sizes = self.sizes(lattice.as_ref());
        let couplings = self.couplings(&sizes, lattice.as_ref());
        let fields = self.fields();
        let update = match spec.update {
            UpdateRule::Parallel => Update::Parallel,
            UpdateRule::Sequential | UpdateRule::Continuous => Update::Sequential,
            UpdateRule::Partial => Update::PartlyParallel(self.at("dynamics.probability")),
        };
        let several = matches!(&sizes, SizeValues::Finite(sizes) if sizes.len() > 1);
        let draws = self
            .stated_whole("network.draws")
            .unwrap_or(if several { DRAWS } else { 1 });
        let phase_diagram = spec.phase_diagram.map(|[x, y]| DiagramValues {
            x: self.axis(x, "x"),
            y: self.axis(y, "y"),
        });
        let seed = |value: Option<f64>| value.map(|seed| seed as u64);
        let disorder_seeds = (
            seed(self.stated("network.couplings.rng")),
            seed(self.stated("network.fields.rng")),
        );
        let inverse_temperature = self.at("dynamics.beta");
        let initial_magnetization = self.at("initial.magnetization");
        let quench_steps = spec.has_quench.then(|| self.whole("quench.steps"));
        let mean_field_steps = self.whole("mean_field.steps");
        let mean_field_tolerance = self.at("mean_field.tolerance");
        let sampling = self.sampling();
        let transfer = self.transfer();
        // faults among the numbers come before what given couplings say of themselves
        self.faults.stop_if_any()?;
        Ok(IsingValues {
            parameters,
            sizes,
            couplings: couplings?,
            fields,
            self_couplings: self_couplings(spec),
            disorder_seeds,
            draws,
            inverse_temperature,
            update,
            initial_magnetization,
            quench_steps,
            mean_field_steps,
            mean_field_tolerance,
            phase_diagram,
            sampling,
            lattice,
            transfer,
        })
    }

    /// The lattice that couplings are those of; faults have been recorded for sides that are not allowed.
    fn lattice(&mut self) -> Option<LatticeValues> {
        matches!(self.spec.couplings, CouplingKind::Lattice).then_some(())?;
        let (columns, rows) = (
            self.whole("network.couplings.columns"),
            self.whole("network.couplings.rows"),
        );
        let coupling = self.at("network.couplings.coupling");
        let lattice = Lattice::new(columns, rows).ok()?;
        Some(LatticeValues { lattice, coupling })
    }

    fn transfer(&mut self) -> Option<TransferValues> {
        self.spec.has_transfer.then_some(())?;
        let (from, to) = (self.at("transfer.from"), self.at("transfer.to"));
        if from >= to
            && let Some(formula) = self.spec.number("transfer.to")
        {
            let requirement = format!("expected an end above the beginning, `transfer.from` = {from}");
            self.faults.refuse(formula, to, &requirement);
        }
        let points = self.whole("transfer.points");
        let step = (to - from) / (points.max(2) - 1) as f64;
        Some(TransferValues {
            temperatures: (0..points).map(|k| from + step * k as f64).collect(),
            sampling: LatticeSampling {
                replicas: self.whole("transfer.replicas"),
                burn_in: self.whole("transfer.burn_in"),
                measured: self.whole("transfer.measured"),
            },
            input_rate: self.stated("transfer.input_rate"),
        })
    }

    fn sizes(&mut self, lattice: Option<&LatticeValues>) -> SizeValues {
        match &self.spec.sizes {
            Sizes::Infinite => SizeValues::Infinite,
            Sizes::Finite(formulas) => {
                let sizes: Vec<f64> = formulas.iter().map(|size| self.value(size)).collect();
                for (k, (formula, size)) in formulas.iter().zip(&sizes).enumerate() {
                    if sizes[..k].contains(size) {
                        // the same draws once more would pass for independent ones
                        self.faults.refuse(
                            formula,
                            *size,
                            "the size is there already, and sizes of a study differ",
                        );
                    }
                }
                SizeValues::Finite(sizes.into_iter().map(|size| size as usize).collect())
            }
            Sizes::OfCouplings => SizeValues::Finite(match &self.spec.couplings {
                CouplingKind::Rows(rows) => vec![rows.len()],
                CouplingKind::MatrixFile { couplings, .. } => vec![couplings.spins()],
                CouplingKind::Lattice => lattice.iter().map(|of| of.lattice.sites()).collect(),
                _ => Vec::new(),
            }),
        }
    }

    fn couplings(
        &mut self,
        sizes: &SizeValues,
        lattice: Option<&LatticeValues>,
    ) -> Result<CouplingValues, ModelError> {
        let size = match sizes {
            SizeValues::Finite(sizes) => sizes.first().copied().unwrap_or(0),
            SizeValues::Infinite => 0,
        };
        let given = match &self.spec.couplings {
            CouplingKind::Gaussian => {
                return Ok(CouplingValues::Law(CouplingLaw::Gaussian {
                    mean: self.at("network.couplings.mean"),
                    spread: self.at("network.couplings.spread"),
                    symmetry: self.at("network.couplings.symmetry"),
                }));
            }
            CouplingKind::Diluted => {
                return Ok(CouplingValues::Law(CouplingLaw::Diluted {
                    mean: self.at("network.couplings.mean"),
                    spread: self.at("network.couplings.spread"),
                    degree: self.at("network.couplings.degree"),
                }));
            }
            CouplingKind::Patterns => {
                return Ok(CouplingValues::Law(CouplingLaw::Patterns {
                    patterns: self.whole("network.couplings.patterns"),
                    sequence: self.at("network.couplings.sequence"),
                }));
            }
            CouplingKind::ExcitatoryInhibitory => {
                return Ok(CouplingValues::Law(CouplingLaw::Dale {
                    excitatory: self.at("network.couplings.excitatory"),
                    means: (
                        self.at("network.couplings.excitation"),
                        self.at("network.couplings.inhibition"),
                    ),
                    spread: self.at("network.couplings.spread"),
                }));
            }
            CouplingKind::Rows(rows) => {
                let rows: Vec<Vec<f64>> = rows
                    .iter()
                    .map(|row| row.iter().map(|cell| self.value(cell)).collect())
                    .collect();
                Couplings::from_rows(&rows)
            }
            CouplingKind::Entries(entries) => {
                let entries: Vec<(usize, usize, f64)> = entries
                    .iter()
                    .map(|(to, from, value)| (*to, *from, self.value(value)))
                    .collect();
                triplets(size, &entries)
            }
            CouplingKind::Lattice => {
                self.faults.stop_if_any()?;
                let entries: Vec<(usize, usize, f64)> = lattice
                    .into_iter()
                    .flat_map(|of| {
                        let sites = 0..of.lattice.sites();
                        sites.flat_map(|to| of.lattice.neighbours(to).map(|from| (to, from, of.coupling)))
                    })
                    .collect();
                Couplings::from_triplets(lattice.map_or(0, |of| of.lattice.sites()), &entries)
            }
            CouplingKind::MatrixFile { couplings, .. } => Ok(couplings.clone()),
            CouplingKind::EntriesFile { entries, .. } => triplets(size, entries),
        };
        self.faults.stop_if_any()?;
        let couplings = given.map_err(|error| failure(self.spec, code::MATRIX, error.to_string(), ""))?;
        if couplings.spins() != size {
            let message = format!(
                "the couplings join {} spins, and `network.size` is {size}",
                couplings.spins()
            );
            return Err(failure(
                self.spec,
                code::MATRIX,
                message,
                "leave out the size, or correct it",
            ));
        }
        Ok(CouplingValues::Given(couplings))
    }

    fn fields(&mut self) -> FieldValues {
        let law = match &self.spec.fields {
            FieldKind::Constant => {
                let value = self.stated("network.fields");
                FieldLaw::Constant(value.unwrap_or_else(|| self.at("network.fields.value")))
            }
            FieldKind::Uniform => {
                let (mean, half) = (
                    self.at("network.fields.mean"),
                    self.at("network.fields.half_width"),
                );
                FieldLaw::Uniform {
                    low: mean - half,
                    high: mean + half,
                }
            }
            FieldKind::Gaussian => FieldLaw::Gaussian {
                mean: self.at("network.fields.mean"),
                spread: self.at("network.fields.spread"),
            },
            FieldKind::Listed(fields) => {
                return FieldValues::Given(fields.iter().map(|field| self.value(field)).collect());
            }
            FieldKind::File { values, .. } => return FieldValues::Given(values.clone()),
        };
        FieldValues::Law(law)
    }

    fn axis(&mut self, parameter: Parameter, name: &str) -> Axis {
        // what is varied may only be what it may be where it stands
        let meaning = numbers::of(varied_key(parameter));
        let mut end = |which: &str| {
            let formula = self.spec.number(&format!("phase_diagram.{name}.{which}"))?;
            Some((formula, self.admitted(formula, &meaning)?))
        };
        let (from, to) = (end("from"), end("to"));
        if let (Some((_, from)), Some((formula, to))) = (from, to)
            && from >= to
        {
            let requirement =
                format!("expected an end above the beginning, `phase_diagram.{name}.from` = {from}");
            self.faults.refuse(formula, to, &requirement);
        }
        let value = |end: Option<(&Formula, f64)>| end.map_or(f64::NAN, |(_, value)| value);
        Axis {
            parameter,
            from: value(from),
            to: value(to),
            points: self.whole(&format!("phase_diagram.{name}.points")),
        }
    }

    fn sampling(&mut self) -> Option<Sampling> {
        let start = self.spec.simulation?;
        let sampling = Sampling {
            replicas: self.whole("simulation.replicas"),
            burn_in: self.whole("simulation.burn_in") as u64,
            measured: self.whole("simulation.measured") as u64,
            every: self.whole("simulation.every") as u64,
            lags: self.whole("simulation.lags"),
            start,
            sequential: match self.spec.update {
                UpdateRule::Continuous => SequentialMethod::Clocks,
                _ => SequentialMethod::Automatic,
            },
            ..Sampling::default()
        };
        let (lags, measurements) = (sampling.lags as u64, sampling.measurements());
        if measurements < 2
            && let Some(formula) = self.spec.number("simulation.measured")
        {
            let requirement = format!(
                "expected at least twice the time between measurements, {} (`simulation.every`)",
                sampling.every
            );
            self.faults
                .refuse(formula, sampling.measured as f64, &requirement);
        } else if lags > 0
            && lags >= measurements
            && let Some(formula) = self.spec.number("simulation.lags")
        {
            let requirement = format!(
                "expected fewer lags than the {measurements} measurements (`simulation.measured` over `simulation.every`)"
            );
            self.faults.refuse(formula, lags as f64, &requirement);
        }
        Some(sampling)
    }
}

/// Sparse couplings of this many spins; an entry of a spin that there is not is named.
fn triplets(size: usize, entries: &[(usize, usize, f64)]) -> irrev_ising::Result<Couplings> {
    if let Some((to, from, _)) = entries.iter().find(|(to, from, _)| *to.max(from) >= size) {
        return Err(irrev_ising::Error::Domain {
            what: "the spin of an entry of the couplings",
            value: *to.max(from) as f64,
            expected: "less than the number of spins (`network.size`), since spins are counted from 0",
        });
    }
    Couplings::from_triplets(size, entries)
}

/// Whether spins act on themselves: as the file says, or as updates need it.
fn self_couplings(spec: &Ising) -> SelfCouplings {
    match spec.self_couplings {
        Some(SelfCouplingPolicy::Drop) => SelfCouplings::Removed,
        None if spec.couplings.is_random() && spec.update.is_one_at_a_time() => SelfCouplings::Removed,
        _ => SelfCouplings::Kept,
    }
}

/// What must fit together once the numbers are known.
fn check(spec: &Ising, values: &IsingValues) -> Result<(), ModelError> {
    let sizes = match &values.sizes {
        SizeValues::Finite(sizes) => sizes.as_slice(),
        SizeValues::Infinite => &[],
    };
    if let FieldValues::Given(fields) = &values.fields
        && let Some(size) = sizes.iter().find(|size| **size != fields.len())
    {
        let message = format!("there are {} fields for {size} spins", fields.len());
        return Err(failure(
            spec,
            code::MATRIX,
            message,
            "give one field for each spin",
        ));
    }
    if let CouplingValues::Law(law) = &values.couplings {
        for size in sizes {
            law.check(*size)
                .map_err(|error| failure(spec, code::BAD_VALUE, error.to_string(), ""))?;
        }
    }
    let CouplingValues::Given(couplings) = &values.couplings else {
        return Ok(());
    };
    if values.draws > 1 {
        let message = format!(
            "`network.draws` is {}, but couplings are given and not drawn",
            values.draws
        );
        return Err(failure(spec, code::CONFLICT, message, ""));
    }
    let refuses = match spec.self_couplings {
        Some(policy) => policy == SelfCouplingPolicy::Refuse,
        None => spec.update.is_one_at_a_time(),
    };
    if refuses && let Some((spin, value)) = couplings.first_self_coupling() {
        let message = format!(
            "spin {spin} acts on itself (coupling {value}); updated one at a time, such spins dissipate even if couplings are symmetric"
        );
        let help = "remove the diagonal, or write `self_couplings = \"drop\"` in [network]";
        return Err(failure(spec, code::MATRIX, message, help));
    }
    Ok(())
}

/// An error about the network as a whole, at the place of its table.
fn failure(spec: &Ising, code: &'static str, message: String, help: &str) -> ModelError {
    let fault = Fault::error(code, spec.network_span, message);
    let fault = if help.is_empty() { fault } else { fault.help(help) };
    ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
}
