//! Series and tables: the numbers behind pictures and lists.

use crate::number;
use serde::{Deserialize, Serialize};

/// A named list of numbers with a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Coordinate {
    /// What runs: `time`.
    pub name: String,
    /// Its unit; empty for a pure number.
    pub unit: String,
    /// The values.
    #[serde(with = "number::list")]
    pub values: Vec<f64>,
}

/// A quantity as a function of one coordinate, such as a current over time.
///
/// `values` and `x.values` are equally long. Written as `tables/NAME.csv` too, so the name obeys the rule
/// for file names.
///
/// ```
/// use irrev_report::Series;
/// let series = Series::new("current", "1/time", "time", "time", vec![0.0, 1.0], vec![0.2, 0.3]);
/// assert_eq!(series.x.values.len(), series.values.len());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Series {
    /// Name, also of the file: `a-z 0-9 _ -`.
    pub name: String,
    /// Unit of the values; empty for pure numbers.
    pub unit: String,
    /// The coordinate.
    pub x: Coordinate,
    /// One value for each value of the coordinate.
    #[serde(with = "number::list")]
    pub values: Vec<f64>,
}

impl Series {
    /// A series `name` in `unit` over the coordinate `x_name` in `x_unit`.
    pub fn new(
        name: impl Into<String>,
        unit: impl Into<String>,
        x_name: impl Into<String>,
        x_unit: impl Into<String>,
        x: Vec<f64>,
        values: Vec<f64>,
    ) -> Self {
        let x = Coordinate {
            name: x_name.into(),
            unit: x_unit.into(),
            values: x,
        };
        Self {
            name: name.into(),
            unit: unit.into(),
            x,
            values,
        }
    }

    /// The series as a table of two columns.
    pub fn to_table(&self) -> Table {
        Table::new(&self.name, "")
            .numbers(&self.x.name, &self.x.unit, self.x.values.clone())
            .numbers(&self.name, &self.unit, self.values.clone())
    }
}

/// The entries of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ColumnValues {
    /// Numbers, which may be infinite or NaN.
    Numbers(#[serde(with = "number::list")] Vec<f64>),
    /// Words, such as state names.
    Text(Vec<String>),
}

impl ColumnValues {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Column {
    /// Heading.
    pub name: String,
    /// Unit; empty for pure numbers and text.
    pub unit: String,
    /// The entries, one for each row.
    pub values: ColumnValues,
}

/// A table with named columns of equal length.
///
/// ```
/// use irrev_report::Table;
/// let table = Table::new("edges", "Dissipation of each edge")
///     .text("edge", vec!["A→B".into(), "B→C".into()])
///     .numbers("dissipation", "nats/time", vec![0.1, 0.2]);
/// assert_eq!(table.rows(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Table {
    /// Name, also of the file: `a-z 0-9 _ -`.
    pub name: String,
    /// What the table shows, in one sentence.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table without columns.
    pub fn new(name: impl Into<String>, caption: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            caption: caption.into(),
            columns: Vec::new(),
        }
    }

    /// Adds a column of numbers.
    #[must_use]
    pub fn numbers(mut self, name: impl Into<String>, unit: impl Into<String>, values: Vec<f64>) -> Self {
        let values = ColumnValues::Numbers(values);
        self.columns.push(Column {
            name: name.into(),
            unit: crate::quantity::unit_label(unit),
            values,
        });
        self
    }

    /// Adds a column of words.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, values: Vec<String>) -> Self {
        let values = ColumnValues::Text(values);
        self.columns.push(Column {
            name: name.into(),
            unit: String::new(),
            values,
        });
        self
    }

    /// Number of rows: the length of the first column.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}
