//! The tables answer for the kernels that they leave out.

use super::{
    FILES, Tier, chips,
    family::{Family, Mix},
    file,
    law::Key,
    nearest,
};
use std::collections::BTreeMap;

const HELD_OUT: &[u8] = include_bytes!("../../../../data/kernels/held_out.csv.gz");

fn all_tables() -> Vec<(&'static str, super::ChipTable)> {
    FILES.iter().map(|(chip, bytes)| (*chip, file::read(bytes, chip).unwrap())).collect()
}

/// The reading of a kernel by shape and place, as an operator would get it.
fn read(family: &Family, shape: &[u32], at: [f64; 2]) -> Option<super::Reading> {
    let mut key: Key = [0; 6];
    key[..shape.len()].copy_from_slice(shape);
    let mix = match family.class {
        super::Class::Gemm => family.lattice()?.mix(f64::from(shape[0]), f64::from(shape[1]))?,
        super::Class::Experts => nearest::experts(family, &key)?,
        _ => nearest::by_heads(family, &key, shape.len())?,
    };
    Some(family.read(&mix, at, family.law_s(&key, at)))
}

#[test]
fn kernels_that_were_held_out_are_answered() {
    let tables = all_tables();
    let text = file::text(HELD_OUT, "held_out").unwrap();
    let mut errors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers: Vec<f64> = cells[4].split(' ').map(|cell| cell.parse().unwrap()).collect();
        let class = file::class(cells[1]).unwrap();
        let format = cells[3].parse().unwrap();
        let table = &tables.iter().find(|(chip, _)| *chip == cells[0]).unwrap().1;
        let (family, _) = table.family(class, &[cells[2]], format).unwrap();
        let axes = if family.axes()[1].len() > 1 { 2 } else { 1 };
        let (shape, at) = numbers.split_at(numbers.len() - axes);
        let shape: Vec<u32> = shape.iter().map(|figure| *figure as u32).collect();
        let at = [at[0], at.get(1).copied().unwrap_or(1.0)];
        let measured: f64 = cells[5].parse().unwrap();
        let read = read(family, &shape, at).unwrap();
        errors.entry(cells[1].to_string()).or_default().push(read.time_s * 1e6 / measured - 1.0);
        errors.entry(format!("{} {}", cells[1], cells[3])).or_default().push(read.time_s * 1e6 / measured - 1.0);
    }
    for (class, errors) in &mut errors {
        let bias = errors.iter().sum::<f64>() / errors.len() as f64;
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let at = |share: f64| 100.0 * sizes[(share * (sizes.len() - 1) as f64) as usize];
        eprintln!("{class:30} n {:5}  median {:5.1} %  p90 {:5.1} %  p99 {:5.1} %  bias {:+5.1} %", sizes.len(), at(0.5), at(0.9), at(0.99), 100.0 * bias);
    }
}
