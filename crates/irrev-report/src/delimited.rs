//! Comma-separated values: tables, and the numbers behind figures.
//!
//! One header line with units in brackets (`dissipation [nats/time]`), fields quoted where needed (RFC 4180,
//! but lines end in a line feed), numbers with the fewest digits that read back to the same bits, infinite
//! values as `inf` and `-inf`, undefined ones as `nan`, as NumPy, pandas and R read them.

use crate::{
    Axis, Bars, ColumnValues, Error, Figure, FigureKind, Heatmap, Lines, Network, Positions, Result, Table,
};
use crate::{network_layout, validation};

/// A table as comma-separated values.
///
/// # Errors
///
/// What [`crate::Report::validate`] finds in this table.
pub fn table_csv(table: &Table) -> Result<String> {
    validation::validate_table(table)?;
    let header = table
        .columns
        .iter()
        .map(|column| Axis::new(&column.name, &column.unit).title())
        .collect();
    let rows = (0..table.rows()).map(|row| {
        table
            .columns
            .iter()
            .map(|column| match &column.values {
                ColumnValues::Numbers(values) => exact(values[row]),
                ColumnValues::Text(values) => values[row].clone(),
            })
            .collect()
    });
    delimited(&table.name, header, rows)
}

/// The numbers behind a figure as comma-separated values, in long form: one row for each point, bar, edge or
/// cell. A network gives its nodes with their places, then its edges.
///
/// # Errors
///
/// What [`crate::Report::validate`] finds in this figure.
pub fn figure_csv(figure: &Figure) -> Result<String> {
    validation::validate_figure(figure)?;
    match &figure.kind {
        FigureKind::Lines(lines) => lines_csv(&figure.name, lines),
        FigureKind::Bars(bars) => bars_csv(&figure.name, bars),
        FigureKind::Network(network) => network_csv(&figure.name, network),
        FigureKind::Heatmap(map) => heatmap_csv(&figure.name, map),
    }
}

fn lines_csv(name: &str, lines: &Lines) -> Result<String> {
    let (x, y) = (lines.x_axis.title(), lines.y_axis.title());
    let header = vec!["curve".to_owned(), x, y, "lower".to_owned(), "upper".to_owned()];
    let at = |values: &Option<Vec<f64>>, index: usize| {
        values
            .as_ref()
            .map_or_else(String::new, |values| exact(values[index]))
    };
    let rows = lines.curves.iter().flat_map(|curve| {
        (0..curve.x.len()).map(move |index| {
            vec![
                curve.name.clone(),
                exact(curve.x[index]),
                exact(curve.y[index]),
                at(&curve.lower, index),
                at(&curve.upper, index),
            ]
        })
    });
    delimited(name, header, rows)
}

fn bars_csv(name: &str, bars: &Bars) -> Result<String> {
    let header = vec![
        bars.category_label.clone(),
        "group".to_owned(),
        bars.value_axis.title(),
        "standard error".to_owned(),
    ];
    let rows = bars.groups.iter().flat_map(|group| {
        bars.categories.iter().enumerate().map(move |(index, category)| {
            let error = group
                .errors
                .as_ref()
                .map_or_else(String::new, |errors| exact(errors[index]));
            vec![
                category.clone(),
                group.name.clone(),
                exact(group.values[index]),
                error,
            ]
        })
    });
    delimited(name, header, rows)
}

/// Nodes first, then edges; the column `part` tells them apart.
fn network_csv(name: &str, network: &Network) -> Result<String> {
    let header = [
        "part".to_owned(),
        "label".to_owned(),
        "from".to_owned(),
        "to".to_owned(),
        network.weight_label.clone(),
        network.value_axis.title(),
        network.current_axis.title(),
        "x".to_owned(),
        "y".to_owned(),
    ];
    // Networks too large to draw have no places.
    let places = if network.nodes.len() <= Network::LARGEST_DRAWN {
        network_layout(network)
    } else {
        Vec::new()
    };
    let place = |index: usize, axis: usize| {
        places
            .get(index)
            .map_or_else(String::new, |place: &[f64; 2]| exact(place[axis]))
    };
    let nodes = network.nodes.iter().enumerate().map(|(index, node)| {
        let empty = String::new;
        let weight = exact(node.weight);
        let (x, y) = (place(index, 0), place(index, 1));
        vec![
            "node".to_owned(),
            node.label.clone(),
            empty(),
            empty(),
            weight,
            empty(),
            empty(),
            x,
            y,
        ]
    });
    let edges = network.edges.iter().map(|edge| {
        vec![
            "edge".to_owned(),
            edge.label.clone(),
            network.nodes[edge.from].label.clone(),
            network.nodes[edge.to].label.clone(),
            String::new(),
            exact(edge.value),
            exact(edge.current),
            String::new(),
            String::new(),
        ]
    });
    delimited(name, header.into(), nodes.chain(edges))
}

fn heatmap_csv(name: &str, map: &Heatmap) -> Result<String> {
    let mut header = vec![map.x_axis.title(), map.y_axis.title(), map.value_axis.title()];
    let position = |positions: &Positions, index: usize| match positions {
        Positions::Numbers(values) => exact(values[index]),
        Positions::Labels(labels) => labels[index].clone(),
    };
    let rows = map.values.iter().enumerate().flat_map(|(row, values)| {
        values
            .iter()
            .enumerate()
            .map(move |(column, value)| vec![position(&map.x, column), position(&map.y, row), exact(*value)])
    });
    if map.curves.is_empty() {
        return delimited(name, header, rows);
    }
    // cells are of no curve, and points of curves have no value
    header.push("curve".to_owned());
    let cells = rows.map(|mut row| {
        row.push(String::new());
        row
    });
    let points = map.curves.iter().flat_map(|curve| {
        curve
            .x
            .iter()
            .zip(&curve.y)
            .map(|(x, y)| vec![exact(*x), exact(*y), String::new(), curve.name.clone()])
    });
    delimited(name, header, cells.chain(points))
}

/// The fewest digits that read back to the same bits.
fn exact(value: f64) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else if value != 0.0 && value.is_finite() && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

fn delimited(name: &str, header: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> Result<String> {
    let failure = |source| Error::Delimited {
        table: name.to_owned(),
        source,
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    if !header.is_empty() {
        writer.write_record(&header).map_err(failure)?;
        for row in rows {
            writer.write_record(&row).map_err(failure)?;
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failure(error.into_error().into()))?;
    // Built from strings, so nothing is ever replaced here.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
