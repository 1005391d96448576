//! Colours that people with colour-vision deficiency can tell apart, on light and dark grounds.
//!
//! Categories: Okabe and Ito (2008), without black, in an order that keeps neighbours apart, then three that differ
//! from them in lightness or lack of colour. Magnitudes:
//! viridis (van der Walt and Smith, 2015), monotone in lightness. Two signs: the blue–red scale of Brewer.

use crate::ColourRun;

/// Colours of categories, used in turn, on light ground.
pub(crate) const CATEGORIES: [&str; 10] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7a3e12", "#7b828c",
    "#1c2f7a",
];

/// The same colours for dark ground.
pub(crate) const DARK_CATEGORIES: [&str; 10] = [
    "#4da3e0", "#f0803c", "#2fbf94", "#dfa0c5", "#f0b53d", "#7cc8f2", "#b39ddb", "#b98a5e", "#a4abb5",
    "#7d8fe8",
];

/// The same colours as variables of the page, which knows whether it is light or dark.
pub(crate) const PAGE_CATEGORIES: [&str; 10] = [
    "var(--category-0)",
    "var(--category-1)",
    "var(--category-2)",
    "var(--category-3)",
    "var(--category-4)",
    "var(--category-5)",
    "var(--category-6)",
    "var(--category-7)",
    "var(--category-8)",
    "var(--category-9)",
];

/// Colour of infinite values: outside the viridis run.
pub(crate) const INFINITE: &str = "#d55e00";

/// Equally spaced support points of viridis.
const VIRIDIS: [[u8; 3]; 10] = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 73, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [110, 206, 88],
    [181, 222, 43],
    [253, 231, 37],
];

/// Equally spaced support points of the diverging run.
const DIVERGING: [[u8; 3]; 9] = [
    [33, 102, 172],
    [67, 147, 195],
    [146, 197, 222],
    [209, 229, 240],
    [247, 247, 247],
    [253, 219, 199],
    [244, 165, 130],
    [214, 96, 77],
    [178, 24, 43],
];

/// The category colour with this index, beginning again after the last.
pub(crate) fn category(index: usize) -> &'static str {
    CATEGORIES[index % CATEGORIES.len()]
}

/// A run of colours over the fraction 0…1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    /// Full viridis, for areas.
    Sequential,
    /// Viridis without its darkest and brightest ends, for thin lines on light and dark grounds.
    Lines,
    /// Blue over white to red.
    Diverging,
}

impl From<ColourRun> for Run {
    fn from(run: ColourRun) -> Self {
        match run {
            ColourRun::Sequential => Self::Sequential,
            ColourRun::Diverging => Self::Diverging,
        }
    }
}

impl Run {
    /// Colour at a fraction (held within 0…1), as `#rrggbb`.
    pub(crate) fn at(self, fraction: f64) -> String {
        let fraction = if fraction.is_nan() {
            0.0
        } else {
            fraction.clamp(0.0, 1.0)
        };
        let (points, fraction): (&[[u8; 3]], f64) = match self {
            Self::Sequential => (&VIRIDIS, fraction),
            Self::Lines => (&VIRIDIS, 0.15 + 0.75 * fraction),
            Self::Diverging => (&DIVERGING, fraction),
        };
        let place = fraction * (points.len() - 1) as f64;
        let lower = (place.floor() as usize).min(points.len() - 2);
        let part = place - lower as f64;
        let channel = |index: usize| {
            let (low, high) = (
                f64::from(points[lower][index]),
                f64::from(points[lower + 1][index]),
            );
            (low + part * (high - low)).round() as u8
        };
        format!("#{:02x}{:02x}{:02x}", channel(0), channel(1), channel(2))
    }

    /// Eleven support points (fraction, colour), for libraries that interpolate themselves.
    pub(crate) fn points(self) -> Vec<(f64, String)> {
        (0..=10)
            .map(|index| f64::from(index) / 10.0)
            .map(|fraction| (fraction, self.at(fraction)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_has_the_same_category_colours() {
        let style = include_str!("html/page.css");
        for (index, (light, dark)) in CATEGORIES.iter().zip(DARK_CATEGORIES).enumerate() {
            assert_eq!(style.matches(&format!("--category-{index}: {light};")).count(), 1);
            assert_eq!(style.matches(&format!("--category-{index}: {dark};")).count(), 2);
            assert_eq!(PAGE_CATEGORIES[index], format!("var(--category-{index})"));
        }
    }

    #[test]
    fn the_run_begins_and_ends_at_its_outer_points() {
        assert_eq!(Run::Sequential.at(0.0), "#440154");
        assert_eq!(Run::Sequential.at(1.0), "#fde725");
        assert_eq!(Run::Diverging.at(0.5), "#f7f7f7");
        assert_eq!(Run::Sequential.at(f64::NAN), "#440154");
        assert_eq!(Run::Sequential.at(7.0), "#fde725");
    }
}
