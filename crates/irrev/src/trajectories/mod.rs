//! Trajectories in continuous time: which coordinate had which value when.
//!
//! | content | files |
//! |---|---|
//! | rows of numbers, a frame each | text with commas, semicolons, tabs or spaces, with or without a header |
//! | the same with names and periods | COLVAR of PLUMED |
//! | the same with legends and units | XVG of Grace and GROMACS |
//! | frames, frames × columns, trajectories × frames × columns | arrays in `.npy`; several under names in `.npz` |
//! | columns with names in `.parquet`, with the feature `parquet` | Parquet of Arrow, pandas and polars |
//! | positions of atoms, from which coordinates are made ([`Definition`]) | XTC of GROMACS, DCD of CHARMM and NAMD |
//!
//! [`read`] takes everything into memory, [`stream`] hands it out in pieces and needs constant memory, [`survey`] only tells what there is; all three see
//! the same frames. What is in memory already is taken by [`of_record`]. Every file is a trajectory of its own or several, never a part of one that another file goes on with.
//!
//! **When.** Frames have a step, or a column of times, which must ascend. If steps are even to the digits of the times, their mean is the step
//! ([`Clock::Step`](irrev_landscape::record::Clock)); if not, the times are kept. A gap after even steps, a row without a number, a value outside of its
//! period: each is an error with file, line or frame, and column, unless [`Reading`] says what becomes of it. Nothing is guessed silently: [`Found`] tells
//! how files were taken.
//!
//! ```
//! use irrev::trajectories::{Reading, read};
//! use irrev::numerics::Run;
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("COLVAR");
//! # std::fs::write(&path, "#! FIELDS time phi\n#! SET min_phi -pi\n#! SET max_phi pi\n 0.00 3.1\n 0.02 3.0\n 0.04 -3.1\n").unwrap();
//! // #! FIELDS time phi
//! // #! SET min_phi -pi
//! // #! SET max_phi pi
//! //  0.00 3.1 …
//! let trajectories = read(&[path], &Reading::default(), &Run::default())?;
//! let record = trajectories.record()?;
//! assert_eq!(record.frames(), 3);
//! assert!(record.period(0)?.is_some());
//! assert_eq!(trajectories.found().sentences()[0], "1 trajectory of 3 frames, step 0.02, from 1 file (COLVAR)");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod array;
mod atoms;
mod bytes;
mod compressed;
mod cut;
mod dcd;
mod definition;
mod fault;
mod found;
mod heading;
mod lines;
mod memory;
mod number;
mod pace;
#[cfg(feature = "parquet")]
mod parquet;
mod pass;
mod reading;
mod roles;
mod rows;
mod sniff;
mod streaming;
mod text;
mod xtc;

pub use definition::{Definition, Term};
pub use found::{Found, source_name};
pub use memory::{Trajectories, of_record, read};
pub use reading::{Column, Format, Gaps, OutsidePeriod, Reading, Time};
pub use streaming::{Chunk, stream, survey};
