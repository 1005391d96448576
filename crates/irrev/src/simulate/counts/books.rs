//! Which entropy is kept along trajectories on counts: that of all reactions, of the counted ones, or none.

use irrev_network::counts::CountSystem;
use irrev_network::simulation::{Books, HeatReservoir, Quantity};
use irrev_report::Report;

use super::CountQuestion;
use crate::chemistry::CountModel;
use crate::error::Result;

/// Name under which the entropy of the counted reactions is kept, where others are left out.
const COUNTED: &str = "counted reactions";

/// What the books keep of the entropy.
pub(in crate::simulate) enum EntropyBooks {
    /// Nothing: not asked for, or no reaction has thermodynamics.
    Nothing,
    /// The medium entropy of every reaction.
    All,
    /// The medium entropy of the reactions that are counted in the thermodynamics: kept as the "heat" of a reservoir at temperature 1.
    Counted,
    /// Some reaction has no reverse: the medium entropy is infinite as soon as it has run.
    Infinite,
}

impl EntropyBooks {
    /// Decides, marks the counted reactions if some are left out, and says why if there is nothing to keep.
    pub(super) fn of(
        question: &CountQuestion<'_>,
        model: &mut CountModel,
        report: &mut Report,
    ) -> Result<Self> {
        if !question.request.books.entropy {
            return Ok(Self::Nothing);
        }
        let chemistry = question.chemistry;
        if let Some(reason) = &chemistry.refusal {
            report.push_warning(format!("No entropies along trajectories: {reason}."));
            return Ok(Self::Nothing);
        }
        let counted: Vec<bool> = chemistry.system.reactions().iter().map(|r| r.counted).collect();
        if !counted.contains(&true) {
            report.push_warning("No entropies along trajectories: no reaction counts in the thermodynamics.");
            return Ok(Self::Nothing);
        }
        let mut reactions = model.system.reactions().to_vec();
        let irreversible =
            |(r, counted): (&irrev_network::counts::CountReaction, &bool)| *counted && r.backward.is_none();
        if reactions.iter().zip(&counted).any(irreversible) {
            return Ok(Self::Infinite);
        }
        if counted.iter().all(|c| *c) {
            return Ok(Self::All);
        }
        for (reaction, counted) in reactions.iter_mut().zip(&counted) {
            reaction.reservoir = counted.then_some(0);
        }
        model.system =
            CountSystem::new(model.system.species().to_vec(), reactions).map_err(|e| question.fail(e))?;
        report.push_warning(
            "Entropies along trajectories are those of the reactions that count in the thermodynamics; fluctuation theorems do not hold for a part.",
        );
        Ok(Self::Counted)
    }

    pub(super) fn books(&self) -> Books {
        match self {
            Self::Nothing => Books::default(),
            Self::All | Self::Infinite => Books {
                entropy: true,
                ..Books::default()
            },
            Self::Counted => Books {
                reservoirs: vec![HeatReservoir {
                    name: COUNTED.into(),
                    temperature: 1.0,
                }],
                ..Books::default()
            },
        }
    }

    /// The recorded quantity that is the medium entropy.
    pub(in crate::simulate) fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::Nothing => None,
            Self::All | Self::Infinite => Some(Quantity::MediumEntropy),
            Self::Counted => Some(Quantity::Heat(COUNTED.into())),
        }
    }

    /// Whether every reaction has its finite entropy in the books, so that the theorems hold.
    pub(in crate::simulate) fn finite(&self) -> bool {
        matches!(self, Self::All)
    }
}
