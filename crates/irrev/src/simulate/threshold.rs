//! Thresholds of reaction models, as in `X>=100`.

use irrev_network::counts::CountSystem;
use irrev_network::simulation::{Passage, Side, Watched};

use super::request::{refused, suggestion};
use crate::error::Result;

/// The name of the entropy among what can be watched.
const MEDIUM_ENTROPY: &str = "medium_entropy";

/// A threshold at which trajectories end.
///
/// # Errors
/// [`crate::Error::Request`] for a text that is no threshold, or a name that is no species.
pub(super) fn passage(text: &str, system: &CountSystem) -> Result<Passage> {
    let wrong = |problem: String| refused("until", text, problem);
    let sides = [(">=", Side::AtLeast), ("<=", Side::AtMost)];
    let found = sides
        .iter()
        .find_map(|(sign, side)| text.split_once(sign).map(|(name, number)| (name, number, *side)));
    let Some((name, number, side)) = found else {
        return Err(wrong(
            "is no threshold; write SPECIES>=NUMBER or SPECIES<=NUMBER, as in X>=100".into(),
        ));
    };
    let name = name.trim();
    let threshold = number.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    let threshold = threshold.ok_or_else(|| {
        wrong(format!(
            "ends in \"{}\", which is no finite number",
            number.trim()
        ))
    })?;
    let of = match system.species().iter().position(|species| species == name) {
        Some(species) => Watched::Counts(vec![(species, 1.0)]),
        None if name == MEDIUM_ENTROPY => Watched::MediumEntropy,
        None => {
            let mut known: Vec<&str> = system.species().iter().map(String::as_str).collect();
            known.push(MEDIUM_ENTROPY);
            return Err(wrong(format!(
                "watches \"{name}\", which is no counted species{}",
                suggestion(name, &known)
            )));
        }
    };
    Ok(Passage {
        name: text.to_owned(),
        of,
        threshold,
        side,
        stops: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use irrev_network::counts::CountReaction;

    #[test]
    fn thresholds_are_read_and_nonsense_is_refused_with_advice() {
        let decay = CountReaction::one_way("decay", &[(0, 1)], &[], 1.0);
        let system = CountSystem::new(vec!["Xylose".into()], vec![decay]).unwrap();
        let read = passage("Xylose <= 3", &system).unwrap();
        assert_eq!(
            (read.threshold, read.side, read.of),
            (3.0, Side::AtMost, Watched::Counts(vec![(0, 1.0)]))
        );
        for (text, advice) in [
            ("Xylose", "SPECIES>="),
            ("Xylose>=ten", "ten"),
            ("Xylos>=1", "did you mean \"Xylose\""),
            ("Xylose>=inf", "finite"),
        ] {
            let message = passage(text, &system).unwrap_err().to_string();
            assert!(message.contains(advice), "{message}");
        }
    }
}
