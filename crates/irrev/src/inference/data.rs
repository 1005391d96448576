//! Section: what was recorded, and what of it is analysed.

use irrev_report::{Check, Quantity, Report, Table, readable_number};

use super::WHAT_WAS_RECORDED;
use super::definitions::{ACTIVE_FRACTION, COINCIDENT_SPIKES, MEAN_RATE, RECORDED_TIME};
use super::subject::{Fate, Subject};

/// A part of spikes that share their instant with another unit from which on a warning is due.
const MANY_COINCIDENCES: f64 = 0.01;

pub(super) fn add(subject: &Subject<'_>, report: &mut Report) {
    let (units, bins) = (subject.labels.len(), subject.raster.bins());
    for note in &subject.recording.notes {
        report.push_summary(WHAT_WAS_RECORDED, format!("The recording was {note}."));
    }
    report.push_summary(
        WHAT_WAS_RECORDED,
        format!(
            "{units} units in {bins} bins of {} from {} s on; a unit is active in {} % of the bins on average.",
            subject.width_in_words(),
            readable_number(subject.start, 6),
            readable_number(100.0 * active_fraction(subject), 3)
        ),
    );
    if let Some(width) = subject.width {
        let time = bins as f64 * width;
        report.push_quantity(Quantity::new(RECORDED_TIME, time));
        let rate = subject.events() as f64 / (units as f64 * time);
        let note = subject
            .spikes
            .is_none()
            .then_some("a table of bins does not tell how many spikes an active bin holds: at least one");
        let quantity = Quantity::new(MEAN_RATE, rate);
        report.push_quantity(match note {
            Some(note) => quantity.with_note(note),
            None => quantity,
        });
    }
    report.push_quantity(Quantity::new(ACTIVE_FRACTION, active_fraction(subject)));
    spikes(subject, report);
    left_out(subject, report);
    report.push_table(table(subject));
}

fn active_fraction(subject: &Subject<'_>) -> f64 {
    let active: usize = subject.raster.active_bins().iter().sum();
    active as f64 / (subject.labels.len() * subject.raster.bins()) as f64
}

/// Where spikes went, and what is odd about them.
fn spikes(subject: &Subject<'_>, report: &mut Report) {
    let Some(counts) = &subject.spikes else {
        return;
    };
    report.push_quantity(Quantity::new(COINCIDENT_SPIKES, counts.coincidences as f64));
    report.push_summary(
        WHAT_WAS_RECORDED,
        format!(
            "Of {} spikes {} are in bins, {} of them in a bin that was active already, {} lie before and {} after; {} lie on the edge of two bins up to rounding.",
            counts.given, counts.in_bins, counts.repeated, counts.before, counts.after, counts.on_edge
        ),
    );
    let lost = counts.given as f64 - (counts.in_bins + counts.before + counts.after) as f64;
    report.push_check(Check::new(
        "spikes_accounted_for",
        "spikes less those in bins, before and after",
        lost,
        0.0,
    ));
    let share = counts.coincidences as f64 / counts.in_bins.max(1) as f64;
    if share > MANY_COINCIDENCES {
        report.push_warning(format!(
            "{} neighbouring pairs of spikes ({} % of the spikes) have the same time in two units, which is likely one event counted twice: correlations at equal times are too large; \
             entropy production follows from lagged ones and is hardly touched.",
            counts.coincidences,
            readable_number(100.0 * share, 2)
        ));
    }
    if counts.refractory_violations > 0 {
        report.push_warning(format!(
            "{} spikes follow one of the same unit within 1 ms, less than a neuron needs: units may be mixtures of several cells.",
            counts.refractory_violations
        ));
    }
    let end = subject.start + subject.raster.bins() as f64 * subject.width.unwrap_or(1.0);
    if counts.first - subject.start > 0.5 * (end - subject.start) {
        report.push_warning(format!(
            "The first spike is at {} s, and bins begin at {} s: more than half of them are empty. Say where the recording begins: --from SECONDS.",
            readable_number(counts.first, 6),
            readable_number(subject.start, 6)
        ));
    }
}

/// Names the units that never change.
fn left_out(subject: &Subject<'_>, report: &mut Report) {
    let reasons = [
        (
            Fate::AlwaysSilent,
            "silent in every bin, so that no finite field explains",
        ),
        (
            Fate::AlwaysActive,
            "active in every bin, so that no finite field explains",
        ),
        (
            Fate::ConstantInAHalf,
            "never changing in a half of the recording, and halves are fitted apart from each other, where no finite field explains",
        ),
    ];
    for (fate, why) in reasons {
        let named = subject.chosen.iter().filter(|unit| unit.fate == fate);
        let named: Vec<&str> = named.map(|unit| unit.label.as_str()).collect();
        let (units, are) = if named.len() == 1 {
            ("Unit", "is")
        } else {
            ("Units", "are")
        };
        if !named.is_empty() {
            report.push_warning(format!(
                "{units} {} {are} left out: {why} {}.",
                named.join(", "),
                if named.len() == 1 { "it" } else { "them" }
            ));
        }
    }
}

fn table(subject: &Subject<'_>) -> Table {
    let bins = subject.raster.bins() as f64;
    let column =
        |of: &dyn Fn(&super::subject::Chosen) -> f64| -> Vec<f64> { subject.chosen.iter().map(of).collect() };
    let mut table = Table::new("units", "Units and their activity").text(
        "unit",
        subject.chosen.iter().map(|unit| unit.label.clone()).collect(),
    );
    if subject.spikes.is_some() {
        table = table.numbers("spikes", "1", column(&|unit| unit.spikes as f64));
        if let Some(width) = subject.width {
            table = table.numbers("rate", "1/s", column(&|unit| unit.spikes as f64 / (bins * width)));
        }
    }
    table
        .numbers("active_bins", "1", column(&|unit| unit.active_bins as f64))
        .numbers(
            "active_fraction",
            "1",
            column(&|unit| unit.active_bins as f64 / bins),
        )
        .text(
            "role",
            subject
                .chosen
                .iter()
                .map(|unit| {
                    match unit.fate {
                        Fate::Analysed => "analysed",
                        Fate::AlwaysSilent => "left out: always silent",
                        Fate::AlwaysActive => "left out: always active",
                        Fate::ConstantInAHalf => "left out: constant in a half",
                    }
                    .to_owned()
                })
                .collect(),
        )
}
