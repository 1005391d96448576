//! Reactions whose rates are written as formulas, without a model file around them.
//!
//! A rate is a mass-action constant, or a formula in the names of the species, of parameters and of the time `t`. A formula is the whole flux (or, on
//! molecule counts, the whole propensity) of its direction: nothing is multiplied to it.
//!
//! | rate of 2A → B | flux at amount a | propensity at count n |
//! |---|---|---|
//! | constant 0.01 | 0.01 a² | 0.01 n(n−1) |
//! | formula `0.01*A*(A-1)` | 0.01 a(a−1) | 0.01 n(n−1) |
//!
//! Amounts of chemostats stand in formulas under their names, too.

use std::cell::RefCell;
use std::collections::HashSet;

use irrev_network::counts::{CountReaction, CountSystem, Propensity, PropensityLaw};
use irrev_network::reactions::{Law, RateLaws, Reaction, ReactionSystem, Species};
use irrev_network::{Error as NetworkError, Result as NetworkResult};

use super::recognition;
use crate::error::{Error, Result};
use crate::expression::{Compiled, Expression, ExpressionError, Program, ProgramBuilder};
use crate::model::reactions::equation::{Arrow, Equation, Term};

/// How fast one direction of a reaction runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// Mass action with this constant; 0 for a direction that there is not.
    MassAction(f64),
    /// The flux or propensity as a formula.
    Formula(String),
}

/// A reaction with a rate per direction.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaReaction {
    /// Name, unique in the system.
    pub name: String,
    /// (species, coefficient > 0) of the left side, each species once.
    pub reactants: Vec<(usize, f64)>,
    /// (species, coefficient > 0) of the right side, each species once.
    pub products: Vec<(usize, f64)>,
    /// Rate from left to right.
    pub forward: Rate,
    /// Rate from right to left.
    pub backward: Rate,
    /// Whether it counts in the thermodynamics; one that does not still drives the dynamics.
    pub counted: bool,
}

/// Both sides of an equation, by names.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EquationSides {
    /// (name, coefficient) on the left, each name once.
    pub reactants: Vec<(String, f64)>,
    /// (name, coefficient) on the right.
    pub products: Vec<(String, f64)>,
    /// Whether the arrow points one way only.
    pub one_way: bool,
}

/// Reads an equation as on paper: `2 X + Y <=> 3 X`, `A -> 0`.
///
/// ```
/// let sides = irrev::chemistry::equation_sides("2 A <=> B")?;
/// assert_eq!(sides.reactants, [("A".to_owned(), 2.0)]);
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::Formula`] with what is wrong.
pub fn equation_sides(text: &str) -> Result<EquationSides> {
    let equation = Equation::parse(text).map_err(|error| Error::Formula {
        place: "equation".into(),
        text: text.into(),
        error: ExpressionError {
            span: error.span,
            message: error.message,
            help: Some(error.help.into()),
        },
    })?;
    let named = |terms: &[Term<'_>]| terms.iter().map(|t| (t.name.to_owned(), t.coefficient)).collect();
    Ok(EquationSides {
        reactants: named(&equation.reactants),
        products: named(&equation.products),
        one_way: equation.arrow == Arrow::OneWay,
    })
}

/// Names that formulas know, in the order of their slots: species, parameters, the time.
struct Symbols {
    names: Vec<String>,
    species: usize,
    parameters: Vec<f64>,
}

impl Symbols {
    fn new<'a>(species: impl Iterator<Item = &'a String>, parameters: &[(String, f64)]) -> Result<Self> {
        let mut names: Vec<String> = species.cloned().collect();
        let species = names.len();
        names.extend(parameters.iter().map(|p| p.0.clone()));
        let mut seen = HashSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(name.as_str())) {
            let (what, name) = ("species or parameter", name.clone());
            return Err(refused(NetworkError::Duplicate { what, name }));
        }
        if !seen.contains("t") {
            names.push("t".into());
        }
        Ok(Self {
            names,
            species,
            parameters: parameters.iter().map(|p| p.1).collect(),
        })
    }

    /// Slot of the time; none if a species or a parameter is called `t`.
    fn time(&self) -> Option<usize> {
        let slot = self.species + self.parameters.len();
        (slot < self.names.len()).then_some(slot)
    }

    fn compiled(&self, reaction: &FormulaReaction, direction: &'static str, text: &str) -> Result<Compiled> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let compiled = Expression::parse(text).and_then(|formula| formula.compile(&names));
        compiled.map_err(|error| Error::Formula {
            place: format!("reaction \"{}\", {direction} rate", reaction.name),
            text: text.into(),
            error,
        })
    }

    /// A builder in which parameters are numbers.
    fn builder(&self) -> ProgramBuilder {
        let mut builder = ProgramBuilder::new(self.names.len());
        for (k, &value) in self.parameters.iter().enumerate() {
            let number = builder.number(value);
            builder.assign(self.species + k, number);
        }
        builder
    }
}

fn refused(error: NetworkError) -> Error {
    Error::network("reactions", error)
}

/// A reaction system by amounts from formulas and mass-action constants.
///
/// ```
/// use irrev::chemistry::{FormulaReaction, Rate, reaction_system_from_formulas};
/// use irrev::network::reactions::Species;
/// let species = [Species { name: "S".into(), held: None }, Species { name: "P".into(), held: None }];
/// let turnover = FormulaReaction {
///     name: "turnover".into(),
///     reactants: vec![(0, 1.0)],
///     products: vec![(1, 1.0)],
///     forward: Rate::Formula("v*S/(K + S + P)".into()),
///     backward: Rate::Formula("0.1*v*P/(K + S + P)".into()),
///     counted: true,
/// };
/// let system = reaction_system_from_formulas(&species, &[("v".into(), 2.0), ("K".into(), 1.0)], &[turnover])?;
/// let flow = system.flow(0.0, &[3.0, 1.0]).unwrap();
/// assert!((flow.force()[0] - 30_f64.ln()).abs() < 1e-15);
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::Formula`] for a formula that cannot be read or names something unknown, and for a reaction with a formula one way and a constant other than
/// 0 the other; [`Error::Network`] as [`ReactionSystem::new`].
pub fn reaction_system_from_formulas(
    species: &[Species],
    parameters: &[(String, f64)],
    reactions: &[FormulaReaction],
) -> Result<ReactionSystem> {
    let symbols = Symbols::new(species.iter().map(|s| &s.name), parameters)?;
    let mut laws = Laws::default();
    let mut formulas = Vec::new();
    let mut list = Vec::with_capacity(reactions.len());
    for (r, reaction) in reactions.iter().enumerate() {
        let law = match (&reaction.forward, &reaction.backward) {
            (Rate::MassAction(forward), Rate::MassAction(backward)) => Law::MassAction {
                forward: *forward,
                backward: *backward,
            },
            (forward, backward) => {
                for (rate, is_forward) in [(forward, true), (backward, false)] {
                    let direction = if is_forward { "forward" } else { "backward" };
                    match rate {
                        Rate::Formula(text) => {
                            formulas.push(symbols.compiled(reaction, direction, text)?);
                            laws.directions.push((r, is_forward));
                        }
                        Rate::MassAction(constant) if *constant == 0.0 => {}
                        Rate::MassAction(constant) => {
                            return Err(refused(NetworkError::Domain {
                                what: format!(
                                    "the {direction} rate of \"{}\", whose other rate is a formula,",
                                    reaction.name
                                ),
                                value: *constant,
                                expected: "a formula too, or 0 for none",
                            }));
                        }
                    }
                }
                Law::General
            }
        };
        list.push(Reaction {
            name: reaction.name.clone(),
            reactants: reaction.reactants.clone(),
            products: reaction.products.clone(),
            law,
            counted: reaction.counted,
        });
        laws.names.push(reaction.name.clone());
    }
    let laws = (!formulas.is_empty()).then(|| {
        laws.compile(&symbols, species, &formulas);
        std::sync::Arc::new(laws) as std::sync::Arc<dyn RateLaws>
    });
    ReactionSystem::new(species.to_vec(), list, laws).map_err(refused)
}

/// Fluxes as formulas of the amounts.
#[derive(Debug, Default)]
struct Laws {
    names: Vec<String>,
    /// (reaction, whether forward) of every output.
    directions: Vec<(usize, bool)>,
    /// Values; and values with derivatives by the dynamic species.
    programs: Option<(Program, Program)>,
    time_slot: Option<usize>,
    depends_on_time: bool,
}

impl Laws {
    fn compile(&mut self, symbols: &Symbols, species: &[Species], formulas: &[Compiled]) {
        let dynamic: Vec<usize> = (0..species.len())
            .filter(|s| species[*s].held.is_none())
            .collect();
        let program = |by: &[usize]| {
            let mut builder = symbols.builder();
            for formula in formulas {
                let value = builder.formula(formula);
                let output = builder.output(value);
                builder.slopes_of(output, by);
            }
            builder.finish()
        };
        self.programs = Some((program(&[]), program(&dynamic)));
        self.time_slot = symbols.time();
        self.depends_on_time = formulas
            .iter()
            .any(|f| f.loads().any(|slot| Some(slot) == self.time_slot));
    }

    fn run(&self, program: &Program, time: f64, amounts: &[f64]) -> Vec<f64> {
        let mut registers = program.registers();
        registers[..amounts.len()].copy_from_slice(amounts);
        if let Some(slot) = self.time_slot {
            registers[slot] = time;
        }
        program.run(&mut registers);
        registers
    }

    fn finite(&self, what: &str, reaction: usize, value: f64) -> NetworkResult<f64> {
        if value.is_finite() {
            return Ok(value);
        }
        Err(NetworkError::Domain {
            what: format!("the {what} of \"{}\"", self.names[reaction]),
            value,
            expected: "a finite number",
        })
    }
}

impl RateLaws for Laws {
    fn assign(&self, _time: f64, _amounts: &mut [f64]) -> NetworkResult<()> {
        Ok(())
    }

    fn fluxes(
        &self,
        time: f64,
        amounts: &[f64],
        forward: &mut [f64],
        backward: &mut [f64],
    ) -> NetworkResult<()> {
        let Some((program, _)) = &self.programs else {
            return Ok(());
        };
        let registers = self.run(program, time, amounts);
        for (output, &(r, is_forward)) in self.directions.iter().enumerate() {
            let (flux, what) = if is_forward {
                (&mut forward[r], "forward flux")
            } else {
                (&mut backward[r], "backward flux")
            };
            *flux = self.finite(what, r, program.output(&registers, output))?;
        }
        Ok(())
    }

    fn derivatives(
        &self,
        time: f64,
        amounts: &[f64],
        entry: &mut dyn FnMut(usize, usize, f64, f64),
    ) -> NetworkResult<()> {
        let Some((_, program)) = &self.programs else {
            return Ok(());
        };
        let registers = self.run(program, time, amounts);
        for slope in program.slopes() {
            let (r, is_forward) = self.directions[slope.output];
            let value = self.finite("derivative of a flux", r, program.slope(&registers, slope))?;
            // species are the first slots, in their order
            if is_forward {
                entry(r, slope.slot, value, 0.0);
            } else {
                entry(r, slope.slot, 0.0, value);
            }
        }
        Ok(())
    }

    fn drift(&self, _time: f64, _amounts: &[f64], _rate: &mut [f64]) -> NetworkResult<()> {
        Ok(())
    }

    fn drift_derivatives(
        &self,
        _time: f64,
        _amounts: &[f64],
        _entry: &mut dyn FnMut(usize, usize, f64),
    ) -> NetworkResult<()> {
        Ok(())
    }

    fn drifting(&self) -> &[String] {
        &[]
    }

    fn depends_on_time(&self) -> bool {
        self.depends_on_time
    }
}

/// A system on molecule counts from formulas and mass-action constants.
///
/// Formulas whose values are those of mass action are simulated as mass action. A constant 0 backward makes the reaction one-way.
///
/// ```
/// use irrev::chemistry::{FormulaReaction, Rate, count_system_from_formulas};
/// let bind = FormulaReaction {
///     name: "bind".into(),
///     reactants: vec![(0, 1.0)],
///     products: vec![(1, 1.0)],
///     forward: Rate::Formula("0.5*S*(total - C)".into()),
///     backward: Rate::MassAction(1.0),
///     counted: true,
/// };
/// let system = count_system_from_formulas(&["S".into(), "C".into()], &[("total".into(), 3.0)], &[bind])?;
/// assert_eq!(system.reactions()[0].forward.value(0.0, &[30.0, 1.0]), 30.0);
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::Formula`] for a formula that cannot be read or names something unknown; [`Error::Network`] for coefficients that are not whole, and as
/// [`CountSystem::new`].
pub fn count_system_from_formulas(
    species: &[String],
    parameters: &[(String, f64)],
    reactions: &[FormulaReaction],
) -> Result<CountSystem> {
    let symbols = Symbols::new(species.iter(), parameters)?;
    let mut list = Vec::with_capacity(reactions.len());
    for reaction in reactions {
        let reactants = whole(reaction, &reaction.reactants, species)?;
        let products = whole(reaction, &reaction.products, species)?;
        let mut counted = CountReaction::one_way(reaction.name.clone(), &reactants, &products, 0.0);
        counted.forward = propensity(&symbols, reaction, ("forward", &reaction.forward), &reactants)?;
        counted.backward = match &reaction.backward {
            Rate::MassAction(constant) if *constant == 0.0 => None,
            rate => Some(propensity(&symbols, reaction, ("backward", rate), &products)?),
        };
        list.push(counted);
    }
    CountSystem::new(species.to_vec(), list).map_err(refused)
}

/// Largest stoichiometric coefficient on counts.
const LARGEST: f64 = 100.0;

fn whole(reaction: &FormulaReaction, side: &[(usize, f64)], species: &[String]) -> Result<Vec<(usize, u32)>> {
    let one = |&(s, coefficient): &(usize, f64)| {
        let name = species
            .get(s)
            .map_or_else(|| s.to_string(), |name| format!("\"{name}\""));
        if coefficient.fract() == 0.0 && (1.0..=LARGEST).contains(&coefficient) {
            return Ok((s, coefficient as u32));
        }
        Err(refused(NetworkError::Domain {
            what: format!("the coefficient of {name} in reaction \"{}\"", reaction.name),
            value: coefficient,
            expected: "a whole number from 1 to 100, since counts change by whole numbers",
        }))
    };
    side.iter().map(one).collect()
}

fn propensity(
    symbols: &Symbols,
    reaction: &FormulaReaction,
    (direction, rate): (&'static str, &Rate),
    reactants: &[(usize, u32)],
) -> Result<Propensity> {
    match rate {
        Rate::MassAction(constant) => Ok(Propensity::mass_action(*constant, reactants)),
        Rate::Formula(text) => {
            let law = FormulaLaw::new(symbols, &symbols.compiled(reaction, direction, text)?, text);
            let recognised = recognition::mass_action(&law);
            Ok(recognised.unwrap_or_else(|| Propensity::Law(std::sync::Arc::new(law))))
        }
    }
}

thread_local! {
    /// Registers of the program that runs, kept between evaluations.
    static REGISTERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// A propensity as a formula of the counts.
#[derive(Debug)]
struct FormulaLaw {
    program: Program,
    template: Vec<f64>,
    /// Species that it reads; each stands in the slot of its index.
    species: Vec<usize>,
    /// Slot of the time, if it is read.
    time_slot: Option<usize>,
    fingerprint: String,
}

impl FormulaLaw {
    fn new(symbols: &Symbols, formula: &Compiled, text: &str) -> Self {
        let mut builder = symbols.builder();
        let value = builder.formula(formula);
        builder.output(value);
        let program = builder.finish();
        let read: std::collections::BTreeSet<usize> = formula.loads().collect();
        Self {
            template: program.registers(),
            species: read.iter().copied().filter(|s| *s < symbols.species).collect(),
            time_slot: symbols.time().filter(|slot| read.contains(slot)),
            fingerprint: format!("{text} {:?} {:?}", symbols.names, symbols.parameters),
            program,
        }
    }
}

impl PropensityLaw for FormulaLaw {
    fn value(&self, time: f64, counts: &[f64]) -> f64 {
        REGISTERS.with_borrow_mut(|registers| {
            registers.clear();
            registers.extend_from_slice(&self.template);
            for &s in &self.species {
                registers[s] = counts[s];
            }
            if let Some(slot) = self.time_slot {
                registers[slot] = time;
            }
            self.program.run(registers);
            self.program.output(registers, 0)
        })
    }

    fn species(&self) -> &[usize] {
        &self.species
    }

    fn depends_on_time(&self) -> bool {
        self.time_slot.is_some()
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reaction(forward: &str, backward: &str) -> FormulaReaction {
        FormulaReaction {
            name: "r".into(),
            reactants: vec![(0, 1.0)],
            products: vec![(1, 1.0)],
            forward: Rate::Formula(forward.into()),
            backward: Rate::Formula(backward.into()),
            counted: true,
        }
    }

    fn two() -> [Species; 2] {
        ["A", "B"].map(|name| Species {
            name: name.into(),
            held: None,
        })
    }

    #[test]
    fn derivatives_of_formulas_are_those_of_differences() {
        let parameters = [("k".to_owned(), 2.0)];
        let formulas = [reaction("k*A^2/(1 + B) + t", "sin(A)^2*B")];
        let system = reaction_system_from_formulas(&two(), &parameters, &formulas).unwrap();
        assert!(system.depends_on_time());
        let at = |x: &[f64]| {
            let mut rate = [0.0; 2];
            system.rate_of_change(0.5, x, &mut rate).unwrap();
            rate[1]
        };
        let x = [0.7, 0.4];
        let jacobian = system.jacobian(0.5, &x).unwrap();
        for k in 0..2 {
            let (mut up, mut down) = (x, x);
            up[k] += 1e-6;
            down[k] -= 1e-6;
            // central differences: h²/6 times a third derivative of order 10, and rounding ε/h
            assert!((jacobian[(1, k)] - (at(&up) - at(&down)) / 2e-6).abs() < 1e-9);
        }
    }

    #[test]
    fn names_that_nobody_knows_are_refused_with_their_place() {
        let error = reaction_system_from_formulas(&two(), &[], &[reaction("A", "kB*B")]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("reaction \"r\", backward rate") && text.contains("kB"),
            "{text}"
        );
        let names = ["A".to_owned(), "B".to_owned()];
        let error = count_system_from_formulas(&names, &[], &[reaction("A*(", "B")]).unwrap_err();
        assert!(error.to_string().contains("forward rate"), "{error}");
        let twice = [("A".to_owned(), 1.0)];
        assert!(count_system_from_formulas(&names, &twice, &[]).is_err());
    }

    #[test]
    fn a_formula_beside_a_constant_is_refused_by_amounts_and_accepted_on_counts() {
        let mut mixed = reaction("A", "B");
        mixed.backward = Rate::MassAction(0.5);
        assert!(reaction_system_from_formulas(&two(), &[], std::slice::from_ref(&mixed)).is_err());
        let names = ["A".to_owned(), "B".to_owned()];
        let system = count_system_from_formulas(&names, &[], &[mixed]).unwrap();
        let backward = system.reactions()[0].backward.as_ref().unwrap();
        assert_eq!(backward.value(0.0, &[0.0, 4.0]), 2.0);
    }
}
