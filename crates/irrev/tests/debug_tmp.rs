use irrev::chemistry::Chemistry;
use irrev::model::{Model, ReactionsEnvironment, Vocabulary, load};
use irrev::network::reactions::attractor::*;
#[test]
fn debug() {
    for name in [
        "biomodels/BIOMD0000000005",
        "biomodels/BIOMD0000000019",
        "biomodels/BIOMD0000000009",
        "biomodels/BIOMD0000000010",
        "biomodels/BIOMD0000000012",
        "biomodels/BIOMD0000000026",
        "biomodels/BIOMD0000000064",
    ] {
        let path = format!("/work/shared/data/sbml/{name}.xml");
        let Ok(Model::Reactions(spec)) = load(path.as_ref(), &Vocabulary::default()) else {
            panic!()
        };
        let environment = ReactionsEnvironment::new(&spec, &[]).unwrap();
        let c = Chemistry::new(&environment).unwrap();
        let t = std::time::Instant::now();
        match attractor(&c.system, &c.initial, None, &Default::default()) {
            Ok(Attractor::Steady(s)) => println!(
                "{name} steady {:?} {:?} {:?}",
                s.stability,
                s.eigenvalues.first(),
                s.convergence
            ),
            Ok(Attractor::Cycle(s)) => println!("{name} period {} {:?}", s.period, s.multipliers),
            Ok(_) => {}
            Err(e) => println!("{name} {e}"),
        }
        println!("{:?}", t.elapsed());
    }
}
