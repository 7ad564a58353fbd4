//! Which measured chips an unmeasured one is likened to.

use facts::Chip;

/// Peak under which a Hopper part is one cut for export, whose little arithmetic is easily kept busy (the H20
/// has 148e12, the full die 990e12) [FLOP/s].
const CUT_FLOP_PER_S: f64 = 4e14;

/// The families of a chip, nearest first, derived from its specification, so that a chip file or a successor
/// has them too.
///
/// NVIDIA parts go by what their tensor cores take (4-bit floating point since Blackwell, 8-bit since Ada and
/// Hopper) and by their memory; the parts of other vendors by vendor.
pub(super) fn of(chip: &Chip) -> &'static [&'static str] {
    let peaks = &chip.dense_op_per_s;
    match chip.vendor.to_ascii_lowercase().as_str() {
        "nvidia" => match (chip.memory_type.to_ascii_uppercase().starts_with("HBM"), peaks.fp4, peaks.fp8) {
            (true, Some(_), _) => &["blackwell"],
            (true, None, Some(_)) if peaks.fp16.is_some_and(|peak| peak < CUT_FLOP_PER_S) => &["hopper_cut", "hopper"],
            (true, None, Some(_)) => &["hopper"],
            (true, None, None) => &["ampere"],
            (false, Some(_), _) => &["blackwell_gddr"],
            (false, None, Some(_)) => &["ada"],
            (false, None, None) => &["ampere_gddr"],
        },
        "amd" => &["amd"],
        _ => &["other"],
    }
}

/// Whether the measured chips, all of one vendor, are of the same make.
pub(super) fn is_measured_vendor(chip: &Chip) -> bool {
    chip.vendor.eq_ignore_ascii_case("nvidia")
}
