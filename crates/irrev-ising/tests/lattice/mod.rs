//! Spins on a square lattice: exact values, identities, and Monte Carlo against enumeration.

mod driven;
mod transfer;
