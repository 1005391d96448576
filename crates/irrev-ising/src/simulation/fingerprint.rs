//! What tells one simulation from another: its checkpoints are named by it, so that those of different requests lie side by side in a folder.
//!
//! Source: G. Fowler, L. C. Noll and K.-P. Vo, 64-bit FNV-1a.

/// A hash of everything that the results depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn take(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    pub(super) fn take_text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.take(byte.into()));
    }

    pub(super) fn value(self) -> u64 {
        self.0
    }
}
