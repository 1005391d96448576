//! The second laws of the parts of a system whose states are products, on draws of the posterior of its rates.

use irrev_inference::states::{JumpCounts, RatePosterior, RatePrior, RateSupport};
use irrev_network::information::parts::{SecondLaws, second_laws};
use irrev_network::{MarkovJump, Network};
use irrev_numerics::linalg::Matrix;
use irrev_report::{Axis, Bars, Figure, readable_number};

use super::definitions::{PART_DEMON, PART_INFORMATION, PART_PRODUCTION};
use super::state_rates::DRAWS;
use super::states::StateData;
use super::told::{Tell, per, with_interval};
use crate::error::{Error, Result};

const ASSUMPTIONS: [&str; 3] = [
    "all states and jumps are seen, and rates depend on the state only",
    "the state is stationary",
    "every jump changes one part",
];

/// Heading of the parts.
const PARTS: &str = "The second law of each part";

/// Numbers told of each part by each draw.
const OF_A_PART: usize = 3;

/// # Errors
/// What the posterior or the network refuses; cancellation.
pub(super) fn add(data: &StateData, counts: &JumpCounts, tell: &mut Tell<'_>) -> Result<()> {
    if let Some(reason) = not_parted(data, counts) {
        tell.report.push_left_out("second_laws_of_parts", reason);
        return Ok(());
    }
    let posterior = RatePosterior::new(counts, RatePrior::default(), RateSupport::SeenEitherWay)
        .map_err(|e| tell.fail(e))?;
    let process = Process::new(data, counts, tell.source)?;
    // structure is the same for all draws: what is refused is refused here
    process
        .laws(&posterior.mean())
        .map_err(|e| Error::network(tell.source, e))?;
    let parts = data.names.len();
    let samples = posterior
        .samples(DRAWS, tell.run, |rates| {
            let Ok(laws) = process.laws(rates) else {
                return Ok(vec![f64::NAN; OF_A_PART * parts]);
            };
            let of = laws.parts.iter().flat_map(|part| {
                let alone = part.environment_flow + part.marginal_entropy_rate;
                [part.entropy_production_rate, part.information_flow, alone]
            });
            Ok(of.collect())
        })
        .map_err(|e| tell.fail(e))?;
    if samples
        .of(0)
        .map_err(|e| tell.fail(e))?
        .iter()
        .any(|x| x.is_nan())
    {
        let reason = "some draws of the rates have no stationary state";
        tell.report.push_left_out("second_laws_of_parts", reason);
        return Ok(());
    }
    let unit = per("nats", &data.unit);
    let (mut production, mut information) = (Vec::new(), Vec::new());
    for (k, name) in data.names.iter().enumerate() {
        let estimate = |which: usize| samples.estimate(OF_A_PART * k + which, tell.request.level);
        let (sigma, flow) = (
            estimate(0).map_err(|e| tell.fail(e))?,
            estimate(1).map_err(|e| tell.fail(e))?,
        );
        let demon = samples
            .probability(OF_A_PART * k + 2, |alone| alone < 0.0)
            .map_err(|e| tell.fail(e))?;
        tell.estimate(&PART_PRODUCTION, name, &sigma, &unit, &ASSUMPTIONS);
        tell.estimate(&PART_INFORMATION, name, &flow, &unit, &ASSUMPTIONS);
        tell.number(&PART_DEMON, name, demon, "1");
        let lives = if demon > 0.5 {
            "alone it would break the second law, and lives on information"
        } else {
            "alone it obeys the second law"
        };
        tell.report.push_summary(
            PARTS,
            format!(
                "{name} produces {} {unit} with an information flow of {}; {lives} (probability that it would break it: {}).",
                with_interval(&sigma),
                with_interval(&flow),
                readable_number(demon, 3)
            ),
        );
        production.push(sigma);
        information.push(flow);
    }
    let values = |of: &[irrev_numerics::Estimate]| of.iter().map(|e| e.value).collect::<Vec<f64>>();
    let errors = |of: &[irrev_numerics::Estimate]| of.iter().map(|e| e.standard_error).collect::<Vec<f64>>();
    tell.report.push_figure(Figure::new(
        "second_laws_of_parts",
        "Second laws of the parts",
        "Entropy production and information flow of each part: mean and standard deviation of the posterior.",
        Bars::new("part", Axis::new("rate", unit), data.names.clone())
            .group_with_errors("entropy production", values(&production), errors(&production))
            .group_with_errors("information flow", values(&information), errors(&information)),
    ));
    Ok(())
}

/// Why jumps do not belong to parts, if some do not.
fn not_parted(data: &StateData, counts: &JumpCounts) -> Option<String> {
    let n = data.states();
    let changes = |j: usize, i: usize| {
        let pairs = data.tuples[j].iter().zip(&data.tuples[i]);
        pairs.filter(|(a, b)| a != b).count()
    };
    let (mut several, mut example) = (0.0, None);
    for j in 0..n {
        for i in (0..n).filter(|i| changes(j, *i) > 1) {
            let seen = counts.counts()[(i, j)];
            several += seen;
            if seen > 0.0 {
                example.get_or_insert_with(|| format!("{} → {}", data.name(j), data.name(i)));
            }
        }
    }
    example.map(|example| {
        format!(
            "{several} of {} jumps change several parts at once, such as {example}: the parts have no second laws of their own",
            counts.jumps()
        )
    })
}

/// The network behind the states, whose rates are drawn.
struct Process {
    network: Network,
    /// States (from, to) of each channel.
    channels: Vec<(usize, usize)>,
}

impl Process {
    fn new(data: &StateData, counts: &JumpCounts, source: &str) -> Result<Self> {
        let n = data.states();
        let names: Vec<String> = (0..n).map(|k| data.name(k)).collect();
        let mut builder = Network::builder().states(names.clone());
        for (k, part) in data.names.iter().enumerate() {
            let label = |tuple: &Vec<u32>| data.labels[k][tuple[k] as usize].clone();
            builder = builder.subsystem(part.clone(), data.tuples.iter().map(label));
        }
        let seen = |j: usize, i: usize| counts.counts()[(i, j)] + counts.counts()[(j, i)] > 0.0;
        let channels: Vec<(usize, usize)> = (0..n)
            .flat_map(|j| (j + 1..n).map(move |i| (j, i)))
            .filter(|(j, i)| seen(*j, *i))
            .collect();
        for (j, i) in &channels {
            let name = format!("{}→{}", names[*j], names[*i]);
            builder = builder.channel(name, names[*j].clone(), names[*i].clone(), None);
        }
        let network = builder.build().map_err(|e| Error::network(source, e))?;
        Ok(Self { network, channels })
    }

    fn laws(&self, rates: &Matrix) -> irrev_network::Result<SecondLaws> {
        let forward = self.channels.iter().map(|(j, i)| rates[(*i, *j)]).collect();
        let backward = self.channels.iter().map(|(j, i)| rates[(*j, *i)]).collect();
        let process = MarkovJump::new(self.network.clone(), forward, backward)?;
        second_laws(&process, &process.stationary_distribution()?)
    }
}
