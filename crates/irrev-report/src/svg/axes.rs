//! Axes: from values to pixels, with round ticks, and the frame around a plot.

use super::canvas::{Anchor, Canvas, Ground, Lettering, Pen, text_width};
use crate::{Axis, Scale, readable_number};

/// Size of tick labels and legends, in pixels.
pub(crate) const SMALL_TEXT: f64 = 13.0;
/// Size of axis titles, in pixels.
pub(crate) const AXIS_TEXT: f64 = 14.0;

/// The map from values to a fraction 0…1 of an axis, with its ticks.
pub(crate) struct Map {
    low: f64,
    high: f64,
    scale: Scale,
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Map {
    /// A map that shows all drawable values with a margin, or from zero if `from_zero`.
    pub(crate) fn over(values: impl Iterator<Item = f64>, scale: Scale, from_zero: bool) -> Self {
        let drawable = |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
        let (low, high) = values
            .filter(drawable)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        let (low, high) = match (low <= high, scale) {
            (false, Scale::Linear) => (0.0, 1.0),
            (false, Scale::Logarithmic) => (0.1, 10.0),
            (true, _) => (low, high),
        };
        match scale {
            Scale::Linear => {
                let (low, high) = if from_zero {
                    (low.min(0.0), high.max(0.0))
                } else {
                    (low, high)
                };
                let span = if high > low {
                    high - low
                } else {
                    high.abs().max(1.0)
                };
                // A side that is pinned to zero has no margin.
                let margin = |side: f64| {
                    if from_zero && side == 0.0 {
                        0.0
                    } else {
                        0.05 * span
                    }
                };
                Self::linear(low - margin(low), high + margin(high))
            }
            Scale::Logarithmic => {
                let factor = if high > low {
                    (high / low).powf(0.04).max(1.05)
                } else {
                    10.0
                };
                Self::logarithmic(low / factor, high * factor)
            }
        }
    }

    /// A map between exactly these ends.
    pub(crate) fn between(low: f64, high: f64, scale: Scale) -> Self {
        match scale {
            Scale::Linear => Self::linear(low, if high > low { high } else { low + 1.0 }),
            Scale::Logarithmic => Self::logarithmic(low, if high > low { high } else { low * 10.0 }),
        }
    }

    fn linear(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            scale: Scale::Linear,
            ticks: linear_ticks(low, high),
        }
    }

    fn logarithmic(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            scale: Scale::Logarithmic,
            ticks: logarithmic_ticks(low, high),
        }
    }

    /// Place of a value, 0…1 within the frame; none for a gap.
    pub(crate) fn fraction(&self, value: f64) -> Option<f64> {
        let fraction = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Logarithmic => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        fraction.is_finite().then_some(fraction)
    }
}

/// Multiples of 1, 2 or 5 times a power of ten, about seven of them.
fn linear_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let rough = (high - low) / 7.0;
    let decade = 10f64.powf(rough.log10().floor());
    // The nearest of the steps by ratio: the borders are the geometric means √2, √10 and √50.
    let ratio = rough / decade;
    let factor = match ratio {
        ratio if ratio < 2f64.sqrt() => 1.0,
        ratio if ratio < 10f64.sqrt() => 2.0,
        ratio if ratio < 50f64.sqrt() => 5.0,
        _ => 10.0,
    };
    let step = factor * decade;
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    // An end that is a multiple but for rounding gets its tick.
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    // Ranges far from zero and narrower than the spacing of numbers have no ticks between their ends.
    if !(last - first).is_finite() || last - first > 20.0 {
        return vec![(low, readable_number(low, 6)), (high, readable_number(high, 6))];
    }
    let largest = low.abs().max(high.abs());
    let digits = ((largest / step).log10().floor() as i32 + 2).clamp(1, 15) as usize;
    // Counted in whole numbers: far from zero, `first + 1.0` may equal `first`.
    (0..=(last - first).max(0.0) as usize)
        .map(|index| (first + index as f64) * step)
        // A multiple carries rounding such as 0.30000000000000004, which the label must not show.
        .map(|value| (value, readable_number(value, digits)))
        .collect()
}

/// Powers of ten, thinned to at most eight; with 2 and 5 between them where there are fewer than three.
fn logarithmic_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    // Held to the exponents that numbers have; the ends themselves may have left their range.
    let exponent = |value: f64| value.clamp(-324.0, 308.0) as i32;
    let (first, last) = (exponent(low.log10().ceil()), exponent(high.log10().floor()));
    let decades = last - first + 1;
    if decades >= 3 {
        let stride = (decades as usize).div_ceil(8);
        return (first..=last)
            .step_by(stride)
            .map(|exponent| {
                (
                    10f64.powi(exponent),
                    power_of_ten(exponent, first < -2 || last > 3),
                )
            })
            .collect();
    }
    (first - 1..=last)
        .flat_map(|exponent| [1.0, 2.0, 5.0].map(|factor| factor * 10f64.powi(exponent)))
        .filter(|value| (low..=high).contains(value))
        .map(|value| (value, readable_number(value, 1)))
        .collect()
}

/// `10⁻³`, or the number in full where all ticks are short.
fn power_of_ten(exponent: i32, as_power: bool) -> String {
    if !as_power {
        return readable_number(10f64.powi(exponent), 1);
    }
    if exponent == 0 {
        return "1".to_owned();
    }
    let superscript = |character| match character {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' => '⁰',
        digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
    };
    "10".chars()
        .chain(exponent.to_string().chars().map(superscript))
        .collect()
}

/// The rectangle of a plot on the canvas, in pixels.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Frame {
    pub(crate) fn x(&self, fraction: f64) -> f64 {
        self.left + fraction * (self.right - self.left)
    }

    pub(crate) fn y(&self, fraction: f64) -> f64 {
        self.bottom - fraction * (self.bottom - self.top)
    }

    /// Grid, ticks and title of the vertical axis.
    pub(crate) fn draw_vertical(&self, canvas: &mut Canvas, map: &Map, axis: &Axis, ground: &Ground) {
        for (value, label) in &map.ticks {
            if let Some(fraction) = map.fraction(*value) {
                let y = self.y(fraction);
                canvas.line([self.left, y], [self.right, y], Pen::new(ground.grid, 1.0));
                let lettering = Lettering::new(SMALL_TEXT, ground.muted, Anchor::End);
                canvas.text(label, [self.left - 8.0, y], lettering);
            }
        }
        self.title_vertical(canvas, &axis.title(), ground);
    }

    pub(crate) fn title_vertical(&self, canvas: &mut Canvas, title: &str, ground: &Ground) {
        let mut lettering = Lettering::new(AXIS_TEXT, ground.ink, Anchor::Middle);
        lettering.upwards = true;
        canvas.text(title, [16.0, 0.5 * (self.top + self.bottom)], lettering);
    }

    /// Grid, ticks and title of the horizontal axis.
    pub(crate) fn draw_horizontal(&self, canvas: &mut Canvas, map: &Map, axis: &Axis, ground: &Ground) {
        for (value, label) in &map.ticks {
            if let Some(fraction) = map.fraction(*value) {
                let x = self.x(fraction);
                canvas.line([x, self.top], [x, self.bottom], Pen::new(ground.grid, 1.0));
                let lettering = Lettering::new(SMALL_TEXT, ground.muted, Anchor::Middle);
                canvas.text(label, [x, self.bottom + 16.0], lettering);
            }
        }
        self.title_horizontal(canvas, &axis.title(), self.bottom + 42.0, ground);
    }

    pub(crate) fn title_horizontal(&self, canvas: &mut Canvas, title: &str, y: f64, ground: &Ground) {
        let lettering = Lettering::new(AXIS_TEXT, ground.ink, Anchor::Middle);
        canvas.text(title, [0.5 * (self.left + self.right), y], lettering);
    }

    /// The left and lower side.
    pub(crate) fn draw_sides(&self, canvas: &mut Canvas, ground: &Ground) {
        let corner = [self.left, self.bottom];
        canvas.polyline(
            &[[self.left, self.top], corner, [self.right, self.bottom]],
            Pen::new(ground.muted, 1.0),
        );
    }
}

/// Width that the labels of an axis need left of it, with its title.
pub(crate) fn label_margin<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    let widest = labels
        .map(|label| text_width(label, SMALL_TEXT))
        .fold(0.0, f64::max);
    (widest + 44.0).clamp(60.0, 240.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, scale: Scale) -> Vec<String> {
        Map::between(low, high, scale)
            .ticks
            .into_iter()
            .map(|tick| tick.1)
            .collect()
    }

    #[test]
    fn ticks_are_round_and_about_seven() {
        assert_eq!(
            labels(0.0, 0.7, Scale::Linear),
            ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"]
        );
        assert_eq!(
            labels(-3.0, 4.0, Scale::Linear),
            ["−3", "−2", "−1", "0", "1", "2", "3", "4"]
        );
        assert_eq!(
            labels(1.0, 1000.0, Scale::Logarithmic),
            ["1", "10", "100", "1000"]
        );
        assert_eq!(
            labels(1e-4, 1.0, Scale::Logarithmic),
            ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]
        );
        assert_eq!(labels(1.0, 12.0, Scale::Logarithmic), ["1", "2", "5", "10"]);
    }

    #[test]
    fn extreme_ranges_have_few_ticks() {
        let ends = [
            0.0,
            5e-324,
            1e-300,
            1.0,
            1.0 + f64::EPSILON,
            1e16,
            1e300,
            f64::MAX,
            f64::INFINITY,
        ];
        for low in ends {
            for high in ends {
                for scale in [Scale::Linear, Scale::Logarithmic] {
                    for (low, high) in [(low, high), (-high, low), (-high, -low)] {
                        assert!(labels(low, high, scale).len() <= 21, "{low} {high} {scale:?}");
                    }
                }
            }
        }
    }
}
