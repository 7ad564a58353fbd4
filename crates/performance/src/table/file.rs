//! Reads a chip's table: the format is described in `refit/kernels.py`, which writes it.

use super::{
    ChipTable, Class,
    axis::Axis,
    family::Family,
    law::{Key, Peaks},
};
use flate2::read::GzDecoder;
use std::io::Read;
use units::{Dtype, Problem};

/// Names of the classes in a table.
const CLASSES: [(&str, Class); 13] = [
    ("gemm", Class::Gemm),
    ("experts", Class::Experts),
    ("prefill_attention", Class::PrefillAttention),
    ("decode_attention", Class::DecodeAttention),
    ("latent_prefill", Class::LatentPrefill),
    ("latent_decode", Class::LatentDecode),
    ("latent_absorb", Class::LatentAbsorb),
    ("latent_expand", Class::LatentExpand),
    ("delta_prefill", Class::DeltaPrefill),
    ("delta_decode", Class::DeltaDecode),
    ("all_reduce", Class::AllReduce),
    ("all_gather", Class::AllGather),
    ("all_to_all", Class::AllToAll),
];

/// The class of a name.
pub(super) fn class(name: &str) -> Option<Class> {
    CLASSES.iter().find(|(own, _)| *own == name).map(|(_, class)| *class)
}

/// Unpacked text of an embedded file.
pub(super) fn text(bytes: &[u8], file: &str) -> Result<String, Problem> {
    let mut text = String::new();
    GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .map_err(|error| Problem::new("bad_gzip", format!("is a broken gzip stream: {error}")).file(file))?;
    Ok(text)
}

/// Reads a packed table.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<ChipTable, Problem> {
    parse(&text(bytes, file)?, file)
}

fn parse(text: &str, file: &str) -> Result<ChipTable, Problem> {
    let mut peaks = Peaks { flop_per_s: [0.0; 3], byte_per_s: 0.0 };
    let mut grids: Vec<(Class, [Axis; 2])> = Vec::new();
    let mut families: Vec<Family> = Vec::new();
    let mut times: Vec<Option<f64>> = Vec::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let refuse = |what: &str| Problem::new("bad_kernel_table", what.to_string()).file(file).line(index as u64 + 1);
        let mut cells = line.splitn(5, ',');
        let mut next = || cells.next().ok_or_else(|| refuse("a row has five cells"));
        let (name, engine, format, shape, values) = (next()?, next()?, next()?, next()?, next()?);
        match name {
            "chip" => {
                let value: f64 =
                    values.parse().ok().filter(|value| *value > 0.0).ok_or_else(|| refuse("is no positive number"))?;
                match shape {
                    "bf16_flop_per_s" => peaks.flop_per_s[0] = value,
                    "fp8_flop_per_s" => peaks.flop_per_s[1] = value,
                    "fp4_flop_per_s" => peaks.flop_per_s[2] = value,
                    "memory_byte_per_s" => peaks.byte_per_s = value,
                    _ => return Err(refuse("is no known figure of a chip")),
                }
            }
            "grid" => {
                let class = class(shape).ok_or_else(|| refuse("is no known class"))?;
                let mut axes = values.split(';').map(|points| {
                    let points: Option<Vec<f64>> = points.split(' ').map(|point| point.parse().ok()).collect();
                    points.filter(|points| points.is_sorted() && points[0] > 0.0).map(Axis::new)
                });
                let first = axes.next().flatten().ok_or_else(|| refuse("an axis is ascending positive numbers"))?;
                grids.push((class, [first, axes.next().flatten().unwrap_or_else(Axis::single)]));
            }
            "source" => {}
            _ => {
                let class = class(name).ok_or_else(|| refuse("is no known class"))?;
                let format: Dtype = format.parse().map_err(|_| refuse("is no known number format"))?;
                let same =
                    |family: &Family| family.class == class && family.format == format && family.engine == engine;
                if !families.last().is_some_and(same) {
                    let grid = grids.iter().find(|(own, _)| *own == class).ok_or_else(|| refuse("has no grid"))?;
                    families.push(Family::new(class, engine.to_string(), format, grid.1.clone(), peaks));
                }
                let family = families.last_mut().ok_or_else(|| refuse("has no grid"))?;
                let mut key: Key = [0; 6];
                for (slot, part) in key.iter_mut().zip(shape.split(' ')) {
                    *slot = part.parse().map_err(|_| refuse("a shape is whole numbers"))?;
                }
                times.clear();
                for time in values.split(' ') {
                    times.push(match time {
                        "-" => None,
                        _ => Some(1e-6 * time.parse::<f64>().map_err(|_| refuse("is no time"))?),
                    });
                }
                if times.len() != family.axes()[0].len() * family.axes()[1].len() {
                    return Err(refuse("a curve has a time or '-' for each point of its grid"));
                }
                family.push(key, &times);
            }
        }
    }
    families.iter_mut().for_each(Family::finish);
    Ok(ChipTable { peaks, families })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_curve_and_an_unknown_class_are_refused_with_their_line() {
        let head = "class,engine,format,shape,times_us\nchip,,,bf16_flop_per_s,1e15\ngrid,,,gemm,1 2 4\n";
        let short = parse(&format!("{head}gemm,vllm,bf16,64 64,1 2\n"), "x").unwrap_err();
        assert_eq!((short.code, short.line), ("bad_kernel_table", Some(4)));
        let unknown = parse(&format!("{head}gem,vllm,bf16,64 64,1 2 3\n"), "x").unwrap_err();
        assert_eq!(unknown.line, Some(4));
    }
}
