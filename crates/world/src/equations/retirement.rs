//! E10, stock and retirement: Weibull lives, failures under training load, a lag from sale to service.

/// The share of a vintage that survives to an age, with mean life and shape of a Weibull distribution, and a
/// constant yearly failure beside it.
#[derive(Clone, Copy, Debug)]
pub struct Survival {
    scale_quarters: f64,
    shape: f64,
    failure_per_quarter: f64,
}

impl Survival {
    /// From the mean life [years], the shape and a failure rate [1/year].
    pub fn new(mean_years: f64, shape: f64, failure_per_year: f64) -> Self {
        let scale = mean_years / gamma(1.0 + 1.0 / shape);
        Self { scale_quarters: 4.0 * scale, shape, failure_per_quarter: failure_per_year / 4.0 }
    }

    /// Share that survives ageing to an age in quarters, failures under load apart.
    fn aged(&self, age_quarters: f64) -> f64 {
        (-(age_quarters / self.scale_quarters).powf(self.shape)).exp()
    }

    /// Shares that survive to each age up to `ages` quarters: under training load, and without it.
    pub fn by_age(&self, ages: usize) -> [Vec<f64>; 2] {
        let idle: Vec<f64> = (0..=ages).map(|age| self.aged(age as f64)).collect();
        let a_quarter = (-self.failure_per_quarter).exp();
        let mut left = 1.0;
        let loaded = idle
            .iter()
            .map(|aged| {
                let share = aged * left;
                left *= a_quarter;
                share
            })
            .collect();
        [loaded, idle]
    }
}

/// Share of a vintage that is in service at an age, given the lag from sale to service [quarters].
pub fn deployed(age_quarters: f64, lag_quarters: f64) -> f64 {
    (age_quarters + 1.0 - lag_quarters).clamp(0.0, 1.0)
}

/// The gamma function for arguments from 1 to 2 (Lanczos, g = 7; relative error below 1e-13).
fn gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let sum = (1..9).fold(COEFFICIENTS[0], |sum, index| sum + COEFFICIENTS[index] / (x + index as f64));
    let t = x + 7.5;
    (2.0 * std::f64::consts::PI).sqrt() * t.powf(x + 0.5) * (-t).exp() * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_is_known_at_a_half() {
        assert!((gamma(1.5) - 0.886_226_925_452_758).abs() < 1e-12);
        assert!((gamma(2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn with_shape_one_the_life_is_exponential() {
        let survival = Survival::new(5.0, 1.0, 0.0);
        assert!((survival.aged(20.0) - (-1.0_f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn with_shape_two_82_per_cent_reach_half_the_mean_life() {
        // scale = 5 / gamma(1.5) = 5.642; exp(-(2.5/5.642)^2) = 0.8217.
        assert!((Survival::new(5.0, 2.0, 0.0).aged(10.0) - 0.8217).abs() < 1e-4);
    }

    #[test]
    fn failures_under_training_come_on_top() {
        let [loaded, idle] = Survival::new(5.0, 2.0, 0.09).by_age(4);
        assert!((loaded[4] / idle[4] - (-0.09_f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn a_lag_of_one_quarter_leaves_this_quarters_chips_in_their_crates() {
        assert_eq!([0.0, 1.0, 2.0].map(|age| deployed(age, 1.0)), [0.0, 1.0, 1.0]);
        assert_eq!(deployed(0.0, 0.5), 0.5);
    }
}
