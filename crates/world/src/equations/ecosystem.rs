//! E8, whose models are used: a nested logit over origins, in nests of open and closed models, calibrated to the
//! shares at the end of 2025 and moved by what has changed since.

/// One kind of model as the users of one bloc see it: its share of demand at the end of history (which holds all
/// that is constant, non-price terms first of all) and how its utility has changed since.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alternative {
    /// Share at the end of history.
    pub share_then: f64,
    /// Change of utility since.
    pub utility_change: f64,
    /// Share of the users to whom it is open, over that at the end of history.
    pub access: f64,
}

/// Years from the middle of 2024, where the lag of open models was measured, to the end of 2025, where it was again.
const YEARS_BETWEEN_LAGS: f64 = 1.375;

/// Months by which open models trailed the frontier so many years before the end of 2025: in a straight line from
/// what was measured in 2024, constant before that. A lag that has grown since counts as it was.
pub fn lag_in_history(months_2024: f64, months_2025: f64, years_before: f64) -> f64 {
    let along = (years_before / YEARS_BETWEEN_LAGS).clamp(0.0, 1.0);
    months_2025 + (months_2024 - months_2025) * along
}

/// Shares now. `alternatives` holds closed and open in turn for each origin; `similarity` is the nests' scale, 1 =
/// no nests. Fills `shares` in the same order; they sum to one.
pub fn shares(alternatives: &[Alternative], similarity: f64, shares: &mut [f64]) {
    // A nested logit in ratios to the reference shares: within a nest, share_then exp(dV/mu); between nests, by
    // the mu-th power of the nest's sum.
    let mut nest_then = [0.0; 2];
    let mut nest_now = [0.0; 2];
    for (index, alternative) in alternatives.iter().enumerate() {
        let pull = alternative.share_then
            * alternative.access
            * (alternative.utility_change.clamp(-40.0, 40.0) / similarity).exp();
        shares[index] = pull;
        nest_then[index % 2] += alternative.share_then;
        nest_now[index % 2] += pull;
    }
    let weight = [0, 1].map(|nest| {
        if nest_then[nest] > 0.0 { nest_then[nest] * (nest_now[nest] / nest_then[nest]).powf(similarity) } else { 0.0 }
    });
    let total = weight[0] + weight[1];
    for (index, share) in shares[..alternatives.len()].iter_mut().enumerate() {
        let nest = index % 2;
        *share =
            if nest_now[nest] > 0.0 && total > 0.0 { weight[nest] / total * (*share / nest_now[nest]) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(changes: [f64; 4], similarity: f64) -> [f64; 4] {
        let then = [0.6, 0.1, 0.1, 0.2];
        let alternatives: Vec<Alternative> = then
            .iter()
            .zip(changes)
            .map(|(share_then, utility_change)| Alternative { share_then: *share_then, utility_change, access: 1.0 })
            .collect();
        let mut result = [0.0; 4];
        shares(&alternatives, similarity, &mut result);
        result
    }

    #[test]
    fn the_lag_of_open_models_fell_in_a_straight_line_from_2024() {
        assert_eq!(lag_in_history(15.0, 3.5, 0.0), 3.5);
        assert!((lag_in_history(15.0, 3.5, 0.6875) - 9.25).abs() < 1e-12);
        assert_eq!(lag_in_history(15.0, 3.5, 3.0), 15.0);
    }

    #[test]
    fn where_nothing_changes_shares_stay() {
        for (a, b) in now([0.0; 4], 0.7).iter().zip([0.6, 0.1, 0.1, 0.2]) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn without_nests_it_is_a_plain_logit() {
        // ln 2 more utility doubles the odds: 0.2 x 2 / (0.8 + 0.4) = 1/3.
        let shares = now([0.0, 0.0, 0.0, 2.0_f64.ln()], 1.0);
        assert!((shares[3] - 1.0 / 3.0).abs() < 1e-12);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn in_nests_a_better_open_model_takes_most_from_other_open_ones() {
        let shares = now([0.0, 0.0, 0.0, 1.0], 0.5);
        let (closed, open) = (shares[0] / 0.6, shares[1] / 0.1);
        assert!(open < closed && closed < 1.0, "{shares:?}");
    }

    #[test]
    fn a_model_that_is_barred_has_no_share() {
        let mut result = [0.0; 2];
        let alternatives = [
            Alternative { share_then: 0.5, utility_change: 3.0, access: 0.0 },
            Alternative { share_then: 0.5, utility_change: 0.0, access: 1.0 },
        ];
        shares(&alternatives, 0.7, &mut result);
        assert_eq!(result, [0.0, 1.0]);
    }
}
