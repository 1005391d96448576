//! Checks of shape and names, made once before a report is written and after it is read.
//!
//! Names of figures, tables and series become file names, so they are restricted to `a-z 0-9 _ -`: no name
//! can leave its folder, hide, or mean a device.

use crate::{Curve, Error, Figure, FigureKind, Report, Result, Table};

/// Longest name of a figure, table or series, in characters.
const LONGEST_NAME: usize = 100;

/// Device names that some systems resolve in any folder and with any extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

impl Report {
    /// Checks names and shapes: what every writer and reader relies on.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] and [`Error::QuantityName`] for names that cannot be written, [`Error::DuplicateName`]
    /// where a name occurs twice (tables and series share one folder), [`Error::Length`] where lists that
    /// belong together differ in length, [`Error::NodeIndex`] for an edge without node.
    pub fn validate(&self) -> Result<()> {
        for quantity in &self.quantities {
            if quantity.name.is_empty() || quantity.name.chars().any(char::is_control) {
                return Err(Error::QuantityName {
                    name: quantity.name.escape_debug().to_string(),
                });
            }
        }
        unique(
            "quantities",
            self.quantities.iter().map(|quantity| quantity.name.as_str()),
        )?;
        for series in &self.series {
            file_name("series", &series.name)?;
            let place = || format!("series \"{}\"", series.name);
            equal_lengths(
                place,
                ("x", series.x.values.len()),
                ("values", series.values.len()),
            )?;
        }
        self.tables.iter().try_for_each(validate_table)?;
        let files = self.series.iter().map(|series| series.name.as_str());
        unique(
            "tables or series",
            files.chain(self.tables.iter().map(|table| table.name.as_str())),
        )?;
        self.figures.iter().try_for_each(validate_figure)?;
        unique("figures", self.figures.iter().map(|figure| figure.name.as_str()))
    }
}

/// Accepts a name that is safe as a file name in any folder.
fn file_name(what: &'static str, name: &str) -> Result<()> {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    let safe =
        (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(allowed) && !DEVICES.contains(&name);
    if safe {
        Ok(())
    } else {
        Err(Error::Name {
            what,
            name: name.escape_debug().to_string(),
        })
    }
}

fn unique<'a>(what: &'static str, names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::DuplicateName {
            what,
            name: pair[0].to_owned(),
        }),
        None => Ok(()),
    }
}

fn equal_lengths(
    place: impl FnOnce() -> String,
    (left_name, left): (&'static str, usize),
    (right_name, right): (&'static str, usize),
) -> Result<()> {
    if left == right {
        Ok(())
    } else {
        Err(Error::Length {
            place: place(),
            left_name,
            left,
            right_name,
            right,
        })
    }
}

pub(crate) fn validate_table(table: &Table) -> Result<()> {
    file_name("table", &table.name)?;
    for column in &table.columns {
        let place = || format!("table \"{}\", column \"{}\"", table.name, column.name);
        equal_lengths(
            place,
            ("the column", column.values.len()),
            ("the first column", table.rows()),
        )?;
    }
    Ok(())
}

pub(crate) fn validate_figure(figure: &Figure) -> Result<()> {
    file_name("figure", &figure.name)?;
    match &figure.kind {
        FigureKind::Lines(lines) => {
            for curve in &lines.curves {
                validate_curve(&figure.name, curve)?;
            }
        }
        FigureKind::Bars(bars) => {
            for group in &bars.groups {
                let place = || format!("figure \"{}\", group \"{}\"", figure.name, group.name);
                let length = ("categories", bars.categories.len());
                equal_lengths(place, length, ("values", group.values.len()))?;
                if let Some(errors) = &group.errors {
                    equal_lengths(place, length, ("errors", errors.len()))?;
                }
            }
        }
        FigureKind::Network(network) => {
            let nodes = network.nodes.len();
            for (edge, ends) in network.edges.iter().enumerate() {
                if let Some(node) = [ends.from, ends.to].into_iter().find(|&node| node >= nodes) {
                    return Err(Error::NodeIndex {
                        figure: figure.name.clone(),
                        edge,
                        node,
                        nodes,
                    });
                }
            }
        }
        FigureKind::Heatmap(map) => {
            let place = || format!("figure \"{}\"", figure.name);
            equal_lengths(place, ("y", map.y.len()), ("values", map.values.len()))?;
            for row in &map.values {
                equal_lengths(place, ("x", map.x.len()), ("a row of values", row.len()))?;
            }
            for curve in &map.curves {
                validate_curve(&figure.name, curve)?;
            }
        }
    }
    Ok(())
}

fn validate_curve(figure: &str, curve: &Curve) -> Result<()> {
    let place = || format!("figure \"{figure}\", curve \"{}\"", curve.name);
    let length = ("x", curve.x.len());
    equal_lengths(place, length, ("y", curve.y.len()))?;
    for (name, side, other) in [
        ("lower", &curve.lower, &curve.upper),
        ("upper", &curve.upper, &curve.lower),
    ] {
        // A band needs both sides, so that a missing one counts as empty.
        let values = side.as_ref().map(Vec::len).or(other.as_ref().map(|_| 0));
        if let Some(values) = values {
            equal_lengths(place, length, (name, values))?;
        }
    }
    Ok(())
}
