//! Bars over categories, grouped or stacked; lying if the category names are long or many.

use super::WIDTH;
use super::axes::{Frame, Map, SMALL_TEXT, label_margin};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened, text_width};
use super::legend::{self, Entry, Sample};
use crate::{Arrangement, Axis, Bars, readable_number};

/// Most categories drawn; the comma-separated values hold all.
pub(crate) const MOST_CATEGORIES: usize = 60;

/// One bar: from and to on the value axis, start and end across it as fractions, error, and what to say.
struct Bar {
    from: f64,
    to: f64,
    across: (f64, f64),
    error: Option<f64>,
    colour: &'static str,
    hover: String,
}

pub(crate) fn draw(bars: &Bars, top: f64, ground: &Ground) -> Canvas {
    let count = bars.categories.len().min(MOST_CATEGORIES);
    let pieces = pieces(bars, count, ground);
    let ends = pieces.iter().flat_map(|bar| {
        let error = bar.error.unwrap_or(0.0);
        [bar.from, bar.to - error, bar.to + error]
    });
    let logarithmic = bars.value_axis.scale == crate::Scale::Logarithmic;
    let values = ends.chain(bars.marks.iter().filter_map(|mark| mark.y));
    let map = Map::over(values, bars.value_axis.scale, !logarithmic);
    let widest = bars
        .categories
        .iter()
        .map(|name| text_width(name, SMALL_TEXT))
        .fold(0.0, f64::max);
    if widest > 0.9 * (WIDTH - 100.0) / count.max(1) as f64 {
        lying(bars, count, &pieces, &map, top, ground)
    } else {
        standing(bars, count, &pieces, &map, top, ground)
    }
}

fn pieces(bars: &Bars, count: usize, ground: &Ground) -> Vec<Bar> {
    let mut pieces = Vec::new();
    for index in 0..count {
        let (mut above, mut below) = (0.0, 0.0);
        for (group_index, group) in bars.groups.iter().enumerate() {
            let value = group.values[index];
            if !value.is_finite() {
                continue;
            }
            let (from, to, slot, slots) = match bars.arrangement {
                Arrangement::Grouped => (0.0, value, group_index, bars.groups.len()),
                Arrangement::Stacked => {
                    let base = if value < 0.0 { &mut below } else { &mut above };
                    let from = *base;
                    *base += value;
                    (from, *base, 0, 1)
                }
            };
            let width = 0.76 / slots as f64;
            let start = (index as f64 + 0.12 + slot as f64 * width) / count as f64;
            let error = group
                .errors
                .as_ref()
                .map(|errors| errors[index])
                .filter(|error| error.is_finite());
            let unit = &bars.value_axis.unit;
            pieces.push(Bar {
                from,
                to,
                across: (start, start + width / count as f64),
                error,
                colour: ground.category(group_index),
                hover: format!(
                    "{} · {}: {} {unit}",
                    bars.categories[index],
                    group.name,
                    readable_number(value, 5)
                ),
            });
        }
    }
    pieces
}

fn entries<'a>(bars: &'a Bars, ground: &Ground) -> Vec<Entry<'a>> {
    let groups = bars.groups.iter().enumerate();
    legend::of_several(
        groups
            .map(|(index, group)| (group.name.as_str(), ground.category(index), Sample::Box))
            .collect(),
    )
}

/// Fraction of a bar's foot: zero, or the lower end of a logarithmic axis.
fn foot(map: &Map, value: f64) -> f64 {
    map.fraction(value).unwrap_or(0.0).clamp(0.0, 1.0)
}

fn standing(bars: &Bars, count: usize, pieces: &[Bar], map: &Map, top: f64, ground: &Ground) -> Canvas {
    let left = label_margin(map.ticks.iter().map(|tick| tick.1.as_str()));
    let right = WIDTH - 24.0;
    let top_of_plot = top + legend::height(&entries(bars, ground), left, right);
    let frame = Frame {
        left,
        right,
        top: top_of_plot,
        bottom: top_of_plot + 320.0,
    };
    let mut canvas = Canvas::new(WIDTH, frame.bottom + 62.0);
    frame.draw_vertical(&mut canvas, map, &bars.value_axis, ground);
    for bar in pieces {
        let (x0, x1) = (frame.x(bar.across.0), frame.x(bar.across.1));
        let (from, Some(to)) = (foot(map, bar.from), map.fraction(bar.to)) else {
            continue;
        };
        canvas.rectangle([x0, frame.y(from)], [x1, frame.y(to)], bar.colour, &bar.hover);
        if let Some(error) = bar.error {
            let x = 0.5 * (x0 + x1);
            let ends = [bar.to - error, bar.to + error].map(|end| frame.y(foot(map, end)));
            draw_error(&mut canvas, ends.map(|y| [x, y]), [4.0, 0.0], ground);
        }
    }
    for (index, name) in bars.categories.iter().take(count).enumerate() {
        let x = frame.x((index as f64 + 0.5) / count as f64);
        canvas.text(
            name,
            [x, frame.bottom + 16.0],
            Lettering::new(SMALL_TEXT, ground.muted, Anchor::Middle),
        );
    }
    frame.title_horizontal(&mut canvas, &bars.category_label, frame.bottom + 42.0, ground);
    let zero = frame.y(foot(map, 0.0));
    canvas.line(
        [frame.left, zero],
        [frame.right, zero],
        Pen::new(ground.muted, 1.0),
    );
    for mark in &bars.marks {
        if let Some(fraction) = mark.y.and_then(|y| map.fraction(y)) {
            let y = frame.y(fraction);
            canvas.line([frame.left, y], [frame.right, y], Pen::dashed(ground.muted, 1.3));
            let mut lettering = Lettering::new(SMALL_TEXT, ground.ink, Anchor::End);
            lettering.rim = Some(ground.halo);
            canvas.text(&mark.label, [frame.right - 6.0, y - 10.0], lettering);
        }
    }
    legend::draw(&mut canvas, &entries(bars, ground), (left, right, top), ground);
    canvas
}

fn lying(bars: &Bars, count: usize, pieces: &[Bar], map: &Map, top: f64, ground: &Ground) -> Canvas {
    let names: Vec<String> = bars
        .categories
        .iter()
        .take(count)
        .map(|name| shortened(name, 190.0, SMALL_TEXT))
        .collect();
    let left = label_margin(names.iter().map(String::as_str));
    let right = WIDTH - 30.0;
    // Labels of marks stand above the plot, where no bar is.
    let mark_height = if bars.marks.is_empty() { 0.0 } else { 20.0 };
    let top_of_plot = top + legend::height(&entries(bars, ground), left, right) + mark_height;
    let slots = match bars.arrangement {
        Arrangement::Grouped => bars.groups.len().max(1),
        Arrangement::Stacked => 1,
    };
    // Few categories get wide rows, many the least that a name needs.
    let row = (10.0 + 12.0 * slots as f64)
        .max(22.0)
        .max((180.0 / count.max(1) as f64).min(60.0));
    let frame = Frame {
        left,
        right,
        top: top_of_plot,
        bottom: top_of_plot + row * count.max(3) as f64,
    };
    let mut canvas = Canvas::new(WIDTH, frame.bottom + 62.0);
    let axis = Axis::new(bars.value_axis.title(), "");
    frame.draw_horizontal(&mut canvas, map, &axis, ground);
    for bar in pieces {
        // The first category is on top.
        let (y0, y1) = (frame.y(1.0 - bar.across.0), frame.y(1.0 - bar.across.1));
        let (from, Some(to)) = (foot(map, bar.from), map.fraction(bar.to)) else {
            continue;
        };
        canvas.rectangle([frame.x(from), y0], [frame.x(to), y1], bar.colour, &bar.hover);
        if let Some(error) = bar.error {
            let y = 0.5 * (y0 + y1);
            let ends = [bar.to - error, bar.to + error].map(|end| frame.x(foot(map, end)));
            draw_error(&mut canvas, ends.map(|x| [x, y]), [0.0, 4.0], ground);
        }
    }
    for (index, name) in names.iter().enumerate() {
        let y = frame.y(1.0 - (index as f64 + 0.5) / count as f64);
        canvas.text(
            name,
            [frame.left - 8.0, y],
            Lettering::new(SMALL_TEXT, ground.muted, Anchor::End),
        );
    }
    frame.title_vertical(&mut canvas, &bars.category_label, ground);
    let zero = frame.x(foot(map, 0.0));
    canvas.line(
        [zero, frame.top],
        [zero, frame.bottom],
        Pen::new(ground.muted, 1.0),
    );
    for mark in &bars.marks {
        if let Some(fraction) = mark.y.and_then(|y| map.fraction(y)) {
            let x = frame.x(fraction);
            canvas.line([x, frame.top], [x, frame.bottom], Pen::dashed(ground.muted, 1.3));
            let lettering = Lettering::new(SMALL_TEXT, ground.ink, Anchor::Middle);
            canvas.text(&mark.label, [x, frame.top - 10.0], lettering);
        }
    }
    legend::draw(&mut canvas, &entries(bars, ground), (left, right, top), ground);
    canvas
}

/// An error bar between two points with caps that reach `cap` to either side.
fn draw_error(canvas: &mut Canvas, ends: [[f64; 2]; 2], cap: [f64; 2], ground: &Ground) {
    let pen = Pen::new(ground.ink, 1.3);
    canvas.line(ends[0], ends[1], pen);
    for [x, y] in ends {
        canvas.line([x - cap[0], y - cap[1]], [x + cap[0], y + cap[1]], pen);
    }
}
