//! Models of kind `langevin`: linear motion, second laws of parts, long-run diffusion, relaxation, protocols, memory and fluctuation theorems against what is known of them.

use irrev::analysis::{Options, Section, run};
use irrev::numerics::Run;
use irrev::report::{BoundStatus, ColumnValues, Report};
use std::f64::consts::TAU;

use super::{TWO_BATHS, outcome, read, report, value};

/// A particle on a tilted ring.
const RING: &str = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = 0, max = "2*pi", boundary = "periodic", intervals = 256 }
[dynamics]
potential = "cos(x)"
force = 0.8
temperature = 0.5
"#;

/// A particle that remembers, in a trap.
const REMEMBERS: &str = r#"irrev = 1
kind = "langevin"
[coordinates]
x = {}
[dynamics]
type = "generalized"
potential = "x^2/2"
temperature = 0.01
memory = [{ amplitude = 3.0, rate = 1.5 }]
[simulate]
step = 0.02
time = 20
walkers = 256
start = 2.0
"#;

/// Whether a number is within four errors of its extrapolation of what is known.
fn near(report: &Report, name: &str, exact: f64) {
    let quantity = report.quantity(name).unwrap_or_else(|| panic!("no {name}"));
    let error = quantity.error.unwrap();
    assert!(
        (quantity.value - exact).abs() < 4.0 * error + 1e-8,
        "{name} {} ± {error}, expected {exact}",
        quantity.value
    );
    assert!(error < 0.02 * exact.abs(), "{name} ± {error}");
}

fn status(report: &Report, name: &str) -> BoundStatus {
    report
        .bounds
        .iter()
        .find(|bound| bound.name == name)
        .unwrap()
        .status
}

#[test]
fn a_tilted_ring_diffuses_as_reimann_and_others_say() {
    let found = report(RING, &[Section::Counting]);
    // D = D₀ ⟨I₊ I₊ I₋⟩/⟨I₊⟩³ with I₊(x) = ∫₀^L e^{(V(x) − V(x−y))/T} dy/D₀, I₋(x) = ∫₀^L e^{(V(x+y) − V(x))/T} dy/D₀; periodic integrands, so that the rule converges beyond all powers
    let (t, f, n) = (0.5, 0.8, 400);
    let v = |x: f64| x.cos() - f * x;
    let step = TAU / f64::from(n);
    let simpson = |g: &dyn Fn(f64) -> f64| -> f64 {
        // the factor e^{∓f y/T} makes the integrands of I± not periodic
        let ends = g(0.0) + g(TAU);
        let inner: f64 = (1..n)
            .map(|k| if k % 2 == 1 { 4.0 } else { 2.0 } * g(f64::from(k) * step))
            .sum();
        (ends + inner) * step / 3.0
    };
    let ahead = |x: f64| simpson(&|y| ((v(x) - v(x - y)) / t).exp()) / t;
    let back = |x: f64| simpson(&|y| ((v(x + y) - v(x)) / t).exp()) / t;
    let mean = |g: &dyn Fn(f64) -> f64| (0..n).map(|k| g(f64::from(k) * step)).sum::<f64>() / f64::from(n);
    let exact = t * mean(&|x| ahead(x).powi(2) * back(x)) / mean(&ahead).powi(3);
    near(&found, "effective_diffusion_x", exact);
    assert!(status(&found, "thermodynamic_uncertainty_x") == BoundStatus::Holds);
    // without a tilt Lifson and Jackson's D₀/(⟨e^{V/T}⟩⟨e^{−V/T}⟩), and no mean to be precise about
    let still = outcome(RING, &[Section::Counting], &["dynamics.force=0"]).unwrap();
    let average = |sign: f64| mean(&|x| (sign * x.cos() / t).exp());
    near(
        &still,
        "effective_diffusion_x",
        t / (average(1.0) * average(-1.0)),
    );
    assert!(status(&still, "thermodynamic_uncertainty_x") == BoundStatus::NotApplicable);
}

#[test]
fn parts_and_whole_of_linear_motion_agree_on_the_grid_and_in_closed_form() {
    let found = report(
        TWO_BATHS,
        &[
            Section::SteadyState,
            Section::Linear,
            Section::Field,
            Section::Subsystems,
        ],
    );
    assert!(found.all_verified(), "{:?}", found.checks);
    // Σ̇ = k² (T₁ − T₂)²/(T₁ T₂ 2 a) with stiffness a = 2 and coupling 1
    assert!((value(&found, "linear_entropy_production_rate") - 0.125).abs() < 1e-13);
    let table = found
        .tables
        .iter()
        .find(|table| table.name == "linear_subsystems")
        .unwrap();
    let column = |name: &str| match &table
        .columns
        .iter()
        .find(|column| column.name == name)
        .unwrap()
        .values
    {
        ColumnValues::Numbers(values) => values.clone(),
        _ => panic!("{name} holds words"),
    };
    let (rates, flows) = (column("entropy production"), column("information flow"));
    for (i, name) in ["x", "y"].iter().enumerate() {
        near(&found, &format!("part_entropy_production_{name}"), rates[i]);
        near(&found, &format!("information_flow_{name}"), flows[i]);
    }
    assert!((rates[0] + rates[1] - 0.125).abs() < 1e-13 && (flows[0] + flows[1]).abs() < 1e-13);
    assert!(rates.iter().all(|rate| *rate > 0.0));
    // the force is a gradient, and the far corners, where hardly anything is, do not spoil that
    assert!((value(&found, "gradient_part") - 1.0).abs() < 1e-9);
    let summary = format!("{:?}", found.summary);
    assert!(summary.contains("The bath of x loses entropy"), "{summary}");
}

#[test]
fn oscillators_between_two_baths_have_the_heat_of_the_closed_form() {
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
"#;
    let found = report(text, &[Section::Linear]);
    assert!((value(&found, "continuum_heat_y") - 0.160_427_807_486_63).abs() < 1e-12);
    assert!((value(&found, "continuum_heat_x") + value(&found, "continuum_heat_y")).abs() < 1e-13);
    assert!((value(&found, "linear_entropy_production_rate") - 0.080_213_903_743_315).abs() < 1e-12);
}

#[test]
fn a_relaxation_pays_what_its_distance_and_its_convexity_ask() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = -6, max = 6, intervals = 128 }
[dynamics]
potential = "x^2/2 + c*x^4/20"
temperature = 1.0
[relaxation]
from = 1.5
width = 0.6
time = 2
[parameters]
c = 1.0
"#;
    let found = report(text, &[Section::Relaxation]);
    assert!(found.all_verified(), "{:?}", found.checks);
    for bound in [
        "wasserstein_relaxation",
        "exponential_decay",
        "logarithmic_sobolev",
        "talagrand",
        "hwi",
    ] {
        assert!(status(&found, bound) == BoundStatus::Holds, "{bound}");
    }
    assert!((value(&found, "convexity") - 1.0).abs() < 1e-12);
    // a quadratic trap in closed form: m = 1.5 e^{−t}, s² = 1 − 0.64 e^{−2t}
    let linear = outcome(text, &[Section::Relaxation], &["parameters.c=0"]).unwrap();
    assert!(linear.all_verified(), "{:?}", linear.checks);
    let entropy = |mean: f64, variance: f64| 0.5 * (variance - 1.0 - variance.ln() + mean * mean);
    near(&linear, "initial_relative_entropy", entropy(1.5, 0.36));
    let (decay, square) = ((-2.0_f64).exp(), (-4.0_f64).exp());
    let exact = entropy(1.5, 0.36) - entropy(1.5 * decay, 1.0 - 0.64 * square);
    near(&linear, "relaxation_entropy_production", exact);
    let bound = linear
        .bounds
        .iter()
        .find(|bound| bound.name == "wasserstein_relaxation")
        .unwrap();
    let distance = (1.5 * (1.0 - decay)).powi(2) + ((1.0 - 0.64 * square).sqrt() - 0.6).powi(2);
    assert!((bound.right - 0.5 * distance).abs() < 1e-3, "{}", bound.right);
    // two wells are not convex, and the place is named
    let bent = "dynamics.potential=(x^2 - 1)^2";
    let ends = ["coordinates.x.min=-2.5", "coordinates.x.max=2.5"];
    let wells = outcome(text, &[Section::Relaxation], &[&[bent], &ends[..]].concat()).unwrap();
    assert!(status(&wells, "logarithmic_sobolev") == BoundStatus::NotApplicable);
    assert!(status(&wells, "hwi") == BoundStatus::Holds);
    let reason = wells
        .bounds
        .iter()
        .find(|b| b.name == "talagrand")
        .unwrap()
        .note
        .clone()
        .unwrap();
    assert!(reason.contains("λ is −4") && reason.contains("(0)"), "{reason}");
    // where the stationary density leaves the numbers there is nothing to be relative to
    let steep = outcome(text, &[Section::SteadyState, Section::Relaxation], &[bent]).unwrap();
    let reason = &steep
        .left_out
        .iter()
        .find(|left| left.section == "relaxation")
        .unwrap()
        .reason;
    assert!(reason.contains("end the coordinates earlier"), "{reason}");
    // baths of two temperatures leave the first bound, and no other
    let plane = TWO_BATHS.to_owned() + "[relaxation]\nfrom = { x = 1, y = 1 }\nwidth = 0.7\ntime = 1\n";
    let plane = outcome(
        &plane,
        &[Section::Relaxation],
        &["coordinates.x.intervals=32", "coordinates.y.intervals=32"],
    );
    let plane = plane.unwrap();
    assert!(plane.all_verified(), "{:?}", plane.checks);
    assert!(status(&plane, "wasserstein_relaxation") == BoundStatus::Holds);
    assert!(status(&plane, "exponential_decay") == BoundStatus::NotApplicable);
}

#[test]
fn a_protocol_pays_at_least_the_distance_it_covers() {
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = { min = -6, max = 8, intervals = 160 }
[dynamics]
potential = "0.5*(x - 2*min(t/2, 1))^2"
[protocol]
duration = 2
"#;
    let found = report(text, &[Section::Protocol]);
    // a trap moved at speed 1: ⟨ẋ⟩ = 1 − e^{−t}, at constant width
    let (one, two) = ((-2.0_f64).exp(), (-4.0_f64).exp());
    near(
        &found,
        "protocol_entropy_production",
        2.0 - 2.0 * (1.0 - one) + 0.5 * (1.0 - two),
    );
    near(
        &found,
        "least_protocol_entropy_production",
        (2.0 - (1.0 - one)).powi(2) / 2.0,
    );
    near(&found, "least_entropy_production_to_equilibrium", 2.0);
    assert!(status(&found, "wasserstein_protocol") == BoundStatus::Holds);
    let still = outcome(text, &[Section::Protocol], &["dynamics.potential=x^2"]).unwrap_err();
    assert!(still.to_string().contains("does not change with time"), "{still}");
}

#[test]
fn walkers_that_remember_give_their_energy_to_the_bath() {
    let found = report(REMEMBERS, &[Section::Simulation]);
    assert!(found.all_verified(), "{:?}", found.checks);
    // 2 in the potential, less what equipartition leaves, over 20 units of time; five standard errors
    let heat = found.quantity("walker_heat_x").unwrap();
    assert!(
        (heat.value * 20.0 - (2.0 - 0.005)).abs() < 5.0 * 20.0 * heat.error.unwrap() + 1e-3,
        "{}",
        heat.value
    );
    let oscillating = REMEMBERS.replace("rate = 1.5 }", "rate = 1.5, frequency = 2.0 }");
    assert!(report(&oscillating, &[Section::Simulation]).all_verified());
}

#[test]
fn works_both_ways_know_the_free_energy() {
    // a trap that is stiffened from 1 to 4: ΔF = ½ ln 4
    let text = r#"irrev = 1
kind = "langevin"
[coordinates]
x = {}
[dynamics]
potential = "(0.5 + 1.5*min(t, 1))*x^2"
[simulate]
step = 0.002
time = 1
walkers = 4000
discard = 4
"#;
    let found = report(text, &[Section::Simulation]);
    for name in ["bennett_free_energy", "jarzynski_free_energy"] {
        let quantity = found.quantity(name).unwrap();
        // five standard errors and the step
        let allowed = 5.0 * quantity.error.unwrap() + 0.005;
        assert!(
            (quantity.value - 2.0_f64.ln()).abs() < allowed,
            "{name} {}",
            quantity.value
        );
    }
    let error = |name: &str| found.quantity(name).unwrap().error.unwrap();
    assert!(error("bennett_free_energy") < error("jarzynski_free_energy"));
    assert!(found.figures.iter().any(|figure| figure.name == "crooks"));
}

#[test]
fn the_stationary_state_obeys_the_fluctuation_theorems() {
    let text = format!("{RING}[simulate]\nstep = 0.004\ntime = 10\nwalkers = 10000\ndiscard = 5\n");
    let found = report(&text, &[Section::Simulation]);
    let average = found.quantity("exponential_entropy_average").unwrap();
    // five standard errors and the step
    assert!((average.value - 1.0).abs() < 5.0 * average.error.unwrap() + 0.01);
    let slope = found.quantity("fluctuation_slope").unwrap();
    assert!(
        (slope.value - 1.0).abs() < 5.0 * slope.error.unwrap() + 0.02,
        "{slope:?}"
    );
}

#[test]
fn integrators_are_chosen_and_refused() {
    let linear = TWO_BATHS.to_owned()
        + "[simulate]\nstep = 0.01\ntime = 100\nwalkers = 256\ndiscard = 3\nintegrator = \"exact-linear\"\n";
    let found = report(&linear, &[Section::Simulation]);
    let production = found.quantity("simulated_entropy_production_rate").unwrap();
    assert!(
        (production.value - 0.125).abs() < 5.0 * production.error.unwrap() + 0.005,
        "{production:?}"
    );
    // a long step turns too far for that, and says so
    let long = outcome(&linear, &[Section::Simulation], &["simulate.step=0.1"]).unwrap();
    assert!(
        long.warnings
            .iter()
            .any(|warning| warning.contains("shorter step")),
        "{:?}",
        long.warnings
    );
    let bent = outcome(&linear, &[Section::Simulation], &["dynamics.potential=x^4 + y^2"]).unwrap_err();
    assert!(bent.to_string().contains("linear in the coordinates"), "{bent}");
    let foreign = read(&linear.replace("exact-linear", "baoab"))
        .unwrap_err()
        .to_string();
    assert!(
        foreign.contains("`simulate.integrator`") && foreign.contains("leimkuhler-matthews"),
        "{foreign}"
    );
}

#[test]
fn what_is_no_memory_is_refused_with_its_place() {
    for (change, told) in [
        (
            ("amplitude = 3.0", "amplitude = -3.0"),
            "expected a number of at least 0",
        ),
        (("rate = 1.5", "decay = 1.5"), "unknown key `decay`"),
        (
            ("rate = 1.5 }", "rate = 0.1, frequency = 3, phase = 0.5 }"),
            "dynamics.memory[0]",
        ),
        (
            ("memory = [{ amplitude = 3.0, rate = 1.5 }]", ""),
            "missing key `memory`",
        ),
        (
            ("memory = [{ amplitude = 3.0, rate = 1.5 }]", "memory = 3"),
            "expected a list of terms",
        ),
        (
            ("\"generalized\"", "\"underdamped\""),
            "\"mass\", \"friction\" instead",
        ),
    ] {
        let message = read(&REMEMBERS.replace(change.0, change.1))
            .unwrap_err()
            .to_string();
        assert!(
            message.contains(told) && message.contains("m.toml:"),
            "{told}: {message}"
        );
    }
}

#[test]
fn coordinates_are_projected_by_formula_with_masses_and_in_space() {
    let plane = |projection: &str, dynamics: &str| {
        format!(
            "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = {{ min = -4, max = 4 }}\ny = {{ min = -4, max = 4 }}\n[dynamics]\ntype = \"underdamped\"\nfriction = 1\npotential = \"(x^2 - 1)^2 + 2*y^2\"\ntemperature = 0.5\n{dynamics}\n[[projections]]\nrange = [-2.0, 2.0]\npoints = 41\n{projection}\n"
        )
    };
    let columns = |text: &str| -> Vec<Vec<f64>> {
        let found = report(text, &[Section::Projection]);
        assert!(found.all_verified(), "{:?}", found.checks);
        let table = found
            .tables
            .iter()
            .find(|table| table.name == "landscapes")
            .unwrap();
        let of = |name: &str| match &table.columns.iter().find(|c| c.name == name).unwrap().values {
            ColumnValues::Numbers(values) => values.clone(),
            _ => panic!("{name} holds words"),
        };
        ["G", "w/kT", "mean acceleration", "r"].map(of).to_vec()
    };
    let differ = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // the chart of a difference of distances, and its formula
    let chart = columns(&plane("type = \"difference-of-distances\"\nfocus = 1.2", ""));
    let written = "type = \"formula\"\nformula = \"sqrt((x + 1.2)^2 + y^2) - sqrt((x - 1.2)^2 + y^2)\"";
    let formula = columns(&plane(written, ""));
    for k in 0..3 {
        assert!(
            differ(&chart[k], &formula[k]) < 2e-3,
            "{k} {}",
            differ(&chart[k], &formula[k])
        );
    }
    // a heavy coordinate: G of x is that of the potential, w = kT/m, a = −V'/m
    let heavy = columns(&plane("type = \"linear\"\nalong = [1, 0]", "mass = { x = 4.0 }"));
    for ((g, a), x) in heavy[0].iter().zip(&heavy[2]).zip(&heavy[3]) {
        assert!((g - (x * x - 1.0).powi(2)).abs() < 1e-5, "{x} {g}");
        assert!((a + x * (x * x - 1.0)).abs() < 1e-9, "{x} {a}");
    }
    assert!(heavy[1].iter().all(|w| (w - 0.25).abs() < 1e-12));
    // the distance from the centre of a trap in space has the entropy −2 kT ln r
    let space = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -5, max = 5 }\ny = { min = -5, max = 5 }\nz = { min = -5, max = 5 }\n[dynamics]\npotential = \"(x^2 + y^2 + z^2)/2\"\n[[projections]]\ntype = \"distance\"\ncentre = [0, 0, 0]\nrange = [0.6, 3.0]\npoints = 25\n";
    let found = columns(space);
    let exact: Vec<f64> = found[3].iter().map(|r| 0.5 * r * r - 2.0 * r.ln()).collect();
    let least = exact.iter().copied().fold(f64::INFINITY, f64::min);
    for (g, exact) in found[0].iter().zip(&exact) {
        assert!((g - (exact - least)).abs() < 2e-3, "{g} {}", exact - least);
    }
    // what is no coordinate
    for (projection, told) in [
        ("type = \"formula\"\nformula = \"x + t\"", "`t`"),
        ("type = \"formula\"\nformula = \"x + u\"", "unknown name `u`"),
        ("type = \"formula\"\nformula = 3", "is a number"),
        (
            "type = \"linear\"\nalong = [1, 0, 0]",
            "found 3 numbers, expected 2",
        ),
        (
            "type = \"linear\"\nalong = [1, 0]\nformula = \"x\"",
            "no such key",
        ),
    ] {
        let message = read(&plane(projection, "")).unwrap_err().to_string();
        assert!(
            message.contains(told) && message.contains("m.toml:"),
            "{told}: {message}"
        );
    }
}

#[test]
fn two_absorbing_ends_leave_the_rate_between_them() {
    let text = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -1, max = 1, boundary = \"absorbing\", intervals = 128 }\n[dynamics]\npotential = \"0*x\"\n";
    let found = report(text, &[Section::Spectrum]);
    near(&found, "relaxation_rate", std::f64::consts::PI.powi(2) / 4.0);
    // a barrier of 60 kT is passed more slowly than rounding tells, and nothing is claimed
    let slow = outcome(
        text,
        &[Section::Spectrum],
        &[
            "dynamics.potential=60*(x^2 - 1)^2",
            "coordinates.x.min=-2",
            "coordinates.x.max=2",
        ],
    );
    let slow = slow.unwrap();
    assert!(
        !format!("{:?}", slow.summary).contains("or faster"),
        "{:?}",
        slow.summary
    );
}

#[test]
fn corners_are_no_lines_and_a_potential_closes_round_a_circle() {
    let trap = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -6, max = 6, intervals = 64 }\n[dynamics]\npotential = \"x^2/2 + 3*abs(x)\"\n[relaxation]\nfrom = 0.5\nwidth = 0.8\ntime = 1\n";
    let refused = outcome(trap, &[Section::Linear], &[]).unwrap_err().to_string();
    assert!(refused.contains("not linear"), "{refused}");
    let found = report(trap, &[Section::Relaxation]);
    assert!(status(&found, "logarithmic_sobolev") == BoundStatus::NotApplicable);
    // a force that leads away is no closed form either, and takes nothing with it
    let free = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = {}\n[dynamics]\nforce = 1.0\n[simulate]\nstep = 0.01\ntime = 5\nwalkers = 64\n";
    let options = Options::default();
    let free = run(&read(free).unwrap(), &options, &Run::default()).unwrap();
    assert!(free.quantity("simulated_entropy_production_rate").is_some());
    // f v/T is dissipated where the tilt is a force; as a potential it does not close
    let open = RING.replace("cos(x)", "cos(x) - 0.8*x");
    let message = read(&open).unwrap_err().to_string();
    assert!(
        message.contains("dynamics.force") && message.contains("m.toml:"),
        "{message}"
    );
}

#[test]
fn walkers_that_have_not_settled_say_so() {
    let pulled = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = {}\n[dynamics]\npotential = \"0.5*(x - 2*min(t/3, 1))^2 + 0.5*x^2\"\n[simulate]\nstep = 0.01\ntime = 3\nwalkers = 4000\n";
    let found = report(pulled, &[Section::Simulation]);
    assert!(
        found.quantity("bennett_free_energy").is_none() && found.quantity("jarzynski_free_energy").is_none()
    );
    assert!(
        found
            .warnings
            .iter()
            .any(|warning| warning.contains("simulate.discard"))
    );
    // with time to settle ΔF = 1 (two springs, the one moved by 2, in series); five standard errors and the step
    let text = pulled.replace("time = 3\n", "time = 3\ndiscard = 8\n");
    let found = report(&text, &[Section::Simulation]);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    let free = found.quantity("bennett_free_energy").unwrap();
    assert!(
        (free.value - 1.0).abs() < 5.0 * free.error.unwrap() + 0.01,
        "{free:?}"
    );
    // what falls into a well is no stationary state
    let falling = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = {}\n[dynamics]\npotential = \"x^4/4\"\n[simulate]\nstep = 0.002\ntime = 2\nwalkers = 500\nstart = 3\n";
    let found = report(falling, &[Section::Simulation]);
    assert!(
        found
            .warnings
            .iter()
            .any(|warning| warning.contains("had not settled")),
        "{:?}",
        found.warnings
    );
    // steps from which every walk runs away
    let wild = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = {}\n[dynamics]\ntype = \"underdamped\"\nfriction = 1\npotential = \"x^2/2\"\n[simulate]\nstep = 2.5\ntime = 100\nwalkers = 8\n";
    let message = outcome(wild, &[Section::Simulation], &[])
        .unwrap_err()
        .to_string();
    assert!(message.contains("runs away"), "{message}");
}

#[test]
fn a_relaxation_begins_where_the_grid_can_tell() {
    let text = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -3, max = 3 }\n[dynamics]\npotential = \"x^2\"\n[relaxation]\nfrom = 8\nwidth = 0.3\ntime = 1\n";
    for (change, told) in [
        ("from = 8", "which goes from -3 to 3"),
        ("from = 1", "too narrow"),
    ] {
        let text = text
            .replace("from = 8", change)
            .replace("0.3", if told == "too narrow" { "1e-6" } else { "0.3" });
        let found = report(&text, &[Section::SteadyState, Section::Relaxation]);
        let reason = &found
            .left_out
            .iter()
            .find(|left| left.section == "relaxation")
            .unwrap()
            .reason;
        assert!(reason.contains(told), "{reason}");
    }
}

#[test]
fn numbers_of_any_size_are_judged_by_their_own() {
    // a bead in SI units, whose energies are of 1e-21: it is in equilibrium, and says no more than that
    let bead = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -4e-7, max = 4e-7, intervals = 64 }\n[dynamics]\npotential = \"0.5e-6*x^2\"\ntemperature = 4.11e-21\nmobility = 1.06e8\n[relaxation]\nfrom = 1e-7\nwidth = 4e-8\ntime = 0.02\n[simulate]\nstep = 2e-5\ntime = 0.1\nwalkers = 200\ndiscard = 0.1\n";
    let found = run(&read(bead).unwrap(), &Options::default(), &Run::default()).unwrap();
    assert!(found.all_verified(), "{:?}", found.checks);
    near(&found, "relaxation_rate", 106.0);
    assert!(
        found.quantity("fluctuation_slope").is_none() && found.warnings.is_empty(),
        "{:?}",
        found.warnings
    );
    // a tilt of 2 kT a turn does not close, however small it is in joules
    let tilted = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = 0, max = 1e-6, boundary = \"periodic\" }\n[dynamics]\npotential = \"-1e-14*x\"\ntemperature = 4.11e-21\n";
    assert!(read(tilted).unwrap_err().to_string().contains("dynamics.force"));
}

#[test]
fn an_absorbing_end_beyond_the_target_does_not_matter() {
    // from 0 to 1 with a wall at −1: t = (1 + 2·1)/2 = 3/2 at D = 1, wherever the motion would be absorbed beyond
    let text = "irrev = 1\nkind = \"langevin\"\n[coordinates]\nx = { min = -1, max = 1, boundary = [\"reflecting\", \"absorbing\"], intervals = 64 }\n[dynamics]\npotential = \"0*x\"\n[first_passage]\nfrom = 0\nto = 1\n";
    let found = report(text, &[Section::FirstPassage]);
    near(&found, "mean_first_passage_time", 1.5);
    let refused = outcome(
        text,
        &[Section::FirstPassage],
        &["first_passage.from=0.5", "first_passage.to=-0.5"],
    )
    .unwrap_err();
    assert!(refused.to_string().contains("absorbing end"), "{refused}");
}
