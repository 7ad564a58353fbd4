//! E15, cross-border service: tokens wanted in one bloc may be served from any other, by capacity, price and
//! barrier.

use units::Quarter;

/// First quarter in which services from China were barred abroad (Italy 2025-01-30, then public offices in Taiwan,
/// Australia, Korea and the United States). Foreign services were never offered to the public in China.
pub const CHINESE_SERVICES_BARRED: Quarter = Quarter::new(2025, 1);

/// Pull of a fleet on users behind a barrier: `capacity exp(-(ln price + barrier)/temperature)`.
pub fn pull(capacity_tok_per_s: f64, price_to_the: f64, barrier_factor: f64) -> f64 {
    capacity_tok_per_s * price_to_the * barrier_factor
}

/// `exp(-barrier/temperature)`: 0 where service is barred (an infinite barrier).
pub fn barrier_factor(barrier: f64, temperature: f64) -> f64 {
    (-barrier / temperature).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barrier_of_one_temperature_lets_37_per_cent_through() {
        let home = pull(1e9, 1.0, barrier_factor(0.0, 0.4));
        let abroad = pull(1e9, 1.0, barrier_factor(0.4, 0.4));
        assert!((abroad / home - 0.367_879).abs() < 1e-6);
    }

    #[test]
    fn what_is_barred_serves_nothing() {
        assert_eq!(barrier_factor(f64::INFINITY, 0.4), 0.0);
    }
}
