//! Transfer entropies of equilibrium lattices.

use irrev_ising::lattice::{
    EnumeratedLattice, Lattice, LatticeSampling, LocalTransfer, critical_temperature, largest,
    transfer_by_temperature,
};
use irrev_numerics::Run;

fn small(columns: usize, rows: usize) -> EnumeratedLattice {
    EnumeratedLattice::new(Lattice::new(columns, rows).unwrap()).unwrap()
}

/// Everything from the definitions: all states, the step of one random site written out.
fn by_definition(columns: usize, rows: usize, temperature: f64) -> [f64; 5] {
    let lattice = Lattice::new(columns, rows).unwrap();
    let n = lattice.sites();
    let spin = |s: usize, i: usize| if s >> i & 1 == 1 { 1.0 } else { -1.0 };
    let energy = |s: usize| {
        let bonds = |i: usize| {
            lattice.neighbours(i)[..2]
                .iter()
                .map(|&j| spin(s, i) * spin(s, j))
                .sum::<f64>()
        };
        -(0..n).map(bonds).sum::<f64>()
    };
    let weights: Vec<f64> = (0..1 << n).map(|s| (-energy(s) / temperature).exp()).collect();
    let z: f64 = weights.iter().sum();
    let j = lattice.neighbours(0)[0];
    let entropy = |p: f64| {
        -[p, 1.0 - p]
            .iter()
            .map(|p| if *p > 0.0 { p * p.ln() } else { 0.0 })
            .sum::<f64>()
    };
    let (mut all, mut own, mut pair) = (0.0, [[0.0; 2]; 2], [[[0.0; 2]; 2]; 2]);
    let (mut mean, mut order) = (0.0, 0.0);
    for (s, weight) in weights.iter().enumerate() {
        let p = weight / z;
        let h: f64 = lattice.neighbours(0).iter().map(|&k| spin(s, k)).sum();
        let refreshed = 0.5 * (1.0 + (h / temperature).tanh());
        let (i, j) = (s & 1, s >> j & 1);
        let up = (1.0 - 1.0 / n as f64) * i as f64 + refreshed / n as f64;
        all += p * entropy(up);
        own[i][0] += p;
        own[i][1] += p * up;
        pair[i][j][0] += p;
        pair[i][j][1] += p * up;
        mean += p * energy(s) / n as f64;
        order += p * (0..n).map(|k| spin(s, k)).sum::<f64>().abs() / n as f64;
    }
    let alone: f64 = own.iter().map(|[p, up]| p * entropy(up / p)).sum();
    let with: f64 = pair.iter().flatten().map(|[p, up]| p * entropy(up / p)).sum();
    let side = |j: usize| pair[0][j][0] + pair[1][j][0];
    let information: f64 = (0..4)
        .map(|k| (k / 2, k % 2))
        .map(|(i, j)| pair[i][j][0] * (pair[i][j][0] / own[i][0] / side(j)).ln())
        .sum();
    [alone - with, alone - all, information, mean, order]
}

#[test]
fn enumeration_agrees_with_the_definitions_on_square_oblong_and_doubly_bound_lattices() {
    for (columns, rows) in [(3, 3), (2, 2), (2, 4), (4, 2), (3, 4)] {
        for temperature in [0.7, 1.5, 2.6, 9.0] {
            let found = small(columns, rows).equilibrium(1.0, temperature).unwrap();
            let transfer = found.transfer;
            let values = [
                transfer.pair_per_step,
                transfer.global_per_step,
                transfer.neighbour_information,
                found.energy_per_site,
                found.mean_absolute_magnetization,
            ];
            for (value, wanted) in values.into_iter().zip(by_definition(columns, rows, temperature)) {
                assert!(
                    (value - wanted).abs() < 1e-13,
                    "{columns}×{rows} at {temperature}: {value} is not {wanted}"
                );
            }
        }
    }
}

#[test]
fn the_global_transfer_entropy_of_sixteen_spins_is_largest_above_the_transition() {
    let lattice = small(4, 4);
    let found = lattice.equilibrium(1.0, 2.269185).unwrap().transfer;
    assert!((found.pair_per_step - 0.003432234105797627).abs() < 1e-14);
    assert!((found.global_per_step - 0.006671490359081503).abs() < 1e-14);
    let place = |of: fn(&LocalTransfer) -> f64| {
        let at = |k: usize| 1.5 + 0.001 * k as f64;
        let value = |k: usize| of(&lattice.equilibrium(1.0, at(k)).unwrap().transfer);
        at((0..2500).max_by(|&i, &j| value(i).total_cmp(&value(j))).unwrap())
    };
    let (pair, global) = (
        place(LocalTransfer::pair_per_sweep),
        place(LocalTransfer::global_per_sweep),
    );
    assert!(
        pair < global && global > critical_temperature(1.0),
        "{pair} {global}"
    );
}

#[test]
fn monte_carlo_agrees_with_enumeration() {
    let temperatures = [1.8, 2.27, 3.0];
    let sampling = LatticeSampling {
        replicas: 24,
        burn_in: 200,
        measured: 2000,
    };
    let found = transfer_by_temperature(4, 1.0, &temperatures, &sampling, &Run::default()).unwrap();
    let exact = small(4, 4);
    for point in &found {
        let wanted = exact.equilibrium(1.0, point.temperature).unwrap();
        let pairs = [
            (point.pair, wanted.transfer.pair_per_sweep()),
            (point.global, wanted.transfer.global_per_sweep()),
            (point.neighbour_information, wanted.transfer.neighbour_information),
            (point.energy_per_site, wanted.energy_per_site),
            (
                point.mean_absolute_magnetization,
                wanted.mean_absolute_magnetization,
            ),
        ];
        for (estimate, wanted) in pairs {
            // Student's t with 23 degrees of freedom beyond 6: 4e-6 a comparison, 6e-5 for all fifteen; errors are below 1 %, so that a bias of 6 % shows
            let off = (estimate.value - wanted).abs() / estimate.standard_error;
            assert!(
                off < 6.0 && estimate.standard_error < 0.01 * wanted.abs(),
                "{estimate:?} is not {wanted}"
            );
        }
    }
}

#[test]
fn on_a_larger_lattice_the_pair_peaks_near_the_transition_and_the_whole_above() {
    let temperatures: Vec<f64> = (0..9).map(|k| 2.1 + 0.08 * f64::from(k)).collect();
    let sampling = LatticeSampling {
        replicas: 8,
        burn_in: 200,
        measured: 600,
    };
    let found = transfer_by_temperature(16, 1.0, &temperatures, &sampling, &Run::default()).unwrap();
    let peak = |of| largest(&found, of, 1.0, 256).unwrap().unwrap();
    let (pair, global) = (
        peak(LocalTransfer::pair_per_sweep),
        peak(LocalTransfer::global_per_sweep),
    );
    // five standard errors, each from eight replicas: 1e-3 by Student's t
    assert!(
        global.value - 5.0 * global.standard_error > critical_temperature(1.0),
        "{global:?}"
    );
    assert!((pair.value - critical_temperature(1.0)).abs() < 0.15, "{pair:?}");
}

#[test]
fn threads_do_not_change_a_bit() {
    let sampling = LatticeSampling {
        replicas: 4,
        burn_in: 10,
        measured: 20,
    };
    let at = |threads: usize| {
        let run = Run {
            threads,
            ..Run::default()
        };
        run.install(|| transfer_by_temperature(8, 1.0, &[2.0, 2.5], &sampling, &run))
            .unwrap()
            .unwrap()
    };
    assert_eq!(at(1), at(5));
}

#[test]
fn what_is_out_of_range_is_refused_by_name() {
    let message = |side, temperature| {
        let result = transfer_by_temperature(
            side,
            1.0,
            &[temperature],
            &LatticeSampling::default(),
            &Run::default(),
        );
        result.unwrap_err().to_string()
    };
    assert!(message(5, 2.0).contains("the side of the lattice is 5"));
    assert!(message(4, 0.0).contains("the temperature is 0"));
    assert!(
        Lattice::new(1, 4)
            .unwrap_err()
            .to_string()
            .contains("columns is 1")
    );
    let many = EnumeratedLattice::new(Lattice::new(6, 6).unwrap());
    assert!(many.unwrap_err().to_string().contains("up to 25 spins"));
}
