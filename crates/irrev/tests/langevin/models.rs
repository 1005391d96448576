//! Models of kind `langevin`: numbers of every section against known ones, and what is refused.

use irrev::analysis::{Options, Section, SweepRequest, possibilities, run};
use irrev::model::{Override, schema, template};
use irrev::numerics::Run;

use super::{TWO_BATHS, read, report, report_on, value};

/// A particle on a tilted ring.
const RING: &str = r#"irrev = 1
kind = "langevin"
[parameters]
f = 0.8
[coordinates]
x = { min = 0, max = "2*pi", boundary = "periodic", intervals = 512 }
[dynamics]
potential = "cos(x)"
force = "f"
temperature = 0.5
"#;

/// The double well of two dimensions that is projected.
const PLANE: &str = r#"irrev = 1
kind = "langevin"
[coordinates]
q1 = { min = -3.5, max = 3.5 }
q2 = { min = -3.5, max = 3.5 }
[dynamics]
type = "underdamped"
friction = 1.0
potential = "(q1^2 - 1)^2 + 2*q2^2"
temperature = "1/3"
[[projections]]
type = "linear"
along = [1, 0]
range = [-1.6, 1.6]
[[projections]]
type = "difference-of-distances"
focus = 1.2
range = [-2.1, 2.1]
points = 241
"#;

/// What is wrong with a file, in words.
fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn a_tilted_ring_has_its_known_current_and_dissipation() {
    let found = report(RING, &[Section::SteadyState]);
    assert!(found.all_verified());
    // by quadrature to ten digits
    for (name, exact) in [
        ("continuum_entropy_production_rate", 0.670_584_544_423_53),
        ("mean_velocity_x", 0.419_115_340_264_71),
    ] {
        let quantity = found.quantity(name).unwrap();
        let error = quantity.error.unwrap();
        assert!(
            (quantity.value - exact).abs() < error.max(1e-9),
            "{name} {}",
            quantity.value
        );
        assert!(error < 1e-6 * exact, "{name} ± {error}");
    }
    // f L J/T and f v/T are one
    assert!(
        (value(&found, "mean_velocity_x") * 0.8 / 0.5 - value(&found, "continuum_entropy_production_rate"))
            .abs()
            < 1e-7
    );
    // without the tilt nothing is dissipated
    let still = report_on(RING, &[Section::SteadyState], &["parameters.f=0"], 0);
    assert!(value(&still, "continuum_entropy_production_rate").abs() < 1e-12);
    let summary = format!("{:?}", still.summary);
    assert!(summary.contains("equilibrium"), "{summary}");
}

#[test]
fn two_wells_are_left_at_their_known_rates() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = -2.2, max = 2.2, intervals = 1024 }
[dynamics]
potential = "(x^2 - 1)^2"
temperature = 0.2
[first_passage]
from = -1
to = 1
"#;
    let found = report(text, &[Section::Spectrum, Section::FirstPassage]);
    // by quadrature and by a spectral method, both to nine digits; −1 is no node, but near enough that the well does not tell
    let rate = value(&found, "relaxation_rate");
    assert!((rate / 0.011_104_562_544_467 - 1.0).abs() < 1e-4, "{rate}");
    let time = value(&found, "mean_first_passage_time");
    assert!((time / 182.417_672_985_58 - 1.0).abs() < 2e-3, "{time}");
}

#[test]
fn baths_of_two_temperatures_exchange_the_heat_of_the_linear_theory() {
    let found = report(TWO_BATHS, &[Section::SteadyState]);
    // dx = −K x dt + √2T dW with K = (2, −1; −1, 2): from K Σ + Σ K = 2 T follows ⟨xy⟩, and Q_x = ⟨F_x v_x⟩ = (T_y − T_x)/4
    let exact = 0.25 * (0.5 - 1.0);
    let (x, y) = (
        value(&found, "continuum_heat_x"),
        value(&found, "continuum_heat_y"),
    );
    assert!((x - exact).abs() < 1e-4 && (y + exact).abs() < 1e-4, "{x} {y}");
    let production = value(&found, "continuum_entropy_production_rate");
    assert!((production - (x / 1.0 + y / 0.5)).abs() < 1e-4 && production > 0.0);
    assert!(found.all_verified());
}

#[test]
fn a_turning_force_is_the_flux_of_a_field() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = -3.2, max = 3.2, intervals = 96 }
y = { min = -3.2, max = 3.2, intervals = 96 }
[dynamics]
potential = "0.75*(x^2 + y^2)"
force = { x = "-0.8*y", y = "0.8*x" }
temperature = 0.6
"#;
    let found = report(text, &[Section::SteadyState, Section::Field]);
    // ⟨|k x|²⟩ = 2 k T and ⟨v²⟩ = 2 ω² T/k: shares k²/(k² + ω²), and EPR = ⟨v²⟩/T
    let gradient = value(&found, "gradient_part");
    assert!((gradient - 2.25 / (2.25 + 0.64)).abs() < 2e-3, "{gradient}");
    let production = value(&found, "continuum_entropy_production_rate");
    assert!((production - 0.853_333_333_333_33).abs() < 1e-3, "{production}");
}

#[test]
fn free_energy_and_mean_force_are_one_along_a_line_and_two_along_a_difference_of_distances() {
    let found = report(PLANE, &[Section::Projection]);
    assert!(value(&found, "largest_landscape_difference_1") < 1e-6);
    assert!((value(&found, "lowest_metric_1") - 1.0).abs() < 1e-9);
    // by quadrature over level sets
    for (name, exact) in [
        ("free_energy_barrier_2", 1.035_120_465_650_1),
        ("mean_force_barrier_2", 3.497_671_161_760_8),
    ] {
        assert!(
            (value(&found, name) - exact).abs() < 1e-4,
            "{name} {}",
            value(&found, name)
        );
    }
    assert!(found.all_verified());
}

#[test]
fn walkers_keep_the_books_that_the_equation_of_probability_has() {
    let text = format!("{RING}[simulate]\nstep = 0.004\ntime = 30\nwalkers = 400\ndiscard = 5\n");
    let found = report(&text, &[Section::SteadyState, Section::Simulation]);
    // five standard errors: false alarm once in 1.7 million
    assert!(found.all_verified(), "{:?}", found.checks);
    let simulated = found.quantity("simulated_entropy_production_rate").unwrap();
    assert!(simulated.error.unwrap() < 0.05);
    // the same seed gives the same bits on any number of threads
    let again = |threads| {
        value(
            &report_on(&text, &[Section::Simulation], &[], threads),
            "simulated_entropy_production_rate",
        )
    };
    assert_eq!(again(1).to_bits(), again(2).to_bits());
}

#[test]
fn a_moved_trap_costs_its_known_work_and_no_free_energy() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = {}
[dynamics]
potential = "0.5*(x - 2*min(t/3, 1))^2"
[simulate]
step = 0.01
time = 3
walkers = 20000
discard = 6
"#;
    let found = report(text, &[Section::Simulation]);
    let within = |name: &str, exact: f64| {
        let quantity = found.quantity(name).unwrap();
        // five standard errors, and an integrator of first order
        let allowed = 5.0 * quantity.error.unwrap() + 0.01 * exact.abs();
        assert!(
            (quantity.value - exact).abs() < allowed,
            "{name} {} ± {allowed}",
            quantity.value
        );
    };
    // W = (λ²/τ)(1 − (1 − e^{−τ})/τ), normal with variance 2 W T, so that ΔF = W − var/2T = 0
    within("walker_work", 4.0 / 3.0 * (1.0 - (1.0 - (-3.0_f64).exp()) / 3.0));
    within("jarzynski_free_energy", 0.0);
}

#[test]
fn underdamped_walkers_carry_heat_between_baths() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = {}
y = {}
[dynamics]
type = "underdamped"
potential = "x^2 - x*y + y^2"
temperature = { x = 2.0, y = 1.0 }
friction = { x = 0.5, y = 1.2 }
[simulate]
step = 0.05
time = 400
walkers = 256
discard = 40
"#;
    let found = report(text, &[Section::Simulation]);
    let heat = found.quantity("walker_heat_y").unwrap();
    // ⟨Q⟩ = γ_i (T_i − ⟨v_i²⟩) of the linear theory; five standard errors and the step
    assert!(
        (heat.value - 0.160_427_807_486_63).abs() < 5.0 * heat.error.unwrap() + 0.002,
        "{} {:?}",
        heat.value,
        heat.error
    );
}

#[test]
fn sweeps_show_what_is_asked() {
    let options = Options {
        sections: Some(vec![Section::Sweep]),
        sweep: Some(SweepRequest {
            axes: vec![("parameters.f".into(), vec![0.0, 0.4, 0.8])],
            show: vec!["entropy_production_rate".into(), "mean_velocity".into()],
        }),
        ..Options::default()
    };
    let found = run(&read(RING).unwrap(), &options, &Run::default()).unwrap();
    let table = found.tables.iter().find(|table| table.name == "sweep").unwrap();
    let text = format!("{table:?}");
    assert!(text.contains("0.6705845"), "{text}");
}

#[test]
fn the_template_runs_and_the_schema_knows_it() {
    let text = template("langevin").unwrap();
    assert!(report(text, &[]).all_verified());
    let known = schema("langevin").unwrap().to_string();
    for key in [
        "coordinates",
        "potential",
        "friction",
        "first_passage",
        "projections",
        "walkers",
    ] {
        assert!(known.contains(key), "{key}");
    }
    let open = possibilities(&read(text).unwrap(), &[]).unwrap();
    let closed: Vec<&str> = open
        .iter()
        .filter(|p| p.obstacle.is_some())
        .map(|p| p.section.name())
        .collect();
    assert_eq!(
        closed,
        [
            "linear",
            "counting",
            "relaxation",
            "protocol",
            "projection",
            "simulation",
            "sweep"
        ]
    );
}

#[test]
fn what_is_no_model_is_refused_with_its_place() {
    for (change, told) in [
        (
            ("potential = \"cos(x)\"", "potential = \"cos(z)\""),
            "unknown name `z`",
        ),
        (
            ("potential = \"cos(x)\"\nforce = \"f\"", ""),
            "neither `potential` nor `force`",
        ),
        (("max = \"2*pi\"", "max = -1"), "expected a number above `min`"),
        (("max = \"2*pi\", ", ""), "both `min` and `max`"),
        (
            ("temperature = 0.5", "temperature = -1"),
            "expected a number above 0",
        ),
        (("temperature = 0.5", "mass = 2"), "\"mobility\" instead"),
        (("intervals = 512", "intervals = 2.5"), "expected a whole number"),
        (
            ("boundary = \"periodic\"", "boundary = \"round\""),
            "\"periodic\"",
        ),
        (
            ("[parameters]\nf = 0.8", "[parameters]\nx = 0.8\nf = 1"),
            "the name of a parameter",
        ),
        (
            ("kind = \"langevin\"", "kind = \"langevin\"\ngrid = 3"),
            "unknown key `grid`",
        ),
    ] {
        let message = refusal(&RING.replace(change.0, change.1));
        assert!(
            message.contains(told) && message.contains("m.toml:"),
            "{told}: {message}"
        );
    }
    let three = PLANE.replace(
        "q2 = { min = -3.5, max = 3.5 }",
        "q2 = { min = -3.5, max = 3.5 }\nq3 = {}",
    );
    // now the first has a number too few, and what is known in a plane alone has no plane
    assert!(refusal(&three).contains("found 2 numbers, expected 3"));
    let three = three.replace("along = [1, 0]", "along = [1, 0, 0]");
    assert!(refusal(&three).contains("the model has 3 coordinates"));
    let unknown = Override::parse("parameters.g=1").unwrap();
    let options = Options {
        overrides: vec![unknown],
        ..Options::default()
    };
    let error = run(&read(RING).unwrap(), &options, &Run::default()).unwrap_err();
    assert!(error.to_string().contains("parameters.g"), "{error}");
}

#[test]
fn what_has_no_answer_is_refused_with_the_reason() {
    let refused = |text: &str, section: Section| {
        let options = Options {
            sections: Some(vec![section]),
            ..Options::default()
        };
        run(&read(text).unwrap(), &options, &Run::default())
            .unwrap_err()
            .to_string()
    };
    let diverging = RING.replace("\"cos(x)\"", "\"1/(x - pi)^2\"");
    assert!(refused(&diverging, Section::SteadyState).contains("must be finite"));
    let absorbing = RING.replace("\"periodic\"", "[\"reflecting\", \"absorbing\"]");
    assert!(refused(&absorbing, Section::SteadyState).contains("absorbing end"));
    assert!(refused(RING, Section::Projection).contains("[[projections]]"));
    let unstable = format!(
        "{}[simulate]\nstep = 5.0\ntime = 500\nwalkers = 4\n",
        RING.replace("boundary = \"periodic\", ", "")
            .replace("\"cos(x)\"", "\"(x - pi)^4\"")
    );
    let message = refused(&unstable, Section::Simulation);
    assert!(
        message.contains("step") && message.contains("walker"),
        "{message}"
    );
    let little = Run {
        memory_limit: 1 << 16,
        ..Run::default()
    };
    let error = run(&read(RING).unwrap(), &Options::default(), &little).unwrap_err();
    assert_eq!(error.exit_code(), 69, "{error}");
}
