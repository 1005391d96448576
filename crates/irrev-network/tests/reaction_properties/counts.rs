//! The master equation on count lattices, against rate equations, product forms and larger lattices.

use irrev_network::counts::{
    CountLattice, CountReaction, CountSystem, MasterEquationOptions, stationary_counts, transient_moments,
};
use irrev_network::reactions::ReactionSystem;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_numerics::Run;
use irrev_testing::random::{cases, rates};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;

use super::EPS;

/// A chain ∅ ⇌ X₀ ⇌ X₁ with all its rates, as counts and as amounts.
fn linear(k: &[f64]) -> (CountSystem, ReactionSystem) {
    let counts = CountSystem::new(
        vec!["X".into(), "Y".into()],
        vec![
            CountReaction::mass_action("in", &[], &[(0, 1)], k[0], k[1]),
            CountReaction::mass_action("turn", &[(0, 1)], &[(1, 1)], k[2], k[3]),
            CountReaction::one_way("out", &[(1, 1)], &[], k[4]),
        ],
    )
    .unwrap();
    let amounts = ReactionSystem::builder()
        .species("X")
        .species("Y")
        .mass_action("in", &[], &[("X", 1.0)], k[0], k[1])
        .mass_action("turn", &[("X", 1.0)], &[("Y", 1.0)], k[2], k[3])
        .mass_action("out", &[("Y", 1.0)], &[], k[4], 0.0)
        .build()
        .unwrap();
    (counts, amounts)
}

/// Autocatalysis and decay on one species, dimers on another: nonlinear, and open.
fn nonlinear(k: &[f64]) -> CountSystem {
    CountSystem::new(
        vec!["X".into(), "D".into()],
        vec![
            CountReaction::mass_action("feed", &[], &[(0, 1)], 4.0 * k[0], k[1]),
            CountReaction::mass_action("auto", &[(0, 1)], &[(0, 2)], 0.3 * k[2], 0.1 * k[3]),
            CountReaction::mass_action("pair", &[(0, 2)], &[(1, 1)], 0.1 * k[4], k[5]),
        ],
    )
    .unwrap()
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_mean_of_a_linear_network_follows_the_rate_equation(k in vec(rates(1.0), 5), start in vec(0..8_i64, 2), time in 0.1..3.0_f64) {
        let (counts, amounts) = linear(&k);
        let options = MasterEquationOptions { tolerance: 1e-13, ..MasterEquationOptions::default() };
        let moments = transient_moments(&counts, &start, &[time], &options, &Run::default()).unwrap();
        let x: Vec<f64> = start.iter().map(|n| *n as f64).collect();
        let path = evolve(&amounts, &x, time, &EvolutionOptions { budget: false, ..EvolutionOptions::default() }, &Run::default()).unwrap();
        // 1e-13 of probability outside moves a mean by that times the largest counts, and the integrator is good to 1e-8
        for (mean, x) in moments.means[0].iter().zip(&path.final_amounts) {
            prop_assert!((mean - x).abs() <= 1e-8 * (1.0 + x), "{mean} {x}");
        }
    }

    #[test]
    fn what_a_finite_projection_leaves_out_bounds_its_error(k in vec(rates(1.0), 6), time in 0.1..2.0_f64) {
        let system = nonlinear(&k);
        let on = |bounds: [i64; 2], tolerance: f64| {
            let options = MasterEquationOptions { bounds: Some(bounds.to_vec()), grow: false, tolerance, ..MasterEquationOptions::default() };
            transient_moments(&system, &[3, 0], &[time], &options, &Run::default()).unwrap()
        };
        let (small, large) = (on([9, 4], 1.0), on([60, 30], 1e-6));
        let exact: HashMap<&[i64], f64> = (0..large.lattice.states()).map(|s| (large.lattice.counts(s), large.distribution[s])).collect();
        let within = |n: &[i64]| n[0] <= 9 && n[1] <= 4;
        let wrong: f64 = (0..small.lattice.states()).map(|s| (small.distribution[s] - exact[small.lattice.counts(s)]).abs()).sum();
        let beyond: f64 = exact.iter().filter(|(n, _)| !within(n)).map(|(_, p)| p).sum();
        let bound = small.outside[0] + large.outside[0];
        prop_assert!(wrong <= bound && beyond <= bound, "{wrong:e} {beyond:e} {bound:e}");
        prop_assert!((small.distribution.iter().sum::<f64>() + small.outside[0] - 1.0).abs() <= 0.01 + 1e-12);
    }

    #[test]
    fn detailed_balance_has_a_product_of_poissons_and_dissipates_nothing(x in vec(rates(1.0), 2), c in vec(rates(2.0), 3)) {
        // at amounts x every reaction balances: k⁺ = c/x^ν⁺, k⁻ = c/x^ν⁻
        let (a, b) = (3.0 * x[0], 2.0 * x[1]);
        let system = CountSystem::new(
            vec!["A".into(), "B".into()],
            vec![
                CountReaction::mass_action("feed", &[], &[(0, 1)], c[0], c[0] / a),
                CountReaction::mass_action("turn", &[(0, 1)], &[(1, 1)], c[1] / a, c[1] / b),
                CountReaction::mass_action("pair", &[(0, 2)], &[(1, 1)], c[2] / (a * a), c[2] / b),
            ],
        ).unwrap();
        let options = MasterEquationOptions { tolerance: 1e-13, ..MasterEquationOptions::default() };
        let steady = stationary_counts(&system, &[1, 0], &options, &Run::default()).unwrap();
        for (mean, (variance, x)) in steady.means.iter().zip(steady.variances.iter().zip([a, b])) {
            // the edge holds 1e-13, times the square of the largest counts
            prop_assert!((mean - x).abs() <= 1e-9 * x && (variance - x).abs() <= 1e-8 * x, "{mean} {variance} {x}");
        }
        let flow = steady.lattice.kinetics().flow(&steady.distribution).unwrap();
        // probabilities are good to n ε each, and forces of that size dissipate their square
        let force = 16.0 * EPS * steady.lattice.states() as f64;
        prop_assert!(steady.entropy_production_rate <= force * force * flow.activity());
    }

    #[test]
    fn lattices_hold_every_pair_of_jumps_once(k in vec(rates(1.0), 6), bounds in (4..10_i64, 2..5_i64)) {
        let system = nonlinear(&k);
        let lattice = CountLattice::new(&system, &[3, 0], &[bounds.0, bounds.1], &Run::default()).unwrap();
        let kinetics = lattice.kinetics();
        let mut out = vec![0.0; lattice.states()];
        use irrev_network::Kinetics as _;
        for (edge, (up, down)) in kinetics.network().edges().iter().zip(kinetics.forward_rate().iter().zip(kinetics.backward_rate())) {
            out[edge.from] += up;
            out[edge.to] += down;
        }
        for (s, out) in out.iter().enumerate() {
            // all ways out of a state, within the bounds or not, are the propensities there
            let n: Vec<f64> = lattice.counts(s).iter().map(|n| *n as f64).collect();
            let possible: f64 = system.reactions().iter().map(|r| {
                r.forward.value(0.0, &n) + r.backward.as_ref().map_or(0.0, |law| law.value(0.0, &n))
            }).sum();
            let total = out + lattice.leak()[s];
            prop_assert!((total - possible).abs() <= 64.0 * EPS * possible, "{total} {possible}");
        }
    }
}
