//! Normal distributions and linear processes.

use super::reference::*;
use irrev_network::information::gaussian::{
    OrnsteinUhlenbeck, SampledDiffusion, VectorAutoregression, bead_chain, integrated_information,
};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::assert_close;
use irrev_testing::reference::{cases, number};

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
