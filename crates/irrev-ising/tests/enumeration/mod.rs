//! Partly parallel updates of small networks by brute force: all states, all sets of refreshed spins, all outcomes.

use irrev_ising::KineticIsing;

/// Spins of a state: bit i set is +1.
fn spins(state: usize, n: usize) -> Vec<i8> {
    (0..n).map(|i| if state >> i & 1 == 1 { 1 } else { -1 }).collect()
}

fn log_two_cosh(x: f64) -> f64 {
    (2.0 * x.cosh()).ln()
}

/// One step from a distribution: the next one, and per spin m, heat to the bath, conditional entropy and flips.
pub(crate) fn step(network: &KineticIsing, part: f64, distribution: &[f64]) -> (Vec<f64>, [f64; 4]) {
    let n = network.spins();
    let mut next = vec![0.0; distribution.len()];
    let mut means = [0.0; 4];
    for (state, &p) in distribution.iter().enumerate() {
        let s = spins(state, n);
        let h = network.local_fields(&s);
        means[0] += p * s.iter().map(|s| f64::from(*s)).sum::<f64>();
        for refreshed in 0..1_usize << n {
            let size = refreshed.count_ones() as i32;
            let choice = part.powi(size) * (1.0 - part).powi(n as i32 - size);
            if choice == 0.0 {
                continue;
            }
            for (target, reached) in next.iter_mut().enumerate() {
                // spins that are not refreshed stay
                if (state ^ target) & !refreshed != 0 {
                    continue;
                }
                let s2 = spins(target, n);
                let h2 = network.local_fields(&s2);
                let (mut probability, mut heat, mut surprise) = (p * choice, 0.0, 0.0);
                for i in (0..n).filter(|i| refreshed >> i & 1 == 1) {
                    let forward = f64::from(s2[i]) * h[i] - log_two_cosh(h[i]);
                    let backward = f64::from(s[i]) * h2[i] - log_two_cosh(h2[i]);
                    probability *= forward.exp();
                    heat += forward - backward;
                    surprise -= forward;
                }
                *reached += probability;
                means[1] += probability * heat;
                means[2] += probability * surprise;
                means[3] += probability * f64::from((state ^ target).count_ones());
            }
        }
    }
    (next, means.map(|x| x / n as f64))
}

/// Stationary means of [`step`].
pub(crate) fn stationary(network: &KineticIsing, part: f64) -> [f64; 4] {
    let states = 1 << network.spins();
    let mut p = vec![1.0 / states as f64; states];
    for _ in 0..2000 {
        let next = step(network, part, &p).0;
        let change: f64 = next.iter().zip(&p).map(|(a, b)| (a - b).abs()).sum();
        p = next;
        if change < 1e-14 {
            break;
        }
    }
    step(network, part, &p).1
}
