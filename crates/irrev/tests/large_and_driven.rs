//! Reaction models of a thousand species, species that follow a rate of their own, checks at equilibrium, and what does not settle.

use irrev::analysis::{Options, possibilities, run, vocabulary};
use irrev::model::{Model, parse};
use irrev::report::Report;
use irrev::source::SourceFile;

fn model(text: &str) -> Model {
    let text = format!("irrev = 1\nkind = \"reactions\"\n{text}");
    parse(SourceFile::from_text("model.toml", text).unwrap(), &vocabulary()).unwrap()
}

fn report(text: &str) -> Report {
    run(&model(text), &Options::default(), &Default::default()).unwrap()
}

fn value(report: &Report, name: &str) -> f64 {
    report.quantity(name).unwrap_or_else(|| panic!("no {name}")).value
}

/// F ⇌ X0 ⇌ … ⇌ G with F = 2 and G = 1 held, kf = 1 and kr = 1/2.
fn chain(reactions: usize) -> String {
    let last = reactions - 2;
    let species: String = (0..=last).map(|k| format!("X{k} = 1.0\n")).collect();
    let links: String = (0..last)
        .map(|k| format!("r{k} = {{ eq = \"X{k} <=> X{}\", kf = 1.0, kr = 0.5 }}\n", k + 1))
        .collect();
    format!(
        "[species]\nF = {{ chemostat = 2.0 }}\nG = {{ chemostat = 1.0 }}\n{species}[reactions]\nin = {{ eq = \"F <=> X0\", kf = 1.0, kr = 0.5 }}\n\
         {links}out = {{ eq = \"X{last} <=> G\", kf = 1.0, kr = 0.5 }}\n"
    )
}

#[test]
fn a_chain_of_a_thousand_reactions_has_every_section_within_seconds() {
    let model = model(&chain(1000));
    let begin = std::time::Instant::now();
    let possible = possibilities(&model, &[]).unwrap();
    // a few milliseconds; following the motion takes a hundred times as long
    assert!(begin.elapsed().as_secs_f64() < 2.0);
    let obstacle = |name: &str| {
        possible
            .iter()
            .find(|p| p.section.name() == name)
            .unwrap()
            .obstacle
            .clone()
    };
    assert_eq!((obstacle("stationary"), obstacle("response")), (None, None));
    assert!(obstacle("limit_cycle").unwrap().contains("400"));
    let report = run(&model, &Options::default(), &Default::default()).unwrap();
    // some 3 s of one core; dense algebra in any one step takes minutes
    assert!(begin.elapsed().as_secs() < 60);
    assert!(report.all_verified());
    // the current is F kf − X0 kr = 1 to 2⁻¹⁰⁰⁰, and all of the affinity ln(2¹⁰⁰⁰ · F/G) is dissipated at it
    let rate = value(&report, "entropy_production_rate");
    let expected = 1001.0 * std::f64::consts::LN_2;
    assert!((rate / expected - 1.0).abs() < 1e-12, "{rate} {expected}");
    // the slowest mode of 999 sites with hops 1 and 1/2: 3/2 − √2 cos(π/1000)
    let slowest = 1.5 - 2.0_f64.sqrt() * (std::f64::consts::PI / 1000.0).cos();
    assert!((value(&report, "slowest_rate") - slowest).abs() < 1e-9);
    assert!(value(&report, "entropy_production") > 0.0);
    assert!(
        report
            .summary
            .iter()
            .any(|s| s.text.starts_with("In the steady state it produces"))
    );
}

#[test]
fn a_species_with_a_rate_of_its_own_is_changed_by_no_reaction_and_conserved_in_none() {
    let text = "[species]\nA = { rate = \"1+A\", initial = 1 }\nB = 0.5\n[reactions]\nr = { eq = \"A <=> B\", kf = 0.01, kr = 0.01 }\n\
                [time]\nend = 5\n";
    let report = report(text);
    assert!(report.all_verified(), "{:?}", report.bounds);
    assert!(report.tables.iter().all(|t| t.name != "conserved_quantities"));
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.starts_with("Driven from outside: A follows"))
    );
    let course = report.tables.iter().find(|t| t.name == "time_course").unwrap();
    let text = format!("{course:?}");
    // A = 2 e^t − 1, undisturbed by the reaction: 2 e⁵ − 1
    assert!(text.contains("295.826318"), "the last value of A is missing");
}

#[test]
fn the_excess_beside_a_driven_species_is_that_of_the_others_alone() {
    let reactions = "[reactions]\nr = { eq = \"A <=> B\", kf = 0.01, kr = 0.01 }\ns = { eq = \"B <=> 0\", kf = 0.01, kr = 0.01 }\n[time]\nend = 5\n";
    let driven = report(&format!(
        "[species]\nA = {{ rate = \"1-A\", initial = 10 }}\nB = 0.5\n{reactions}"
    ));
    let held = report(&format!(
        "[species]\nA = {{ chemostat = 10 }}\nB = 0.5\n{reactions}"
    ));
    let (a, b) = (
        value(&driven, "geometric_excess"),
        value(&held, "geometric_excess"),
    );
    assert!((a - b).abs() < 1e-14 * b, "{a} {b}");
    // ẋ²/L with L = Λ(0.1, 0.005) + Λ(0.01, 0.005) and ẋ = 0.1
    let mean = |x: f64, y: f64| (x - y) / (x / y).ln();
    let expected = 0.01 / (mean(0.1, 0.005) + mean(0.01, 0.005));
    assert!((b - expected).abs() < 1e-12, "{b} {expected}");
}

#[test]
fn an_equilibrium_passes_its_checks_although_nothing_is_dissipated() {
    let report = report(
        "[species]\nP = 30\nD = 5\n[reactions]\nr = { eq = \"2 P <=> D\", forward = \"0.001*P*(P-1)/2\", backward = \"0.01*D\" }\n",
    );
    let failed: Vec<_> = report.checks.iter().filter(|c| !c.passed).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn what_does_not_settle_is_named_as_missing_and_fails_no_check() {
    for equation in ["A -> 2 A", "2 A -> 3 A"] {
        let text = format!("[species]\nA = 1.0\n[reactions]\nr = {{ eq = \"{equation}\", kf = 1.0 }}\n");
        let report = report(&text);
        assert!(report.all_verified(), "{equation}: {:?}", report.checks);
        assert!(
            report.missing_sections.contains(&"stationary".to_owned()),
            "{equation}"
        );
    }
}

#[test]
fn fluxes_beyond_the_range_of_numbers_are_refused_by_name() {
    let model = model(
        "[species]\nA = 1e300\nB = 1.0\n[reactions]\nr = { eq = \"2 A <=> B\", kf = 1e300, kr = 1e-300 }\n",
    );
    let message = run(&model, &Options::default(), &Default::default())
        .unwrap_err()
        .to_string();
    assert!(message.contains("\"r\"") && message.contains("inf"), "{message}");
}
