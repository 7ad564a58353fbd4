//! The tables give back what was measured, and answer for kernels that they leave out.
#![allow(clippy::print_stderr, reason = "a test says what it measured and what it skips")]

use super::{ChipTable, Class, FILES, Reading, family::Family, file, law::Key, nearest, surface::Surface};
use proptest::prelude::*;
use std::{collections::BTreeMap, path::PathBuf, process::Command, sync::LazyLock, time::Instant};
use units::{Dtype, Tier};

const HELD_OUT: &[u8] = include_bytes!("../../../../data/kernels/held_out.csv.gz");

static TABLES: LazyLock<Vec<(&str, ChipTable)>> =
    LazyLock::new(|| FILES.iter().map(|(chip, bytes)| (*chip, file::read(bytes, chip).unwrap())).collect());

fn table(chip: &str) -> &'static ChipTable {
    &TABLES.iter().find(|(id, _)| *id == chip).unwrap().1
}

fn family(chip: &str, class: Class, engine: &str, format: Dtype) -> &'static Family {
    table(chip).family(class, &[engine], format).unwrap().0
}

/// The reading of a kernel by shape and place, as an operator would get it.
fn read(family: &'static Family, shape: &[u32], at: [f64; 2]) -> Option<Reading> {
    let mut key: Key = [0; 6];
    key[..shape.len()].copy_from_slice(shape);
    let mix = match family.class {
        Class::Gemm => family.lattice()?.mix(f64::from(shape[0]), f64::from(shape[1]))?,
        Class::Experts => nearest::experts(family, &key)?,
        _ => nearest::by_heads(family, &key, shape.len())?,
    };
    Some(match family.axes()[1].len() {
        1 => family.read(&mix, at, family.law_s(&key, at)),
        _ => Surface::of(family, key, &mix, true).read(at),
    })
}

#[test]
fn a_measured_point_comes_back_as_measured() {
    // h200_sxm, vLLM 0.24.0: n 8192, k 8192, m 256 and Qwen3-235B's experts on 4 chips, 64 tokens.
    let text = file::text(FILES.iter().find(|(chip, _)| *chip == "h200-sxm").unwrap().1, "h200").unwrap();
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap().to_string();
    let time_us =
        |line: &str, at: usize| line.rsplit(',').next().unwrap().split(' ').nth(at).unwrap().parse::<f64>().unwrap();
    let product = line("gemm,vllm,bf16,8192 8192,");
    let reading = read(family("h200-sxm", Class::Gemm, "vllm", Dtype::Bf16), &[8192, 8192], [256.0, 1.0]).unwrap();
    assert_eq!(reading.tier, Tier::Measured);
    assert!((reading.time_s * 1e6 / time_us(&product, 9) - 1.0).abs() < 1e-6);
    let experts = line("experts,vllm,fp8_block,4096 1536 8 128 4 1,");
    let family = family("h200-sxm", Class::Experts, "vllm", Dtype::Fp8Block);
    let reading = read(family, &[4096, 1536, 8, 128, 4, 1], [64.0, 1.0]).unwrap();
    assert_eq!(reading.tier, Tier::Measured);
    assert!((reading.time_s * 1e6 / time_us(&experts, 6) - 1.0).abs() < 1e-6);
}

#[test]
fn between_points_the_time_lies_between_and_beyond_them_it_is_carried_over() {
    let family = family("h100-sxm", Class::DecodeAttention, "vllm", Dtype::Bf16);
    let at = |context: f64| read(family, &[128, 0, 8, 64], [4.0, context]).unwrap();
    let (low, middle, high) = (at(4096.0), at(6000.0), at(8192.0));
    assert_eq!((low.tier, middle.tier), (Tier::Measured, Tier::Interpolated));
    assert!(low.time_s < middle.time_s && middle.time_s < high.time_s);
    let beyond = at(262_144.0);
    assert_eq!(beyond.tier, Tier::Transferred);
    // PERFORMANCE item 2: linear in the cache that is read.
    assert!((beyond.time_s / at(131_072.0).time_s - 2.0).abs() < 0.1, "{beyond:?}");
}

#[test]
fn a_shape_between_two_head_counts_lies_between_them() {
    let family = family("h200-sxm", Class::PrefillAttention, "vllm", Dtype::Bf16);
    let of = |heads| read(family, &[128, 0, 8, heads], [1.0, 8192.0]).unwrap();
    let (few, some, many) = (of(32), of(36), of(40));
    assert_eq!(some.tier, Tier::Interpolated);
    assert!(few.time_s < some.time_s && some.time_s < many.time_s);
}

/// Errors of all held-out kernels by class [fraction].
fn held_out_errors() -> BTreeMap<&'static str, Vec<f64>> {
    static TEXT: LazyLock<String> = LazyLock::new(|| file::text(HELD_OUT, "held_out").unwrap());
    let mut errors: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for line in TEXT.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers: Vec<f64> = cells[4].split(' ').map(|cell| cell.parse().unwrap()).collect();
        let family = family(cells[0], file::class(cells[1]).unwrap(), cells[2], cells[3].parse().unwrap());
        let axes = if family.axes()[1].len() > 1 { 2 } else { 1 };
        let (shape, at) = numbers.split_at(numbers.len() - axes);
        let shape: Vec<u32> = shape.iter().map(|figure| *figure as u32).collect();
        let reading = read(family, &shape, [at[0], at.get(1).copied().unwrap_or(1.0)]).unwrap();
        let measured_us: f64 = cells[5].parse().unwrap();
        errors.entry(cells[1]).or_default().push(reading.time_s * 1e6 / measured_us - 1.0);
    }
    errors
}

#[test]
fn held_out_kernels_are_within_five_per_cent_in_the_median() {
    for (class, errors) in held_out_errors() {
        let bias = errors.iter().sum::<f64>() / errors.len() as f64;
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let [median, p90] = [0.5, 0.9].map(|share| sizes[(share * (sizes.len() - 1) as f64) as usize]);
        eprintln!(
            "{class:18} n {:4}  median {:4.1} %  90th percentile {:4.1} %  bias {:+4.1} %",
            sizes.len(),
            100.0 * median,
            100.0 * p90,
            100.0 * bias
        );
        assert!(median < 0.05 && p90 < 0.2 && bias.abs() < 0.03, "{class}");
    }
}

#[test]
fn a_table_is_unpacked_in_a_fraction_of_a_second() {
    // The aim is 50 ms with optimisation; tests run with little, beside others.
    let start = Instant::now();
    file::read(FILES[6].1, FILES[6].0).unwrap();
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_shape_has_a_positive_time_or_none(
        chip in 0usize..FILES.len(),
        at in 0usize..200,
        shape in prop::array::uniform6(1u32..100_000),
        (x, y) in (1e-3f64..1e9, 1e-3f64..1e7),
    ) {
        let families = &TABLES[chip].1.families;
        let family = &families[at % families.len()];
        let figures = match family.class {
            Class::Gemm | Class::DeltaPrefill | Class::DeltaDecode => 2,
            Class::Experts => 6,
            Class::PrefillAttention | Class::DecodeAttention => 4,
            _ => 1,
        };
        if let Some(reading) = read(family, &shape[..figures], [x, y]) {
            prop_assert!(reading.time_s.is_finite() && reading.time_s > 0.0, "{reading:?} {:?}", family.class);
        }
    }

    #[test]
    fn more_rows_take_at_most_a_little_less(
        (n, k) in (256f64..30_000.0, 256f64..30_000.0),
        (m, more) in (1f64..8192.0, 1.5f64..4.0),
    ) {
        // Measured kernels are not monotone: a larger product may fall on a better tile.
        let family = family("h100-sxm", Class::Gemm, "vllm", Dtype::Bf16);
        let time_s = |m: f64| family.read(&family.lattice().unwrap().mix(n, k).unwrap(), [m, 1.0], family.product_law_s(n, k, m)).time_s;
        prop_assert!(time_s(m * more) > 0.6 * time_s(m));
    }
}

#[test]
fn the_refit_reproduces_a_committed_table() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("DOWNSTREAM_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let kernels = shared.join("data/kernels");
    let python = std::env::var("DOWNSTREAM_PYTHON").unwrap_or_else(|_| "python3".into());
    let ready = Command::new(&python).args(["-c", "import pandas, pyarrow"]).output();
    if !kernels.is_dir() || !ready.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: needs the kernel files and a python3 with pandas and pyarrow (DOWNSTREAM_PYTHON)");
        return;
    }
    let folder = std::env::temp_dir().join(format!("downstream-refit-{}", std::process::id()));
    let script = root.join("crates/performance/refit/kernels.py");
    let chips = root.join("data/chips.csv");
    let status =
        Command::new(&python).arg(script).args([&kernels, &chips, &folder]).arg("a100-80-sxm").output().unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let refit = std::fs::read(folder.join("a100-80-sxm.csv.gz")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(FILES[0].0, "a100-80-sxm");
    assert!(file::text(&refit, "refit").unwrap() == file::text(FILES[0].1, "committed").unwrap());
}
