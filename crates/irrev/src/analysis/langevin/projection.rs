//! Section: free energy and mean-force potential of projected coordinates, and where they differ.

use irrev_landscape::axes::Axis as GridAxis;
use irrev_landscape::grid::Component;
use irrev_landscape::landscape::{Jacobian, Profile, Surfaces, barrier};
use irrev_landscape::projection::{GridSystem, PlanarSystem};
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Heatmap, Lines, Report, Table, readable_number};

use super::context::Context;
use super::definitions::{
    FREE_ENERGY_BARRIER, LANDSCAPE_DIFFERENCE, MEAN_FORCE_BARRIER, METRIC_RANGE_HIGH, METRIC_RANGE_LOW,
};
use super::hidden;
use crate::error::Result;
use crate::model::{Ends, ProjectedFunction, ProjectionValues};

/// Heading of the summary.
const WHICH_LANDSCAPE: &str = "Which landscape";

/// Points of the picture of the potential along each axis, and heights that it shows, in kT.
const PICTURE: usize = 161;
const DRAWN: f64 = 12.0;

/// Intervals of the grid whose lines cut level sets that have no chart, by the number of coordinates.
const INTERVALS: [usize; 3] = [2_000, 400, 96];

/// Part of the largest density from which what two grids say is compared.
const SEEN: f64 = 1e-4;

/// Up to which G may be wrong, in kT.
const RESOLVED: f64 = 1e-2;

/// Differences below this part of kT are none.
const SAME: f64 = 1e-6;

/// Up to which G = V* + kT ln(w/kT), in kT: what integrating a between the points costs.
const IDENTITY: f64 = 1e-3;

/// The landscapes of a projection.
struct Projected {
    profile: Profile,
    surfaces: Surfaces,
    /// Estimated error of G, in kT; none of integrals over charts, which converge.
    unresolved: Option<f64>,
}

/// # Errors
/// As [`PlanarSystem::profile`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let temperature = context.values.temperature().unwrap_or(f64::NAN);
    if context.values.coordinates.len() == 2 {
        report.push_figure(potential(context, temperature));
    }
    for (place, projection) in context.values.projections.iter().enumerate() {
        let found = projected(context, projection, temperature).map_err(|error| context.fail(error))?;
        told(context, (place, projection), &found, temperature, report);
        if projection.function == ProjectedFunction::Linear && found.unresolved.is_none() {
            let suffix = suffix(context, place);
            let hidden = hidden::picture(context, projection, &found.profile, temperature, &suffix);
            let (figure, sentence) = hidden.map_err(|error| context.fail(error))?;
            report.push_summary(WHICH_LANDSCAPE, sentence);
            figure.into_iter().for_each(|figure| report.push_figure(figure));
        }
    }
    Ok(())
}

/// What tells names of one projection from those of another: nothing where there is one.
fn suffix(context: &Context<'_>, place: usize) -> String {
    match context.values.projections.len() {
        1 => String::new(),
        _ => format!("_{}", place + 1),
    }
}

/// The potential of the plane, as high as the density tells.
fn potential(context: &Context<'_>, temperature: f64) -> Figure {
    let reach = context.values.reach();
    let points: Vec<f64> = (0..PICTURE)
        .map(|k| reach * (2.0 * k as f64 / (PICTURE - 1) as f64 - 1.0))
        .collect();
    let value = |x: f64, y: f64| context.values.fields.potential(0.0, &[x, y]);
    let values: Vec<Vec<f64>> = points
        .iter()
        .map(|y| points.iter().map(|x| value(*x, *y)).collect())
        .collect();
    let least = values.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    let shown = |v: &f64| {
        let height = v - least;
        if height <= DRAWN * temperature {
            height
        } else {
            f64::NAN
        }
    };
    let names = context.names();
    Figure::new(
        "potential",
        "Potential",
        "The potential above its least value, up to 12 kT.",
        Heatmap::new(
            Axis::new(names[0], context.length()),
            points.clone(),
            Axis::new(names[1], context.length()),
            points,
            Axis::new("V", context.units.energy()),
            values.iter().map(|row| row.iter().map(shown).collect()).collect(),
        ),
    )
}

fn projected(
    context: &Context<'_>,
    projection: &ProjectionValues,
    temperature: f64,
) -> irrev_landscape::Result<Projected> {
    let (profile, unresolved) = profile(context, projection, temperature)?;
    let most = (0..profile.points.len())
        .max_by(|i, j| profile.density[*i].total_cmp(&profile.density[*j]))
        .unwrap_or(0);
    let whole = Component {
        cells: (0..profile.points.len()).collect(),
        closed: false,
    };
    let surfaces = Surfaces::new(&profile, &[(whole, most)], None, temperature, Jacobian::Kept)?;
    Ok(Projected {
        profile,
        surfaces,
        unresolved,
    })
}

/// Integrals over a chart of the level sets where there is one, else over the lines of two grids, whose difference is told.
fn profile(
    context: &Context<'_>,
    projection: &ProjectionValues,
    temperature: f64,
) -> irrev_landscape::Result<(Profile, Option<f64>)> {
    let values = &context.values;
    let fields = &values.fields;
    let light = values.masses.iter().all(|mass| *mass == 1.0);
    if let (true, Some(chart)) = (light, projection.level_sets()?) {
        let system = PlanarSystem::new(
            |q| fields.potential(0.0, &q),
            |q| [fields.gradient(0, 0.0, &q), fields.gradient(1, 0.0, &q)],
            temperature,
            values.reach(),
        )?;
        return Ok((system.profile(&chart, &projection.points)?, None));
    }
    let coordinate = projection
        .coordinate(fields)
        .ok_or(irrev_landscape::Error::Missing {
            what: "a formula of this coordinate beside its chart, which holds for masses of 1 alone",
        })?;
    let on_grid = |part: usize| {
        let axes = values
            .coordinates
            .iter()
            .map(|c| {
                let (low, high) = c.range.unwrap_or((-values.reach(), values.reach()));
                let default = INTERVALS[values.coordinates.len() - 1];
                let intervals = c.intervals.unwrap_or(default).div_ceil(2) * 2 / part;
                match c.ends {
                    Ends::Periodic => GridAxis::circle(low, high, intervals),
                    _ => GridAxis::line(low, high, intervals),
                }
            })
            .collect::<irrev_landscape::Result<Vec<_>>>()?;
        let slopes = |q: &[f64], out: &mut [f64]| {
            out.iter_mut()
                .enumerate()
                .for_each(|(i, out)| *out = fields.gradient(i, 0.0, q));
        };
        GridSystem::new(
            &axes,
            |q| fields.potential(0.0, q),
            slopes,
            temperature,
            &values.masses,
            context.run,
        )?
        .profile(&coordinate, &projection.points, context.run)
    };
    let (coarse, fine) = (on_grid(2)?, on_grid(1)?);
    let largest = fine.density.iter().copied().fold(0.0, f64::max);
    let apart = fine.density.iter().zip(&coarse.density);
    let unresolved = apart
        .filter(|(fine, _)| **fine > SEEN * largest)
        .map(|(fine, coarse)| (fine / coarse).ln().abs())
        .fold(0.0, f64::max);
    // errors fall by more than five where cells are halved
    Ok((fine, Some(0.25 * unresolved)))
}

fn told(
    context: &Context<'_>,
    (place, projection): (usize, &ProjectionValues),
    found: &Projected,
    temperature: f64,
    report: &mut Report,
) {
    let several = context.values.projections.len() > 1;
    let suffix = suffix(context, place);
    let Projected {
        profile, surfaces, ..
    } = found;
    let metric: Vec<f64> = profile
        .mean_square_velocity
        .iter()
        .map(|w| w / temperature)
        .collect();
    let low = metric.iter().copied().fold(f64::INFINITY, f64::min);
    let high = metric.iter().copied().fold(0.0, f64::max);
    let pairs = || surfaces.free_energy.iter().zip(&surfaces.mean_force_potential);
    let difference = pairs().map(|(g, v)| (g - v).abs()).fold(0.0, f64::max);
    let identity = surfaces
        .free_energy
        .iter()
        .zip(&surfaces.normalised_mean_force_potential)
        .zip(&surfaces.metric_term)
        .map(|((g, v), m)| (g - v - m).abs())
        .fold(0.0, f64::max);
    let of = |definition: &irrev_report::Definition, value: f64| {
        let quantity = context.quantity(definition, value);
        if several {
            quantity
                .named(format!("{}{suffix}", definition.name))
                .with_note(projection.name.clone())
        } else {
            quantity
        }
    };
    report.push_quantity(of(&METRIC_RANGE_LOW, low));
    report.push_quantity(of(&METRIC_RANGE_HIGH, high));
    report.push_quantity(of(&LANDSCAPE_DIFFERENCE, difference).key());
    let heights = [
        (&FREE_ENERGY_BARRIER, &surfaces.free_energy),
        (&MEAN_FORCE_BARRIER, &surfaces.mean_force_potential),
    ]
    .map(|(definition, values)| {
        let height = barrier(&profile.points, values).map(|found| found.from_left);
        if let Some(height) = height {
            report.push_quantity(of(definition, height));
        }
        height
    });
    report.push_check(Check::new(
        format!("landscape_identity{suffix}"),
        "largest |G − V* − kT ln(w/kT)|, in kT",
        identity / temperature,
        IDENTITY,
    ));
    if let Some(unresolved) = found.unresolved {
        report.push_check(Check::new(
            format!("projection_resolution{suffix}"),
            "a quarter of the largest difference of G from that of a grid half as fine, in kT",
            unresolved,
            RESOLVED,
        ));
    }
    report.push_summary(
        WHICH_LANDSCAPE,
        verdict(
            &projection.name,
            (low, high),
            difference,
            &heights,
            &context.units.energy().to_owned(),
        ),
    );
    report.push_figure(landscapes(context, projection, &suffix, found));
    report.push_figure(density(context, projection, &suffix, profile));
    report.push_table(table(context, projection, &suffix, found, &metric));
}

/// What the two landscapes say of the coordinate.
fn verdict(
    name: &str,
    (low, high): (f64, f64),
    difference: f64,
    heights: &[Option<f64>; 2],
    energy: &str,
) -> String {
    let number = |x: f64| readable_number(x, 4);
    let barriers = match heights {
        [Some(g), Some(v)] if (g - v).abs() > SAME => format!(
            " Its barrier is {} {energy} by the free energy and {} {energy} by the mean force.",
            number(*g),
            number(*v)
        ),
        [Some(g), Some(_)] => format!(" Its barrier is {} {energy} by both.", number(*g)),
        [None, None] => " Neither has a barrier.".to_owned(),
        [Some(g), None] => format!(
            " The free energy has a barrier of {} {energy}, the mean force none.",
            number(*g)
        ),
        [None, Some(v)] => format!(
            " The mean force has a barrier of {} {energy}, the free energy none.",
            number(*v)
        ),
    };
    if high - low < SAME * high && (high - 1.0).abs() >= SAME {
        let barrier = match heights {
            [Some(g), _] => format!(" Its barrier is {} {energy}.", number(*g)),
            [None, _] => " It has no barrier.".to_owned(),
        };
        return format!(
            "Along {name}, ⟨Ṙ²; r⟩ is {} kT everywhere, so that free energy and mean-force potential are one landscape in two units: G = V_m/{}.{barrier}",
            number(high),
            number(high)
        );
    }
    if (high - 1.0).abs() < SAME && (low - 1.0).abs() < SAME {
        return format!(
            "Along {name}, ⟨Ṙ²; r⟩ = kT everywhere, and free energy and mean-force potential are one landscape.{barriers}"
        );
    }
    format!(
        "Along {name}, ⟨Ṙ²; r⟩ goes from {} to {} kT, and free energy and mean-force potential differ by up to {} {energy}: where the coordinate is found is not how it is pushed.{barriers}",
        number(low),
        number(high),
        number(difference)
    )
}

fn landscapes(
    context: &Context<'_>,
    projection: &ProjectionValues,
    suffix: &str,
    found: &Projected,
) -> Figure {
    let Projected {
        profile, surfaces, ..
    } = found;
    let curve = |name: &str, values: &[f64]| Curve::new(name, profile.points.clone(), values.to_vec());
    Figure::new(
        format!("landscapes{suffix}"),
        format!("Landscapes along {}", projection.name),
        "Free energy G = −kT ln ρ, mean-force potential V_m = −∫⟨R̈; r⟩dr, V* = −kT ∫⟨R̈; r⟩/⟨Ṙ²; r⟩dr, and kT ln(w/kT); G is the sum of the last two.",
        Lines::new(
            Axis::new(&projection.name, context.length()),
            Axis::new("energy", context.units.energy()),
        )
        .curve(curve("G", &surfaces.free_energy))
        .curve(curve("V_m", &surfaces.mean_force_potential))
        .curve(curve("V*", &surfaces.normalised_mean_force_potential).styled(CurveStyle::Dashed))
        .curve(curve("kT ln(w/kT)", &surfaces.metric_term).styled(CurveStyle::Dashed)),
    )
}

fn density(context: &Context<'_>, projection: &ProjectionValues, suffix: &str, profile: &Profile) -> Figure {
    let length = context.length();
    Figure::new(
        format!("projected_density{suffix}"),
        format!("Density along {}", projection.name),
        "Equilibrium density of the coordinate; its logarithm is the free energy.",
        Lines::new(
            Axis::new(&projection.name, &length),
            Axis::new("density", format!("1/{length}")),
        )
        .curve(Curve::new("ρ", profile.points.clone(), profile.density.clone())),
    )
}

fn table(
    context: &Context<'_>,
    projection: &ProjectionValues,
    suffix: &str,
    found: &Projected,
    metric: &[f64],
) -> Table {
    let Projected {
        profile, surfaces, ..
    } = found;
    let (length, energy) = (context.length(), context.units.energy().to_owned());
    Table::new(
        format!("landscapes{suffix}"),
        format!(
            "Landscapes along {}, zero where the density is largest",
            projection.name
        ),
    )
    .numbers("r", length.clone(), profile.points.clone())
    .numbers("density", format!("1/{length}"), profile.density.clone())
    .numbers("w/kT", "1", metric.to_vec())
    .numbers(
        "mean acceleration",
        context.units.apply(&format!("{length}/time²")),
        profile.mean_acceleration.clone(),
    )
    .numbers("G", energy.clone(), surfaces.free_energy.clone())
    .numbers("V_m", energy.clone(), surfaces.mean_force_potential.clone())
    .numbers(
        "V*",
        energy.clone(),
        surfaces.normalised_mean_force_potential.clone(),
    )
    .numbers("kT ln(w/kT)", energy, surfaces.metric_term.clone())
}
