//! Random systems on which laws are tried.

use irrev_network::{Distribution, MarkovJump, Network};
use irrev_numerics::streams::Stream;

/// A random multipartite network of 2–4 parts of 2–3 states, with parallel channels, reservoirs, and holes if asked for.
pub(super) fn random_network(stream: &mut Stream, holes: bool) -> MarkovJump {
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

pub(super) fn random_distribution(stream: &mut Stream, n: usize, decades: f64) -> Distribution {
    let weights: Vec<f64> = (0..n).map(|_| 10f64.powf(decades * stream.uniform())).collect();
    let sum: f64 = weights.iter().sum();
    Distribution::new(weights.iter().map(|w| w / sum).collect()).unwrap()
}
