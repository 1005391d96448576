//! One block of y ← a H x + b x + c y.
//!
//! Everything here is inlined into [`irrev_numerics::linalg::vectorised`], and compiled for wide vectors there.

use super::hamiltonian::Combination;
use super::low::LowHops;
use super::mixed::Correspondence;
use super::tables::{Coefficient, Tables};

/// Writes the block of the high word of an index. `x` and `z` are whole vectors (z what c multiplies, if not y itself), `y` the block, and `diagonal` scratch for the longest block; a state has `W` numbers
/// side by side.
#[inline(always)]
pub(super) fn block<C: Coefficient, const W: usize>(
    tables: &Tables<C>,
    index: usize,
    combination: Combination,
    (x, z): (&[[C; W]], Option<&[[C; W]]>),
    y: &mut [[C; W]],
    diagonal: &mut [f64],
) {
    let word = tables.high.words[index];
    let ones = tables.particles - word.count_ones() as usize;
    let low = &tables.low[ones];
    let length = y.len();
    let (diagonal, own) = (&mut diagonal[..length], &x[tables.high.starts[index]..][..length]);

    let above = tables.high.diagonal[index];
    for (d, below) in diagonal.iter_mut().zip(&low.diagonal) {
        *d = below + above;
    }
    for site in tables.border.iter().filter(|site| !site.occupations.is_empty()) {
        let field = site.field(word);
        if field != 0.0 {
            for (d, occupation) in diagonal.iter_mut().zip(&site.occupations[ones]) {
                *d += field * occupation;
            }
        }
    }
    let Combination { h: a, x: b, y: c } = combination;
    if c == 0.0 {
        // old contents do not matter, not even if they are NaN
        for ((y, x), d) in y.iter_mut().zip(own).zip(diagonal.iter()) {
            let factor = a * d + b;
            for w in 0..W {
                y[w] = x[w].scaled(factor);
            }
        }
    } else if let Some(z) = z {
        let z = &z[tables.high.starts[index]..][..length];
        for (((y, x), z), d) in y.iter_mut().zip(own).zip(z).zip(diagonal.iter()) {
            let factor = a * d + b;
            for w in 0..W {
                y[w] = x[w].scaled(factor) + z[w].scaled(c);
            }
        }
    } else {
        for ((y, x), d) in y.iter_mut().zip(own).zip(diagonal.iter()) {
            let factor = a * d + b;
            for w in 0..W {
                y[w] = x[w].scaled(factor) + y[w].scaled(c);
            }
        }
    }

    for hops in &low.hops {
        hop_inside(hops, a, own, y);
    }
    add_blocks(tables, word, a, x, y);
    let (fewest, most) = tables.low_particles;
    for site in &tables.border {
        for bond in &site.bonds {
            let source = word ^ 1 << bond.high;
            if source < word && ones < most {
                // the particle on the high site came from below
                let x = &x[tables.high.start(source)..];
                leave_low(&site.correspondences[ones], bond.into_high.scaled(a), x, y);
            } else if source > word && ones > fewest {
                let x = &x[tables.high.start(source)..];
                enter_low(&site.correspondences[ones - 1], bond.into_low.scaled(a), x, y);
            }
        }
    }
}

#[inline(always)]
fn hop_inside<C: Coefficient, const W: usize>(hops: &LowHops<C>, a: f64, x: &[[C; W]], y: &mut [[C; W]]) {
    let amplitude = hops.amplitude.scaled(a);
    for rows in &hops.rows {
        for (&row, sources) in rows.rows.iter().zip(rows.sources.chunks_exact(rows.sources_each)) {
            let mut sum = [C::ZERO; W];
            for &source in sources {
                let x = &x[usize::from(source)];
                for w in 0..W {
                    sum[w] += x[w];
                }
            }
            let y = &mut y[usize::from(row)];
            for w in 0..W {
                y[w] += amplitude * sum[w];
            }
        }
    }
}

/// Adds the blocks that bonds between high sites bring, four at a time, so that y is read and written less often.
#[inline(always)]
fn add_blocks<C: Coefficient, const W: usize>(
    tables: &Tables<C>,
    word: u64,
    a: f64,
    x: &[[C; W]],
    y: &mut [[C; W]],
) {
    let none: (&[[C; W]], C) = (&[], C::ZERO);
    let (mut waiting, mut count) = ([none; 4], 0);
    for (start, amplitude) in tables.high.sources(word) {
        waiting[count] = (&x[start..][..y.len()], amplitude.scaled(a));
        count += 1;
        if count == 4 {
            let [(x0, c0), (x1, c1), (x2, c2), (x3, c3)] = waiting;
            for ((((y, x0), x1), x2), x3) in y.iter_mut().zip(x0).zip(x1).zip(x2).zip(x3) {
                for w in 0..W {
                    y[w] += (c0 * x0[w] + c1 * x1[w]) + (c2 * x2[w] + c3 * x3[w]);
                }
            }
            count = 0;
        }
    }
    for (x, amplitude) in &waiting[..count] {
        add(*amplitude, x, y);
    }
}

/// y += amplitude · x.
#[inline(always)]
fn add<C: Coefficient, const W: usize>(amplitude: C, x: &[[C; W]], y: &mut [[C; W]]) {
    for (y, x) in y.iter_mut().zip(x) {
        for w in 0..W {
            y[w] += amplitude * x[w];
        }
    }
}

/// Adds the amplitudes of words with a low site occupied to those with it empty.
#[inline(always)]
fn leave_low<C: Coefficient, const W: usize>(
    correspondence: &Correspondence,
    amplitude: C,
    x: &[[C; W]],
    y: &mut [[C; W]],
) {
    carry(
        correspondence,
        amplitude,
        x,
        y,
        #[inline(always)]
        |empty, occupied| (occupied, empty),
    );
}

/// Adds the amplitudes of words with a low site empty to those with it occupied.
#[inline(always)]
fn enter_low<C: Coefficient, const W: usize>(
    correspondence: &Correspondence,
    amplitude: C,
    x: &[[C; W]],
    y: &mut [[C; W]],
) {
    carry(
        correspondence,
        amplitude,
        x,
        y,
        #[inline(always)]
        |empty, occupied| (empty, occupied),
    );
}

/// y += amplitude · x between corresponding words; `direction` makes (place in x, place in y) of (empty, occupied).
#[inline(always)]
fn carry<C: Coefficient, const W: usize>(
    correspondence: &Correspondence,
    amplitude: C,
    x: &[[C; W]],
    y: &mut [[C; W]],
    direction: impl Fn(usize, usize) -> (usize, usize),
) {
    match correspondence {
        Correspondence::Runs(runs) => {
            for &(empty, occupied, length) in runs {
                let (from, to) = direction(usize::from(empty), usize::from(occupied));
                let length = usize::from(length);
                add(amplitude, &x[from..][..length], &mut y[to..][..length]);
            }
        }
        Correspondence::Entries(entries) => {
            for &(empty, occupied) in entries {
                let (from, to) = direction(usize::from(empty), usize::from(occupied));
                let (x, y) = (&x[from], &mut y[to]);
                for w in 0..W {
                    y[w] += amplitude * x[w];
                }
            }
        }
    }
}
