//! Log-linear hierarchy: what interactions of k bodies explain.
