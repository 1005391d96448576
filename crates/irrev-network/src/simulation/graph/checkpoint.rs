//! States of long computations as words, so that a resumed run has the bits of an unbroken one.
//!
//! A checkpoint holds the words that describe the question and the words of the state. It is found by a hash of the question and
//! accepted only if every word of the question agrees; infinities and NaN survive, which they would not as decimal text.

use irrev_numerics::{Error as NumericsError, Run};

use crate::error::Result;
use crate::network::Network;

/// FNV-1a over the bytes of the words (Fowler, Noll and Vo): a name, not a proof; the words themselves are compared.
fn hash(words: &[u64]) -> u64 {
    words
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |h, byte| {
            (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// Who is joined to whom, as words.
pub(super) fn network_words(network: &Network) -> impl Iterator<Item = u64> + '_ {
    let ends = network.edges().iter().flat_map(|e| {
        let reservoir = e.reservoir.map_or(u64::MAX, |r| r as u64);
        [e.from as u64, e.to as u64, reservoir]
    });
    std::iter::once(network.states().len() as u64).chain(ends)
}

/// The place of one computation in the checkpoint store of a run.
pub(super) struct Checkpoint<'a> {
    run: &'a Run<'a>,
    name: String,
    question: Vec<u64>,
}

impl<'a> Checkpoint<'a> {
    /// A computation of a kind, told apart by the words of its question.
    pub(super) fn new(kind: &str, question: Vec<u64>, run: &'a Run<'a>) -> Self {
        Self {
            run,
            name: format!("{kind}-{:016x}", hash(&question)),
            question,
        }
    }

    /// Saves the state if the run keeps checkpoints.
    pub(super) fn save(&self, state: &[u64]) -> Result<()> {
        let Some(store) = self.run.checkpoints else {
            return Ok(());
        };
        let length = [self.question.len() as u64];
        let words = length.iter().chain(&self.question).chain(state);
        let bytes: Vec<u8> = words.flat_map(|w| w.to_le_bytes()).collect();
        Ok(store.save(&self.name, &bytes)?)
    }

    /// The state saved earlier, handed to `read`; `None` if there is none.
    ///
    /// # Errors
    /// A checkpoint that is damaged, belongs to another question, or does not hold what `read` needs.
    pub(super) fn load<T>(
        &self,
        read: impl FnOnce(&mut std::vec::IntoIter<u64>) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(store) = self.run.checkpoints else {
            return Ok(None);
        };
        let Some(bytes) = store.load(&self.name)? else {
            return Ok(None);
        };
        let refused = |reason: &str| NumericsError::Checkpoint {
            path: self.name.clone(),
            reason: reason.into(),
        };
        let words: Vec<u64> = bytes
            .chunks_exact(8)
            .map(|c| c.iter().rev().fold(0, |w, byte| w << 8 | u64::from(*byte)))
            .collect();
        let mut words = words.into_iter();
        let asked = words.next().unwrap_or(0);
        let same =
            asked == self.question.len() as u64 && self.question.iter().all(|q| words.next() == Some(*q));
        if !same {
            return Err(refused("it belongs to another question; use another folder").into());
        }
        match read(&mut words) {
            Some(state) if words.next().is_none() => Ok(Some(state)),
            _ => Err(refused("it does not hold the state expected; remove it to begin anew").into()),
        }
    }
}
