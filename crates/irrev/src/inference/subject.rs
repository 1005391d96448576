//! The activity that is analysed: chosen units in bins, without those that never change.

use irrev_ising::inference::{Binning, ConstantUnit, DataError, Edges, Raster};
use irrev_numerics::Run;

use super::request::InferenceRequest;
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::recordings::{Activity, Recording, Spikes};

/// Bins whose transitions the library keeps unpacked, in bytes.
const KEPT: u64 = 64 << 20;
/// Blocks of the error ellipse, each of which moves all couplings.
const BLOCKS: u64 = 100;

/// Units in bins.
pub(super) struct Subject<'a> {
    pub(super) recording: &'a Recording,
    /// Base name of the recording.
    pub(super) name: String,
    /// Labels of the units analysed.
    pub(super) labels: Vec<String>,
    pub(super) raster: Raster,
    /// Width of a bin in seconds, if it is known.
    pub(super) width: Option<f64>,
    /// Where bin 0 begins, seconds.
    pub(super) start: f64,
    /// Every unit that was chosen: its label, its spikes (or active bins) in the bins, its active bins, and what became of it.
    pub(super) chosen: Vec<Chosen>,
    /// Where spikes went; none for tables.
    pub(super) spikes: Option<SpikeCounts>,
}

/// A unit that was chosen for analysis.
pub(super) struct Chosen {
    pub(super) label: String,
    pub(super) spikes: usize,
    pub(super) active_bins: usize,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Analysed,
    AlwaysSilent,
    AlwaysActive,
    /// In the same state throughout a half of the recording; halves are fitted apart from each other.
    ConstantInAHalf,
}

/// Where spikes of the chosen units went.
pub(super) struct SpikeCounts {
    pub(super) given: usize,
    pub(super) in_bins: usize,
    pub(super) repeated: usize,
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) on_edge: usize,
    pub(super) coincidences: usize,
    pub(super) refractory_violations: usize,
    /// Time of the first spike, seconds.
    pub(super) first: f64,
}

/// Binned activity before constant units are left out.
struct Binned {
    raster: Raster,
    start: f64,
    per_unit: Vec<usize>,
    counts: Option<SpikeCounts>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        recording: &'a Recording,
        request: &InferenceRequest,
        width: Option<f64>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let fail = |error| Error::recording(&recording.name, error);
        let units = selected(recording, request)?;
        let binned = match &recording.activity {
            Activity::Spikes(spikes) => binned(recording, spikes, &units, (request, width), run)?,
            Activity::Bins(table) => {
                refuse_times(request)?;
                let raster = table.select(&units).map_err(fail)?;
                Binned {
                    per_unit: raster.active_bins(),
                    raster,
                    start: 0.0,
                    counts: None,
                }
            }
        };
        if binned.raster.bins() < 2 {
            let short = DataError::TooShort {
                what: "a recording",
                found: 0,
                needed: 1,
            };
            return Err(fail(short.into()));
        }
        require_memory(recording, &binned.raster, run)?;
        let active = binned.raster.active_bins();
        let (raster, kept, constant) = binned.raster.without_constant_units().map_err(fail)?;
        let halves = raster.transitions().map_err(fail)?.halves();
        let in_a_half: Vec<ConstantUnit> = halves.iter().flat_map(|half| half.constant_units()).collect();
        let (raster, changing) = raster.without(&in_a_half).map_err(fail)?;
        let kept: Vec<usize> = changing.iter().map(|unit| kept[*unit]).collect();
        let fate = |unit: usize| match constant.iter().find(|c| c.unit == unit) {
            Some(found) if found.active => Fate::AlwaysActive,
            Some(_) => Fate::AlwaysSilent,
            None if kept.contains(&unit) => Fate::Analysed,
            None => Fate::ConstantInAHalf,
        };
        let chosen: Vec<Chosen> = units
            .iter()
            .enumerate()
            .map(|(place, unit)| Chosen {
                label: recording.labels[*unit].clone(),
                spikes: binned.per_unit[place],
                active_bins: active[place],
                fate: fate(place),
            })
            .collect();
        let name = std::path::Path::new(&recording.name).file_name().map_or_else(
            || recording.name.clone(),
            |base| base.to_string_lossy().into_owned(),
        );
        Ok(Self {
            recording,
            name,
            labels: kept.iter().map(|place| chosen[*place].label.clone()).collect(),
            raster,
            width,
            start: binned.start,
            chosen,
            spikes: binned.counts,
        })
    }

    /// An error of the library, which counts units from 0, with their labels.
    pub(super) fn fail(&self, error: irrev_ising::Error) -> Error {
        let named = match &error {
            irrev_ising::Error::Data(
                DataError::Constant { unit, .. }
                | DataError::Dependent { unit }
                | DataError::Separated { unit },
            ) => vec![*unit],
            irrev_ising::Error::Data(DataError::SeparatedPair { unit, by, .. }) => vec![*unit, *by],
            _ => Vec::new(),
        };
        let named: Vec<String> = named
            .into_iter()
            .filter_map(|unit| Some((unit, self.labels.get(unit)?)))
            .filter(|(unit, label)| unit.to_string() != **label)
            .map(|(unit, label)| format!("unit {unit} is `{label}`"))
            .collect();
        let (bins, units) = (self.raster.bins(), self.raster.units());
        let is_table = matches!(self.recording.activity, Activity::Bins(_));
        let is_short = matches!(&error, irrev_ising::Error::Data(DataError::TooShort { .. }));
        let names = if is_short && is_table && units > bins {
            format!(" ({bins} bins of {units} units: if its rows are units, give --transpose)")
        } else if named.is_empty() {
            String::new()
        } else {
            format!(" ({})", named.join(", "))
        };
        Error::recording(&format!("{}{names}", self.recording.name), error)
    }

    /// Spikes (or active bins) of the units analysed.
    pub(super) fn events(&self) -> usize {
        let analysed = self.chosen.iter().filter(|unit| unit.fate == Fate::Analysed);
        analysed.map(|unit| unit.spikes).sum()
    }

    /// Mean number of spikes (or active units) in a bin.
    pub(super) fn spikes_per_bin(&self) -> f64 {
        self.events() as f64 / self.raster.bins() as f64
    }

    /// The width of a bin in words.
    pub(super) fn width_in_words(&self) -> String {
        match self.width {
            Some(width) if width < 1.0 => {
                format!("{} ms", irrev_report::readable_number(1e3 * width, 6))
            }
            Some(width) => format!("{} s", irrev_report::readable_number(width, 6)),
            None => "unknown width".into(),
        }
    }
}

/// Indices of the units asked for.
fn selected(recording: &Recording, request: &InferenceRequest) -> Result<Vec<usize>> {
    if request.units.is_empty() {
        return Ok((0..recording.labels.len()).collect());
    }
    let refuse = |given: &str, problem: String| Error::Request {
        option: "--units",
        given: given.into(),
        problem,
    };
    let mut units = Vec::with_capacity(request.units.len());
    for label in &request.units {
        let Some(unit) = recording.labels.iter().position(|known| known == label) else {
            let near = nearest_name(label, recording.labels.iter().map(String::as_str));
            let known: Vec<&str> = recording.labels.iter().take(40).map(String::as_str).collect();
            let more = recording.labels.len().saturating_sub(known.len());
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let near = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
            let problem = format!(
                "is no unit of the recording{near}; it has {}{rest}",
                known.join(", ")
            );
            return Err(refuse(label, problem));
        };
        if units.contains(&unit) {
            return Err(refuse(label, "is given twice".into()));
        }
        units.push(unit);
    }
    Ok(units)
}

/// A table has its bins already.
fn refuse_times(request: &InferenceRequest) -> Result<()> {
    let refuse = |option, given: String, problem: &str| {
        Err(Error::Request {
            option,
            given,
            problem: problem.into(),
        })
    };
    for (option, value) in [("--from", request.from), ("--until", request.until)] {
        if let Some(value) = value {
            return refuse(
                option,
                value.to_string(),
                "needs spikes, and the recording is a table of bins",
            );
        }
    }
    match request.bin_widths.get(1) {
        Some(width) => refuse(
            "--bin",
            width.to_string(),
            "needs spikes: the recording is a table of bins, which have one width",
        ),
        None => Ok(()),
    }
}

fn binned(
    recording: &Recording,
    spikes: &Spikes,
    units: &[usize],
    (request, width): (&InferenceRequest, Option<f64>),
    run: &Run<'_>,
) -> Result<Binned> {
    let fail = |error| Error::recording(&recording.name, error);
    let refuse = |option, given: String, problem: String| Error::Request {
        option,
        given,
        problem,
    };
    let Some(width) = width else {
        return Err(refuse(
            "--bin",
            String::new(),
            "is missing: spikes need a width of bins in seconds, such as --bin 0.02".into(),
        ));
    };
    let mut place = vec![None; recording.labels.len()];
    for (new, old) in units.iter().enumerate() {
        place[*old] = Some(new);
    }
    let kept = spikes.units.iter().zip(&spikes.times);
    let (numbers, times): (Vec<usize>, Vec<f64>) = kept
        .filter_map(|(unit, time)| Some((place[*unit]?, *time)))
        .unzip();
    let start = request.from.unwrap_or(0.0);
    let last = times.last().copied().unwrap_or(start);
    if let Some(from) = request.from
        && (last < from || last == from && request.until.is_none())
    {
        let problem = format!("leaves no spike: the last one is at {last} s; give an earlier beginning");
        return Err(refuse("--from", from.to_string(), problem));
    }
    let end = request.until.unwrap_or(last);
    // a whole number of bins may come out of the division a little too small
    let count = ((end - start) / width * (1.0 + 1e-12)).floor();
    if !(count >= 1.0) {
        let problem = format!("is wider than the time from {start} s to {end} s; give a smaller width");
        return Err(refuse("--bin", width.to_string(), problem));
    }
    let words = units.len().div_ceil(64) as u64;
    // the raster by units and by bins, one without constant units, and one rearranged per thread
    let threads = rayon::current_num_threads() as u64;
    let bytes = if count < 1e15 {
        8 * (count as u64)
    } else {
        u64::MAX
    };
    run.require_memory(
        "the raster of units and bins",
        bytes.saturating_mul(words).saturating_mul(3 + threads),
    )
    .map_err(|error| {
        let place = format!(
            "{} ({count:.3e} bins of {width} s from {start} s to {end} s: if its times are not in seconds, say what they are by --time-unit)",
            recording.name
        );
        Error::recording(&place, error.into())
    })?;
    let binning = Binning {
        units: units.len(),
        bins: count as usize,
        width,
        start,
        // times in decimal fractions lie on edges, and rounding would send some of them a bin too early
        edges: Edges::Snapped,
    };
    let found = Raster::from_spikes(&numbers, &times, &binning).map_err(fail)?;
    let given = times.len();
    let (numbers, times): (Vec<usize>, Vec<f64>) = numbers
        .into_iter()
        .zip(times)
        .filter(|(_, time)| binning.holds(*time))
        .unzip();
    let mut per_unit = vec![0; units.len()];
    for unit in &numbers {
        per_unit[*unit] += 1;
    }
    let analysed = Spikes {
        units: numbers,
        times,
    };
    Ok(Binned {
        start,
        per_unit,
        counts: Some(SpikeCounts {
            given,
            in_bins: found.in_bins,
            repeated: found.repeated,
            before: found.before,
            after: found.after,
            on_edge: found.on_edge,
            coincidences: analysed.coincidences(),
            refractory_violations: analysed.refractory_violations(),
            first: analysed.times.first().copied().unwrap_or(start),
        }),
        raster: found.raster,
    })
}

/// Memory of the statistics: transitions unpacked by each thread, information and inverse of each unit, and moves of all couplings by each block.
fn require_memory(recording: &Recording, raster: &Raster, run: &Run<'_>) -> Result<()> {
    let (n, bins) = (raster.units() as u64, raster.bins() as u64);
    let threads = rayon::current_num_threads() as u64;
    let unpacked = (16 * bins).saturating_mul(n + 1).min(KEPT) * (2 + threads);
    let packed = (8 * bins).saturating_mul(n.div_ceil(64)) * (2 + threads);
    let square = 8 * (n + 1).saturating_mul(n + 1);
    let couplings = square.saturating_mul(2 * n + 6 * BLOCKS);
    run.require_memory(
        "inference of the network",
        unpacked.saturating_add(packed).saturating_add(couplings),
    )
    .map_err(|error| Error::recording(&recording.name, error.into()))
}
