//! Section: relaxation times and oscillations.

use irrev_network::dynamics::relaxation_spectrum;
use irrev_report::{Axis, Check, Curve, CurveStyle, Figure, Lines, Report, Table};

use super::context::Context;
use super::definitions::{COHERENCE, RELAXATION_TIME, SPECTRAL_GAP};
use crate::error::Result;

pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let spectrum = relaxation_spectrum(&context.system.kinetics, context.run).map_err(|e| context.fail(e))?;
    report.push_quantity(context.quantity(&SPECTRAL_GAP, spectrum.spectral_gap));
    if let Some(&slowest) = spectrum.relaxation_times.first() {
        report.push_quantity(context.quantity(&RELAXATION_TIME, slowest).key());
    }
    report.push_quantity(context.quantity(&COHERENCE, spectrum.coherence));
    let re: Vec<f64> = spectrum.eigenvalues.iter().map(|v| v.re).collect();
    let im: Vec<f64> = spectrum.eigenvalues.iter().map(|v| v.im).collect();
    let unit = context.units.per_time();
    report.push_table(
        Table::new("spectrum", "Eigenvalues of the generator")
            .numbers("real_part", unit.clone(), re.clone())
            .numbers("imaginary_part", unit.clone(), im.clone()),
    );
    report.push_figure(Figure::new(
        "spectrum",
        "Spectrum of the generator",
        "Eigenvalues in the complex plane: the distance to the left of zero is a relaxation rate, the height an angular frequency.",
        Lines::new(Axis::new("Re λ", unit.clone()), Axis::new("Im λ", unit))
            .curve(Curve::new("eigenvalues", re, im).styled(CurveStyle::Markers)),
    ));
    report.push_check(Check::new(
        "spectrum",
        if spectrum.detailed_balance {
            "largest |S v − λ v| relative to ‖S‖"
        } else {
            "deviation of Σλ and Σλ² from the traces"
        },
        spectrum.convergence.residual,
        spectrum.convergence.target,
    ));
    context.spectrum = Some(spectrum);
    Ok(())
}
