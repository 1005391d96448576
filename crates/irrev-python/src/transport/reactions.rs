//! Shortest paths of reaction networks, and `irrev.transport.ReactionGeodesic`.

use std::sync::Arc;

use irrev_network::transport::{
    self, Optimality, ReactionGeodesicOptions, ReactionWasserstein2, reaction_geodesic as solved,
};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::geodesic::states_along;
use crate::errors::{OrRaise, model_error};
use crate::network::Network;
use crate::reactions::ReactionSystem;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// A locally shortest path between two states of a reaction network, at constant speed; made by `reaction_geodesic`.
///
/// A pickle holds the question, and the path is solved for again where it is opened: the same bits, at the same cost.
///
/// Examples
/// --------
/// >>> from irrev.reactions import ReactionSystem
/// >>> from irrev.transport import reaction_geodesic
/// >>> pair = ReactionSystem(["A", "B"], reactions=[("turn", "A <=> B", 1.0, 1.0)])
/// >>> geodesic = reaction_geodesic(pair, [1.5, 0.5], [0.5, 1.5]).geodesic
/// >>> geodesic.states([0.0, 0.5, 1.0]).round(6)
/// array([[1.5, 0.5],
///        [1. , 1. ],
///        [0.5, 1.5]])
#[pyclass(frozen, eq, module = "irrev.transport")]
#[derive(Clone)]
pub(crate) struct ReactionGeodesic(Arc<Solved>);

/// A question and its answer.
struct Solved {
    system: ReactionSystem,
    from: Vec<f64>,
    to: Vec<f64>,
    options: ReactionGeodesicOptions,
    seed: u64,
    path: transport::ReactionGeodesic,
}

/// A question has one answer, whatever the number of threads.
impl PartialEq for ReactionGeodesic {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.system == b.system && a.from == b.from && a.to == b.to && a.options == b.options && a.seed == b.seed
    }
}

/// The conserved amount that differs: (species, coefficient), at the start, at the end.
type Broken = (Vec<(String, i64)>, f64, f64);

fn solve(
    py: Python<'_>,
    system: &ReactionSystem,
    (from, to): (Vec<f64>, Vec<f64>),
    how: ReactionGeodesicOptions,
    options: Options,
) -> PyResult<Result<ReactionGeodesic, Broken>> {
    let seed = options.0;
    let system = system.clone();
    supervised(py, options, move |run, _| -> irrev_network::Result<_> {
        Ok(match solved(&system.inner, &from, &to, &how, run)? {
            ReactionWasserstein2::Finite(path) => Ok(ReactionGeodesic(Arc::new(Solved {
                system,
                from,
                to,
                options: how,
                seed,
                path: *path,
            }))),
            ReactionWasserstein2::Infinite { law, from, to } => Err((law, from, to)),
        })
    })
}

fn name(optimality: Optimality) -> &'static str {
    match optimality {
        Optimality::Global => "global",
        Optimality::Local => "local",
        _ => "stationary",
    }
}

#[pymethods]
impl ReactionGeodesic {
    /// The network: states are the dynamic species, edges the counted reactions.
    #[getter]
    fn network(&self) -> Network {
        Network(Arc::clone(self.0.path.network()))
    }

    /// Ends of the elements of time on which the path is a polynomial, from 0 to 1.
    #[getter]
    fn times<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.path.times().to_python(py)
    }

    /// Amounts, potential and current at a time from 0 to 1, as a `ReactionMoment`.
    ///
    /// Where species are absent at an end, potential and current are those an instant inside: in the limit they diverge.
    fn at<'py>(&self, py: Python<'py>, t: f64) -> PyResult<Bound<'py, PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let moment = self.0.path.at(t).or_raise()?;
        let fields = record!(py, moment; state, potential, current);
        fields.set_item("time", t)?;
        CELL.import(py, "irrev.transport.reactions", "ReactionMoment")?
            .call((), Some(&fields))
    }

    /// The amounts at times from 0 to 1, one row each.
    fn states<'py>(&self, times: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let path = &self.0.path;
        states_along(times, path.network().states().len(), |t| Ok(path.at(t)?.state))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), &slf.get().0);
        let question = (
            this.system.clone(),
            this.from.to_python(py)?,
            this.to.to_python(py)?,
            this.options.tolerance,
            this.options.starts,
            this.seed,
        );
        Ok((
            slf.get_type().getattr("_solved_again")?,
            question.into_pyobject(py)?,
        ))
    }

    #[staticmethod]
    fn _solved_again(
        py: Python<'_>,
        system: &ReactionSystem,
        from_: &Bound<'_, PyAny>,
        to: &Bound<'_, PyAny>,
        tol: f64,
        starts: usize,
        seed: u64,
    ) -> PyResult<Self> {
        let ends = (system.state("from_", from_)?, system.state("to", to)?);
        let how = ReactionGeodesicOptions::within(tol).from_starts(starts);
        solve(py, system, ends, how, (seed, 0, u64::MAX, None))?
            .map_err(|_| model_error(py, "no path joins these states".into()))
    }

    fn __copy__(&self) -> Self {
        self.clone()
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.clone()
    }

    fn __repr__(&self) -> String {
        let path = &self.0.path;
        format!(
            "<ReactionGeodesic of length {} in {} species>",
            path.length(),
            path.network().states().len()
        )
    }
}

#[pyfunction]
pub(crate) fn reaction_geodesic<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    from_: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
    tol: f64,
    starts: usize,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let ends = (system.state("from_", from_)?, system.state("to", to)?);
    let how = ReactionGeodesicOptions::within(tol).from_starts(starts);
    let fields = PyDict::new(py);
    match solve(py, system, ends, how, options)? {
        Ok(geodesic) => {
            let path = &geodesic.0.path;
            fields.set_item("length", path.length())?;
            fields.set_item("length_error", path.length_error())?;
            fields.set_item("excess", path.excess())?;
            fields.set_item("optimality", name(path.optimality()))?;
            fields.set_item("converged", path.converged())?;
            fields.set_item("starts", path.starts())?;
            fields.set_item("minima", path.minima())?;
            fields.set_item("newton_steps", path.newton_steps())?;
            fields.set_item("meshes", path.meshes())?;
            fields.set_item("law", py.None())?;
            fields.set_item("surplus", 0.0)?;
            fields.set_item("geodesic", geodesic)?;
        }
        Err((law, from, to)) => {
            fields.set_item("length", f64::INFINITY)?;
            fields.set_item("length_error", 0.0)?;
            fields.set_item("excess", 0.0)?;
            // no path at all: for certain
            fields.set_item("optimality", name(Optimality::Global))?;
            fields.set_item("converged", true)?;
            for count in ["starts", "minima", "newton_steps", "meshes"] {
                fields.set_item(count, 0)?;
            }
            let named = PyDict::new(py);
            for (species, coefficient) in law {
                named.set_item(species, coefficient)?;
            }
            fields.set_item("law", named)?;
            fields.set_item("surplus", from - to)?;
            fields.set_item("geodesic", py.None())?;
        }
    }
    Ok(fields)
}
