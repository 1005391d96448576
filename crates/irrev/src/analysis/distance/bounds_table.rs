//! Speed limits as a table and as bounds of a report: what was paid, what had to be paid at least, and the assumptions.

use irrev_network::bounds::{Bound, Cost, Sides, Verdict};
use irrev_report::{Report, Table, readable_number};

use crate::analysis::units::Units;

/// What a bound says that bounds nothing.
const NOTHING_MOVES: &str = "no bound: nothing moves";

/// The speed limits of one motion.
pub(super) struct BoundsTable<'a> {
    pub(super) bounds: &'a [Bound],
    /// Which motion they are about, as in "the model's own relaxation from the first distribution".
    pub(super) motion: &'static str,
    pub(super) duration: f64,
    /// Unit of an entropy production.
    pub(super) nats: &'a str,
    pub(super) units: &'a Units,
}

impl BoundsTable<'_> {
    pub(super) fn add(&self, report: &mut Report) {
        report.push_table(self.table());
        for bound in self.bounds {
            report.push_bound(self.row(bound));
        }
    }

    fn table(&self) -> Table {
        let number = |of: &dyn Fn(&Sides) -> f64| {
            let sides = self.bounds.iter().map(Bound::sides);
            sides.map(|s| s.map_or(f64::NAN, of)).collect::<Vec<f64>>()
        };
        let text = |of: &dyn Fn(&Bound) -> String| self.bounds.iter().map(of).collect();
        let title = format!(
            "Speed limits of {}: what was paid, what had to be paid at least, and the least time at that cost",
            self.motion
        );
        let time = self.units.time().to_owned();
        Table::new("speed_limits", title)
            .text("bound", text(&name))
            .text("statement", text(&statement))
            .numbers("paid", "1", number(&|s| s.cost.value))
            .numbers("bound_value", "1", number(&|s| s.bound.value))
            .numbers("slack", "1", number(&|s| s.slack()))
            .numbers("tightness", "1", number(&|s| s.tightness().unwrap_or(f64::NAN)))
            .numbers(
                "least_time",
                time,
                number(&|s| s.least_time.map_or(f64::NAN, |t| t.value)),
            )
            .text("verdict", text(&verdict))
            .text("source", text(&|b| b.source.to_owned()))
    }

    fn row(&self, bound: &Bound) -> irrev_report::Bound {
        let statement = format!("{} (τ = {})", statement(bound), readable_number(self.duration, 4));
        let sides = match &bound.outcome {
            Err(unmet) => {
                return irrev_report::Bound::not_applicable(name(bound), statement, unmet.to_string());
            }
            Ok(sides) if sides.verdict() == Verdict::NothingMoves => {
                return irrev_report::Bound::not_applicable(name(bound), statement, NOTHING_MOVES);
            }
            Ok(sides) => sides,
        };
        let row = irrev_report::Bound::at_least(name(bound), statement, sides.cost.value, sides.bound.value)
            .with_errors(sides.cost.error, sides.bound.error)
            .in_unit(if bound.cost == Cost::Jumps { "" } else { self.nats })
            .assuming(format!("{}; {}", self.motion, bound.source));
        match sides.least_time {
            Some(time) => row.with_note(format!(
                "needs at least {} {}",
                readable_number(time.value, 4),
                self.units.time()
            )),
            None => row,
        }
    }
}

/// The name of a bound in reports: that of the speed limit, with what it is a bound on where it stands twice, and its subject.
fn name(bound: &Bound) -> String {
    let paid = if bound.cost == Cost::Excess { "_excess" } else { "" };
    let subject = bound
        .subject
        .as_ref()
        .map_or_else(String::new, |subject| format!("_{}", subject.replace(' ', "_")));
    format!("speed_limit_{}{paid}{subject}", bound.name)
}

/// The bound as a formula, with what it is about.
fn statement(bound: &Bound) -> String {
    match &bound.subject {
        Some(subject) => format!("{} ({subject})", bound.statement()),
        None => bound.statement(),
    }
}

fn verdict(bound: &Bound) -> String {
    match &bound.outcome {
        Err(unmet) => unmet.to_string(),
        Ok(sides) => match sides.verdict() {
            Verdict::NothingMoves => NOTHING_MOVES.into(),
            Verdict::Saturated => "saturated".into(),
            Verdict::Violated => "violated".into(),
            _ => "holds".into(),
        },
    }
}
