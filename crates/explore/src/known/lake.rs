//! The shallow lake: pollution that a town may release until the lake tips over.
//!
//! Carpenter, Ludwig and Brock, "Management of eutrophication for lakes subject to potentially irreversible change",
//! Ecol. Appl. 9 (1999); as a benchmark of many objectives, Ward, Singh, Reed and Keller (Environ. Model. Softw. 73, 2015).

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
