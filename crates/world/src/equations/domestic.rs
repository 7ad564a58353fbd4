//! E11 and E12, supply of Chinese chips: `min(dies / dies per chip, memory / memory per chip)`. Dies are wafers x
//! share for AI x dies per wafer x yield, and a bank of dies from abroad; memory is a stockpile and what is made at
//! home. Yield learns from the makers' own output (Wright), and denial draws wafers to AI: controls lower legal
//! supply and raise the substitute.

/// Dies of an area that fit on a wafer of 300 mm: `pi r^2 / A - pi d / sqrt(2 A)`, the usual approximation
/// [dies per wafer].
pub fn gross_dies_per_wafer(die_area_mm2: f64) -> f64 {
    const DIAMETER_MM: f64 = 300.0;
    let pi = std::f64::consts::PI;
    pi * (DIAMETER_MM / 2.0).powi(2) / die_area_mm2 - pi * DIAMETER_MM / (2.0 * die_area_mm2).sqrt()
}

/// Yield after output has grown to `cumulative_ratio` times: defects a die, `-ln(yield)` (Poisson), fall on Wright's
/// curve with `exponent` [fraction].
pub fn yield_after(yield_then: f64, cumulative_ratio: f64, exponent: f64) -> f64 {
    (yield_then.ln() * cumulative_ratio.powf(-exponent)).exp()
}

/// Share of wafers that go to AI in the next quarter: up by `learning_per_tenth` a year for every tenth of demand
/// that is denied, to four fifths at most [fraction].
pub fn drawn_to_ai(share: f64, learning_per_tenth: f64, denied_share: f64) -> f64 {
    const MOST: f64 = 0.8;
    // The fourth root: a year's factor in a quarter.
    (share * (1.0 + learning_per_tenth * 10.0 * denied_share).sqrt().sqrt()).min(MOST.max(share))
}

/// What can be had, in units of the mix, when each unit takes `per_unit` of a stock: the least over the stocks.
/// A stock of which a unit takes nothing sets no limit.
pub fn leontief(stock_and_need: &[(f64, f64)]) -> f64 {
    stock_and_need
        .iter()
        .map(|(stock, per_unit)| if *per_unit > 0.0 { stock / per_unit } else { f64::INFINITY })
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_dies_of_the_910b_fit_on_a_wafer() {
        // 70,686 / 665.6 - 942.5 / sqrt(1,331.2) = 106.2 - 25.8.
        assert!((gross_dies_per_wafer(665.6) - 80.37).abs() < 0.01);
    }

    #[test]
    fn a_doubling_at_20_per_cent_takes_a_yield_of_40_per_cent_to_48() {
        // -ln 0.4 = 0.9163; x 0.8 = 0.7330; exp(-0.7330) = 0.4805.
        let exponent = crate::equations::learning::exponent(0.2);
        assert!((yield_after(0.4, 2.0, exponent) - 0.4805).abs() < 1e-4);
        assert_eq!(yield_after(0.4, 1.0, exponent), 0.4);
    }

    #[test]
    fn a_fifth_denied_draws_a_tenth_more_wafers_a_year_at_five_a_tenth() {
        let year = (0..4).fold(0.1, |share, _| drawn_to_ai(share, 0.05, 0.2));
        assert!((year - 0.11).abs() < 1e-12);
        assert_eq!(drawn_to_ai(0.8, 0.05, 1.0), 0.8);
    }

    #[test]
    fn thirteen_million_stacks_and_eight_a_chip_make_1_6_million_910c_whatever_the_dies() {
        assert_eq!(leontief(&[(13e6, 8.0), (1e9, 2.0)]), 1.625e6);
        assert_eq!(leontief(&[(13e6, 0.0), (1e6, 2.0)]), 5e5);
    }
}
