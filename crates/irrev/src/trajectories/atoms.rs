//! From frames of atoms to columns: what XTC and DCD share.

use super::definition::{Cell, Definition};
use super::fault::fault;
use super::rows::{Asked, Block, Label};
use crate::error::Result;

/// Frames of a block, of which each may be long.
pub(super) const FRAMES: usize = 4096;

/// Coordinates defined by atoms, for a file of so many.
pub(super) fn check(file: &str, definitions: &[Definition], atoms: usize) -> Result<()> {
    for (index, definition) in definitions.iter().enumerate() {
        if let Some(problem) = definition.fault(atoms) {
            return Err(fault(
                file,
                problem,
                Some("atoms are counted from 0, in the order of the topology"),
            ));
        }
        if definitions[..index].contains(definition) {
            return Err(fault(file, format!("{definition} is defined twice"), None));
        }
    }
    Ok(())
}

pub(super) fn labels<'a>(definitions: &'a [Definition], length: &'a str) -> impl Iterator<Item = Label> + 'a {
    definitions.iter().map(move |definition| Label {
        name: Some(definition.to_string()),
        unit: Some(definition.unit(length)),
        period: definition.period(),
    })
}

/// What is asked of each frame.
pub(super) struct Values {
    /// For each column asked for, a definition or the time.
    columns: Vec<Option<Definition>>,
    /// Positions that are needed: from the first to the last atom that takes part.
    pub(super) needed: usize,
}

impl Values {
    /// Columns behind the `before` first ones, which are no coordinates but times.
    pub(super) fn new(definitions: &[Definition], before: usize, asked: Asked<'_>) -> Self {
        let of = |column: &usize| {
            column
                .checked_sub(before)
                .and_then(|index| definitions.get(index))
                .cloned()
        };
        let columns: Vec<Option<Definition>> = asked.columns.iter().map(of).collect();
        let atoms = columns.iter().flatten().flat_map(Definition::atoms);
        let needed = atoms.max().map_or(0, |last| last + 1);
        Self { columns, needed }
    }

    pub(super) fn push(
        &self,
        block: &mut Block,
        time: f64,
        cell: &Cell,
        position: &impl Fn(usize) -> [f64; 3],
    ) {
        for (column, definition) in block.columns.iter_mut().zip(&self.columns) {
            column.push(
                definition
                    .as_ref()
                    .map_or(time, |definition| definition.value(position, cell)),
            );
        }
    }
}
