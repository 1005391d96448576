//! A field as the gradient of a potential and a flux.

use irrev_landscape::axes::Axis;
use irrev_landscape::field::{FieldSplit, GridField, attributed, split};
use irrev_numerics::Run;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::tables::{AxisParts, Noted, Table, axes};
use super::{AGAIN, Fields};
use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::records::{ToPython, record, rows};
use crate::run::{Options, supervised};

/// Where a field on a grid is asked for: the density at nodes and at the middles of edges, the field at the latter.
#[pyfunction]
pub(crate) fn field_points<'py>(
    py: Python<'py>,
    grid: Vec<AxisParts>,
    memory_limit: u64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let grid = axes(py, &grid)?;
    let run = Run {
        memory_limit,
        ..Run::default()
    };
    let (densities, fields) = (Noted::default(), Noted::default());
    let density = |x: &[f64]| {
        densities.note(x);
        1.0
    };
    let field = |x: &[f64], out: &mut [f64]| {
        fields.note(x);
        out.fill(0.0);
    };
    GridField::from_functions(&grid, density, field, &run).or_raise()?;
    let dimension = grid.len();
    Ok((
        rows(py, &densities.points(), dimension)?,
        rows(py, &fields.points(), dimension)?,
    ))
}

/// ρ and F: at points (for functions), or at nodes.
#[derive(FromPyObject)]
enum Source<'py> {
    Points(
        PyReadonlyArray2<'py, f64>,
        PyReadonlyArray2<'py, f64>,
        PyReadonlyArray2<'py, f64>,
        PyReadonlyArray2<'py, f64>,
    ),
    Nodes(Bound<'py, PyAny>, Vec<Bound<'py, PyAny>>),
}

/// A field and a density on a grid.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct LandscapeField {
    grid: Vec<AxisParts>,
    source: Py<PyAny>,
    field: GridField,
}

impl PartialEq for LandscapeField {
    fn eq(&self, other: &Self) -> bool {
        self.field == other.field
    }
}

#[pymethods]
impl LandscapeField {
    #[new]
    fn new(
        py: Python<'_>,
        grid: Vec<AxisParts>,
        source: Bound<'_, PyAny>,
        memory_limit: u64,
    ) -> PyResult<Self> {
        let of_grid: Vec<Axis> = axes(py, &grid)?;
        let run = Run {
            memory_limit,
            ..Run::default()
        };
        let field = match source.extract::<Source<'_>>()? {
            Source::Points(places, densities, middles, fields) => {
                let density = Table::read("density", &places, &densities)?;
                let field = Table::read("field", &middles, &fields)?;
                let at = |x: &[f64], out: &mut [f64]| match field.at(x) {
                    Some(values) if values.len() == out.len() => out.copy_from_slice(values),
                    _ => out.fill(f64::NAN),
                };
                let rho = |x: &[f64]| density.at(x).map_or(f64::NAN, |values| values[0]);
                GridField::from_functions(&of_grid, rho, at, &run).or_raise()?
            }
            Source::Nodes(density, components) => {
                let components: Vec<Vec<f64>> =
                    components.iter().map(|c| c.extract()).collect::<PyResult<_>>()?;
                let density: Vec<f64> = density.extract()?;
                GridField::from_nodes(&of_grid, &density, &components, &run).or_raise()?
            }
        };
        Ok(Self {
            grid,
            source: source.unbind(),
            field,
        })
    }

    /// Where the nodes stand.
    fn points<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let points: Vec<Vec<f64>> = (0..self.field.nodes())
            .map(|node| self.field.point(node))
            .collect();
        rows(py, &points, self.grid.len())
    }

    /// ∮ F dr along each grid line of a circle.
    fn circulation<'py>(&self, py: Python<'py>, axis: usize) -> PyResult<Bound<'py, PyAny>> {
        self.field.circulation(axis).or_raise()?.to_python(py)
    }

    /// The gradient nearest to the field.
    fn split<'py>(&self, py: Python<'py>, metric: &Bound<'py, PyAny>, options: Options) -> Fields<'py> {
        let (field, metric) = (self.field.clone(), vector("metric", metric)?);
        let found = supervised(py, options, move |run, _| split(&field, &metric, run))?;
        fields(py, &found)
    }

    /// The splits of the whole field, of its reversible part, and of what is left.
    fn attributed<'py>(
        &self,
        py: Python<'py>,
        reversible: &Self,
        metric: &Bound<'py, PyAny>,
        options: Options,
    ) -> Fields<'py> {
        let (field, reversible) = (self.field.clone(), reversible.field.clone());
        let metric = vector("metric", metric)?;
        let found = supervised(py, options, move |run, _| {
            attributed(&field, &reversible, &metric, run)
        })?;
        let all = pyo3::types::PyDict::new(py);
        all.set_item("whole", fields(py, &found.whole)?)?;
        all.set_item("metric", fields(py, &found.metric)?)?;
        all.set_item("dissipative", fields(py, &found.dissipative)?)?;
        Ok(all)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let question = (this.grid.clone(), this.source.clone_ref(py), AGAIN.2).into_pyobject(py)?;
        Ok((slf.get_type().into_any(), question))
    }
}

fn fields<'py>(py: Python<'py>, split: &FieldSplit) -> Fields<'py> {
    let fields =
        record!(py, split; potential, flux, mean_square, mean_square_gradient, mean_square_flux, residual);
    // −1 for nodes without a component
    let component: Vec<i64> = split
        .component
        .iter()
        .map(|c| c.map_or(-1, |c| c as i64))
        .collect();
    fields.set_item("component", component.to_python(py)?)?;
    Ok(fields)
}
