//! Networks drawn at random.

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use pyo3::prelude::*;

use crate::errors::{OrRaise, model_error};
use crate::records::ToPython;

/// A law of fields as Python hands it over: its name and its parameters.
#[derive(FromPyObject)]
pub(crate) struct Fields(String, Vec<f64>);

impl Fields {
    pub(crate) fn law(&self, py: Python<'_>) -> PyResult<FieldLaw> {
        Ok(match (self.0.as_str(), self.1.as_slice()) {
            ("constant", &[field]) => FieldLaw::Constant(field),
            ("uniform", &[low, high]) => FieldLaw::Uniform { low, high },
            ("gaussian", &[mean, spread]) => FieldLaw::Gaussian { mean, spread },
            (name, parameters) => {
                let message = format!(
                    "fields are (\"{name}\", {} numbers); expected (\"constant\", field), (\"uniform\", low, high) or (\"gaussian\", mean, spread)",
                    parameters.len()
                );
                return Err(model_error(py, message));
            }
        })
    }
}

/// A law of couplings as Python hands it over: its name and its parameters.
#[derive(FromPyObject)]
pub(crate) struct CouplingsDrawn(String, Vec<f64>);

impl CouplingsDrawn {
    pub(crate) fn law(&self, py: Python<'_>) -> PyResult<CouplingLaw> {
        Ok(match (self.0.as_str(), self.1.as_slice()) {
            ("gaussian", &[mean, spread, symmetry]) => CouplingLaw::Gaussian {
                mean,
                spread,
                symmetry,
            },
            ("diluted", &[mean, spread, degree]) => CouplingLaw::Diluted { mean, spread, degree },
            ("patterns", &[patterns, sequence])
                if patterns.fract() == 0.0 && (0.0..1e9).contains(&patterns) =>
            {
                CouplingLaw::Patterns {
                    patterns: patterns as usize,
                    sequence,
                }
            }
            ("dale", &[excitatory, exciting, inhibiting, spread]) => CouplingLaw::Dale {
                excitatory,
                means: (exciting, inhibiting),
                spread,
            },
            (name, _) => {
                return Err(model_error(
                    py,
                    format!("no law of couplings \"{name}\" with these parameters"),
                ));
            }
        })
    }
}

#[pyfunction]
pub(crate) fn draw_couplings<'py>(
    py: Python<'py>,
    law: CouplingsDrawn,
    spins: usize,
    self_couplings: bool,
    seed: u64,
    draw: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let own = if self_couplings {
        SelfCouplings::Kept
    } else {
        SelfCouplings::Removed
    };
    let couplings = law.law(py)?.draw(spins, own, seed, draw).or_raise()?;
    couplings.to_matrix().to_python(py)
}

#[pyfunction]
pub(crate) fn draw_fields<'py>(
    py: Python<'py>,
    law: Fields,
    spins: usize,
    seed: u64,
    draw: u64,
) -> PyResult<Bound<'py, PyAny>> {
    law.law(py)?.draw(spins, seed, draw).or_raise()?.to_python(py)
}
