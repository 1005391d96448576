//! Reference values of reaction networks in high precision (`data/reactions.json`), by the public API.
//!
//! They were computed by independent means: normal equations against singular values, two integrators, closed forms, matrix
//! exponentials against integrators. Each key of a case must be answered.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::sync::Arc;

use irrev_network::counts::{
    CountReaction, CountSystem, MasterEquationOptions, Propensity, PropensityLaw, stationary_counts,
    transient_moments,
};
use irrev_network::decomposition::{geometric_decomposition, information_geometric_decomposition};
use irrev_network::reactions::bounds::{scaled_diffusion, uncertainty_products};
use irrev_network::reactions::distance::{wasserstein_speed, wasserstein2_one_reaction};
use irrev_network::reactions::dual_coordinates::{divergence, dual_coordinates};
use irrev_network::reactions::evolution::{EvolutionOptions, evolve};
use irrev_network::reactions::excess::{divergence_decay, fisher_speed, glansdorff_prigogine_excess};
use irrev_network::reactions::limit_cycle::{LimitCycleOptions, Section, limit_cycle};
use irrev_network::reactions::steady_state::{Stability, relaxed_steady_state, steady_state_near};
use irrev_network::reactions::{Law, RateLaws, Reaction, ReactionSystem, Species, structure};
use irrev_network::{Flow, Network, Result};
use irrev_numerics::integer::{SparseRow, null_space};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::quadrature::integrate;
use irrev_numerics::{Run, Tolerance};
use serde_json::Value;

use crate::cases::{Case, index, numbers};

const FILE: &str = include_str!("data/reactions.json");

fn run_cases(kinds: &[&str], check: impl Fn(&str, &mut Case<'_>)) -> usize {
    crate::cases::run_cases(FILE, kinds, check)
}

#[test]
fn every_kind_of_reference_case_has_a_test() {
    let kinds = [
        "reaction_state",
        "reaction_limit_cycle",
        "reaction_relaxation",
        "w2_one_reaction",
        "chem_dual",
        "crn_speed",
        "gp_nonlinear",
        "gp_massaction",
        "crn",
    ];
    crate::cases::only_kinds(FILE, &kinds);
}

/// Dynamic species by name.
fn dynamic(names: &[&str]) -> Vec<Species> {
    let species = |name: &&str| Species {
        name: (*name).into(),
        held: None,
    };
    names.iter().map(species).collect()
}

/// One side of a reaction from its coefficients per species.
fn side(coefficients: &[f64]) -> Vec<(usize, f64)> {
    coefficients
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, c)| *c != 0.0)
        .collect()
}

/// A reaction from [ν⁺, ν⁻, k⁺, k⁻].
fn reaction(name: String, row: &Value) -> Reaction {
    Reaction {
        name,
        reactants: side(&numbers(&row[0])),
        products: side(&numbers(&row[1])),
        law: Law::MassAction {
            forward: row[2].as_f64().unwrap(),
            backward: row[3].as_f64().unwrap(),
        },
        counted: true,
    }
}

fn system(inputs: &Value) -> ReactionSystem {
    let names: Vec<&str> = inputs["species"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_str().unwrap())
        .collect();
    let rows = inputs["reactions_nuplus_numinus_kplus_kminus"]
        .as_array()
        .unwrap();
    let reactions = rows.iter().enumerate();
    let reactions = reactions.map(|(r, row)| reaction(format!("r{r}"), row)).collect();
    ReactionSystem::new(dynamic(&names), reactions, None).unwrap()
}

/// Whether sparse integer rows and dense expected rows span the same space of n columns.
fn assert_same_span(what: &str, got: &[SparseRow], expected: &Value, n: usize) {
    let real = |v: &SparseRow| v.iter().map(|&(c, a)| (c, a as f64)).collect::<Vec<_>>();
    let got: Vec<Vec<(usize, f64)>> = got.iter().map(real).collect();
    let expected: Vec<Vec<(usize, f64)>> = expected
        .as_array()
        .unwrap()
        .iter()
        .map(|row| side(&numbers(row)))
        .collect();
    assert_eq!(got.len(), expected.len(), "{what}: number");
    let both: Vec<_> = got.iter().chain(&expected).cloned().collect();
    assert_eq!(null_space(&both, n).unwrap().rank, expected.len(), "{what}: span");
}

#[test]
fn flows_splits_bounds_and_structure_agree() {
    let count = run_cases(&["reaction_state"], |_, case| {
        let system = system(case.inputs);
        let x = numbers(&case.inputs["x"]);
        let flow = system.flow(0.0, &x).unwrap();
        case.compare("J", flow.current());
        case.compare("F", flow.force());
        case.compare("L", flow.onsager_coefficient());
        case.compare("dxdt", flow.rate_of_change());
        case.compare("epr", flow.entropy_production_rate());
        let split = geometric_decomposition(&flow).unwrap();
        case.compare("epr_excess", split.excess);
        case.compare("epr_housekeeping", split.housekeeping);
        let speed = wasserstein_speed(&system, 0.0, &x, &flow.rate_of_change()).unwrap();
        case.same("speed²", &(speed * speed).into(), &case.expected["epr_excess"]);
        let information = information_geometric_decomposition(&flow).unwrap();
        case.compare("epr_excess_infogeom", information.excess);
        case.compare("D", scaled_diffusion(&flow));
        case.compare("tur", uncertainty_products(&flow, flow.entropy_production_rate()));
        case.compare("tur_excess", uncertainty_products(&flow, split.excess));
        let found = structure(&system).unwrap();
        case.compare("rank", found.rank as f64);
        let (species, reactions) = (x.len(), system.reactions().len());
        let expected = case.expected;
        assert_same_span(
            case.id,
            &found.conservation_laws,
            &expected["conservation"],
            species,
        );
        assert_same_span(case.id, &found.cycles, &expected["cycles"], reactions);
        case.ignore(&["conservation", "cycles"]);
    });
    assert_eq!(count, 3);
}

#[test]
fn relaxations_agree() {
    let count = run_cases(&["reaction_relaxation"], |_, case| {
        let system = system(case.inputs);
        let start = numbers(&case.inputs["x0"]);
        let options = EvolutionOptions {
            error_estimate: true,
            ..EvolutionOptions::default()
        };
        let path = evolve(&system, &start, case.number("tau"), &options, &Run::default()).unwrap();
        case.compare("x_tau", path.final_amounts.clone());
        case.compare("tau_bound", path.speed_limits.clone());
        let budget = path.budget.unwrap();
        case.compare("EP", budget.entropy_production);
        case.compare("EP_excess", budget.excess);
        case.compare("intD", budget.diffusion);
        case.compare("W2_length_of_path", budget.wasserstein_length);
    });
    assert_eq!(count, 2);
}

#[test]
fn the_limit_cycle_of_the_brusselator_agrees() {
    let count = run_cases(&["reaction_limit_cycle"], |_, case| {
        let system = system(case.inputs);
        let options = LimitCycleOptions {
            section: Some(Section {
                state: index(&case.inputs["section_species"]),
                value: case.number("section_value"),
            }),
            ..LimitCycleOptions::default()
        };
        let start = numbers(&case.inputs["x_start"]);
        let cycle = limit_cycle(&system, &start, &options, &Run::default()).unwrap();
        assert!(cycle.is_stable);
        case.compare("period", cycle.period);
        case.compare("x_section", cycle.amounts.clone());
        case.compare("EP_period", cycle.budget.entropy_production);
        case.compare("EPex_period", cycle.budget.excess);
        case.compare("EPhk_period", cycle.budget.housekeeping);
        case.compare("epr_mean", cycle.budget.entropy_production / cycle.period);
        case.compare("epr_excess_mean", cycle.budget.excess / cycle.period);
        case.compare("W2_length_of_cycle", cycle.budget.wasserstein_length);
        case.compare("intD", cycle.budget.diffusion);
    });
    assert_eq!(count, 1);
}

#[test]
fn the_distance_of_one_reaction_agrees() {
    let count = run_cases(&["w2_one_reaction"], |_, case| {
        let origin = numbers(&case.inputs["a0"]);
        let reactions = vec![reaction("r".into(), &case.inputs["reaction"])];
        let names: Vec<String> = (0..origin.len()).map(|i| format!("S{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let system = ReactionSystem::new(dynamic(&names), reactions, None).unwrap();
        let extents = (case.number("xi0"), case.number("xi1"));
        let found =
            wasserstein2_one_reaction(&system, 0.0, &origin, extents, Tolerance::relative(1e-12)).unwrap();
        case.compare("W2", found.value);
        let digits: f64 = case.expected["W2_digits"].as_str().unwrap().parse().unwrap();
        // fifteen printed digits
        assert!((found.value - digits).abs() <= 1e-14 * digits, "{}", found.value);
        assert!(found.error <= 1e-12 * digits);
        case.ignore(&["W2_digits"]);
    });
    assert_eq!(count, 1);
}

#[test]
fn dual_coordinates_agree() {
    let count = run_cases(&["chem_dual"], |_, case| {
        let rows: Vec<Vec<f64>> = case.inputs["S"].as_array().unwrap().iter().map(numbers).collect();
        let s = Matrix::from_fn(rows.len(), rows[0].len(), |i, r| rows[i][r]);
        let extents = numbers(&case.inputs["xi"]);
        let at = dual_coordinates(&s, &numbers(&case.inputs["x_eq"]), &extents).unwrap();
        case.compare("x", at.amounts);
        case.compare("chemical_potential_shift", at.chemical_potential_shift);
        case.compare("affinity", at.affinity);
        case.compare("theta_dual", at.dual);
        case.compare("gibbs_difference", at.gibbs_difference);
        case.compare("legendre_dual_potential", at.legendre_dual_potential);
        let n = extents.len();
        let row = |a: usize| Value::from((0..n).map(|b| at.metric[(a, b)]).collect::<Vec<_>>());
        case.compare("metric_xi", (0..n).map(row).collect::<Vec<_>>());
    });
    assert_eq!(count, 1);
}

#[test]
fn speed_and_free_energy_of_a_closed_network_agree() {
    let count = run_cases(&["crn_speed"], |_, case| {
        let (up, down) = (numbers(&case.inputs["kplus"]), numbers(&case.inputs["kminus"]));
        let (a, b) = (("A", 1.0), ("B", 1.0));
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("auto", &[a, b], &[("B", 2.0)], up[0], down[0])
            .mass_action("turn", &[a], &[b], up[1], down[1])
            .build()
            .unwrap();
        let (start, times) = (numbers(&case.inputs["x0"]), numbers(&case.inputs["times"]));
        let run = Run::default();
        let steady = relaxed_steady_state(&system, &start, &run).unwrap().amounts;
        case.compare("x_eq", steady.clone());
        let options = EvolutionOptions {
            times: times.clone(),
            ..EvolutionOptions::default()
        };
        let end = *times.last().unwrap();
        let path = evolve(&system, &start, end, &options, &run).unwrap();
        let rows = case.expected["rows"].as_array().unwrap();
        assert_eq!(rows.len(), times.len());
        for (x, row) in path.amounts.iter().zip(rows) {
            let same = |key: &str, got: Value| case.same(key, &got, &row[key]);
            same("x", x.clone().into());
            same(
                "speed_squared",
                fisher_speed(&system, 0.0, x).unwrap().information.into(),
            );
            same(
                "epr",
                system.flow(0.0, x).unwrap().entropy_production_rate().into(),
            );
            same("gibbs_difference", divergence(x, &steady).into());
            same(
                "minus_dGdt",
                divergence_decay(&system, 0.0, x, &steady).unwrap().into(),
            );
        }
        case.ignore(&["rows"]);
        let length = integrate::<irrev_network::Error>(
            &times,
            1,
            Tolerance::relative(1e-9),
            |values, k| values[k],
            |t, out| {
                out[0] = fisher_speed(&system, 0.0, &path.trajectory.at(t)?)?
                    .information
                    .sqrt();
                Ok(())
            },
        )
        .unwrap();
        case.compare("length", length.values[0]);
    });
    assert_eq!(count, 1);
}

/// Jumps i → i+1 of a ring of three at rate k + a p², p that of the state jumped to, and back at rate b.
#[derive(Debug)]
struct Attraction {
    k: f64,
    a: f64,
    b: f64,
}

impl RateLaws for Attraction {
    fn assign(&self, _: f64, _: &mut [f64]) -> Result<()> {
        Ok(())
    }

    fn fluxes(&self, _: f64, p: &[f64], forward: &mut [f64], backward: &mut [f64]) -> Result<()> {
        for i in 0..3 {
            let next = p[(i + 1) % 3];
            forward[i] = (self.k + self.a * next * next) * p[i];
            backward[i] = self.b * next;
        }
        Ok(())
    }

    fn derivatives(&self, _: f64, p: &[f64], entry: &mut dyn FnMut(usize, usize, f64, f64)) -> Result<()> {
        for i in 0..3 {
            let j = (i + 1) % 3;
            entry(i, i, self.k + self.a * p[j] * p[j], 0.0);
            entry(i, j, 2.0 * self.a * p[j] * p[i], self.b);
        }
        Ok(())
    }

    fn drift(&self, _: f64, _: &[f64], _: &mut [f64]) -> Result<()> {
        Ok(())
    }

    fn drift_derivatives(&self, _: f64, _: &[f64], _: &mut dyn FnMut(usize, usize, f64)) -> Result<()> {
        Ok(())
    }

    fn drifting(&self) -> &[String] {
        &[]
    }

    fn depends_on_time(&self) -> bool {
        false
    }
}

/// i ⇌ i+1 on a ring of three, one reaction for each law.
fn ring_reactions(
    name: &str,
    law: Law,
    sides: impl Fn(usize, usize) -> [Vec<(usize, f64)>; 2],
) -> Vec<Reaction> {
    (0..3)
        .map(|i| {
            let [reactants, products] = sides(i, (i + 1) % 3);
            Reaction {
                name: format!("{name}{i}"),
                reactants,
                products,
                law,
                counted: true,
            }
        })
        .collect()
}

fn stability_agrees(case: &mut Case<'_>, system: &ReactionSystem) {
    let steady = steady_state_near(system, &[1.0 / 3.0; 3]).unwrap();
    case.compare("eigenvalue_re", steady.eigenvalues[0].re);
    case.compare("eigenvalue_im_abs", steady.eigenvalues[0].im.abs());
    let expected = match case.expected["stable"].as_bool() {
        Some(true) => Stability::Stable,
        Some(false) => Stability::Unstable,
        None => Stability::Marginal,
    };
    assert_eq!(steady.stability, expected, "{}", case.id);
    case.ignore(&["stable"]);
}

#[test]
fn excess_and_stability_of_a_nonlinear_ring_agree() {
    let count = run_cases(&["gp_nonlinear"], |_, case| {
        let laws = Attraction {
            k: case.number("k"),
            a: case.number("a"),
            b: case.number("b"),
        };
        let reactions = ring_reactions("jump", Law::General, |i, j| [vec![(i, 1.0)], vec![(j, 1.0)]]);
        let system = ReactionSystem::new(dynamic(&["0", "1", "2"]), reactions, Some(Arc::new(laws))).unwrap();
        let (p, uniform) = (numbers(&case.inputs["p"]), [1.0 / 3.0; 3]);
        let flow = system.flow(0.0, &p).unwrap();
        let steady = system.flow(0.0, &uniform).unwrap();
        case.compare("pdot", flow.rate_of_change());
        case.compare("epr", flow.entropy_production_rate());
        case.compare("gp_excess", glansdorff_prigogine_excess(&flow, &steady).unwrap());
        case.compare(
            "minus_dKLdt",
            divergence_decay(&system, 0.0, &p, &uniform).unwrap(),
        );
        let speed = fisher_speed(&system, 0.0, &p).unwrap();
        case.compare("fisher", speed.information);
        case.compare("dfisher_dt", speed.rate_of_change);
        stability_agrees(case, &system);
    });
    assert_eq!(count, 3);
}

#[test]
fn excess_by_channel_is_the_decay_of_the_divergence_and_the_lumped_sum_is_not() {
    let count = run_cases(&["gp_massaction"], |_, case| {
        let law = |up: &str, down: &str| Law::MassAction {
            forward: case.number(up),
            backward: case.number(down),
        };
        let mut reactions = ring_reactions("A", law("k", "b1"), |i, j| [vec![(i, 1.0)], vec![(j, 1.0)]]);
        reactions.extend(ring_reactions("B", law("a", "b2"), |i, j| {
            [vec![(i, 1.0), (j, 2.0)], vec![(j, 3.0)]]
        }));
        let system = ReactionSystem::new(dynamic(&["0", "1", "2"]), reactions, None).unwrap();
        let (p, uniform) = (numbers(&case.inputs["p"]), [1.0 / 3.0; 3]);
        let flows = [&p[..], &uniform].map(|p| system.flow(0.0, p).unwrap());
        case.compare("pdot", flows[0].rate_of_change());
        case.compare("epr_channel_resolved", flows[0].entropy_production_rate());
        case.compare(
            "gp_excess_channel_resolved",
            glansdorff_prigogine_excess(&flows[0], &flows[1]).unwrap(),
        );
        case.compare(
            "minus_dKLdt",
            divergence_decay(&system, 0.0, &p, &uniform).unwrap(),
        );
        let ring = Network::from_edges(3, &[(0, 1), (1, 2), (2, 0)]).unwrap();
        let lumped = flows.map(|flow| {
            let sums = |of: &[f64]| (0..3).map(|i| of[i] + of[i + 3]).collect();
            Flow::new(
                ring.clone(),
                sums(flow.forward_flux()),
                sums(flow.backward_flux()),
            )
            .unwrap()
        });
        case.compare("epr_lumped", lumped[0].entropy_production_rate());
        case.compare(
            "gp_excess_lumped",
            glansdorff_prigogine_excess(&lumped[0], &lumped[1]).unwrap(),
        );
        stability_agrees(case, &system);
    });
    assert_eq!(count, 2);
}

/// A propensity that a function of the counts gives.
#[derive(Debug)]
struct Counted {
    species: Vec<usize>,
    value: fn(&[f64]) -> f64,
}

impl PropensityLaw for Counted {
    fn value(&self, _: f64, counts: &[f64]) -> f64 {
        (self.value)(counts)
    }

    fn species(&self) -> &[usize] {
        &self.species
    }

    fn depends_on_time(&self) -> bool {
        false
    }
}

/// A propensity by the counts.
type Rate = fn(&[f64]) -> f64;

/// (id, change, forward, backward).
type WrittenOut = (&'static str, Vec<(usize, i64)>, Rate, Rate);

/// Species and reactions of a case, the propensities as its equations write them.
fn written_out(id: &str) -> (Vec<&'static str>, Vec<WrittenOut>) {
    match id {
        "birth_death_a" => (vec!["X"], vec![("r", vec![(0, 1)], |_| 10.0, |n| 0.5 * n[0])]),
        "dimerisation" => (
            vec!["A", "B"],
            vec![(
                "r",
                vec![(0, -2), (1, 1)],
                |n| 0.01 * n[0] * (n[0] - 1.0),
                |n| 0.3 * n[1],
            )],
        ),
        "schloegl_small" => (
            vec!["X"],
            vec![
                (
                    "r1",
                    vec![(0, 1)],
                    |n| 0.0225 * n[0] * (n[0] - 1.0),
                    |n| 0.000_112_5 * n[0] * (n[0] - 1.0) * (n[0] - 2.0),
                ),
                ("r2", vec![(0, 1)], |_| 37.5, |n| 2.0 * n[0]),
            ],
        ),
        "mm_reversible" => (
            vec!["S", "C", "P"],
            vec![
                (
                    "bind",
                    vec![(0, -1), (1, 1)],
                    |n| 0.5 * n[0] * (3.0 - n[1]),
                    |n| n[1],
                ),
                (
                    "cat",
                    vec![(1, -1), (2, 1)],
                    |n| 2.0 * n[1],
                    |n| 0.1 * n[2] * (3.0 - n[1]),
                ),
            ],
        ),
        "brusselator_small" => (
            vec!["X", "Y"],
            vec![
                ("in", vec![(0, 1)], |_| 4.0, |n| n[0]),
                (
                    "auto",
                    vec![(0, 1), (1, -1)],
                    |n| n[0] * (n[0] - 1.0) * n[1] / 16.0,
                    |n| 0.1 * n[0] * (n[0] - 1.0) * (n[0] - 2.0) / 16.0,
                ),
                ("conv", vec![(0, -1), (1, 1)], |n| 1.5 * n[0], |n| 0.1 * n[1]),
            ],
        ),
        other => panic!("unknown case {other}"),
    }
}

fn count_system(id: &str) -> CountSystem {
    let (species, reactions) = written_out(id);
    let law = |value| {
        Propensity::Law(Arc::new(Counted {
            species: (0..species.len()).collect(),
            value,
        }))
    };
    let reactions = reactions
        .into_iter()
        .map(|(name, change, forward, backward)| CountReaction {
            name: name.into(),
            change,
            forward: law(forward),
            backward: Some(law(backward)),
            reservoir: None,
        })
        .collect();
    CountSystem::new(species.iter().map(|s| (*s).to_owned()).collect(), reactions).unwrap()
}

#[test]
fn moments_and_dissipation_of_the_master_equation_agree() {
    let run = Run::default();
    let count = run_cases(&["crn"], |_, case| {
        let system = count_system(case.id);
        let species = system.species();
        let start: Vec<i64> = match &case.inputs["x0"] {
            Value::Object(counts) => species.iter().map(|s| counts[s].as_i64().unwrap()).collect(),
            count => vec![count.as_i64().unwrap()],
        };
        let bounds: Option<Vec<i64>> = case.inputs["truncation"]
            .as_array()
            .map(|b| b.iter().map(|n| n.as_i64().unwrap()).collect());
        let boxed = MasterEquationOptions {
            bounds,
            ..MasterEquationOptions::default()
        };
        let steady = stationary_counts(&system, &start, &boxed, &run).unwrap();
        if case.inputs["species"].is_null() {
            // one species, with a single time among the inputs
            let free = MasterEquationOptions {
                tolerance: 1e-13,
                ..MasterEquationOptions::default()
            };
            let moments = transient_moments(&system, &start, &[case.number("t")], &free, &run).unwrap();
            case.compare("mean", moments.means[0][0]);
            case.compare("var", moments.variances[0][0]);
            let steady = stationary_counts(&system, &start, &free, &run).unwrap();
            case.compare("stationary_mean", steady.means[0]);
            case.compare("stationary_var", steady.variances[0]);
            case.compare("stationary_epr", steady.entropy_production_rate);
            return;
        }
        let rows = case.expected["transient"].as_array().unwrap();
        let times: Vec<f64> = rows.iter().map(|row| row["t"].as_f64().unwrap()).collect();
        // the bounds are left to the solver, which must find large enough ones by itself
        let moments = transient_moments(&system, &start, &times, &Default::default(), &run).unwrap();
        for (k, row) in rows.iter().enumerate() {
            for (got, key) in [(&moments.means[k], "mean"), (&moments.variances[k], "var")] {
                for (s, name) in species.iter().enumerate() {
                    case.same(&format!("{key} of {name}"), &got[s].into(), &row[key][name]);
                }
            }
        }
        let reactions = system.reactions();
        let expected = case.expected;
        for (s, name) in species.iter().enumerate() {
            case.same(
                "stationary mean",
                &steady.means[s].into(),
                &expected["stationary_mean"][name],
            );
            case.same(
                "stationary var",
                &steady.variances[s].into(),
                &expected["stationary_var"][name],
            );
        }
        for (r, reaction) in reactions.iter().enumerate() {
            let rate = steady.entropy_production_rate_by_reaction[r];
            case.same(
                "epr by channel",
                &rate.into(),
                &expected["epr_by_channel"][&reaction.name],
            );
            let current = steady.currents[r];
            case.same(
                "current",
                &current.into(),
                &expected["channel_currents"][&reaction.name],
            );
        }
        case.compare("epr_total", steady.entropy_production_rate);
        case.compare("entropy_flow_to_medium", steady.entropy_flow_to_medium);
        case.compare("truncation_mass_at_edge", steady.edge_mass);
        case.compare("states", steady.lattice.states() as f64);
        case.ignore(&[
            "transient",
            "stationary_mean",
            "stationary_var",
            "epr_by_channel",
            "channel_currents",
            "residual",
        ]);
    });
    assert_eq!(count, 5);
}

#[test]
fn a_motion_that_grows_without_bound_names_the_species_and_the_time() {
    // x' = x² from 1 has its pole at t = 1; x' = x squared overflows from t = 355 on
    for (product, order, end, earliest, latest) in
        [(3.0, 2.0, 2.0, 0.98, 1.0), (2.0, 1.0, 1000.0, 340.0, 710.0)]
    {
        let system = ReactionSystem::builder()
            .species("idle")
            .species("X")
            .mass_action("growth", &[("X", order)], &[("X", product)], 1.0, 0.0)
            .mass_action("change", &[("idle", 1.0)], &[], 1.0, 0.5)
            .build()
            .unwrap();
        let options = EvolutionOptions::default();
        let error = evolve(&system, &[1.0, 1.0], end, &options, &Run::default()).unwrap_err();
        let irrev_network::Error::Unbounded { species, end, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(species, "X");
        assert!(*end > earliest && *end < latest, "{error}");
    }
}
