//! From reaction models to reaction systems: compartments, laws by formula, equilibrium constants, counts, and decisions.

use irrev::chemistry::{Cause, Chemistry, CountModel};
use irrev::model::{Model, Override, Reactions, ReactionsEnvironment, Treatment, Vocabulary, parse};
use irrev::network::counts::Propensity;
use irrev::source::SourceFile;

fn spec(text: &str) -> Box<Reactions> {
    let text = format!("irrev = 1\nkind = \"reactions\"\n{text}");
    match parse(
        SourceFile::from_text("model.toml", text).unwrap(),
        &Vocabulary::default(),
    ) {
        Ok(Model::Reactions(spec)) => spec,
        Ok(_) => panic!("not a reaction model"),
        Err(error) => panic!("{error}"),
    }
}

fn chemistry(text: &str) -> Chemistry {
    let spec = spec(text);
    Chemistry::new(&ReactionsEnvironment::new(&spec, &[]).unwrap()).unwrap()
}

fn counts(text: &str) -> CountModel {
    let spec = spec(text);
    let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
    Chemistry::new(&environment)
        .unwrap()
        .counts(&environment)
        .unwrap()
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-13 * expected.abs(),
        "{found} instead of {expected}"
    );
}

#[test]
fn mass_action_in_a_compartment_is_volume_times_concentrations() {
    // V = 2 l and 0.5 l; A and B in the first, C in the second: amounts 2, 6, 2
    let system = chemistry(
        "[compartments]\ncell = 2.0\nvesicle = 0.5\n\
         [species]\nA = { initial = 1.0, compartment = \"cell\" }\nB = { initial = 3.0, compartment = \"cell\" }\n\
         C = { initial = 4.0, compartment = \"vesicle\" }\n\
         [reactions]\nr = { eq = \"2 A + B <=> C\", kf = 5.0, kr = 7.0 }",
    );
    assert_eq!(system.initial, [2.0, 6.0, 2.0]);
    let flow = system.system.flow(0.0, &system.initial).unwrap();
    // the law's home is the compartment of its first reactant
    close(flow.forward_flux()[0], 2.0 * 5.0 * 1.0 * 3.0);
    close(flow.backward_flux()[0], 2.0 * 7.0 * 4.0);
    assert_eq!(system.symbols(&system.initial), [1.0, 3.0, 4.0]);
}

#[test]
fn an_equilibrium_constant_gives_the_same_reverse_rate_by_constant_and_by_formula() {
    let species = "[species]\nS = 2.0\nP = 0.5\n[thermodynamics]\ntemperature = 2.0\n[reactions]\n";
    // K = 4 = exp(2 ln 4/2)
    let energy = -2.0 * 4.0_f64.ln();
    for law in [
        "r = { eq = \"S <=> 2 P\", kf = 3.0, keq = 4.0 }".to_owned(),
        format!("r = {{ eq = \"S <=> 2 P\", kf = 3.0, dG0 = {energy} }}"),
        "r = { eq = \"S <=> 2 P\", forward = \"3*S\", keq = 4.0 }".to_owned(),
        format!("r = {{ eq = \"S <=> 2 P\", forward = \"3*S\", dG0 = {energy} }}"),
        "r = { eq = \"S <=> 2 P\", net = \"3*S - 0.75*P^2\" }".to_owned(),
    ] {
        let system = chemistry(&format!("{species}{law}"));
        let flow = system.system.flow(0.0, &system.initial).unwrap();
        close(flow.forward_flux()[0], 6.0);
        close(flow.backward_flux()[0], 0.75 * 0.25);
        close(flow.force()[0], (6.0_f64 / 0.1875).ln());
        // the Jacobian is the derivative, also through the quotient
        let jacobian = system.system.jacobian(0.0, &system.initial).unwrap();
        close(jacobian[(0, 0)], -3.0);
        close(jacobian[(1, 1)], -2.0 * 0.75 * 2.0 * 0.5);
    }
}

#[test]
fn a_reverse_flux_by_quotient_exists_where_a_reactant_is_missing() {
    let system = chemistry(
        "[species]\nS = 0.0\nP = 0.5\n[reactions]\nr = { eq = \"S <=> P\", forward = \"3*S/(1+S)\", keq = 4.0 }",
    );
    let (forward, backward) = system.system.all_fluxes(0.0, &system.initial).unwrap();
    assert_eq!(forward[0], 0.0);
    close(backward[0], 3.0 * 0.5 / 4.0);
}

#[test]
fn standard_potentials_of_the_model_set_the_forces() {
    let system = chemistry(
        "[species]\nA = { initial = 1.0, standard_potential = 2.0 }\nB = { initial = 1.0, standard_potential = 0.5 }\n\
         [thermodynamics]\ntemperature = 0.5\n[reactions]\nr = { eq = \"A <=> B\", kf = 1.0, standard_potentials = true }",
    );
    let flow = system.system.flow(0.0, &[1.0, 1.0]).unwrap();
    close(flow.force()[0], 1.5 / 0.5);
    assert_eq!(system.standard_potentials, Some(vec![4.0, 1.0]));
}

#[test]
fn rates_that_follow_the_time_and_species_that_follow_a_formula_are_laws_by_formula() {
    let system = chemistry(
        "[species]\nX = 1.0\nZ = { assigned = \"2*X\" }\n[variables]\nsize = { initial = 1.0, rate = \"0.5*size\" }\n\
         [reactions]\nin = { eq = \"0 <=> X\", kf = \"1 + t\", kr = 1.0 }\nout = { eq = \"Z -> 0\", kf = 3.0 }",
    );
    assert!(system.system.depends_on_time());
    assert_eq!(system.system.drifting(), ["size"]);
    let (forward, backward) = system.system.all_fluxes(2.0, &[4.0, 1.0]).unwrap();
    assert_eq!((forward, backward), (vec![3.0, 24.0], vec![4.0, 0.0]));
    let mut rate = [0.0; 2];
    system.system.rate_of_change(2.0, &[4.0, 3.0], &mut rate).unwrap();
    assert_eq!(rate, [-1.0, 1.5]);
}

#[test]
fn propensities_are_those_of_molecules_in_their_volume() {
    let model = counts(
        "[compartments]\ncell = 2.0\n[species]\nA = { initial = 5.0, compartment = \"cell\" }\nB = { initial = 0.0, compartment = \"cell\" }\n\
         [volume]\nomega = 10.0\n[reactions]\nr = { eq = \"2 A <=> B\", kf = 3.0, kr = 4.0 }\n\
         f = { eq = \"A <=> B\", forward = \"cell*6*A\", backward = \"cell*7*B/(1+B)\" }",
    );
    assert_eq!(model.initial, [100, 0]);
    let n = [100.0, 40.0];
    let forward = |r: usize| model.system.reactions()[r].forward.value(0.0, &n);
    let backward = |r: usize| {
        model.system.reactions()[r]
            .backward
            .as_ref()
            .unwrap()
            .value(0.0, &n)
    };
    // VΩ = 20: a = k VΩ n(n−1)/(VΩ)²
    close(forward(0), 3.0 * 100.0 * 99.0 / 20.0);
    close(backward(0), 4.0 * 40.0);
    // Ω j at amounts n/Ω, as written
    close(forward(1), 6.0 * 100.0);
    close(backward(1), 10.0 * 2.0 * 7.0 * 2.0 / 3.0);
    assert!(matches!(
        model.system.reactions()[1].forward,
        Propensity::MassAction { .. }
    ));
    assert_eq!(model.recognised, ["f"]);
}

#[test]
fn what_is_decided_about_a_reaction_without_reverse_is_visible() {
    let text = "[species]\nX = 1.0\n[reactions]\nboth = { eq = \"0 <=> X\", kf = 1.0, kr = 1.0 }\nonly = { eq = \"X -> 0\", kf = 1.0 }";
    let spec = spec(text);
    let at = |set: &[&str]| {
        let overrides: Vec<Override> = set.iter().map(|s| Override::parse(s).unwrap()).collect();
        Chemistry::new(&ReactionsEnvironment::new(&spec, &overrides).unwrap()).unwrap()
    };
    let infinite = at(&[]);
    assert_eq!(
        (infinite.decisions[0].cause, infinite.decisions[0].treatment),
        (Cause::Irreversible, Treatment::Infinite)
    );
    assert!(
        infinite
            .system
            .flow(0.0, &[1.0])
            .unwrap()
            .entropy_production_rate()
            .is_infinite()
    );
    let left_out = at(&["thermodynamics.irreversible=leave-out"]);
    assert_eq!(left_out.system.left_out(), ["only"]);
    assert_eq!(
        left_out
            .system
            .flow(0.0, &[1.0])
            .unwrap()
            .entropy_production_rate(),
        0.0
    );
    assert!(
        at(&["thermodynamics.irreversible=refuse"])
            .refusal
            .unwrap()
            .contains("only")
    );
    // an equilibrium constant from outside gives it a reverse rate, and nothing is left to decide
    let reversible = at(&["reactions.only.keq=2"]);
    assert!(reversible.decisions.is_empty());
    let flow = reversible.system.flow(0.0, &[3.0]).unwrap();
    close(flow.backward_flux()[1], 0.5);
}
