//! A distribution as it is written in a file, and the check that turns it into one.

use serde::{Deserialize, Serialize};

use super::{Distribution, DistributionError, Scale};

/// A distribution as written: its name in `dist`, and the fields that belong to it.
///
/// | `dist` | fields |
/// |---|---|
/// | `fixed` | `value` |
/// | `uniform`, `loguniform` | `low`, `high` |
/// | `triangular` | `low`, `mode`, `high` |
/// | `normal` | `mean`, `sd` |
/// | `lognormal` | `median`, `sigma` (of the natural logarithm) |
/// | `beta` | `alpha`, `beta`, and `low`, `high` (0 and 1 if absent) |
/// | `discrete` | `values`, and `weights` (alike if absent) |
/// | `range` | `low`, `central`, `high`, and `scale` (`linear` or `log`; linear if absent) |
///
/// A field that does not belong to `dist` is an error, not ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the table above says what each is")]
pub struct Form {
    pub dist: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

/// Each name of `dist` with the fields that it takes.
const KINDS: [(&str, &[&str]); 9] = [
    ("fixed", &["value"]),
    ("uniform", &["low", "high"]),
    ("loguniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("normal", &["mean", "sd"]),
    ("lognormal", &["median", "sigma"]),
    ("beta", &["alpha", "beta", "low", "high"]),
    ("discrete", &["values", "weights"]),
    ("range", &["low", "central", "high", "scale"]),
];

impl Form {
    /// An empty form of a kind, to be filled in.
    pub fn of(dist: &str) -> Self {
        Self { dist: dist.into(), ..Self::default() }
    }

    /// The names that `dist` may have.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(name, _)| *name)
    }

    /// Everything that is wrong with it, in the order of the fields; empty if it makes a distribution.
    pub fn errors(&self) -> Vec<DistributionError> {
        let mut errors = Vec::new();
        let mut wrong = |field, message: String| errors.push(DistributionError { field, message });
        let Some((kind, fields)) = KINDS.iter().find(|(name, _)| *name == self.dist) else {
            let names: Vec<&str> = Self::kinds().collect();
            wrong("dist", format!("'{}' is not a distribution; use one of {}", self.dist, names.join(", ")));
            return errors;
        };
        for (field, value) in self.numbers() {
            let belongs = fields.contains(&field);
            let optional = *kind == "beta" && ["low", "high"].contains(&field);
            match value {
                Some(_) if !belongs => wrong(field, format!("a {kind} distribution has no {field}")),
                Some(value) if !value.is_finite() => wrong(field, format!("is {value}; a finite number is wanted")),
                None if belongs && !optional => wrong(field, format!("is missing; a {kind} distribution needs it")),
                _ => {}
            }
        }
        for (field, list) in [("values", &self.values), ("weights", &self.weights)] {
            match list {
                Some(_) if *kind != "discrete" => wrong(field, format!("a {kind} distribution has no {field}")),
                Some(list) if list.iter().any(|value| !value.is_finite()) => {
                    wrong(field, "holds a number that is not finite".into());
                }
                _ => {}
            }
        }
        if self.scale.is_some() && *kind != "range" {
            wrong("scale", format!("a {kind} distribution has no scale"));
        }
        if errors.is_empty() {
            self.check_values(&mut errors);
        }
        errors
    }

    /// The numeric fields by name.
    fn numbers(&self) -> [(&'static str, Option<f64>); 11] {
        [
            ("value", self.value),
            ("low", self.low),
            ("mode", self.mode),
            ("central", self.central),
            ("high", self.high),
            ("mean", self.mean),
            ("sd", self.sd),
            ("median", self.median),
            ("sigma", self.sigma),
            ("alpha", self.alpha),
            ("beta", self.beta),
        ]
    }

    /// Orders and signs, once every field is there and finite.
    fn check_values(&self, errors: &mut Vec<DistributionError>) {
        let mut wrong = |field, message: String| errors.push(DistributionError { field, message });
        for (field, value) in [("median", self.median), ("alpha", self.alpha), ("beta", self.beta)] {
            if value.is_some_and(|value| value <= 0.0) {
                wrong(field, "must be above 0".into());
            }
        }
        for (field, value) in [("sd", self.sd), ("sigma", self.sigma)] {
            if value.is_some_and(|value| value < 0.0) {
                wrong(field, "must not be negative".into());
            }
        }
        let logarithmic = self.dist == "loguniform" || self.scale == Some(Scale::Log);
        if let Some(low) = self.low.filter(|low| logarithmic && *low <= 0.0) {
            wrong("low", format!("is {low}; it must be above 0 on a logarithmic scale"));
        }
        let ends = (self.low.unwrap_or(0.0), self.high.unwrap_or(1.0));
        if self.low.or(self.high).is_some() && ends.0 > ends.1 {
            wrong("high", format!("is {}, below low ({})", ends.1, ends.0));
        } else {
            for (field, value) in [("mode", self.mode), ("central", self.central)] {
                if let Some(value) = value.filter(|value| !(ends.0..=ends.1).contains(value)) {
                    wrong(field, format!("is {value}, outside {} to {}", ends.0, ends.1));
                }
            }
        }
        if self.dist == "discrete" {
            self.check_lists(errors);
        }
    }

    fn check_lists(&self, errors: &mut Vec<DistributionError>) {
        let mut wrong = |field, message: &str| errors.push(DistributionError { field, message: message.into() });
        let values = self.values.as_deref().unwrap_or_default();
        if values.is_empty() {
            wrong("values", "must name at least one value");
        }
        if let Some(weights) = &self.weights {
            if weights.len() != values.len() {
                wrong("weights", "must have as many entries as values");
            } else if weights.iter().any(|weight| *weight < 0.0) || weights.iter().sum::<f64>() <= 0.0 {
                wrong("weights", "must not be negative, nor all 0");
            }
        }
    }
}

impl TryFrom<Form> for Distribution {
    type Error = DistributionError;

    /// The first problem of the form, if it has any; [`Form::errors`] lists all.
    fn try_from(form: Form) -> Result<Self, DistributionError> {
        if let Some(error) = form.errors().into_iter().next() {
            return Err(error);
        }
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let (low, high) = (number(form.low), number(form.high));
        Ok(match form.dist.as_str() {
            "fixed" => Self::Fixed { value: number(form.value) },
            "uniform" => Self::Uniform { low, high },
            "loguniform" => Self::LogUniform { low, high },
            "triangular" => Self::Triangular { low, mode: number(form.mode), high },
            "normal" => Self::Normal { mean: number(form.mean), sd: number(form.sd) },
            "lognormal" => Self::LogNormal { median: number(form.median), sigma: number(form.sigma) },
            "beta" => Self::Beta {
                alpha: number(form.alpha),
                beta: number(form.beta),
                low: form.low.unwrap_or(0.0),
                high: form.high.unwrap_or(1.0),
            },
            "discrete" => {
                let values = form.values.unwrap_or_default();
                let weights = form.weights.unwrap_or_else(|| vec![1.0; values.len()]);
                Self::Discrete { cumulative: cumulative(&weights), values }
            }
            _ => Self::Range { low, central: number(form.central), high, scale: form.scale.unwrap_or_default() },
        })
    }
}

/// Running shares of the weights. From the last positive weight on they are exactly 1, whatever was rounded.
fn cumulative(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    weights
        .iter()
        .enumerate()
        .map(|(index, weight)| {
            sum += weight / total;
            if index >= last { 1.0 } else { sum.min(1.0) }
        })
        .collect()
}

impl From<Distribution> for Form {
    fn from(distribution: Distribution) -> Self {
        match distribution {
            Distribution::Fixed { value } => Self { value: Some(value), ..Self::of("fixed") },
            Distribution::Uniform { low, high } => Self { low: Some(low), high: Some(high), ..Self::of("uniform") },
            Distribution::LogUniform { low, high } => {
                Self { low: Some(low), high: Some(high), ..Self::of("loguniform") }
            }
            Distribution::Triangular { low, mode, high } => {
                Self { low: Some(low), mode: Some(mode), high: Some(high), ..Self::of("triangular") }
            }
            Distribution::Normal { mean, sd } => Self { mean: Some(mean), sd: Some(sd), ..Self::of("normal") },
            Distribution::LogNormal { median, sigma } => {
                Self { median: Some(median), sigma: Some(sigma), ..Self::of("lognormal") }
            }
            Distribution::Beta { alpha, beta, low, high } => {
                Self { alpha: Some(alpha), beta: Some(beta), low: Some(low), high: Some(high), ..Self::of("beta") }
            }
            Distribution::Discrete { values, cumulative } => {
                let before = std::iter::once(0.0).chain(cumulative.iter().copied());
                let weights = cumulative.iter().zip(before).map(|(share, before)| share - before).collect();
                Self { values: Some(values), weights: Some(weights), ..Self::of("discrete") }
            }
            Distribution::Range { low, central, high, scale } => Self {
                low: Some(low),
                central: Some(central),
                high: Some(high),
                scale: Some(scale),
                ..Self::of("range")
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(form: &Form) -> Vec<&'static str> {
        form.errors().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_by_field() {
        assert_eq!(fields(&Form::of("gaussian")), ["dist"]);
        assert_eq!(fields(&Form::of("uniform")), ["low", "high"]);
        assert_eq!(fields(&Form { low: Some(f64::NAN), ..Form::of("uniform") }), ["low", "high"]);
        let foreign = Form { value: Some(1.0), mean: Some(1.0), scale: Some(Scale::Log), ..Form::of("fixed") };
        assert_eq!(fields(&foreign), ["mean", "scale"]);
        let outside = Form { low: Some(3.0), mode: Some(2.5), high: Some(2.0), ..Form::of("triangular") };
        assert_eq!(fields(&outside), ["high"]);
        let outside = Form { low: Some(1.0), mode: Some(3.0), high: Some(2.5), ..Form::of("triangular") };
        assert_eq!(fields(&outside), ["mode"]);
        let log =
            Form { low: Some(0.0), central: Some(1.0), high: Some(2.0), scale: Some(Scale::Log), ..Form::of("range") };
        assert_eq!(fields(&log), ["low"]);
        assert_eq!(fields(&Form { mean: Some(0.0), sd: Some(-1.0), ..Form::of("normal") }), ["sd"]);
        let beta = Form { alpha: Some(0.0), beta: Some(1.0), low: Some(2.0), ..Form::of("beta") };
        assert_eq!(fields(&beta), ["alpha", "high"]);
        assert_eq!(fields(&Form::of("discrete")), ["values"]);
        let uneven = Form { values: Some(vec![1.0]), weights: Some(vec![1.0, 2.0]), ..Form::of("discrete") };
        assert_eq!(fields(&uneven), ["weights"]);
        let none = Form { values: Some(vec![1.0]), weights: Some(vec![0.0]), ..Form::of("discrete") };
        assert_eq!(fields(&none), ["weights"]);
    }

    #[test]
    fn every_distribution_is_written_as_it_is_read() {
        let forms = [
            Form { value: Some(1.0), ..Form::of("fixed") },
            Form { low: Some(1.0), high: Some(2.0), ..Form::of("loguniform") },
            Form { low: Some(1.0), mode: Some(1.5), high: Some(2.0), ..Form::of("triangular") },
            Form { mean: Some(1.0), sd: Some(0.0), ..Form::of("normal") },
            Form { median: Some(1.0), sigma: Some(0.5), ..Form::of("lognormal") },
            Form { alpha: Some(1.0), beta: Some(0.5), low: Some(-1.0), high: Some(1.0), ..Form::of("beta") },
            Form { values: Some(vec![1.0, 2.0]), weights: Some(vec![0.25, 0.75]), ..Form::of("discrete") },
            Form { low: Some(1.0), central: Some(1.5), high: Some(2.0), scale: Some(Scale::Log), ..Form::of("range") },
        ];
        for form in forms {
            assert_eq!(Form::from(Distribution::try_from(form.clone()).unwrap()), form);
        }
    }
}
