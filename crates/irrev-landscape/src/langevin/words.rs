//! The state of a simulation as 64-bit words: every number comes back with its bits.

/// Collects words.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn word(&mut self, x: u64) {
        self.0.extend_from_slice(&x.to_le_bytes());
    }

    pub(super) fn numbers(&mut self, x: &[f64]) {
        self.word(x.len() as u64);
        for v in x {
            self.word(v.to_bits());
        }
    }

    pub(super) fn bytes(&mut self, x: &[u8]) {
        self.word(x.len() as u64);
        self.0.extend_from_slice(x);
    }

    pub(super) fn text(&mut self, x: &str) {
        self.bytes(x.as_bytes());
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Takes words back; `None` where they end.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Reader<'_> {
    fn bytes(&mut self, n: usize) -> Option<&[u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    pub(super) fn word(&mut self) -> Option<u64> {
        self.bytes(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// A length that the rest of the data can hold.
    fn length(&mut self) -> Option<usize> {
        let n = usize::try_from(self.word()?).ok()?;
        (n <= self.0.len()).then_some(n)
    }

    pub(super) fn numbers(&mut self) -> Option<Vec<f64>> {
        let n = self.length()?;
        (0..n).map(|_| self.word().map(f64::from_bits)).collect()
    }

    pub(super) fn owned_bytes(&mut self) -> Option<Vec<u8>> {
        let n = self.length()?;
        Some(self.bytes(n)?.to_vec())
    }

    pub(super) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.owned_bytes()?).ok()
    }
}
