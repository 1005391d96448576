//! What sweeps over any kind of model share: what is asked, the points, and the picture of a result.

use irrev_report::{Axis, Curve, CurveStyle, FigureKind, Heatmap, Lines};

use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::Override;

/// Which numbers of a model to sweep, and which results to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SweepRequest {
    /// One or two dotted keys with their values; the last varies fastest.
    pub axes: Vec<(String, Vec<f64>)>,
    /// Names of results; empty shows the model's observables and the entropy production rate.
    pub show: Vec<String>,
}

/// Where a sweep was written: on the command line, or in the model.
pub(super) fn door(asked: Option<&SweepRequest>) -> &'static str {
    if asked.is_some() { "--over" } else { "[[sweep]]" }
}

/// The numbers at a point of a sweep.
pub(super) fn at_point(door: &str, keys: &[impl AsRef<str>], point: &[f64]) -> Vec<Override> {
    let number =
        |(key, value): (&str, f64)| Override::number(key, value).written_as(format!("{door} {key}={value}"));
    keys.iter()
        .map(AsRef::as_ref)
        .zip(point.iter().copied())
        .map(number)
        .collect()
}

impl SweepRequest {
    /// Names of the results to show: those asked for, or these.
    ///
    /// # Errors
    /// [`Error::UnknownResult`] for one that is not known.
    pub(super) fn shown(&self, unless_told: &[&str], known: &[&str]) -> Result<Vec<String>> {
        if self.show.is_empty() {
            return Ok(unless_told.iter().map(|name| (*name).to_owned()).collect());
        }
        match self.show.iter().find(|name| !known.contains(&name.as_str())) {
            None => Ok(self.show.clone()),
            Some(unknown) => Err(Error::UnknownResult {
                name: unknown.clone(),
                suggestion: nearest_name(unknown, known.iter().copied()).map(str::to_owned),
                known: known.iter().map(|name| (*name).to_owned()).collect(),
            }),
        }
    }

    /// All combinations of the values, the last axis fastest.
    ///
    /// # Errors
    /// [`Error::NotPossible`] for more of them than `most`.
    pub(super) fn points(&self, most: usize, model: &str) -> Result<Vec<Vec<f64>>> {
        let points = self.axes.iter().fold(vec![Vec::new()], |points, (_, values)| {
            let longer = |point: &Vec<f64>, v: &f64| point.iter().copied().chain([*v]).collect::<Vec<f64>>();
            points
                .iter()
                .flat_map(|point| values.iter().map(move |v| longer(point, v)))
                .collect()
        });
        if points.len() > most {
            return Err(Error::NotPossible {
                model: model.into(),
                what: "the sweep".into(),
                reason: format!("{} points are more than {most}", points.len()),
            });
        }
        Ok(points)
    }

    /// The swept keys.
    pub(super) fn keys(&self) -> Vec<&str> {
        self.axes.iter().map(|(key, _)| key.as_str()).collect()
    }

    /// The swept keys in words.
    pub(super) fn against(&self) -> String {
        self.keys().join(" and ")
    }

    /// One result at all points: a curve over one number, with a band of so many standard errors of 1 if there are any, or a map over two.
    pub(super) fn picture(
        &self,
        words: &str,
        axis: Axis,
        values: Vec<f64>,
        errors: Option<&[f64]>,
    ) -> FigureKind {
        if let [(first, ys), (second, xs)] = &self.axes[..] {
            return Heatmap::new(
                Axis::new(second.clone(), ""),
                xs.clone(),
                Axis::new(first.clone(), ""),
                ys.clone(),
                axis,
                values.chunks(xs.len().max(1)).map(<[f64]>::to_vec).collect(),
            )
            .into();
        }
        let (key, xs) = self.axes.first().cloned().unwrap_or_default();
        let mut curve = Curve::new(words, xs, values.clone()).styled(CurveStyle::LineAndMarkers);
        if let Some(errors) = errors {
            let bound = |sign: f64| values.iter().zip(errors).map(|(v, e)| v + sign * e).collect();
            curve = curve
                .with_band(bound(-1.0), bound(1.0))
                .styled(CurveStyle::Markers);
        }
        Lines::new(Axis::new(key, ""), axis).curve(curve).into()
    }
}
