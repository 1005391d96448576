//! Boundaries, missing pieces and extreme scales.

use irrev_network::Error;
use irrev_network::decomposition::{geometric_decomposition, information_geometric_decomposition};
use irrev_network::reactions::bounds::uncertainty_products;
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_network::reactions::response::steady_response;
use irrev_network::reactions::steady_state::{Stability, relaxed_steady_state, steady_state_near};
use irrev_network::reactions::thermodynamics::{free_energy_balance, standard_potentials};
use irrev_network::reactions::{Law, ReactionSystem, structure};
use irrev_numerics::Run;
use irrev_testing::assert_close;

use super::EPS;

fn run() -> Run<'static> {
    Run::default()
}

/// A ⇌ B with k⁺, k⁻.
fn isomerisation(forward: f64, backward: f64) -> ReactionSystem {
    ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("turn", &[("A", 1.0)], &[("B", 1.0)], forward, backward)
        .build()
        .unwrap()
}

/// Two ways from A to B, one of them one-way.
fn half_open() -> ReactionSystem {
    ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("turn", &[("A", 1.0)], &[("B", 1.0)], 1.0, 2.0)
        .mass_action("fall", &[("B", 1.0)], &[("A", 1.0)], 3.0, 0.0)
        .build()
        .unwrap()
}

#[test]
fn a_species_alone_is_fed_and_decays() {
    let system = ReactionSystem::builder()
        .species("X")
        .mass_action("feed", &[], &[("X", 1.0)], 6.0, 2.0)
        .build()
        .unwrap();
    let found = structure(&system).unwrap();
    assert_eq!(
        (found.rank, found.conservation_laws.len(), found.cycles.len()),
        (1, 0, 0)
    );
    let steady = relaxed_steady_state(&system, &[0.0], &run()).unwrap();
    assert_close("steady", steady.amounts[0], 3.0, 1e-14, 0.0);
    assert_close("growth", steady.eigenvalues[0].re, -2.0, 1e-14, 0.0);
    // x = 3 (1 − e^{−2t})
    let path = evolve(&system, &[0.0], 1.0, &EvolutionOptions::default(), &run()).unwrap();
    assert_close(
        "x(1)",
        path.final_amounts[0],
        3.0 * (1.0 - (-2.0_f64).exp()),
        1e-9,
        0.0,
    );
    // Σ = G(0) − G(1) = D(0‖3) − D(x‖3), although Σ̇ is infinite at the start
    let x = path.final_amounts[0];
    let fallen = 3.0 - (x * (x / 3.0).ln() - x + 3.0);
    assert_close("Σ", path.budget.unwrap().entropy_production, fallen, 1e-8, 0.0);
}

#[test]
fn without_counted_reactions_nothing_is_dissipated_and_everything_moves() {
    let system = ReactionSystem::builder()
        .species("X")
        .reaction(
            "decay",
            &[("X", 1.0)],
            &[],
            Law::MassAction {
                forward: 1.0,
                backward: 0.0,
            },
            false,
        )
        .build()
        .unwrap();
    let flow = system.flow(0.0, &[2.0]).unwrap();
    assert_eq!(flow.entropy_production_rate(), 0.0);
    let split = geometric_decomposition(&flow).unwrap();
    assert_eq!((split.excess, split.housekeeping), (0.0, 0.0));
    let path = evolve(&system, &[2.0], 1.0, &EvolutionOptions::default(), &run()).unwrap();
    assert_close("x(1)", path.final_amounts[0], 2.0 * (-1.0_f64).exp(), 1e-9, 0.0);
    assert!(path.budget.is_none() && path.speed_limits.is_empty());
    // no reactions at all
    let still = ReactionSystem::builder().species("X").build().unwrap();
    let path = evolve(&still, &[2.0], 1.0, &EvolutionOptions::default(), &run()).unwrap();
    assert_eq!(path.final_amounts, [2.0]);
    let found = structure(&still).unwrap();
    assert_eq!(found.conservation_laws, [vec![(0, 1)]]);
}

#[test]
fn a_reaction_without_flux_either_way_contributes_nothing() {
    // no A and no B: the pair rests, while C decays
    let system = ReactionSystem::builder()
        .species("A")
        .species("B")
        .species("C")
        .mass_action("rests", &[("A", 1.0)], &[("B", 1.0)], 1.0, 2.0)
        .mass_action("runs", &[("C", 1.0)], &[], 1.0, 0.5)
        .build()
        .unwrap();
    let flow = system.flow(0.0, &[0.0, 0.0, 2.0]).unwrap();
    let expected = 1.5 * 4.0_f64.ln();
    assert_close("Σ̇", flow.entropy_production_rate(), expected, 4.0 * EPS, 0.0);
    let split = geometric_decomposition(&flow).unwrap();
    assert_close("excess", split.excess, expected, 8.0 * EPS, 0.0);
    assert_eq!(split.housekeeping, 0.0);
    let information = information_geometric_decomposition(&flow).unwrap();
    assert_close("information", information.excess, expected, 1e-11, 0.0);
    assert_eq!(uncertainty_products(&flow, expected)[0], None);
}

#[test]
fn a_one_way_reaction_makes_the_dissipation_infinite_and_the_excess_finite_if_others_carry_the_change() {
    let system = half_open();
    let flow = system.flow(0.0, &[1.0, 1.0]).unwrap();
    assert_eq!(flow.entropy_production_rate(), f64::INFINITY);
    assert_eq!(system.one_way_reactions(), ["fall"]);
    let split = geometric_decomposition(&flow).unwrap();
    // ẋ = ∓(1 − 2 − 3) = ±4 through L = Λ(1, 2) = 1/ln 2: excess 16/L
    assert_close("excess", split.excess, 16.0 * 2.0_f64.ln(), 1e-14, 0.0);
    assert_eq!(split.housekeeping, f64::INFINITY);
    // where nothing runs both ways, nothing can carry the change
    let alone = isomerisation(1.0, 0.0).flow(0.0, &[1.0, 0.0]).unwrap();
    assert_eq!(geometric_decomposition(&alone).unwrap().excess, f64::INFINITY);
    // a loop of one-way reactions that changes nothing costs no excess
    let idle = ReactionSystem::builder()
        .species("A")
        .species("B")
        .mass_action("there", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.0)
        .mass_action("back", &[("B", 1.0)], &[("A", 1.0)], 1.0, 0.0)
        .build()
        .unwrap();
    let split = geometric_decomposition(&idle.flow(0.0, &[1.0, 1.0]).unwrap()).unwrap();
    assert_eq!((split.excess, split.housekeeping), (0.0, f64::INFINITY));
}

#[test]
fn what_needs_both_directions_names_the_reaction_that_has_one() {
    let system = half_open();
    let x = [1.0, 1.0];
    let flow = system.flow(0.0, &x).unwrap();
    let steady = steady_state_near(&system, &x).unwrap();
    for error in [
        information_geometric_decomposition(&flow).unwrap_err(),
        standard_potentials(&system, 0.0, &x).unwrap_err(),
        free_energy_balance(&system, 0.0, &x, None).unwrap_err(),
        steady_response(&system, &steady).unwrap_err(),
    ] {
        assert!(
            matches!(&error, Error::OneWay { edges, .. } if edges == &["fall"]),
            "{error}"
        );
    }
    let path = evolve(&system, &[1.0, 1.0], 0.5, &EvolutionOptions::default(), &run()).unwrap();
    let budget = path.budget.unwrap();
    assert_eq!(
        (budget.entropy_production, budget.housekeeping),
        (f64::INFINITY, f64::INFINITY)
    );
    assert!(budget.excess.is_finite() && budget.wasserstein_length.is_finite());
    // an infinite dissipation limits no speed
    assert!(
        path.speed_limits.iter().all(|limit| *limit == 0.0),
        "{:?}",
        path.speed_limits
    );
}

#[test]
fn amounts_may_start_at_zero() {
    // everything from one species, through an intermediate that is not there yet
    let system = ReactionSystem::builder()
        .species("E")
        .species("S")
        .species("ES")
        .species("P")
        .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
        .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
        .build()
        .unwrap();
    let start = [1.0, 2.0, 0.0, 0.0];
    let path = evolve(&system, &start, 1.0, &EvolutionOptions::default(), &run()).unwrap();
    assert!(path.final_amounts.iter().all(|x| *x > 0.0));
    // μ° with K₁ = 4, K₂ = 10/3; the free energy lost is the entropy produced
    let mu = [0.0, 0.0, -(4.0_f64.ln()), -(4.0_f64.ln()) - (10.0_f64 / 3.0).ln()];
    let gibbs = |x: &[f64]| -> f64 {
        x.iter()
            .zip(mu)
            .map(|(x, m)| if *x == 0.0 { 0.0 } else { x * (m + x.ln() - 1.0) })
            .sum()
    };
    let lost = gibbs(&start) - gibbs(&path.final_amounts);
    let budget = path.budget.unwrap();
    assert_close("Σ", budget.entropy_production, lost, 1e-8, 0.0);
    assert_close("excess", budget.excess, lost, 1e-8, 0.0);
    // at the very start the dissipation is infinite, and said to be
    assert_eq!(
        system.flow(0.0, &start).unwrap().entropy_production_rate(),
        f64::INFINITY
    );
}

/// A fast pair X ⇌ Y beside a slow leak of Y: x = 3 and y = 1 at rest.
fn stiff(spread: f64) -> ReactionSystem {
    let (fast, slow) = (spread.sqrt(), 1.0 / spread.sqrt());
    ReactionSystem::builder()
        .species("X")
        .species("Y")
        .mass_action("fast", &[("X", 1.0)], &[("Y", 1.0)], fast, 3.0 * fast)
        .mass_action("slow", &[("Y", 1.0)], &[], slow, slow)
        .build()
        .unwrap()
}

#[test]
fn the_split_holds_for_rates_over_24_decades() {
    let flow = stiff(1e24).flow(0.0, &[1.0, 2.0]).unwrap();
    let split = geometric_decomposition(&flow).unwrap();
    let total = flow.entropy_production_rate();
    assert_close("Σ̇", split.excess + split.housekeeping, total, 64.0 * EPS, 0.0);
    // two reactions that are independent leave nothing to housekeeping
    assert!(split.housekeeping <= 64.0 * EPS * total);
    for (got, wanted) in split.excess_force.iter().zip(flow.force()) {
        assert_close("F*", *got, wanted, 64.0 * EPS, 0.0);
    }
}

#[test]
fn a_slow_leak_beside_a_fast_pair_decides_the_steady_state_as_far_as_it_is_seen() {
    for spread in [1e4, 1e7] {
        let steady = relaxed_steady_state(&stiff(spread), &[1.0, 2.0], &run()).unwrap();
        assert_eq!(steady.stability, Stability::Stable, "{spread:e}");
        // the fast fluxes hide the slow one to ε times the spread
        assert_close("Y", steady.amounts[1], 1.0, 64.0 * EPS * spread, 0.0);
        assert_close("X", steady.amounts[0], 3.0, 64.0 * EPS * spread, 0.0);
    }
    // so slow beside the fast mode that growth and decay cannot be told apart, but still found
    let slow = relaxed_steady_state(&stiff(1e11), &[1.0, 2.0], &run()).unwrap();
    assert_eq!(slow.stability, Stability::Marginal);
    assert_close("Y", slow.amounts[1], 1.0, 64.0 * EPS * 1e11, 0.0);
    // beyond 1/ε nothing tells the slow motion from rest: the state says that something neither grows nor decays
    let hidden = relaxed_steady_state(&stiff(1e24), &[1.0, 2.0], &run()).unwrap();
    assert_eq!(hidden.stability, Stability::Marginal);
}

#[test]
fn rates_times_ten_to_the_150_scale_everything() {
    for factor in [1e-150, 1e150] {
        let system = |k: f64| {
            ReactionSystem::builder()
                .species("X")
                .species("Y")
                .mass_action("feed", &[], &[("X", 1.0)], k, k)
                .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], 3.0 * k, 0.1 * k)
                .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], k, 0.1 * k)
                .build()
                .unwrap()
        };
        let (base, scaled) = (system(1.0), system(factor));
        let x = [1.3, 2.1];
        let flows = [&base, &scaled].map(|s| s.flow(0.0, &x).unwrap());
        let splits = [&flows[0], &flows[1]].map(|f| geometric_decomposition(f).unwrap());
        assert_close("excess", splits[1].excess, factor * splits[0].excess, 1e-13, 0.0);
        assert_close(
            "housekeeping",
            splits[1].housekeeping,
            factor * splits[0].housekeeping,
            1e-13,
            0.0,
        );
        let information = [&flows[0], &flows[1]].map(|f| information_geometric_decomposition(f).unwrap());
        assert_close(
            "information",
            information[1].excess,
            factor * information[0].excess,
            1e-9,
            0.0,
        );
        let steady = [&base, &scaled].map(|s| steady_state_near(s, &[1.0, 2.8]).unwrap());
        for (a, b) in steady[0].amounts.iter().zip(&steady[1].amounts) {
            assert_close("steady", *b, *a, 1e-12, 0.0);
        }
        assert_close(
            "growth",
            steady[1].eigenvalues[0].re,
            factor * steady[0].eigenvalues[0].re,
            1e-10,
            0.0,
        );
        let path = [(&base, 1.0), (&scaled, 1.0 / factor)]
            .map(|(s, time)| evolve(s, &[0.5, 1.0], time, &EvolutionOptions::default(), &run()).unwrap());
        for (a, b) in path[0].final_amounts.iter().zip(&path[1].final_amounts) {
            assert_close("x(τ)", *b, *a, 1e-8, 0.0);
        }
        let budgets = path.map(|p| p.budget.unwrap());
        assert_close(
            "Σ",
            budgets[1].entropy_production,
            budgets[0].entropy_production,
            1e-8,
            0.0,
        );
        assert_close(
            "length",
            budgets[1].wasserstein_length * factor.sqrt(),
            budgets[0].wasserstein_length,
            1e-8,
            0.0,
        );
    }
}
