//! Games in which every part minimises its own dissipation.

use irrev_network::information::game::{self, Dissipation, GameOptions, Outcome};
use irrev_numerics::Tolerance;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::Fields;
use crate::arrays::{self, indices, vector};
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::record;

/// A game as Python packs it: B, the law of dissipation, its parameter per edge, owners, weights, target.
#[derive(FromPyObject)]
pub(crate) struct GameParts<'py>(
    PyReadonlyArray2<'py, f64>,
    String,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
);

impl GameParts<'_> {
    fn game(&self) -> PyResult<game::Game> {
        let jumps = self.1 == "jumps";
        let name = if jumps { "mean_flux" } else { "conductance" };
        let law = |value: f64| match jumps {
            true => Dissipation::Jumps { mean_flux: value },
            false => Dissipation::Linear { conductance: value },
        };
        game::Game::new(
            matrix(&self.0)?,
            vector(name, &self.2)?.into_iter().map(law).collect(),
            indices("owner", &self.3)?,
            vector("weights", &self.4)?,
            vector("target", &self.5)?,
        )
        .or_raise()
    }
}

fn how(py: Python<'_>, tol: f64) -> PyResult<GameOptions> {
    Ok(GameOptions {
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..GameOptions::default().tolerance
        },
    })
}

fn outcome<'py>(py: Python<'py>, found: &Outcome) -> Fields<'py> {
    Ok(
        record!(py, found; currents, partial_entropy_production, total, achieved, penalty, costs, own_gradients,
        convergence),
    )
}

/// Refuses a game that is none.
#[pyfunction]
pub(crate) fn check_game(parts: GameParts<'_>) -> PyResult<()> {
    parts.game().map(|_| ())
}

#[pyfunction]
pub(crate) fn nash_equilibrium<'py>(py: Python<'py>, parts: GameParts<'py>, tol: f64) -> Fields<'py> {
    let (game, options) = (parts.game()?, how(py, tol)?);
    let found = py.detach(|| game::nash_equilibrium(&game, &options));
    outcome(py, &found.or_raise()?)
}

#[pyfunction]
pub(crate) fn cooperative_optimum<'py>(py: Python<'py>, parts: GameParts<'py>, tol: f64) -> Fields<'py> {
    let (game, options) = (parts.game()?, how(py, tol)?);
    let found = py.detach(|| game::cooperative_optimum(&game, &options));
    outcome(py, &found.or_raise()?)
}

#[pyfunction]
pub(crate) fn pareto_front<'py>(
    py: Python<'py>,
    parts: GameParts<'py>,
    shares: PyReadonlyArray2<'py, f64>,
    tol: f64,
) -> Fields<'py> {
    let (game, options) = (parts.game()?, how(py, tol)?);
    let rows = matrix(&shares)?;
    let shares: Vec<Vec<f64>> = (0..rows.rows())
        .map(|k| (0..rows.columns()).map(|a| rows[(k, a)]).collect())
        .collect();
    let found = py
        .detach(|| game::pareto_front(&game, &shares, &options))
        .or_raise()?;
    let fields = record!(py, found; better_for_all);
    let points = found.points.iter().map(|point| {
        let fields = record!(py, point; shares);
        fields.set_item("outcome", outcome(py, &point.outcome)?)?;
        PyResult::Ok(fields)
    });
    fields.set_item("points", PyList::new(py, points.collect::<PyResult<Vec<_>>>()?)?)?;
    fields.set_item("nash", outcome(py, &found.nash)?)?;
    Ok(fields)
}
