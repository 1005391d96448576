//! Positions as XTC packs them: whole numbers in a box, and runs of atoms near to each other in small boxes.
//!
//! Three whole numbers below given sizes are one number in mixed radix, written in as few bits as it needs, lowest byte first. After each atom a bit tells
//! whether the length of runs changes; a run gives up to eight atoms relative to the one before, in a small cube whose side goes up and down a table.
//! The first two atoms of a run are swapped, since oxygen is between the hydrogens of water.
//!
//! Source: the format of GROMACS' library xdrfile (F. van Hoesel, 1995), `xdr3dfcoord`.

/// Sides of small cubes.
const SIDES: [u32; 73] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 101, 128, 161, 203, 256, 322, 406,
    512, 645, 812, 1024, 1290, 1625, 2048, 2580, 3250, 4096, 5060, 6501, 8192, 10321, 13003, 16384, 20642,
    26007, 32768, 41285, 52015, 65536, 82570, 104031, 131072, 165140, 208063, 262144, 330280, 416127, 524287,
    660561, 832255, 1048576, 1321122, 1664510, 2097152, 2642245, 3329021, 4194304, 5284491, 6658042, 8388607,
    10568983, 13316085, 16777216,
];

/// The first side that is used.
const FIRST: usize = 9;

/// Sizes above are written number by number.
const LARGEST_JOINED: u32 = 0xff_ffff;

/// Zero bytes behind the data, so that words may be read at its end.
pub(super) const PADDING: usize = 8;

/// What stands before the packed bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Packing {
    pub(super) atoms: usize,
    pub(super) lowest: [i32; 3],
    pub(super) highest: [i32; 3],
    /// Which side small cubes begin with.
    pub(super) side: i32,
}

/// Unpacks the first `needed` positions, in whole units of the precision. `data` ends with [`PADDING`] bytes that are none of it.
pub(super) fn unpack(
    packing: &Packing,
    data: &[u8],
    needed: usize,
    positions: &mut Vec<[i32; 3]>,
) -> Result<(), &'static str> {
    const DAMAGED: &str = "its positions are damaged: the packed data say what is not possible";
    positions.clear();
    let mut sizes = [0_u32; 3];
    for (axis, size) in sizes.iter_mut().enumerate() {
        let span = i64::from(packing.highest[axis]) - i64::from(packing.lowest[axis]) + 1;
        *size = u32::try_from(span).ok().filter(|size| *size > 0).ok_or(DAMAGED)?;
    }
    let joined = sizes.iter().all(|size| *size <= LARGEST_JOINED).then(|| {
        let product: u128 = sizes.iter().map(|size| u128::from(*size)).product();
        128 - product.leading_zeros()
    });
    let mut bits = Bits::new(data);
    let mut side = usize::try_from(packing.side).map_err(|_| DAMAGED)?;
    let cube = |side: usize| SIDES.get(side).copied().filter(|size| *size > 0).ok_or(DAMAGED);
    cube(side)?;
    let mut run = 0_u32;
    let mut done = 0;
    while done < packing.atoms && positions.len() < needed {
        let found = match joined {
            Some(width) => bits.three(width, sizes),
            None => bits.each(sizes),
        };
        let large = found.ok_or(DAMAGED)?;
        let mut before = [0, 1, 2].map(|axis| (large[axis] as i32).wrapping_add(packing.lowest[axis]));
        done += 1;
        let mut change = 0_i32;
        if bits.take(1).ok_or(DAMAGED)? == 1 {
            let word = bits.take(5).ok_or(DAMAGED)? as u32;
            change = (word % 3) as i32 - 1;
            run = word - word % 3;
        }
        let size = cube(side)?;
        let half = (size / 2) as i32;
        let atoms = (run / 3) as usize;
        if done + atoms > packing.atoms {
            return Err(DAMAGED);
        }
        if atoms == 0 {
            positions.push(before);
        }
        let first = before;
        for index in 0..atoms {
            let small = bits.three(side as u32, [size; 3]).ok_or(DAMAGED)?;
            let here =
                [0, 1, 2].map(|axis| (small[axis] as i32).wrapping_add(before[axis]).wrapping_sub(half));
            positions.push(here);
            if index == 0 {
                positions.push(first);
            }
            before = here;
        }
        done += atoms;
        side = side
            .checked_add_signed(change as isize)
            .filter(|side| *side >= FIRST)
            .ok_or(DAMAGED)?;
    }
    Ok(())
}

/// Bits from the highest of each byte on.
struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Bits<'a> {
    fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            end: data.len().saturating_sub(PADDING) * 8,
        }
    }

    /// The next bits, at most 56 of them, as a number.
    #[inline]
    fn take(&mut self, count: u32) -> Option<u64> {
        if count == 0 {
            return Some(0);
        }
        let next = self.at + count as usize;
        if next > self.end {
            return None;
        }
        let word = u64::from_be_bytes(*self.data.get(self.at / 8..)?.first_chunk()?);
        let found = (word << (self.at % 8)) >> (64 - count);
        self.at = next;
        Some(found)
    }

    /// The next bits as a number that is written lowest byte first.
    #[inline]
    fn low_first(&mut self, count: u32) -> Option<u64> {
        let whole = count / 8 * 8;
        let bytes = match whole {
            0 => 0,
            whole => self.take(whole)?.swap_bytes() >> (64 - whole),
        };
        Some(bytes | self.take(count - whole)? << whole)
    }

    /// Three numbers below the sizes, as one of so many bits.
    #[inline]
    fn three(&mut self, width: u32, sizes: [u32; 3]) -> Option<[u32; 3]> {
        let [_, middle, last] = sizes;
        if width <= 56 {
            let number = self.low_first(width)?;
            let (rest, third) = (number / u64::from(last), number % u64::from(last));
            let (first, second) = (rest / u64::from(middle), rest % u64::from(middle));
            return Some([first as u32, second as u32, third as u32]);
        }
        let low = u128::from(self.low_first(56)?);
        let number = low | u128::from(self.low_first(width - 56)?) << 56;
        let (rest, third) = (number / u128::from(last), number % u128::from(last));
        let (first, second) = (rest / u128::from(middle), rest % u128::from(middle));
        Some([first as u32, second as u32, third as u32])
    }

    /// Three numbers below the sizes, each on its own.
    fn each(&mut self, sizes: [u32; 3]) -> Option<[u32; 3]> {
        let mut found = [0; 3];
        for (number, size) in found.iter_mut().zip(sizes) {
            *number = self.take(32 - size.leading_zeros())? as u32;
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_run_out_without_harm() {
        let data = [0b1010_0000, 0xff, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut bits = Bits::new(&data);
        assert_eq!(
            (bits.take(3), bits.take(0), bits.take(5)),
            (Some(5), Some(0), Some(0))
        );
        assert_eq!((bits.take(8), bits.take(1)), (Some(0xff), None));
        assert_eq!(Bits::new(&[1, 2, 3]).take(1), None);
        let mut bits = Bits::new(&[0x34, 0x12, 0x70, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(bits.low_first(20), Some(0x7_1234));
    }

    #[test]
    fn packed_data_that_are_not_possible_are_refused() {
        let packing = Packing {
            atoms: 10,
            lowest: [0; 3],
            highest: [100; 3],
            side: 9,
        };
        let mut positions = Vec::new();
        for packing in [
            Packing { side: 8, ..packing },
            Packing { side: 73, ..packing },
            Packing { side: -1, ..packing },
            Packing {
                highest: [-1; 3],
                ..packing
            },
            packing,
        ] {
            assert!(unpack(&packing, &[0; 12], 10, &mut positions).is_err());
        }
    }
}
