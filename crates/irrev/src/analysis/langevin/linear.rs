//! Section: motion under linear forces, whose thermodynamics is known in closed form.

use irrev_landscape::langevin::LinearField;
use irrev_landscape::linear::subsystem::two_parts;
use irrev_landscape::linear::underdamped::{Bath, Oscillators};
use irrev_landscape::linear::{LinearDiffusion, split};
use irrev_network::transport::gaussian::Gaussian;
use irrev_numerics::linalg::{LinearSolver, Matrix, eigenvalues};
use irrev_report::{Check, Report, Table};

use super::context::Context;
use super::definitions::{HEAT, LINEAR_ENTROPY_PRODUCTION, LINEAR_FLUX, LINEAR_RELAXATION_RATE};
use crate::error::Result;

/// Coordinates up to which each is told of as a part beside all others.
const MOST_PARTS: usize = 32;

/// Coordinates up to which covariances are told.
const MOST_TOLD: usize = 100;

/// # Errors
/// [`irrev_landscape::Error::Unstable`] for motion that runs away; failure of a solve.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(field) = context.values.fields.linear() else {
        return Ok(());
    };
    let told = match &context.values.frictions {
        None => overdamped(context, &field, report),
        Some(frictions) => underdamped(context, &field, frictions, report),
    };
    told.map_err(|error| context.fail(error))
}

/// dx = −A (x − x*) dt + √(2D) dW with A = −diag(μ) ∂F/∂x and D = diag(μ T).
pub(super) fn diffusion(
    context: &Context<'_>,
    field: &LinearField,
) -> irrev_landscape::Result<LinearDiffusion> {
    let values = &context.values;
    let d = values.coordinates.len();
    let origin = vec![0.0; d];
    let mobility = |i: usize| values.fields.mobility(i, 0.0, &origin);
    let slopes = field.matrix();
    LinearDiffusion::new(
        Matrix::from_fn(d, d, |i, j| -mobility(i) * slopes[(i, j)]),
        Matrix::from_fn(d, d, |i, j| {
            if i == j {
                mobility(i) * values.temperatures[i]
            } else {
                0.0
            }
        }),
    )
}

/// Whether all directions of the force lead back; friction and mobility do not change that.
pub(super) fn comes_back(context: &Context<'_>, field: &LinearField) -> bool {
    let drift = match &context.values.frictions {
        None => diffusion(context, field).map(|motion| motion.drift().clone()),
        Some(_) => Ok(field.matrix().clone().scaled(-1.0)),
    };
    let slowest = drift.and_then(|drift| Ok((eigenvalues(&drift)?, drift.norm_one())));
    slowest.is_ok_and(|(found, norm)| {
        let rounding = f64::EPSILON * found.values.len() as f64 * norm;
        found.values.iter().all(|value| value.re > rounding)
    })
}

/// x*, at which the force vanishes.
pub(super) fn rest(field: &LinearField) -> irrev_landscape::Result<Vec<f64>> {
    let negative: Vec<f64> = field.offset().iter().map(|b| -b).collect();
    Ok(LinearSolver::new(field.matrix().clone())?.solve(&negative)?.x)
}

fn overdamped(
    context: &Context<'_>,
    field: &LinearField,
    report: &mut Report,
) -> irrev_landscape::Result<()> {
    let motion = diffusion(context, field)?;
    let state = motion.stationary()?;
    let dissipation = motion.entropy_production(&state)?;
    report.push_quantity(
        context
            .quantity(&LINEAR_ENTROPY_PRODUCTION, dissipation.rate)
            .key(),
    );
    agrees(dissipation.rate, report);
    slowest(context, motion.drift(), report)?;
    let d = motion.dimension();
    if d > 1 {
        let drift = motion.drift().clone().scaled(-1.0);
        let parts = split(&drift, state.covariance(), &Matrix::identity(d))?;
        let whole = parts.mean_square_gradient + parts.mean_square_flux;
        report.push_quantity(context.quantity(&LINEAR_FLUX, parts.mean_square_flux / whole));
    }
    moments(context, &state, &rest(field)?, report);
    if (2..=MOST_PARTS).contains(&d) {
        report.push_table(second_laws(context, &motion, &state)?);
    }
    Ok(())
}

/// The second law of each coordinate beside all others.
fn second_laws(
    context: &Context<'_>,
    motion: &LinearDiffusion,
    state: &Gaussian,
) -> irrev_landscape::Result<Table> {
    let found = (0..motion.dimension())
        .map(|i| two_parts(motion, state, &[i]))
        .collect::<irrev_landscape::Result<Vec<_>>>()?;
    let unit = context.units.entropy_rate();
    let names = context.names().iter().map(|name| (*name).to_owned()).collect();
    Ok(Table::new(
        "linear_subsystems",
        "Second law of each coordinate, and what it and the others know of each other",
    )
    .text("coordinate", names)
    .numbers(
        "entropy production",
        &unit,
        found.iter().map(|f| f.part.rate).collect(),
    )
    .numbers(
        "entropy into the bath",
        &unit,
        found.iter().map(|f| f.part.surroundings).collect(),
    )
    .numbers(
        "information flow",
        &unit,
        found.iter().map(|f| f.part.information_flow).collect(),
    )
    .numbers(
        "mutual information",
        "nats",
        found.iter().map(|f| f.mutual_information).collect(),
    ))
}

fn underdamped(
    context: &Context<'_>,
    field: &LinearField,
    frictions: &[f64],
    report: &mut Report,
) -> irrev_landscape::Result<()> {
    let values = &context.values;
    let baths = values.masses.iter().zip(frictions).zip(&values.temperatures);
    let baths: Vec<Bath> = baths
        .map(|((mass, friction), temperature)| Bath {
            mass: *mass,
            friction: *friction,
            temperature: *temperature,
        })
        .collect();
    let d = baths.len();
    let stiffness = field.matrix().clone().scaled(-1.0);
    let drift = Matrix::from_fn(2 * d, 2 * d, |i, j| match (i < d, j < d) {
        (true, _) => -f64::from(u8::from(j == i + d)),
        (false, true) => stiffness[(i - d, j)] / baths[i - d].mass,
        (false, false) => {
            if i == j {
                baths[i - d].friction
            } else {
                0.0
            }
        }
    });
    let oscillators = Oscillators::new(stiffness, baths)?;
    let state = oscillators.stationary()?;
    let flows = oscillators.heat_flows(&state)?;
    report.push_quantity(
        context
            .quantity(&LINEAR_ENTROPY_PRODUCTION, flows.entropy_production_rate)
            .key(),
    );
    agrees(flows.entropy_production_rate, report);
    slowest(context, &drift, report)?;
    if values.temperature().is_none() {
        for (name, heat) in context.names().iter().zip(&flows.heat) {
            // theirs is positive into the system
            let heat = context.quantity(&HEAT, -heat);
            report.push_quantity(heat.named(format!("{}_{name}", HEAT.name)));
        }
    }
    moments(context, &state, &rest(field)?, report);
    Ok(())
}

/// The grid, if there is one, gives the same.
fn agrees(rate: f64, report: &mut Report) {
    if let Some(grid) = report.quantity("continuum_entropy_production_rate") {
        let (value, error) = (grid.value, grid.error.unwrap_or(0.0));
        report.push_check(Check::new(
            "grid_and_closed_form",
            "|entropy production rate on grids − that in closed form|, against three times the error of the grids",
            (value - rate).abs(),
            3.0 * error + 1e-6 * rate.abs() + 1e-12,
        ));
    }
}

/// The least real part of the eigenvalues of a drift.
fn slowest(context: &Context<'_>, drift: &Matrix, report: &mut Report) -> irrev_landscape::Result<()> {
    let spectrum = eigenvalues(drift)?;
    let slowest = spectrum
        .values
        .iter()
        .map(|value| value.re)
        .fold(f64::INFINITY, f64::min);
    report.push_quantity(context.quantity(&LINEAR_RELAXATION_RATE, slowest));
    let rate = context.units.per_time();
    report.push_table(
        Table::new(
            "linear_spectrum",
            "Rates Re λ and frequencies Im λ of the linear motion",
        )
        .numbers(
            "rate",
            &rate,
            spectrum.values.iter().map(|value| value.re).collect(),
        )
        .numbers(
            "frequency",
            &rate,
            spectrum.values.iter().map(|value| value.im).collect(),
        ),
    );
    Ok(())
}

/// Mean and covariance of positions, and of velocities if there are any.
fn moments(context: &Context<'_>, state: &Gaussian, rest: &[f64], report: &mut Report) {
    let n = state.mean().len();
    if n > MOST_TOLD {
        return;
    }
    let names = context.names();
    let (d, length) = (names.len(), context.length());
    let label = |i: usize| {
        if i < d {
            names[i].to_owned()
        } else {
            format!("velocity of {}", names[i - d])
        }
    };
    let mean = |i: usize| state.mean()[i] + rest.get(i).copied().unwrap_or(0.0);
    let mut table = Table::new("linear_moments", "Stationary mean and covariance in closed form")
        .text("of", (0..n).map(label).collect())
        .numbers(
            "mean",
            if n == d { length } else { String::new() },
            (0..n).map(mean).collect(),
        );
    for j in 0..n {
        let column = (0..n).map(|i| state.covariance()[(i, j)]).collect();
        table = table.numbers(format!("covariance with {}", label(j)), "", column);
    }
    report.push_table(table);
}
