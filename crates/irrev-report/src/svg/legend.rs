//! Legends above a plot and colour bars beside it.

use super::axes::{AXIS_TEXT, Frame, Map, SMALL_TEXT};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened, text_width};
use crate::Axis;
use crate::colour::{INFINITE, Run};

/// What stands before a name in the legend.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    Line,
    Dashes,
    Dot,
    LineAndDot,
    Box,
}

/// Name, colour and sample of what is explained.
pub(crate) type Entry<'a> = (&'a str, &'a str, Sample);

/// The entries of a figure whose title explains a single one.
pub(crate) fn of_several(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    if entries.len() < 2 { Vec::new() } else { entries }
}

const ROW: f64 = 20.0;
const SAMPLE: f64 = 24.0;
/// Widest name shown in full.
const WIDEST: f64 = 320.0;

/// Where the entries stand, row by row; names too long are cut.
fn places(entries: &[Entry<'_>], left: f64, right: f64) -> Vec<(f64, usize, String)> {
    let (mut x, mut row) = (left, 0);
    entries
        .iter()
        .map(|(name, ..)| {
            let name = shortened(name, WIDEST, SMALL_TEXT);
            let width = SAMPLE + 6.0 + text_width(&name, SMALL_TEXT) + 20.0;
            if x > left && x + width > right {
                (x, row) = (left, row + 1);
            }
            let place = (x, row, name);
            x += width;
            place
        })
        .collect()
}

/// Height that the legend takes; none without entries.
pub(crate) fn height(entries: &[Entry<'_>], left: f64, right: f64) -> f64 {
    places(entries, left, right)
        .last()
        .map_or(0.0, |(_, row, _)| (*row + 1) as f64 * ROW + 6.0)
}

/// Draws the legend from `top` downwards.
pub(crate) fn draw(
    canvas: &mut Canvas,
    entries: &[Entry<'_>],
    (left, right, top): (f64, f64, f64),
    ground: &Ground,
) {
    for ((x, row, name), (_, colour, sample)) in places(entries, left, right).into_iter().zip(entries) {
        let y = top + (row as f64 + 0.5) * ROW;
        let ends = ([x, y], [x + SAMPLE, y]);
        if matches!(sample, Sample::Line | Sample::LineAndDot) {
            canvas.line(ends.0, ends.1, Pen::new(colour, 2.0));
        }
        if *sample == Sample::Dashes {
            canvas.line(ends.0, ends.1, Pen::dashed(colour, 2.0));
        }
        if matches!(sample, Sample::Dot | Sample::LineAndDot) {
            canvas.circle([x + 0.5 * SAMPLE, y], 3.5, colour, Pen::new(ground.halo, 1.0), "");
        }
        if *sample == Sample::Box {
            canvas.rectangle([x + 6.0, y - 6.0], [x + 18.0, y + 6.0], colour, "");
        }
        canvas.text(
            &name,
            [x + SAMPLE + 6.0, y],
            Lettering::new(SMALL_TEXT, ground.ink, Anchor::Start),
        );
    }
}

/// Width of a colour bar with labels and title.
pub(crate) const COLOUR_BAR_WIDTH: f64 = 110.0;

/// Draws a colour bar at the right of `frame`, with a swatch for infinite values if asked.
pub(crate) fn draw_colour_bar(
    canvas: &mut Canvas,
    frame: Frame,
    (map, axis, run): (&Map, &Axis, Run),
    infinite: bool,
    ground: &Ground,
) {
    const STEPS: usize = 64;
    let bar = Frame {
        left: frame.right + 22.0,
        right: frame.right + 38.0,
        ..frame
    };
    for step in 0..STEPS {
        let (low, high) = (step as f64 / STEPS as f64, (step + 1) as f64 / STEPS as f64);
        // Each step reaches a little into the next one, or hairlines would show between them.
        let reach = if step + 1 < STEPS { 0.6 } else { 0.0 };
        let colour = run.at(0.5 * (low + high));
        canvas.rectangle(
            [bar.left, bar.y(low)],
            [bar.right, bar.y(high) - reach],
            &colour,
            "",
        );
    }
    for (value, label) in &map.ticks {
        if let Some(fraction) = map.fraction(*value) {
            let y = bar.y(fraction);
            canvas.line([bar.right, y], [bar.right + 4.0, y], Pen::new(ground.muted, 1.0));
            canvas.text(
                label,
                [bar.right + 8.0, y],
                Lettering::new(SMALL_TEXT, ground.muted, Anchor::Start),
            );
        }
    }
    let title = shortened(&axis.title(), frame.bottom - frame.top, AXIS_TEXT);
    let mut lettering = Lettering::new(AXIS_TEXT, ground.ink, Anchor::Middle);
    lettering.upwards = true;
    // clear of the longest label, as far as there is room
    let labels = map.ticks.iter().map(|tick| text_width(&tick.1, SMALL_TEXT));
    let title_at = (labels.fold(0.0, f64::max) + 26.0).clamp(60.0, 80.0);
    canvas.text(
        &title,
        [bar.right + title_at, 0.5 * (bar.top + bar.bottom)],
        lettering,
    );
    if infinite {
        let y = bar.bottom + 18.0;
        canvas.rectangle([bar.left, y - 6.0], [bar.right, y + 6.0], INFINITE, "");
        canvas.text(
            "∞",
            [bar.right + 8.0, y],
            Lettering::new(SMALL_TEXT, ground.muted, Anchor::Start),
        );
    }
}
