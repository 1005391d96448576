//! What particular constructions of SBML mean.

use irrev::model::{Backward, Law, Origin, Quantity, Reactions, Role, VariableLaw};

use super::{data, evaluator, parsed};

const MATHML: &str = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";

/// A model of A → B with this law, with parameters k, x and n beside A and B in compartment c of size 2.
fn model(law: &str, more: &str, attributes: &str) -> String {
    format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model id=\"m\">\
         <listOfFunctionDefinitions><functionDefinition id=\"hill\"><math {MATHML}><lambda><bvar><ci>x</ci></bvar><bvar><ci>n</ci></bvar>\
         <apply><power/><ci>x</ci><ci>n</ci></apply></lambda></math></functionDefinition></listOfFunctionDefinitions>\
         <listOfCompartments><compartment id=\"c\" size=\"2\" constant=\"true\"/></listOfCompartments>\
         <listOfSpecies><species id=\"A\" compartment=\"c\" initialAmount=\"1\"/><species id=\"B\" compartment=\"c\" initialAmount=\"3\" hasOnlySubstanceUnits=\"true\"/></listOfSpecies>\
         <listOfParameters><parameter id=\"k\" value=\"0.7\"/><parameter id=\"x\" value=\"2.5\" constant=\"false\"/><parameter id=\"n\" value=\"-1.5\"/></listOfParameters>\
         {more}<listOfReactions><reaction id=\"r\"{attributes}><listOfReactants><speciesReference species=\"A\" stoichiometry=\"1\"/></listOfReactants>\
         <listOfProducts><speciesReference species=\"B\" stoichiometry=\"1\"/></listOfProducts>\
         <kineticLaw><math {MATHML}>{law}</math></kineticLaw></reaction></listOfReactions></model></sbml>"
    )
}

fn with_law(law: &str) -> Reactions {
    parsed(&model(law, "", "")).unwrap_or_else(|error| panic!("{law}: {error}"))
}

/// The net flux at time 0.
fn rate(law: &str) -> f64 {
    let model = with_law(law);
    let (forward, backward) = evaluator::fluxes(&model, 0, &evaluator::initial(&model));
    forward - backward
}

#[test]
fn every_operator_of_mathml_has_its_value() {
    let (k, x, n): (f64, f64, f64) = (0.7, 2.5, -1.5);
    let of = |operator: &str, arguments: &str| format!("<apply><{operator}/>{arguments}</apply>");
    let (ck, cx, cn) = ("<ci>k</ci>", "<ci>x</ci>", "<ci>n</ci>");
    let three = format!("{ck}{cx}{cn}");
    let cases: Vec<(String, f64)> = vec![
        (of("plus", &three), k + x + n),
        (of("plus", ""), 0.0),
        (of("times", &three), k * x * n),
        (of("times", ""), 1.0),
        (of("minus", cx), -x),
        (of("minus", &format!("{cx}{cn}")), x - n),
        (of("minus", "<cn>3</cn>"), -3.0),
        (of("divide", &format!("{cx}{cn}")), x / n),
        (of("power", &format!("{cx}{cn}")), x.powf(n)),
        (of("root", cx), x.sqrt()),
        (of("root", &format!("<degree><cn>3</cn></degree>{cn}")), n.cbrt()),
        (
            of("root", &format!("<degree><ci>x</ci></degree>{ck}")),
            k.powf(1.0 / x),
        ),
        (of("exp", cn), n.exp()),
        (of("ln", cx), x.ln()),
        (of("log", cx), x.log10()),
        (of("log", &format!("<logbase><cn>2</cn></logbase>{cx}")), x.log2()),
        (
            of("log", &format!("<logbase><ci>k</ci></logbase>{cx}")),
            x.ln() / k.ln(),
        ),
        (of("abs", cn), n.abs()),
        (of("floor", cn), -2.0),
        (of("ceiling", cn), -1.0),
        (of("factorial", "<cn type=\"integer\">5</cn>"), 120.0),
        (of("sin", cx), x.sin()),
        (of("cos", cx), x.cos()),
        (of("tan", cx), x.tan()),
        (of("sec", cx), 1.0 / x.cos()),
        (of("csc", cx), 1.0 / x.sin()),
        (of("cot", cx), 1.0 / x.tan()),
        (of("sinh", cx), x.sinh()),
        (of("cosh", cx), x.cosh()),
        (of("tanh", cx), x.tanh()),
        (of("sech", cx), 1.0 / x.cosh()),
        (of("csch", cx), 1.0 / x.sinh()),
        (of("coth", cx), 1.0 / x.tanh()),
        (of("arcsin", ck), k.asin()),
        (of("arccos", ck), k.acos()),
        (of("arctan", ck), k.atan()),
        (of("arcsec", cx), (1.0 / x).acos()),
        (of("arccsc", cx), (1.0 / x).asin()),
        (of("arccot", cx), (1.0 / x).atan()),
        (of("arcsinh", cx), x.asinh()),
        (of("arccosh", cx), x.acosh()),
        (of("arctanh", ck), k.atanh()),
        (of("arcsech", ck), (1.0 / k).acosh()),
        (of("arccsch", ck), (1.0 / k).asinh()),
        (of("arccoth", cx), (1.0 / x).atanh()),
        (of("max", &three), x),
        (of("min", &three), n),
        (of("rem", &format!("{cx}{cn}")), 1.0),
        (of("rem", &format!("{cn}<cn>1</cn>")), -0.5),
        (of("quotient", &format!("{cx}{cn}")), -1.0),
        (of("lt", &three), 0.0),
        (of("lt", &format!("{cn}{ck}{cx}")), 1.0),
        (of("leq", &format!("{ck}{ck}")), 1.0),
        (of("gt", &format!("{cx}{ck}")), 1.0),
        (of("geq", &format!("{ck}{cx}")), 0.0),
        (of("eq", &format!("{ck}{ck}{ck}")), 1.0),
        (of("neq", &format!("{ck}{cx}")), 1.0),
        (
            of("and", &format!("<true/>{}", of("lt", &format!("{ck}{cx}")))),
            1.0,
        ),
        (of("and", ""), 1.0),
        (
            of("or", &format!("<false/>{}", of("gt", &format!("{ck}{cx}")))),
            0.0,
        ),
        (of("xor", "<true/><true/><true/>"), 1.0),
        (of("xor", &format!("{cx}{ck}")), 0.0),
        (of("not", cx), 0.0),
        (of("implies", "<false/><false/>"), 1.0),
        ("<cn type=\"e-notation\">1.5<sep/>-3</cn>".into(), 1.5e-3),
        ("<cn type=\"rational\">1<sep/>4</cn>".into(), 0.25),
        ("<cn type=\"integer\"> 12 </cn>".into(), 12.0),
        ("<pi/>".into(), std::f64::consts::PI),
        ("<exponentiale/>".into(), std::f64::consts::E),
        (
            "<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/avogadro\">N</csymbol>".into(),
            6.022_141_79e23,
        ),
        (
            "<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>".into(),
            0.0,
        ),
        (
            format!(
                "<piecewise><piece>{ck}{}</piece><piece>{cx}<true/></piece></piecewise>",
                of("lt", &format!("{cx}{ck}"))
            ),
            x,
        ),
        (
            format!(
                "<piecewise><piece>{ck}{}</piece><otherwise>{cn}</otherwise></piecewise>",
                of("lt", &format!("{cx}{ck}"))
            ),
            n,
        ),
        (
            format!("<semantics>{ck}<annotation>k</annotation></semantics>"),
            k,
        ),
        (
            format!(
                "<apply><ci>hill</ci>{}<cn>2</cn></apply>",
                of("plus", &format!("{ck}{cx}"))
            ),
            (k + x) * (k + x),
        ),
        // Brackets: what is inlined keeps its meaning.
        (
            of(
                "times",
                &format!(
                    "{ck}{}",
                    of("minus", &format!("{cx}{}", of("minus", &format!("{ck}{cn}"))))
                ),
            ),
            k * (x - (k - n)),
        ),
        (of("power", &format!("{}<cn>2</cn>", of("minus", cx))), x * x),
        (
            of("divide", &format!("{ck}{}", of("divide", &format!("{cx}{cn}")))),
            k / (x / n),
        ),
    ];
    for (law, expected) in cases {
        let found = rate(&law);
        assert!(
            (found - expected).abs() <= 1e-15 * expected.abs(),
            "{law}: {found}, expected {expected}"
        );
    }
}

#[test]
fn species_stand_for_concentrations_or_amounts() {
    // A has amount 1 in size 2; B is an amount.
    assert_eq!((rate("<ci>A</ci>"), rate("<ci>B</ci>")), (0.5, 3.0));
    let model = with_law("<ci>A</ci>");
    assert_eq!(
        (model.species[0].symbol, model.species[1].symbol),
        (Quantity::Concentration, Quantity::Amount)
    );
    assert_eq!(model.origin, Origin::Sbml { level: 3, version: 2 });
}

#[test]
fn laws_are_split_kept_or_one_way_and_each_says_so() {
    let law = |text: &str, attributes: &str| {
        let model = parsed(&model(text, "", attributes)).unwrap();
        let warnings: Vec<String> = model
            .warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect();
        (model.reactions[0].law.clone(), warnings.join("; "))
    };
    let net = "<apply><minus/><ci>A</ci><apply><times/><ci>k</ci><ci>B</ci></apply></apply>";
    let (split, warning) = law(net, " reversible=\"false\"");
    let Law::Flux {
        forward,
        backward: Backward::Rate(backward),
    } = split
    else {
        panic!("{split:?}")
    };
    assert_eq!(
        (forward.text(), backward.text()),
        ("A".to_owned(), "k*B".to_owned())
    );
    assert_eq!(
        warning,
        "the law of reaction `r` is split into forward and backward flux; \
         reaction `r` is called irreversible, but its law has a reverse rate, and counts"
    );
    let (one_way, warning) = law("<ci>A</ci>", " reversible=\"true\"");
    assert!(matches!(
        one_way,
        Law::Flux {
            backward: Backward::None,
            ..
        }
    ));
    assert_eq!(
        warning,
        "reaction `r` is called reversible, but its law has no reverse rate"
    );
    // Logistic growth: what is subtracted does not vanish with the product alone.
    let logistic = "<apply><times/><ci>A</ci><apply><minus/><cn>1</cn><ci>A</ci></apply></apply>";
    let (kept, warning) = law(logistic, "");
    assert!(matches!(kept, Law::Net(_)));
    assert!(
        warning.ends_with("its negative part does not vanish without the product `B`"),
        "{warning}"
    );
    // A negative parameter.
    let (kept, warning) = law("<apply><times/><ci>n</ci><ci>A</ci></apply>", "");
    assert!(matches!(kept, Law::Net(_)));
    assert!(warning.contains("it is negative at every state"), "{warning}");
    let (kept, warning) = law("<apply><ln/><ci>A</ci></apply>", "");
    assert!(matches!(kept, Law::Net(_)));
    assert!(
        warning.ends_with("the signs of its terms cannot be told apart"),
        "{warning}"
    );
}

#[test]
fn rules_and_assignments_keep_their_meaning() {
    let rule = |kind: &str, content: &str| {
        format!("<listOfRules><{kind} variable=\"x\"><math {MATHML}>{content}</math></{kind}></listOfRules>")
    };
    let time = "<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>";
    let assigned = parsed(&model("<ci>x</ci>", &rule("assignmentRule", time), "")).unwrap();
    let VariableLaw::Assigned(formula) = &assigned.variables[0].law else {
        panic!()
    };
    assert_eq!(formula.text(), "t");
    let Law::Flux { forward, .. } = &assigned.reactions[0].law else {
        panic!()
    };
    assert!(forward.depends_on_time(), "through the variable");
    let rate = parsed(&model("<ci>x</ci>", &rule("rateRule", "<ci>k</ci>"), "")).unwrap();
    let VariableLaw::Rate { initial, rate } = &rate.variables[0].law else {
        panic!()
    };
    assert_eq!((initial.number(), rate.text().as_str()), (Some(2.5), "k"));
    let boundary = data("biomodels/BIOMD0000000005.xml");
    let roles = boundary.species.iter().map(|species| match species.role {
        Role::Assigned(_) => "assigned",
        Role::Chemostat => "chemostat",
        _ => "",
    });
    assert_eq!(
        roles.filter(|role| !role.is_empty()).collect::<Vec<_>>(),
        ["chemostat", "assigned", "assigned"]
    );
}

#[test]
fn symbols_that_are_taken_get_another_name() {
    let text =
        model("<apply><times/><ci>e</ci><ci>k</ci></apply>", "", "").replace("\"x\" value", "\"e\" value");
    let text = text.replace(
        "</math></kineticLaw>",
        "</math><listOfLocalParameters><localParameter id=\"k\" value=\"4\"/></listOfLocalParameters></kineticLaw>",
    );
    let model = parsed(&text).unwrap();
    let names: Vec<&str> = model
        .parameters
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    assert_eq!(names, ["k", "e_", "n", "r_k"]);
    let Law::Flux { forward, .. } = &model.reactions[0].law else {
        panic!()
    };
    assert_eq!(forward.text(), "e_*r_k");
    let warnings: Vec<&str> = model
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect();
    assert_eq!(
        warnings[0],
        "`e` is reserved for the constant; the symbol is called `e_` here"
    );
    assert!(warnings[1].contains("`k` of `r` is `r_k`"), "{warnings:?}");
}

#[test]
fn a_reaction_in_a_formula_stands_for_its_rate() {
    let rule = format!(
        "<listOfRules><assignmentRule variable=\"x\"><math {MATHML}><apply><times/><cn>2</cn><ci>r</ci></apply></math></assignmentRule></listOfRules>"
    );
    let model = parsed(&model("<apply><plus/><ci>A</ci><ci>k</ci></apply>", &rule, "")).unwrap();
    let VariableLaw::Assigned(formula) = &model.variables[0].law else {
        panic!()
    };
    assert_eq!(formula.text(), "2*(A + k)");
}

#[test]
fn one_way_reactions_that_undo_each_other_become_one() {
    let model = data("biomodels/BIOMD0000000010.xml");
    let names: Vec<&str> = model
        .reactions
        .iter()
        .map(|reaction| reaction.name.as_str())
        .collect();
    assert_eq!(names, ["J0/J1", "J2/J5", "J3/J4", "J6/J9", "J7/J8"]);
    assert!(model.reactions.iter().all(|reaction| matches!(
        reaction.law,
        Law::Flux {
            backward: Backward::Rate(_),
            ..
        }
    )));
}

#[test]
fn the_laws_of_the_glycolysis_of_teusink_split() {
    let model = data("biomodels/BIOMD0000000064.xml");
    let count = |is: fn(&Law) -> bool| {
        model
            .reactions
            .iter()
            .filter(|reaction| is(&reaction.law))
            .count()
    };
    let reversible = count(|law| {
        matches!(
            law,
            Law::Flux {
                backward: Backward::Rate(_),
                ..
            }
        )
    });
    let one_way = count(|law| {
        matches!(
            law,
            Law::Flux {
                backward: Backward::None,
                ..
            }
        )
    });
    assert_eq!(
        (reversible, one_way, count(|law| matches!(law, Law::Net(_)))),
        (11, 6, 0)
    );
}

#[test]
fn a_network_of_three_hundred_reactions_reads_in_time() {
    let species: String = (0..54)
        .map(|index| {
            format!(
                "<species id=\"s{index}\" compartment=\"c\" initialConcentration=\"{}\"/>\n",
                index + 1
            )
        })
        .collect();
    let parameters: String = (0..325)
        .map(|index| {
            format!(
                "<parameter id=\"k{index}\" value=\"{}\" constant=\"true\"/>\n",
                index + 1
            )
        })
        .collect();
    let reactions: String = (0..325)
        .map(|index| {
            let of = |offset: usize| format!("s{}", (7 * index + offset) % 54);
            let reference = |offset| format!("<speciesReference species=\"{}\" stoichiometry=\"1\" constant=\"true\"/>", of(offset));
            format!(
                "<reaction id=\"r{index}\" reversible=\"true\"><listOfReactants>{}{}</listOfReactants><listOfProducts>{}{}</listOfProducts><kineticLaw><math {MATHML}>\
                 <apply><times/><ci>c</ci><ci>k{index}</ci><apply><minus/><apply><times/><ci>{}</ci><ci>{}</ci></apply><apply><divide/><apply><times/><ci>{}</ci><ci>{}</ci></apply><cn>3</cn></apply></apply></apply></math></kineticLaw></reaction>\n",
                reference(0), reference(1), reference(2), reference(3), of(0), of(1), of(2), of(3)
            )
        })
        .collect();
    let text = format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model>\n<listOfCompartments><compartment id=\"c\" size=\"1\" constant=\"true\"/></listOfCompartments>\n\
         <listOfSpecies>{species}</listOfSpecies>\n<listOfParameters>{parameters}</listOfParameters>\n<listOfReactions>{reactions}</listOfReactions></model></sbml>"
    );
    let start = std::time::Instant::now();
    let model = parsed(&text).unwrap();
    let elapsed = start.elapsed();
    println!("325 reactions in {elapsed:?}");
    assert!(model.reactions.iter().all(|reaction| matches!(
        reaction.law,
        Law::Flux {
            backward: Backward::Rate(_),
            ..
        }
    )));
    // A bound against algorithms of the wrong order; it is met by a factor of some ten on an idle machine.
    assert!(elapsed.as_millis() < 1000, "{elapsed:?}");
}

#[test]
fn units_become_labels_and_annotations_sources() {
    let labels = |name: &str| {
        let units = data(name).units;
        units
            .iter()
            .map(|(dimension, label)| format!("{dimension} {label}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(
        labels("biomodels/BIOMD0000000064.xml"),
        "time min, amount mmol, volume l, concentration mmol/l"
    );
    assert_eq!(
        labels("biomodels/BIOMD0000000010.xml"),
        "time s, amount nmol, volume l, concentration nmol/l"
    );
    assert_eq!(labels("semantic/01088-sbml-l3v2.xml"), "time s");
    assert_eq!(
        data("biomodels/BIOMD0000000005.xml").sources,
        ["http://identifiers.org/pubmed/1831270"]
    );
}

/// Thousands of species, rules and reactions in few lines: nothing may grow with the square of the size.
#[test]
fn large_files_take_time_in_proportion() {
    let count = 5_000;
    let of = |item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let species = of(&|i| format!("<species id=\"s{i}\" compartment=\"c\" initialAmount=\"1\"/>"));
    let parameters = of(&|i| format!("<parameter id=\"p{i}\" constant=\"false\"/>"));
    // Each rule uses the one before.
    let rules = of(&|i| {
        let before = if i == 0 {
            "<ci>s0</ci>".to_owned()
        } else {
            format!("<ci>p{}</ci>", i - 1)
        };
        format!(
            "<assignmentRule variable=\"p{i}\"><math {MATHML}><apply><plus/>{before}<ci>s{i}</ci></apply></math></assignmentRule>"
        )
    });
    let reactions = of(&|i| {
        format!(
            "<reaction id=\"r{i}\" reversible=\"true\"><listOfReactants><speciesReference species=\"s{i}\" stoichiometry=\"1\"/></listOfReactants><kineticLaw><math {MATHML}><apply><times/><ci>s{i}</ci><ci>c</ci></apply></math></kineticLaw></reaction>"
        )
    });
    let text = format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model><listOfCompartments><compartment id=\"c\" size=\"1\"/></listOfCompartments>\
         <listOfSpecies>{species}</listOfSpecies><listOfParameters>{parameters}</listOfParameters>\n<listOfRules>{rules}</listOfRules>\n<listOfReactions>{reactions}</listOfReactions></model></sbml>"
    );
    let text = text.replace(
        "</reaction><reaction id=\"r2500\"",
        "</reaction>\n<reaction id=\"r2500\"",
    );
    let start = std::time::Instant::now();
    let model = parsed(&text).unwrap();
    let elapsed = start.elapsed();
    println!("{count} reactions in {elapsed:?}");
    assert_eq!((model.reactions.len(), model.warnings.len()), (count, count));
    assert!(elapsed.as_secs() < 10, "{elapsed:?}");
}

#[test]
fn units_that_a_model_declares_are_written_and_read_back() {
    use irrev::source::SourceFile;
    let text = "irrev = 1\nkind = \"reactions\"\n[units]\ntime = \"min\"\nconcentration = \"mM\"\nenergy = \"kJ/mol\"\n\
                [species]\nX = 3.0\n[reactions]\nleak = { eq = \"X -> 0\", kf = 2.0 }\n";
    let source = SourceFile::from_text("leak.toml", text).unwrap();
    let irrev::model::Model::Reactions(model) =
        irrev::model::parse(source, &irrev::model::Vocabulary::default()).unwrap()
    else {
        panic!("no reaction model")
    };
    let written = irrev::sbml::write(&model);
    assert_eq!(written.losses, ["left out: the labels of units of energy"]);
    let again = irrev::sbml::read(SourceFile::from_text("leak.xml", written.text).unwrap()).unwrap();
    let label = |dimension: &str| {
        again
            .units
            .iter()
            .find(|(known, _)| known == dimension)
            .map(|(_, label)| label.as_str())
    };
    assert_eq!(label("time"), Some("min"));
    assert_eq!(label("concentration"), Some("mmol/l"));
}

#[test]
fn a_law_that_counts_meeting_molecules_is_one_way_and_pairs_with_its_reverse() {
    let model = data("dsmts/00030-sbml-l3v1.xml");
    let names: Vec<&str> = model.reactions.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["Dimerisation/Disassociation"]);
    assert!(
        model
            .warnings
            .iter()
            .any(|w| w.message.contains("counts molecules that meet")),
        "{:?}",
        model.warnings
    );
    let environment = irrev::model::ReactionsEnvironment::new(&model, &[]).unwrap();
    let chemistry = irrev::chemistry::Chemistry::new(&environment).unwrap();
    let counts = chemistry.counts(&environment).unwrap();
    assert_eq!(counts.recognised, ["Dimerisation/Disassociation"]);
    assert!(counts.as_written.is_empty() && counts.system.reactions()[0].backward.is_some());
}

#[test]
fn a_quadratic_law_that_is_no_count_of_pairs_stays_a_net_law() {
    // 2 A → B in amounts of A with A (A − 2), which is negative where one is left, and A (A − 1/2), which is none of a whole number of pairs
    for subtrahend in ["<cn>2</cn>", "<cn>0.5</cn>"] {
        let law = format!(
            "<apply><times/><ci>k</ci><ci>A</ci><apply><minus/><ci>A</ci>{subtrahend}</apply></apply>"
        );
        let text = model(&law, "", "")
            .replace(
                "compartment=\"c\" initialAmount=\"1\"",
                "compartment=\"c\" initialAmount=\"1\" hasOnlySubstanceUnits=\"true\"",
            )
            .replace(
                "species=\"A\" stoichiometry=\"1\"",
                "species=\"A\" stoichiometry=\"2\"",
            );
        let read = parsed(&text).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(read.reactions[0].law, Law::Net(_)), "{subtrahend}");
    }
}
