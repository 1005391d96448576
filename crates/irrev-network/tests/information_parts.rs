//! Second laws of parts, steps of chains and the log-linear hierarchy by the public API: reference values (`data/information_parts.json`), identities on
//! random networks, analytic limits and edge cases.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::gallery::{self, Transport, TransporterRates};
use irrev_network::information::chain::{
    Histories, MarkovChain, backward_projection, integrated_information, step_of_parts,
    symmetric_projections, transfer_entropy,
};
use irrev_network::information::hierarchy::{hierarchy, hierarchy_to_order, spin_coordinates};
use irrev_network::information::parts::{
    PartLaw, Resolution, SecondLaws, coarse_grained, conditional_current, multibody_information_flow,
    second_laws, second_laws_of_flow,
};
use irrev_network::information::product::{ProductSpace, product_process};
use irrev_network::{Distribution, Error, Flow, Kinetics, MarkovJump, Network};
use irrev_numerics::LinearOperator;
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{cases, number, numbers};
use irrev_testing::{assert_all_close, assert_close};
use serde_json::Value;

const FILE: &str = include_str!("data/information_parts.json");
const EPS: f64 = f64::EPSILON;

/// A square matrix given as rows.
fn matrix(value: &Value) -> Matrix {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

fn sizes(value: &Value) -> Vec<usize> {
    numbers(value).into_iter().map(|x| x as usize).collect()
}

/// The numbers of a nested list in order.
fn flat(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(list) => list.iter().flat_map(flat).collect(),
        None => vec![number(value)],
    }
}

/// Compares with the tolerance of the case.
struct Case(Value);

impl Case {
    fn all(kind: &str) -> impl Iterator<Item = Self> {
        cases(FILE, kind).into_iter().map(Self)
    }

    fn check(&self, key: &str, got: &[f64]) {
        let expected = key.split('.').fold(&self.0["expected"], |value, key| &value[key]);
        let tolerance = &self.0["tolerance"];
        assert_all_close(
            &format!("{} {key}", self.0["id"]),
            got,
            &flat(expected),
            number(&tolerance["rel"]),
            number(&tolerance["abs"]),
        );
    }

    fn input(&self, key: &str) -> &Value {
        &self.0["inputs"][key]
    }

    fn product_process(&self) -> (MarkovJump, Distribution) {
        let process = product_process(&sizes(self.input("dims")), &matrix(self.input("W"))).unwrap();
        let p = match self.input("p").as_array() {
            None => process.stationary_distribution().unwrap(),
            Some(_) => Distribution::new(numbers(self.input("p"))).unwrap(),
        };
        (process, p)
    }
}

fn each(laws: &SecondLaws, f: impl Fn(&PartLaw) -> f64) -> Vec<f64> {
    laws.parts.iter().map(f).collect()
}

#[test]
fn second_laws_of_two_parts_are_those_of_the_reference() {
    for case in Case::all("bipartite4") {
        let (process, p) = case.product_process();
        let laws = second_laws(&process, &p).unwrap();
        case.check("p", p.probabilities());
        case.check("epr", &[laws.entropy_production_rate]);
        case.check("partial_epr", &each(&laws, |k| k.entropy_production_rate));
        case.check("environment_flow", &each(&laws, |k| k.environment_flow));
        case.check("marginal_entropy_rate", &each(&laws, |k| k.marginal_entropy_rate));
        case.check("information_flow", &each(&laws, |k| k.information_flow));
        case.check("dIdt", &[laws.total_correlation_rate]);
        case.check("activity", &each(&laws, |k| k.activity));
        case.check("second_law_slack", &each(&laws, |k| k.second_law_slack));
    }
}

#[test]
fn the_transporter_is_that_of_the_reference() {
    for case in Case::all("transporter16") {
        let (process, p) = case.product_process();
        let laws = second_laws(&process, &p).unwrap();
        case.check("p", p.probabilities());
        case.check("epr", &[laws.entropy_production_rate]);
        case.check("partial_epr", &each(&laws, |k| k.entropy_production_rate));
        case.check("environment_flow", &each(&laws, |k| k.environment_flow));
        case.check("information_flow", &each(&laws, |k| k.information_flow));
        let flow = process.flow(&p).unwrap();
        let split = multibody_information_flow(&flow, &p).unwrap();
        for (n, order) in split.orders.iter().enumerate() {
            case.check(&format!("multibody_information_flow.order{}", n + 2), order);
        }
        let inwards = |part| conditional_current(&flow, (part, "0", "1"), &[("2", "0")]).unwrap();
        let (a, b) = (inwards("0"), inwards("1"));
        case.check("flux_a_outside_to_inside", &[a]);
        case.check("flux_b_outside_to_inside", &[b]);
        for (key, kept) in [("ab", [0, 1]), ("bc", [1, 2]), ("ac", [0, 2])] {
            let seen = coarse_grained(&flow, &p, &kept, Resolution::States).unwrap();
            case.check(&format!("coarse.{key}.p"), seen.distribution.probabilities());
            case.check(&format!("coarse.{key}.epr"), &[seen.laws.entropy_production_rate]);
            let key = |name| format!("coarse.{key}.{name}");
            case.check(
                &key("partial_epr"),
                &each(&seen.laws, |k| k.entropy_production_rate),
            );
            case.check(
                &key("information_flow"),
                &each(&seen.laws, |k| k.information_flow),
            );
            case.check(
                &key("environment_flow"),
                &each(&seen.laws, |k| k.environment_flow),
            );
        }
        let given = case.input("parameters");
        let pair = |key: &str| <[f64; 2]>::try_from(numbers(&given[key])).unwrap();
        let turning = flat(&given["kc"]);
        let rates = TransporterRates {
            binding: [number(&given["ka"]), number(&given["kb"])],
            dissociation: [number(&given["Ka"]), number(&given["Kb"])],
            concentrations_a: pair("ca"),
            concentrations_b: pair("cb"),
            turning: [[turning[0], turning[1]], [turning[2], turning[3]]],
            gating: number(&given["kg"]),
            leak: number(&given["leak"]),
        };
        let drives = rates.chemical_potential_differences();
        case.check("dmu_a", &[drives[0]]);
        case.check("dmu_b", &[drives[1]]);
        case.check("epr_from_fluxes", &[a * drives[0] + b * drives[1]]);
        let built = gallery::transporter(&rates).unwrap();
        let column = |process: &MarkovJump, unit: usize| {
            let mut e = vec![0.0; 16];
            e[unit] = 1.0;
            let mut rates = vec![0.0; 16];
            process.generator().unwrap().apply(&e, &mut rates);
            rates
        };
        for z in 0..16 {
            assert_all_close(
                "column of W",
                &column(&built, z),
                &column(&process, z),
                4.0 * EPS,
                4.0 * EPS,
            );
        }
    }
}

#[test]
fn a_step_of_two_parts_is_that_of_the_reference() {
    for case in Case::all("projection4") {
        let kernels = [flat(case.input("TX")), flat(case.input("TY"))];
        let chain = MarkovChain::from_kernels(&[2, 2], &kernels).unwrap();
        let p = Distribution::new(numbers(case.input("p"))).unwrap();
        let step = step_of_parts(&chain, &[2, 2], &p).unwrap();
        let dt = number(case.input("dt"));
        case.check("D_total", &[step.total.divergence]);
        case.check("D_X", &step.partial[..1]);
        case.check("D_Y", &step.partial[1..]);
        case.check("nonadditivity", &[step.nonadditivity.unwrap()]);
        case.check("stochastic_interaction", &[step.stochastic_interaction]);
        case.check("TE_X_to_Y", &[step.transfer_entropy[0][1]]);
        case.check("TE_Y_to_X", &[step.transfer_entropy[1][0]]);
        case.check("D_total_over_dt", &[step.total.divergence / dt]);
        case.check("D_X_over_dt", &[step.partial[0] / dt]);
        case.check("D_Y_over_dt", &[step.partial[1] / dt]);
        // the parts step independently given z, so that all interaction is transfer
        let received: f64 = step.received.iter().sum();
        assert_close("interaction", step.stochastic_interaction, received, 1e-12, 1e-15);
        let phi = integrated_information(&chain, &[2, 2], &p).unwrap();
        let above = phi.stochastic_interaction.min(phi.past_future_information);
        assert!(
            phi.value >= 0.0 && phi.value <= above + 1e-14 && phi.gap < 1e-8,
            "{phi:?}"
        );
    }
}

#[test]
fn projections_of_chains_and_transfer_entropies_are_those_of_the_reference() {
    for case in Case::all("projection_chain") {
        let chain = MarkovChain::new(matrix(case.input("T"))).unwrap();
        let p = match case.input("p").as_array() {
            None => chain.stationary_distribution().unwrap(),
            Some(_) => Distribution::new(numbers(case.input("p"))).unwrap(),
        };
        let backward = backward_projection(&chain, &p).unwrap();
        let symmetric = symmetric_projections(&chain.two_time(&p).unwrap()).unwrap();
        case.check("p", p.probabilities());
        case.check("D_backward", &[backward.divergence]);
        case.check("entropy_change", &[backward.entropy_change]);
        case.check("D_symmetric_m", &[symmetric.m_divergence]);
        case.check("D_symmetric_e", &[symmetric.e_divergence]);
        let sum = backward.entropy_change + backward.environment_change;
        assert_close("D as a sum", backward.divergence, sum, 1e-14, 1e-15);
    }
    for case in Case::all("te_binary") {
        let kernels = [flat(case.input("TX")), flat(case.input("TY"))];
        let chain = MarkovChain::from_kernels(&[2, 2], &kernels).unwrap();
        let p = chain.stationary_distribution().unwrap();
        case.check("stationary", p.probabilities());
        let instantaneous = hierarchy(&p, &[2, 2]).unwrap().total_correlation;
        case.check("instantaneous_MI", &[instantaneous]);
        let whole = step_of_parts(&chain, &[2, 2], &p).unwrap().transfer_entropy;
        for row in case.0["expected"]["rows"].as_array().unwrap() {
            let histories = Histories {
                target: number(&row["k"]) as usize,
                source: number(&row["l"]) as usize,
            };
            let to_x = transfer_entropy(&chain, &[2, 2], 1, 0, histories).unwrap();
            let to_y = transfer_entropy(&chain, &[2, 2], 0, 1, histories).unwrap();
            assert_close("to x", to_x, number(&row["TE_Y_to_X"]), 1e-12, 1e-14);
            assert_close("to y", to_y, number(&row["TE_X_to_Y"]), 1e-12, 1e-14);
            if histories == Histories::default() {
                assert_close("one step", whole[1][0], to_x, 1e-13, 1e-16);
            }
        }
    }
}

#[test]
fn the_hierarchy_is_that_of_the_reference() {
    for case in Case::all("hierarchy") {
        let p = Distribution::new(numbers(case.input("p"))).unwrap();
        let split = hierarchy(&p, &sizes(case.input("dims"))).unwrap();
        case.check("KL_to_order", &split.divergences());
        case.check("pythagoras", &split.pythagoras);
        case.check("total_correlation", &[split.total_correlation]);
        let spins = spin_coordinates(&split.projections[1].distribution, 2).unwrap();
        case.check("theta_order2_pm1_basis", &spins.natural);
        case.check("eta_order2_pm1_basis", &spins.mean);
        case.check("psi_order2", &[spins.log_partition]);
        assert_eq!(spins.subsets[4], [0, 2]);
    }
}

/// A random multipartite network of 2–4 parts of 2–3 states, with parallel channels, reservoirs, and holes if asked for.
fn random_network(stream: &mut Stream, holes: bool) -> MarkovJump {
    let sizes: Vec<usize> = (0..2 + stream.below(3))
        .map(|_| 2 + stream.below(2) as usize)
        .collect();
    let all: usize = sizes.iter().product();
    let tuple = |mut z: usize| -> Vec<usize> {
        let digit = |s: &usize| {
            let d = z % s;
            z /= s;
            d
        };
        sizes.iter().map(digit).collect()
    };
    let kept: Vec<Vec<usize>> = (0..all)
        .filter(|&z| z == 0 || !holes || stream.uniform() < 0.8)
        .map(tuple)
        .collect();
    let names: Vec<String> = (0..kept.len()).map(|z| format!("s{z}")).collect();
    let mut builder = Network::builder()
        .states(names.clone())
        .reservoir("hot")
        .reservoir("cold");
    for k in 0..sizes.len() {
        builder = builder.subsystem(format!("part {k}"), kept.iter().map(|t| t[k].to_string()));
    }
    let mut rates = (Vec::new(), Vec::new());
    for x in 0..kept.len() {
        for y in 0..x {
            if kept[x].iter().zip(&kept[y]).filter(|(a, b)| a != b).count() != 1 {
                continue;
            }
            for channel in 0..1 + stream.below(2) {
                let (from, to) = if stream.uniform() < 0.5 { (x, y) } else { (y, x) };
                let name = format!("{from} {to} {channel}");
                let bath = ["hot", "cold"][channel as usize];
                builder = builder.channel(name, names[from].clone(), names[to].clone(), Some(bath));
                rates.0.push(10f64.powf(6.0 * stream.uniform() - 3.0));
                rates.1.push(10f64.powf(6.0 * stream.uniform() - 3.0));
            }
        }
    }
    MarkovJump::new(builder.build().unwrap(), rates.0, rates.1).unwrap()
}

fn random_distribution(stream: &mut Stream, n: usize, decades: f64) -> Distribution {
    let weights: Vec<f64> = (0..n).map(|_| 10f64.powf(decades * stream.uniform())).collect();
    let sum: f64 = weights.iter().sum();
    Distribution::new(weights.iter().map(|w| w / sum).collect()).unwrap()
}

/// Σ over the edges of a part of its fluxes times the logarithms that enter: what 1e-12 is relative to.
fn size(part: &PartLaw) -> f64 {
    part.rounding / (8.0 * EPS)
}

/// d/dt (Σ_k S_k − S) from the rate of change of the state.
fn correlation_rate(flow: &Flow, p: &Distribution) -> f64 {
    let space = ProductSpace::of(flow.network()).unwrap();
    let rate = flow.rate_of_change();
    let falls = |rate: &[f64], p: &[f64]| rate.iter().zip(p).map(|(r, p)| -r * p.ln()).sum::<f64>();
    let of_parts: f64 = (0..space.parts())
        .map(|k| {
            let own = space.gathered(&[k]).unwrap();
            falls(&own.sums(&rate), &own.sums(p.probabilities()))
        })
        .sum();
    of_parts - falls(&rate, p.probabilities())
}

#[test]
fn identities_hold_to_1e_12_on_a_thousand_random_networks() {
    for index in 0..1000 {
        let mut stream = Stream::new(1, Purpose::Search, index);
        let process = random_network(&mut stream, index % 2 == 1);
        let p = random_distribution(&mut stream, process.network().states().len(), 3.0);
        check_identities(&process, &p, index);
    }
}

fn check_identities(process: &MarkovJump, p: &Distribution, index: u64) {
    let flow = process.flow(p).unwrap();
    let laws = second_laws(process, p).unwrap();
    let whole: f64 = laws.parts.iter().map(size).sum();
    let close = |what: &str, got: f64, expected: f64, size: f64| {
        assert_close(
            &format!("network {index}: {what}"),
            got,
            expected,
            0.0,
            1e-12 * size,
        );
    };
    let sum: f64 = laws.parts.iter().map(|k| k.entropy_production_rate).sum();
    close("Σ σ_k", sum, flow.entropy_production_rate(), whole);
    let rate = correlation_rate(&flow, p);
    close("Σ İ_k", laws.total_correlation_rate, rate, whole);
    let split = multibody_information_flow(&flow, p).unwrap();
    let of_flow = second_laws_of_flow(&flow, p).unwrap();
    for (k, part) in laws.parts.iter().enumerate() {
        assert!(part.entropy_production_rate >= 0.0);
        close(
            "second law",
            part.second_law_slack,
            part.entropy_production_rate,
            size(part),
        );
        let three = part.environment_flow + part.marginal_entropy_rate - part.information_flow;
        close("three flows", three, part.entropy_production_rate, size(part));
        let orders: f64 = split.orders.iter().map(|order| order[k]).sum();
        close("Σ İ⁽ⁿ⁾", orders, part.information_flow, size(part));
        close(
            "by the flow",
            of_flow.parts[k].environment_flow,
            part.environment_flow,
            size(part),
        );
    }
    for resolution in [Resolution::States, Resolution::Reservoirs] {
        let kept = [1, 0];
        let seen = coarse_grained(&flow, p, &kept, resolution).unwrap();
        for (i, &k) in kept.iter().enumerate() {
            let (coarse, fine) = (&seen.laws.parts[i], &laws.parts[k]);
            assert!(coarse.entropy_production_rate <= fine.entropy_production_rate + 1e-12 * size(fine));
            let sum = coarse.entropy_production_rate + seen.loss[i];
            close("loss", sum, fine.entropy_production_rate, size(fine));
            close("jumps seen", coarse.activity, fine.activity, fine.activity);
        }
        let total = seen.laws.entropy_production_rate + seen.total_loss;
        close("total loss", total, laws.entropy_production_rate, whole);
        // what flows between coarse states is what flows between their fine states
        let space = ProductSpace::of(flow.network()).unwrap();
        let fine = space.gathered(&kept).unwrap().sums(&flow.rate_of_change());
        let coarse = seen.process.flow(&seen.distribution).unwrap().rate_of_change();
        for (c, f) in coarse.iter().zip(fine) {
            close("conservation", *c, f, flow.activity());
        }
    }
}

#[test]
fn information_flows_cancel_in_stationary_states() {
    for index in 0..200 {
        let mut stream = Stream::new(2, Purpose::Search, index);
        let process = random_network(&mut stream, false);
        let p = process.stationary_distribution().unwrap();
        let laws = second_laws(&process, &p).unwrap();
        let whole: f64 = laws.parts.iter().map(size).sum();
        assert!(
            laws.total_correlation_rate.abs() <= 1e-13 * whole,
            "network {index}"
        );
        for part in &laws.parts {
            assert!(
                part.marginal_entropy_rate.abs() <= 1e-13 * whole,
                "network {index}"
            );
            assert!(part.entropy_production_rate >= -1e-13 * whole);
        }
    }
}

#[test]
fn demons_are_named_and_equilibrium_has_none() {
    let symport = gallery::transporter(&TransporterRates::of(Transport::Symport)).unwrap();
    let laws = second_laws(&symport, &symport.stationary_distribution().unwrap()).unwrap();
    let names: Vec<&str> = laws.demons().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["b"]); // carried against its gradient on what the others know
    assert!(laws.parts[1].information_flow < 0.0);
    let balanced = TransporterRates {
        concentrations_a: [3.0, 3.0],
        concentrations_b: [0.7, 0.7],
        ..TransporterRates::default()
    };
    let rest = gallery::transporter(&balanced).unwrap();
    let laws = second_laws(&rest, &rest.stationary_distribution().unwrap()).unwrap();
    assert_eq!(laws.demons().count(), 0);
    assert!(laws.entropy_production_rate < 1e-28);
}

#[test]
fn reservoirs_of_the_membrane_channel_are_told_apart() {
    let channel = gallery::membrane_channel(&Default::default()).unwrap();
    let p = channel.stationary_distribution().unwrap();
    let flow = channel.flow(&p).unwrap();
    let by_reservoir = flow.entropy_production_rate_by_reservoir();
    assert_eq!(by_reservoir.len(), 3);
    // seen without the side it is open to, binding is one channel in equilibrium; with reservoirs told apart it carries
    let lumped = coarse_grained(&flow, &p, &[0], Resolution::States).unwrap();
    let resolved = coarse_grained(&flow, &p, &[0], Resolution::Reservoirs).unwrap();
    assert!(lumped.laws.entropy_production_rate < 1e-28);
    assert!(resolved.laws.entropy_production_rate > 0.1);
    assert_eq!(resolved.process.network().edges().len(), 2);
    assert!(resolved.loss[0] < lumped.loss[0]);
}

/// Two bits with the given rates of the four channels 00→10, 01→11 (x) and 00→01, 10→11 (y).
fn two_bits(forward: [f64; 4], backward: [f64; 4]) -> MarkovJump {
    let network = Network::builder()
        .states(["00", "01", "10", "11"])
        .subsystem("x", ["0", "0", "1", "1"])
        .subsystem("y", ["0", "1", "0", "1"])
        .channel("x|0", "00", "10", None)
        .channel("x|1", "01", "11", None)
        .channel("y|0", "00", "01", None)
        .channel("y|1", "10", "11", None)
        .build()
        .unwrap();
    MarkovJump::new(network, forward.to_vec(), backward.to_vec()).unwrap()
}

#[test]
fn one_way_channels_are_infinite_with_their_name_and_nothing_is_undefined() {
    let process = two_bits([1.0; 4], [1.0, 0.0, 1.0, 1.0]);
    let laws = second_laws(&process, &Distribution::uniform(4).unwrap()).unwrap();
    assert_eq!(laws.parts[0].entropy_production_rate, f64::INFINITY);
    assert_eq!(laws.parts[0].environment_flow, f64::INFINITY);
    assert_eq!(laws.parts[0].second_law_slack, f64::INFINITY);
    assert_eq!(laws.parts[0].one_way, ["x|1"]);
    assert!(laws.parts[1].entropy_production_rate.is_finite() && laws.parts[1].one_way.is_empty());
    // every way of leaving states empty
    let process = two_bits([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]);
    for occupied in 1_usize..16 {
        let weight = 1.0 / f64::from(occupied.count_ones());
        let p: Vec<f64> = (0..4)
            .map(|z| if occupied >> z & 1 == 1 { weight } else { 0.0 })
            .collect();
        let p = Distribution::new(p).unwrap();
        let laws = second_laws(&process, &p).unwrap();
        for part in &laws.parts {
            assert!(part.environment_flow.is_finite());
            for x in [
                part.entropy_production_rate,
                part.marginal_entropy_rate,
                part.information_flow,
                part.second_law_slack,
            ] {
                assert!(!x.is_nan(), "{occupied:04b}: {part:?}");
            }
            let infinite = part.entropy_production_rate.is_infinite();
            assert_eq!(infinite, part.second_law_slack.is_infinite());
            assert_eq!(infinite, !part.one_way.is_empty());
        }
        assert!(!laws.total_correlation_rate.is_nan() && laws.total_correlation >= 0.0);
        let flow = process.flow(&p).unwrap();
        if occupied != 15 {
            let refused = second_laws_of_flow(&flow, &p);
            assert!(
                matches!(refused, Err(Error::NotPositive { .. })),
                "{occupied:04b}"
            );
            assert!(multibody_information_flow(&flow, &p).is_err());
        }
    }
}

#[test]
fn an_entered_label_takes_the_limit_of_its_information_flow() {
    // x is 0 for certain; shortly after, p(y|x = 1) is how the two jumps share what enters
    let process = two_bits([1.0, 3.0, 1.0, 1.0], [1.0; 4]);
    let p = Distribution::new(vec![0.5, 0.5, 0.0, 0.0]).unwrap();
    let laws = second_laws(&process, &p).unwrap();
    let expected = 0.5 * (0.25_f64 / 0.5).ln() + 1.5 * (0.75_f64 / 0.5).ln();
    assert_close("limit", laws.parts[0].information_flow, expected, 1e-14, 0.0);
    assert_eq!(laws.parts[0].marginal_entropy_rate, f64::INFINITY);
}

#[test]
fn wrong_structures_are_refused_with_the_offending_pair() {
    let joint = Network::builder()
        .states(["00", "01", "10", "11"])
        .subsystem("x", ["0", "0", "1", "1"])
        .subsystem("y", ["0", "1", "0", "1"])
        .channel("diagonal", "00", "11", None)
        .build()
        .unwrap();
    let process = MarkovJump::new(joint, vec![1.0], vec![1.0]).unwrap();
    let message = second_laws(&process, &Distribution::uniform(4).unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("\"diagonal\" from \"00\" to \"11\"") && message.contains("x and y"),
        "{message}"
    );
    let plain = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let p = Distribution::uniform(2).unwrap();
    assert!(matches!(second_laws(&plain, &p), Err(Error::NoSubsystems { .. })));
    // seventeen parts in two states
    let mut builder = Network::builder()
        .states(["a", "b"])
        .channel("e", "a", "b", None)
        .subsystem("0", ["0", "1"]);
    for k in 1..17 {
        builder = builder.subsystem(k.to_string(), ["0", "0"]);
    }
    let many = MarkovJump::new(builder.build().unwrap(), vec![1.0], vec![1.0]).unwrap();
    let message = multibody_information_flow(&many.flow(&p).unwrap(), &p)
        .unwrap_err()
        .to_string();
    assert!(message.contains("17") && message.contains("16"), "{message}");
    let bits = two_bits([1.0; 4], [1.0; 4]);
    let p = Distribution::uniform(4).unwrap();
    let flow = bits.flow(&p).unwrap();
    assert!(coarse_grained(&flow, &p, &[2], Resolution::States).is_err());
    assert!(conditional_current(&flow, ("x", "0", "2"), &[]).is_err());
    assert!(second_laws(&bits, &Distribution::uniform(3).unwrap()).is_err());
}

#[test]
fn short_steps_of_a_sampled_process_have_its_rates() {
    let process = gallery::membrane_channel(&Default::default()).unwrap();
    let p = process.stationary_distribution().unwrap();
    let laws = second_laws(&process, &p).unwrap();
    let dt = 1e-6;
    let chain = MarkovChain::sampled(&process, dt).unwrap();
    let step = step_of_parts(&chain, &[2, 2], &p).unwrap();
    // corrections are of relative order (exit rate) dt = 1e-5
    for (part, law) in step.partial.iter().zip(&laws.parts) {
        assert_close("partial", part / dt, law.entropy_production_rate, 1e-3, 0.0);
    }
    assert_close(
        "total",
        step.total.divergence / dt,
        laws.entropy_production_rate,
        1e-3,
        0.0,
    );
    let q = chain.step(&p).unwrap();
    assert_all_close("stationary", q.probabilities(), p.probabilities(), 1e-14, 0.0);
}

#[test]
fn chains_that_run_one_way_are_infinite_and_named() {
    let ring = MarkovChain::new(Matrix::from_columns(
        3,
        vec![0.5, 0.5, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5],
    ))
    .unwrap();
    let p = ring.stationary_distribution().unwrap();
    let backward = backward_projection(&ring, &p).unwrap();
    assert_eq!(backward.divergence, f64::INFINITY);
    assert_eq!(backward.one_way, [(0, 1), (1, 2), (2, 0)]);
    let symmetric = symmetric_projections(&ring.two_time(&p).unwrap()).unwrap();
    assert_close("e", symmetric.e_divergence, 2f64.ln(), 1e-15, 0.0);
    assert_close("m", symmetric.m_divergence, 0.5 * 2f64.ln(), 1e-15, 0.0);
    let message = MarkovChain::new(Matrix::from_columns(2, vec![0.5, 0.4, 0.0, 1.0]))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("state 0") && message.contains("0.9"),
        "{message}"
    );
    // a part that copies: its own step back is impossible in places, that of the whole as well
    let copy = MarkovChain::from_kernels(
        &[2, 2],
        &[vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0], vec![0.5; 8]],
    )
    .unwrap();
    let step = step_of_parts(&copy, &[2, 2], &Distribution::uniform(4).unwrap()).unwrap();
    assert_eq!(
        (step.total.divergence, step.partial[0]),
        (f64::INFINITY, f64::INFINITY)
    );
    assert_eq!(step.nonadditivity, None);
    assert_close("copied", step.transfer_entropy[1][0], 2f64.ln(), 1e-15, 0.0);
}

#[test]
fn a_bystander_changes_no_transfer_entropy() {
    let x = vec![0.247, 0.405, 0.311, 0.87, 0.753, 0.595, 0.689, 0.13];
    let y = vec![0.382, 0.067, 0.569, 0.849, 0.618, 0.933, 0.431, 0.151];
    let pair = MarkovChain::from_kernels(&[2, 2], &[x.clone(), y.clone()]).unwrap();
    // kernels of (x, bystander of three states, y): repeated over the bystander
    let wide = |kernel: &[f64]| -> Vec<f64> {
        (0..2 * 12)
            .map(|i| {
                let (next, z) = (i / 12, i % 12);
                kernel[next * 4 + (z / 6) * 2 + z % 2]
            })
            .collect()
    };
    let coin = vec![1.0 / 3.0; 36];
    let three = MarkovChain::from_kernels(&[2, 3, 2], &[wide(&x), coin, wide(&y)]).unwrap();
    for histories in [
        Histories { target: 3, source: 2 },
        Histories { target: 1, source: 4 },
    ] {
        let alone = transfer_entropy(&pair, &[2, 2], 1, 0, histories).unwrap();
        let beside = transfer_entropy(&three, &[2, 3, 2], 2, 0, histories).unwrap();
        assert_close("beside", beside, alone, 1e-12, 1e-14);
        assert!(transfer_entropy(&three, &[2, 3, 2], 1, 0, histories).unwrap() < 1e-14);
    }
    let long = Histories {
        target: 30,
        source: 1,
    };
    let message = transfer_entropy(&pair, &[2, 2], 1, 0, long)
        .unwrap_err()
        .to_string();
    assert!(message.contains("4294967296"), "{message}");
    assert!(transfer_entropy(&pair, &[2, 2], 0, 0, Histories::default()).is_err());
    assert!(transfer_entropy(&pair, &[2, 2], 1, 0, Histories { target: 0, source: 1 }).is_err());
}

#[test]
fn integrated_information_meets_closed_forms_and_bounds() {
    let uniform = Distribution::uniform(4).unwrap();
    // a certain swap: alone each part sees a coin, and half the information is common to both
    let swap = [
        vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0],
        vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0],
    ];
    let chain = MarkovChain::from_kernels(&[2, 2], &swap).unwrap();
    let phi = integrated_information(&chain, &[2, 2], &uniform).unwrap();
    assert_close("swap", phi.value, 2f64.ln(), 0.0, phi.gap);
    assert!(phi.gap < 1e-9, "{phi:?}");
    // parts that do not look at each other, though their noise is common
    let apart = MarkovChain::new(Matrix::from_columns(4, [0.4, 0.1, 0.2, 0.3].repeat(4))).unwrap();
    let phi = integrated_information(&apart, &[2, 2], &uniform).unwrap();
    assert!(
        phi.value.abs() < 1e-13 && phi.stochastic_interaction > 0.01,
        "{phi:?}"
    );
    for index in 0..80 {
        let mut stream = Stream::new(3, Purpose::Search, index);
        let sizes = [vec![2, 2], vec![2, 3], vec![2, 2, 2], vec![3, 2, 2]][index as usize % 4].clone();
        let n = sizes.iter().product();
        let mut columns = Vec::new();
        for _ in 0..n {
            let mut column = random_distribution(&mut stream, n, 2.0).probabilities().to_vec();
            if index >= 60 {
                // some steps do not occur
                let kept = |p: &f64| *p > 0.04;
                let sum: f64 = column.iter().filter(|p| kept(p)).sum();
                column
                    .iter_mut()
                    .for_each(|p| *p = if kept(p) { *p / sum } else { 0.0 });
            }
            columns.extend(column);
        }
        let chain = MarkovChain::new(Matrix::from_columns(n, columns)).unwrap();
        let p = random_distribution(&mut stream, n, 1.0);
        let phi = integrated_information(&chain, &sizes, &p).unwrap();
        let above = phi.stochastic_interaction.min(phi.past_future_information);
        assert!(phi.value >= 0.0 && phi.value <= above + 1e-13, "{index}: {phi:?}");
        let wanted = if index < 60 { 1e-10 } else { 1e-8 };
        assert!(phi.gap < wanted, "{index}: {:?}", phi.convergence);
    }
}

/// Marginals on every set of `order` axes of two tables.
fn check_marginals(p: &[f64], q: &[f64], sizes: &[usize], order: usize, allowed: f64) {
    let n = sizes.len();
    for set in (0_usize..1 << n).filter(|s| s.count_ones() as usize == order) {
        let mut difference = std::collections::HashMap::new();
        for z in 0..p.len() {
            let (mut rest, mut key) = (z, Vec::new());
            for k in (0..n).rev() {
                if set >> k & 1 == 1 {
                    key.push(rest % sizes[k]);
                }
                rest /= sizes[k];
            }
            *difference.entry(key).or_insert(0.0) += p[z] - q[z];
        }
        for d in difference.values() {
            assert!(f64::abs(*d) < allowed, "marginal off by {d:e}");
        }
    }
}

#[test]
fn projections_keep_marginals_and_have_no_interaction_beyond_their_order() {
    for index in 0..40 {
        let mut stream = Stream::new(4, Purpose::Search, index);
        let n = 3 + index as usize % 4;
        let sizes = vec![2; n];
        let p = random_distribution(&mut stream, 1 << n, 2.0);
        let split = hierarchy(&p, &sizes).unwrap();
        for q in &split.projections {
            check_marginals(
                p.probabilities(),
                q.distribution.probabilities(),
                &sizes,
                q.order,
                1e-13,
            );
            let spins = spin_coordinates(&q.distribution, n).unwrap();
            for (set, theta) in spins.subsets.iter().zip(&spins.natural) {
                assert!(
                    set.len() <= q.order || theta.abs() < 1e-11,
                    "order {}: θ{set:?} = {theta:e}",
                    q.order
                );
            }
        }
        for residual in &split.pythagoras_residual {
            assert!(residual.abs() < 1e-13, "{residual:e}");
        }
        assert_close(
            "sum",
            split.pythagoras.iter().sum(),
            split.total_correlation,
            1e-12,
            1e-14,
        );
    }
    // axes of different sizes, on either side of the choice of coordinates
    let mut stream = Stream::new(5, Purpose::Search, 0);
    let sizes = [3, 2, 4, 2];
    let p = random_distribution(&mut stream, 48, 2.0);
    for q in hierarchy(&p, &sizes).unwrap().projections {
        check_marginals(
            p.probabilities(),
            q.distribution.probabilities(),
            &sizes,
            q.order,
            1e-13,
        );
    }
}

#[test]
fn empty_cells_are_handled_and_stay_empty_where_marginals_say_so() {
    // x = y for certain: q₂ keeps that, and z is told by both
    let p = Distribution::new(vec![0.3, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1, 0.4]).unwrap();
    let split = hierarchy(&p, &[2, 2, 2]).unwrap();
    assert!(split.divergences()[1].abs() < 1e-14);
    assert_eq!(split.projections[1].distribution.probabilities()[2], 0.0);
    // no pair is empty, yet pairs leave no room: cells 000 and 111 change in opposite senses
    let p = Distribution::new(vec![0.0, 0.1, 0.2, 0.15, 0.05, 0.3, 0.2, 0.0]).unwrap();
    let split = hierarchy(&p, &[2, 2, 2]).unwrap();
    let q = &split.projections[1];
    assert!(
        q.divergence.abs() < 1e-12,
        "{:e} {:?}",
        q.divergence,
        q.convergence
    );
    assert_all_close(
        "q₂ = p",
        q.distribution.probabilities(),
        p.probabilities(),
        0.0,
        1e-12,
    );
    // a label that never occurs, one axis, certainty
    let p = Distribution::new(vec![0.0, 0.0, 0.0, 0.2, 0.5, 0.3]).unwrap();
    assert!(hierarchy(&p, &[2, 3]).unwrap().total_correlation.abs() < 1e-15);
    assert!(
        hierarchy(&Distribution::point(8, 3).unwrap(), &[2, 2, 2])
            .unwrap()
            .total_correlation
            == 0.0
    );
    assert!(hierarchy(&p, &[6]).unwrap().total_correlation.abs() < 1e-15);
    assert!(hierarchy(&p, &[2, 2]).is_err() && hierarchy_to_order(&p, &[2, 3], 3).is_err());
    assert!(matches!(spin_coordinates(&p, 1), Err(Error::Length { .. })));
}

#[test]
fn twelve_units_are_projected_on_pairs() {
    let mut stream = Stream::new(6, Purpose::Search, 0);
    let p = random_distribution(&mut stream, 4096, 2.0);
    let split = hierarchy_to_order(&p, &[2; 12], 2).unwrap();
    let q = &split.projections[1];
    check_marginals(
        p.probabilities(),
        q.distribution.probabilities(),
        &[2; 12],
        2,
        1e-14,
    );
    assert!(split.pythagoras_residual[0].abs() < 1e-13);
}
