//! Couplings and fields in files of their own.

use std::collections::BTreeSet;

use irrev_ising::Couplings;
use irrev_numerics::linalg::Matrix;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::matrix::named_content;
use super::super::reader::Item;
use super::super::vector::named_numbers;

/// Most spins of a matrix file: 3600 × 3600 numbers of eight bytes fill the largest file.
const MOST_SPINS: usize = 3600;

/// The couplings in a square matrix, CSV or NPY: row i is what spin i receives.
///
/// # Errors
/// A file that cannot be read or holds no square matrix.
pub(super) fn matrix(item: &Item) -> Result<Option<(String, Couplings)>, ModelError> {
    let Some(file) = item.string() else {
        return Ok(None);
    };
    let Some(content) = named_content(item, file, MOST_SPINS)? else {
        return Ok(None);
    };
    let (size, values) = (content.size(), content.values());
    let couplings = Couplings::from_matrix(Matrix::from_fn(size, size, |i, j| values[i * size + j]));
    Ok(reported(item, file, couplings).map(|couplings| (file.to_owned(), couplings)))
}

/// Couplings one by one: to, from, J.
type Entries = Vec<(usize, usize, f64)>;

/// Entries to, from, J, three numbers on each line.
///
/// # Errors
/// A file that cannot be read or holds something else than numbers.
pub(super) fn entries(item: &Item) -> Result<Option<(String, Entries)>, ModelError> {
    let Some((file, values)) = list(item)? else {
        return Ok(None);
    };
    if values.len() % 3 != 0 {
        let message = format!(
            "`{}`: {file} has {} numbers, expected three for each entry: to, from, coupling",
            item.path,
            values.len()
        );
        item.fault(Fault::error(code::MATRIX, item.span, message));
        return Ok(None);
    }
    let mut entries = Vec::with_capacity(values.len() / 3);
    let mut pairs = BTreeSet::new();
    for (k, entry) in values.chunks_exact(3).enumerate() {
        let is_spin = |x: f64| x >= 0.0 && x.fract() == 0.0 && x < 1e9;
        if !(is_spin(entry[0]) && is_spin(entry[1]) && entry[2].is_finite()) {
            let message = format!(
                "`{}`: entry {k} of {file} is {}, {}, {}; expected two spins, counted from 0, and a finite coupling",
                item.path, entry[0], entry[1], entry[2]
            );
            item.fault(Fault::error(code::MATRIX, item.span, message));
            return Ok(None);
        }
        let (to, from) = (entry[0] as usize, entry[1] as usize);
        if !pairs.insert((to, from)) {
            let message = format!(
                "`{}`: entry {k} of {file} gives the coupling to spin {to} from spin {from} a second time",
                item.path
            );
            item.fault(Fault::error(code::MATRIX, item.span, message));
            return Ok(None);
        }
        entries.push((to, from, entry[2]));
    }
    Ok(Some((file, entries)))
}

/// Fields, one for each spin.
///
/// # Errors
/// As [`entries`].
pub(super) fn fields(item: &Item) -> Result<Option<(String, Vec<f64>)>, ModelError> {
    let Some((file, values)) = list(item)? else {
        return Ok(None);
    };
    if let Some(spin) = values.iter().position(|field| !field.is_finite()) {
        let message = format!(
            "`{}`: the field of spin {spin} in {file} is {}, expected a finite number",
            item.path, values[spin]
        );
        item.fault(Fault::error(code::MATRIX, item.span, message));
        return Ok(None);
    }
    Ok(Some((file, values)))
}

/// The numbers in a file that the model names.
fn list(item: &Item) -> Result<Option<(String, Vec<f64>)>, ModelError> {
    let Some(file) = item.string() else {
        return Ok(None);
    };
    Ok(named_numbers(item, file)?.map(|numbers| (file.to_owned(), numbers)))
}

/// Couplings, or the fault that says why they are none.
fn reported(item: &Item, file: &str, couplings: irrev_ising::Result<Couplings>) -> Option<Couplings> {
    couplings
        .map_err(|error| {
            let message = format!("`{}`: {file}: {error}", item.path);
            item.fault(Fault::error(code::MATRIX, item.span, message));
        })
        .ok()
}
