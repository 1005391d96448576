//! The second law of each part, and what coarse views leave of it.

use super::random::*;
use super::reference::*;
use irrev_network::gallery::{self, Transport, TransporterRates};
use irrev_network::information::parts::{
    PartLaw, Resolution, coarse_grained, conditional_current, multibody_information_flow, second_laws,
    second_laws_of_flow,
};
use irrev_network::information::product::ProductSpace;
use irrev_network::{Distribution, Error, Flow, Kinetics, MarkovJump, Network};
use irrev_numerics::LinearOperator;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{number, numbers};
use irrev_testing::{assert_all_close, assert_close};

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
