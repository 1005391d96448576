//! What a quantity means, and where each number of a model comes from.

mod bounds;
mod ising;
mod langevin;
mod listing;
mod markov;
mod quantum;
mod reactions;
mod result;
mod speed_limits;

pub use listing::{Cell, Explanation, Listing};
pub use result::result;

use irrev_report::Definition;

use crate::analysis::{definitions, definitions_of_sweeps, possibilities};
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::{Formula, Model, ModelError, Override, Parameter};
use crate::source::SourceFile;

/// Quantities and bounds of which a report has one per species, reservoir, target or path, named `QUANTITY_WHICH`.
const FAMILIES: [&str; 84] = [
    "heat",
    "particles",
    "heat_over_interval",
    "wasserstein_length",
    "simulated_current",
    "simulated_heat",
    "mean_count",
    "count_variance",
    "stationary_mean_count",
    "stationary_count_variance",
    "passage_probability",
    "passage_time",
    "thermodynamic_uncertainty",
    "kinetic_uncertainty",
    "uncertainty",
    "speed_limit_constant_speed",
    "speed_limit_species_change",
    "speed_limit_species_change_excess",
    "lieb_robinson_time",
    "cut_lieb_robinson_time",
    "theorem_departure",
    "felt_time",
    "quantum_entropy_production",
    "lowest_entropy_production",
    "average_entropy_production",
    "drive_work",
    "heat_into_bath",
    "contact_energy",
    "exponential_average",
    "largest_departure",
    "absolute_irreversibility",
    "detailed_theorem_error",
    "short_time_coefficient",
    "short_time_spread",
    "probability_of_negative_entropy",
    "violating_fraction",
    "continuum_heat",
    "mean_velocity",
    "effective_diffusion",
    "part_entropy_production",
    "information_flow",
    "environment_flow",
    "many_body_flow",
    "apparent_entropy_production",
    "part_second_law",
    "walker_heat",
    "lowest_metric",
    "highest_metric",
    "largest_landscape_difference",
    "free_energy_barrier",
    "mean_force_barrier",
    "step_exponent",
    "position_noise",
    "noise_share_of_velocity",
    "step_share_of_velocity",
    "sampling_bias_of_velocity",
    "velocity_over_metric",
    "recorded_lowest_metric",
    "recorded_highest_metric",
    "recorded_landscape_difference",
    "recorded_identity_residual",
    "recorded_circulation",
    "recorded_free_energy_barrier",
    "recorded_mean_force_barrier",
    "recorded_normalised_barrier",
    "crossing_identity_residual",
    "kernel_integral",
    "kernel_at_zero",
    "diffusion_range",
    "measurement_noise",
    "transfer_entropy_full_history",
    "transfer_entropy_nearest_neighbours",
    "transfer_entropy_of_states",
    "recorded_part_entropy_production",
    "recorded_part_information_flow",
    "recorded_part_demon_probability",
    "cell_length",
    "naive_cell_length",
    "cell_action",
    "naive_cell_action",
    "cell_cost",
    "cell_efficiency",
    "cell_time_bound",
    "cell_geodesic",
];

/// Quantities named the other way round, `OBSERVABLE_QUANTITY`.
const OF_OBSERVABLES: [&str; 2] = ["variance_rate", "dissipation_bound"];

/// The definition of a quantity or bound by its name in a report, such as `entropy_production_rate`, `mean_count_X` or `speed_limit`.
///
/// A quantity of which there are several keeps the name that was asked for, and its label says of what it is. The mean of an observable
/// has the name that its model gives it, and is told by [`result`] only.
///
/// ```
/// let mean = irrev::explain::definition("mean_count_X")?;
/// assert_eq!(mean.label, "mean number of molecules, X");
/// assert!(irrev::explain::definition("speed_limit")?.formula.contains("tau"));
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// [`Error::UnknownQuantity`] with the nearest name.
pub fn definition(name: &str) -> Result<Definition> {
    let mut all = definitions();
    all.extend(bounds::all());
    all.extend(speed_limits::all());
    let known = |wanted: &str| all.iter().find(|d| d.name == wanted);
    if let Some(found) = known(name) {
        return Ok(found.clone());
    }
    let member = |family: &str, which: &str| {
        let found = known(family)?;
        Some(Definition {
            name: name.to_owned().into(),
            label: format!("{}, {}", found.label, which.replace('_', " ")).into(),
            ..found.clone()
        })
    };
    // the longest family first: heat_over_interval_hot is no heat of over_interval_hot
    let which = |family: &str| {
        name.strip_prefix(family)?
            .strip_prefix(['_', ' '])
            .map(str::to_owned)
    };
    let families = FAMILIES
        .iter()
        .filter_map(|family| Some((*family, which(family)?)));
    if let Some((family, which)) = families.max_by_key(|(family, _)| family.len()) {
        return member(family, &which).ok_or_else(|| unknown(name, &all));
    }
    let of_observable = |kind: &str| name.strip_suffix(kind)?.strip_suffix('_').map(str::to_owned);
    let observable = OF_OBSERVABLES
        .iter()
        .find_map(|kind| Some((*kind, of_observable(kind)?)));
    // the current of an observable along trajectories stands under the name of the observable
    let simulated = || Some(("simulated_current", name.strip_prefix("simulated_")?.to_owned()));
    observable
        .or_else(simulated)
        .and_then(|(kind, which)| member(kind, &which))
        .ok_or_else(|| unknown(name, &all))
}

/// Everything that a name means: its definition in reports, and what sweeps show by it where that is another.
///
/// ```
/// let meanings = irrev::explain::meanings("conditional_entropy")?;
/// assert!(meanings[0].formula.contains("cosh"));
/// assert_eq!(irrev::explain::meanings("feedback")?.len(), 1);
/// # Ok::<(), irrev::Error>(())
/// ```
///
/// # Errors
/// As [`definition`].
pub fn meanings(name: &str) -> Result<Vec<Definition>> {
    let mut of_sweeps = definitions_of_sweeps();
    of_sweeps.retain(|meaning| meaning.name == name);
    match definition(name) {
        Ok(found) => {
            of_sweeps.retain(|meaning| meaning.symbol != found.symbol);
            Ok([vec![found], of_sweeps].concat())
        }
        Err(_) if !of_sweeps.is_empty() => Ok(of_sweeps),
        Err(unknown) => Err(unknown),
    }
}

fn unknown(name: &str, all: &[Definition]) -> Error {
    let suggestion = nearest_name(name, all.iter().map(|d| d.name.as_ref())).map(str::to_owned);
    Error::UnknownQuantity {
        name: name.into(),
        suggestion,
    }
}

/// The text of `irrev explain QUANTITY`.
#[must_use]
pub fn definition_text(d: &Definition) -> String {
    format!(
        "{} — {}\n  symbol   {}\n  unit     {}\n  formula  {}\n  {}\n  source   {}\n",
        d.name, d.label, d.symbol, d.unit, d.formula, d.explanation, d.source
    )
}

/// Every number of a model with its formula and place, what rates follow from them, and what can be computed.
///
/// ```
/// use irrev::analysis::vocabulary;
/// use irrev::source::SourceFile;
/// let text = "irrev = 1\nkind = \"reactions\"\n[species]\nX = 3.0\n[reactions]\nleak = { eq = \"X <=> 0\", kf = 2.0, keq = 4.0 }\n";
/// let model = irrev::model::parse(SourceFile::from_text("leak.toml", text)?, &vocabulary())?;
/// let told = irrev::explain::model(&model, &[])?.to_string();
/// assert!(told.contains("X ⇌ ∅") && told.contains("k⁺ = 2") && told.contains("k⁻ = 0.5"), "{told}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`crate::analysis::run`], before anything is computed.
pub fn model(model: &Model, overrides: &[Override]) -> Result<Explanation> {
    let mut explanation = match model {
        Model::Markov(spec) => markov::explanation(spec, overrides)?,
        Model::Reactions(spec) => reactions::explanation(spec, overrides)?,
        Model::Ising(spec) => ising::explanation(spec, overrides)?,
        Model::Quantum(spec) => quantum::explanation(spec, overrides)?,
        Model::Langevin(spec) => langevin::explanation(spec, overrides)?,
    };
    let mut sections = Listing::new("sections", &["section", "possible", "reason"]);
    for possibility in possibilities(model, overrides)? {
        sections.row([
            possibility.section.name().into(),
            if possibility.obstacle.is_none() {
                "yes"
            } else {
                "no"
            }
            .into(),
            possibility.obstacle.unwrap_or_default().into(),
        ]);
    }
    explanation.listings.push(sections);
    Ok(explanation)
}

/// Parameters with their values and where they stand.
fn parameters<'p>(
    table: impl IntoIterator<Item = &'p Parameter>,
    values: &[f64],
    source: &SourceFile,
    overrides: &[Override],
) -> Listing {
    let mut listing = Listing::new("parameters", &["name", "value", "unit", "place", "formula"]);
    for (parameter, value) in table.into_iter().zip(values) {
        listing.row([
            parameter.name.as_str().into(),
            (*value).into(),
            parameter.unit.as_deref().unwrap_or("").into(),
            place(&parameter.value, source, overrides).into(),
            formula_text(&parameter.value).into(),
        ]);
    }
    listing
}

/// Numbers under dotted keys, with their values and where they stand.
fn numbers<'f>(
    formulas: impl Iterator<Item = &'f Formula>,
    value: impl Fn(&Formula) -> Result<f64, ModelError>,
    source: &SourceFile,
    overrides: &[Override],
) -> Result<Listing> {
    let mut listing = Listing::new("numbers", &["key", "value", "place", "formula"]);
    for formula in formulas {
        let written = if formula.span().is_empty() {
            "default".to_owned()
        } else {
            place(formula, source, overrides)
        };
        listing.row([
            formula.key().into(),
            value(formula)?.into(),
            written.into(),
            formula_text(formula).into(),
        ]);
    }
    Ok(listing)
}

/// Where a number is written.
fn place(formula: &Formula, source: &SourceFile, overrides: &[Override]) -> String {
    if overrides.iter().any(|o| o.key == formula.key()) {
        "--set".to_owned()
    } else {
        line(source, formula.span())
    }
}

fn line(source: &SourceFile, span: crate::source::Span) -> String {
    format!("line {}", source.line_column(span).line)
}

/// The formula of a number that is no literal.
fn formula_text(formula: &Formula) -> String {
    match formula.number() {
        Some(_) => String::new(),
        None => formula.text(),
    }
}

/// The text of `irrev explain MODEL`.
///
/// # Errors
/// As [`model`].
pub fn model_text(model: &Model, overrides: &[Override]) -> Result<String> {
    Ok(self::model(model, overrides)?.to_string())
}
