//! The way up a concave function of which only slopes are asked: remembered steps (L-BFGS) correct a given approximate inverse curvature.
//!
//! Concavity replaces a search along the line: as long as the slope at the end of a step is not more negative than half of what it was positive at the start,
//! the function grew; otherwise the step is shortened to where the slope should vanish.
//!
//! Source: J. Nocedal, Math. Comput. 35, 773 (1980).

use std::collections::VecDeque;

/// Steps remembered.
const MEMORY: usize = 6;

/// A place, the slope there, and the step to be tried next.
pub(super) struct Ascent {
    place: Vec<f64>,
    gradient: Vec<f64>,
    direction: Vec<f64>,
    length: f64,
    /// (step, fall of the slope along it, 1/their product).
    history: VecDeque<(Vec<f64>, Vec<f64>, f64)>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Ascent {
    /// At a place with the slope there; `inverse` applies an approximate inverse curvature.
    pub(super) fn new(place: Vec<f64>, gradient: Vec<f64>, inverse: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let mut start = Self {
            place,
            gradient: Vec::new(),
            direction: Vec::new(),
            length: 1.0,
            history: VecDeque::new(),
        };
        start.set_out(gradient, inverse);
        start
    }

    /// Largest component of the step that is tried next: about the distance to the top.
    pub(super) fn residual(&self) -> f64 {
        self.direction.iter().fold(0.0, |most: f64, d| most.max(d.abs()))
    }

    pub(super) fn into_place(self) -> Vec<f64> {
        self.place
    }

    /// Takes a slope as that of the present place, and chooses the next direction.
    fn set_out(&mut self, gradient: Vec<f64>, inverse: impl Fn(&[f64]) -> Vec<f64>) {
        let mut rest = gradient.clone();
        let mut shares = Vec::with_capacity(self.history.len());
        for (step, fall, scale) in self.history.iter().rev() {
            let share = scale * dot(step, &rest);
            rest.iter_mut().zip(fall).for_each(|(r, y)| *r -= share * y);
            shares.push(share);
        }
        let mut direction = inverse(&rest);
        for ((step, fall, scale), share) in self.history.iter().zip(shares.into_iter().rev()) {
            let back = share - scale * dot(fall, &direction);
            direction.iter_mut().zip(step).for_each(|(d, s)| *d += back * s);
        }
        self.gradient = gradient;
        self.direction = direction;
        self.length = 1.0;
    }

    /// Where the slope is wanted next.
    pub(super) fn trial(&self) -> Vec<f64> {
        let terms = self.place.iter().zip(&self.direction);
        terms.map(|(w, d)| w + self.length * d).collect()
    }

    /// Takes the slope at the trial place; one that is not finite counts as too far.
    pub(super) fn advance(
        &mut self,
        trial: Vec<f64>,
        gradient: Vec<f64>,
        inverse: impl Fn(&[f64]) -> Vec<f64>,
    ) {
        let slope = dot(&self.gradient, &self.direction);
        let end = dot(&gradient, &self.direction);
        if !(end >= -0.5 * slope) {
            let shorter = slope / (slope - end);
            self.length *= if shorter.is_finite() {
                shorter.clamp(0.05, 0.7)
            } else {
                0.05
            };
            return;
        }
        let step: Vec<f64> = trial.iter().zip(&self.place).map(|(a, b)| a - b).collect();
        let fall: Vec<f64> = self.gradient.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let curvature = dot(&step, &fall);
        if curvature > 0.0 {
            self.history.push_back((step, fall, 1.0 / curvature));
            if self.history.len() > MEMORY {
                self.history.pop_front();
            }
        }
        self.place = trial;
        self.set_out(gradient, inverse);
    }
}
