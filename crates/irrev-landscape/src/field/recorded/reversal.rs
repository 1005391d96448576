//! The test for a direction of time on two coordinates of a recording, angles by their cosines and sines.

use irrev_numerics::Run;

use crate::diagnose::common_step;
use crate::error::{Error, Result};
use crate::field::{TimeReversal, time_reversal};
use crate::record::{Clock, Record, Segment};

/// A lag is long enough once the mean square step of some function is this part of twice its variance.
const MOVED: f64 = 0.125;

/// Part of the shortest segment that a lag may take.
const LAG: usize = 4;

/// [`time_reversal`] of two coordinates, at the first lag 1, 2, 4, … at which one of them has forgotten an eighth of itself.
///
/// A periodic coordinate enters by its cosine and its sine; circulations are then those of the functions, in their order. At shorter lags steps are noise, at longer ones the differences have decayed.
///
/// ```
/// use irrev_landscape::Period;
/// use irrev_landscape::field::recorded_time_reversal;
/// use irrev_landscape::record::{Clock, Record, Segment};
/// use irrev_numerics::Run;
/// use irrev_numerics::streams::{Purpose, Stream};
/// // an angle that diffuses and is driven round
/// let mut stream = Stream::new(1, Purpose::Search, 0);
/// let (mut angle, mut other, mut turned) = (vec![0.0], vec![0.0], 0.0);
/// for k in 0..20_000 {
///     turned += 0.05 + 0.3 * stream.normal();
///     angle.push(Period::radians().wrapped(turned));
///     other.push(0.9 * other[k] + stream.normal());
/// }
/// let segment = Segment::new(Clock::Step(1.0), vec![&angle, &other])?;
/// let record = Record::new(vec![Some(Period::radians()), None], vec![segment])?;
/// assert!(recorded_time_reversal(&record, [0, 1], 999, &Run::default())?.p_value <= 0.001);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// As [`time_reversal`], and [`Error::NoCoordinate`].
pub fn recorded_time_reversal(
    record: &Record<'_>,
    coordinates: [usize; 2],
    draws: usize,
    run: &Run<'_>,
) -> Result<TimeReversal> {
    let step = common_step(record)?;
    run.require_memory(
        "functions of two coordinates",
        4 * record.frames() * size_of::<f64>() as u64,
    )?;
    let mut columns: Vec<Vec<Vec<f64>>> = Vec::new();
    for segment in record.segments() {
        let mut functions = Vec::new();
        for coordinate in coordinates {
            let x = segment.positions(coordinate)?;
            match record.period(coordinate)? {
                None => functions.push(x.to_vec()),
                Some(period) => {
                    let turn = std::f64::consts::TAU / period.length();
                    let (sin, cos) = x.iter().map(|x| (turn * (x - period.start())).sin_cos()).unzip();
                    functions.extend([cos, sin]);
                }
            }
        }
        columns.push(functions);
    }
    let segments = columns.iter().zip(record.segments()).map(|(functions, segment)| {
        Segment::new(Clock::Step(step), functions.iter().map(Vec::as_slice).collect())?
            .with_weight(segment.weight())
    });
    let functions = columns.first().map_or(0, Vec::len);
    let derived = Record::new(vec![None; functions], segments.collect::<Result<_>>()?)?;
    let shortest = record.segments().iter().map(Segment::frames).min().unwrap_or(0);
    if shortest < 2 {
        return Err(Error::Empty {
            what: "the set of steps of the shortest segment",
            way_out: "give trajectories of at least two frames",
        });
    }
    time_reversal(&derived, lag(&columns, shortest / LAG), draws, run)
}

fn lag(columns: &[Vec<Vec<f64>>], longest: usize) -> usize {
    let mut lag = 1;
    while 2 * lag <= longest && !has_moved(columns, lag) {
        lag *= 2;
    }
    lag
}

/// Whether some function's mean square step is large enough.
fn has_moved(columns: &[Vec<Vec<f64>>], lag: usize) -> bool {
    let functions = columns.first().map_or(0, Vec::len);
    (0..functions).any(|function| {
        let values = || columns.iter().flat_map(|segment| &segment[function]);
        let n = values().count() as f64;
        let mean = values().sum::<f64>() / n;
        let variance = values().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let (mut square, mut steps) = (0.0, 0.0);
        for segment in columns {
            let x = &segment[function];
            for (after, before) in x[lag.min(x.len())..].iter().zip(x) {
                square += (after - before).powi(2);
                steps += 1.0;
            }
        }
        square >= MOVED * 2.0 * variance * steps
    })
}
