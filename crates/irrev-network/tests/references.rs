//! Reference values in high precision (`data/reference.json`), by the public API.
//!
//! Every case has a kind, inputs, expected numbers and a tolerance: |got − expected| ≤ relative |expected| + absolute. They were
//! computed with 30 to 50 digits by independent means. Each key of a case must be answered: a key nobody compares fails the test.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::f64::consts::PI;

use irrev_network::bounds::uncertainty_relation;
use irrev_network::cycles::fundamental_cycles;
use irrev_network::decomposition::{
    geometric_decomposition, hatano_sasa_decomposition, information_geometric_decomposition,
};
use irrev_network::dynamics::{
    DrivenJump, RelaxationOptions, closed_classes, count_distribution, counting_statistics, current_moments,
    driven_process, entropy_moments, evolve, first_passage, periodic_state, relaxation, work_statistics,
};
use irrev_network::energetics::{Energetics, RateRule, clausius_sum, energy_budget};
use irrev_network::gradient_flow::gradient_flow_identity;
use irrev_network::{Distribution, Error, Kinetics, MarkovJump, Network};
use irrev_numerics::special::{logarithmic_mean, logarithmic_mean_gradient};
use irrev_numerics::{Run, Tolerance};
use serde_json::Value;

use crate::cases::{Case, index, numbers};

const FILE: &str = include_str!("data/reference.json");

fn distribution(case: &Case<'_>, key: &str) -> Distribution {
    Distribution::new(numbers(&case.inputs[key])).unwrap()
}

fn run_cases(kinds: &[&str], check: impl Fn(&str, &mut Case<'_>)) -> usize {
    crate::cases::run_cases(FILE, kinds, check)
}

/// `edges` as [x, y, k⁺, k⁻].
fn channels(edges: &Value) -> Vec<(usize, usize, f64, f64)> {
    let edge = |e: &Value| {
        (
            index(&e[0]),
            index(&e[1]),
            e[2].as_f64().unwrap(),
            e[3].as_f64().unwrap(),
        )
    };
    edges.as_array().unwrap().iter().map(edge).collect()
}

fn process(case: &Case<'_>) -> MarkovJump {
    MarkovJump::from_rates(index(&case.inputs["n"]), &channels(&case.inputs["edges"])).unwrap()
}

#[test]
fn every_kind_of_reference_case_has_a_test() {
    let kinds = [
        "logarithmic_mean",
        "jump_network_state",
        "several_baths",
        "relaxation_integrals",
        "gradient_flow_identity",
        "uncertainty_relation",
        "jump_process",
        "driven_two_level",
        "periodic_two_state",
        "first_passage",
    ];
    crate::cases::only_kinds(FILE, &kinds);
}

#[test]
fn logarithmic_means_and_their_derivatives_agree() {
    let count = run_cases(&["logarithmic_mean"], |_, case| {
        let pairs = case.inputs["pairs"].as_array().unwrap();
        let got: Vec<Value> = pairs
            .iter()
            .map(|pair| {
                let (a, b) = (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap());
                let (da, db) = logarithmic_mean_gradient(a, b);
                vec![logarithmic_mean(a, b), da, db].into()
            })
            .collect();
        case.compare("L_dLda_dLdb", got);
    });
    assert_eq!(count, 1);
}

#[test]
fn flows_decompositions_and_cycles_agree() {
    let count = run_cases(&["jump_network_state"], |_, case| {
        let process = process(case);
        let stationary = process.stationary_distribution().unwrap();
        case.compare("stationary", stationary.probabilities().to_vec());
        let steady = process.flow(&stationary).unwrap();
        case.compare("ss_J", steady.current());
        case.compare("ss_F", steady.force());
        case.compare("ss_L", steady.onsager_coefficient());
        case.compare("ss_epr", steady.entropy_production_rate());
        let p = distribution(case, "p");
        let flow = process.flow(&p).unwrap();
        case.compare("J", flow.current());
        case.compare("F", flow.force());
        case.compare("L", flow.onsager_coefficient());
        case.compare("dpdt", flow.rate_of_change());
        case.compare("epr", flow.entropy_production_rate());
        case.compare("activity", flow.activity());
        case.compare("mobility", flow.mobility());
        let split = geometric_decomposition(&flow).unwrap();
        assert!(split.convergence.converged());
        case.compare("Fstar", split.excess_force.clone());
        case.compare("epr_excess", split.excess);
        case.compare("epr_housekeeping", split.housekeeping);
        let information = information_geometric_decomposition(&flow).unwrap();
        case.compare("epr_excess_infogeom", information.excess);
        let hatano_sasa = hatano_sasa_decomposition(&process, &p, &stationary).unwrap();
        case.compare("adiabatic", hatano_sasa.adiabatic);
        case.compare("nonadiabatic", hatano_sasa.nonadiabatic);
        let basis = fundamental_cycles(process.network());
        case.compare("n_cycles", basis.cycles.len() as f64);
        let edges = process.network().edges().len();
        let vectors: Vec<Value> = basis.cycles.iter().map(|c| c.vector(edges).into()).collect();
        case.compare("cycle_vectors", vectors);
        case.compare("cycle_affinities", basis.affinities(&process));
        case.compare("cycle_currents_ss", basis.currents(&steady.current()));
        case.compare(
            "cycle_currents_housekeeping",
            basis.currents(&split.housekeeping_current),
        );
    });
    assert_eq!(count, 3);
}

#[test]
fn heat_and_entropy_with_several_baths_agree() {
    let count = run_cases(&["several_baths"], |_, case| {
        let energies = numbers(&case.inputs["energies"]);
        let rows = case.inputs["edges_x_y_gamma_T"].as_array().unwrap();
        let mut temperatures: Vec<f64> = rows.iter().map(|r| r[3].as_f64().unwrap()).collect();
        temperatures.sort_by(f64::total_cmp);
        temperatures.dedup();
        let name = |t: f64| format!("T = {t}");
        let mut builder = Network::builder().states((0..energies.len()).map(|i| i.to_string()));
        for &t in &temperatures {
            builder = builder.reservoir(name(t));
        }
        for (e, row) in rows.iter().enumerate() {
            let bath = name(row[3].as_f64().unwrap());
            builder = builder.channel(e.to_string(), row[0].to_string(), row[1].to_string(), Some(&bath));
        }
        let network = builder.build().unwrap();
        let energetics = Energetics::thermal(&network, energies, &temperatures);
        let rates: Vec<(f64, f64)> = rows
            .iter()
            .zip(network.edges())
            .map(|(row, edge)| {
                let rule = RateRule::Symmetric {
                    prefactor: row[2].as_f64().unwrap(),
                    load: 0.5,
                };
                rule.rates(
                    &energetics,
                    edge,
                    energetics.reservoirs[edge.reservoir.unwrap()],
                    0.0,
                )
                .unwrap()
            })
            .collect();
        let listed: Vec<Value> = network
            .edges()
            .iter()
            .zip(&rates)
            .map(|(e, r)| vec![e.from as f64, e.to as f64, r.0, r.1].into())
            .collect();
        case.compare("edges", listed);
        let (forward, backward) = rates.into_iter().unzip();
        let process = MarkovJump::new(network, forward, backward).unwrap();
        energetics.require_detailed_balance(&process, 1e-13).unwrap();

        let heat_by_bath = |case: &mut Case<'_>, key: &'static str, heat: &[f64]| {
            case.ignore(&[key]);
            for (bath, expected) in case.expected[key].as_object().unwrap() {
                let at = temperatures
                    .iter()
                    .position(|t| *t == bath.parse::<f64>().unwrap())
                    .unwrap();
                case.same(key, &heat[at].into(), expected);
            }
        };
        let p = distribution(case, "p");
        let flow = process.flow(&p).unwrap();
        let budget = energy_budget(&flow, &p, &energetics).unwrap();
        heat_by_bath(case, "heat_to_bath", &budget.heat);
        case.compare("dSdt", budget.entropy_rate);
        case.compare("epr", flow.entropy_production_rate());
        case.compare("epr", budget.clausius_rate);
        let split = geometric_decomposition(&flow).unwrap();
        case.compare("epr_excess", split.excess);
        case.compare("epr_housekeeping", split.housekeeping);
        let stationary = process.stationary_distribution().unwrap();
        case.compare("stationary", stationary.probabilities().to_vec());
        let steady = process.flow(&stationary).unwrap();
        heat_by_bath(
            case,
            "ss_heat_to_bath",
            &energy_budget(&steady, &stationary, &energetics).unwrap().heat,
        );
        case.compare("ss_epr", steady.entropy_production_rate());

        let tau = case.number("tau");
        let path = relaxation(&process, &p, tau, &RelaxationOptions::default(), &Run::default()).unwrap();
        case.compare("p_tau", path.final_distribution.probabilities().to_vec());
        case.compare("EP_tau", path.entropy_production);
        let clausius = clausius_sum(&process, &energetics, &p, &path).unwrap();
        case.compare("dS_tau", clausius.entropy_change);
        heat_by_bath(case, "heat_tau", &clausius.heat);
        case.compare("EP_tau", clausius.total);
    });
    assert_eq!(count, 2);
}

#[test]
fn integrals_along_a_relaxation_agree() {
    let count = run_cases(&["relaxation_integrals"], |_, case| {
        let process = process(case);
        let p0 = distribution(case, "p0");
        let path = relaxation(
            &process,
            &p0,
            case.number("tau"),
            &RelaxationOptions::default(),
            &Run::default(),
        )
        .unwrap();
        let stationary = process.stationary_distribution().unwrap();
        case.compare("p_tau", path.final_distribution.probabilities().to_vec());
        case.compare("epr_0", process.flow(&p0).unwrap().entropy_production_rate());
        case.compare("D0", p0.relative_entropy(&stationary).unwrap());
        case.compare(
            "Dtau",
            path.final_distribution.relative_entropy(&stationary).unwrap(),
        );
        case.compare("EP", path.entropy_production);
        case.compare("EPex", path.excess);
        case.compare("EPhk", path.housekeeping);
        case.compare("EPad", path.adiabatic.unwrap());
        case.compare("EPna", path.nonadiabatic.unwrap());
        case.compare("activity", path.activity);
        case.compare("mobility", path.mobility);
        case.compare("len_ex", path.wasserstein_length);
        case.compare("flow", path.flow);
    });
    assert_eq!(count, 2);
}

#[test]
fn the_gradient_flow_identity_agrees_with_and_without_driving() {
    let count = run_cases(&["gradient_flow_identity"], |_, case| {
        let identity = gradient_flow_identity(&process(case), &distribution(case, "p")).unwrap();
        case.compare("residual", identity.residual);
        case.compare("db_defect", identity.detailed_balance_defect);
        case.compare("dDdt", identity.relative_entropy_rate);
        case.compare("epr", identity.entropy_production_rate);
    });
    assert_eq!(count, 2);
}

#[test]
fn uncertainty_relations_agree() {
    let count = run_cases(&["uncertainty_relation"], |_, case| {
        let process = process(case);
        let statistics = counting_statistics(&process).unwrap();
        let flow = process.flow(statistics.stationary_distribution()).unwrap();
        let relation = uncertainty_relation(&statistics, &flow, &numbers(&case.inputs["weights"])).unwrap();
        case.compare("mean", relation.mean);
        case.compare("variance_rate", relation.variance_rate);
        case.compare("epr", relation.entropy_production_rate);
        case.compare("tur_product", relation.thermodynamic_product);
        case.compare("activity", relation.activity);
        case.compare("kur_product", relation.kinetic_product);
        case.compare("short_time_tur_product", relation.short_time_product);
    });
    assert_eq!(count, 2);
}

/// `pairs` {a, b, kf, kr}, or `directed_edges` {a, b, rate} without reverse.
fn jump_process(inputs: &Value) -> MarkovJump {
    let field = |e: &Value, key: &str| e[key].as_f64().unwrap();
    let ends = |e: &Value| (index(&e["a"]), index(&e["b"]));
    let list = match &inputs["pairs"] {
        Value::Array(pairs) => pairs
            .iter()
            .map(|e| (ends(e).0, ends(e).1, field(e, "kf"), field(e, "kr")))
            .collect::<Vec<_>>(),
        _ => {
            let edges = inputs["directed_edges"].as_array().unwrap();
            edges
                .iter()
                .map(|e| (ends(e).0, ends(e).1, field(e, "rate"), 0.0))
                .collect()
        }
    };
    MarkovJump::from_rates(index(&inputs["states"]), &list).unwrap()
}

fn stationary_part(case: &mut Case<'_>, process: &MarkovJump) {
    if case.expected["stationary"] == "not unique" {
        case.ignore(&["stationary"]);
        assert!(matches!(
            process.stationary_distribution(),
            Err(Error::SeveralClosedClasses { .. })
        ));
        assert_eq!(closed_classes(process).unwrap().len(), 2);
        return;
    }
    let stationary = process.stationary_distribution().unwrap();
    let flow = process.flow(&stationary).unwrap();
    case.compare("stationary", stationary.probabilities().to_vec());
    if case.expected["epr"] == "infinite" {
        case.ignore(&["epr"]);
        assert_eq!(flow.entropy_production_rate(), f64::INFINITY);
        assert_eq!(flow.one_way_edges(), [0, 1, 2]);
        return;
    }
    case.compare("pair_currents", flow.current());
    case.compare("epr", flow.entropy_production_rate());
    case.compare("activity_rate", flow.activity());
    let statistics = counting_statistics(process).unwrap();
    let weights = numbers(&case.inputs["observable"]["weights_forward"]);
    let cumulants = statistics.scaled_cumulants(&weights, 4).unwrap().values;
    let products = uncertainty_relation(&statistics, &flow, &weights).unwrap();
    case.compare(
        "tur_ratio_var_times_epr_over_2_mean_squared",
        0.5 * products.thermodynamic_product,
    );
    case.compare("observable_scaled_cumulants_1_to_4", cumulants);
    case.compare(
        "entropy_scaled_cumulants_1_to_4",
        statistics.entropy_cumulants(4).unwrap().values,
    );
    case.ignore(&["scgf_of_medium_entropy"]);
    let medium = process.medium_entropy_change();
    for pair in case.expected["scgf_of_medium_entropy"].as_array().unwrap() {
        let chi = pair[0].as_f64().unwrap();
        let at = |chi| {
            statistics
                .scaled_generating_function(&medium, chi, &Run::default())
                .unwrap()
        };
        for got in [at(chi), at(-1.0 - chi)] {
            case.same("scgf_of_medium_entropy", &got.value.into(), &pair[1]);
        }
    }
}

fn finite_time_part(case: &mut Case<'_>, process: &MarkovJump) {
    let (p0, t, run) = (distribution(case, "p0"), case.number("t"), Run::default());
    if case.asks("p_at_t") {
        let moved = evolve(process, &p0, t, Tolerance::relative(1e-13), &run).unwrap();
        case.compare("p_at_t", moved.distribution.probabilities().to_vec());
        let weights = numbers(&case.inputs["observable"]["weights_forward"]);
        let moments = current_moments(process, &weights, &p0, t, &run).unwrap();
        case.compare("observable_mean_at_t", moments.mean);
        case.compare("observable_var_at_t", moments.variance);
    }
    if case.asks("net_steps") {
        let steps = vec![1; process.network().edges().len()];
        let counts = count_distribution(process, &steps, &p0, t, 200, &run).unwrap();
        let wanted = case.expected["net_steps"].as_array().unwrap();
        let got: Vec<f64> = wanted
            .iter()
            .map(|n| counts.probability(n.as_i64().unwrap()))
            .collect();
        case.ignore(&["net_steps"]);
        case.compare("probability", got);
        case.compare("entropy_per_step", process.medium_entropy_change()[0]);
        let ratio = |n: i64| (counts.probability(n) / counts.probability(-n)).ln();
        let ratios: Vec<Value> = (1..=3).map(|n| vec![n as f64, ratio(n)].into()).collect();
        case.compare("log_ratio_P_N_over_P_minus_N", ratios);
        case.compare(
            "probability_sigma_negative",
            (-200..0).map(|n| counts.probability(n)).sum::<f64>(),
        );
        return;
    }
    let entropy = entropy_moments(process, &p0, t, &run).unwrap();
    if case.asks("mean_exp_minus_total_entropy") {
        case.compare("mean_exp_minus_total_entropy", entropy.integral_fluctuation);
        case.compare("missing_weight", entropy.missing_weight);
        return;
    }
    case.compare("total_entropy_mean_at_t", entropy.mean);
    case.compare("total_entropy_var_at_t", entropy.variance);
    case.compare("ift_mean_exp_minus_total_entropy", entropy.integral_fluctuation);
    case.compare("sd_of_exp_minus_total_entropy", entropy.integral_fluctuation_sd);
}

#[test]
fn jump_processes_agree_in_the_long_run_and_at_finite_times() {
    let count = run_cases(&["jump_process"], |_, case| {
        let process = jump_process(case.inputs);
        case.ignore(&["symmetry", "allowed_answers", "not_allowed"]);
        if case.asks("stationary") {
            stationary_part(case, &process);
        }
        if !case.inputs["p0"].is_null() {
            finite_time_part(case, &process);
        }
    });
    assert_eq!(count, 9);
}

#[test]
fn a_driven_two_level_system_agrees() {
    let count = run_cases(&["driven_two_level"], |_, case| {
        let (start, end, tau) = (case.number("E1_start"), case.number("E1_end"), case.number("tau"));
        let (gamma, beta) = (case.number("gamma"), case.number("beta"));
        let slope = (end - start) / tau;
        let network = Network::from_edges(2, &[(0, 1)]).unwrap();
        let law = move |t: f64, up: &mut [f64], down: &mut [f64]| {
            let half = 0.5 * beta * (start + slope * t);
            up[0] = gamma * (-half).exp();
            down[0] = gamma * half.exp();
            Ok(())
        };
        let process = DrivenJump::new(network, Box::new(law));
        let p0 = distribution(case, "p0");
        let (tight, run) = (Tolerance::relative(1e-10), Run::default());
        let record = driven_process(&process, &p0, 0.0, tau, &[], tight, &run).unwrap();
        let power = |_: f64, rate: &mut [f64]| {
            rate.copy_from_slice(&[0.0, slope]);
            Ok(())
        };
        let work = work_statistics(&process, &power, beta, &p0, 0.0, tau, tight, &run).unwrap();
        let p_end = record.final_distribution.probabilities();
        let energy_change = p_end[1] * end - p0.probabilities()[1] * start;
        let partition = |e: f64| 1.0 + (-beta * e).exp();
        let free_energy_change = -(partition(end) / partition(start)).ln() / beta;
        case.compare("mean_work", work.mean);
        case.compare("var_work", work.variance);
        case.compare("delta_F", free_energy_change);
        case.compare("mean_exp_minus_beta_W", work.exponential_average);
        case.compare("mean_heat_absorbed", energy_change - work.mean);
        // ln(k⁺/k⁻) = −βE₁(t): the medium gains the heat it takes up over its temperature
        case.compare("mean_heat_absorbed", -record.medium_entropy[0] / beta);
        case.compare("mean_dissipated_work", work.mean - free_energy_change);
        case.compare("total_entropy_production", record.entropy_production);
        case.compare("p_end", p_end.to_vec());
    });
    assert_eq!(count, 2);
}

#[test]
fn a_periodically_driven_two_state_system_agrees() {
    let count = run_cases(&["periodic_two_state"], |_, case| {
        let (amplitude, w, k) = (case.number("A"), case.number("w"), case.number("k"));
        let network = Network::from_edges(2, &[(0, 1)]).unwrap();
        let law = move |t: f64, up: &mut [f64], down: &mut [f64]| {
            let half = 0.5 * amplitude * (w * t).cos();
            up[0] = k * half.exp();
            down[0] = k * (-half).exp();
            Ok(())
        };
        let process = DrivenJump::new(network, Box::new(law));
        let period = 2.0 * PI / w;
        let state = periodic_state(
            &process,
            period,
            &[period],
            Tolerance::relative(1e-10),
            &Run::default(),
        )
        .unwrap();
        case.compare("p1_at_t0", state.distribution.probabilities()[1]);
        case.compare("p1_at_t0", state.record.distributions[0].probabilities()[1]);
        case.compare("epr_period_average", state.record.entropy_production / period);
        case.compare("jump_rate_period_average", state.record.activity / period);
    });
    assert_eq!(count, 1);
}

#[test]
fn first_passage_times_agree() {
    let count = run_cases(&["first_passage"], |_, case| {
        let process = jump_process(case.inputs);
        let n = process.network().states().len();
        let start = Distribution::point(n, index(&case.inputs["start"])).unwrap();
        let targets: Vec<usize> = case.inputs["targets"]
            .as_array()
            .unwrap()
            .iter()
            .map(index)
            .collect();
        let times = numbers(&case.inputs["times"]);
        let passage = first_passage(&process, &start, &targets, &times, &Run::default()).unwrap();
        case.compare("mean", passage.mean);
        case.compare("variance", passage.variance);
        case.compare("third_central_moment", passage.third_central_moment);
        case.compare("skewness", passage.skewness);
        case.compare("fourth_raw_moment", passage.fourth_raw_moment);
        let cdf: Vec<Value> = times
            .iter()
            .zip(&passage.cumulative)
            .map(|(t, p)| vec![*t, *p].into())
            .collect();
        case.compare("cdf", cdf);
        case.compare("splitting_probabilities", passage.splitting_probabilities);
        case.compare("conditional_means", passage.conditional_means);
    });
    assert_eq!(count, 2);
}
