//! The tightest bound of a family at a step length.

use irrev_inference::Result;
use irrev_inference::currents::{
    Currents, HeldOutOptions, Maximum, Objective, VariationalOptions, variational_bound, variational_maximum,
};
use pyo3::prelude::*;

use super::Fields;
use super::currents::{BasisParts, InferenceCurrents};
use super::series::SeriesParts;
use crate::arrays::named;
use crate::records::record;
use crate::run::{Options, supervised};

/// Folds, level, tolerance of the rank, and iterations.
#[derive(FromPyObject)]
pub(crate) struct VariationalParts(usize, f64, f64, usize);

impl VariationalParts {
    fn options(&self) -> VariationalOptions {
        VariationalOptions {
            held_out: HeldOutOptions {
                folds: self.0,
                level: self.1,
                rank_tolerance: self.2,
                ..HeldOutOptions::default()
            },
            iterations: self.3,
        }
    }
}

fn maximum_fields<'py>(py: Python<'py>, found: &Maximum, currents: &Currents) -> Fields<'py> {
    let fields = record!(py, found; value, coefficients, convergence);
    fields.set_item("currents", Py::new(py, InferenceCurrents(currents.clone()))?)?;
    Ok(fields)
}

/// Both maxima in sample, and the bound by data held out.
#[pyfunction]
pub(crate) fn inference_variational<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    basis: BasisParts,
    parts: VariationalParts,
    options: Options,
) -> Fields<'py> {
    let (own, basis, mut asked) = (series.own()?, basis.basis(py)?, parts.options());
    let (currents, found) = supervised(py, options, move |run, _| -> Result<_> {
        let series = own.series()?;
        let (currents, chosen) = basis.currents(&series, run)?;
        if chosen.is_some() {
            asked.held_out.chosen_by = 0.5;
        }
        let found = variational_bound(&series, &currents, &asked, run)?;
        Ok((currents, found))
    })?;
    let fields = record!(py, found; held_out, cap, rank);
    let maxima = [("maximum_entropy", &found.maximum_entropy), ("neep", &found.neep)];
    for (name, maximum) in maxima {
        fields.set_item(name, maximum_fields(py, maximum, &currents)?)?;
    }
    Ok(fields)
}

/// One maximum in sample.
#[pyfunction]
pub(crate) fn inference_maximum<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    basis: BasisParts,
    objective: &str,
    parts: VariationalParts,
    options: Options,
) -> Fields<'py> {
    let objectives = [
        ("maximum entropy", Objective::MaximumEntropy),
        ("neep", Objective::Neep),
    ];
    let objective = named(py, "objective", objective, &objectives)?;
    let (own, basis, asked) = (series.own()?, basis.basis(py)?, parts.options());
    let (currents, found) = supervised(py, options, move |run, _| -> Result<_> {
        let series = own.series()?;
        let (currents, _) = basis.currents(&series, run)?;
        let (found, _) = variational_maximum(&series, &currents, objective, &asked, run)?;
        Ok((currents, found))
    })?;
    maximum_fields(py, &found, &currents)
}
