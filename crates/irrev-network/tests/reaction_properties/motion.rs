//! Evolution, steady states and their response, on networks that can be followed in time.

use irrev_network::reactions::dual_coordinates::divergence;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_network::reactions::response::steady_response;
use irrev_network::reactions::steady_state::{Stability, relaxed_steady_state, steady_state_near};
use irrev_network::reactions::structure;
use irrev_numerics::Run;
use irrev_testing::random::{cases, rates};
use proptest::prelude::*;

use super::EPS;
use super::flows::{flow, traffic};
use super::networks::{MILD, RandomReactions, Ranges, balanced, networks};

/// Without reservoirs, so that detailed balance is equilibrium.
const CLOSED: Ranges = Ranges { held: 0.0, ..MILD };

/// Accuracy of an evolution at the default tolerance: 1e-10 a step, for the tens to hundreds of steps that decay together.
const FOLLOWED: f64 = 1e-8;

fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |m, v| m.max(v.abs()))
}

fn scaled(network: &RandomReactions, factor: f64) -> RandomReactions {
    let mut changed = network.clone();
    for reaction in &mut changed.reactions {
        reaction.2 *= factor;
        reaction.3 *= factor;
    }
    changed
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn the_jacobian_is_the_derivative_of_the_rate(network in networks(MILD)) {
        let system = network.system();
        let x = network.state();
        let jacobian = system.jacobian(0.0, &x).unwrap();
        let rate = |x: &[f64]| {
            let mut rate = vec![0.0; x.len()];
            system.rate_of_change(0.0, x, &mut rate).unwrap();
            rate
        };
        let through = traffic(&flow(&network));
        for j in 0..x.len() {
            let h = 1e-5 * x[j];
            let (mut up, mut down) = (x.clone(), x.clone());
            up[j] += h;
            down[j] -= h;
            let width = up[j] - down[j];
            for (i, (up, down)) in rate(&up).iter().zip(rate(&down)).enumerate() {
                // a monomial of order n has the relative error n³ h²/6, n ≤ 3, and the difference loses ε/h: 1e-9 and 4e-11 of traffic over x
                let allowed = 2e-9 * through[i] / x[j];
                prop_assert!((jacobian[(i, j)] - (up - down) / width).abs() <= allowed, "{i} {j}");
            }
        }
    }

    #[test]
    fn an_evolution_keeps_what_is_conserved_and_adds_up((network, _) in balanced(MILD)) {
        let system = network.system();
        let start = network.state();
        let path = evolve(&system, &start, 1.0, &EvolutionOptions::default(), &Run::default()).unwrap();
        let end = &path.final_amounts;
        let steps = path.convergence.iterations as f64;
        for law in structure(&system).unwrap().conservation_laws {
            let change: f64 = law.iter().map(|&(s, a)| a as f64 * (end[s] - start[s])).sum();
            let content: f64 = law.iter().map(|&(s, a)| (a as f64).abs() * largest(&[end[s], start[s]])).sum();
            // a few roundings of each amount a step
            prop_assert!(change.abs() <= 16.0 * EPS * steps * content, "{change:e} of {content:e} in {steps}");
        }
        let budget = path.budget.unwrap();
        let total = budget.entropy_production;
        prop_assert!(total >= 0.0 && budget.excess >= 0.0 && budget.housekeeping >= 0.0);
        prop_assert!((budget.excess + budget.housekeeping - total).abs() <= FOLLOWED * total);
        // Cauchy and Schwarz: length² ≤ τ ∫ excess
        prop_assert!(budget.wasserstein_length.powi(2) <= budget.excess * (1.0 + FOLLOWED));
        prop_assert!(path.speed_limits.iter().all(|limit| *limit <= 1.0 + FOLLOWED), "{:?}", path.speed_limits);
        // what reacted is what changed; extents are integrals of currents that may cancel
        let mut moved = vec![0.0; start.len()];
        for (r, extent) in budget.extents.iter().enumerate() {
            for &(s, c) in system.change(r) {
                moved[s] += c * extent;
            }
        }
        for (i, moved) in moved.iter().enumerate() {
            let size = largest(&start).max(largest(end)) + budget.activity;
            prop_assert!((moved - (end[i] - start[i])).abs() <= FOLLOWED * size, "{moved:e} {:e}", end[i] - start[i]);
        }
    }

    #[test]
    fn faster_rates_lead_to_the_same_place_sooner((network, _) in balanced(MILD), factor in rates(6.0)) {
        let options = EvolutionOptions { budget: true, ..EvolutionOptions::default() };
        let start = network.state();
        let slow = evolve(&network.system(), &start, 1.0, &options, &Run::default()).unwrap();
        let fast = evolve(&scaled(&network, factor).system(), &start, 1.0 / factor, &options, &Run::default()).unwrap();
        let size = largest(&start).max(largest(&slow.final_amounts));
        for (a, b) in slow.final_amounts.iter().zip(&fast.final_amounts) {
            prop_assert!((a - b).abs() <= FOLLOWED * size, "{a:e} {b:e}");
        }
        let (slow, fast) = (slow.budget.unwrap(), fast.budget.unwrap());
        prop_assert!((slow.entropy_production - fast.entropy_production).abs() <= FOLLOWED * slow.entropy_production);
    }

    #[test]
    fn in_closed_detailed_balance_the_divergence_falls_by_what_is_produced((network, potentials) in balanced(CLOSED)) {
        // D to any state where all forces vanish, in the class or not: they differ by what is conserved
        let equilibrium: Vec<f64> = potentials.iter().map(|m| (-m).exp()).collect();
        let times: Vec<f64> = (0..=10).map(|k| 0.1 * f64::from(k)).collect();
        let options = EvolutionOptions { times, ..EvolutionOptions::default() };
        let start = network.state();
        let path = evolve(&network.system(), &start, 1.0, &options, &Run::default()).unwrap();
        let divergences: Vec<f64> = path.amounts.iter().map(|x| {
            let floored: Vec<f64> = x.iter().map(|v| v.max(0.0)).collect();
            divergence(&floored, &equilibrium)
        }).collect();
        let first = divergences[0];
        for pair in divergences.windows(2) {
            prop_assert!(pair[1] <= pair[0] + FOLLOWED * first, "{divergences:?}");
        }
        let fallen = first - divergences[10];
        let total = path.budget.unwrap().entropy_production;
        prop_assert!((fallen - total).abs() <= FOLLOWED * (first + total), "{fallen:e} {total:e}");
    }

    #[test]
    fn a_closed_network_in_detailed_balance_comes_to_rest_at_equilibrium((network, _) in balanced(CLOSED)) {
        let system = network.system();
        let start = network.state();
        let steady = relaxed_steady_state(&system, &start, &Run::default()).unwrap();
        prop_assert!(steady.stability == Stability::Stable || steady.eigenvalues.is_empty() || steady.stability == Stability::Marginal);
        let flow = system.flow(0.0, &steady.amounts).unwrap();
        // a residual of 1e-12 of the traffic leaves forces of that size, and dissipates their square; slow parts beside fast ones are less well determined
        prop_assert!(flow.entropy_production_rate() <= 1e-20 * flow.activity(), "{:e} of {:e}", flow.entropy_production_rate(), flow.activity());
        for law in structure(&system).unwrap().conservation_laws {
            let change: f64 = law.iter().map(|&(s, a)| a as f64 * (steady.amounts[s] - start[s])).sum();
            let content: f64 = law.iter().map(|&(s, a)| (a as f64).abs() * start[s].max(steady.amounts[s])).sum();
            prop_assert!(change.abs() <= 1e-12 * content, "{change:e} of {content:e}");
        }
    }

    #[test]
    fn responses_are_the_derivatives_of_steady_states_and_sum_to_the_dissipation((network, _) in balanced(MILD)) {
        // held amounts off balance drive it; detailed balance of the constants keeps it from running away
        let system = network.system();
        let Ok(steady) = relaxed_steady_state(&system, &network.state(), &Run::default()) else {
            return Err(TestCaseError::reject("no steady state"));
        };
        prop_assume!(steady.stability == Stability::Stable);
        // the least growth rate beside the fastest tells how many digits a solve keeps
        let fastest = steady.eigenvalues.iter().fold(0.0_f64, |m, l| m.max(l.norm()));
        let slowest = steady.eigenvalues.iter().fold(f64::INFINITY, |m, l| m.min(l.norm()));
        prop_assume!(fastest < 1e4 * slowest);
        let response = steady_response(&system, &steady).unwrap();
        let all = || response.forward.iter().chain(&response.backward);
        // near equilibrium all responses vanish together, and the traffic sets the scale
        let activity = system.flow(0.0, &steady.amounts).unwrap().activity();
        let size = all().map(|r| r.abs()).sum::<f64>() + activity;
        let sum: f64 = all().sum();
        let lost = EPS * 1e3 * (fastest / slowest).max(1.0);
        prop_assert!((sum - response.entropy_production_rate).abs() <= lost * size, "{sum:e} {:e} of {size:e}", response.entropy_production_rate);
        let h = 1e-4_f64;
        for r in 0..network.reactions.len() {
            let (_, _, up, down) = network.reactions[r];
            for (forward, expected) in [(true, response.forward[r]), (false, response.backward[r])] {
                let at = |step: f64| {
                    let (f, b) = if forward { (step.exp(), 1.0) } else { (1.0, step.exp()) };
                    let changed = system.with_rates(r, f * up, b * down).unwrap();
                    let moved = steady_state_near(&changed, &steady.amounts).unwrap();
                    changed.flow(0.0, &moved.amounts).unwrap().entropy_production_rate()
                };
                let difference = (at(h) - at(-h)) / (2.0 * h);
                // h² of the third derivative, a hundred times the first at most, and lost digits over h
                let allowed = (100.0 * h * h + lost / h) * size;
                prop_assert!((difference - expected).abs() <= allowed, "{r} {forward}: {difference:e} {expected:e} of {size:e}");
            }
        }
    }
}
