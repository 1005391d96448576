//! Words of symbols as whole numbers, and how often each occurs.

use crate::error::{Error, Result};

/// Tables of up to 2²⁰ cells are held whole; beyond, words are sorted.
pub(crate) const DENSE_BITS: u32 = 20;

/// Bits of one symbol out of `symbols`; at least one.
pub(crate) fn bits_of(symbols: usize) -> u32 {
    usize::BITS - symbols.saturating_sub(1).max(1).leading_zeros()
}

/// Number of symbols 0, 1, …, largest; an error unless the sequence stays below `symbols`, where given.
pub(crate) fn require_symbols(what: &str, sequence: &[u32], symbols: usize) -> Result<()> {
    // one pass without a branch first: a symbol beyond the last, or beyond 2³¹, leaves a sign bit; the place matters only where something is wrong
    let last = symbols.min(1 << 31) as i64 - 1;
    let signs = sequence.iter().fold(0_i32, |signs, &s| {
        signs | (last as i32).wrapping_sub(s as i32) | s as i32
    });
    if sequence.is_empty() || (signs >= 0 && symbols > 0) {
        return Ok(());
    }
    let index = sequence.iter().position(|&s| s as usize >= symbols).unwrap_or(0);
    Err(Error::State {
        what: what.into(),
        index,
        state: sequence[index],
        last: symbols.saturating_sub(1),
    })
}

/// Words that occur, in rising order, each with its number.
pub(crate) fn tally(words: impl Iterator<Item = u128>, bits: u32) -> Vec<(u128, u64)> {
    if bits <= DENSE_BITS {
        let mut table = vec![0_u64; 1 << bits];
        for word in words {
            table[word as usize] += 1;
        }
        return table
            .into_iter()
            .enumerate()
            .filter(|&(_, n)| n > 0)
            .map(|(word, n)| (word as u128, n))
            .collect();
    }
    let mut sorted: Vec<u128> = words.collect();
    sorted.sort_unstable();
    merged(sorted.into_iter().map(|word| (word, 1)))
}

/// Numbers of equal neighbours added up.
fn merged(sorted: impl Iterator<Item = (u128, u64)>) -> Vec<(u128, u64)> {
    let mut out: Vec<(u128, u64)> = Vec::new();
    for (word, n) in sorted {
        match out.last_mut() {
            Some(last) if last.0 == word => last.1 += n,
            _ => out.push((word, n)),
        }
    }
    out
}

/// The tally of what a function makes of the words.
pub(crate) fn projected(words: &[(u128, u64)], to: impl Fn(u128) -> u128) -> Vec<(u128, u64)> {
    let mut out: Vec<(u128, u64)> = words.iter().map(|&(word, n)| (to(word), n)).collect();
    out.sort_unstable();
    merged(out.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_take_the_bits_they_need() {
        assert_eq!([1, 2, 3, 4, 5, 256, 257].map(bits_of), [1, 1, 2, 2, 3, 8, 9]);
    }

    #[test]
    fn tables_and_sorted_words_agree() {
        let words = [5_u128, 1, 5, 5, 0, 1];
        assert_eq!(tally(words.into_iter(), 3), tally(words.into_iter(), 60));
        assert_eq!(
            projected(&tally(words.into_iter(), 3), |w| w >> 1),
            [(0, 3), (2, 3)]
        );
    }
}
