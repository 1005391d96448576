//! Values on a grid as coloured cells.

use super::WIDTH;
use super::axes::{Frame, Map, SMALL_TEXT, label_margin};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened, text_width};
use super::legend::{self, COLOUR_BAR_WIDTH};
use crate::colour::Run;
use crate::{Axis, ColourRun, Heatmap, Positions, Scale};

/// Most cells along a side that are drawn singly; finer maps are drawn by every n-th row or column.
const MOST_CELLS: usize = 240;

/// Colours of lines over the cells, whose colours are the same on light and dark pages.
const OVERLAY_INK: &str = "#111111";
const OVERLAY_RIM: &str = "#ffffff";

pub(crate) fn draw(map: &Heatmap, top: f64, ground: &Ground) -> Canvas {
    let range = value_range(map);
    let values = Map::between(range.0, range.1, map.value_axis.scale);
    let run = Run::from(map.colours);
    let y_side = Side::new(&map.y, &map.y_axis);
    let x_side = Side::new(&map.x, &map.x_axis);
    let left = label_margin(y_side.labels.iter().map(|label| label.1.as_str()));
    let frame = Frame {
        left,
        right: WIDTH - 20.0 - COLOUR_BAR_WIDTH,
        top,
        bottom: top + 380.0,
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
    draw_overlays(&mut canvas, map, frame, (&x_side, &y_side));
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
    frame.draw_sides(&mut canvas, ground);
    legend::draw_colour_bar(&mut canvas, frame, (&values, &map.value_axis, run), false, ground);
    canvas
}

/// Lines over the cells, dark on a light rim so that they stand out from every colour; what lies outside of the frame is left out.
fn draw_overlays(canvas: &mut Canvas, map: &Heatmap, frame: Frame, sides: (&Side, &Side)) {
    let mut named: Vec<&str> = Vec::new();
    for overlay in &map.overlays {
        let place = |(x, y): (&f64, &f64)| {
            let inside = |fraction: &f64| (0.0..=1.0).contains(fraction);
            let x = sides.0.fraction(*x).filter(inside)?;
            let y = sides.1.fraction(*y).filter(inside)?;
            Some([frame.x(x), frame.y(y)])
        };
        let places: Vec<Option<[f64; 2]>> = overlay.x.iter().zip(&overlay.y).map(place).collect();
        for run in places.split(Option::is_none) {
            let run: Vec<[f64; 2]> = run.iter().copied().flatten().collect();
            if run.len() > 1 {
                canvas.polyline(&run, Pen::new(OVERLAY_RIM, 3.6));
                canvas.polyline(&run, Pen::dashed(OVERLAY_INK, 1.8));
            }
        }
        let last = places.iter().copied().flatten().next_back();
        if let Some([x, y]) = last.filter(|_| !named.contains(&overlay.name.as_str())) {
            named.push(&overlay.name);
            let mut lettering = Lettering::new(SMALL_TEXT, OVERLAY_INK, Anchor::End);
            lettering.rim = Some(OVERLAY_RIM);
            let width = text_width(&overlay.name, SMALL_TEXT);
            let at = [
                (x - 8.0).max(frame.left + width + 4.0),
                (y - 12.0).clamp(frame.top + 14.0, frame.bottom - 8.0),
            ];
            canvas.text(&overlay.name, at, lettering);
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
    /// From numbers to fractions, if the side has numbers.
    map: Option<Map>,
}

impl Side {
    fn fraction(&self, value: f64) -> Option<f64> {
        self.map.as_ref()?.fraction(value)
    }

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

    /// Borders half-way between increasing values; none if they do not increase.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Overlay;
    use crate::svg::canvas::PAPER;

    fn drawn(points: &[(f64, f64)]) -> String {
        let map = Heatmap::new(
            Axis::new("x", ""),
            vec![0.0, 1.0, 2.0],
            Axis::new("y", ""),
            vec![0.0, 1.0, 2.0],
            Axis::new("z", ""),
            vec![vec![1.0; 3]; 3],
        )
        .overlay(Overlay::new("critical line", points.iter().copied()));
        draw(&map, 0.0, &PAPER).finish("map", "a map", &PAPER)
    }

    #[test]
    fn a_line_over_the_cells_has_a_name_and_a_gap_where_it_leaves_the_map() {
        let lines = |svg: &str| svg.matches(OVERLAY_INK).count();
        let whole = drawn(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]);
        assert!(whole.contains("critical line"));
        // the line and its name
        assert_eq!(lines(&whole), 2, "{whole}");
        let broken = drawn(&[(0.0, 0.0), (0.5, 0.5), (9.0, 9.0), (1.5, 1.5), (2.0, 2.0)]);
        assert_eq!(lines(&broken), 3, "{broken}");
        assert!(!drawn(&[(9.0, 9.0)]).contains("critical line"));
    }
}
