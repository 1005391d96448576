//! Steps a tile at a time, a column for each coordinate and current, so that sums run over vectors.
//!
//! Columns are as long as a tile whatever part of it is filled; the rest is zero and adds nothing. The order of additions (eight interleaved partial sums) is part of the result.

use irrev_numerics::linalg::Matrix;

use super::family::Currents;

/// Steps of a tile.
pub(super) const LENGTH: usize = 128;
/// Interleaved partial sums of a product of columns.
const LANES: usize = 8;
/// Currents above which a blocked product of matrices is faster than products of columns.
const MANY: usize = 48;

/// Midpoints, differences and values of currents on up to [`LENGTH`] steps, column by column.
pub(super) struct Tile {
    pub(super) middles: Vec<f64>,
    pub(super) differences: Vec<f64>,
    pub(super) values: Vec<f64>,
    /// Room for one number for each step.
    pub(super) weights: Vec<f64>,
}

impl Tile {
    pub(super) fn new(currents: &Currents) -> Self {
        Self {
            middles: vec![0.0; currents.dimension() * LENGTH],
            differences: vec![0.0; currents.dimension() * LENGTH],
            values: vec![0.0; currents.len() * LENGTH],
            weights: vec![0.0; LENGTH],
        }
    }

    pub(super) fn fits(&self, currents: &Currents) -> bool {
        self.middles.len() == currents.dimension() * LENGTH && self.values.len() == currents.len() * LENGTH
    }

    /// One step of given midpoint and difference.
    pub(super) fn place(&mut self, middle: &[f64], difference: &[f64]) {
        for (a, (x, dx)) in middle.iter().zip(difference).enumerate() {
            self.middles[a * LENGTH] = *x;
            self.differences[a * LENGTH] = *dx;
        }
    }

    /// Steps from point t to point t + stride for t = first, first + 1, …, `count` of them.
    #[inline(always)]
    pub(super) fn load(&mut self, points: &[f64], d: usize, first: usize, stride: usize, count: usize) {
        for a in 0..d {
            let middles = &mut self.middles[a * LENGTH..(a + 1) * LENGTH];
            let differences = &mut self.differences[a * LENGTH..(a + 1) * LENGTH];
            let from = points[first * d + a..].iter().step_by(d);
            let to = points[(first + stride) * d + a..].iter().step_by(d);
            for (((middle, difference), x), y) in middles
                .iter_mut()
                .zip(differences.iter_mut())
                .zip(from)
                .zip(to)
                .take(count)
            {
                *middle = 0.5 * (x + y);
                *difference = y - x;
            }
            middles[count..].fill(0.0);
            differences[count..].fill(0.0);
        }
    }
}

/// Adds Σ_t g_k to `sums`, K numbers.
#[inline(always)]
pub(super) fn add_sums(values: &[f64], sums: &mut [f64]) {
    for (column, sum) in values.chunks_exact(LENGTH).zip(sums) {
        let mut lanes = [0.0; LANES];
        for part in column.chunks_exact(LANES) {
            for (lane, x) in lanes.iter_mut().zip(part) {
                *lane += x;
            }
        }
        *sum += joined(lanes);
    }
}

/// Adds Σ_t g_k g_l to `products`, the lower triangle by rows: (0,0), (1,0), (1,1), (2,0) …
#[inline(always)]
pub(super) fn add_products(values: &[f64], products: &mut [f64]) {
    let number = values.len() / LENGTH;
    if number > MANY {
        let gram = Matrix::from_columns(LENGTH, values.to_vec()).gram();
        let mut place = 0;
        for k in 0..number {
            for l in 0..=k {
                products[place] += gram[(l, k)];
                place += 1;
            }
        }
        return;
    }
    let row = |k: usize| k * (k + 1) / 2;
    let column = |k: usize| &values[k * LENGTH..(k + 1) * LENGTH];
    // two by two, so that each column is loaded half as often
    for k in (0..number - number % 2).step_by(2) {
        for l in (0..=k).step_by(2) {
            let [[a, b], [c, d]] = four(column(k), column(k + 1), column(l), column(l + 1));
            products[row(k) + l] += a;
            if l < k {
                products[row(k) + l + 1] += b;
            }
            products[row(k + 1) + l] += c;
            products[row(k + 1) + l + 1] += d;
        }
    }
    if number % 2 == 1 {
        let k = number - 1;
        for l in (0..k).step_by(2) {
            let [[a, b], _] = four(column(k), column(k), column(l), column(l + 1));
            products[row(k) + l] += a;
            products[row(k) + l + 1] += b;
        }
        products[row(k) + k] += four(column(k), column(k), column(k), column(k))[0][0];
    }
}

/// Products of two columns with two others.
#[inline(always)]
fn four(a: &[f64], b: &[f64], c: &[f64], d: &[f64]) -> [[f64; 2]; 2] {
    let mut lanes = [[[0.0; LANES]; 2]; 2];
    let left = a.chunks_exact(LANES).zip(b.chunks_exact(LANES));
    let right = c.chunks_exact(LANES).zip(d.chunks_exact(LANES));
    for ((a, b), (c, d)) in left.zip(right) {
        for i in 0..LANES {
            lanes[0][0][i] += a[i] * c[i];
            lanes[0][1][i] += a[i] * d[i];
            lanes[1][0][i] += b[i] * c[i];
            lanes[1][1][i] += b[i] * d[i];
        }
    }
    lanes.map(|pair| pair.map(joined))
}

#[inline(always)]
fn joined(x: [f64; LANES]) -> f64 {
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_columns_are_those_of_plain_loops_for_few_and_many_columns() {
        for number in [1, 2, 3, 6, 7, MANY + 1] {
            // whole numbers: exact in any order
            let values: Vec<f64> = (0..number * LENGTH)
                .map(|x| ((x * 7 + x / LENGTH) % 11) as f64 - 5.0)
                .collect();
            let mut products = vec![1.0; number * (number + 1) / 2];
            add_products(&values, &mut products);
            let mut sums = vec![2.0; number];
            add_sums(&values, &mut sums);
            let column = |k: usize| values[k * LENGTH..(k + 1) * LENGTH].iter();
            let mut place = 0;
            for (k, sum) in sums.iter().enumerate() {
                assert_eq!(*sum, 2.0 + column(k).sum::<f64>());
                for l in 0..=k {
                    let product: f64 = column(k).zip(column(l)).map(|(x, y)| x * y).sum();
                    assert_eq!(products[place], 1.0 + product, "{number}: {k}, {l}");
                    place += 1;
                }
            }
        }
    }
}
