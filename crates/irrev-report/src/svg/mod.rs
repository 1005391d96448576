//! Figures as SVG: vector drawings for papers, and for pages without script.
//!
//! Drawn by our own few elements rather than by a plotting library: the ones at hand place everything at
//! whole pixels, have no dashed lines and no text under the pointer, and cannot take their colours from a page that is light
//! or dark.

mod axes;
mod bars;
mod canvas;
mod heatmap;
mod legend;
mod lines;
mod network;

use crate::Scale;
use crate::{Figure, FigureKind, Network, Result, drawing, validation};
use axes::Map;
use canvas::{Anchor, Ground, Lettering, PAGE, PAPER, shortened};

pub(crate) use canvas::escaped;
pub(crate) use heatmap::{over as category_over_cells, value_range as heatmap_range};

/// Width of all figures, in pixels.
const WIDTH: f64 = 760.0;

/// A figure as a standalone SVG document on white, with title, axes, units and legend. Equal figures give
/// equal bytes.
///
/// # Errors
///
/// What [`crate::Report::validate`] finds in this figure.
///
/// ```
/// use irrev_report::{Axis, Curve, Figure, Lines, figure_svg};
/// let lines = Lines::new(Axis::new("time", "s"), Axis::new("entropy production", "nats"))
///     .curve(Curve::new("exact", vec![0.0, 1.0], vec![0.0, 0.5]));
/// let svg = figure_svg(&Figure::new("entropy", "Entropy", "It grows.", lines))?;
/// assert!(svg.contains("time [s]"));
/// # Ok::<(), irrev_report::Error>(())
/// ```
pub fn figure_svg(figure: &Figure) -> Result<String> {
    validation::validate_figure(figure)?;
    Ok(draw(figure, &PAPER, true))
}

/// A valid figure in the page's own colours and without title, to stand inside a page that has both.
pub(crate) fn inline_svg(figure: &Figure) -> String {
    draw(figure, &PAGE, false)
}

/// Round ticks with labels of a scale between two ends.
pub(crate) fn scale_ticks((low, high): (f64, f64), scale: Scale) -> Vec<(f64, String)> {
    Map::between(low, high, scale).ticks
}

/// The page's colours and what they are on paper, to take a drawing out of the page.
pub(crate) fn page_to_paper() -> Vec<(&'static str, &'static str)> {
    let rest = [
        (PAGE.ink, PAPER.ink),
        (PAGE.muted, PAPER.muted),
        (PAGE.grid, PAPER.grid),
        (PAGE.halo, PAPER.halo),
    ];
    PAGE.categories
        .into_iter()
        .zip(PAPER.categories)
        .chain(rest)
        .collect()
}

fn draw(figure: &Figure, ground: &Ground, titled: bool) -> String {
    let top = if titled { 44.0 } else { 12.0 };
    let mut canvas = match &figure.kind {
        FigureKind::Lines(lines) => lines::draw(lines, top, ground),
        FigureKind::Bars(bars) => bars::draw(bars, top, ground),
        FigureKind::Network(network) if network.nodes.len() > Network::LARGEST_DRAWN => {
            bars::draw(&drawing::large_network(network).0, top, ground)
        }
        FigureKind::Network(network) => network::draw(network, top, ground),
        FigureKind::Heatmap(map) => heatmap::draw(map, top, ground),
    };
    if titled {
        let mut lettering = Lettering::new(17.0, ground.ink, Anchor::Start);
        lettering.bold = true;
        canvas.text(
            &shortened(&figure.title, WIDTH - 40.0, 17.5),
            [20.0, 24.0],
            lettering,
        );
    }
    canvas.finish(&figure.title, &figure.caption, ground)
}
