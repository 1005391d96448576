//! Curves and marks over the cells of a heat map: drawn where they are, left out where there is nothing to be drawn on, kept in the data.

use irrev_report::{
    Axis, Curve, CurveStyle, Error, Figure, Heatmap, Mark, Page, Provenance, Report, figure_csv, figure_svg,
    report_page,
};

fn map() -> Heatmap {
    Heatmap::new(
        Axis::new("spread", ""),
        vec![0.0, 1.0, 2.0],
        Axis::new("mean", ""),
        vec![0.0, 1.0],
        Axis::new("entropy production", "nats/step"),
        vec![vec![0.1, 0.2, 0.3], vec![0.2, 0.3, 0.4]],
    )
}

fn figure(map: Heatmap) -> Figure {
    Figure::new("map", "Map", "A map.", map)
}

fn line(name: &str, x: [f64; 2], y: [f64; 2]) -> Curve {
    Curve::new(name, x.into(), y.into())
}

#[test]
fn curves_and_marks_lie_over_the_cells() {
    let plain = figure_svg(&figure(map())).unwrap();
    let drawn = figure_svg(&figure(
        map()
            .curve(line("critical line", [0.0, 2.0], [0.0, 1.0]))
            .curve(line("reference", [0.0, 2.0], [0.5, 0.5]).styled(CurveStyle::Dashed))
            .mark(Mark::point(1.0, 0.5, "the recording")),
    ))
    .unwrap();
    for wanted in ["critical line", "reference", "the recording"] {
        assert!(drawn.contains(wanted) && !plain.contains(wanted), "{wanted}");
    }
    // each curve with the rim below it, and its sample in the legend
    let lines = |svg: &str| svg.matches("<polyline").count();
    assert_eq!(lines(&drawn) - lines(&plain), 6);
}

#[test]
fn a_single_curve_over_the_cells_is_named_as_no_title_does_it() {
    let drawn = figure_svg(&figure(
        map().curve(line("critical line", [0.0, 2.0], [0.0, 1.0]).styled(CurveStyle::Dashed)),
    ))
    .unwrap();
    assert!(drawn.contains(">critical line<"), "{drawn}");
}

#[test]
fn what_lies_outside_of_the_cells_is_not_drawn() {
    let plain = figure_svg(&figure(map())).unwrap();
    let outside = map()
        .curve(line("far", [5.0, 6.0], [0.0, 1.0]))
        .mark(Mark::point(1.0, 7.0, "nowhere"));
    assert_eq!(figure_svg(&figure(outside)).unwrap(), plain);
    // names have no coordinate
    let mut named = map();
    named.x = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()].into();
    let with = named.clone().curve(line("line", [0.0, 2.0], [0.0, 1.0]));
    assert_eq!(
        figure_svg(&figure(with)).unwrap(),
        figure_svg(&figure(named)).unwrap()
    );
}

#[test]
fn the_data_hold_the_curves() {
    let over = figure(map().curve(line("critical line", [0.0, 2.0], [0.25, 1.0])));
    let csv = figure_csv(&over).unwrap();
    assert!(csv.starts_with("spread,mean,entropy production [nats/step],curve\n0,0,0.1,\n"));
    assert!(csv.ends_with("0,0.25,,critical line\n2,1,,critical line\n"));
    let mut report = Report::new("test", "Test", Provenance::new("0"));
    report.push_figure(over);
    assert_eq!(Report::from_json(&report.to_json().unwrap()).unwrap(), report);
    let page = report_page(&report, Page::Interactive).unwrap();
    assert!(page.contains("critical line"));
    // a map without curves is written as it always was
    assert!(
        figure_csv(&figure(map()))
            .unwrap()
            .starts_with("spread,mean,entropy production [nats/step]\n0,0,0.1\n")
    );
}

#[test]
fn a_curve_over_a_map_must_have_as_many_ordinates_as_abscissae() {
    let uneven = map().curve(Curve::new("uneven", vec![0.0, 1.0], vec![0.5]));
    assert!(matches!(figure_svg(&figure(uneven)), Err(Error::Length { .. })));
}
