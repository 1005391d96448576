//! From species and reactions to the network of complexes, with everything checked on the way.

use std::collections::HashMap;

use super::{Law, Reaction, Species};
use crate::error::{Error, Result};
use crate::network::{Complex, Network};

pub(super) fn check(reaction: &Reaction, species: &[Species], has_laws: bool) -> Result<()> {
    for side in [&reaction.reactants, &reaction.products] {
        for (k, &(s, coefficient)) in side.iter().enumerate() {
            let Some(one) = species.get(s) else {
                return Err(Error::Unknown {
                    what: "species",
                    name: format!("{s} in reaction \"{}\"", reaction.name),
                });
            };
            if side[..k].iter().any(|(other, _)| *other == s) {
                return Err(Error::Duplicate {
                    what: "reactant or product",
                    name: format!("{} in reaction \"{}\"", one.name, reaction.name),
                });
            }
            let what = format!(
                "the coefficient of {} in reaction \"{}\"",
                one.name, reaction.name
            );
            let fits = coefficient > 0.0 && coefficient.is_finite();
            crate::require(&what, coefficient, fits, "a positive number")?;
        }
    }
    match reaction.law {
        Law::MassAction { forward, backward } => {
            for (direction, value) in [("forward", forward), ("backward", backward)] {
                if !(value.is_finite() && value >= 0.0) {
                    return Err(Error::Rate {
                        edge: reaction.name.clone(),
                        direction,
                        value,
                    });
                }
            }
            Ok(())
        }
        Law::General if has_laws => Ok(()),
        Law::Net if has_laws && !reaction.counted => Ok(()),
        Law::Net if has_laws => Err(Error::MissingLaw {
            reaction: reaction.name.clone(),
            reason: "a net flux has no directions, so it cannot count in the thermodynamics",
        }),
        Law::General | Law::Net => Err(Error::MissingLaw {
            reaction: reaction.name.clone(),
            reason: "it is not mass action, and the system was given no other laws",
        }),
    }
}

/// Products less reactants of the dynamic species, by state.
pub(super) fn change(reaction: &Reaction, state: &[Option<usize>]) -> Vec<(usize, f64)> {
    let mut net = std::collections::BTreeMap::new();
    for (side, sign) in [(&reaction.reactants, -1.0), (&reaction.products, 1.0)] {
        for &(s, c) in side {
            if let Some(k) = state[s] {
                *net.entry(k).or_insert(0.0) += sign * c;
            }
        }
    }
    net.into_iter().filter(|(_, c)| *c != 0.0).collect()
}

/// A side with its species in ascending order, as a key that can be compared.
fn key(side: &[(usize, f64)]) -> Vec<(usize, u64)> {
    let mut key: Vec<(usize, u64)> = side.iter().map(|&(s, c)| (s, c.to_bits())).collect();
    key.sort_unstable();
    key
}

/// The network of the counted reactions; complexes are told apart by all their species, held ones too.
pub(super) fn network(
    species: &[Species],
    state: &[Option<usize>],
    dynamic: &[usize],
    reactions: &[Reaction],
    counted: &[usize],
) -> Result<Network> {
    let mut index = HashMap::new();
    let mut complexes: Vec<Complex> = Vec::new();
    let mut channels = Vec::with_capacity(counted.len());
    for &r in counted {
        let reaction = &reactions[r];
        let ends = [&reaction.reactants, &reaction.products].map(|side| {
            *index.entry(key(side)).or_insert_with(|| {
                let mut composition: Vec<(usize, f64)> =
                    side.iter().filter_map(|&(s, c)| Some((state[s]?, c))).collect();
                composition.sort_unstable_by_key(|(s, _)| *s);
                complexes.push(Complex {
                    name: complex_name(species, side),
                    composition,
                });
                complexes.len() - 1
            })
        });
        channels.push((reaction.name.clone(), ends[0], ends[1]));
    }
    // names of reactions left out must be unique too
    let mut seen = HashMap::new();
    for reaction in reactions {
        if seen.insert(&reaction.name, ()).is_some() {
            return Err(Error::Duplicate {
                what: "reaction",
                name: reaction.name.clone(),
            });
        }
    }
    let names = dynamic.iter().map(|&s| species[s].name.clone()).collect();
    Network::from_reactions(names, complexes, channels)
}

pub(super) fn complex_name(species: &[Species], side: &[(usize, f64)]) -> String {
    if side.is_empty() {
        return "∅".into();
    }
    let term = |&(s, c): &(usize, f64)| {
        if c == 1.0 {
            species[s].name.clone()
        } else {
            format!("{c} {}", species[s].name)
        }
    };
    side.iter().map(term).collect::<Vec<_>>().join(" + ")
}
