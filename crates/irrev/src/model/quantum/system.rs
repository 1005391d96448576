//! The system: its Hamiltonian, its state at the start, and how it and its contact are driven.

use irrev_quantum::composite::{Drive, SystemState};
use irrev_quantum::{Bond, Complex64, Hamiltonian};

use super::super::diagnostic::{ModelError, code};
use super::super::keyed::Values;
use super::super::reader::counted;
use super::Quantum;
use super::faults::{failure, failure_at};
use crate::source::Span;

/// Accepted error of the norm of a superposition.
const NORMALISED: f64 = 1e-9;

/// H_S.
pub(super) fn system(
    spec: &Quantum,
    (energies, hopping, interaction): &(Vec<f64>, f64, f64),
) -> irrev_quantum::Result<Hamiltonian> {
    let bonds: Vec<Bond> = spec
        .system_bonds
        .iter()
        .map(|&(i, j)| Bond {
            i,
            j,
            hopping: Complex64::from(*hopping),
            interaction: *interaction,
        })
        .collect();
    Hamiltonian::new(energies, &bonds)
}

/// a(t) and g(t), of which one may be left out: 1.
pub(super) fn drive(
    spec: &Quantum,
    span: Span,
    [times, system, contact]: &[Vec<f64>; 3],
) -> Result<Drive, ModelError> {
    let fail = |message: String| failure(spec, span, code::BAD_VALUE, message);
    let ones = vec![1.0; times.len()];
    let [system, contact] = [("system", system), ("contact", contact)].map(|(key, factors)| {
        if factors.is_empty() {
            return Ok(&ones);
        }
        if factors.len() != times.len() {
            return Err(fail(format!(
                "`drive.{key}` lists {} factors for {} times",
                factors.len(),
                times.len()
            )));
        }
        Ok(factors)
    });
    Drive::new(times, system?, contact?).map_err(|error| fail(format!("`drive`: {error}")))
}

/// What ρ_S(0) is made of.
pub(super) struct InitialNumbers {
    pub(super) populations: Vec<f64>,
    /// Real and imaginary parts in turn.
    pub(super) amplitudes: Vec<f64>,
    pub(super) regularise: f64,
}

/// ρ_S(0), a mixture of configurations or a superposition of them, with every state possible if that is asked for.
pub(super) fn state(
    spec: &Quantum,
    reader: &Values<'_>,
    system: &Hamiltonian,
    initial: &InitialNumbers,
) -> Result<SystemState, ModelError> {
    let sites = system.sites();
    let configurations = 1_usize << sites.min(63);
    let is_superposed = !initial.amplitudes.is_empty();
    let (key, numbers, what) = match is_superposed {
        true => (
            "system.amplitudes",
            initial.amplitudes.len() / 2,
            "pairs [re, im]",
        ),
        false => ("system.populations", initial.populations.len(), "probabilities"),
    };
    let fail = |message: &str| failure_at(spec, reader, key, message);
    if is_superposed && !initial.populations.is_empty() {
        return Err(fail(
            "`system.amplitudes` and `system.populations` exclude each other: the system starts in a superposition or in a mixture",
        ));
    }
    if numbers != configurations || (is_superposed && initial.amplitudes.len() % 2 == 1) {
        return Err(fail(&format!(
            "`{key}` lists {numbers} {what}, expected 2^{sites} = {configurations}, one for each occupation of {}; bit i of a place is the occupation of site i",
            counted(sites, "site")
        )));
    }
    let found = match is_superposed {
        false => SystemState::diagonal(&initial.populations),
        true => {
            let norm = initial.amplitudes.iter().map(|x| x * x).sum::<f64>().sqrt();
            if (norm - 1.0).abs() > NORMALISED {
                return Err(fail(&format!(
                    "`{key}` has the norm {norm}, expected 1; expressions such as \"1/sqrt(2)\" have all digits"
                )));
            }
            let amplitudes = initial.amplitudes.chunks_exact(2);
            let amplitudes: Vec<Complex64> = amplitudes.map(|z| Complex64::new(z[0], z[1])).collect();
            SystemState::pure(&amplitudes)
        }
    };
    let found = found.map_err(|error| fail(&format!("`{key}`: {error}")))?;
    if initial.regularise == 0.0 {
        return Ok(found);
    }
    let regular = found.regularised(initial.regularise);
    regular.map_err(|error| {
        failure_at(
            spec,
            reader,
            "system.regularise",
            &format!("`system.regularise`: {error}"),
        )
    })
}
