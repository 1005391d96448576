//! Normal distributions and linear processes in closed form.
