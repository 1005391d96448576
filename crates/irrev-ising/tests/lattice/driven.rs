//! A lattice that an input spin drives.

use irrev_ising::lattice::{Lattice, driven_lattice};
use irrev_numerics::Run;

fn close(found: &[f64], wanted: &[f64], what: &str) {
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(
            (found - wanted).abs() < 1e-12 * (1.0 + wanted.abs()),
            "{what}: {found} is not {wanted}"
        );
    }
}

#[test]
fn nine_spins_agree_with_reference_values() {
    let lattice = Lattice::new(3, 3).unwrap();
    let slow = driven_lattice(lattice, 1.0, 2.5, 0.05, &Run::default()).unwrap();
    close(
        &slow.partial_entropy_production_rate,
        &[
            0.03576110771775179,
            0.00509121124608019,
            0.005091211246080189,
            0.005091211246080191,
            0.0034426417025306896,
        ],
        "partial entropy production",
    );
    close(
        &slow.information_about_input[1..4],
        &[0.09871400205258762; 3],
        "mutual information",
    );
    close(
        &slow.information_about_input[4..6],
        &[0.05599820491508911; 2],
        "mutual information",
    );
    close(
        &[
            slow.entropy_production_rate(),
            slow.information_flow[0],
            slow.information_flow_of_the_rest,
        ],
        &[0.06989651951219533, -0.03576110771775179, 0.03576110771775158],
        "flows",
    );
    let fast = driven_lattice(lattice, 1.0, 2.5, 1.0, &Run::default()).unwrap();
    close(
        &[fast.entropy_production_rate()],
        &[0.240329026974073],
        "entropy production",
    );
}

#[test]
fn sixteen_spins_obey_every_second_law_with_all_flows_balanced() {
    let start = std::time::Instant::now();
    let found = driven_lattice(Lattice::new(4, 4).unwrap(), 1.0, 2.4, 0.1, &Run::default()).unwrap();
    assert!(start.elapsed().as_secs_f64() < 5.0, "{:?}", start.elapsed());
    assert!(
        found.convergence.residual <= 1e-12 && found.orbits < 3000,
        "{} orbits",
        found.orbits
    );
    let sum: f64 = found.information_flow.iter().sum();
    assert!(sum.abs() < 1e-14 && found.environment_flow[0] == 0.0);
    for k in 0..16 {
        let law = found.environment_flow[k] - found.information_flow[k];
        assert!((law - found.partial_entropy_production_rate[k]).abs() < 1e-14);
    }
    let rest: f64 = found.environment_flow[1..].iter().sum::<f64>() - found.information_flow_of_the_rest;
    let dissipated: f64 = found.partial_entropy_production_rate[1..].iter().sum();
    assert!((rest - dissipated).abs() < 1e-13);
    assert!(found.information_of_the_rest > found.information_about_input[1]);
}

#[test]
fn an_oblong_lattice_has_its_own_symmetries_and_cold_ones_keep_their_digits() {
    for (columns, rows, temperature) in [(2, 3, 1.5), (4, 3, 2.0), (3, 3, 0.15)] {
        let found = driven_lattice(
            Lattice::new(columns, rows).unwrap(),
            1.0,
            temperature,
            0.3,
            &Run::default(),
        )
        .unwrap();
        let flow = found.information_flow[0];
        assert!((flow + found.information_flow_of_the_rest).abs() < 1e-12 * flow.abs().max(1e-3));
        assert!((found.partial_entropy_production_rate[0] + flow).abs() < 1e-14 * (1.0 + flow.abs()) * 10.0);
    }
}

#[test]
fn too_many_sites_and_frozen_spins_are_refused() {
    let fails = |columns, temperature| {
        let lattice = Lattice::new(columns, 4).unwrap();
        driven_lattice(lattice, 1.0, temperature, 0.1, &Run::default())
            .unwrap_err()
            .to_string()
    };
    assert!(fails(5, 2.0).contains("up to 16 spins"));
    assert!(fails(4, 1e-3).contains("so cold"));
}
