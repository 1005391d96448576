//! Curves with bands, error bars and marks.

use super::WIDTH;
use super::axes::{Frame, Map, SMALL_TEXT, label_margin};
use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, shortened, text_width};
use super::legend::{self, Sample};
use crate::thinning::drawn_indices;
use crate::{Curve, CurveStyle, Lines, Mark, readable_number};

const PLOT_HEIGHT: f64 = 340.0;

pub(crate) fn draw(lines: &Lines, top: f64, ground: &Ground) -> Canvas {
    let marks_x = lines.marks.iter().filter_map(|mark| mark.x);
    let marks_y = lines.marks.iter().filter_map(|mark| mark.y);
    let xs = lines
        .curves
        .iter()
        .flat_map(|curve| curve.x.iter().copied())
        .chain(marks_x);
    let ys = lines
        .curves
        .iter()
        .flat_map(|curve| {
            curve
                .y
                .iter()
                .chain(curve.lower.iter().flatten())
                .chain(curve.upper.iter().flatten())
        })
        .copied()
        .chain(marks_y)
        .chain(stands_on_zero(lines).then_some(0.0));
    let x_map = Map::over(xs, lines.x_axis.scale, false);
    let y_map = Map::over(ys, lines.y_axis.scale, false);
    let left = label_margin(y_map.ticks.iter().map(|tick| tick.1.as_str()));
    let right = WIDTH - 24.0;
    let curves = lines.curves.iter().enumerate();
    let entries = legend::of_several(
        curves
            .map(|(index, curve)| (curve.name.as_str(), ground.category(index), sample(curve.style)))
            .collect(),
    );
    let legend_height = legend::height(&entries, left, right);
    let frame = Frame {
        left,
        right,
        top: top + legend_height,
        bottom: top + legend_height + PLOT_HEIGHT,
    };
    let mut canvas = Canvas::new(WIDTH, frame.bottom + 62.0);
    frame.draw_vertical(&mut canvas, &y_map, &lines.y_axis, ground);
    frame.draw_horizontal(&mut canvas, &x_map, &lines.x_axis, ground);
    let place = |x: f64, y: f64| Some([frame.x(x_map.fraction(x)?), frame.y(y_map.fraction(y)?)]);
    for (index, curve) in lines.curves.iter().enumerate() {
        draw_band(&mut canvas, curve, ground.category(index), &place);
    }
    for (index, curve) in lines.curves.iter().enumerate() {
        draw_curve(&mut canvas, curve, ground.category(index), &place, ground);
    }
    frame.draw_sides(&mut canvas, ground);
    for (index, mark) in lines.marks.iter().enumerate() {
        let x = mark.x.and_then(|x| x_map.fraction(x)).map(|x| frame.x(x));
        let y = mark.y.and_then(|y| y_map.fraction(y)).map(|y| frame.y(y));
        draw_mark(&mut canvas, mark, (x, y), index, frame, ground);
    }
    legend::draw(&mut canvas, &entries, (left, right, top), ground);
    canvas
}

/// Whether a curve is drawn from 0.
fn stands_on_zero(lines: &Lines) -> bool {
    lines.curves.iter().any(|curve| curve.style == CurveStyle::Sticks)
}

pub(super) fn sample(style: CurveStyle) -> Sample {
    match style {
        CurveStyle::Line | CurveStyle::Sticks => Sample::Line,
        CurveStyle::Markers => Sample::Dot,
        CurveStyle::LineAndMarkers => Sample::LineAndDot,
        CurveStyle::Dashed => Sample::Dashes,
    }
}

/// Runs of consecutive drawable points.
pub(super) fn runs(points: impl Iterator<Item = Option<[f64; 2]>>) -> Vec<Vec<[f64; 2]>> {
    let mut runs = vec![Vec::new()];
    for point in points {
        match (point, runs.last_mut()) {
            (Some(point), Some(run)) => run.push(point),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn draw_band(
    canvas: &mut Canvas,
    curve: &Curve,
    colour: &str,
    place: &impl Fn(f64, f64) -> Option<[f64; 2]>,
) {
    let (Some(lower), Some(upper)) = (&curve.lower, &curve.upper) else {
        return;
    };
    if curve.style == CurveStyle::Markers {
        for ((&x, &low), &high) in curve.x.iter().zip(lower).zip(upper) {
            if let (Some(from), Some(to)) = (place(x, low), place(x, high)) {
                canvas.line(from, to, Pen::new(colour, 1.5));
                for [x, y] in [from, to] {
                    canvas.line([x - 4.0, y], [x + 4.0, y], Pen::new(colour, 1.5));
                }
            }
        }
        return;
    }
    let mut stretch: (Vec<[f64; 2]>, Vec<[f64; 2]>) = Default::default();
    for index in drawn_indices(&curve.y) {
        match (
            place(curve.x[index], lower[index]),
            place(curve.x[index], upper[index]),
        ) {
            (Some(low), Some(high)) => {
                stretch.0.push(low);
                stretch.1.push(high);
            }
            _ => fill_stretch(canvas, std::mem::take(&mut stretch), colour),
        }
    }
    fill_stretch(canvas, stretch, colour);
}

fn fill_stretch(canvas: &mut Canvas, (mut lower, upper): (Vec<[f64; 2]>, Vec<[f64; 2]>), colour: &str) {
    if lower.len() > 1 {
        lower.extend(upper.into_iter().rev());
        canvas.polygon(&lower, colour, 0.18, "");
    }
}

pub(super) fn draw_curve(
    canvas: &mut Canvas,
    curve: &Curve,
    colour: &str,
    place: &impl Fn(f64, f64) -> Option<[f64; 2]>,
    ground: &Ground,
) {
    let indices = drawn_indices(&curve.y);
    if curve.style == CurveStyle::Sticks {
        for &index in &indices {
            let x = curve.x[index];
            if let (Some(foot), Some(top)) = (place(x, 0.0), place(x, curve.y[index])) {
                canvas.line(foot, top, Pen::new(colour, 3.0));
            }
        }
        return;
    }
    if curve.style != CurveStyle::Markers {
        let pen = if curve.style == CurveStyle::Dashed {
            Pen::dashed(colour, 2.0)
        } else {
            Pen::new(colour, 2.0)
        };
        for run in runs(indices.iter().map(|&index| place(curve.x[index], curve.y[index]))) {
            canvas.polyline(&run, pen);
        }
    }
    if matches!(curve.style, CurveStyle::Markers | CurveStyle::LineAndMarkers) {
        for &index in &indices {
            if let Some(point) = place(curve.x[index], curve.y[index]) {
                let (x, y) = (
                    readable_number(curve.x[index], 5),
                    readable_number(curve.y[index], 5),
                );
                let hover = format!("{}: ({x}, {y})", curve.name);
                canvas.circle(point, 3.8, colour, Pen::new(ground.halo, 1.0), &hover);
            }
        }
    }
}

pub(super) fn draw_mark(
    canvas: &mut Canvas,
    mark: &Mark,
    place: (Option<f64>, Option<f64>),
    index: usize,
    frame: Frame,
    ground: &Ground,
) {
    let pen = Pen::dashed(ground.muted, 1.3);
    let mut lettering = Lettering::new(SMALL_TEXT, ground.ink, Anchor::Start);
    lettering.rim = Some(ground.halo);
    let label = shortened(&mark.label, 0.6 * (frame.right - frame.left), SMALL_TEXT);
    let width = text_width(&label, SMALL_TEXT) + 8.0;
    match place {
        (Some(x), None) => {
            canvas.line([x, frame.top], [x, frame.bottom], pen);
            // Labels of neighbouring lines stand at different heights.
            let y = frame.top + 12.0 + 18.0 * (index % 4) as f64;
            let fits = x + 6.0 + width < frame.right;
            lettering.anchor = if fits { Anchor::Start } else { Anchor::End };
            canvas.text(&label, [if fits { x + 6.0 } else { x - 6.0 }, y], lettering);
        }
        (None, Some(y)) => {
            canvas.line([frame.left, y], [frame.right, y], pen);
            lettering.anchor = Anchor::End;
            let above = y - 10.0 > frame.top;
            canvas.text(
                &label,
                [frame.right - 6.0, if above { y - 10.0 } else { y + 11.0 }],
                lettering,
            );
        }
        (Some(x), Some(y)) if mark.label_only => {
            lettering.anchor = Anchor::Middle;
            canvas.text(&label, [x, y], lettering);
        }
        (Some(x), Some(y)) => {
            canvas.circle([x, y], 5.0, "none", Pen::new(ground.ink, 1.6), &mark.label);
            let fits = x + 10.0 + width < frame.right;
            lettering.anchor = if fits { Anchor::Start } else { Anchor::End };
            canvas.text(
                &label,
                [if fits { x + 10.0 } else { x - 10.0 }, y - 12.0],
                lettering,
            );
        }
        (None, None) => {}
    }
}
