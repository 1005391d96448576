//! Rows of equal length, without the division that `chunks_exact` begins with: a step of a single walker takes dozens of them, and a division lasts as long as the arithmetic of a row.

/// Rows of `lanes` numbers.
#[inline(always)]
pub(super) fn rows<T>(all: &[T], lanes: usize) -> Rows<'_, T> {
    Rows { rest: all, lanes }
}

/// Rows of `lanes` numbers that may be changed.
#[inline(always)]
pub(super) fn rows_mut<T>(all: &mut [T], lanes: usize) -> RowsMut<'_, T> {
    RowsMut { rest: all, lanes }
}

pub(super) struct Rows<'a, T> {
    rest: &'a [T],
    lanes: usize,
}

impl<T> Clone for Rows<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<'a, T> Iterator for Rows<'a, T> {
    type Item = &'a [T];

    #[inline(always)]
    fn next(&mut self) -> Option<&'a [T]> {
        // no columns, no rows: without this, empty rows would never end
        if self.rest.is_empty() {
            return None;
        }
        let (row, rest) = self.rest.split_at_checked(self.lanes)?;
        self.rest = rest;
        Some(row)
    }
}

pub(super) struct RowsMut<'a, T> {
    rest: &'a mut [T],
    lanes: usize,
}

impl<'a, T> Iterator for RowsMut<'a, T> {
    type Item = &'a mut [T];

    #[inline(always)]
    fn next(&mut self) -> Option<&'a mut [T]> {
        if self.rest.is_empty() {
            return None;
        }
        let (row, rest) = std::mem::take(&mut self.rest).split_at_mut_checked(self.lanes)?;
        self.rest = rest;
        Some(row)
    }
}
