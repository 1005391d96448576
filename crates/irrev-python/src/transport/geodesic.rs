//! W₂ under a jump process, and `irrev.transport.Geodesic`.

use std::sync::Arc;

use irrev_network::Distribution;
use irrev_network::transport::{self, Wasserstein2, Wasserstein2Options};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::on_network::set_obstacle;
use crate::arrays::{distribution, vector};
use crate::errors::{OrRaise, model_error};
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, supervised};

/// The shortest path between two distributions under a jump process, at constant speed; made by `wasserstein2`.
///
/// A pickle holds the question, and the path is solved for again where it is opened: the same bits, at the same cost.
///
/// Examples
/// --------
/// >>> from irrev.network import MarkovJump
/// >>> from irrev.transport import wasserstein2
/// >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
/// >>> geodesic = wasserstein2(pair, [0.9, 0.1], [0.2, 0.8]).geodesic
/// >>> geodesic.states([0.0, 1.0])
/// array([[0.9, 0.1],
///        [0.2, 0.8]])
#[pyclass(frozen, eq, module = "irrev.transport")]
#[derive(Clone)]
pub(crate) struct Geodesic(pub(super) Arc<Solved>);

/// A question and its answer.
pub(super) struct Solved {
    pub(super) kinetics: Arc<irrev_network::MarkovJump>,
    from: Distribution,
    to: Distribution,
    tolerance: f64,
    pub(super) path: transport::Geodesic,
}

/// A question has one answer, whatever the number of threads.
impl PartialEq for Geodesic {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.kinetics == b.kinetics && a.from == b.from && a.to == b.to && a.tolerance == b.tolerance
    }
}

/// The states of a path at times from 0 to 1, one row each.
pub(super) fn states_along<'py>(
    times: &Bound<'py, PyAny>,
    columns: usize,
    state: impl Fn(f64) -> irrev_network::Result<Vec<f64>> + Sync + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let py = times.py();
    let times = vector("times", times)?;
    let rows: irrev_network::Result<Vec<_>> = py.detach(|| times.iter().map(|&t| state(t)).collect());
    matrix(py, rows.or_raise()?.concat(), times.len(), columns)
}

type Answer = Result<Geodesic, (Vec<String>, f64)>;

impl Geodesic {
    /// A path that was found for a question.
    pub(super) fn found(
        kinetics: Arc<irrev_network::MarkovJump>,
        (from, to): (Distribution, Distribution),
        tolerance: f64,
        path: transport::Geodesic,
    ) -> Self {
        Self(Arc::new(Solved {
            kinetics,
            from,
            to,
            tolerance,
            path,
        }))
    }
}

/// The geodesic, or the component that would have to lose or gain probability.
fn solve(
    py: Python<'_>,
    kinetics: &MarkovJump,
    (from, to): (Distribution, Distribution),
    tolerance: f64,
    options: Options,
) -> PyResult<Answer> {
    let kinetics = Arc::clone(&kinetics.0);
    supervised(py, options, move |run, _| -> irrev_network::Result<_> {
        let how = Wasserstein2Options::within(tolerance);
        Ok(match transport::wasserstein2(&kinetics, &from, &to, &how, run)? {
            Wasserstein2::Finite(path) => Ok(Geodesic::found(kinetics, (from, to), tolerance, *path)),
            Wasserstein2::Infinite { component, surplus } => Err((component, surplus)),
        })
    })
}

#[pymethods]
impl Geodesic {
    /// The network whose states it passes through.
    #[getter]
    fn network(&self) -> Network {
        Network(Arc::clone(self.0.path.network()))
    }

    /// Ends of the elements of time on which the path is a polynomial, from 0 to 1.
    #[getter]
    fn times<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.path.times().to_python(py)
    }

    /// State, potential and current at a time from 0 to 1, as a `Moment`.
    ///
    /// Where states are empty at an end, potential and current are those an instant inside: in the limit they diverge logarithmically.
    fn at<'py>(&self, py: Python<'py>, t: f64) -> PyResult<Bound<'py, PyAny>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let moment = self.0.path.at(t).or_raise()?;
        let fields = record!(py, moment; state, potential, current);
        fields.set_item("time", t)?;
        CELL.import(py, "irrev.transport.geodesic", "Moment")?
            .call((), Some(&fields))
    }

    /// The states at times from 0 to 1, one row each.
    fn states<'py>(&self, times: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let path = &self.0.path;
        states_along(times, path.network().states().len(), |t| Ok(path.at(t)?.state))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), &slf.get().0);
        let question = (
            MarkovJump(Arc::clone(&this.kinetics)),
            this.from.to_python(py)?,
            this.to.to_python(py)?,
            this.tolerance,
        );
        Ok((
            slf.get_type().getattr("_solved_again")?,
            question.into_pyobject(py)?,
        ))
    }

    #[staticmethod]
    fn _solved_again(
        py: Python<'_>,
        kinetics: &MarkovJump,
        from_: &Bound<'_, PyAny>,
        to: &Bound<'_, PyAny>,
        tol: f64,
    ) -> PyResult<Self> {
        let ends = (distribution("from_", from_)?, distribution("to", to)?);
        solve(py, kinetics, ends, tol, (1, 0, u64::MAX, None))?
            .map_err(|_| model_error(py, "no geodesic joins these distributions".into()))
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
            "<Geodesic of length {} on {} states>",
            path.distance(),
            path.network().states().len()
        )
    }
}

#[pyfunction]
pub(crate) fn wasserstein2<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    from_: &Bound<'py, PyAny>,
    to: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> PyResult<Bound<'py, PyDict>> {
    let ends = (distribution("from_", from_)?, distribution("to", to)?);
    let fields = PyDict::new(py);
    match solve(py, kinetics, ends, tol, options)? {
        Ok(geodesic) => {
            let path = &geodesic.0.path;
            fields.set_item("distance", path.distance())?;
            fields.set_item("lower_bound", path.lower_bound())?;
            fields.set_item("upper_bound", path.upper_bound())?;
            fields.set_item("relative_gap", path.relative_gap())?;
            fields.set_item("converged", path.converged())?;
            fields.set_item("times", path.times().to_python(py)?)?;
            fields.set_item("newton_steps", path.newton_steps())?;
            fields.set_item("meshes", path.meshes())?;
            set_obstacle(&fields, None)?;
            fields.set_item("geodesic", geodesic)?;
        }
        Err((component, surplus)) => {
            for name in ["distance", "lower_bound", "upper_bound"] {
                fields.set_item(name, f64::INFINITY)?;
            }
            // infinite for certain: nothing is left open
            fields.set_item("relative_gap", 0.0)?;
            fields.set_item("converged", true)?;
            fields.set_item("times", Vec::<f64>::new().to_python(py)?)?;
            fields.set_item("newton_steps", 0)?;
            fields.set_item("meshes", 0)?;
            set_obstacle(&fields, Some((&component, surplus)))?;
            fields.set_item("geodesic", py.None())?;
        }
    }
    Ok(fields)
}
