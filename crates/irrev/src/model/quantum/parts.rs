//! Parts of a bath that no bonds join.

use irrev_quantum::Lattice;

use super::super::diagnostic::{Diagnostic, Fault, ModelError, code};
use super::super::reader::counted;
use super::values::{QuantumEnvironment, QuantumValues};

impl QuantumEnvironment<'_> {
    /// What the author may have meant otherwise: the warnings of the file, and one of a bath in several parts.
    ///
    /// # Errors
    /// As [`QuantumEnvironment::values`].
    pub fn warnings(&self) -> Result<Vec<Diagnostic>, ModelError> {
        let spec = self.spec();
        let mut warnings = spec.warnings.clone();
        if let Some(message) = separate_parts(&self.values()?) {
            let fault = Fault::warning(code::SEPARATE_PARTS, spec.spans.lattice, message);
            warnings.push(fault.in_file(&spec.source));
        }
        Ok(warnings)
    }
}

/// What is to be said of a bath in several parts.
fn separate_parts(values: &QuantumValues) -> Option<String> {
    let bath = &values.bath;
    let pairs: Vec<(usize, usize)> = bath.bonds().iter().map(|bond| (bond.i, bond.j)).collect();
    let lattice = Lattice::from_bonds(bath.sites(), &pairs).ok()?;
    let reached = |from: &[usize]| lattice.distances(from).ok();
    let mut parts = 0;
    let mut seen = vec![false; bath.sites()];
    while let Some(first) = seen.iter().position(|seen| !seen) {
        parts += 1;
        for (site, distance) in reached(&[first])?.iter().enumerate() {
            seen[site] |= distance.is_some();
        }
    }
    if parts == 1 {
        return None;
    }
    let from_contact = reached(&values.touched())?;
    let apart: Vec<String> = (0..bath.sites())
        .filter(|site| from_contact[*site].is_none())
        .map(|site| site.to_string())
        .collect();
    let consequence = match apart.len() {
        0 => String::new(),
        1 => format!(
            "; no bonds lead from the contact to the site {} of the bath: it takes no part, but counts for its temperature",
            apart[0]
        ),
        _ => format!(
            "; no bonds lead from the contact to the sites {} of the bath: they take no part, but count for its temperature",
            apart.join(", ")
        ),
    };
    Some(format!(
        "the bath falls into {} that no bonds join{consequence}",
        counted(parts, "part")
    ))
}
