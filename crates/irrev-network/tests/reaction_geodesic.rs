//! Shortest paths of reaction networks: where the answer is known, what must not change it, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::reactions::ReactionSystem;
use irrev_network::reactions::distance::{wasserstein_path_length, wasserstein2_one_reaction};
use irrev_network::transport::{
    Optimality, ReactionGeodesic, ReactionGeodesicOptions, ReactionWasserstein2, Wasserstein2Options,
    reaction_geodesic, wasserstein2,
};
use irrev_network::{Distribution, Error, MarkovJump};
use irrev_numerics::{Run, Tolerance};

fn between(system: &ReactionSystem, from: &[f64], to: &[f64]) -> ReactionGeodesic {
    let options = ReactionGeodesicOptions::default();
    let found = reaction_geodesic(system, from, to, &options, &Run::default()).unwrap();
    found.geodesic().unwrap().clone()
}

fn relative(a: f64, b: f64) -> f64 {
    (a / b - 1.0).abs()
}

/// 2A ⇌ B, B ⇌ C, A + C ⇌ D.
fn dimers() -> ReactionSystem {
    ReactionSystem::builder()
        .species("A")
        .species("B")
        .species("C")
        .species("D")
        .mass_action("pair", &[("A", 2.0)], &[("B", 1.0)], 1.0, 0.5)
        .mass_action("turn", &[("B", 1.0)], &[("C", 1.0)], 1.0, 2.0)
        .mass_action("bind", &[("A", 1.0), ("C", 1.0)], &[("D", 1.0)], 3.0, 0.2)
        .build()
        .unwrap()
}

const DIMERS: ([f64; 4], [f64; 4]) = ([2.0, 0.1, 0.2, 0.1], [0.2, 0.4, 0.2, 0.5]);

fn brusselator() -> ReactionSystem {
    ReactionSystem::builder()
        .species("X")
        .species("Y")
        .chemostat("A", 1.0)
        .chemostat("B", 3.0)
        .mass_action("feed", &[("A", 1.0)], &[("X", 1.0)], 1.0, 1.0)
        .mass_action(
            "convert",
            &[("B", 1.0), ("X", 1.0)],
            &[("Y", 1.0), ("A", 1.0)],
            1.0,
            0.1,
        )
        .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
        .build()
        .unwrap()
}

#[test]
fn one_direction_is_the_integral_over_its_extent() {
    let isomers = ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.4)
        .mass_action("s", &[("B", 1.0)], &[("A", 1.0)], 0.3, 2.0)
        .build()
        .unwrap();
    let pair = ReactionSystem::builder()
        .species("A")
        .species("D")
        .mass_action("pair", &[("A", 2.0)], &[("D", 1.0)], 1.0, 0.5)
        .build()
        .unwrap();
    let birth = ReactionSystem::builder()
        .species("A")
        .mass_action("birth", &[], &[("A", 1.0)], 2.0, 0.5)
        .build()
        .unwrap();
    let cases: [(&ReactionSystem, Vec<f64>, Vec<f64>, f64); 5] = [
        (&isomers, vec![1.5, 0.5], vec![0.4, 1.6], 1.1),
        (&isomers, vec![2.0, 0.0], vec![0.0, 2.0], 2.0),
        (&pair, vec![2.0, 0.1], vec![0.2, 1.0], 0.9),
        (&birth, vec![0.0], vec![7.0], 7.0),
        (&birth, vec![3.0], vec![0.5], -2.5),
    ];
    for (system, from, to, extent) in cases {
        let found = between(system, &from, &to);
        let expected =
            wasserstein2_one_reaction(system, 0.0, &from, (0.0, extent), Tolerance::relative(1e-12)).unwrap();
        assert_eq!(found.optimality(), Optimality::Global);
        assert!(relative(found.length(), expected.value) < 1e-11, "{found:?}");
        assert!(found.converged());
        // the path itself, measured on its own
        let squares: f64 = speeds(system, &found)
            .iter()
            .map(|s| relative(*s, found.length()))
            .fold(0.0, f64::max);
        assert!(squares < 1e-3, "{squares} {from:?}");
    }
}

/// Speeds along the path, from its currents.
fn speeds(system: &ReactionSystem, path: &ReactionGeodesic) -> Vec<f64> {
    [0.15, 0.3, 0.5, 0.7, 0.85]
        .iter()
        .map(|t| {
            let moment = path.at(*t).unwrap();
            let flow = system.flow(0.0, &moment.state).unwrap();
            let coefficients = flow.onsager_coefficient();
            let terms = moment.current.iter().zip(&coefficients);
            terms
                .map(|(j, l)| if *j == 0.0 { 0.0 } else { j * j / l })
                .sum::<f64>()
                .sqrt()
        })
        .collect()
}

#[test]
fn reactions_of_first_order_are_a_jump_process_scaled_by_what_there_is() {
    let rates = [
        (0, 1, 1.0, 0.3),
        (1, 2, 0.7, 2.0),
        (0, 2, 0.2, 0.9),
        (2, 3, 1.5, 0.5),
    ];
    let names = ["A", "B", "C", "D"];
    let mut builder = ReactionSystem::builder();
    for name in names {
        builder = builder.species(name);
    }
    for (k, (x, y, up, down)) in rates.iter().enumerate() {
        builder = builder.mass_action(
            &format!("r{k}"),
            &[(names[*x], 1.0)],
            &[(names[*y], 1.0)],
            *up,
            *down,
        );
    }
    let system = builder.build().unwrap();
    let jumps = MarkovJump::from_rates(4, &rates).unwrap();
    let total = 3.7;
    let ends = [
        ([0.6, 0.2, 0.1, 0.1], [0.1, 0.15, 0.05, 0.7], 2e-8),
        // states without probability: within the ways beside the ends
        ([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], 1e-4),
    ];
    for (from, to, tolerance) in ends {
        let (p, q) = (
            Distribution::new(from.to_vec()).unwrap(),
            Distribution::new(to.to_vec()).unwrap(),
        );
        let jump = wasserstein2(
            &jumps,
            &p,
            &q,
            &Wasserstein2Options::within(1e-7),
            &Run::default(),
        )
        .unwrap();
        let scaled = |p: [f64; 4]| p.map(|p| total * p);
        let found = between(&system, &scaled(from), &scaled(to));
        // W₂² is homogeneous of degree one in the masses
        let expected = jump.distance() * total.sqrt();
        assert_eq!(found.optimality(), Optimality::Global);
        assert!(
            relative(found.length(), expected) < tolerance,
            "{} {expected}",
            found.length()
        );
        // between states without probability the interval of the jump process is wider than the excess
        let proven = jump.geodesic().unwrap();
        assert!(found.length() > proven.lower_bound() * total.sqrt());
        assert!(found.length() - found.excess() < proven.upper_bound() * total.sqrt());
        let (ours, theirs) = (found.at(0.4).unwrap(), jump.geodesic().unwrap().at(0.4).unwrap());
        for (a, b) in ours.state.iter().zip(&theirs.state) {
            assert!((a - total * b).abs() < 1e-4, "{a} {b}");
        }
    }
}

#[test]
fn the_way_back_is_as_long_and_speed_is_constant() {
    for (system, from, to) in [
        (dimers(), DIMERS.0.to_vec(), DIMERS.1.to_vec()),
        (brusselator(), vec![0.5, 3.0], vec![3.0, 0.6]),
    ] {
        let there = between(&system, &from, &to);
        let back = between(&system, &to, &from);
        assert_eq!(there.optimality(), Optimality::Local);
        assert!(there.converged() && back.converged());
        assert!(
            relative(there.length(), back.length()) < 1e-8,
            "{there:?} {back:?}"
        );
        for speed in speeds(&system, &there) {
            // the square of the speed is constant to about the root of the tolerance
            assert!(
                relative(speed, there.length()) < 1e-3,
                "{speed} {}",
                there.length()
            );
        }
        for t in [0.2, 0.5, 0.9] {
            let (a, b) = (there.at(t).unwrap(), back.at(1.0 - t).unwrap());
            for (x, y) in a.state.iter().zip(&b.state) {
                assert!((x - y).abs() < 1e-4 * (x + y), "{a:?} {b:?}");
            }
        }
    }
}

/// The path as a function of time, with a bump of the given size and shape added to its amounts, in extents of the reactions.
fn bumped(system: &ReactionSystem, path: &ReactionGeodesic, bump: &[f64], waves: f64) -> f64 {
    let pi = std::f64::consts::PI;
    let along = |t: f64, x: &mut [f64], v: &mut [f64]| {
        let moment = path.at(t).unwrap();
        x.copy_from_slice(&moment.state);
        v.fill(0.0);
        for (e, j) in moment.current.iter().enumerate() {
            let extent = bump[e] * (pi * waves * t).sin();
            let rate = bump[e] * pi * waves * (pi * waves * t).cos();
            for &(i, c) in system.change(system.counted()[e]) {
                x[i] += c * extent;
                v[i] += c * (j + rate);
            }
        }
    };
    wasserstein_path_length(system, (0.0, 1.0), along, Tolerance::relative(1e-10))
        .unwrap()
        .value
}

#[test]
fn no_path_beside_it_is_shorter() {
    let system = dimers();
    let path = between(&system, &DIMERS.0, &DIMERS.1);
    let measured = bumped(&system, &path, &[0.0; 3], 1.0);
    assert!(relative(measured, path.length()) < 1e-8, "{measured} {path:?}");
    for size in [1e-2, 3e-2] {
        for waves in [1.0, 2.0, 3.0] {
            for bump in [
                [1.0, 0.0, 0.0],
                [0.0, 1.0, 0.0],
                [0.0, 0.0, 1.0],
                [1.0, -1.0, 1.0],
            ] {
                for sign in [size, -size] {
                    let longer = bumped(&system, &path, &bump.map(|b| sign * b), waves);
                    assert!(longer > path.length(), "{longer} {}", path.length());
                }
            }
        }
    }
}

#[test]
fn names_and_directions_of_writing_change_nothing() {
    let there = between(&dimers(), &DIMERS.0, &DIMERS.1);
    let other = ReactionSystem::builder()
        .species("D")
        .species("C")
        .species("A")
        .species("B")
        .mass_action("unbind", &[("D", 1.0)], &[("A", 1.0), ("C", 1.0)], 0.2, 3.0)
        .mass_action("turn", &[("B", 1.0)], &[("C", 1.0)], 1.0, 2.0)
        .mass_action("split", &[("B", 1.0)], &[("A", 2.0)], 0.25, 0.5)
        .mass_action("pair", &[("A", 2.0)], &[("B", 1.0)], 0.5, 0.25)
        .build()
        .unwrap();
    let order = |x: [f64; 4]| [x[3], x[2], x[0], x[1]];
    let same = between(&other, &order(DIMERS.0), &order(DIMERS.1));
    assert!(
        relative(there.length(), same.length()) < 1e-8,
        "{there:?} {same:?}"
    );
    // faster by a factor, shorter by its root; one bit of the result per seed
    let again = between(&dimers(), &DIMERS.0, &DIMERS.1);
    assert_eq!(there.length().to_bits(), again.length().to_bits());
}

#[test]
fn the_triangle_inequality_holds_through_the_geodesic_and_beside_it() {
    let system = brusselator();
    let (a, b) = ([0.5, 3.0], [3.0, 0.6]);
    let whole = between(&system, &a, &b);
    let half = whole.at(0.5).unwrap().state;
    let parts = between(&system, &a, &half).length() + between(&system, &half, &b).length();
    assert!(
        relative(parts, whole.length()) < 1e-7,
        "{parts} {}",
        whole.length()
    );
    let beside = [half[0] + 0.1, half[1] - 0.2];
    let around = between(&system, &a, &beside).length() + between(&system, &beside, &b).length();
    assert!(around > whole.length());
}

#[test]
fn species_may_be_absent_at_an_end() {
    let system = dimers();
    // all A at first; later no A
    let (from, to) = ([3.0, 0.0, 0.0, 0.0], [0.0, 0.2, 0.7, 0.4]);
    let path = between(&system, &from, &to);
    assert!(
        path.excess() < 1e-4 * path.length(),
        "{} {}",
        path.excess(),
        path.length()
    );
    assert_eq!(path.at(0.0).unwrap().state, from);
    assert_eq!(path.at(1.0).unwrap().state, to);
    // a little inside it is a little shorter
    let mixed = |x: [f64; 4]| {
        let inner = [0.6, 0.3, 0.3, 0.4];
        [0, 1, 2, 3].map(|i| (1.0 - 1e-6) * x[i] + 1e-6 * inner[i])
    };
    let inside = between(&system, &mixed(from), &mixed(to));
    assert!(inside.length() < path.length() && relative(inside.length(), path.length()) < 1e-2);
}

#[test]
fn two_enzymes_offer_two_ways() {
    // X is made by the dimers of Y or of Z, which turn into each other: rich in Y or rich in Z, not half and half
    let system = |by_y: f64| {
        ReactionSystem::builder()
            .species("X")
            .species("Y")
            .species("Z")
            .mass_action("turn", &[("Y", 1.0)], &[("Z", 1.0)], 8.0, 8.0)
            .mass_action("by Y", &[("Y", 2.0)], &[("X", 1.0), ("Y", 2.0)], by_y, by_y)
            .mass_action("by Z", &[("Z", 2.0)], &[("X", 1.0), ("Z", 2.0)], 1.0, 1.0)
            .build()
            .unwrap()
    };
    let (from, to) = ([0.2, 0.5, 0.5], [1.0, 0.5, 0.5]);
    let even = between(&system(1.0), &from, &to);
    assert_eq!((even.minima(), even.optimality()), (2, Optimality::Local));
    let half_way = even.at(0.5).unwrap().state;
    assert!((half_way[1] - half_way[2]).abs() > 0.2, "{half_way:?}");
    // Z alone makes X faster
    let uneven = between(&system(0.95), &from, &to);
    assert_eq!(uneven.minima(), 2);
    assert!(uneven.at(0.5).unwrap().state[2] > 0.5);
    assert!(uneven.length() > even.length());
    // the straight start alone finds the even path, which is no minimum, and says so
    let one = ReactionGeodesicOptions::default().from_starts(1);
    let straight = reaction_geodesic(&system(1.0), &from, &to, &one, &Run::default()).unwrap();
    let straight = straight.geodesic().unwrap();
    assert_eq!(straight.optimality(), Optimality::Stationary);
    assert!(straight.length() > even.length());
}

#[test]
fn what_cannot_be_made_stays_away() {
    // without X the step A ⇌ B stands still, and C goes on
    let system = ReactionSystem::builder()
        .species("A")
        .species("B")
        .species("C")
        .species("X")
        .chemostat("F", 1.0)
        .mass_action(
            "catalysed",
            &[("A", 1.0), ("X", 1.0)],
            &[("B", 1.0), ("X", 1.0)],
            1.0,
            1.0,
        )
        .mass_action("copy", &[("F", 1.0), ("X", 1.0)], &[("X", 2.0)], 1.0, 1.0)
        .mass_action("feed", &[("F", 1.0)], &[("C", 1.0)], 1.0, 1.0)
        .build()
        .unwrap();
    let path = between(&system, &[1.0, 0.5, 0.2, 0.0], &[1.0, 0.5, 2.0, 0.0]);
    let birth = ReactionSystem::builder()
        .species("C")
        .mass_action("feed", &[], &[("C", 1.0)], 1.0, 1.0)
        .build()
        .unwrap();
    assert!(relative(path.length(), between(&birth, &[0.2], &[2.0]).length()) < 1e-8);
    let options = ReactionGeodesicOptions::default();
    let found = reaction_geodesic(
        &system,
        &[1.0, 0.5, 0.2, 0.0],
        &[0.5, 1.0, 2.0, 0.0],
        &options,
        &Run::default(),
    );
    assert_eq!(found.unwrap().length(), f64::INFINITY);
}

#[test]
fn what_has_no_path_is_said() {
    let find = |system: &ReactionSystem, from: &[f64], to: &[f64]| {
        reaction_geodesic(
            system,
            from,
            to,
            &ReactionGeodesicOptions::default(),
            &Run::default(),
        )
    };
    let system = dimers();
    let Ok(ReactionWasserstein2::Infinite { law, from, to }) =
        find(&system, &DIMERS.0, &[0.2, 0.4, 0.2, 0.6])
    else {
        panic!("a conserved amount differs");
    };
    // A + 2 B + 2 C + 3 D
    assert_eq!(
        law.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["A", "B", "C", "D"]
    );
    assert!((from - 2.9).abs() < 1e-14 && (to - 3.2).abs() < 1e-14);
    assert_eq!(find(&system, &DIMERS.0, &DIMERS.0).unwrap().length(), 0.0);
    let nearly = DIMERS.0.map(|x| x * (1.0 + 1e-15));
    assert_eq!(find(&system, &DIMERS.0, &nearly).unwrap().length(), 0.0);
    for bad in [f64::NAN, -0.1, f64::INFINITY] {
        let refused = find(&system, &[bad, 0.1, 0.2, 0.1], &DIMERS.1);
        assert!(matches!(refused, Err(Error::Domain { .. })));
    }
    assert!(matches!(
        find(&system, &[1.0], &DIMERS.1),
        Err(Error::Length { .. })
    ));
    let one_way = ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.0)
        .build()
        .unwrap();
    assert!(matches!(
        find(&one_way, &[1.0, 0.2], &[0.5, 0.7]),
        Err(Error::OneWay { .. })
    ));
    // 2X ⇌ 3X alone: nothing gets there from X = 0
    let copies = ReactionSystem::builder()
        .species("X")
        .species("Y")
        .mass_action("auto", &[("X", 2.0)], &[("X", 3.0)], 1.0, 1.0)
        .mass_action("turn", &[("X", 2.0)], &[("X", 1.0), ("Y", 1.0)], 1.0, 1.0)
        .build()
        .unwrap();
    let refused = find(&copies, &[0.0, 1.0], &[1.0, 0.5]).unwrap_err();
    assert!(refused.to_string().contains("infinitely far"), "{refused}");
    let few = reaction_geodesic(
        &system,
        &DIMERS.0,
        &DIMERS.1,
        &ReactionGeodesicOptions::default().from_starts(0),
        &Run::default(),
    );
    assert!(matches!(few, Err(Error::Domain { .. })));
}
