//! Chains in discrete time: projections, transfer entropy, integrated information.

use super::random::*;
use super::reference::*;
use irrev_network::Distribution;
use irrev_network::gallery::{self};
use irrev_network::information::chain::{
    Histories, MarkovChain, backward_projection, integrated_information, step_of_parts,
    symmetric_projections, transfer_entropy,
};
use irrev_network::information::hierarchy::hierarchy;
use irrev_network::information::parts::second_laws;
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{number, numbers};
use irrev_testing::{assert_all_close, assert_close};

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
