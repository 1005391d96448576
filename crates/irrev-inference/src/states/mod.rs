//! Rates, entropy production and hidden states behind visits of states.
