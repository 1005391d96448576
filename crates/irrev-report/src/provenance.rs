//! Where a result comes from, split into what equal runs share and what they do not.

use crate::number;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What determines the result: version, model, seed, options. No clock, host or path.
///
/// ```
/// use irrev_report::Provenance;
/// let provenance = Provenance::new("0.1.0").with_seed(7).with_option("tolerance", 1e-10);
/// assert_eq!(provenance.options["tolerance"], "0.0000000001");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// Version of irrev.
    pub irrev_version: String,
    /// Hash of the resolved model, with the name of the algorithm: `sha256:…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_hash: Option<String>,
    /// The model in full, as TOML, so that the result can be computed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Seed of all random streams, if any were used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Options that bear on the numbers, by name.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Hashes of the data files read, by base name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, String>,
    /// Names of the methods and samplers used, with their versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
}

impl Provenance {
    /// Provenance with a version only.
    pub fn new(irrev_version: impl Into<String>) -> Self {
        Self {
            irrev_version: irrev_version.into(),
            ..Self::default()
        }
    }

    /// Embeds the model text and its hash.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>, hash: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self.model_hash = Some(hash.into());
        self
    }

    /// States the seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// States an option that bears on the numbers.
    #[must_use]
    pub fn with_option(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.insert(name.into(), value.to_string());
        self
    }

    /// States the hash of a data file under its base name.
    #[must_use]
    pub fn with_input(mut self, name: impl Into<String>, hash: impl Into<String>) -> Self {
        self.inputs.insert(name.into(), hash.into());
        self
    }

    /// States a method or sampler with its version.
    #[must_use]
    pub fn with_method(mut self, method: impl Into<String>) -> Self {
        self.methods.push(method.into());
        self
    }
}

/// What differs between equal runs: clock, host, threads, elapsed time. Written to `run.log.json` only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunLog {
    /// When the run began, UTC, `2026-01-31T12:00:00Z`.
    pub started: String,
    /// Wall time in seconds.
    #[serde(with = "number::one")]
    pub elapsed_seconds: f64,
    /// Name of the computer, as far as its environment tells; empty if unknown.
    pub host: String,
    /// Operating system and processor: `linux x86_64`.
    pub platform: String,
    /// Worker threads used.
    pub threads: usize,
    /// The command line, if there was one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Files read, as named by the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Messages of the run, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<String>,
}

impl RunLog {
    /// A log that begins now, on this host, with this many worker threads.
    pub fn begin(threads: usize) -> Self {
        Self {
            started: utc_text(SystemTime::now()),
            host: host_name(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            threads,
            ..Self::default()
        }
    }

    /// Sets the wall time.
    #[must_use]
    pub fn lasting(mut self, elapsed: Duration) -> Self {
        self.elapsed_seconds = elapsed.as_secs_f64();
        self
    }
}

/// The computer's name from the environment or from the file where Unix systems keep it.
fn host_name() -> String {
    ["HOSTNAME", "COMPUTERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map(|name| name.trim().to_owned())
        .unwrap_or_default()
}

/// Date and time in UTC, `YYYY-MM-DDThh:mm:ssZ`; clocks before 1970 read as 1970.
fn utc_text(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil_date(day);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Gregorian date of the day that lies `day` days after 1970-01-01.
///
/// Counts from 1 March of the year 0, so that the leap day ends the year; an era is 400 years of 146 097
/// days, and months from March on have (153 m + 2) / 5 days before them.
fn civil_date(day: u64) -> (u64, u64, u64) {
    let day = day + 719_468;
    let (era, day_of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc_text(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
