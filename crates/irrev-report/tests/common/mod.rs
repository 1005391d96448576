//! Reports for the tests: one with every kind of content, and text that tries to break out of it.

#![allow(dead_code, reason = "each test file uses some of these")]

use irrev_report::{
    Axis, Bars, Bound, Check, Citation, Curve, CurveStyle, Definition, Figure, Heatmap, Lines, Mark, Network,
    NetworkEdge, NetworkNode, Provenance, Quantity, Report, Series, Table, text,
};

/// Text that is dangerous in HTML, in a script element, in attributes, in Plotly's markup and templates.
pub(crate) const HOSTILE: &str =
    "</script><script>alert(1)</script> \"'&<b onload='x'>%{x} ]]> {{7*7}} Pᵢ 状態 \u{1b}[31m";

pub(crate) const RATE: Definition = Definition {
    name: text("entropy_production_rate"),
    label: text("entropy production rate"),
    symbol: text(r"\dot\Sigma"),
    unit: text("nats/time"),
    formula: text(r"\dot\Sigma = \sum_e (j_e^+ - j_e^-) \ln \frac{j_e^+}{j_e^-}"),
    explanation: text("How fast the dynamics makes entropy."),
    source: text("Schnakenberg, Rev. Mod. Phys. 48, 571 (1976)"),
};

/// A figure of each kind, with gaps and infinite values, all names as given.
pub(crate) fn figures(words: &str) -> Vec<Figure> {
    let axis = || Axis::new(words, words);
    let x = vec![0.0, 1.0, 2.0, 3.0];
    let lines = Lines::new(axis(), axis())
        .curve(
            Curve::new(words, x.clone(), vec![1.0, f64::NAN, 3.0, f64::INFINITY])
                .with_band(vec![0.5; 4], vec![4.0; 4]),
        )
        .curve(
            Curve::new(words, x.clone(), x.clone())
                .styled(CurveStyle::Markers)
                .with_band(vec![0.0; 4], x.clone()),
        )
        .curve(Curve::new(words, x.clone(), x).styled(CurveStyle::Dashed))
        .mark(Mark::vertical(1.5, words))
        .mark(Mark::horizontal(-2.0, words))
        .mark(Mark::point(1.0, 1.0, words));
    let bars = Bars::new(words, axis(), vec![words.to_owned(), words.to_owned()])
        .group(words, vec![1.0, -2.0])
        .group_with_errors(words, vec![f64::INFINITY, 3.0], vec![0.1, f64::NAN])
        .mark(Mark::horizontal(1.0, words));
    let heatmap = Heatmap::new(
        axis(),
        vec![1.0, 2.0, 4.0],
        axis(),
        vec![words.to_owned(), words.to_owned()],
        axis().logarithmic(),
        vec![vec![1.0, 10.0, 0.0], vec![f64::NAN, 100.0, 5.0]],
    )
    .curve(Curve::new(words, vec![1.0, 4.0, f64::NAN], vec![0.0, 1.0, 0.5]));
    vec![
        Figure::new("lines", words, words, lines),
        Figure::new("bars", words, words, bars),
        Figure::new("network", words, words, network(words)),
        Figure::new("heatmap", words, words, heatmap),
    ]
}

/// Two channels between two nodes, a loop, an infinite and an undefined value.
pub(crate) fn network(words: &str) -> Network {
    Network::new(Axis::new(words, words))
        .showing(words, Axis::new(words, words))
        .node(NetworkNode::new(words, 0.7).with_hover(words))
        .node(NetworkNode::new(words, 0.3))
        .node(NetworkNode::new(words, f64::NAN))
        .edge(NetworkEdge::new(0, 1, words, 0.2, 0.1).with_hover(words))
        .edge(NetworkEdge::new(1, 0, words, f64::INFINITY, -0.1))
        .edge(NetworkEdge::new(1, 2, words, f64::NAN, 0.0))
        .edge(NetworkEdge::new(2, 2, words, 0.4, 0.0))
}

/// A report with every kind of content in which all free text is `words`.
pub(crate) fn full(words: &str) -> Report {
    let provenance = Provenance::new("0.1.0")
        .with_model(words, words)
        .with_seed(u64::MAX)
        .with_option(words, words)
        .with_input(words, words)
        .with_method(words);
    let mut report = Report::new(words, words, provenance);
    report.push_summary(Report::HOW_IRREVERSIBLE, words);
    report.push_summary(words, words);
    report.push_quantity(Quantity::new(RATE, 0.1 + 0.2).key());
    report.push_quantity(
        Quantity::new(RATE, f64::INFINITY)
            .named("infinite")
            .with_note(words),
    );
    report.push_quantity(
        Quantity::new(RATE, f64::NAN)
            .named("undefined")
            .estimate(f64::INFINITY)
            .in_unit(words),
    );
    report.push_quantity(Quantity::new(RATE, -0.0).named("negative zero"));
    report.push_series(Series::new(
        "series",
        words,
        words,
        words,
        vec![0.0, 1.0],
        vec![f64::NEG_INFINITY, 5e-324],
    ));
    report.push_table(
        Table::new("table", words)
            .text(words, vec![words.to_owned(), "plain".to_owned()])
            .numbers(words, words, vec![1.0 / 3.0, f64::NAN]),
    );
    report.figures = figures(words);
    report.push_check(Check::new(words, words, 1e-16, 1e-12));
    report.push_check(Check::new("failed", words, f64::NAN, 1e-12));
    report.push_bound(
        Bound::at_least(words, words, 3.0, 2.0)
            .assuming(words)
            .in_unit(words)
            .with_note(words),
    );
    report.push_bound(Bound::at_least("violated", words, 1.0, 2.0).with_errors(0.1, 0.0));
    report.push_bound(Bound::not_applicable("not applicable", words, words));
    report.push_warning(words);
    report.push_citation(
        Citation::new(words, words, words)
            .for_use(words)
            .with_bibtex(words),
    );
    report
}
