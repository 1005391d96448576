//! Information geometry: values computed elsewhere (`data/information_geometry.json`, 15 kinds), and laws on random systems.
//!
//! The values come from other algorithms in other languages (adaptive quadrature, Kronecker solves, best responses, Nelder–Mead). Each has the tolerance
//! |got − expected| ≤ relative |expected| + absolute of its case.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use std::sync::Arc;

use irrev_network::bounds::Unmet;
use irrev_network::dynamics::DrivenJump;
use irrev_network::information::dual::{
    Tilted, TiltedProblem, bregman_divergence, chemical::dual_coordinates, distribution_from_eta,
    distribution_from_theta, equilibrium_gauge, simplex_coordinates, tilted_equilibrium,
};
use irrev_network::information::game::{
    Dissipation, Game, GameOptions, cooperative_optimum, nash_equilibrium, pareto_front,
};
use irrev_network::information::gaussian::{
    OrnsteinUhlenbeck, SampledDiffusion, VectorAutoregression, bead_chain, integrated_information,
};
use irrev_network::information::stability::{
    Motion, differentiated_rates, excess_entropy_production, nonlinear_stability, reaction_stability,
};
use irrev_network::information::time::{
    Marginal, ReactionSpeedOptions, SpeedOptions, cramer_rao, fisher_information, sampled_irreversibility,
    short_time_uncertainty_optimum, speed_of_driven_process, speed_of_reactions, speed_of_relaxation,
};
use irrev_network::reactions::ReactionSystem;
use irrev_network::reactions::steady_state::steady_state_near;
use irrev_network::{Distribution, Kinetics, MarkovJump, Network};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::reference::{cases, number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

const FILE: &str = include_str!("data/information_geometry.json");

/// A case with its tolerance.
struct Checked<'a> {
    case: &'a Value,
    relative: f64,
    absolute: f64,
}

impl<'a> Checked<'a> {
    fn new(case: &'a Value) -> Self {
        Self {
            case,
            relative: case["tolerance"]["rel"].as_f64().unwrap_or(0.0),
            absolute: case["tolerance"]["abs"].as_f64().unwrap_or(0.0),
        }
    }

    fn input(&self, key: &str) -> f64 {
        number(&self.case["inputs"][key])
    }

    fn inputs(&self, key: &str) -> Vec<f64> {
        numbers(&self.case["inputs"][key])
    }

    fn matrix(&self, key: &str) -> Matrix {
        matrix(&self.case["inputs"][key])
    }

    fn same(&self, what: &str, got: f64, expected: &Value) {
        let what = format!("{}: {what}", self.case["id"]);
        assert_close(&what, got, number(expected), self.relative, self.absolute);
    }

    fn compare(&self, key: &str, got: f64) {
        self.same(key, got, &self.case["expected"][key]);
    }

    fn compare_all(&self, key: &str, got: &[f64]) {
        let what = format!("{}: {key}", self.case["id"]);
        let expected = numbers(&self.case["expected"][key]);
        assert_all_close(&what, got, &expected, self.relative, self.absolute);
    }

    fn compare_matrix(&self, key: &str, got: &Matrix) {
        for (i, row) in self.case["expected"][key].as_array().unwrap().iter().enumerate() {
            for (j, expected) in row.as_array().unwrap().iter().enumerate() {
                self.same(&format!("{key}[{i}][{j}]"), got[(i, j)], expected);
            }
        }
    }
}

fn matrix(value: &Value) -> Matrix {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

/// The process of a generator W[i][j] = rate j → i.
fn process(w: &Matrix) -> MarkovJump {
    let mut channels = Vec::new();
    for j in 0..w.rows() {
        for i in 0..j {
            if w[(i, j)] > 0.0 || w[(j, i)] > 0.0 {
                channels.push((i, j, w[(j, i)], w[(i, j)]));
            }
        }
    }
    MarkovJump::from_rates(w.rows(), &channels).unwrap()
}

fn distribution(p: Vec<f64>) -> Distribution {
    Distribution::new(p).unwrap()
}

fn run() -> Run<'static> {
    Run::default()
}

#[test]
fn fisher_information_of_time_along_relaxations() {
    for case in &cases(FILE, "fisher_time") {
        let check = Checked::new(case);
        let window = check.inputs("integration_window");
        let dims = &case["inputs"]["marg_dims"];
        let marginals = match dims.as_array() {
            Some(dims) => {
                let dims: Vec<usize> = dims.iter().map(|d| d.as_u64().unwrap() as usize).collect();
                vec![Marginal::of_factor("first", &dims, 0).unwrap()]
            }
            None => vec![],
        };
        let options = SpeedOptions {
            times: check.inputs("times"),
            observables: vec![check.inputs("observable")],
            marginals,
            ..SpeedOptions::default()
        };
        let start = distribution(check.inputs("p0"));
        let kinetics = process(&check.matrix("W"));
        let found = speed_of_relaxation(&kinetics, &start, (window[0], window[1]), &options, &run()).unwrap();
        for (row, at) in case["expected"]["rows"].as_array().unwrap().iter().zip(&found.at) {
            let all = numbers(&row["p"]);
            assert_all_close("p", at.distribution.probabilities(), &all, 1e-7, 1e-11);
            check.same("fisher", at.fisher_information, &row["fisher"]);
            check.same("speed", at.speed, &row["speed"]);
            check.same("dfisher_dt", at.fisher_information_rate, &row["dfisher_dt"]);
            check.same("epr", at.entropy_production_rate, &row["epr"]);
            let bound = &at.observables[0];
            check.same("mean", bound.mean, &row["mean"]);
            check.same("var", bound.variance, &row["var"]);
            check.same("velocity", bound.velocity, &row["velocity"]);
            check.same("slack", bound.slack, &row["cramer_rao_slack"]);
            check.same("efficiency", bound.efficiency.unwrap(), &row["efficiency"]);
            if let Some(part) = at.marginals.first() {
                check.same("marginal", part.fisher_information, &row["fisher_marginal"]);
                check.same(
                    "its rate",
                    part.fisher_information_rate,
                    &row["dfisher_marginal_dt"],
                );
            }
        }
        check.compare("length", found.path.length.value);
        check.compare("action_integral_fisher", found.path.action.value);
        check.compare("geodesic", found.path.geodesic);
        check.compare("time_bound_L2_over_action", found.path.least_time().unwrap());
        check.compare("geodesic_efficiency", found.path.geodesic_efficiency().unwrap());
        if let Some(part) = found.marginals.first() {
            let expected = case["expected"]["marginal_local_maxima"].as_array().unwrap();
            assert_eq!(part.maxima.len(), expected.len());
            for (maximum, expected) in part.maxima.iter().zip(expected) {
                let allowed = number(&case["tolerance"]["local_maxima_t_abs"]);
                assert_close("t", maximum.time, number(&expected["t"]), 0.0, allowed);
                check.same("maximum", maximum.fisher_information, &expected["fisher"]);
            }
            assert_eq!(
                Some(part.monotone),
                case["expected"]["marginal_monotone"].as_bool()
            );
            assert!(part.undecided.is_empty(), "{:?}", part.undecided);
        }
    }
}

#[test]
fn excess_of_linear_master_equations() {
    for case in &cases(FILE, "gp") {
        let check = Checked::new(case);
        let kinetics = process(&check.matrix("W"));
        let (p, steady) = (
            distribution(check.inputs("p")),
            kinetics.stationary_distribution().unwrap(),
        );
        let found = excess_between(&kinetics, &p, &steady);
        check.compare_all("p_ss", steady.probabilities());
        check.compare("gp_excess", found.resolved.excess);
        check.compare("minus_dKLdt", found.divergence_decay);
        check.compare("epr", found.resolved.entropy_production_rate);
        check.compare("housekeeping", found.housekeeping);
        check.compare("second_variation_lyapunov", found.second_variation);
        check.compare("d_second_variation_dt", found.second_variation_rate);
        check.compare("fisher", found.fisher_information);
    }
}

fn excess_between(
    kinetics: &MarkovJump,
    p: &Distribution,
    steady: &Distribution,
) -> irrev_network::information::stability::Excess {
    excess_entropy_production(
        (&kinetics.flow(p).unwrap(), p.probabilities()),
        (&kinetics.flow(steady).unwrap(), steady.probabilities()),
    )
    .unwrap()
}

#[test]
fn stability_of_a_nonlinear_master_equation() {
    for case in &cases(FILE, "gp_nonlinear") {
        let check = Checked::new(case);
        let (k, a, b) = (check.input("k"), check.input("a"), check.input("b"));
        let law = |p: &[f64], forward: &mut [f64], backward: &mut [f64]| {
            for i in 0..3 {
                forward[i] = k + a * p[(i + 1) % 3].powi(2);
                backward[i] = b;
            }
            Ok(())
        };
        let network = Arc::new(Network::from_edges(3, &[(0, 1), (1, 2), (2, 0)]).unwrap());
        let (p, uniform) = (check.inputs("p"), [1.0 / 3.0; 3]);
        let at = |p: &[f64]| differentiated_rates(p, 3, law).unwrap();
        let found = nonlinear_stability(&network, (&p, &at(&p)), (&uniform, &at(&uniform))).unwrap();
        check.compare_all("pdot", &found.excess.rate);
        check.compare("gp_excess", found.excess.resolved.excess);
        check.compare("minus_dKLdt", found.excess.divergence_decay);
        check.compare("epr", found.excess.resolved.entropy_production_rate);
        check.compare("fisher", found.excess.fisher_information);
        check.compare("dfisher_dt", found.fisher_information_rate);
        check.compare("eigenvalue_re", found.eigenvalues[0].re);
        check.compare("eigenvalue_im_abs", found.eigenvalues[0].im.abs());
        assert_eq!(found.stable(), case["expected"]["stable"].as_bool());
        // rates that depend on the state make the sum over channels no test
        assert!(found.excess.motion().is_err());
    }
}

#[test]
fn stability_of_mass_action_by_channels() {
    for case in &cases(FILE, "gp_massaction") {
        let check = Checked::new(case);
        let mut builder = ReactionSystem::builder().species("0").species("1").species("2");
        for i in 0..3 {
            let (x, y) = (i.to_string(), ((i + 1) % 3).to_string());
            let (x, y) = (x.as_str(), y.as_str());
            builder = builder
                .mass_action(
                    format!("A{i}"),
                    &[(x, 1.0)],
                    &[(y, 1.0)],
                    check.input("k"),
                    check.input("b1"),
                )
                .mass_action(
                    format!("B{i}"),
                    &[(x, 1.0), (y, 2.0)],
                    &[(y, 3.0)],
                    check.input("a"),
                    check.input("b2"),
                );
        }
        let system = builder.build().unwrap();
        let steady = steady_state_near(&system, &[1.0 / 3.0; 3]).unwrap();
        let found = reaction_stability(&system, &check.inputs("p"), &steady).unwrap();
        check.compare_all("pdot", &found.excess.rate);
        check.compare("gp_excess_channel_resolved", found.excess.resolved.excess);
        check.compare("minus_dKLdt", found.excess.divergence_decay);
        check.compare("gp_excess_lumped", found.excess.lumped.excess);
        check.compare(
            "epr_channel_resolved",
            found.excess.resolved.entropy_production_rate,
        );
        check.compare("epr_lumped", found.excess.lumped.entropy_production_rate);
        check.compare("eigenvalue_re", found.eigenvalues[0].re);
        check.compare("eigenvalue_im_abs", found.eigenvalues[0].im.abs());
        assert_eq!(found.stable(), case["expected"]["stable"].as_bool());
        let expected = match found.stable() {
            Some(true) => Motion::Approaching,
            _ => Motion::Leaving,
        };
        assert_eq!(found.excess.motion(), Ok(expected));
        assert_eq!(found.excess.parallel.len(), 3);
    }
}

#[test]
fn dual_coordinates_of_distributions() {
    for case in &cases(FILE, "dual") {
        let check = Checked::new(case);
        let p = distribution(check.inputs("p"));
        let at = simplex_coordinates(&p).unwrap();
        check.compare_all("eta", &at.eta);
        check.compare_all("theta", &at.theta);
        check.compare("psi", at.psi);
        check.compare("phi", at.phi);
        check.compare_matrix("metric_eta", &at.metric_eta);
        let gauge = equilibrium_gauge(&p, &check.inputs("E"), check.input("beta")).unwrap();
        check.compare_all("theta_eq", &gauge.theta_equilibrium);
        check.compare("psi_eq", gauge.psi_equilibrium);
        check.compare("KL_to_eq", gauge.divergence);
        check.compare("beta_free_energy_excess", gauge.free_energy_excess);
        check.compare_all("theta_gauge", &gauge.theta);
        check.compare("psi_gauge", gauge.psi);
        check.compare("phi_gauge", gauge.phi);
    }
}

#[test]
fn tilted_equilibria() {
    for case in &cases(FILE, "tilted") {
        let check = Checked::new(case);
        let problem = TiltedProblem {
            energies: check.inputs("E"),
            inverse_temperature: check.input("beta"),
            observables: case["inputs"]["observables"]
                .as_array()
                .unwrap()
                .iter()
                .map(numbers)
                .collect(),
            means: check.inputs("eta"),
        };
        let Tilted::Interior(found) = tilted_equilibrium(&problem, &Default::default()).unwrap() else {
            panic!("not inside the hull");
        };
        check.compare_all("theta", &found.theta);
        check.compare("psi", found.psi);
        check.compare("min_ep", found.least_entropy_production);
        check.compare("min_ep", found.lower_bound);
        check.compare_all("q", found.distribution.probabilities());
        check.compare_matrix("metric_theta", &found.metric_theta);
    }
}

#[test]
fn dual_coordinates_of_amounts() {
    for case in &cases(FILE, "chem_dual") {
        let check = Checked::new(case);
        let at = dual_coordinates(&check.matrix("S"), &check.inputs("x_eq"), &check.inputs("xi")).unwrap();
        check.compare_all("x", &at.amounts);
        check.compare_all("chemical_potential_shift", &at.chemical_potential_shift);
        check.compare_all("affinity", &at.affinity);
        check.compare("gibbs_difference", at.gibbs_difference);
        check.compare_matrix("metric_xi", &at.metric);
        check.compare_all("theta_dual", &at.dual);
        check.compare("legendre_dual_potential", at.legendre_dual_potential);
    }
}

#[test]
fn speed_of_amounts() {
    for case in &cases(FILE, "crn_speed") {
        let check = Checked::new(case);
        let (up, down, times) = (
            check.inputs("kplus"),
            check.inputs("kminus"),
            check.inputs("times"),
        );
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("grow", &[("A", 1.0), ("B", 1.0)], &[("B", 2.0)], up[0], down[0])
            .mass_action("turn", &[("A", 1.0)], &[("B", 1.0)], up[1], down[1])
            .build()
            .unwrap();
        let options = ReactionSpeedOptions {
            times: times.clone(),
            ..ReactionSpeedOptions::default()
        };
        let window = (times[0], times[times.len() - 1]);
        let found = speed_of_reactions(&system, &check.inputs("x0"), window, &options, &run()).unwrap();
        for (row, at) in case["expected"]["rows"].as_array().unwrap().iter().zip(&found.at) {
            assert_all_close("x", &at.amounts, &numbers(&row["x"]), 1e-7, 1e-10);
            check.same("speed_squared", at.speed_squared, &row["speed_squared"]);
            check.same("epr", at.entropy_production_rate, &row["epr"]);
            check.same("gibbs_difference", at.divergence, &row["gibbs_difference"]);
            check.same("minus_dGdt", at.divergence_decay, &row["minus_dGdt"]);
        }
        check.compare("length", found.path.length.value);
        check.compare_all("x_eq", &found.reference);
        assert!(found.reference_is_equilibrium);
    }
}

#[test]
fn nash_equilibria() {
    for case in &cases(FILE, "nash") {
        let check = Checked::new(case);
        let conductances = [check.inputs("gx"), check.inputs("gy")].concat();
        let law = conductances
            .iter()
            .map(|&conductance| Dissipation::Linear { conductance })
            .collect();
        let weights = vec![check.input("lamX"), check.input("lamY")];
        let game = Game::new(
            check.matrix("B"),
            law,
            vec![0, 0, 1, 1],
            weights,
            check.inputs("target"),
        )
        .unwrap();
        let nash = nash_equilibrium(&game, &GameOptions::default()).unwrap();
        check.compare_all("J", &nash.currents);
        check.compare("partial_epr_X", nash.partial_entropy_production[0]);
        check.compare("partial_epr_Y", nash.partial_entropy_production[1]);
        check.compare("total", nash.total);
        check.compare("penalty", nash.penalty);
        check.compare_all("achieved", &nash.achieved);
        let together = cooperative_optimum(&game, &GameOptions::default()).unwrap();
        check.compare_all("cooperative_J", &together.currents);
        check.compare("cooperative_total", together.total);
    }
}

#[test]
fn speed_of_normal_distributions() {
    for case in &cases(FILE, "gauss_speed") {
        let check = Checked::new(case);
        let trap = OrnsteinUhlenbeck {
            stiffness: check.input("k"),
            diffusion: check.input("D"),
            centre: check.input("m_target"),
        };
        let start = (check.input("m0"), check.input("V0"));
        let found = trap
            .speed(start, check.input("tau"), &check.inputs("times"))
            .unwrap();
        for (row, at) in case["expected"]["rows"].as_array().unwrap().iter().zip(&found.at) {
            check.same("mean", at.mean, &row["mean"]);
            check.same("var", at.variance, &row["var"]);
            check.same("fisher", at.fisher_information, &row["fisher"]);
            check.same("speed", at.speed, &row["speed"]);
            check.same("epr", at.entropy_production_rate, &row["epr"]);
            check.same("slack", at.slack, &row["cr_slack_for_x"]);
        }
        check.compare("length", found.path.length.value);
        check.compare("action", found.path.action.value);
        check.compare("geodesic", found.path.geodesic);
        check.compare("tau_lower_bound", found.path.least_time().unwrap());
        check.compare("efficiency_L2_over_tauJ", found.path.action_efficiency().unwrap());
        check.compare("ep_total", found.entropy_production);
    }
}

fn autoregression(check: &Checked<'_>) -> VectorAutoregression {
    VectorAutoregression::new(check.matrix("A"), check.matrix("Q")).unwrap()
}

#[test]
fn transfer_entropy_of_linear_processes() {
    for case in &cases(FILE, "te_ar1") {
        let check = Checked::new(case);
        let pair = autoregression(&check);
        let (x, y) = ([0], [1]);
        check.compare_matrix("covariance", pair.covariance());
        for row in case["expected"]["rows"].as_array().unwrap() {
            let [k, l] = ["k", "l"].map(|key| row[key].as_u64().unwrap() as usize);
            let te = |from: &[usize], to: &[usize]| pair.transfer_entropy(from, to, k, l).unwrap();
            check.same("TE_Y_to_X", te(&y, &x), &row["TE_Y_to_X"]);
            check.same("TE_X_to_Y", te(&x, &y), &row["TE_X_to_Y"]);
        }
        let infinite = &case["expected"]["infinite_history"];
        let te = |from: &[usize], to: &[usize]| pair.transfer_entropy_of_all_history(from, to).unwrap();
        check.same("infinite", te(&y, &x), &infinite["TE_Y_to_X"]);
        check.same("infinite", te(&x, &y), &infinite["TE_X_to_Y"]);
        check.compare(
            "instantaneous_MI",
            pair.instantaneous_information(&x, &y).unwrap(),
        );
        check.compare("irreversibility_per_step", pair.irreversibility().unwrap());
        let parts = [vec![0], vec![1]];
        check.compare(
            "stochastic_interaction",
            pair.stochastic_interaction(&parts).unwrap(),
        );
    }
}

#[test]
fn integrated_information_of_linear_processes() {
    for case in &cases(FILE, "phi_gauss") {
        let check = Checked::new(case);
        let pair = autoregression(&check);
        let found = integrated_information(&pair, &Default::default(), &run()).unwrap();
        check.compare("phi_G", found.value);
        check.compare_all("phi_G_diagonal", &found.diagonal);
        check.compare("stochastic_interaction", found.stochastic_interaction);
        check.compare("past_future_MI", found.past_future_information);
        check.compare_matrix("covariance", pair.covariance());
        assert!(found.curvature > 0.0 && found.agreeing.0 > 0);
    }
}

#[test]
fn bead_chains() {
    for case in &cases(FILE, "beads") {
        let check = Checked::new(case);
        let n = check.input("n") as usize;
        let (hot, cold) = (check.input("Th"), check.input("Tc"));
        let chain = bead_chain(n, (hot, cold), check.input("k"), check.input("gamma")).unwrap();
        let minus = |m: Matrix| m.scaled(-1.0);
        let given = SampledDiffusion::new(minus(check.matrix("A")), check.matrix("D")).unwrap();
        assert_close(
            "epr",
            given.entropy_production_rate(),
            chain.entropy_production_rate(),
            1e-12,
            1e-14,
        );
        check.compare("epr", chain.entropy_production_rate());
        check.compare_matrix("covariance", chain.covariance());
        let force = chain.optimal_force();
        check.compare_matrix("optimal_force_matrix", force);
        let ends = Matrix::from_fn(n, n, |b, a| match (b, a) {
            (b, 0) if b == n - 1 => 1.0,
            (0, a) if a == n - 1 => -1.0,
            _ => 0.0,
        });
        check.compare("end_to_end_rotation_tur", chain.short_time_bound(&ends).unwrap());
        for row in case["expected"]["finite_dt"].as_array().unwrap() {
            let dt = number(&row["dt"]);
            let currents = chain.currents(dt).unwrap();
            check.same("mean_rate", currents.mean_rate(force), &row["mean_rate"]);
            check.same("tur", currents.bound(force), &row["tur_value_of_optimal_force"]);
            check.same(
                "all",
                currents.bound_of_all_linear().unwrap(),
                &row["mtur_all_linear"],
            );
            check.same(
                "rotations",
                currents.bound_of_rotations().unwrap(),
                &row["mtur_antisymmetric"],
            );
            let kld = chain.sampled(dt).unwrap().irreversibility().unwrap() / dt;
            check.same("kld", kld, &row["kld_rate_pair"]);
        }
    }
}

#[test]
fn uncertainty_of_jumps_in_the_shortest_time() {
    for case in &cases(FILE, "jump_tur") {
        let check = Checked::new(case);
        let kinetics = process(&check.matrix("W"));
        let steady = kinetics.stationary_distribution().unwrap();
        let flow = kinetics.flow(&steady).unwrap();
        check.compare_all("p", steady.probabilities());
        check.compare("epr", flow.entropy_production_rate());
        let optimum = short_time_uncertainty_optimum(&flow);
        check.compare("short_time_tur_optimum", optimum);
        check.compare("gap", flow.entropy_production_rate() - optimum);
        let shown = sampled_irreversibility(&kinetics, &steady, 0.05, &run()).unwrap();
        check.compare("kld_rate_dt005", shown);
        for (edge, current) in kinetics.network().edges().iter().zip(flow.current()) {
            let key = format!("{}->{}", edge.from, edge.to);
            check.same(&key, current, &case["expected"]["currents"][&key]);
        }
    }
}

// laws on random systems

/// A connected process with rates over two decades.
fn random_process(stream: &mut Stream, n: usize) -> MarkovJump {
    let mut rate = || 10.0_f64.powf(2.0 * stream.uniform() - 1.0);
    let mut channels: Vec<(usize, usize, f64, f64)> =
        (0..n).map(|i| (i, (i + 1) % n, rate(), rate())).collect();
    channels.extend((0..n / 2).map(|i| (i, i + n / 2, rate(), rate())));
    MarkovJump::from_rates(n, &channels).unwrap()
}

fn random_state(stream: &mut Stream, n: usize) -> Distribution {
    let weights: Vec<f64> = (0..n).map(|_| stream.exponential(1.0)).collect();
    let total: f64 = weights.iter().sum();
    distribution(weights.iter().map(|w| w / total).collect())
}

#[test]
fn no_observable_beats_the_fisher_information_and_the_score_reaches_it() {
    for trial in 0..1000 {
        let mut stream = Stream::new(3, Purpose::Search, trial);
        let n = 2 + trial as usize % 7;
        let kinetics = random_process(&mut stream, n);
        let p = random_state(&mut stream, n);
        let rate = kinetics.flow(&p).unwrap().rate_of_change();
        let observable: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let bound = cramer_rao(p.probabilities(), &rate, &observable).unwrap();
        let product = bound.fisher_information * bound.variance;
        let difference = product - bound.velocity * bound.velocity;
        assert!(bound.slack >= 0.0);
        assert_close("slack", bound.slack, difference, 1e-12, 1e-13 * product);
        let score: Vec<f64> = rate.iter().zip(p.probabilities()).map(|(v, p)| v / p).collect();
        let best = cramer_rao(p.probabilities(), &rate, &score).unwrap();
        assert_close("efficiency", best.efficiency.unwrap(), 1.0, 1e-12, 0.0);
    }
}

#[test]
fn relaxation_with_constant_rates_slows_down_and_takes_no_short_cut() {
    for trial in 0..40 {
        let mut stream = Stream::new(4, Purpose::Search, trial);
        let n = 2 + trial as usize % 5;
        let kinetics = random_process(&mut stream, n);
        let start = match trial % 4 {
            0 => Distribution::point(n, 0).unwrap(),
            _ => random_state(&mut stream, n),
        };
        let options = SpeedOptions {
            times: vec![0.01, 0.1, 0.3, 1.0],
            marginals: vec![Marginal::new("all", (0..n).collect()).unwrap()],
            ..SpeedOptions::default()
        };
        let found = speed_of_relaxation(&kinetics, &start, (0.0, 1.0), &options, &run()).unwrap();
        let path = &found.path;
        assert!(found.at.iter().all(|at| at.fisher_information_rate <= 0.0));
        assert!(
            found
                .at
                .windows(2)
                .all(|w| w[1].fisher_information <= w[0].fisher_information)
        );
        // the whole, searched as a part, has no maximum either
        assert!(found.marginals[0].monotone && found.marginals[0].maxima.is_empty());
        assert!(path.geodesic_slack() > -1e-9 * path.length.value, "{path:?}");
        assert!(
            path.action_slack() > -1e-8 * path.length.value.powi(2),
            "{path:?}"
        );
        assert_eq!(path.action.value.is_infinite(), trial % 4 == 0);
        // the part's own derivative agrees with the sum of squares
        for at in &found.at {
            let own = at.marginals[0].fisher_information_rate;
            assert_close("dI/dt", own, at.fisher_information_rate, 1e-9, 1e-10);
        }
    }
}

#[test]
fn every_maximum_of_a_part_is_found_by_a_fine_scan_too() {
    for trial in 0..20 {
        let mut stream = Stream::new(5, Purpose::Search, trial);
        let kinetics = random_process(&mut stream, 6);
        let start = random_state(&mut stream, 6);
        let part = Marginal::of_factor("part", &[2, 3], trial as usize % 2).unwrap();
        let window = (0.0, 3.0);
        let options = SpeedOptions {
            marginals: vec![part.clone()],
            ..SpeedOptions::default()
        };
        let found = speed_of_relaxation(&kinetics, &start, window, &options, &run()).unwrap();
        let grid = SpeedOptions {
            times: (0..=600).map(|k| f64::from(k) * 0.005).collect(),
            ..options
        };
        let scan = speed_of_relaxation(&kinetics, &start, window, &grid, &run()).unwrap();
        let rates: Vec<f64> = scan
            .at
            .iter()
            .map(|at| at.marginals[0].fisher_information_rate)
            .collect();
        // where I has fallen to 1e-20 of its start the scan sees rounding
        let largest = scan
            .at
            .iter()
            .map(|at| at.marginals[0].fisher_information)
            .fold(0.0, f64::max);
        let seen = (1..rates.len()).filter(|&k| {
            rates[k - 1] > 0.0
                && rates[k] < 0.0
                && scan.at[k].marginals[0].fisher_information > 1e-18 * largest
        });
        let times: Vec<f64> = found.marginals[0].maxima.iter().map(|m| m.time).collect();
        for k in seen {
            let (from, to) = (scan.at[k - 1].time, scan.at[k].time);
            assert!(
                times.iter().any(|t| (from..=to).contains(t)),
                "{from}–{to}: {times:?}"
            );
        }
        for maximum in &found.marginals[0].maxima {
            let at = |t: f64| {
                let options = SpeedOptions {
                    times: vec![t],
                    marginals: vec![part.clone()],
                    ..SpeedOptions::default()
                };
                let found = speed_of_relaxation(&kinetics, &start, window, &options, &run()).unwrap();
                (
                    found.at[0].marginals[0].fisher_information,
                    found.at[0].marginals[0].fisher_information_rate,
                )
            };
            let (value, _) = at(maximum.time);
            let (before, after) = (
                at(maximum.time * (1.0 - 1e-6)).1,
                at(maximum.time * (1.0 + 1e-6)).1,
            );
            assert_close("I", maximum.fisher_information, value, 1e-8, 1e-14 * largest);
            if value > 1e-10 * largest {
                assert!(before > 0.0 && after < 0.0, "{maximum:?}: {before:e} {after:e}");
            }
        }
    }
}

#[test]
fn a_start_with_empty_states_has_a_finite_length_and_an_infinite_action() {
    // 0 → 1 → 2: state 1 fills at once, state 2 as t²
    let chain = MarkovJump::from_rates(3, &[(0, 1, 1.0, 0.5), (1, 2, 2.0, 0.3)]).unwrap();
    let options = SpeedOptions {
        times: vec![0.0],
        observables: vec![vec![0.0, 1.0, 2.0]],
        marginals: vec![Marginal::new("last", vec![0, 0, 1]).unwrap()],
        ..SpeedOptions::default()
    };
    let start = Distribution::point(3, 0).unwrap();
    let found = speed_of_relaxation(&chain, &start, (0.0, 1.0), &options, &run()).unwrap();
    assert_eq!(found.filling, ["1"]);
    assert_eq!(found.path.action.value, f64::INFINITY);
    assert!(found.path.length.value.is_finite() && found.path.geodesic_slack() > 0.0);
    assert!(found.path.length.error < 1e-8);
    let at = &found.at[0];
    assert_eq!(
        (at.fisher_information, at.fisher_information_rate),
        (f64::INFINITY, f64::NEG_INFINITY)
    );
    // p₂ = t² + …: its ṗ²/p begins at 2 p̈ = 4
    assert_close("the part", at.marginals[0].fisher_information, 4.0, 1e-13, 0.0);
    // the same length from just after the start, where √p has moved by 2√t
    let later = (1e-12, 1.0);
    let rest = speed_of_relaxation(&chain, &start, later, &SpeedOptions::default(), &run()).unwrap();
    assert_close(
        "length",
        rest.path.length.value + 2e-6,
        found.path.length.value,
        1e-8,
        0.0,
    );
}

#[test]
fn a_stationary_start_does_not_move() {
    let mut stream = Stream::new(6, Purpose::Search, 0);
    let kinetics = random_process(&mut stream, 5);
    let steady = kinetics.stationary_distribution().unwrap();
    let options = SpeedOptions {
        times: vec![1.0],
        marginals: vec![Marginal::new("part", vec![0, 0, 1, 1, 1]).unwrap()],
        ..SpeedOptions::default()
    };
    let found = speed_of_relaxation(&kinetics, &steady, (0.0, 2.0), &options, &run()).unwrap();
    assert_eq!(found.at[0].fisher_information, 0.0);
    assert!(found.path.length.value < 1e-12 && found.marginals[0].maxima.is_empty());
    let bad = |window, times: Vec<f64>| {
        let options = SpeedOptions {
            times,
            ..SpeedOptions::default()
        };
        speed_of_relaxation(&kinetics, &steady, window, &options, &run())
            .unwrap_err()
            .to_string()
    };
    assert!(bad((1.0, 1.0), vec![]).contains("end of the window"));
    assert!(bad((-1.0, 1.0), vec![]).contains("beginning of the window"));
    assert!(bad((0.0, 1.0), vec![f64::NAN]).contains("time is NaN"));
}

#[test]
fn driving_speeds_a_process_up_again_and_the_theorem_is_not_claimed() {
    let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let rates = |t: f64, forward: &mut [f64], backward: &mut [f64]| {
        (forward[0], backward[0]) = ((3.0 * (t - 1.0).tanh()).exp(), 1.0);
        Ok(())
    };
    let driven = DrivenJump::new(pair.network().clone(), Box::new(rates));
    let tolerance = Tolerance {
        relative: 1e-8,
        absolute: 1e-12,
        max_iterations: 4000,
    };
    let start = Distribution::uniform(2).unwrap();
    let found = speed_of_driven_process(&driven, &start, (0.0, 2.0), &[0.5, 1.0], tolerance, &run()).unwrap();
    assert!(found.fisher_information[1] > found.fisher_information[0]);
    assert_eq!(found.monotone_relaxation, Unmet::ConstantRates);
    // constant rates in the clothes of a protocol give the relaxation
    let constant = |_: f64, forward: &mut [f64], backward: &mut [f64]| {
        (forward[0], backward[0]) = (2.0, 0.5);
        Ok(())
    };
    let driven = DrivenJump::new(pair.network().clone(), Box::new(constant));
    let point = Distribution::point(2, 0).unwrap();
    let one = speed_of_driven_process(&driven, &point, (0.0, 1.0), &[], tolerance, &run()).unwrap();
    let same = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)]).unwrap();
    let other = speed_of_relaxation(&same, &point, (0.0, 1.0), &SpeedOptions::default(), &run()).unwrap();
    assert_close(
        "length",
        one.path.length.value,
        other.path.length.value,
        1e-7,
        0.0,
    );
}

#[test]
fn the_excess_is_the_decay_of_the_divergence_on_random_networks() {
    for trial in 0..1000 {
        let mut stream = Stream::new(7, Purpose::Search, trial);
        let n = 2 + trial as usize % 8;
        let kinetics = random_process(&mut stream, n);
        let (p, steady) = (
            random_state(&mut stream, n),
            kinetics.stationary_distribution().unwrap(),
        );
        let found = excess_between(&kinetics, &p, &steady);
        let difference = (found.resolved.excess - found.divergence_decay).abs();
        assert!(
            difference <= 1e-12 * found.size,
            "{difference:e} of {:e}",
            found.size
        );
        assert!(found.resolved.excess >= 0.0 && found.housekeeping >= -1e-12 * found.size);
        assert_eq!(found.motion(), Ok(Motion::Approaching));
        assert!(
            found.lumped.entropy_production_rate <= found.resolved.entropy_production_rate * (1.0 + 1e-12)
        );
    }
}

#[test]
fn legendre_transforms_hold_on_random_distributions() {
    for trial in 0..500 {
        let mut stream = Stream::new(8, Purpose::Search, trial);
        let n = 2 + trial as usize % 6;
        let (p, q) = (random_state(&mut stream, n), random_state(&mut stream, n));
        let at = simplex_coordinates(&p).unwrap();
        let product: f64 = at.theta.iter().zip(&at.eta).map(|(t, e)| t * e).sum();
        assert_close("ψ + φ", at.psi + at.phi, product, 1e-13, 1e-13);
        for back in [distribution_from_theta(&at.theta), distribution_from_eta(&at.eta)] {
            assert_all_close(
                "p",
                back.unwrap().probabilities(),
                p.probabilities(),
                1e-12,
                1e-15,
            );
        }
        let divergence = p.relative_entropy(&q).unwrap();
        assert_close(
            "Bregman",
            bregman_divergence(&p, &q).unwrap(),
            divergence,
            1e-12,
            1e-13,
        );
        // chemistry: ψ(θ) = θ·ξ − D has the gradient ξ
        let s = Matrix::from_fn(n, 1, |i, _| if i == 0 { -1.0 } else { 1.0 / (n - 1) as f64 });
        let x = p.probabilities();
        let potential = |xi: f64| dual_coordinates(&s, x, &[xi]).unwrap();
        let (xi, h) = (0.3 * x[0], 1e-5 * x[0]);
        let (up, down, here) = (potential(xi + h), potential(xi - h), potential(xi));
        let slope = (up.legendre_dual_potential - down.legendre_dual_potential) / (up.dual[0] - down.dual[0]);
        assert_close("∂ψ/∂θ", slope, xi, 1e-5, 0.0);
        assert!(here.gibbs_difference >= 0.0);
    }
}

#[test]
fn tilted_equilibria_have_their_means_and_the_least_divergence() {
    for trial in 0..200 {
        let mut stream = Stream::new(9, Purpose::Search, trial);
        let (n, m) = (4 + trial as usize % 5, 1 + trial as usize % 3);
        // units over many decades must not matter
        let unit: Vec<f64> = (0..m)
            .map(|_| 10.0_f64.powf(12.0 * stream.uniform() - 6.0))
            .collect();
        let observables: Vec<Vec<f64>> = unit
            .iter()
            .map(|u| (0..n).map(|_| u * (5.0 + stream.normal())).collect())
            .collect();
        let p = random_state(&mut stream, n);
        let mean = |r: &Vec<f64>| r.iter().zip(p.probabilities()).map(|(r, p)| r * p).sum::<f64>();
        let problem = TiltedProblem {
            energies: (0..n).map(|_| 3.0 * stream.normal()).collect(),
            inverse_temperature: 1.0,
            means: observables.iter().map(mean).collect(),
            observables,
        };
        let Tilted::Interior(found) = tilted_equilibrium(&problem, &Default::default()).unwrap() else {
            panic!("trial {trial}");
        };
        for (r, eta) in problem.observables.iter().zip(&problem.means) {
            let got: f64 = r
                .iter()
                .zip(found.distribution.probabilities())
                .map(|(r, q)| r * q)
                .sum();
            assert_close("mean", got, *eta, 1e-11, 0.0);
        }
        assert_close(
            "duality",
            found.lower_bound,
            found.least_entropy_production,
            1e-10,
            1e-11,
        );
        let gauge = equilibrium_gauge(&p, &problem.energies, 1.0).unwrap();
        assert!(gauge.divergence >= found.least_entropy_production * (1.0 - 1e-10) - 1e-12);
        // beyond every state in a direction: out of reach, with a hyperplane that shows it
        let beyond = TiltedProblem {
            means: problem
                .observables
                .iter()
                .map(|r| r.iter().fold(f64::NEG_INFINITY, |most, r| most.max(*r)) * 1.01)
                .collect(),
            ..problem.clone()
        };
        let Tilted::OutOfReach(no) = tilted_equilibrium(&beyond, &Default::default()).unwrap() else {
            panic!("trial {trial}: within reach");
        };
        for s in 0..n {
            let terms = (0..m).map(|a| no.normal[a] * (beyond.observables[a][s] - beyond.means[a]));
            assert!(terms.sum::<f64>() < 0.0);
        }
    }
}

#[test]
fn means_on_the_hull_name_their_face_and_dependent_observables_are_no_obstacle() {
    // a square of states and its middle; the mean on the right-hand side
    let (x, y) = (vec![0.0, 1.0, 0.0, 1.0, 0.5], vec![0.0, 0.0, 1.0, 1.0, 0.5]);
    let problem = |observables: Vec<Vec<f64>>, means: Vec<f64>| TiltedProblem {
        energies: vec![0.0; 5],
        inverse_temperature: 1.0,
        observables,
        means,
    };
    let side = problem(vec![x.clone(), y.clone()], vec![1.0, 0.25]);
    let Tilted::Boundary(found) = tilted_equilibrium(&side, &Default::default()).unwrap() else {
        panic!("not on the boundary");
    };
    assert_eq!(found.face, [1, 3]);
    assert!(found.normal[0] > 0.0 && found.normal[1].abs() < 1e-9 * found.normal[0] && found.gap > 0.0);
    let q = found.on_the_face.distribution.probabilities();
    assert_all_close("q", q, &[0.0, 0.75, 0.0, 0.25, 0.0], 1e-11, 1e-13);
    let least = 0.75 * (0.75 * 5.0_f64).ln() + 0.25 * (0.25 * 5.0_f64).ln();
    assert_close("D", found.on_the_face.least_entropy_production, least, 1e-12, 0.0);
    // close to the side is still inside
    let close = problem(vec![x.clone(), y.clone()], vec![1.0 - 1e-9, 0.25]);
    assert!(matches!(
        tilted_equilibrium(&close, &Default::default()).unwrap(),
        Tilted::Interior(_)
    ));
    // x and 1 − x say the same; their means must agree
    let minus: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
    let twice = problem(vec![x.clone(), minus.clone()], vec![0.7, 0.3]);
    let Tilted::Interior(found) = tilted_equilibrium(&twice, &Default::default()).unwrap() else {
        panic!("dependent observables");
    };
    assert_eq!(found.rank, 1);
    let contradiction = problem(vec![x.clone(), minus], vec![0.7, 0.4]);
    assert!(matches!(
        tilted_equilibrium(&contradiction, &Default::default()).unwrap(),
        Tilted::OutOfReach(_)
    ));
    let corner = problem(vec![x, y], vec![1.0, 1.0]);
    let Tilted::Boundary(found) = tilted_equilibrium(&corner, &Default::default()).unwrap() else {
        panic!("not a corner");
    };
    assert_eq!(found.face, [3]);
}

/// A random game of jumps or linear edges on a ring.
fn random_game(stream: &mut Stream, players: usize, equal: bool, linear: bool) -> Game {
    let n = 4;
    let incidence = Matrix::from_fn(n, n + 1, |i, e| {
        let (from, to) = if e < n { (e, (e + 1) % n) } else { (0, 2) };
        f64::from(i32::from(i == to) - i32::from(i == from))
    });
    let mut positive = || 10.0_f64.powf(2.0 * stream.uniform() - 1.0);
    let law = (0..=n)
        .map(|_| match linear {
            true => Dissipation::Linear {
                conductance: positive(),
            },
            false => Dissipation::Jumps {
                mean_flux: positive(),
            },
        })
        .collect();
    let common = positive();
    let weights = (0..players)
        .map(|_| if equal { common } else { positive() })
        .collect();
    let owner = (0..=n).map(|e| e % players).collect();
    let target = (0..n).map(|_| positive() - 1.0).collect();
    Game::new(incidence, law, owner, weights, target).unwrap()
}

#[test]
fn with_equal_weights_the_nash_equilibrium_is_the_cooperative_optimum() {
    for trial in 0..200 {
        let mut stream = Stream::new(10, Purpose::Search, trial);
        let game = random_game(&mut stream, 1 + trial as usize % 4, true, trial % 2 == 0);
        let nash = nash_equilibrium(&game, &GameOptions::default()).unwrap();
        let together = cooperative_optimum(&game, &GameOptions::default()).unwrap();
        assert_all_close("J", &nash.currents, &together.currents, 1e-12, 1e-13);
    }
}

#[test]
fn no_player_gains_by_moving_alone_and_the_front_lies_below() {
    for trial in 0..100 {
        let mut stream = Stream::new(11, Purpose::Search, trial);
        let game = random_game(&mut stream, 2, false, trial % 2 == 0);
        let options = GameOptions::default();
        let shares: Vec<Vec<f64>> = (1..10)
            .map(|k| vec![0.1 * f64::from(k), 1.0 - 0.1 * f64::from(k)])
            .collect();
        let front = pareto_front(&game, &shares, &options).unwrap();
        for (player, gradient) in front.nash.own_gradients.iter().enumerate() {
            assert!(
                *gradient < 1e-9 * (1.0 + front.nash.costs[player]),
                "{gradient:e}"
            );
        }
        for point in &front.points {
            // no point of the front pays more in its own weighting than the Nash equilibrium
            let weighted = |costs: &[f64]| point.shares[0] * costs[0] + point.shares[1] * costs[1];
            assert!(weighted(&point.outcome.costs) <= weighted(&front.nash.costs) * (1.0 + 1e-10));
        }
        // along the curve one gains what the other loses
        assert!(
            front
                .points
                .windows(2)
                .all(|w| w[1].outcome.costs[0] <= w[0].outcome.costs[0] * (1.0 + 1e-9))
        );
        assert!(
            front
                .points
                .windows(2)
                .all(|w| w[1].outcome.costs[1] >= w[0].outcome.costs[1] * (1.0 - 1e-9))
        );
    }
    let mut stream = Stream::new(11, Purpose::Search, 0);
    let game = random_game(&mut stream, 2, false, true);
    assert!(pareto_front(&game, &[vec![0.0, 1.0]], &GameOptions::default()).is_err());
    assert!(
        Game::new(
            Matrix::identity(1),
            vec![Dissipation::Linear { conductance: 0.0 }],
            vec![0],
            vec![1.0],
            vec![0.0]
        )
        .is_err()
    );
    assert!(
        Game::new(
            Matrix::identity(1),
            vec![Dissipation::Linear { conductance: 1.0 }],
            vec![1],
            vec![1.0],
            vec![0.0]
        )
        .is_err()
    );
}

#[test]
fn great_weights_leave_the_cycle_to_their_ratio() {
    // λ → ∞ at a fixed ratio: the target is met, and the circulating current minimises Σ D/λ
    let edge = |conductance: f64| Dissipation::Linear { conductance };
    let ring = Matrix::from_fn(3, 3, |i, e| {
        f64::from(i32::from(i == (e + 1) % 3) - i32::from(i == e))
    });
    let target = vec![-1.0, 0.5, 0.5];
    let at = |scale: f64| {
        let weights = vec![2.0 * scale, scale];
        let law = vec![edge(1.0), edge(0.5), edge(2.0)];
        let game = Game::new(ring.clone(), law, vec![0, 0, 1], weights, target.clone()).unwrap();
        nash_equilibrium(&game, &GameOptions::default()).unwrap()
    };
    let (large, huge) = (at(1e6), at(1e12));
    assert!(huge.penalty < 1e-20);
    assert_all_close("J", &large.currents, &huge.currents, 1e-5, 1e-6);
    // stationarity along the cycle: Σ J/(g λ) = 0
    let along = huge.currents[0] / 2.0 + huge.currents[1] / (0.5 * 2.0) + huge.currents[2] / 2.0;
    assert!(along.abs() < 1e-9, "{along:e}");
}

#[test]
fn linear_processes_obey_their_inequalities() {
    for trial in 0..60 {
        let mut stream = Stream::new(12, Purpose::Search, trial);
        let n = 2 + trial as usize % 3;
        let a = Matrix::from_fn(n, n, |_, _| 0.8 * stream.normal() / n as f64);
        let g = Matrix::from_fn(n, n, |_, _| stream.normal());
        let q = g.gram();
        let Ok(process) = VectorAutoregression::new(a, q) else {
            continue;
        };
        assert!(process.residual() < 1e-12);
        let (x, rest): (Vec<usize>, Vec<usize>) = (vec![0], (1..n).collect());
        let te = |k, l| process.transfer_entropy(&rest, &x, k, l).unwrap();
        let whole = process.transfer_entropy_of_all_history(&rest, &x).unwrap();
        assert!(te(1, 1) > -1e-12 && te(3, 1) <= te(2, 1) + 1e-12);
        // the long past of the target comes down to the infinite one
        assert_close("TE", te(40, 1), whole, 1e-6, 1e-9);
        let phi = integrated_information(&process, &Default::default(), &run()).unwrap();
        assert!(phi.value <= phi.stochastic_interaction + 1e-12);
        assert!(phi.value <= phi.past_future_information + 1e-12 && phi.value >= 0.0);
        assert!(phi.curvature > -1e-9);
        assert!(process.irreversibility().unwrap() >= 0.0);
    }
    let unstable = VectorAutoregression::new(Matrix::identity(2), Matrix::identity(2)).unwrap_err();
    assert!(unstable.to_string().contains("below 1"));
    assert!(VectorAutoregression::new(Matrix::zeros(2, 2), Matrix::zeros(2, 2)).is_err());
}

#[test]
fn bead_chains_show_less_the_longer_one_waits() {
    for n in 1..5 {
        let chain = bead_chain(n, (4.0, 1.0), 1.3, 0.7).unwrap();
        let whole = chain.entropy_production_rate();
        let mut above = f64::INFINITY;
        for dt in [1e-6, 1e-4, 1e-2, 0.3] {
            let shown = chain.currents(dt).unwrap().bound_of_all_linear().unwrap();
            let pairs = chain.sampled(dt).unwrap().irreversibility().unwrap() / dt;
            assert!(shown <= pairs * (1.0 + 1e-8) + 1e-9 && pairs <= above + 1e-9);
            above = pairs;
            if dt == 1e-6 {
                assert_close("short time", shown, whole, 1e-4, 1e-12);
            }
        }
    }
    // equal temperatures dissipate nothing, at any step
    let equilibrium = bead_chain(3, (2.0, 2.0), 1.0, 1.0).unwrap();
    assert!(equilibrium.entropy_production_rate() < 1e-28);
    assert!(equilibrium.currents(1e-3).unwrap().bound_of_all_linear().unwrap() < 1e-20);
    assert!(equilibrium.sampled(1e-3).unwrap().irreversibility().unwrap() / 1e-3 < 1e-12);
    assert!(bead_chain(0, (1.0, 1.0), 1.0, 1.0).is_err() && bead_chain(2, (0.0, 1.0), 1.0, 1.0).is_err());
}

#[test]
fn lumping_two_channels_hides_dissipation_and_is_reported() {
    let pair = MarkovJump::from_rates(2, &[(0, 1, 4.0, 1.0), (1, 0, 3.0, 2.0)]).unwrap();
    let (p, steady) = (
        distribution(vec![0.7, 0.3]),
        pair.stationary_distribution().unwrap(),
    );
    let found = excess_between(&pair, &p, &steady);
    assert_eq!(found.parallel, [["0→1", "1→0"]]);
    assert!(found.lumped.entropy_production_rate < found.resolved.entropy_production_rate);
    let information = fisher_information(p.probabilities(), &found.rate).unwrap();
    assert_close("I", found.fisher_information, information, 1e-15, 0.0);
}
