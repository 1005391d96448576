//! Glansdorff–Prigogine excess and stability.

use super::random::*;
use super::reference::*;
use irrev_network::information::stability::{
    Motion, differentiated_rates, excess_entropy_production, nonlinear_stability, reaction_stability,
};
use irrev_network::information::time::fisher_information;
use irrev_network::reactions::ReactionSystem;
use irrev_network::reactions::steady_state::steady_state_near;
use irrev_network::{Distribution, MarkovJump, Network};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::assert_close;
use irrev_testing::reference::cases;
use std::sync::Arc;

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
