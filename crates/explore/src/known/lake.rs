//! The shallow lake: pollution that a town may release until the lake tips over.
//!
//! Carpenter, Ludwig and Brock, "Management of eutrophication for lakes subject to potentially irreversible change",
//! Ecol. Appl. 9 (1999); as a benchmark of many objectives, Ward, Singh, Reed and Keller (Environ. Model. Softw. 73, 2015).

use std::array::from_fn;

use crate::lanes;

/// A lake that loses a share of its phosphorus a year and recycles some from its sediment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lake {
    /// Natural loss a year [1/year]
    pub loss: f64,
    /// Steepness of recycling [1]
    pub steepness: f64,
}

impl Lake {
    /// Phosphorus recycled from the sediment a year: x^q/(1 + x^q).
    pub fn recycled(&self, phosphorus: f64) -> f64 {
        let power = phosphorus.powf(self.steepness);
        power / (1.0 + power)
    }

    /// Phosphorus a year later: x + inflow + x^q/(1 + x^q) - b x.
    pub fn next(&self, phosphorus: f64, inflow: f64) -> f64 {
        (1.0 - self.loss) * phosphorus + self.recycled(phosphorus) + inflow
    }

    /// The level above which the lake tips even without inflow: the least x > 0 at which recycling makes up for the loss,
    /// x^q/(1 + x^q) = b x. `None` where there is none: a loss so large that the lake always recovers, or a steepness of
    /// at most 1, or parameters that are not positive.
    ///
    /// With y = ln x that is a root of f(y) = (q - 1) y - ln(1 + e^(q y)) - ln b, which is concave and peaks at x^q = q - 1.
    /// Newton's steps from the left, where f < 0, rise to the lower root and never pass it.
    ///
    /// # Examples
    /// ```
    /// let lake = explore::known::Lake { loss: 0.42, steepness: 2.0 };
    /// assert!((lake.tipping_point().unwrap() - 0.544_540_001_6).abs() < 1e-10);
    /// ```
    pub fn tipping_point(&self) -> Option<f64> {
        let (b, q) = (self.loss, self.steepness);
        if !(b > 0.0 && q > 1.0 && q.is_finite()) {
            return None;
        }
        // At the peak.
        if (q - 1.0) / q * (q - 1.0).ln() - q.ln() - b.ln() < 0.0 {
            return None;
        }
        // Without its middle term f is larger: its root lies to the left.
        let mut y = b.ln() / (q - 1.0);
        for _ in 0..200 {
            let power = (q * y).exp();
            let slope = q - 1.0 - q * power / (1.0 + power);
            let next = y - ((q - 1.0) * y - power.ln_1p() - b.ln()) / slope;
            // Rounding ends the rise; where the two roots are one, the slope vanishes with f and the steps are halves.
            if next.is_nan() || next <= y {
                break;
            }
            y = next;
        }
        Some(y.exp())
    }

    /// The tipping points of several lakes at once, from their losses and steepnesses, by the same steps in [`lanes`]; of a
    /// lake that has none, infinity.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see `lanes::widest`")]
    pub fn tipping_points<const N: usize>(loss: [f64; N], steepness: [f64; N]) -> [f64; N] {
        let q = steepness;
        let ln_b = lanes::ln(loss);
        let (ln_q, ln_rest) = (lanes::ln(q), lanes::ln::<N>(from_fn(|lane| q[lane] - 1.0)));
        let tips: [bool; N] = from_fn(|lane| {
            let peak = (q[lane] - 1.0) / q[lane] * ln_rest[lane] - ln_q[lane] - ln_b[lane];
            loss[lane] > 0.0 && q[lane] > 1.0 && q[lane].is_finite() && peak >= 0.0
        });
        let mut y: [f64; N] = from_fn(|lane| ln_b[lane] / (q[lane] - 1.0));
        for _ in 0..200 {
            let power = lanes::exp::<N>(from_fn(|lane| q[lane] * y[lane]));
            let above = lanes::ln::<N>(from_fn(|lane| 1.0 + power[lane]));
            let mut rises = false;
            for lane in 0..N {
                let slope = q[lane] - 1.0 - q[lane] * power[lane] / (1.0 + power[lane]);
                let next = y[lane] - ((q[lane] - 1.0) * y[lane] - above[lane] - ln_b[lane]) / slope;
                let higher = tips[lane] && next > y[lane];
                y[lane] = if higher { next } else { y[lane] };
                rises |= higher;
            }
            if !rises {
                break;
            }
        }
        let points = lanes::exp(y);
        from_fn(|lane| if tips[lane] { points[lane] } else { f64::INFINITY })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The design notes' figures.
    #[test]
    fn critical_points_of_the_lake() {
        for (loss, steepness, wanted) in
            [(0.42, 2.0, 0.544_540_001_6), (0.42, 2.5, 0.710_225_725_2), (0.3, 3.0, 0.605_463_831_4)]
        {
            let got = Lake { loss, steepness }.tipping_point().unwrap();
            assert!((got - wanted).abs() < 1e-10, "{got} {wanted}");
        }
    }

    #[test]
    fn tipping_points_of_several_lakes_are_those_of_each() {
        // None at which the two roots are one: there rounding decides whether the lake tips.
        let losses: [f64; 64] = from_fn(|lane| 0.0503 + 0.01 * lane as f64);
        for steepness in [0.5, 1.0, 1.5, 2.0, 2.7, 4.5, 9.0] {
            let points = Lake::tipping_points(losses, [steepness; 64]);
            for (loss, got) in losses.into_iter().zip(points) {
                match (Lake { loss, steepness }).tipping_point() {
                    Some(wanted) => assert!((got / wanted - 1.0).abs() < 1e-12, "{loss} {steepness}: {got} {wanted}"),
                    None => assert!(got == f64::INFINITY, "{loss} {steepness}"),
                }
            }
        }
    }

    /// For q = 2 the fixed points are those of b x^2 - x + b = 0: none above b = 1/2.
    #[test]
    fn a_lake_that_loses_much_never_tips() {
        assert_eq!(Lake { loss: 0.51, steepness: 2.0 }.tipping_point(), None);
        assert_eq!(Lake { loss: 0.4, steepness: 1.0 }.tipping_point(), None);
    }

    #[test]
    fn below_the_tipping_point_the_lake_recovers_and_above_it_does_not() {
        let lake = Lake { loss: 0.42, steepness: 2.5 };
        let after = |start: f64| (0..500).fold(start, |x, _| lake.next(x, 0.0));
        let tipping = lake.tipping_point().unwrap();
        assert!(after(tipping - 1e-3) < 1e-3);
        assert!(after(tipping + 1e-3) > 1.0);
    }
}
