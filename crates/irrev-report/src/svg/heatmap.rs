//! Values on a grid as coloured cells.

use super::WIDTH;
use super::axes::{Frame, Map, SMALL_TEXT, label_margin};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened};
use super::legend::{self, COLOUR_BAR_WIDTH, Entry};
use super::lines::{draw_curve, draw_mark, runs, sample};
use crate::colour::Run;
use crate::{Axis, ColourRun, Curve, CurveStyle, Heatmap, Positions, Scale};

/// Most cells along a side that are drawn singly; finer maps are drawn by every n-th row or column.
const MOST_CELLS: usize = 240;

pub(crate) fn draw(map: &Heatmap, top: f64, ground: &Ground) -> Canvas {
    let range = value_range(map);
    let values = Map::between(range.0, range.1, map.value_axis.scale);
    let run = Run::from(map.colours);
    let y_side = Side::new(&map.y, &map.y_axis);
    let x_side = Side::new(&map.x, &map.x_axis);
    let left = label_margin(y_side.labels.iter().map(|label| label.1.as_str()));
    let entries = entries(map, (&x_side, &y_side), ground);
    let legend_height = legend::height(&entries, left, WIDTH - 24.0);
    let frame = Frame {
        left,
        right: WIDTH - 20.0 - COLOUR_BAR_WIDTH,
        top: top + legend_height,
        bottom: top + legend_height + 380.0,
    };
    let mut canvas = Canvas::new(WIDTH, frame.bottom + 62.0);
    let (y_stride, x_stride) = (
        map.y.len().div_ceil(MOST_CELLS).max(1),
        map.x.len().div_ceil(MOST_CELLS).max(1),
    );
    for row in (0..map.y.len()).step_by(y_stride) {
        let (bottom, top) = (
            y_side.borders[row],
            y_side.borders[(row + y_stride).min(map.y.len())],
        );
        for column in (0..map.x.len()).step_by(x_stride) {
            let (left, right) = (
                x_side.borders[column],
                x_side.borders[(column + x_stride).min(map.x.len())],
            );
            let Some(fraction) = values.fraction(map.values[row][column]) else {
                continue;
            };
            // Cells reach a little into the next, or hairlines would show between them.
            let reach = |end: f64| if end < 1.0 { 0.5 } else { 0.0 };
            let one = [frame.x(left), frame.y(bottom)];
            let other = [frame.x(right) + reach(right), frame.y(top) - reach(top)];
            canvas.rectangle(one, other, &run.at(fraction), "");
        }
    }
    for (fraction, label) in &y_side.labels {
        let lettering = Lettering::new(SMALL_TEXT, ground.muted, Anchor::End);
        canvas.text(label, [frame.left - 8.0, frame.y(*fraction)], lettering);
    }
    let room = (frame.right - frame.left) / x_side.labels.len().max(1) as f64;
    for (fraction, label) in &x_side.labels {
        let lettering = Lettering::new(SMALL_TEXT, ground.muted, Anchor::Middle);
        let label = shortened(label, room.max(30.0), SMALL_TEXT);
        canvas.text(&label, [frame.x(*fraction), frame.bottom + 16.0], lettering);
    }
    frame.title_vertical(&mut canvas, &map.y_axis.title(), ground);
    frame.title_horizontal(&mut canvas, &map.x_axis.title(), frame.bottom + 42.0, ground);
    draw_over(map, (&x_side, &y_side), &mut canvas, frame, ground);
    frame.draw_sides(&mut canvas, ground);
    legend::draw(&mut canvas, &entries, (left, WIDTH - 24.0, top), ground);
    legend::draw_colour_bar(&mut canvas, frame, (&values, &map.value_axis, run), false, ground);
    canvas
}

/// The category colour of a curve over the cells. The first is near to the run of colours and left out, and so is the fifth, an orange as the second is.
pub(crate) fn over(index: usize) -> usize {
    index + if index < 3 { 1 } else { 2 }
}

/// The curves of which something is drawn: even a single one is not what the title is about.
fn entries<'a>(map: &'a Heatmap, sides: (&Side, &Side), ground: &Ground) -> Vec<Entry<'a>> {
    let curves = map.curves.iter().enumerate();
    let is_drawn = |curve: &Curve| {
        let mut points = curve.x.iter().zip(&curve.y);
        points.any(|(x, y)| sides.0.inside(*x).is_some() && sides.1.inside(*y).is_some())
    };
    curves
        .filter(|(_, curve)| is_drawn(curve))
        .map(|(index, curve)| {
            (
                curve.name.as_str(),
                ground.category(over(index)),
                sample(curve.style),
            )
        })
        .collect()
}

/// Curves and marks over the cells, each on a rim that parts it from their colours.
fn draw_over(map: &Heatmap, sides: (&Side, &Side), canvas: &mut Canvas, frame: Frame, ground: &Ground) {
    if sides.0.map.is_none() || sides.1.map.is_none() {
        return;
    }
    let x_of = |x: f64| sides.0.inside(x).map(|x| frame.x(x));
    let y_of = |y: f64| sides.1.inside(y).map(|y| frame.y(y));
    let place = |x: f64, y: f64| Some([x_of(x)?, y_of(y)?]);
    for (index, curve) in map.curves.iter().enumerate() {
        if curve.style != CurveStyle::Markers {
            for run in runs(curve.x.iter().zip(&curve.y).map(|(x, y)| place(*x, *y))) {
                canvas.polyline(&run, Pen::new(ground.halo, 4.0));
            }
        }
        draw_curve(canvas, curve, ground.category(over(index)), &place, ground);
    }
    for (index, mark) in map.marks.iter().enumerate() {
        let (x, y) = (mark.x.and_then(x_of), mark.y.and_then(y_of));
        // a mark of which a part lies outside would look like another kind of mark
        if x.is_some() == mark.x.is_some() && y.is_some() == mark.y.is_some() {
            draw_mark(canvas, mark, (x, y), index, frame, ground);
        }
    }
}

/// Ends of the colours: the drawable values, made symmetric about zero for a diverging run.
pub(crate) fn value_range(map: &Heatmap) -> (f64, f64) {
    let logarithmic = map.value_axis.scale == Scale::Logarithmic;
    let drawable = |value: &f64| value.is_finite() && (!logarithmic || *value > 0.0);
    let values = map.values.iter().flatten().copied().filter(drawable);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return if logarithmic { (0.1, 1.0) } else { (0.0, 1.0) };
    }
    let largest = low.abs().max(high.abs());
    if map.colours == ColourRun::Diverging && !logarithmic && largest > 0.0 {
        (-largest, largest)
    } else {
        (low, high)
    }
}

/// One side of the map: where cells begin and end, and which labels stand where, as fractions.
struct Side {
    borders: Vec<f64>,
    labels: Vec<(f64, String)>,
    /// From numbers to fractions, where positions are numbers.
    map: Option<Map>,
}

impl Side {
    fn new(positions: &Positions, axis: &Axis) -> Self {
        match positions {
            Positions::Numbers(values) => Self::numbers(values, axis).unwrap_or_else(|| {
                Self::even(values.len(), |index| crate::readable_number(values[index], 4))
            }),
            Positions::Labels(labels) => {
                Self::even(labels.len(), |index| shortened(&labels[index], 190.0, SMALL_TEXT))
            }
        }
    }

    /// Borders half-way between increasing values; none if they do not increase, or lie apart by more than numbers hold.
    fn numbers(values: &[f64], axis: &Axis) -> Option<Self> {
        let logarithmic = axis.scale == Scale::Logarithmic;
        let coordinate = |value: f64| if logarithmic { value.ln() } else { value };
        let places: Vec<f64> = values.iter().map(|&value| coordinate(value)).collect();
        if places.len() < 2
            || !places.iter().all(|place| place.is_finite())
            || !places.windows(2).all(|pair| pair[0] < pair[1])
        {
            return None;
        }
        let half = |one: f64, other: f64| 0.5 * (other - one);
        let first = places[0] - half(places[0], places[1]);
        let end = places.len() - 1;
        let last = places[end] + half(places[end - 1], places[end]);
        // a side longer than the range of numbers
        if !(last - first).is_finite() {
            return None;
        }
        let inner = places.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]));
        let borders = std::iter::once(first)
            .chain(inner)
            .chain(std::iter::once(last))
            .map(|place| (place - first) / (last - first))
            .collect();
        let value = |place: f64| if logarithmic { place.exp() } else { place };
        let map = Map::between(value(first), value(last), axis.scale);
        let labels = map
            .ticks
            .iter()
            .filter_map(|(value, label)| Some((map.fraction(*value)?, label.clone())))
            .collect();
        Some(Self {
            borders,
            labels,
            map: Some(map),
        })
    }

    /// The fraction at which a number lies, if that is on this side and positions are numbers.
    fn inside(&self, value: f64) -> Option<f64> {
        let fraction = self.map.as_ref()?.fraction(value);
        fraction.filter(|fraction| (0.0..=1.0).contains(fraction))
    }

    /// Equal cells with at most 24 labels.
    fn even(count: usize, label: impl Fn(usize) -> String) -> Self {
        let borders = (0..=count)
            .map(|index| index as f64 / count.max(1) as f64)
            .collect();
        let labels = (0..count)
            .step_by(count.div_ceil(24).max(1))
            .map(|index| ((index as f64 + 0.5) / count as f64, label(index)))
            .collect();
        Self {
            borders,
            labels,
            map: None,
        }
    }
}
