//! Joint distributions as row-major tables, and relative entropies against what is made of their marginals.

use irrev_numerics::special::relative_entropy_term;
use irrev_numerics::sum::CompensatedSum;

/// Row-major strides of a table.
pub(super) fn strides(sizes: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; sizes.len()];
    for k in (0..sizes.len().saturating_sub(1)).rev() {
        strides[k] = strides[k + 1] * sizes[k + 1];
    }
    strides
}

/// Index of every cell in the marginal table of the given axes, and the size of that table.
pub(super) fn marginal_index(sizes: &[usize], axes: &[usize]) -> (Vec<usize>, usize) {
    let (full, kept): (Vec<usize>, Vec<usize>) = (strides(sizes), axes.iter().map(|&k| sizes[k]).collect());
    let small = strides(&kept);
    let cells: usize = sizes.iter().product();
    let of_cell = |z: usize| {
        let along = |(&k, stride): (&usize, &usize)| (z / full[k] % sizes[k]) * stride;
        axes.iter().zip(&small).map(along).sum()
    };
    ((0..cells).map(of_cell).collect(), kept.iter().product())
}

/// Sums over the cells with the same index.
pub(super) fn sums(index: &[usize], values: &[f64], size: usize) -> Vec<f64> {
    let mut sums = vec![CompensatedSum::default(); size];
    for (&i, &x) in index.iter().zip(values) {
        sums[i].add(x);
    }
    sums.iter().map(CompensatedSum::value).collect()
}

/// Σ p ln(p/q) for p and q(cell) of the same total, term by term ≥ 0; +∞ where q = 0 < p.
pub(super) fn relative_entropy(p: &[f64], q: impl Fn(usize) -> f64) -> f64 {
    let (mut terms, mut defect) = (CompensatedSum::default(), CompensatedSum::default());
    for (z, &p) in p.iter().enumerate() {
        let q = q(z);
        terms.add(relative_entropy_term(p, q));
        defect.add(p);
        defect.add(-q);
    }
    (terms.value() + defect.value()).max(0.0)
}

/// I(A; B | C) of a table, in nats: the divergence from p_AC p_BC/p_C.
pub(super) fn conditional_information(p: &[f64], sizes: &[usize], [a, b, c]: [&[usize]; 3]) -> f64 {
    let joined = |axes: [&[usize]; 3]| marginal_index(sizes, &axes.concat());
    let (all, cells) = joined([a, b, c]);
    let p = sums(&all, p, cells);
    let kept: Vec<usize> = [a, b, c].concat().iter().map(|&k| sizes[k]).collect();
    let place = |from: usize, many: usize| (from..from + many).collect::<Vec<usize>>();
    let (a, b, c) = (
        place(0, a.len()),
        place(a.len(), b.len()),
        place(a.len() + b.len(), c.len()),
    );
    let marginal = |axes: Vec<usize>| {
        let (index, size) = marginal_index(&kept, &axes);
        let values = sums(&index, &p, size);
        (index, values)
    };
    let (with_a, p_ac) = marginal([a, c.clone()].concat());
    let (with_b, p_bc) = marginal([b, c.clone()].concat());
    let (alone, p_c) = marginal(c);
    relative_entropy(&p, |z| {
        let c = p_c[alone[z]];
        if c == 0.0 {
            0.0
        } else {
            p_ac[with_a[z]] * (p_bc[with_b[z]] / c)
        }
    })
}
