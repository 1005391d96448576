//! A pure state of S + B, as bath vectors beside the configurations of the system.

use num_complex::Complex64;

use irrev_numerics::linalg::Matrix;

use crate::error::{Error, Result};
use crate::sector::{Sector, binomial};
use crate::vector::{add, inner};

/// ψ = Σ_s |s⟩ ⊗ A_s, where A_s has a part in each number n of particles in the bath that occurs.
#[derive(Debug, Clone, PartialEq)]
pub struct JointState {
    system_sites: usize,
    bath_sites: usize,
    /// By configuration s and bath number n; empty vectors are zero.
    parts: Vec<Vec<Vec<Complex64>>>,
}

impl JointState {
    /// |φ⟩ ⊗ |b⟩ of 2^m amplitudes and a bath vector of n particles.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Particles`], [`Error::Domain`].
    ///
    /// ```
    /// use irrev_quantum::Complex64;
    /// use irrev_quantum::composite::JointState;
    /// let (full, zero, one) = ([0.0, 1.0].map(Complex64::from), Complex64::ZERO, Complex64::ONE);
    /// let joint = JointState::product(&full, 2, 1, &[one, zero])?;          // a particle on S, and one on site 0 of two
    /// assert_eq!(joint.part(1, 1), [one, zero]);
    /// assert!(joint.part(0, 1).is_empty());
    /// assert_eq!(joint.reduced()[(1, 1)], one);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn product(
        system: &[Complex64],
        bath_sites: usize,
        particles: usize,
        bath: &[Complex64],
    ) -> Result<Self> {
        Error::require(
            "the number of amplitudes of the system",
            system.len() as f64,
            system.len().is_power_of_two(),
            "a power of two, one for each configuration",
        )?;
        let sector = Sector::new(bath_sites, particles)?;
        Error::require_size("the bath vector", bath.len(), sector.dimension() as usize)?;
        let mut joint = Self::zero(system.len().ilog2() as usize, bath_sites);
        for (parts, &amplitude) in joint.parts.iter_mut().zip(system) {
            if amplitude != Complex64::ZERO {
                parts[particles] = bath.iter().map(|b| amplitude * b).collect();
            }
        }
        Ok(joint)
    }

    pub(super) fn zero(system_sites: usize, bath_sites: usize) -> Self {
        Self {
            system_sites,
            bath_sites,
            parts: vec![vec![Vec::new(); bath_sites + 1]; 1 << system_sites],
        }
    }

    /// The part of A_s with n particles in the bath, C(M, n) amplitudes; empty if it is zero or does not exist.
    #[must_use]
    pub fn part(&self, s: usize, n: usize) -> &[Complex64] {
        self.parts
            .get(s)
            .and_then(|parts| parts.get(n))
            .map_or(&[], Vec::as_slice)
    }

    /// Number of configurations of the system, 2^m.
    #[must_use]
    pub fn configurations(&self) -> usize {
        self.parts.len()
    }

    /// Number of sites of the bath.
    #[must_use]
    pub fn bath_sites(&self) -> usize {
        self.bath_sites
    }

    /// Total numbers of particles that occur, ascending.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let touched = |total: &usize| {
            self.parts.iter().enumerate().any(|(s, parts)| {
                let n = total.checked_sub(s.count_ones() as usize);
                n.and_then(|n| parts.get(n)).is_some_and(|part| !part.is_empty())
            })
        };
        (0..=self.system_sites + self.bath_sites)
            .filter(touched)
            .collect()
    }

    /// The amplitudes with a total number of particles, in the order of that sector.
    pub(crate) fn gathered(&self, sector: &Sector) -> Vec<Complex64> {
        let mask = (1_u64 << self.system_sites) - 1;
        // words ascend, and so do the words of the bath beside one configuration
        let mut next = vec![0; self.parts.len()];
        sector
            .words()
            .map(|word| {
                let s = (word & mask) as usize;
                let n = (word >> self.system_sites).count_ones() as usize;
                let place = next[s];
                next[s] += 1;
                self.parts[s][n].get(place).copied().unwrap_or_default()
            })
            .collect()
    }

    /// Takes over the amplitudes with a total number of particles.
    pub(super) fn scatter(&mut self, sector: &Sector, amplitudes: &[Complex64]) {
        let mask = (1_u64 << self.system_sites) - 1;
        for (s, parts) in self.parts.iter_mut().enumerate() {
            let n = sector.particles().checked_sub(s.count_ones() as usize);
            if let Some(part) = n.and_then(|n| parts.get_mut(n)) {
                part.clear();
            }
        }
        for (word, &amplitude) in sector.words().zip(amplitudes) {
            let n = (word >> self.system_sites).count_ones() as usize;
            self.parts[(word & mask) as usize][n].push(amplitude);
        }
    }

    /// Tr_B |ψ⟩⟨ψ|, 2^m × 2^m: element (s, s') is Σ_b A_s(b) A_s'(b)*.
    #[must_use]
    pub fn reduced(&self) -> Matrix<Complex64> {
        let size = self.parts.len();
        let mut rho = Matrix::zeros(size, size);
        for i in 0..size {
            for j in 0..=i {
                let overlaps = (0..=self.bath_sites).map(|n| {
                    let (a, b) = (self.part(i, n), self.part(j, n));
                    if a.is_empty() || b.is_empty() {
                        Complex64::ZERO
                    } else {
                        inner(b, a)
                    }
                });
                let element: Complex64 = overlaps.sum();
                rho[(i, j)] = element;
                rho[(j, i)] = element.conj();
            }
        }
        rho
    }

    /// ⟨l|ψ⟩ with n particles in the bath, for a vector l of the system: Σ_s l_s* A_s, of C(M, n) amplitudes; `None` if all terms are zero.
    ///
    /// # Errors
    /// [`Error::Size`] unless l has 2^m amplitudes.
    pub fn conditional(&self, l: &[Complex64], n: usize) -> Result<Option<Vec<Complex64>>> {
        Error::require_size("a vector of the system", l.len(), self.parts.len())?;
        let mut sum = Vec::new();
        for (s, amplitude) in l.iter().enumerate() {
            let part = self.part(s, n);
            if *amplitude == Complex64::ZERO || part.is_empty() {
                continue;
            }
            if sum.is_empty() {
                sum = vec![Complex64::ZERO; binomial(self.bath_sites, n) as usize];
            }
            add(amplitude.conj(), part, &mut sum);
        }
        Ok((!sum.is_empty()).then_some(sum))
    }

    /// ‖ψ − ψ'‖ for a state of the same whole.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let mut sum = 0.0;
        for (own, others) in self.parts.iter().flatten().zip(other.parts.iter().flatten()) {
            for place in 0..own.len().max(others.len()) {
                let at = |part: &[Complex64]| part.get(place).copied().unwrap_or_default();
                sum += (at(own) - at(others)).norm_sqr();
            }
        }
        sum.sqrt()
    }

    /// ⟨ψ|ψ⟩ by number of particles in the bath, M + 1 numbers.
    #[must_use]
    pub fn bath_numbers(&self) -> Vec<f64> {
        (0..=self.bath_sites)
            .map(|n| {
                let parts = (0..self.parts.len()).map(|s| self.part(s, n));
                parts.map(|part| inner(part, part).re).sum()
            })
            .collect()
    }
}
