//! Markov chains in discrete time: entropy production and its parts as projections.
