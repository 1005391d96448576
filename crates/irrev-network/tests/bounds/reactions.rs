//! Limits of deterministic reaction networks: by the length of the motion, by the distance where it is known, and by species.

use irrev_network::bounds::{
    Cost, Unmet, Verdict, reaction_speed_limits, species_speed_limits, species_uncertainty,
};
use irrev_network::reactions::{ReactionSystem, bounds::speed_limit, evolution::evolve};
use irrev_network::transport::reaction_geodesic;
use irrev_numerics::Run;
use irrev_testing::assert_close;

use crate::verdicts::all_hold;

#[test]
fn reactions_have_speed_limits_by_their_path_and_those_by_distance_where_it_is_known() {
    let limits = |system: &ReactionSystem, start: &[f64]| {
        let motion = evolve(system, start, 0.5, &Default::default(), &Run::default()).unwrap();
        let shortest = reaction_geodesic(
            system,
            start,
            &motion.final_amounts,
            &Default::default(),
            &Run::default(),
        )
        .unwrap();
        reaction_speed_limits(system, start, 0.5, &motion, shortest.geodesic()).unwrap()
    };
    // along one direction the motion is the shortest path, passed at another pace
    let one = ReactionSystem::builder()
        .species("X")
        .mass_action("pair", &[("X", 2.0)], &[("X", 3.0)], 3.0, 0.6)
        .mass_action("feed", &[], &[("X", 1.0)], 0.25, 2.95)
        .build()
        .unwrap();
    let found = limits(&one, &[3.0]);
    all_hold(&found, |_| false);
    let of = |name: &str| {
        found
            .iter()
            .find(|bound| bound.name == name)
            .unwrap()
            .sides()
            .unwrap()
    };
    assert_eq!(of("geodesic").verdict(), Verdict::Saturated);
    assert!(of("constant_speed").tightness().unwrap() < 0.999);
    let several = ReactionSystem::builder()
        .species("A")
        .species("B")
        .species("C")
        .mass_action("pair", &[("A", 2.0)], &[("B", 1.0)], 1.0, 0.5)
        .mass_action("turn", &[("B", 1.0)], &[("C", 1.0)], 1.0, 1.0)
        .build()
        .unwrap();
    let found = limits(&several, &[2.0, 0.1, 0.1]);
    let unmet = |name: &str| {
        found
            .iter()
            .filter(|b| b.name == name)
            .all(|b| b.outcome == Err(Unmet::LocalGeodesic))
    };
    assert!(unmet("geodesic") && unmet("wasserstein2"));
    let others: Vec<_> = found.into_iter().filter(|b| b.outcome.is_ok()).collect();
    assert_eq!(others.len(), 2 + 2 * 3);
    all_hold(&others, |_| false);
}

#[test]
fn species_limits_are_the_numbers_of_the_reactions() {
    let system = ReactionSystem::builder()
        .species("E")
        .species("S")
        .species("ES")
        .species("P")
        .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
        .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
        .build()
        .unwrap();
    let start = [1.0, 2.0, 0.01, 0.01];
    let path = evolve(&system, &start, 1.0, &Default::default(), &Run::default()).unwrap();
    let rows = species_speed_limits(&system, &start, 1.0, &path).unwrap();
    all_hold(&rows, |_| false);
    let budget = path.budget.as_ref().unwrap();
    for (i, row) in rows
        .iter()
        .filter(|row| row.cost == Cost::EntropyProduction)
        .enumerate()
    {
        let change = path.final_amounts[i] - start[i];
        let expected = speed_limit(change, budget.entropy_production, budget.diffusion[i], 1.0);
        assert_close(
            row.subject.as_deref().unwrap(),
            row.sides().unwrap().least_time.unwrap().value,
            expected,
            1e-13,
            0.0,
        );
    }
    let now = species_uncertainty(&system.flow(0.0, &start).unwrap()).unwrap();
    all_hold(&now, |_| false);
    assert_eq!(now.len(), 8);
    // a reaction without reverse is named
    let burning = ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("burn", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.0)
        .build()
        .unwrap();
    let now = species_uncertainty(&burning.flow(0.0, &[1.0, 1.0]).unwrap()).unwrap();
    assert!(now.iter().all(|row| row.outcome
        == Err(Unmet::OneWay {
            edges: vec!["burn".into()]
        })));
}

#[test]
fn a_reaction_network_that_starts_stationary_is_bound_by_nothing() {
    // Schlögl's model in its stable state: driven, and at rest
    let system = ReactionSystem::builder()
        .species("X")
        .mass_action("pair", &[("X", 2.0)], &[("X", 3.0)], 3.0, 0.6)
        .mass_action("feed", &[], &[("X", 1.0)], 0.25, 2.95)
        .build()
        .unwrap();
    let rest = evolve(&system, &[3.0], 60.0, &Default::default(), &Run::default())
        .unwrap()
        .final_amounts;
    let motion = evolve(&system, &rest, 1.0, &Default::default(), &Run::default()).unwrap();
    let found = reaction_speed_limits(&system, &rest, 1.0, &motion, None).unwrap();
    for name in ["excess_part", "constant_speed"] {
        let bound = found.iter().find(|bound| bound.name == name).unwrap();
        assert_eq!(bound.sides().unwrap().verdict(), Verdict::NothingMoves, "{bound}");
    }
    // a small motion is one
    let near = [rest[0] * (1.0 + 1e-5)];
    let motion = evolve(&system, &near, 1.0, &Default::default(), &Run::default()).unwrap();
    let found = reaction_speed_limits(&system, &near, 1.0, &motion, None).unwrap();
    all_hold(&found, |_| false);
    assert!(
        found
            .iter()
            .all(|bound| bound.sides().unwrap().verdict() != Verdict::NothingMoves)
    );
}
