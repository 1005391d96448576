//! How files are read: what the user may say, with what is taken if nothing is said.

use irrev_landscape::Period;

use super::definition::Definition;

/// How trajectories are read; the default finds out what it can and refuses what may be meant in two ways.
///
/// ```
/// use irrev::trajectories::{Column, Reading, Time};
/// let reading = Reading {
///     coordinates: vec!["phi".into(), Column::Number(3)],
///     time: Time::Step(0.002),
///     ..Reading::default()
/// };
/// assert_eq!(reading.coordinates[0], Column::Name("phi".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What the files are; default found from their content.
    pub format: Format,
    /// The columns of coordinates; default all that nothing else is said of, if that are not more than eight and none is named like a velocity, a
    /// force or a bias.
    pub coordinates: Vec<Column>,
    /// The columns of velocities, one for each coordinate, or none (default): differences of positions then serve.
    pub velocities: Vec<Column>,
    /// The columns of accelerations, or forces over mass, one for each coordinate, or none (default).
    pub accelerations: Vec<Column>,
    /// The columns of metrics g = ∇R·M⁻¹∇R, one for each coordinate, or none (default).
    pub metrics: Vec<Column>,
    /// When frames were taken; default what the file says.
    pub time: Time,
    /// A column of numbers that tells trajectories apart; where it changes, one ends. Default none.
    pub trajectory: Option<Column>,
    /// The period of each coordinate; default what the file or the definition of the coordinate says, else none.
    pub periods: Vec<Option<Period>>,
    /// What becomes of values outside of a period; default refused.
    pub outside: OutsidePeriod,
    /// What becomes of rows without numbers and of gaps in time; default refused.
    pub gaps: Gaps,
    /// Two frames further apart in time than this are not neighbours, in the unit of time. Default: 1.5 times the steps before, where two or more of
    /// them are even; frames at uneven times have no gaps then.
    pub longest_step: Option<f64>,
    /// Coordinates from the positions of atoms; needed for XTC and DCD, and for nothing else.
    pub definitions: Vec<Definition>,
    /// Weight of the frames of each file in averages; default 1.
    pub weights: Vec<f64>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// Found from the first bytes, and for XVG from the name.
    #[default]
    Automatic,
    /// Rows of text with commas, semicolons, tabs or spaces, with or without a header.
    Csv,
    /// One array of NumPy: frames, frames × columns, or trajectories × frames × columns.
    Npy,
    /// Arrays of NumPy under names, compressed or not.
    Npz,
    /// Text as PLUMED writes it: `#! FIELDS time phi psi`.
    Colvar,
    /// Text as Grace and GROMACS use it: lines with `@` and `#`, time first.
    Xvg,
    /// Columns under names as Arrow, pandas and polars write them; read with the feature `parquet`.
    Parquet,
    /// Positions of atoms as GROMACS compresses them, in nm and ps.
    Xtc,
    /// Positions of atoms as CHARMM and NAMD write them, in Å.
    Dcd,
}

impl Format {
    /// Its name in messages and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Csv => "text",
            Self::Npy => "NPY",
            Self::Npz => "NPZ",
            Self::Colvar => "COLVAR",
            Self::Xvg => "XVG",
            Self::Parquet => "Parquet",
            Self::Xtc => "XTC",
            Self::Dcd => "DCD",
        }
    }
}

/// A column of a file.
///
/// ```
/// use irrev::trajectories::Column;
/// assert_eq!(Column::from("phi"), Column::Name("phi".into()));
/// assert_eq!(Column::from(2), Column::Number(2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Column {
    /// By its name; if there is none of that name and it is a whole number, by that number.
    Name(String),
    /// By its number, counted from 0.
    Number(usize),
}

impl From<&str> for Column {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for Column {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl std::fmt::Display for Column {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(formatter, "`{name}`"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

/// When frames were taken.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Time {
    /// By the file: a column named `time` or `t`, the first column of XVG, the times of XTC, the step in the header of DCD.
    #[default]
    Automatic,
    /// By a column.
    Column(Column),
    /// At equal steps of this length; a column of times is not looked at.
    Step(f64),
}

/// What becomes of rows without numbers and of gaps in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gaps {
    /// They are an error that names the place.
    #[default]
    Refuse,
    /// A trajectory ends before them, and another one begins after them. Times that go backwards are such a place, too.
    Split,
}

/// What becomes of values outside of the period of their coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutsidePeriod {
    /// They are an error that names the place.
    #[default]
    Refuse,
    /// They are brought back by whole periods.
    Wrap,
}
