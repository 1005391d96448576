//! What is measured, and averages of it with their errors.

use irrev_numerics::Estimate;
use serde::{Deserialize, Serialize};

use super::statistics::{integrated_autocorrelation_time, mean_of_draws, mean_of_series};

/// Quantities measured together, all per spin.
pub(super) const KINDS: usize = 6;
/// One measurement: the quantities in the order of [`Observable`].
pub(super) type Row = [f64; KINDS];

/// A quantity of [`Averages`], per spin; times are steps of parallel updates or units of time of updates one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Observable {
    /// m = Σ s_i/N.
    Magnetization,
    /// |m|.
    Magnitude,
    /// Entropy production, in nats per unit of time.
    EntropyProduction,
    /// Entropy of the refreshed spins given the state before and which are refreshed, in nats per unit of time.
    ConditionalEntropy,
    /// Flips per unit of time.
    Activity,
    /// Entropy that goes to the bath, in nats per unit of time.
    BathEntropyProduction,
}

impl Observable {
    /// All of them, in the order of rows.
    pub const ALL: [Self; KINDS] = [
        Self::Magnetization,
        Self::Magnitude,
        Self::EntropyProduction,
        Self::ConditionalEntropy,
        Self::Activity,
        Self::BathEntropyProduction,
    ];
}

/// Averages of a stationary network with their thermal errors, per spin and unit of time.
///
/// Conditional means replace what can be averaged by hand (Rao and Blackwell): a parallel step produces
/// σ = ⟨Σ_i tanh(h_i) β [(Js)_i − (Jᵀs)_i]⟩, and updates one at a time Σ_i ⟨(tanh h_i − s_i) h_i⟩ per unit of time. The error of every average is
/// the larger of two: from the autocorrelation of its series, and from the spread between replicas, which also shows replicas stuck in
/// different phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Averages {
    /// Number of spins N.
    pub spins: usize,
    /// Replicas.
    pub replicas: usize,
    /// Measurements of each replica.
    pub measurements: u64,
    /// In the order of [`Observable::ALL`].
    estimates: Vec<Estimate>,
    /// Integrated autocorrelation times of the series, in units of time, in the same order.
    times: Vec<f64>,
    /// C(τ) = Σ_i ⟨s_i(t+τ) s_i(t)⟩/N at lags asked for, with τ.
    pub autocorrelation: Vec<(f64, Estimate)>,
    /// Largest difference found between fields kept up to date flip by flip and fields computed anew, in units of temperature; 0 for parallel updates.
    pub drift: f64,
    /// Means over replicas in stretches of time, `stretch` units of time each.
    history: Vec<Row>,
    stretch: f64,
}

impl Averages {
    /// Most stretches of a history.
    const STRETCHES: usize = 512;

    /// How a quantity went on during the measurement: (time at the middle of a stretch, mean over it and over replicas), at most 512 of them.
    ///
    /// ```
    /// use irrev_ising::simulation::{Observable, Sampling, simulate};
    /// use irrev_ising::{Couplings, KineticIsing, Update};
    /// use irrev_numerics::Run;
    /// let free = KineticIsing::new(Couplings::from_triplets(4, &[])?, vec![0.5; 4], 1.0)?;
    /// let averages = simulate(&free, Update::Parallel, &Sampling::default(), &Run::default())?;
    /// let history = averages.history(Observable::Magnetization);
    /// let mean = history.iter().map(|(_, m)| m).sum::<f64>() / history.len() as f64;
    /// assert!(history.len() == 100 && (mean - averages.magnetization().value).abs() < 1e-12);
    /// # Ok::<(), irrev_ising::Error>(())
    /// ```
    #[must_use]
    pub fn history(&self, observable: Observable) -> Vec<(f64, f64)> {
        let time = |stretch: usize| (stretch as f64 + 0.5) * self.stretch;
        let rows = self.history.iter().enumerate();
        rows.map(|(k, row)| (time(k), row[observable as usize])).collect()
    }

    /// Average of a quantity.
    #[must_use]
    pub fn get(&self, observable: Observable) -> Estimate {
        self.estimates[observable as usize]
    }

    /// Integrated autocorrelation time of a quantity averaged over replicas, in units of time; one interval between measurements if there is no correlation.
    #[must_use]
    pub fn autocorrelation_time(&self, observable: Observable) -> f64 {
        self.times[observable as usize]
    }

    /// m.
    #[must_use]
    pub fn magnetization(&self) -> Estimate {
        self.get(Observable::Magnetization)
    }

    /// Entropy production per spin and unit of time, in nats.
    ///
    /// For parallel and sequential updates this is the whole entropy production of a stationary state. For partly parallel updates it is that of a record
    /// that knows which spins are refreshed, which interpolates between the two.
    #[must_use]
    pub fn entropy_production(&self) -> Estimate {
        self.get(Observable::EntropyProduction)
    }

    /// Entropy per spin and unit of time of refreshed spins, given the state and which are refreshed, in nats.
    #[must_use]
    pub fn conditional_entropy(&self) -> Estimate {
        self.get(Observable::ConditionalEntropy)
    }

    /// Flips per spin and unit of time.
    #[must_use]
    pub fn activity(&self) -> Estimate {
        self.get(Observable::Activity)
    }
}

/// Series and sums of a simulation under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Means over replicas, `stride` measurements to an entry.
    series: Vec<Row>,
    stride: u64,
    pending: Row,
    /// Sum over time of each replica.
    replicas: Vec<Row>,
    pub(super) measurements: u64,
    pub(super) drift: f64,
}

impl Record {
    /// Entries at which neighbours are joined, so that a series never outgrows memory.
    const LONGEST: usize = 8192;

    pub(super) fn new(replicas: usize) -> Self {
        Self {
            series: Vec::new(),
            stride: 1,
            pending: [0.0; KINDS],
            replicas: vec![[0.0; KINDS]; replicas],
            measurements: 0,
            drift: 0.0,
        }
    }

    /// Adds the mean over replicas of one measurement.
    pub(super) fn push(&mut self, mean: &Row) {
        for (sum, value) in self.pending.iter_mut().zip(mean) {
            *sum += value;
        }
        self.measurements += 1;
        if self.measurements.is_multiple_of(self.stride) {
            self.series.push(self.pending.map(|x| x / self.stride as f64));
            self.pending = [0.0; KINDS];
        }
        if self.series.len() == Self::LONGEST {
            let joined = self
                .series
                .chunks_exact(2)
                .map(|pair| std::array::from_fn(|k| 0.5 * (pair[0][k] + pair[1][k])));
            self.series = joined.collect();
            self.stride *= 2;
        }
    }

    /// Adds what replicas from `first` on summed up.
    pub(super) fn add_sums(&mut self, first: usize, sums: &[Row]) {
        for (total, sum) in self.replicas[first..].iter_mut().zip(sums) {
            for (total, value) in total.iter_mut().zip(sum) {
                *total += value;
            }
        }
    }

    /// Averages of N spins measured at intervals of `every`.
    pub(super) fn averages(
        &self,
        spins: usize,
        every: u64,
        autocorrelation: Vec<(f64, Estimate)>,
    ) -> Averages {
        let (mut estimates, mut times) = (Vec::new(), Vec::new());
        for k in 0..KINDS {
            let series: Vec<f64> = self.series.iter().map(|row| row[k]).collect();
            let in_time = mean_of_series(&series);
            let means: Vec<f64> = self
                .replicas
                .iter()
                .map(|sum| sum[k] / self.measurements as f64)
                .collect();
            let between = mean_of_draws(&means);
            // one replica has no spread: NaN is not larger than anything
            let error = in_time.standard_error.max(between.standard_error);
            estimates.push(Estimate::from_mean(
                between.value,
                error,
                in_time.sample_size.max(means.len()),
            ));
            times.push(integrated_autocorrelation_time(&series) * (self.stride * every) as f64);
        }
        let joined = self.series.len().div_ceil(Averages::STRETCHES).max(1);
        let mean = |rows: &[Row]| -> Row {
            std::array::from_fn(|k| rows.iter().map(|row| row[k]).sum::<f64>() / rows.len() as f64)
        };
        Averages {
            spins,
            replicas: self.replicas.len(),
            measurements: self.measurements,
            estimates,
            times,
            autocorrelation,
            drift: self.drift,
            history: self.series.chunks_exact(joined).map(mean).collect(),
            stretch: (self.stride * every) as f64 * joined as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_series_is_shortened_without_losing_its_mean() {
        let mut record = Record::new(1);
        for k in 0..40_000 {
            let row = [f64::from(k % 10); KINDS];
            record.push(&row);
            record.add_sums(0, &[row]);
        }
        assert!(record.series.len() < Record::LONGEST && record.stride == 8);
        let averages = record.averages(1, 1, Vec::new());
        assert!((averages.magnetization().value - 4.5).abs() < 1e-12);
    }
}
