//! Permutations of sites acting on words.

use crate::error::{Error, Result};

/// Bits of a word looked up at a time.
const BYTE: usize = 8;

/// Moves bit i to bit `to[i]`, eight bits at a time. Also serves to spread the bits of a short word over chosen sites.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BitMap {
    tables: Vec<[u64; 1 << BYTE]>,
}

impl BitMap {
    /// Bit i goes to `to[i]`; all different, below 64.
    pub(crate) fn new(to: &[usize]) -> Self {
        let table = |sites: &[usize]| {
            let mut table = [0; 1 << BYTE];
            for (byte, word) in table.iter_mut().enumerate() {
                let bits = sites.iter().enumerate().filter(|(bit, _)| byte >> bit & 1 == 1);
                *word = bits.map(|(_, &site)| 1_u64 << site).sum();
            }
            table
        };
        Self {
            tables: to.chunks(BYTE).map(table).collect(),
        }
    }

    /// The word with its bits moved.
    #[inline]
    pub(crate) fn apply(&self, word: u64) -> u64 {
        let bytes = self.tables.iter().enumerate();
        bytes.fold(0, |moved, (k, table)| {
            moved | table[(word >> (BYTE * k) & 0xff) as usize]
        })
    }
}

/// Checks that every site occurs once.
pub(super) fn require_permutation(permutation: &[usize], sites: usize) -> Result<()> {
    Error::require_size("a permutation of the sites", permutation.len(), sites)?;
    let mut seen = vec![false; sites];
    for &site in permutation {
        if site >= sites {
            return Err(Error::Site {
                what: "a permutation of the sites".into(),
                site,
                sites,
            });
        }
        if std::mem::replace(&mut seen[site], true) {
            return Err(Error::RepeatedSite {
                what: "a permutation of the sites",
                site,
            });
        }
    }
    Ok(())
}

/// First `first`, then `second`.
pub(super) fn product(second: &[usize], first: &[usize]) -> Vec<usize> {
    first.iter().map(|&site| second[site]).collect()
}
