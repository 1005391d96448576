//! Overdamped motion on a grid, as a jump process.

use std::cell::RefCell;
use std::sync::Arc;

use irrev_landscape::fokker_planck::{self, Extrapolation, Overdamped, Weights, discretised};
use irrev_landscape::{Error, Result};
use irrev_network::Kinetics;
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::Fields;
use super::tables::{AxisParts, Noted, Table, axes};
use crate::arrays::{distribution, named, vector};
use crate::errors::{OrRaise, model_error};
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::matrices::matrix;
use crate::records::{ToPython, record, rows};

/// T, V at nodes, and at the middles of edges f and μ, or a mobility matrix.
#[derive(Clone)]
struct Values {
    temperature: f64,
    weights: String,
    potential: Table,
    force: Option<Table>,
    mobility: Option<Table>,
    matrix: Option<Matrix>,
}

/// As Python hands them over: T, weights, (nodes, V), (middles, f), (middles, μ), matrix.
#[derive(FromPyObject)]
pub(crate) struct ValueParts<'py>(
    f64,
    String,
    Columns<'py>,
    Option<Columns<'py>>,
    Option<Columns<'py>>,
    Option<PyReadonlyArray2<'py, f64>>,
);

type Columns<'py> = (PyReadonlyArray2<'py, f64>, PyReadonlyArray2<'py, f64>);

impl Values {
    fn read(parts: &ValueParts<'_>) -> PyResult<Self> {
        let table = |what: &str, columns: &Option<Columns<'_>>| {
            columns
                .as_ref()
                .map(|c| Table::read(what, &c.0, &c.1))
                .transpose()
        };
        Ok(Self {
            temperature: parts.0,
            weights: parts.1.clone(),
            potential: Table::read("potential", &parts.2.0, &parts.2.1)?,
            force: table("force", &parts.3)?,
            mobility: table("mobility", &parts.4)?,
            matrix: parts.5.as_ref().map(matrix).transpose()?,
        })
    }

    fn weights(&self, py: Python<'_>) -> PyResult<Weights> {
        let known = [
            ("scharfetter-gummel", Weights::ScharfetterGummel),
            ("square root", Weights::SquareRoot),
        ];
        named(py, "weights", &self.weights, &known)
    }

    /// The motion whose functions look up; what is not there is NaN, which is refused.
    fn dynamics(&self) -> Result<Overdamped<'_>> {
        let potential = |x: &[f64]| self.potential.at(x).map_or(f64::NAN, |values| values[0]);
        let mut found = Overdamped::new(self.temperature, potential)?;
        fn fill(table: &Table, x: &[f64], out: &mut [f64]) {
            match table.at(x) {
                Some(values) if values.len() == out.len() => out.copy_from_slice(values),
                _ => out.fill(f64::NAN),
            }
        }
        if let Some(table) = &self.force {
            found = found.with_force(move |x, out| fill(table, x, out));
        }
        if let Some(table) = &self.mobility {
            found = found.with_mobility(move |x, out| fill(table, x, out));
        }
        match &self.matrix {
            Some(matrix) => found.with_mobility_matrix(matrix),
            None => Ok(found),
        }
    }
}

/// Motion that only notes where its functions are asked for: at nodes, and at the middles of edges.
fn noting<'a>(nodes: &'a Noted, middles: &'a Noted) -> Result<Overdamped<'a>> {
    let potential = |x: &[f64]| {
        nodes.note(x);
        0.0
    };
    Ok(Overdamped::new(1.0, potential)?.with_force(|x, out| {
        middles.note(x);
        out.fill(0.0);
    }))
}

/// Nodes of a grid and middles of its edges.
#[pyfunction]
pub(crate) fn grid_points<'py>(
    py: Python<'py>,
    grid: Vec<AxisParts>,
    memory_limit: u64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let grid = axes(py, &grid)?;
    let (nodes, middles) = (Noted::default(), Noted::default());
    let run = Run {
        memory_limit,
        ..Run::default()
    };
    discretised(
        &noting(&nodes, &middles).or_raise()?,
        &grid,
        Weights::default(),
        &run,
    )
    .or_raise()?;
    let dimension = grid.len();
    Ok((
        rows(py, &nodes.points(), dimension)?,
        rows(py, &middles.points(), dimension)?,
    ))
}

/// Overdamped motion on the nodes of a grid.
#[pyclass(frozen, module = "irrev._core")]
pub(crate) struct GridProcess {
    grid: Vec<AxisParts>,
    values: Arc<Values>,
    process: Arc<fokker_planck::GridProcess>,
    kinetics: Arc<irrev_network::MarkovJump>,
}

impl GridProcess {
    fn of(grid: Vec<AxisParts>, values: Arc<Values>, process: fokker_planck::GridProcess) -> Self {
        Self {
            grid,
            values,
            kinetics: Arc::new(process.kinetics().clone()),
            process: Arc::new(process),
        }
    }
}

#[pymethods]
impl GridProcess {
    #[new]
    fn new(
        py: Python<'_>,
        grid: Vec<AxisParts>,
        values: ValueParts<'_>,
        memory_limit: u64,
    ) -> PyResult<Self> {
        let (of_grid, values) = (axes(py, &grid)?, Values::read(&values)?);
        let weights = values.weights(py)?;
        let run = Run {
            memory_limit,
            ..Run::default()
        };
        let found = discretised(&values.dynamics().or_raise()?, &of_grid, weights, &run).or_raise()?;
        Ok(Self::of(grid, Arc::new(values), found))
    }

    /// The jump process.
    fn kinetics(&self) -> MarkovJump {
        MarkovJump(Arc::clone(&self.kinetics))
    }

    fn axes(&self) -> Vec<AxisParts> {
        self.grid.clone()
    }

    /// Nodes of the states, volumes, what edges join, absorbing walls.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let (process, fields) = (&self.process, pyo3::types::PyDict::new(py));
        let states = process.volumes().len();
        let points: Vec<Vec<f64>> = (0..states).filter_map(|state| process.point(state)).collect();
        fields.set_item("points", rows(py, &points, self.grid.len())?)?;
        fields.set_item("volumes", process.volumes().to_vec().to_python(py)?)?;
        let edges = process.edges();
        let along: Vec<usize> = edges.iter().map(|edge| edge.axis).collect();
        fields.set_item("edge_axes", along.to_python(py)?)?;
        fields.set_item(
            "faces",
            edges
                .iter()
                .map(|edge| edge.face)
                .collect::<Vec<f64>>()
                .to_python(py)?,
        )?;
        fields.set_item(
            "works",
            edges
                .iter()
                .map(|edge| edge.work)
                .collect::<Vec<f64>>()
                .to_python(py)?,
        )?;
        fields.set_item("steepest", process.steepest())?;
        fields.set_item("walls", process.absorbing_walls().to_vec())?;
        Ok(fields)
    }

    /// The state at a point.
    fn state_at(&self, x: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.process.state_at(&vector("point", x)?).or_raise()
    }

    /// p over volume.
    fn density<'py>(&self, py: Python<'py>, p: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let p = distribution("distribution", p)?;
        self.process.density(&p).or_raise()?.to_python(py)
    }

    /// Current over face.
    fn current_density<'py>(&self, py: Python<'py>, flow: &Flow) -> PyResult<Bound<'py, PyAny>> {
        self.process.current_density(&flow.0).or_raise()?.to_python(py)
    }

    fn __eq__(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kinetics, &other.kinetics) || self.kinetics == other.kinetics
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let values = &this.values;
        let optional = |table: &Option<Table>| table.as_ref().map(|table| table.arrays(py)).transpose();
        let matrix = values
            .matrix
            .as_ref()
            .map(|matrix| matrix.to_python(py))
            .transpose()?;
        let parts = (
            values.temperature,
            values.weights.clone(),
            values.potential.arrays(py)?,
            optional(&values.force)?,
            optional(&values.mobility)?,
            matrix,
        );
        let question = (this.grid.clone(), parts, u64::MAX).into_pyobject(py)?;
        Ok((slf.get_type().into_any(), question))
    }
}

/// Richardson's extrapolation: `values` gives what [`ValueParts`] holds from (nodes, middles), `quantities` a list of numbers from a process.
#[pyfunction]
pub(crate) fn extrapolated<'py>(
    py: Python<'py>,
    grid: Vec<AxisParts>,
    values: &Bound<'py, PyAny>,
    quantities: &Bound<'py, PyAny>,
    memory_limit: u64,
) -> PyResult<Vec<Bound<'py, pyo3::types::PyDict>>> {
    let of_grid = axes(py, &grid)?;
    let run = Run {
        memory_limit,
        ..Run::default()
    };
    let (nodes, middles) = (Noted::default(), Noted::default());
    let dynamics = noting(&nodes, &middles).or_raise()?;
    fokker_planck::extrapolated(&dynamics, &of_grid, Weights::default(), &run, |_| Ok(Vec::new()))
        .or_raise()?;
    drop(dynamics);
    let dimension = grid.len();
    let points = (
        rows(py, &nodes.points(), dimension)?,
        rows(py, &middles.points(), dimension)?,
    );
    let read = Arc::new(Values::read(&values.call1(points)?.extract()?)?);
    let weights = read.weights(py)?;
    let raised = RefCell::new(None);
    let asked = |process: &fokker_planck::GridProcess| -> PyResult<Vec<f64>> {
        let coarser = grid
            .iter()
            .zip(process.axes())
            .map(|(parts, axis)| parts.with_intervals(axis.intervals()));
        let process = GridProcess::of(coarser.collect(), Arc::clone(&read), process.clone());
        vector("quantities", &quantities.call1((process,))?)
    };
    let found =
        fokker_planck::extrapolated(&read.dynamics().or_raise()?, &of_grid, weights, &run, |process| {
            asked(process).map_err(|error| {
                raised.borrow_mut().get_or_insert(error);
                Error::Unlike {
                    what: "numbers of quantities on the grids",
                }
            })
        });
    if let Some(error) = raised.into_inner() {
        return Err(error);
    }
    let fields = |found: &Extrapolation| -> Fields<'py> {
        let fields = record!(py, found; value, error, order);
        fields.set_item("on_grids", found.on_grids.to_vec().to_python(py)?)?;
        Ok(fields)
    };
    found.or_raise()?.iter().map(fields).collect()
}

/// Mean first passage time and where it ends.
#[pyfunction]
pub(crate) fn exits<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: usize,
    targets: Vec<usize>,
) -> Fields<'py> {
    let states = kinetics.0.network().states().len();
    if let Some(wrong) = targets.iter().chain([&start]).find(|state| **state >= states) {
        return Err(model_error(
            py,
            format!("state {wrong} was named; the states are 0 to {}", states - 1),
        ));
    }
    let kinetics = Arc::clone(&kinetics.0);
    let found = py
        .detach(|| fokker_planck::exits(&kinetics, start, &targets))
        .or_raise()?;
    Ok(record!(py, found; mean_time, fractions))
}
