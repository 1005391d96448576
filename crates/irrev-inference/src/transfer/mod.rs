//! Transfer entropy: who informs whom.
