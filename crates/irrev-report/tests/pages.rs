//! Pages, drawings and texts: nothing breaks out, nothing goes to the network, sizes stay in bounds.

use crate::common::{HOSTILE, RATE, figures, full};
use irrev_report::{
    Axis, Curve, Definition, Figure, Lines, Network, NetworkEdge, NetworkNode, Page, Provenance, Quantity,
    Report, Table, figure_svg, network_layout, notebook_html, report_page, summary_text, text,
};
use proptest::prelude::*;

/// The page without the plotting library.
fn own_part(page: &str) -> String {
    let start = page.find("<script>/**").unwrap_or(page.len());
    let end = page[start..]
        .find("</script>")
        .map_or(page.len(), |end| start + end);
    format!("{}{}", &page[..start], &page[end..])
}

#[test]
fn hostile_text_stays_text_on_both_pages() {
    let report = full(HOSTILE);
    for (style, scripts) in [(Page::Interactive, 3), (Page::Static, 2)] {
        let page = report_page(&report, style).unwrap();
        assert_eq!(page.matches("</script").count(), scripts, "{style:?}");
        let own = own_part(&page);
        for broken in ["<script>alert", "<b onload", "href=\"</"] {
            assert!(!own.contains(broken), "{style:?} {broken}");
        }
        assert!(own.contains("&lt;&#x2f;script&gt;") || own.contains("&lt;/script&gt;"));
        assert!(own.contains("{{7*7}}"), "text is no template");
    }
}

#[test]
fn pages_forbid_requests_and_name_no_outside_resource() {
    for style in [Page::Interactive, Page::Static] {
        let page = report_page(&full("x"), style).unwrap();
        assert!(page.contains("Content-Security-Policy\" content=\"default-src 'none';"));
        let own = own_part(&page);
        for outside in [
            "src=\"http",
            "src='http",
            "url(http",
            "@import",
            "<link rel=\"stylesheet",
            "fetch(",
        ] {
            assert!(!own.contains(outside), "{outside}");
        }
    }
}

#[test]
fn the_interactive_page_embeds_the_library_once_and_the_static_page_never() {
    let interactive = report_page(&full("x"), Page::Interactive).unwrap();
    assert_eq!(interactive.matches("* plotly.js (cartesian").count(), 1);
    let fixed = report_page(&full("x"), Page::Static).unwrap();
    assert_eq!(fixed.matches("* plotly.js (cartesian").count(), 0);
    assert_eq!(fixed.matches("<svg").count(), 4);
    assert!(fixed.len() < 80_000, "{}", fixed.len());
}

#[test]
fn formulas_become_mathml_and_bad_ones_stay_readable() {
    let mut report = full("x");
    let broken = Definition {
        formula: text(r"\frac{1"),
        symbol: text(r"\nosuchcommand<i>"),
        ..RATE
    };
    report.push_quantity(Quantity::new(broken, 1.0).named("broken"));
    let page = report_page(&report, Page::Static).unwrap();
    assert!(page.contains("<mfrac>"));
    assert!(page.contains(r"<code>\frac{1</code>"));
    assert!(page.contains(r"<code>\nosuchcommand&lt;i&gt;</code>"));
}

#[test]
fn long_tables_are_cut_on_the_page_and_whole_in_the_download() {
    let mut report = Report::new("k", "t", Provenance::new("0"));
    report.push_table(Table::new("long", "").numbers("n", "", (0..5000).map(f64::from).collect()));
    let page = report_page(&report, Page::Static).unwrap();
    assert_eq!(page.matches("<td class=\"number\"").count(), 200);
    assert!(page.contains("The first 200 of 5000 rows"));
    assert!(page.contains("\\n4999\\n"));
}

#[test]
fn svg_is_well_formed_and_labelled_with_units() {
    for figure in figures(HOSTILE) {
        let svg = figure_svg(&figure).unwrap();
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        assert!(
            !svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf,"),
            "{}",
            figure.name
        );
        assert!(!svg.contains('\u{1b}'), "control characters are no XML");
    }
    let lines = Lines::new(Axis::new("time", "s"), Axis::new("rate", "1/s").logarithmic()).curve(Curve::new(
        "c",
        vec![0.0, 1.0],
        vec![1.0, 1000.0],
    ));
    let svg = figure_svg(&Figure::new("f", "t", "c", lines)).unwrap();
    assert!(svg.contains(">time [s]<") && svg.contains(">rate [1/s]<") && svg.contains(">100<"));
}

#[test]
fn figures_without_data_are_drawn_empty() {
    for kind in [
        irrev_report::FigureKind::from(Lines::default()),
        irrev_report::Bars::default().into(),
        Network::default().into(),
    ] {
        let figure = Figure::new("empty", "t", "c", kind);
        assert!(figure_svg(&figure).unwrap().contains("</svg>"));
        let mut report = Report::new("k", "t", Provenance::new("0"));
        report.push_figure(figure);
        assert!(report_page(&report, Page::Interactive).is_ok());
    }
}

fn large(nodes: usize) -> Network {
    let mut network = Network::new(Axis::new("dissipation", "nats/s"));
    network.nodes = (0..nodes)
        .map(|node| NetworkNode::new(format!("s{node}"), 1.0))
        .collect();
    network.edges = (0..nodes)
        .flat_map(|node| {
            [1, 7].map(|step| NetworkEdge::new(node, (node * 3 + step) % nodes, "", node as f64, 1.0))
        })
        .collect();
    network
}

#[test]
fn networks_beyond_400_nodes_are_a_histogram_with_a_note() {
    let mut report = Report::new("k", "t", Provenance::new("0"));
    report.push_figure(Figure::new("network", "t", "c", large(401)));
    let page = report_page(&report, Page::Static).unwrap();
    assert!(page.contains("The network has 401 nodes and 802 edges, too many to draw"));
    assert!(page.contains("number of edges"));
    let drawn = figure_svg(&Figure::new("network", "t", "c", large(400))).unwrap();
    assert_eq!(drawn.matches("<circle").count(), 400);
}

#[test]
fn layouts_are_the_same_on_every_call_and_keep_nodes_apart() {
    for nodes in [1, 2, 3, 9, 60, 400] {
        let network = large(nodes);
        let places = network_layout(&network);
        assert_eq!(places, network_layout(&network));
        assert_eq!(places.len(), nodes);
        assert!(
            places.iter().flatten().all(|value| value.abs() <= 1.0 + 1e-12),
            "{nodes}"
        );
        let closest = places
            .iter()
            .enumerate()
            .flat_map(|(index, one)| {
                places[..index]
                    .iter()
                    .map(move |other| (one[0] - other[0]).hypot(one[1] - other[1]))
            })
            .fold(f64::INFINITY, f64::min);
        // Even spacing in the box would be about 2/√nodes; nodes never coincide.
        assert!(closest > 0.005 / (nodes as f64).sqrt(), "{nodes}: {closest}");
    }
}

#[test]
fn a_chain_is_laid_out_straight_and_a_ring_round() {
    let mut chain = Network::default();
    chain.nodes = (0..12)
        .map(|node| NetworkNode::new(node.to_string(), 1.0))
        .collect();
    chain.edges = (0..11)
        .map(|node| NetworkEdge::new(node, node + 1, "", 1.0, 1.0))
        .collect();
    let places = network_layout(&chain);
    let ends = (places[0][0] - places[11][0]).hypot(places[0][1] - places[11][1]);
    assert!(ends > 1.9, "{ends}");
    chain.edges.push(NetworkEdge::new(11, 0, "", 1.0, 1.0));
    // The box −1…1 touches the circle, so that all twelve nodes lie at distance one from the centre.
    for place in network_layout(&chain) {
        assert!((place[0].hypot(place[1]) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn given_places_are_kept_up_to_shift_and_scale() {
    let mut network = Network::default();
    network.nodes = [[0.0, 0.0], [10.0, 0.0], [10.0, 5.0]]
        .map(|place| NetworkNode::new("n", 1.0).at(place))
        .into();
    assert_eq!(network_layout(&network), [[-1.0, -0.5], [1.0, -0.5], [1.0, 0.5]]);
}

#[test]
fn the_terminal_summary_is_at_most_100_columns_and_cannot_steer_the_terminal() {
    for words in ["short", HOSTILE, &"long words ".repeat(60), &"x".repeat(500)] {
        let summary = summary_text(&full(words));
        assert!(
            !summary
                .chars()
                .any(|character| character.is_control() && character != '\n')
        );
        for line in summary.lines() {
            // 状 and 態 take two columns each and occur at most a few times in a line.
            let wide = line
                .chars()
                .filter(|character| *character as u32 > 0x2e80 && *character != '\u{fffd}')
                .count();
            assert!(line.chars().count() + wide <= 100, "{line}");
        }
    }
}

#[test]
fn the_notebook_fragment_stays_under_20_kilobytes_without_script() {
    let mut report = full(&HOSTILE.repeat(30));
    for index in 0..3000 {
        report.push_quantity(
            Quantity::new(RATE, f64::from(index)).named(format!("quantity {index} {HOSTILE}")),
        );
        report.push_warning(HOSTILE.repeat(9));
    }
    let html = notebook_html(&report);
    assert!(html.len() < 20_000, "{}", html.len());
    assert!(!html.contains("<script") && !html.contains("<b onload"));
    assert_eq!(
        html.matches("<details").count(),
        html.matches("</details>").count()
    );
    assert!(html.contains("more rows"));
}

#[test]
fn one_hundred_thousand_points_stay_whole_in_data_and_few_in_the_drawing() {
    let x: Vec<f64> = (0..100_000).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| (0.01 * x).sin()).collect();
    let lines = Lines::new(Axis::new("x", ""), Axis::new("y", "")).curve(Curve::new("c", x, y));
    let figure = Figure::new("f", "t", "c", lines);
    assert!(figure_svg(&figure).unwrap().len() < 100_000);
    assert_eq!(
        irrev_report::figure_csv(&figure).unwrap().lines().count(),
        100_001
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_formula_brings_the_page_down(formula in r"[\\{}^_&a-z0-9 <>$#%~'\[\]]{0,40}") {
        let mut report = Report::new("k", "t", Provenance::new("0"));
        let definition = Definition { formula: formula.clone().into(), symbol: formula.into(), ..RATE };
        report.push_quantity(Quantity::new(definition, 1.0));
        prop_assert!(report_page(&report, Page::Static).is_ok());
    }

    #[test]
    fn no_data_brings_the_drawings_down(values in proptest::collection::vec(any::<f64>(), 0..20), log in any::<bool>()) {
        let axis = || if log { Axis::new("a", "u").logarithmic() } else { Axis::new("a", "u") };
        let lines = Lines::new(axis(), axis())
            .curve(Curve::new("c", values.clone(), values.clone()).with_band(values.clone(), values.clone()));
        let bars = irrev_report::Bars::new("b", axis(), vec!["c".to_owned(); values.len()]).group("g", values.clone());
        let map = irrev_report::Heatmap::new(axis(), values.clone(), axis(), vec![1.0], axis(), vec![values.clone()]);
        let mut network = Network::new(axis());
        network.nodes = values.iter().map(|value| NetworkNode::new("n", *value).at([*value, 0.0])).collect();
        network.edges = values.iter().enumerate().map(|(node, value)| NetworkEdge::new(node, 0, "e", *value, *value)).collect();
        let mut report = Report::new("k", "t", Provenance::new("0"));
        report.push_figure(Figure::new("lines", "t", "c", lines));
        report.push_figure(Figure::new("bars", "t", "c", bars));
        report.push_figure(Figure::new("map", "t", "c", map));
        report.push_figure(Figure::new("network", "t", "c", network));
        for figure in &report.figures {
            let svg = figure_svg(figure).unwrap();
            prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", figure.name);
        }
        prop_assert!(report_page(&report, Page::Static).is_ok());
    }
}
