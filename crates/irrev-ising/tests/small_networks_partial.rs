//! Partly parallel updates of small networks, and correlations of updates one at a time, by enumeration.

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::enumeration::{
    ParallelKernel, parallel_stationary_state, partly_parallel_stationary_state, sequential_stationary_state,
};
use irrev_ising::{Couplings, Error, KineticIsing};
use irrev_numerics::Run;

fn network(spins: usize, symmetry: f64, kept: SelfCouplings, seed: u64) -> KineticIsing {
    let law = CouplingLaw::Gaussian {
        mean: 0.3,
        spread: 1.2,
        symmetry,
    };
    let fields = FieldLaw::Uniform { low: -0.7, high: 0.9 };
    KineticIsing::new(
        law.draw(spins, kept, seed, 0).unwrap(),
        fields.draw(spins, seed, 0).unwrap(),
        0.9,
    )
    .unwrap()
}

#[test]
fn the_kernel_and_all_entropies_are_those_of_all_sets_of_refreshed_spins() {
    for (spins, part, seed) in [(3, 0.3, 1), (4, 0.7, 2), (5, 0.95, 3), (4, 1.0, 4)] {
        let network = network(spins, 0.0, SelfCouplings::Kept, seed);
        let run = Run::default();
        let state = partly_parallel_stationary_state(&network, part, &run).unwrap();
        let (next, _) = crate::enumeration::step(&network, part, &state.distribution);
        let [m, heat, entropy, flips] = crate::enumeration::stationary(&network, part);
        // sums of 2^N terms of size 1, and exp and ln of the brute force
        let close = |a: f64, b: f64, what: &str| {
            assert!((a - b).abs() < 1e-13, "N={spins} α={part} {what}: {a} {b}");
        };
        for (a, b) in next.iter().zip(&state.distribution) {
            close(*a, *b, "π");
        }
        let n = spins as f64;
        close(state.correlations.magnetizations.iter().sum::<f64>() / n, m, "m");
        // in a stationary state all that is produced goes to the bath
        close(state.entropy_production / n, heat, "σ");
        close(state.conditional_entropy / n, entropy, "S_c");
        close(state.activity / n, flips, "flips");
        close(
            state.reversed_entropy,
            state.conditional_entropy + state.entropy_production,
            "S_r",
        );
        let terms: f64 = state.entropy_production_of_spins.iter().sum();
        close(terms, state.entropy_production, "Σ over spins");
        assert!(state.entropy_production > 0.0 && state.convergence.residual < 1e-12);
    }
}

#[test]
fn the_power_method_agrees_with_the_elimination_for_a_part_of_the_spins() {
    // nine spins beside a tenth that they do not touch have the law that elimination gives them
    let nine = network(9, 0.0, SelfCouplings::Kept, 5);
    let j = nine.couplings().to_matrix();
    let rows: Vec<Vec<f64>> = (0..10)
        .map(|i| {
            (0..10)
                .map(|k| if i < 9 && k < 9 { j[(i, k)] } else { 0.0 })
                .collect()
        })
        .collect();
    let mut fields = nine.fields().to_vec();
    fields.push(0.4);
    let ten = KineticIsing::new(Couplings::from_rows(&rows).unwrap(), fields, 0.9).unwrap();
    let run = Run::default();
    let (a, b) = (
        partly_parallel_stationary_state(&nine, 0.4, &run).unwrap(),
        partly_parallel_stationary_state(&ten, 0.4, &run).unwrap(),
    );
    for (state, p) in a.distribution.iter().enumerate() {
        let either = b.distribution[state] + b.distribution[state | 1 << 9];
        assert!((p - either).abs() < 1e-11);
    }
    // a spin that nothing acts on is in equilibrium
    assert!((a.entropy_production - b.entropy_production).abs() < 1e-10);
    assert!(b.entropy_production_of_spins[9].abs() < 1e-12);
}

#[test]
fn all_spins_at_once_are_parallel_updates_and_few_are_one_at_a_time() {
    let network = network(5, 0.0, SelfCouplings::Removed, 7);
    let run = Run::default();
    let together = parallel_stationary_state(&network, &run).unwrap();
    let all = partly_parallel_stationary_state(&network, 1.0, &run).unwrap();
    assert_eq!(all.distribution, together.distribution);
    assert_eq!(all.delayed_correlations, together.delayed_correlations);
    assert!((all.entropy_production - together.entropy_production).abs() < 1e-13);
    assert!((all.conditional_entropy - together.conditional_entropy).abs() < 1e-14);
    let one = sequential_stationary_state(&network, &run).unwrap();
    let deviation = |alpha: f64| {
        let few = partly_parallel_stationary_state(&network, alpha, &run).unwrap();
        few.entropy_production / alpha - one.entropy_production_rate
    };
    // of first order in α
    let (near, far) = (deviation(1e-4), deviation(1e-3));
    assert!(
        near.abs() < 1e-3 && (far / near - 10.0).abs() < 0.1,
        "{near} {far}"
    );
}

#[test]
fn symmetric_couplings_dissipate_in_between_only() {
    let network = network(4, 1.0, SelfCouplings::Removed, 3);
    let production = |part: f64| {
        let state = partly_parallel_stationary_state(&network, part, &Run::default()).unwrap();
        state.entropy_production
    };
    assert!(production(1.0).abs() < 1e-13);
    assert!(production(0.5) > 1e-4);
}

#[test]
fn correlations_and_pairs_of_updates_one_at_a_time_obey_their_identities() {
    for kept in [SelfCouplings::Removed, SelfCouplings::Kept] {
        let network = network(6, 0.2, kept, 11);
        let state = sequential_stationary_state(&network, &Run::default()).unwrap();
        let (c, d) = (&state.correlations.equal_time, &state.delayed_correlations);
        let sigma = &state.entropy_production_rate_of_pairs;
        let mut total = 0.0;
        for i in 0..6 {
            total += sigma[(i, i)];
            for j in 0..i {
                // nothing changes in a stationary state: d⟨s_i s_j⟩/dt = 0
                assert!((d[(i, j)] + d[(j, i)] - 2.0 * c[(i, j)]).abs() < 1e-13);
                assert_eq!(sigma[(i, j)], sigma[(j, i)]);
                total += sigma[(i, j)];
            }
            let has_own = kept == SelfCouplings::Kept;
            assert_eq!(sigma[(i, i)].abs() > 1e-12, has_own, "{}", sigma[(i, i)]);
        }
        let rate = state.entropy_production_rate;
        assert!(
            (total - rate).abs() < 1e-12 * (1.0 + rate),
            "{kept:?}: {total} {rate}"
        );
        assert!((state.reversed_attempt_entropy - state.attempt_entropy - rate).abs() < 1e-14);
    }
}

#[test]
fn the_reversed_entropy_of_attempts_is_that_of_its_definition() {
    let network = network(4, 0.0, SelfCouplings::Removed, 2);
    let state = sequential_stationary_state(&network, &Run::default()).unwrap();
    let up = |h: f64| 1.0 / (1.0 + (-2.0 * h).exp());
    let spin = |s: usize, i: usize| if s >> i & 1 == 1 { 1_i8 } else { -1 };
    let fields = |s: usize| network.local_fields(&(0..4).map(|i| spin(s, i)).collect::<Vec<i8>>());
    let mut surprise = 0.0;
    for (s, p) in state.distribution.iter().enumerate() {
        for i in 0..4 {
            for after in [s & !(1 << i), s | 1 << i] {
                let forward = up(f64::from(spin(after, i)) * fields(s)[i]);
                surprise -= p * forward * up(f64::from(spin(s, i)) * fields(after)[i]).ln();
            }
        }
    }
    assert!((surprise - state.reversed_attempt_entropy).abs() < 1e-12);
}

#[test]
fn a_part_without_meaning_is_refused() {
    let network = network(2, 0.0, SelfCouplings::Removed, 1);
    for part in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(matches!(
            ParallelKernel::partly(&network, part),
            Err(Error::Domain { .. })
        ));
    }
}
