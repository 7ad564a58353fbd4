//! Distributions of one input.

/// The distribution of one input. `low` and `high` of the unbounded ones are their 5 % and 95 % points.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// One value.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Alike everywhere between two ends.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Uniform in the logarithm.
    LogUniform {
        /// Lower end, above zero.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// Rising to a mode and falling.
    Triangular {
        /// Lower end.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Upper end.
        high: f64,
    },
    /// Normal.
    Normal {
        /// 5 % point.
        low: f64,
        /// Median.
        central: f64,
        /// 95 % point.
        high: f64,
    },
    /// Normal in the logarithm.
    LogNormal {
        /// 5 % point, above zero.
        low: f64,
        /// Median.
        central: f64,
        /// 95 % point.
        high: f64,
    },
    /// One of several values, alike likely.
    Discrete {
        /// The values, in rising order.
        values: Vec<f64>,
    },
}

/// The 95 % point of the standard normal distribution.
const Z95: f64 = 1.644_853_626_951_472_7;

impl Distribution {
    /// The value below which a share `u` (0 to 1) of the distribution lies.
    pub fn quantile(&self, u: f64) -> f64 {
        let u = u.clamp(0.0, 1.0);
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { low, high } => low + u * (high - low),
            Self::LogUniform { low, high } => (low.ln() + u * (high.ln() - low.ln())).exp(),
            Self::Triangular { low, mode, high } => triangular(*low, *mode, *high, u),
            Self::Normal { low, central, high } => two_piece(*low, *central, *high, u),
            Self::LogNormal { low, central, high } => two_piece(low.ln(), central.ln(), high.ln(), u).exp(),
            Self::Discrete { values } => {
                let index = (u * values.len() as f64) as usize;
                values[index.min(values.len() - 1)]
            }
        }
    }

    /// The value used where nothing is varied: the mode of a triangle, the median of the others.
    pub fn central(&self) -> f64 {
        match self {
            Self::Triangular { mode, .. } => *mode,
            Self::Discrete { values } => values[(values.len() - 1) / 2],
            other => other.quantile(0.5),
        }
    }

    /// The lower end, the 5 % point of the unbounded ones: one end of a one-at-a-time change.
    pub fn low(&self) -> f64 {
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { low, .. }
            | Self::LogUniform { low, .. }
            | Self::Triangular { low, .. }
            | Self::Normal { low, .. }
            | Self::LogNormal { low, .. } => *low,
            Self::Discrete { values } => values[0],
        }
    }

    /// The upper end, the 95 % point of the unbounded ones.
    pub fn high(&self) -> f64 {
        match self {
            Self::Fixed { value } => *value,
            Self::Uniform { high, .. }
            | Self::LogUniform { high, .. }
            | Self::Triangular { high, .. }
            | Self::Normal { high, .. }
            | Self::LogNormal { high, .. } => *high,
            Self::Discrete { values } => values[values.len() - 1],
        }
    }

    /// The word of the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fixed { .. } => "fixed",
            Self::Uniform { .. } => "uniform",
            Self::LogUniform { .. } => "loguniform",
            Self::Triangular { .. } => "triangular",
            Self::Normal { .. } => "normal",
            Self::LogNormal { .. } => "lognormal",
            Self::Discrete { .. } => "discrete",
        }
    }
}

/// Quantile of a triangular distribution (inverse of its quadratic distribution function).
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        return low;
    }
    let at_mode = (mode - low) / width;
    if u < at_mode {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// Quantile of a normal distribution with one spread below its median and another above, so that `low` and
/// `high` are its 5 % and 95 % points exactly.
fn two_piece(low: f64, central: f64, high: f64, u: f64) -> f64 {
    // The ends of the cube would be infinite: they stand for the 0.01 % and 99.99 % points.
    let z = standard_normal(u.clamp(1e-4, 1.0 - 1e-4));
    let spread = if z < 0.0 { central - low } else { high - central };
    central + z / Z95 * spread
}

/// Quantile of the standard normal distribution (P. J. Acklam's rational approximation, relative error 1.2e-9).
fn standard_normal(u: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    const TAIL: f64 = 0.02425;
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |q: f64| polynomial(&C, q) / (polynomial(&D, q) * q + 1.0);
    if u < TAIL {
        tail((-2.0 * u.ln()).sqrt())
    } else if u > 1.0 - TAIL {
        -tail((-2.0 * (1.0 - u).ln()).sqrt())
    } else {
        let q = u - 0.5;
        let r = q * q;
        q * polynomial(&A, r) / (polynomial(&B, r) * r + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6 * b.abs().max(1.0), "{a} is not {b}");
    }

    #[test]
    fn the_normal_quantile_agrees_with_tables() {
        // Abramowitz and Stegun, table 26.1.
        close(standard_normal(0.975), 1.959_964);
        close(standard_normal(0.5), 0.0);
        close(standard_normal(0.001), -3.090_232);
    }

    #[test]
    fn ends_are_the_5_and_95_per_cent_points_of_a_lognormal() {
        let progress = Distribution::LogNormal { low: 1.7, central: 3.5, high: 7.2 };
        close(progress.quantile(0.05), 1.7);
        close(progress.quantile(0.5), 3.5);
        close(progress.quantile(0.95), 7.2);
    }

    #[test]
    fn a_triangle_has_its_median_where_half_its_area_lies() {
        // low 0, mode 0, high 1: F(x) = 1 - (1 - x)^2, so the median is 1 - sqrt(1/2).
        let triangle = Distribution::Triangular { low: 0.0, mode: 0.0, high: 1.0 };
        close(triangle.quantile(0.5), 1.0 - 0.5_f64.sqrt());
        close(triangle.central(), 0.0);
    }

    #[test]
    fn a_discrete_input_takes_each_value_alike_often() {
        let form = Distribution::Discrete { values: vec![0.0, 1.0, 2.0] };
        assert_eq!([0.0, 0.33, 0.34, 0.67, 1.0].map(|u| form.quantile(u)), [0.0, 0.0, 1.0, 2.0, 2.0]);
    }
}
