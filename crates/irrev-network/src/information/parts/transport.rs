//! Currents of one part while others are in given states, such as binding while a transporter is open to one side.

use irrev_numerics::sum::CompensatedSum;

use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::information::product::ProductSpace;

/// Net current of a part from one label to another, in 1/time, over all channels along which the parts in `while_in` have the given labels.
///
/// Parts and labels by name: `(part, from, to)` and `(part, label)`.
///
/// ```
/// use irrev_network::{gallery, information::parts::conditional_current};
/// let symport = gallery::transporter(&Default::default())?;
/// let flow = symport.flow(&symport.stationary_distribution()?)?;
/// let bound_outside = conditional_current(&flow, ("a", "0", "1"), &[("c", "0")])?;
/// let released_inside = conditional_current(&flow, ("a", "1", "0"), &[("c", "1")])?;
/// assert!((bound_outside - 0.010322644907611974).abs() < 1e-12 && (bound_outside - released_inside).abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] for a part or a label that is not there; as [`ProductSpace::of`].
pub fn conditional_current(
    flow: &Flow,
    (part, from, to): (&str, &str, &str),
    while_in: &[(&str, &str)],
) -> Result<f64> {
    let network = flow.network();
    let space = ProductSpace::of(network)?;
    let find = |part: &str, label: &str| -> Result<(usize, usize)> {
        let unknown = |what, name: &str| Error::Unknown {
            what,
            name: name.into(),
        };
        let k = space.names().iter().position(|name| name == part);
        let k = k.ok_or_else(|| unknown("subsystem", part))?;
        let value = space.labels(k).iter().position(|name| name == label);
        let value = value.ok_or_else(|| unknown("label", &format!("{part} {label}")))?;
        Ok((k, value))
    };
    let ((k, from), (_, to)) = (find(part, from)?, find(part, to)?);
    let conditions = while_in
        .iter()
        .map(|(part, label)| find(part, label))
        .collect::<Result<Vec<_>>>()?;
    let mut current = CompensatedSum::default();
    for (edge, (forward, backward)) in network.edges().iter().zip(flow.fluxes()) {
        let (x, y) = (space.tuple(edge.from), space.tuple(edge.to));
        if !conditions
            .iter()
            .all(|&(l, value)| x[l] == value && y[l] == value)
        {
            continue;
        }
        let sign = match (x[k], y[k]) {
            (a, b) if (a, b) == (from, to) => 1.0,
            (a, b) if (a, b) == (to, from) => -1.0,
            _ => continue,
        };
        current.add(sign * forward);
        current.add(-sign * backward);
    }
    Ok(current.value())
}
