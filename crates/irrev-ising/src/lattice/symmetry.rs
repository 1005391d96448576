//! Symmetries of a lattice that leave one site where it is, and the orbits of its states.

use super::geometry::Lattice;

/// Permutations of the sites that keep all neighbours (with their multiplicity) and site 0, by trying sites one after the other.
///
/// More than reflections: on 4 × 4 sites, which are the corners of a hypercube, there are 24 of them.
pub(super) fn stabilizer(lattice: Lattice) -> Vec<Vec<usize>> {
    let n = lattice.sites();
    let mut bonds = vec![0_u8; n * n];
    for site in 0..n {
        for neighbour in lattice.neighbours(site) {
            bonds[site * n + neighbour] += 1;
        }
    }
    let mut found = Vec::new();
    extend(&bonds, n, &mut vec![0], &mut found);
    found
}

/// Extends the images of the first sites by that of the next in every way that keeps the bonds among them.
fn extend(bonds: &[u8], n: usize, images: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    let next = images.len();
    if next == n {
        found.push(images.clone());
        return;
    }
    for image in 0..n {
        let keeps = |(site, &own): (usize, &usize)| bonds[site * n + next] == bonds[own * n + image];
        if !images.contains(&image) && images.iter().enumerate().all(keeps) {
            images.push(image);
            extend(bonds, n, images, found);
            images.pop();
        }
    }
}

/// Classes of states that symmetries and the reversal of all spins map onto each other.
pub(super) struct Orbits {
    /// Class of every state.
    pub(super) class: Vec<u32>,
    /// One state of every class.
    pub(super) representatives: Vec<usize>,
    /// Number of states of every class.
    pub(super) sizes: Vec<usize>,
}

impl Orbits {
    pub(super) fn new(n: usize, symmetries: &[Vec<usize>]) -> Self {
        const UNSEEN: u32 = u32::MAX;
        let all = (1_usize << n) - 1;
        let mut orbits = Self {
            class: vec![UNSEEN; 1 << n],
            representatives: Vec::new(),
            sizes: Vec::new(),
        };
        for state in 0..1_usize << n {
            if orbits.class[state] != UNSEEN {
                continue;
            }
            let class = orbits.representatives.len() as u32;
            let mut size = 0;
            for symmetry in symmetries {
                let image = (0..n).fold(0, |image, site| image | (state >> site & 1) << symmetry[site]);
                for member in [image, image ^ all] {
                    if orbits.class[member] == UNSEEN {
                        orbits.class[member] = class;
                        size += 1;
                    }
                }
            }
            orbits.representatives.push(state);
            orbits.sizes.push(size);
        }
        orbits
    }
}
