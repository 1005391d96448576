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

/// A model file after a journey through SBML and back to a model file.
fn by_way_of_sbml(text: &str) -> (Box<Reactions>, String) {
    let sbml = irrev::sbml::write(&spec(text)).text;
    let read = irrev::sbml::read(SourceFile::from_text("model.xml", sbml.clone()).unwrap()).unwrap();
    let toml = irrev::model::write(&read);
    assert!(toml.losses.is_empty(), "{:?}", toml.losses);
    match parse(
        SourceFile::from_text("again.toml", toml.text).unwrap(),
        &Vocabulary::default(),
    ) {
        Ok(Model::Reactions(spec)) => (spec, sbml),
        other => panic!("{other:?}"),
    }
}

fn counts_of(spec: &Reactions, overrides: &[Override]) -> CountModel {
    let environment = ReactionsEnvironment::new(spec, overrides).unwrap();
    Chemistry::new(&environment)
        .unwrap()
        .counts(&environment)
        .unwrap()
}

/// Dimerisation, Schloegl's autocatalysis, a reaction into another compartment, constants of every shape.
const JOURNEY: &str = "[parameters]\nk = 0.3\nq = 1.5\n\
     [compartments]\ncell = 2.0\nvesicle = 0.5\n\
     [species]\nA = { initial = 20.0, compartment = \"cell\" }\nB = { chemostat = 3.0, compartment = \"cell\" }\n\
     D = { initial_amount = 9.0, compartment = \"vesicle\", symbol = \"amount\" }\n\
     [reactions]\ndimer = { eq = \"2 A <=> D\", kf = \"k/(1 + q)\", keq = \"q - k\" }\n\
     growth = { eq = \"B + 2 A <=> 3 A\", kf = \"k - 0.1\", kr = 0.25 }\n\
     feed = { eq = \"0 -> A\", kf = 2.5 }\nleak = { eq = \"A -> 0\", kf = 0.125 }\n\
     three = { eq = \"3 D -> A\", kf = \"k*q\", compartment = \"cell\" }\n\
     [volume]\nomega = 30.0";

#[test]
fn a_model_that_goes_through_sbml_fires_with_the_same_propensities() {
    let (again, _) = by_way_of_sbml(JOURNEY);
    let (before, after) = (counts(JOURNEY), counts_of(&again, &[]));
    assert_eq!(before.system_size, after.system_size);
    assert_eq!(before.initial, after.initial);
    assert_eq!(before.system.reactions().len(), after.system.reactions().len());
    for (old, new) in before.system.reactions().iter().zip(after.system.reactions()) {
        for (old, new) in [
            (Some(&old.forward), Some(&new.forward)),
            (old.backward.as_ref(), new.backward.as_ref()),
        ] {
            let (
                Some(Propensity::MassAction { constant, reactants }),
                Some(Propensity::MassAction {
                    constant: other,
                    reactants: others,
                }),
            ) = (old, new)
            else {
                assert!(old.is_none() && new.is_none(), "{old:?}, {new:?}");
                continue;
            };
            assert_eq!(reactants, others);
            close(*other, *constant);
        }
    }
}

#[test]
fn two_one_way_reactions_stay_two_by_way_of_sbml() {
    let (again, _) = by_way_of_sbml(JOURNEY);
    let names: Vec<&str> = again.reactions.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["dimer", "growth", "feed", "leak", "three"]);
    assert!(again.warnings.is_empty(), "{:?}", again.warnings);
}

#[test]
fn a_law_that_was_changed_after_it_was_annotated_counts_as_it_is_written() {
    let (_, sbml) = by_way_of_sbml("[species]\nX = 4.0\n[reactions]\nr = { eq = \"2 X -> 0\", kf = 0.5 }");
    let changed = sbml.replace("<cn>2</cn>", "<cn>3</cn>");
    assert_ne!(changed, sbml);
    let read = irrev::sbml::read(SourceFile::from_text("changed.xml", changed).unwrap()).unwrap();
    assert!(matches!(read.reactions[0].law, irrev::model::Law::Flux { .. }));
    let said = |w: &irrev::model::Diagnostic| w.message.contains("`r` is annotated as mass action");
    assert!(read.warnings.iter().any(said), "{:?}", read.warnings);
}

#[test]
fn a_law_of_powers_fires_as_written_or_as_mass_action_if_asked() {
    let text = "[species]\nX = 4.0\n[reactions]\nr = { eq = \"2 X -> 0\", forward = \"0.5*X^2\" }\n\
                m = { eq = \"X -> 0\", forward = \"0.5*X^2/(1 + X^2)\" }\n[volume]\nomega = 2.0";
    let spec = spec(text);
    let value = |model: &CountModel, n: f64| model.system.reactions()[0].forward.value(0.0, &[n]);
    let written = counts_of(&spec, &[]);
    assert_eq!(written.powers, ["r"]);
    close(value(&written, 3.0), 0.5 * 9.0 / 2.0);
    let asked = Override::parse("stochastic.powers=falling-factorials").unwrap();
    let falling = counts_of(&spec, std::slice::from_ref(&asked));
    assert_eq!(falling.powers, ["r"]);
    close(value(&falling, 3.0), 0.5 * 6.0 / 2.0);
    let in_file = format!("{text}\n[stochastic]\npowers = \"falling-factorials\"");
    close(value(&counts(&in_file), 3.0), 0.5 * 6.0 / 2.0);
}

/// SBML with a kinase, a phosphatase and a reaction between them.
const KINASE: &str = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="A" compartment="c" initialConcentration="2"/><species id="B" compartment="c" initialConcentration="1"/></listOfSpecies>
<listOfParameters><parameter id="k" value="0.5" constant="true"/></listOfParameters>
<listOfReactions>
<reaction id="kinase" reversible="false"><listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
<listOfProducts><speciesReference species="B" stoichiometry="1" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>A</ci></apply></math></kineticLaw></reaction>
<reaction id="loss" reversible="false"><listOfReactants><speciesReference species="B" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>B</ci></math></kineticLaw></reaction>
<reaction id="phosphatase" reversible="false"><listOfReactants><speciesReference species="B" stoichiometry="1" constant="true"/></listOfReactants>
<listOfProducts><speciesReference species="A" stoichiometry="1" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>B</ci></math></kineticLaw></reaction>
</listOfReactions></model></sbml>"#;

#[test]
fn a_kinase_and_a_phosphatase_are_kept_apart_if_asked() {
    let read = irrev::sbml::read(SourceFile::from_text("kinase.xml", KINASE).unwrap()).unwrap();
    let names = |spec: &Reactions| -> Vec<String> { spec.reactions.iter().map(|r| r.name.clone()).collect() };
    assert_eq!(names(&read), ["kinase/phosphatase", "loss"]);
    let help = read.warnings.last().and_then(|w| w.help.clone()).unwrap();
    assert!(help.contains("--set thermodynamics.pairing=apart"), "{help}");
    let overrides: Vec<Override> = [
        "reactions.phosphatase.forward=3*B",
        "thermodynamics.pairing=apart",
    ]
    .map(|text| Override::parse(text).unwrap())
    .into();
    let environment = ReactionsEnvironment::new(&read, &overrides).unwrap();
    assert_eq!(names(environment.spec()), ["kinase", "loss", "phosphatase"]);
    let warnings = &environment.spec().warnings;
    assert!(
        warnings.iter().all(|w| w.code != irrev::model::code::PAIR),
        "{warnings:?}"
    );
    // each is irreversible, and treated as such
    let chemistry = Chemistry::new(&environment).unwrap();
    assert_eq!(chemistry.decisions.len(), 3);
    let (forward, _) = chemistry.system.all_fluxes(0.0, &chemistry.initial).unwrap();
    assert_eq!(forward, [1.0, 1.0, 3.0]);
    // joined, both keep the keys that they have in the file
    let environment = ReactionsEnvironment::new(&read, &overrides[..1]).unwrap();
    let chemistry = Chemistry::new(&environment).unwrap();
    let (_, backward) = chemistry.system.all_fluxes(0.0, &chemistry.initial).unwrap();
    assert_eq!(backward[0], 3.0);
}

#[test]
fn a_model_file_joins_one_way_reactions_only_if_it_says_so() {
    let text = "[species]\nA = 2.0\nB = 1.0\n[reactions]\nup = { eq = \"A -> B\", kf = 1.0 }\ndown = { eq = \"B -> A\", kf = 2.0 }";
    assert_eq!(spec(text).reactions.len(), 2);
    let joined = format!("{text}\n[thermodynamics]\npairing = \"joined\"");
    let joined = spec(&joined);
    assert_eq!(joined.reactions.len(), 1);
    assert_eq!(joined.warnings.len(), 1);
    let asked = Override::parse("thermodynamics.pairing=joined").unwrap();
    let spec = spec(text);
    let environment = ReactionsEnvironment::new(&spec, &[asked]).unwrap();
    assert_eq!(environment.spec().reactions[0].name, "up/down");
    let wrong = Override::parse("thermodynamics.pairing=aprt").unwrap();
    let error = ReactionsEnvironment::new(&spec, &[wrong])
        .unwrap_err()
        .to_string();
    assert!(error.contains("did you mean `apart`?"), "{error}");
}

/// The sentence with which a simulation of a model ends.
fn simulation_error(text: &str) -> String {
    let request = irrev::simulate::Request {
        end: Some(10.0),
        trajectories: Some(20),
        ..irrev::simulate::Request::default()
    };
    let model = Model::Reactions(spec(text));
    let error = irrev::simulate::simulate(&model, &request, &irrev::numerics::Run::default()).unwrap_err();
    error.to_string()
}

#[test]
fn a_law_that_fails_for_want_of_molecules_says_which_system_size_would_do() {
    // amounts of 0.3 at one molecule per unit: as soon as one is bound, `total - X` is negative
    let law = "r = { eq = \"0 <=> X\", forward = \"2*(0.3 - X)\", backward = \"X\" }";
    let error = simulation_error(&format!(
        "[species]\nX = 0.1\nY = 0.3\n[reactions]\n{law}\ny = {{ eq = \"Y -> 0\", kf = 1.0 }}"
    ));
    for part in [
        "reaction \"r\"",
        "propensity is -",
        "At the system size 1 the initial state has 0 molecules",
        "--set volume.omega=1000",
        "gives 400",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn a_law_that_is_always_negative_is_said_to_run_backward() {
    let spec = spec(
        "[species]\nA = 2.0\nB = 1.0\n[reactions]\nr = { eq = \"A <=> B\", net = \"-0.5*A\" }\nq = { eq = \"A <=> B\", net = \"-0.5\" }",
    );
    for name in ["r", "q"] {
        let said = |w: &irrev::model::Diagnostic| {
            w.message.contains(&format!("reaction `{name}`")) && w.message.contains("negative at every state")
        };
        assert!(spec.warnings.iter().any(said), "{:?}", spec.warnings);
    }
}
