//! The three curves of adoption (E7) as an ensemble: which form and which ceiling is right is not known.
//!
//! Every member passes through the last point seen. Members are weighted by how well they run back through the points
//! before it (a normal likelihood); form, ceiling and speed are alike likely beforehand. Bass is
//! `dx = (p + q x/m)(m - x)`, logistic `dx = k x (1 - x/m)`, Gompertz `dx = k x ln(m/x)`.

use super::Sample;

/// A curve in closed form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// Innovation p and imitation q [1/year].
    Bass {
        /// p [1/year].
        p: f64,
        /// q [1/year].
        q: f64,
    },
    /// Speed k [1/year].
    Logistic {
        /// k [1/year].
        k: f64,
    },
    /// Speed k [1/year].
    Gompertz {
        /// k [1/year].
        k: f64,
    },
}

impl Curve {
    /// Adoption `years` after (or before) it was `x` under a ceiling `m`.
    pub fn at(self, x: f64, m: f64, years: f64) -> f64 {
        let share = (x / m).clamp(1e-9, 1.0 - 1e-9);
        m * match self {
            Self::Logistic { k } => {
                let odds = share / (1.0 - share) * (k * years).exp();
                odds / (1.0 + odds)
            }
            Self::Gompertz { k } => (share.ln() * (-k * years).exp()).exp(),
            // F = (1 - e)/(1 + (q/p) e) with e falling at p + q; before its start there is nothing.
            Self::Bass { p, q } => {
                let e = (1.0 - share) / (1.0 + q / p * share) * (-(p + q) * years).exp();
                ((1.0 - e) / (1.0 + q / p * e)).max(0.0)
            }
        }
    }
}

/// A form of curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Bass.
    Bass,
    /// Logistic.
    Logistic,
    /// Gompertz.
    Gompertz,
}

/// All forms.
pub const FORMS: [Form; 3] = [Form::Bass, Form::Logistic, Form::Gompertz];

/// Ceilings tried, from the last point to everybody.
const CEILINGS: usize = 12;

/// A weighted member.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    curve: Curve,
    ceiling: f64,
    last: f64,
    weight: f64,
}

/// Even steps of the logarithm.
fn ladder(low: f64, high: f64, steps: usize) -> impl Iterator<Item = f64> {
    (0..steps).map(move |step| low * (high / low).powf(step as f64 / (steps - 1) as f64))
}

/// The curves of a form, from all but standing still to done within a few years.
fn curves(form: Form) -> Vec<Curve> {
    match form {
        Form::Logistic => ladder(0.01, 2.0, 60).map(|k| Curve::Logistic { k }).collect(),
        Form::Gompertz => ladder(0.005, 1.0, 60).map(|k| Curve::Gompertz { k }).collect(),
        Form::Bass => {
            ladder(0.0005, 0.1, 8).flat_map(|p| ladder(0.01, 2.0, 30).map(move |q| Curve::Bass { p, q })).collect()
        }
    }
}

/// An ensemble with the error of what it is fitted to.
#[derive(Clone, Debug)]
pub struct Ensemble {
    members: Vec<Member>,
    /// Standard error of a published share [fraction].
    error: f64,
}

/// The ensemble of some forms through the last of the points seen (year, share), in the order of time, each with a
/// standard error [fraction].
pub fn ensemble(forms: &[Form], seen: &[(f64, f64)], error: f64) -> Ensemble {
    let mut members = Vec::new();
    let Some((&(end, last), before)) = seen.split_last() else { return Ensemble { members, error } };
    for form in forms {
        let curves = curves(*form);
        for step in 1..=CEILINGS {
            let ceiling = last + (1.0 - last) * step as f64 / CEILINGS as f64;
            for curve in &curves {
                let misfit: f64 =
                    before.iter().map(|(year, share)| (curve.at(last, ceiling, year - end) - share).powi(2)).sum();
                let likelihood = (-misfit / (2.0 * error * error)).exp();
                let weight = likelihood / curves.len() as f64;
                members.push(Member { curve: *curve, ceiling, last, weight });
            }
        }
    }
    Ensemble { members, error }
}

/// What the ensemble says `years` after the last point; `None` where no member fits at all.
pub fn forecast(ensemble: &Ensemble, years: f64) -> Option<Sample> {
    // The survey's error in three points (Gauss and Hermite): 0 and sqrt 3 to either side, weights 2/3, 1/6, 1/6.
    const NODES: [(f64, f64); 3] =
        [(-1.732_050_807_568_877_2, 1.0 / 6.0), (0.0, 2.0 / 3.0), (1.732_050_807_568_877_2, 1.0 / 6.0)];
    let values = ensemble.members.iter().filter(|member| member.weight > 0.0).flat_map(|member| {
        let middle = member.curve.at(member.last, member.ceiling, years);
        NODES.map(|(place, weight)| ((middle + place * ensemble.error).clamp(0.0, 1.0), member.weight * weight))
    });
    Sample::weighted(values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_passes_through_its_point_and_never_its_ceiling() {
        for curve in [Curve::Bass { p: 0.03, q: 0.38 }, Curve::Logistic { k: 0.4 }, Curve::Gompertz { k: 0.2 }] {
            assert!((curve.at(0.3, 0.8, 0.0) - 0.3).abs() < 1e-9, "{curve:?}");
            assert!((curve.at(0.3, 0.8, 200.0) - 0.8).abs() < 1e-6, "{curve:?}");
        }
    }

    #[test]
    fn known_answers() {
        // Logistic, odds 1 at a half of the ceiling; ln 3 later odds 3.
        assert!((Curve::Logistic { k: 1.0 }.at(0.5, 1.0, 3.0_f64.ln()) - 0.75).abs() < 1e-12);
        // Gompertz: ln(m/x) halves in ln 2: from 1/4 to 1/2.
        assert!((Curve::Gompertz { k: 1.0 }.at(0.25, 1.0, 2.0_f64.ln()) - 0.5).abs() < 1e-12);
        // Bass without imitation is an exponential approach: a half is left after ln 2 / p.
        let bass = Curve::Bass { p: 0.1, q: 1e-12 };
        assert!((bass.at(0.2, 1.0, 10.0 * 2.0_f64.ln()) - 0.6).abs() < 1e-9);
    }

    #[test]
    fn a_series_that_is_logistic_is_forecast_by_its_own_form() {
        let truth = Curve::Logistic { k: 0.3 };
        let seen: Vec<(f64, f64)> =
            (0..8).map(|year| (f64::from(year), truth.at(0.3, 0.9, f64::from(year) - 7.0))).collect();
        let sample = forecast(&ensemble(&[Form::Logistic], &seen, 0.03), 6.0).unwrap();
        assert!((sample.quantile(0.5) - truth.at(0.3, 0.9, 6.0)).abs() < 0.12, "{:?}", sample.band());
        assert!(forecast(&ensemble(&FORMS, &[], 0.03), 1.0).is_none());
    }
}
