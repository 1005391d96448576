//! Fisher information of time: speed, length and bounds.
