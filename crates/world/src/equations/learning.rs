//! E4, learning by doing: a chip's price falls with its makers' cumulative output (Wright).

/// Exponent of a learning rate: a doubling multiplies the price by 1 - rate.
pub fn exponent(rate: f64) -> f64 {
    -(1.0 - rate).log2()
}

/// Price over that at the end of history, at `cumulative` over `cumulative_then` chips.
pub fn price_factor(cumulative: f64, cumulative_then: f64, exponent: f64) -> f64 {
    if exponent == 0.0 || cumulative_then <= 0.0 { 1.0 } else { (cumulative / cumulative_then).powf(-exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_doublings_at_20_per_cent_leave_64_per_cent() {
        assert!((price_factor(4e6, 1e6, exponent(0.20)) - 0.64).abs() < 1e-12);
    }

    #[test]
    fn without_learning_the_price_stays() {
        assert_eq!(price_factor(1e9, 1e6, exponent(0.0)), 1.0);
    }
}
