//! The few SVG elements that the figures need, with text escaped and numbers in hundredths of a pixel.

use crate::colour::{CATEGORIES, PAGE_CATEGORIES};
use std::fmt::Write;

/// Colours of everything that is not data.
pub(crate) struct Ground {
    /// Behind everything; none leaves the page's own ground.
    pub(crate) background: Option<&'static str>,
    /// Text and axes.
    pub(crate) ink: &'static str,
    /// Secondary text and reference lines.
    pub(crate) muted: &'static str,
    /// Grid lines.
    pub(crate) grid: &'static str,
    /// Around nodes and markers, to part them from what lies below.
    pub(crate) halo: &'static str,
    /// Colours of categories, used in turn.
    pub(crate) categories: [&'static str; 10],
}

impl Ground {
    /// The category colour with this index, beginning again after the last.
    pub(crate) fn category(&self, index: usize) -> &'static str {
        self.categories[index % self.categories.len()]
    }
}

/// For files: dark ink on white paper.
pub(crate) const PAPER: Ground = Ground {
    background: Some("#ffffff"),
    ink: "#1c2430",
    muted: "#5b6675",
    grid: "#e3e7ec",
    halo: "#ffffff",
    categories: CATEGORIES,
};

/// For drawings inside the page: the page's own colours, light or dark.
pub(crate) const PAGE: Ground = Ground {
    background: None,
    ink: "var(--ink)",
    muted: "var(--muted)",
    grid: "var(--grid)",
    halo: "var(--surface)",
    categories: PAGE_CATEGORIES,
};

/// Where a text stands relative to its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub(crate) struct Lettering<'a> {
    pub(crate) size: f64,
    pub(crate) colour: &'a str,
    pub(crate) anchor: Anchor,
    pub(crate) bold: bool,
    /// Turned by a quarter to the left, to run upwards.
    pub(crate) upwards: bool,
    /// Drawn over a rim of this colour, to be read on top of lines.
    pub(crate) rim: Option<&'a str>,
}

impl<'a> Lettering<'a> {
    pub(crate) fn new(size: f64, colour: &'a str, anchor: Anchor) -> Self {
        Self {
            size,
            colour,
            anchor,
            bold: false,
            upwards: false,
            rim: None,
        }
    }
}

/// A stroke.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'a> {
    pub(crate) colour: &'a str,
    pub(crate) width: f64,
    pub(crate) dashes: Option<&'static str>,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(colour: &'a str, width: f64) -> Self {
        Self {
            colour,
            width,
            dashes: None,
        }
    }

    pub(crate) fn dashed(colour: &'a str, width: f64) -> Self {
        Self {
            colour,
            width,
            dashes: Some("6 4"),
        }
    }
}

/// An SVG drawing under construction.
pub(crate) struct Canvas {
    pub(crate) width: f64,
    pub(crate) height: f64,
    body: String,
}

impl Canvas {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            body: String::new(),
        }
    }

    /// The document, with a title and description for readers who do not see it.
    pub(crate) fn finish(self, title: &str, description: &str, ground: &Ground) -> String {
        let (width, height) = (number(self.width), number(self.height));
        let background = ground.background.map_or_else(String::new, |colour| {
            format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>\n")
        });
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"'Source Sans 3', 'Segoe UI', 'Helvetica Neue', \
             Arial, 'Noto Sans', 'DejaVu Sans', sans-serif\">\n<title>{}</title>\n<desc>{}</desc>\n\
             {background}{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        )
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    pub(crate) fn line(&mut self, from: [f64; 2], to: [f64; 2], pen: Pen<'_>) {
        self.polyline(&[from, to], pen);
    }

    pub(crate) fn polyline(&mut self, points: &[[f64; 2]], pen: Pen<'_>) {
        let dashes = pen
            .dashes
            .map_or_else(String::new, |dashes| format!(" stroke-dasharray=\"{dashes}\""));
        let (colour, width) = (escaped(pen.colour), number(pen.width));
        self.push(format_args!(
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" \
             stroke-linecap=\"round\"{dashes} points=\"{}\"/>",
            point_list(points)
        ));
    }

    /// A filled polygon; the text of `hover` appears under the pointer.
    pub(crate) fn polygon(&mut self, points: &[[f64; 2]], fill: &str, opacity: f64, hover: &str) {
        let (fill, opacity) = (escaped(fill), number(opacity));
        self.push(format_args!(
            "<polygon fill=\"{fill}\" fill-opacity=\"{opacity}\" points=\"{}\">{}</polygon>",
            point_list(points),
            title(hover)
        ));
    }

    pub(crate) fn circle(&mut self, centre: [f64; 2], radius: f64, fill: &str, rim: Pen<'_>, hover: &str) {
        let [x, y] = centre.map(number);
        self.push(format_args!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\">{}</circle>",
            number(radius),
            escaped(fill),
            escaped(rim.colour),
            number(rim.width),
            title(hover)
        ));
    }

    /// A filled rectangle between two corners; the text of `hover` appears under the pointer.
    pub(crate) fn rectangle(&mut self, one: [f64; 2], other: [f64; 2], fill: &str, hover: &str) {
        let [x, y] = [one[0].min(other[0]), one[1].min(other[1])].map(number);
        let [width, height] = [(one[0] - other[0]).abs(), (one[1] - other[1]).abs()].map(number);
        let fill = escaped(fill);
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\">{}</rect>",
            title(hover)
        ));
    }

    pub(crate) fn text(&mut self, text: &str, at: [f64; 2], lettering: Lettering<'_>) {
        let [x, y] = at.map(number);
        let anchor = match lettering.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let turn = if lettering.upwards {
            format!(" transform=\"rotate(-90 {x} {y})\"")
        } else {
            String::new()
        };
        let weight = if lettering.bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let rim = lettering.rim.map_or_else(String::new, |colour| {
            format!(
                " paint-order=\"stroke\" stroke=\"{}\" stroke-width=\"3\" stroke-linejoin=\"round\"",
                escaped(colour)
            )
        });
        // `dy` instead of dominant-baseline, which vector editors ignore.
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" dy=\"0.35em\" text-anchor=\"{anchor}\" font-size=\"{}\" \
             fill=\"{}\"{weight}{rim}{turn}>{}</text>",
            number(lettering.size),
            escaped(lettering.colour),
            escaped(text)
        ));
    }
}

fn title(hover: &str) -> String {
    if hover.is_empty() {
        String::new()
    } else {
        format!("<title>{}</title>", escaped(hover))
    }
}

fn point_list(points: &[[f64; 2]]) -> String {
    let mut list = String::with_capacity(points.len() * 14);
    for (index, [x, y]) in points.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let _ = write!(list, "{space}{},{}", number(*x), number(*y));
    }
    list
}

/// Hundredths of a pixel, without trailing zeros.
pub(crate) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded == 0.0 {
        "0".to_owned()
    } else {
        rounded.to_string()
    }
}

/// Text as XML content or attribute; control characters, which XML forbids, become the replacement character.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Estimated width of a text in a proportional sans-serif, in pixels; wide scripts count double.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | '|' | '(' | ')' | '[' | ']' => 0.32,
            'm' | 'w' | 'M' | 'W' => 0.85,
            'A'..='Z' => 0.66,
            character if character as u32 >= 0x1100 => 1.0,
            _ => 0.55,
        })
        .sum();
    ems * size
}

/// A text cut to a width, with an ellipsis.
pub(crate) fn shortened(text: &str, width: f64, size: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        if text_width(&kept, size) + size > width && !kept.is_empty() {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}
