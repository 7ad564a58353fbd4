//! E1, two-currency capacity: what a chip serves, from its prefill rate (bound by FLOP/s) and its decode rate
//! (bound by bandwidth), both from the performance model.

/// Tokens per second of a chip that reads `input_per_output` tokens for each that it writes [token/s]; 0 where
/// the chip serves nothing.
pub fn blended_tok_per_s(prefill_tok_per_s: f64, decode_tok_per_s: f64, input_per_output: f64) -> f64 {
    if prefill_tok_per_s <= 0.0 || decode_tok_per_s <= 0.0 {
        return 0.0;
    }
    (1.0 + input_per_output) / (input_per_output / prefill_tok_per_s + 1.0 / decode_tok_per_s)
}

/// Share of a chip's time that goes to decode [fraction].
pub fn decode_share(prefill_tok_per_s: f64, decode_tok_per_s: f64, input_per_output: f64) -> f64 {
    if prefill_tok_per_s <= 0.0 || decode_tok_per_s <= 0.0 {
        return 0.0;
    }
    let decode = 1.0 / decode_tok_per_s;
    decode / (decode + input_per_output / prefill_tok_per_s)
}

/// Factor on serving capacity when a fleet keeps shares `flop` and `byte` of its two currencies, given the share
/// of bandwidth in what bounds it (its elasticity).
pub fn shocked_capacity(flop: f64, byte: f64, bandwidth_elasticity: f64) -> f64 {
    if flop == 1.0 && byte == 1.0 {
        return 1.0;
    }
    flop.powf(1.0 - bandwidth_elasticity) * byte.powf(bandwidth_elasticity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_reads_and_writes_in_turns() {
        // 2 tokens read at 1,000/s and 1 written at 500/s take 0.002 + 0.002 s: 3 tokens in 4 ms.
        assert!((blended_tok_per_s(1000.0, 500.0, 2.0) - 750.0).abs() < 1e-9);
        assert!((decode_share(1000.0, 500.0, 2.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn without_prompts_only_decode_counts() {
        assert_eq!(blended_tok_per_s(1000.0, 500.0, 0.0), 500.0);
        assert_eq!(decode_share(1000.0, 500.0, 0.0), 1.0);
    }

    #[test]
    fn losing_a_tenth_of_bandwidth_costs_a_decode_bound_fleet_a_tenth() {
        assert!((shocked_capacity(1.0, 0.9, 1.0) - 0.9).abs() < 1e-12);
        assert!((shocked_capacity(0.9, 1.0, 1.0) - 1.0).abs() < 1e-12);
        assert!((shocked_capacity(0.9, 0.9, 0.37) - 0.9).abs() < 1e-12);
    }
}
