//! The rates that the world model tabulates.

use crate::fixtures::{chip, deepseek, facts, llama70};
use facts::Chip;
use performance::{Efficiencies, Objective, ReferenceRate, reference_decode_tok_per_s, reference_rate};

const OBJECTIVE: Objective = Objective { context_tokens: 2048.0, tpot_limit_s: 0.05 };

fn rate(chip: &Chip, architecture: &facts::Architecture) -> Option<ReferenceRate> {
    reference_rate(chip, architecture, OBJECTIVE, Efficiencies::builtin())
}

#[test]
fn a_bandwidth_rich_chip_keeps_more_of_decode_than_of_prefill() {
    // PRODUCT: an H20 has 0.15 of an H100's FLOP/s and 1.19 of its bandwidth.
    for architecture in [deepseek(), llama70()] {
        let (h20, h100) = (rate(chip("h20-96"), architecture).unwrap(), rate(chip("h100-sxm"), architecture).unwrap());
        let decode = h20.decode_tok_per_s_per_chip / h100.decode_tok_per_s_per_chip;
        let prefill = h20.prefill_tok_per_s_per_chip / h100.prefill_tok_per_s_per_chip;
        assert!(decode > prefill, "{decode} {prefill}");
    }
}

#[test]
fn the_limit_is_met_and_a_looser_one_gives_no_less() {
    let tight = rate(chip("h200-sxm"), deepseek()).unwrap();
    assert!(tight.tpot_s <= OBJECTIVE.tpot_limit_s && tight.batch >= 1.0);
    let loose = Objective { tpot_limit_s: 0.2, ..OBJECTIVE };
    let loose = reference_rate(chip("h200-sxm"), deepseek(), loose, Efficiencies::builtin()).unwrap();
    assert!(loose.decode_tok_per_s_per_chip >= tight.decode_tok_per_s_per_chip);
}

#[test]
fn twice_the_bandwidth_and_memory_write_more() {
    let base = chip("h200-sxm");
    let double = Chip {
        id: "successor".into(),
        memory_bw_byte_per_s: 2.0 * base.memory_bw_byte_per_s,
        memory_bytes: 2.0 * base.memory_bytes,
        ..base.clone()
    };
    let same = Chip { id: "twin".into(), ..base.clone() };
    let (same, double) = (rate(&same, llama70()).unwrap(), rate(&double, llama70()).unwrap());
    assert!(double.decode_tok_per_s_per_chip > 1.2 * same.decode_tok_per_s_per_chip);
}

#[test]
fn more_memory_and_bandwidth_on_the_same_die_write_more() {
    for architecture in [deepseek(), llama70()] {
        let (small, large) =
            (rate(chip("h20-96"), architecture).unwrap(), rate(chip("h20-141"), architecture).unwrap());
        assert!(large.decode_tok_per_s_per_chip > small.decode_tok_per_s_per_chip);
    }
}

#[test]
fn an_impossible_limit_has_no_rate() {
    assert_eq!(reference_decode_tok_per_s(chip("h100-sxm"), deepseek(), 2048.0, 1e-6), None);
}

#[test]
fn every_datacenter_chip_with_16_bit_units_has_a_rate_for_some_model() {
    let mut without = Vec::new();
    for chip in facts().chips.iter().filter(|chip| chip.datacenter && chip.dense_op_per_s.fp16.is_some()) {
        if let Some(rate) = rate(chip, llama70()) {
            assert!(rate.decode_tok_per_s_per_chip > 0.0 && rate.prefill_tok_per_s_per_chip > 0.0, "{}", chip.id);
        } else {
            without.push(chip.id.as_str());
        }
    }
    // Small or slow parts cannot hold the limit with a 70B model; most can.
    assert!(without.len() < 25, "{without:?}");
}
