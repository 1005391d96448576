//! How estimates are told: a quantity with its kind, a row of a table with its interval and assumptions, and where it is an entropy production, a line of the figure.

use irrev_numerics::{Estimate, EstimateKind, Run};
use irrev_report::{
    Axis, Curve, CurveStyle, Definition, Figure, Lines, Mark, Quantity, QuantityKind, Report, Table,
    readable_number,
};

use super::request::EstimationRequest;
use crate::error::Error;

/// Heading of what was found in the files.
pub(super) const RECORDED: &str = "What was recorded";
/// Heading of information between channels.
pub(super) const WHO_INFORMS_WHOM: &str = "Who informs whom";

/// Room to the right of the largest number in the figure, as a part of its width.
const MARGIN: f64 = 0.08;

/// A report that grows.
pub(super) struct Tell<'a> {
    pub(super) source: &'a str,
    pub(super) request: &'a EstimationRequest,
    pub(super) run: &'a Run<'a>,
    pub(super) report: Report,
    rows: Vec<Row>,
    /// Unit of entropy production rates.
    unit: String,
}

struct Row {
    name: String,
    /// What it is, in words, and of what.
    label: String,
    kind: EstimateKind,
    estimate: Estimate,
    unit: String,
    assumptions: String,
    is_production: bool,
}

impl<'a> Tell<'a> {
    pub(super) fn new(
        source: &'a str,
        request: &'a EstimationRequest,
        run: &'a Run<'a>,
        report: Report,
    ) -> Self {
        Self {
            source,
            request,
            run,
            report,
            rows: Vec::new(),
            unit: String::new(),
        }
    }

    pub(super) fn fail(&self, error: irrev_inference::Error) -> Error {
        Error::inference(self.source, error)
    }

    /// An entropy production rate, which the figure of all of them shows.
    pub(super) fn production(
        &mut self,
        definition: &Definition,
        found: &Estimate,
        time: &str,
        assumptions: &[impl AsRef<str>],
    ) {
        let unit = per("nats", time);
        self.unit.clone_from(&unit);
        self.add(
            (definition, definition.name.as_ref(), None),
            found,
            &unit,
            (assumptions, true),
        );
        if let Some(last) = self.report.quantities.last_mut() {
            last.key = true;
        }
    }

    /// Any other estimate of something named, such as a pair of channels or a dose; `of` is empty where there is one.
    pub(super) fn estimate(
        &mut self,
        definition: &Definition,
        of: &str,
        found: &Estimate,
        unit: &str,
        assumptions: &[impl AsRef<str>],
    ) {
        let name = self.named(definition, of);
        let of = (!of.is_empty()).then_some(of);
        self.add((definition, &name, of), found, unit, (assumptions, false));
    }

    fn add(
        &mut self,
        (definition, name, of): (&Definition, &str, Option<&str>),
        found: &Estimate,
        unit: &str,
        (assumptions, is_production): (&[impl AsRef<str>], bool),
    ) {
        let (low, high) = found.interval;
        // a bound in the mean is an estimate; what is a bound is the lower end of its interval
        let interval = match found.standard_error.is_finite() {
            true => format!(
                "{} % interval {} to {}",
                readable_number(100.0 * found.level, 4),
                readable_number(low, 4),
                readable_number(high, 4)
            ),
            false => "its error is not known: too few stretches of data".to_owned(),
        };
        let note = match found.kind {
            EstimateKind::LowerBound => format!("{interval}; of a lower bound"),
            _ => interval,
        };
        let quantity = Quantity::new(definition.clone(), found.value)
            .named(name)
            .in_unit(unit)
            .estimate(found.standard_error)
            .with_error(found.standard_error.is_finite().then_some(found.standard_error))
            .with_note(note);
        self.report.push_quantity(quantity);
        let said: Vec<&str> = assumptions.iter().map(AsRef::as_ref).collect();
        let label = of.map_or_else(
            || definition.label.to_string(),
            |of| format!("{}, {of}", definition.label),
        );
        self.rows.push(Row {
            name: name.to_owned(),
            label,
            kind: found.kind,
            estimate: *found,
            unit: unit.to_owned(),
            assumptions: said.join("; "),
            is_production,
        });
    }

    /// A number without an interval.
    pub(super) fn number(&mut self, definition: &Definition, of: &str, value: f64, unit: &str) {
        let quantity = Quantity::new(definition.clone(), value)
            .named(self.named(definition, of))
            .in_unit(unit);
        self.report.push_quantity(quantity);
    }

    /// The lower end of an interval, as the lower bound that it is.
    pub(super) fn lower_bound(&mut self, definition: &Definition, found: &Estimate, time: &str) {
        let level = readable_number(100.0 * found.level, 4);
        let quantity = Quantity::new(definition.clone(), found.interval.0)
            .in_unit(per("nats", time))
            .of_kind(QuantityKind::LowerBound)
            .with_note(format!("at {level} % confidence"))
            .key();
        self.report.push_quantity(quantity);
    }

    /// A name for JSON: the definition's, and of what, in letters that a key may have; of two that would be the same the second is numbered.
    fn named(&self, definition: &Definition, of: &str) -> String {
        let plain: String = of
            .replace('→', " to ")
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        let words = plain.split('_').filter(|word| !word.is_empty());
        let name = std::iter::once(definition.name.as_ref())
            .chain(words)
            .collect::<Vec<_>>()
            .join("_");
        let is_free = |name: &str| {
            self.report
                .quantities
                .iter()
                .all(|quantity| quantity.name != name)
        };
        let numbered = (2..).map(|k| format!("{name}_{k}"));
        std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| is_free(name))
            .unwrap_or_default()
    }

    /// The table of estimates, the figure of entropy productions, and the report.
    pub(super) fn finish(mut self) -> Report {
        if !self.rows.is_empty() {
            let table = self.table();
            self.report.push_table(table);
        }
        if let Some(figure) = self.figure() {
            // the answers beside each other come first
            self.report.figures.insert(0, figure);
        }
        self.report
    }

    fn table(&self) -> Table {
        let rows = &self.rows;
        let text = |of: &dyn Fn(&Row) -> String| rows.iter().map(of).collect::<Vec<String>>();
        let numbers = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
        Table::new(
            "estimates",
            "Every estimate with its interval and what it assumes",
        )
        .text("estimate", text(&|row| row.name.clone()))
        .text("what", text(&|row| row.label.clone()))
        .text("kind", text(&|row| kind(row.kind).to_owned()))
        .numbers("value", "", numbers(&|row| row.estimate.value))
        .numbers("standard error", "", numbers(&|row| row.estimate.standard_error))
        .numbers("low", "", numbers(&|row| row.estimate.interval.0))
        .numbers("high", "", numbers(&|row| row.estimate.interval.1))
        .text("unit", text(&|row| row.unit.clone()))
        .numbers("level", "", numbers(&|row| row.estimate.level))
        .numbers("samples", "", numbers(&|row| row.estimate.sample_size as f64))
        .numbers("bias taken off", "", numbers(&|row| row.estimate.bias_correction))
        .text("assumes", text(&|row| row.assumptions.clone()))
    }

    /// Intervals against each other, the first on top; lower bounds go on to the right.
    fn figure(&self) -> Option<Figure> {
        let shown: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.is_production && row.estimate.value.is_finite())
            .collect();
        let ends = shown.iter().flat_map(|row| {
            [
                row.estimate.value,
                row.estimate.interval.0,
                row.estimate.interval.1,
            ]
        });
        let finite: Vec<f64> = ends.filter(|x| x.is_finite()).collect();
        let least = finite.iter().copied().reduce(f64::min)?.min(0.0);
        let most = finite.iter().copied().reduce(f64::max)?;
        let right = most + MARGIN * (most - least).max(f64::MIN_POSITIVE);
        let axis = Axis::new("entropy production rate", self.unit.clone());
        let mut lines = Lines::new(axis, Axis::new("estimate (named at its interval)", ""));
        for (place, row) in shown.iter().enumerate() {
            let y = (shown.len() - place) as f64;
            let (low, high) = row.estimate.interval;
            let value = row.estimate.value;
            let (low, high) = (
                if low.is_finite() { low } else { value },
                if high.is_finite() { high } else { value },
            );
            let (xs, style) = match row.kind {
                EstimateKind::LowerBound => (vec![low, value, right], CurveStyle::Dashed),
                _ => (vec![low, value, high], CurveStyle::LineAndMarkers),
            };
            let ys = vec![y; xs.len()];
            lines = lines.curve(Curve::new(row.label.clone(), xs, ys).styled(style));
            if row.kind == EstimateKind::LowerBound {
                let ends = Curve::new(
                    format!("{}: lower end, value", row.label),
                    vec![low, value],
                    vec![y; 2],
                );
                lines = lines.curve(ends.styled(CurveStyle::Markers));
            }
            lines = lines.mark(Mark::label(low.max(least), y + 0.25, row.label.clone()));
        }
        lines = lines.mark(Mark::label(least, shown.len() as f64 + 0.8, ""));
        let level = readable_number(100.0 * self.request.level, 4);
        Some(Figure::new(
            "entropy_production_estimates",
            "Entropy production by all estimates",
            format!(
                "Value and {level} % interval of each estimate of the entropy production rate. Dashed: lower bounds, which are open to the right; their dots are the lower end of the interval and the value."
            ),
            lines,
        ))
    }
}

/// A unit per time, whose name may not be known.
pub(super) fn per(what: &str, time: &str) -> String {
    format!("{what}/{}", if time.is_empty() { "time" } else { time })
}

fn kind(of: EstimateKind) -> &'static str {
    match of {
        EstimateKind::LowerBound => "lower bound",
        EstimateKind::UpperBound => "upper bound",
        EstimateKind::Exact => "exact",
        _ => "estimate",
    }
}

/// An estimate in units per step as one per time.
pub(super) fn over(found: &Estimate, step: f64) -> Estimate {
    Estimate {
        value: found.value / step,
        standard_error: found.standard_error / step,
        interval: (found.interval.0 / step, found.interval.1 / step),
        bias_correction: found.bias_correction / step,
        ..*found
    }
}

/// A value with its interval in words.
pub(super) fn with_interval(found: &Estimate) -> String {
    format!(
        "{} ({} to {})",
        readable_number(found.value, 3),
        readable_number(found.interval.0, 3),
        readable_number(found.interval.1, 3)
    )
}
