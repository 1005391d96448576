//! A composite system's states as tuples of the states of its parts.
//!
//! Every state of the network is a distinct tuple z = (z₁, …, z_N) of labels. The product may have holes: a tuple that is no state has
//! probability 0 and no channel, so that sums over states and marginals simply leave it out and no formula changes.
//!
//! Conventions: labels of a part are numbered in the order in which the states first show them; states of a full product are row-major,
//! the first part slowest.

use std::collections::HashMap;

use irrev_numerics::linalg::Matrix;

use crate::error::{Error, Result};
use crate::kinetics::MarkovJump;
use crate::network::{Edge, Network};

/// States as distinct tuples of labels of the parts.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSpace {
    names: Vec<String>,
    labels: Vec<Vec<String>>,
    /// Number of the label of every part in every state, state by state.
    coordinates: Vec<usize>,
}

/// States gathered by what some of the parts are in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gathering {
    /// Index of the group that each state belongs to.
    pub group: Vec<usize>,
    /// The tuple of label numbers of each group, in lexicographic order; tuples that no state shows are left out.
    pub tuples: Vec<Vec<usize>>,
}

impl Gathering {
    /// Probability of every group: the marginal distribution of the parts that it was made for.
    #[must_use]
    pub fn sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![irrev_numerics::sum::CompensatedSum::default(); self.tuples.len()];
        for (&g, &x) in self.group.iter().zip(values) {
            sums[g].add(x);
        }
        sums.iter().map(|s| s.value()).collect()
    }
}

impl ProductSpace {
    /// The product that the subsystems of a network span.
    ///
    /// ```
    /// use irrev_network::{Network, information::product::ProductSpace};
    /// let sensor = Network::builder()
    ///     .states(["free off", "free on", "bound on"])             // a hole: there is no "bound off"
    ///     .subsystem("ligand", ["free", "free", "bound"])
    ///     .subsystem("memory", ["off", "on", "on"])
    ///     .build()?;
    /// let space = ProductSpace::of(&sensor)?;
    /// assert_eq!((space.sizes(), space.holes()), (vec![2, 2], 1.0));
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSubsystems`]; [`Error::SameInEveryPart`] with the two states; [`Error::NotAJumpNetwork`].
    pub fn of(network: &Network) -> Result<Self> {
        network.require_jump_network("the second law of parts")?;
        let parts = network.subsystems();
        if parts.is_empty() {
            return Err(Error::NoSubsystems {
                quantity: "the second law of parts",
            });
        }
        let (states, number) = (network.states(), parts.len());
        let mut coordinates = vec![0; states.len() * number];
        let mut labels = Vec::with_capacity(number);
        for (k, part) in parts.iter().enumerate() {
            let mut known: HashMap<&str, usize> = HashMap::new();
            let mut shown = Vec::new();
            for (z, label) in part.labels.iter().enumerate() {
                let next = known.len();
                let index = *known.entry(label).or_insert(next);
                if index == next {
                    shown.push(label.clone());
                }
                coordinates[z * number + k] = index;
            }
            labels.push(shown);
        }
        let mut seen: HashMap<&[usize], usize> = HashMap::new();
        for (z, tuple) in coordinates.chunks_exact(number).enumerate() {
            if let Some(&other) = seen.get(tuple) {
                return Err(Error::SameInEveryPart {
                    first: states[other].clone(),
                    second: states[z].clone(),
                    labels: parts
                        .iter()
                        .map(|s| format!("{} {}", s.name, s.labels[z]))
                        .collect(),
                });
            }
            seen.insert(tuple, z);
        }
        Ok(Self {
            names: parts.iter().map(|s| s.name.clone()).collect(),
            labels,
            coordinates,
        })
    }

    /// Names of the parts.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of parts N.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.names.len()
    }

    /// Number of states.
    #[must_use]
    pub fn states(&self) -> usize {
        self.coordinates.len() / self.parts()
    }

    /// Labels of a part, in the order of their numbers.
    ///
    /// # Panics
    /// If there is no such part.
    #[must_use]
    pub fn labels(&self, part: usize) -> &[String] {
        &self.labels[part]
    }

    /// Number of labels of each part.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        self.labels.iter().map(Vec::len).collect()
    }

    /// Tuples that are no states; a float, as products of many parts pass every integer.
    #[must_use]
    pub fn holes(&self) -> f64 {
        self.labels.iter().map(|l| l.len() as f64).product::<f64>() - self.states() as f64
    }

    /// Label numbers of all parts in a state.
    ///
    /// # Panics
    /// If there is no such state.
    #[must_use]
    pub fn tuple(&self, state: usize) -> &[usize] {
        let number = self.parts();
        &self.coordinates[state * number..(state + 1) * number]
    }

    /// States gathered by the given parts, in their given order.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a part that is not there, [`Error::Duplicate`] for one that comes twice.
    pub fn gathered(&self, parts: &[usize]) -> Result<Gathering> {
        for (i, &k) in parts.iter().enumerate() {
            let name = k.to_string();
            if k >= self.parts() {
                return Err(Error::Unknown {
                    what: "subsystem",
                    name,
                });
            }
            if parts[..i].contains(&k) {
                let what = "subsystem";
                return Err(Error::Duplicate { what, name });
            }
        }
        Ok(self.gather(parts))
    }

    /// [`ProductSpace::gathered`] for parts that are known to be there.
    pub(super) fn gather(&self, parts: &[usize]) -> Gathering {
        let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut group = Vec::with_capacity(self.states());
        let mut shown = Vec::new();
        for z in 0..self.states() {
            let whole = self.tuple(z);
            let tuple: Vec<usize> = parts.iter().map(|&k| whole[k]).collect();
            let index = *known.entry(tuple).or_insert_with_key(|tuple| {
                shown.push(tuple.clone());
                shown.len() - 1
            });
            group.push(index);
        }
        let mut order: Vec<usize> = (0..shown.len()).collect();
        order.sort_by(|&i, &j| shown[i].cmp(&shown[j]));
        let mut rank = vec![0; order.len()];
        for (r, &i) in order.iter().enumerate() {
            rank[i] = r;
        }
        Gathering {
            group: group.into_iter().map(|g| rank[g]).collect(),
            tuples: order.into_iter().map(|i| std::mem::take(&mut shown[i])).collect(),
        }
    }

    /// The one part that each edge of a network on this space changes.
    ///
    /// # Errors
    /// [`Error::NotMultipartite`] with the edge, its two states and what it changes.
    pub(super) fn changed_parts(&self, network: &Network) -> Result<Vec<usize>> {
        let part_of = |edge: &Edge| {
            let (x, y) = (self.tuple(edge.from), self.tuple(edge.to));
            let changed: Vec<usize> = (0..self.parts()).filter(|&k| x[k] != y[k]).collect();
            match changed[..] {
                [part] => Ok(part),
                _ => Err(Error::NotMultipartite {
                    edge: edge.name.clone(),
                    from: network.states()[edge.from].clone(),
                    to: network.states()[edge.to].clone(),
                    parts: changed.iter().map(|&k| self.names[k].clone()).collect(),
                }),
            }
        };
        network.edges().iter().map(part_of).collect()
    }
}

/// Accepted |column sum| of a generator, relative to the largest rate in the column.
const COLUMN_SUM: f64 = 1e-9;

/// Jump process on a full product from its generator, `rates[(i, j)]` = rate j → i, with states row-major in `sizes`.
///
/// Subsystems are called "0" … "N−1" and their labels "0" … ; state (1, 0) is called "1 0". Every pair of states with a rate either way is
/// one channel, "1 0→1 1". The diagonal must be minus the sum of its column within 1e-9 of the column's largest rate, and is not read otherwise.
///
/// ```
/// use irrev_network::information::product::product_process;
/// use irrev_numerics::linalg::Matrix;
/// let w = [[-1.8, 0.5, 0.3, 0.0], [0.8, -0.7, 0.0, 1.5], [1.0, 0.0, -2.3, 0.1], [0.0, 0.2, 2.0, -1.6]];
/// let process = product_process(&[2, 2], &Matrix::from_fn(4, 4, |i, j| w[i][j]))?;
/// assert!((process.stationary_distribution()?.probabilities()[1] - 0.570751924215512).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] if rows, columns and product differ; [`Error::Rate`]; [`Error::Domain`] for a size of zero, or a diagonal that does not fit.
pub fn product_process(sizes: &[usize], rates: &Matrix) -> Result<MarkovJump> {
    let states = product_size(sizes)?;
    for (what, found) in [
        ("rows of the generator", rates.rows()),
        ("columns of the generator", rates.columns()),
    ] {
        if found != states {
            let expected = states;
            return Err(Error::Length {
                what,
                found,
                expected,
            });
        }
    }
    let tuple = |z: usize| row_major(sizes, z);
    let names: Vec<String> = (0..states)
        .map(|z| {
            let labels: Vec<String> = tuple(z).iter().map(usize::to_string).collect();
            labels.join(" ")
        })
        .collect();
    let mut builder = Network::builder().states(names.clone());
    for k in 0..sizes.len() {
        builder = builder.subsystem(k.to_string(), (0..states).map(|z| tuple(z)[k].to_string()));
    }
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    for j in 0..states {
        let off = |i: &usize| *i != j;
        let largest = (0..states)
            .filter(off)
            .map(|i| rates[(i, j)].abs())
            .fold(0.0, f64::max);
        let sum = irrev_numerics::sum::compensated_sum(rates.column(j).iter().copied());
        crate::require(
            &format!("the sum of column {j} of the generator"),
            sum,
            sum.abs() <= COLUMN_SUM * largest || !largest.is_finite(),
            "zero within 1e-9 of its largest rate: the diagonal is minus the sum of the column",
        )?;
        for i in j + 1..states {
            let (f, b) = (rates[(i, j)], rates[(j, i)]);
            if f != 0.0 || b != 0.0 {
                let name = format!("{}→{}", names[j], names[i]);
                builder = builder.channel(name, names[j].clone(), names[i].clone(), None);
                forward.push(f);
                backward.push(b);
            }
        }
    }
    MarkovJump::new(builder.build()?, forward, backward)
}

/// Π sizes, each at least one.
///
/// # Errors
/// [`Error::Domain`] for a size of zero or a product beyond every memory; [`Error::NoStates`] for no sizes.
pub(super) fn product_size(sizes: &[usize]) -> Result<usize> {
    if sizes.is_empty() {
        return Err(Error::NoStates);
    }
    let mut product = 1_usize;
    for (k, &size) in sizes.iter().enumerate() {
        let next = product
            .checked_mul(size)
            .filter(|&p| p > 0 && p <= u32::MAX as usize);
        product = next.ok_or_else(|| Error::Domain {
            what: format!("the size of part {k}"),
            value: size as f64,
            expected: "at least one state, and a product below 2³²",
        })?;
    }
    Ok(product)
}

/// The tuple of a row-major index.
pub(super) fn row_major(sizes: &[usize], mut index: usize) -> Vec<usize> {
    let mut tuple = vec![0; sizes.len()];
    for (t, &size) in tuple.iter_mut().zip(sizes).rev() {
        *t = index % size;
        index /= size;
    }
    tuple
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_that_no_subsystem_tells_apart_are_named() {
        let network = Network::builder()
            .states(["A", "B", "C"])
            .subsystem("x", ["0", "1", "1"])
            .subsystem("y", ["0", "0", "0"])
            .build()
            .unwrap();
        let message = ProductSpace::of(&network).unwrap_err().to_string();
        assert!(
            message.contains("\"B\" and \"C\"") && message.contains("x 1, y 0"),
            "{message}"
        );
        let none = Network::from_edges(2, &[(0, 1)]).unwrap();
        assert!(matches!(ProductSpace::of(&none), Err(Error::NoSubsystems { .. })));
    }

    #[test]
    fn groups_are_in_lexicographic_order_of_the_parts_as_given() {
        let process = product_process(&[2, 3], &Matrix::zeros(6, 6)).unwrap();
        let space = ProductSpace::of(crate::kinetics::Kinetics::network(&process)).unwrap();
        assert_eq!(space.gathered(&[1]).unwrap().group, [0, 1, 2, 0, 1, 2]);
        assert_eq!(space.gathered(&[1, 0]).unwrap().group, [0, 2, 4, 1, 3, 5]);
        assert!(space.gathered(&[2]).is_err() && space.gathered(&[0, 0]).is_err());
    }

    #[test]
    fn a_generator_that_does_not_fit_is_refused_with_the_figure() {
        let message = |w: Matrix| product_process(&[2], &w).unwrap_err().to_string();
        assert!(message(Matrix::from_columns(2, vec![-1.0, 2.0, 0.0, 0.0])).contains("column 0"));
        assert!(message(Matrix::from_columns(2, vec![1.0, -1.0, 0.0, 0.0])).contains("-1"));
        assert!(message(Matrix::from_columns(2, vec![f64::NAN, f64::NAN, 0.0, 0.0])).contains("NaN"));
        assert!(message(Matrix::zeros(3, 3)).contains("expected 2"));
        assert!(product_process(&[0, 2], &Matrix::zeros(1, 1)).is_err());
    }
}
