//! Models of stochastic simulation, as their papers and benchmark sets give them.

use irrev_network::counts::{CountReaction, CountSystem};

/// A system and the counts it starts from.
pub(crate) type Model = (CountSystem, Vec<i64>);

type Side<'a> = &'a [(usize, u32)];

fn system(species: usize, reactions: Vec<CountReaction>) -> CountSystem {
    CountSystem::new((0..species).map(|s| format!("S{s}")).collect(), reactions).unwrap()
}

fn reversible(list: &[(Side<'_>, Side<'_>, f64, f64)]) -> Vec<CountReaction> {
    let numbered = list.iter().enumerate();
    numbered
        .map(|(k, &(a, b, f, r))| CountReaction::mass_action(format!("r{k}"), a, b, f, r))
        .collect()
}

/// One molecule on a ring of ten places, driven.
pub(crate) fn ring10() -> Model {
    let steps = (0..10)
        .map(|i| CountReaction::mass_action(format!("r{i}"), &[(i, 1)], &[((i + 1) % 10, 1)], 2.0, 1.0));
    let mut start = vec![0; 10];
    start[0] = 1;
    (system(10, steps.collect()), start)
}

/// Schlögl's model in a small volume.
pub(crate) fn schloegl() -> Model {
    let list: &[(Side<'_>, Side<'_>, f64, f64)] = &[
        (&[(0, 2)], &[(0, 3)], 0.0225, 1.125e-4),
        (&[], &[(0, 1)], 37.5, 2.0),
    ];
    (system(1, reversible(list)), vec![20])
}

/// Reversible Brusselator in volume 100.
pub(crate) fn brusselator() -> Model {
    let v = 100.0;
    let list: &[(Side<'_>, Side<'_>, f64, f64)] = &[
        (&[], &[(0, 1)], v, 1.0),
        (&[(0, 2), (1, 1)], &[(0, 3)], 1.0 / (v * v), 0.05 / (v * v)),
        (&[(0, 1)], &[(1, 1)], 2.5, 0.05),
    ];
    (system(2, reversible(list)), vec![100, 250])
}

/// Circadian oscillator of Vilar, Kueh, Barkai and Leibler, PNAS 99, 5988 (2002): Da, Dr, D'a, D'r, Ma, Mr, A, R, C.
pub(crate) fn vilar() -> Model {
    let [da, dr, pa, pr, ma, mr, a, r, c] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    let list: Vec<(Vec<usize>, Vec<usize>, f64)> = vec![
        (vec![a, da], vec![pa], 1.0),
        (vec![pa], vec![a, da], 50.0),
        (vec![a, dr], vec![pr], 1.0),
        (vec![pr], vec![a, dr], 100.0),
        (vec![da], vec![da, ma], 50.0),
        (vec![pa], vec![pa, ma], 500.0),
        (vec![dr], vec![dr, mr], 0.01),
        (vec![pr], vec![pr, mr], 50.0),
        (vec![ma], vec![ma, a], 50.0),
        (vec![mr], vec![mr, r], 5.0),
        (vec![a, r], vec![c], 2.0),
        (vec![c], vec![r], 1.0),
        (vec![a], vec![], 1.0),
        (vec![r], vec![], 0.2),
        (vec![ma], vec![], 10.0),
        (vec![mr], vec![], 0.5),
    ];
    let once = |side: &[usize]| side.iter().map(|&s| (s, 1)).collect::<Vec<_>>();
    let reactions = list
        .iter()
        .enumerate()
        .map(|(k, (from, to, rate))| CountReaction::one_way(format!("r{k}"), &once(from), &once(to), *rate));
    (system(9, reactions.collect()), vec![1, 1, 0, 0, 0, 0, 0, 0, 0])
}

/// Seven independent sites, every micro-state a species: 128 species, 896 channels.
pub(crate) fn multisite() -> Model {
    let mut reactions = Vec::new();
    for m in 0..128_usize {
        for b in (0..7).filter(|b| m & (1 << b) == 0) {
            let on = 1.0 + 0.1 * b as f64;
            reactions.push(CountReaction::mass_action(
                format!("t{m}_{b}"),
                &[(m, 1)],
                &[(m ^ (1 << b), 1)],
                on,
                0.5,
            ));
        }
    }
    let mut start = vec![0; 128];
    start[0] = 2000;
    (system(128, reactions), start)
}

/// Reaction and diffusion on 250 places: hops, pair creation and annihilation; 998 channels.
pub(crate) fn lattice() -> Model {
    let hops =
        (0..249).map(|i| CountReaction::mass_action(format!("h{i}"), &[(i, 1)], &[(i + 1, 1)], 1.2, 1.0));
    let pairs = (0..250).map(|i| CountReaction::mass_action(format!("c{i}"), &[], &[(i, 2)], 1.0, 0.02));
    (system(250, hops.chain(pairs).collect()), vec![7; 250])
}
