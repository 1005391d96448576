//! Landscapes at coarser time scales: the coordinate averaged over windows of growing width.

use irrev_landscape::filter::box_filter;
use irrev_landscape::landscape::{Kind, LandscapeOptions, landscape};
use irrev_landscape::moments::{Accelerations, MomentOptions, Velocities, conditional_moments};
use irrev_landscape::record::Record;
use irrev_numerics::Estimate;
use irrev_report::{Axis, Curve, CurveStyle, Figure, Lines, Report, Table};

use super::subject::Subject;
use crate::error::Result;

/// One width.
struct Scale {
    time: f64,
    free_energy: Option<Estimate>,
    mean_force: Option<Estimate>,
    mean_metric: f64,
}

/// # Errors
/// As [`box_filter`] and [`landscape`].
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<()> {
    if subject.request.scales.is_empty() {
        return Ok(());
    }
    let mut found = Vec::new();
    for &width in &subject.request.scales {
        match at_scale(subject, width) {
            Ok(scale) => found.push(scale),
            Err(error @ irrev_landscape::Error::Empty { .. }) => report.push_left_out(
                format!("scale_{width}{}", subject.suffix()).as_str(),
                format!(
                    "{}: a filter over {width} frames leaves nothing: {error}",
                    subject.name()
                ),
            ),
            Err(error) => return Err(subject.fail(error)),
        }
    }
    let times: Vec<f64> = found.iter().map(|scale| scale.time).collect();
    let kt = subject.request.temperature;
    let none = Estimate::from_mean(f64::NAN, f64::NAN, 0);
    let of = |part: &dyn Fn(&Scale) -> Option<Estimate>| -> Vec<Estimate> {
        found.iter().map(|scale| part(scale).unwrap_or(none)).collect()
    };
    let (g, v) = (of(&|scale| scale.free_energy), of(&|scale| scale.mean_force));
    let curve = |name: &str, values: &[Estimate], unit: &dyn Fn(usize) -> f64| {
        let scaled = |part: fn(&Estimate) -> f64| -> Vec<f64> {
            values
                .iter()
                .enumerate()
                .map(|(k, e)| part(e) / unit(k))
                .collect()
        };
        Curve::new(name, times.clone(), scaled(|e| e.value))
            .with_band(scaled(|e| e.interval.0), scaled(|e| e.interval.1))
            .styled(CurveStyle::Markers)
    };
    let name = subject.name();
    let unit = subject.time_unit();
    report.push_figure(Figure::new(
        format!("time_scales{}", subject.suffix()),
        format!("Barriers along {name} against the time scale"),
        "Barriers of the free energy and of the mean-force potential (over the mean of w) of the coordinate averaged over windows of growing width. Bars: 95 %.",
        Lines::new(Axis::new("width of the window", unit), Axis::new("barrier", "kT"))
            .curve(curve("G", &g, &|_| kt))
            .curve(curve("V_m · kT/⟨w⟩", &v, &|k| kt * found[k].mean_metric)),
    ));
    let column =
        |values: &[Estimate], part: fn(&Estimate) -> f64| values.iter().map(part).collect::<Vec<f64>>();
    report.push_table(
        Table::new(
            format!("time_scales{}", subject.suffix()),
            format!("Barriers along {name} against the width of the window"),
        )
        .numbers("width", unit, times)
        .numbers(
            "mean w/kT",
            "1",
            found.iter().map(|scale| scale.mean_metric).collect(),
        )
        .numbers("barrier of G", "", column(&g, |e| e.value))
        .numbers("error of G", "", column(&g, |e| e.standard_error))
        .numbers("barrier of V_m", "", column(&v, |e| e.value))
        .numbers("error of V_m", "", column(&v, |e| e.standard_error)),
    );
    Ok(())
}

fn at_scale(subject: &Subject<'_>, width: usize) -> irrev_landscape::Result<Scale> {
    let period = subject.record.period(subject.coordinate)?;
    let filtered = subject
        .record
        .segments()
        .iter()
        .map(|segment| box_filter(segment, subject.coordinate, period, width))
        .collect::<irrev_landscape::Result<Vec<_>>>()?;
    let segments = filtered
        .iter()
        .filter(|trajectory| !trajectory.positions.is_empty())
        .map(|trajectory| trajectory.segment())
        .collect::<irrev_landscape::Result<Vec<_>>>()?;
    let time = filtered
        .first()
        .map_or(f64::NAN, |trajectory| trajectory.step * width as f64);
    let record = Record::new(vec![period], segments)?;
    let options = MomentOptions {
        velocities: Velocities::Given,
        accelerations: Accelerations::Given,
        ..MomentOptions::default()
    };
    let moments = conditional_moments(&record, &subject.grid, &options, subject.run)?;
    let asked = LandscapeOptions {
        temperature: subject.request.temperature,
        least_count: subject.request.least_count,
        draws: subject.request.draws,
        ..LandscapeOptions::default()
    };
    let found = landscape(&moments, &asked, subject.run)?;
    let edges = subject.grid.edges();
    let whole = (edges[0], edges[edges.len() - 1]);
    let height = |kind| found.barrier(kind, whole).map(|barrier| barrier.from_left);
    Ok(Scale {
        time,
        free_energy: height(Kind::FreeEnergy),
        mean_force: height(Kind::MeanForcePotential),
        mean_metric: found
            .comparisons
            .first()
            .map_or(f64::NAN, |c| c.mean_metric.value),
    })
}
