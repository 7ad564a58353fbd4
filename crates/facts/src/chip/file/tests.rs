//! What a chip file may say.

use super::*;

const GOOD: &str = r#"
id = "mine-1"
name = "Mine 1"
vendor = "Me"
kind = "gpu"
release = "2026-03"
origin = "US"
datacenter = true
memory_bytes = 80e9
memory_bw_byte_per_s = 3.35e12
tdp_w = 700
die_area_mm2 = 814
[dense_op_per_s]
bf16 = 989.5e12
fp8 = 1979e12
"#;

/// The problems of the good file with one edit.
fn edited(from: &str, to: &str) -> Vec<Problem> {
    assert!(GOOD.contains(from), "{from}");
    Chip::parse(&GOOD.replace(from, to), "c.toml").unwrap_err().0
}

#[test]
fn the_h100_written_as_a_file_has_the_h100s_metrics() {
    let chip = Chip::parse(GOOD, "c.toml").unwrap();
    assert_eq!(chip.tpp().map(|(tpp, dtype)| (tpp.round(), dtype)), Some((15_832.0, "fp16")));
    assert!((chip.performance_density().unwrap() - 19.45).abs() < 0.005);
    assert_eq!(chip.scaleup_bidir_byte_per_s, None, "what is absent is unknown");
}

#[test]
fn a_slip_of_the_unit_is_named_with_what_to_write() {
    let found = edited("3.35e12", "3350");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].line, found[0].column), ("out_of_range", Some(10), Some(24)));
    assert!(found[0].message.contains("looks like GB/s"), "{}", found[0].message);
    assert_eq!(found[0].suggestion.as_deref(), Some("3.35e12"));
    assert!(edited("3.35e12", "3.35")[0].message.contains("TB/s"));
    assert!(edited("80e9", "80")[0].message.contains("GB: write 8e10"));
    assert!(edited("1979e12", "1979")[0].message.contains("TFLOPS"));
    assert!(edited("= 700", "= 0.7")[0].message.contains("kW"));
}

#[test]
fn computed_figures_are_never_accepted() {
    let found = edited("tdp_w = 700", "tdp_w = 700\ntpp = 15832\nperformance_density = 19.45");
    assert_eq!(
        found.iter().map(|p| (p.code, p.line)).collect::<Vec<_>>(),
        [("computed_key", Some(12)), ("computed_key", Some(13))]
    );
}

#[test]
fn unknown_keys_suggest_the_nearest_and_all_problems_come_at_once() {
    let found = edited("tdp_w = 700", "tdp = 700\nkind2 = 3");
    let codes: Vec<_> = found.iter().map(|p| (p.code, p.line)).collect();
    assert_eq!(codes, [("missing_key", Some(1)), ("unknown_key", Some(11)), ("unknown_key", Some(12))]);
    assert_eq!(found[1].suggestion.as_deref(), Some("tdp_w"));
}

#[test]
fn wrong_types_and_absurd_values_are_refused() {
    assert_eq!(edited("= true", "= \"yes\"")[0].code, "wrong_type");
    assert_eq!(edited("80e9", "-80e9")[0].code, "out_of_range");
    assert_eq!(edited("80e9", "nan")[0].code, "not_a_number");
    assert_eq!(edited("80e9", "inf")[0].code, "not_a_number");
    assert_eq!(edited("80e9", "\"80 GB\"")[0].code, "wrong_type");
    assert_eq!(edited("\"gpu\"", "\"gp\"")[0].suggestion.as_deref(), Some("gpu"));
    assert_eq!(edited("\"2026-03\"", "\"March\"")[0].code, "bad_value");
    for no_country in ["USA", "us", "XX"] {
        assert_eq!(edited("\"US\"", &format!("\"{no_country}\""))[0].code, "bad_value", "{no_country}");
    }
    assert_eq!(edited("bf16 = 989.5e12\nfp8 = 1979e12\n", "")[0].code, "missing_key");
    assert_eq!(edited("fp8 = 1979e12", "tf32 = 1e14")[0].code, "unknown_key");
    assert_eq!(edited("tdp_w = 700", "tdp_w = 700\ntdp_w = 700")[0].code, "bad_toml");
    assert_eq!(Chip::parse("", "c.toml").unwrap_err().0.len(), 11, "ten keys and the table of peaks");
}

#[test]
fn a_lower_bf16_peak_is_the_one_that_engines_run() {
    let text = GOOD.replace("bf16 = 989.5e12", "fp16 = 330e12\nbf16 = 165e12");
    let peaks = Chip::parse(&text, "c.toml").unwrap().dense_op_per_s;
    assert_eq!((peaks.fp16, peaks.of(units::Dtype::Bf16)), (Some(330e12), Some(165e12)));
}
