//! E6, demand for tokens: with constant elasticity in the price, in proportion to adopters, with a trend.

/// Tokens wanted over those of the reference quarter, at the price and adoption relative to it.
pub fn relative(price_ratio: f64, elasticity: f64, adopters_ratio: f64, intensity_ratio: f64) -> f64 {
    price_ratio.powf(elasticity) * adopters_ratio * intensity_ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_of_10_per_cent_brings_12_per_cent_more_tokens() {
        // NBER: -1.11 within model; 0.9^-1.11 = 1.124.
        assert!((relative(0.9, -1.11, 1.0, 1.0) - 1.124).abs() < 1e-3);
    }
}
