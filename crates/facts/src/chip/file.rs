//! A chip that the user describes: TOML with the unit in each key.
//!
//! Required: id, name, vendor, kind, release, origin, datacenter, memory_bytes, memory_bw_byte_per_s, tdp_w and
//! at least one of `[dense_op_per_s]`. What is absent is unknown. TPP and performance density are computed
//! from the figures and never accepted.

use std::path::Path;

use units::{Confidence, Problem, Problems, Provenance, read_text};

use super::{Chip, DensePeaks, table::KINDS};
use crate::country;
use crate::form::{Form, Source};

impl Chip {
    /// Reads a chip file.
    ///
    /// # Errors
    /// Every problem of the file, with line and column.
    pub fn from_file(path: &Path) -> Result<Self, Problems> {
        Self::parse(&read_text(path)?, &path.display().to_string())
    }

    /// Reads the text of a chip file.
    ///
    /// # Errors
    /// Every problem of the text, with line and column.
    pub fn parse(text: &str, file: &str) -> Result<Self, Problems> {
        let source = Source::new(text, file);
        let table = source.table();
        let form = Form::new(&source, &table);
        let chip = read(&form);
        form.finish();
        drop(table);
        source.check(chip)
    }
}

fn read(form: &Form<'_>) -> Chip {
    for computed in ["tpp", "performance_density"] {
        if form.has(computed) {
            let message = format!("{computed} is computed from dense_op_per_s and die_area_mm2; leave it out");
            form.refuse_with(Problem::new("computed_key", message), computed);
        }
    }
    let tdp_w = TDP.required(form);
    let idle_w = IDLE.optional(form);
    if idle_w.is_some_and(|idle| tdp_w > 0.0 && idle > tdp_w) {
        let message = format!("idle_w is above tdp_w, {tdp_w}");
        form.refuse_with(Problem::new("out_of_range", message), "idle_w");
    }
    Chip {
        id: checked(form, "id", "lower-case letters, digits, '.' and '-'", is_id),
        aliases: Vec::new(),
        name: form.text("name"),
        vendor: form.text("vendor"),
        kind: form.one_of("kind", &KINDS),
        release: checked(form, "release", "a month such as 2026-03", is_month),
        origin: checked(form, "origin", "an ISO 3166 alpha-2 code such as US", country::is_code),
        datacenter: form.bool("datacenter"),
        dense_op_per_s: peaks(form),
        die_area_mm2: DIE_AREA.optional(form),
        transistors: None,
        memory_bytes: MEMORY.required(form),
        memory_driver_bytes: None,
        memory_bw_byte_per_s: MEMORY_BW.required(form),
        memory_type: "unknown".into(),
        scaleup_bidir_byte_per_s: SCALEUP.optional(form),
        host_io_bidir_byte_per_s: HOST_IO.optional(form),
        scaleup_domain_chips: domain(form),
        scaleout_uni_byte_per_s: SCALEOUT.optional(form),
        tdp_w: Some(tdp_w),
        allin_w: None,
        idle_w,
        price_usd: PRICE.optional(form),
        price_date: None,
        price_note: None,
        rental_usd_per_hour: RENTAL.optional(form),
        low_confidence_fields: None,
        disagreement: None,
        provenance: Provenance {
            source: form.optional_text("source").unwrap_or_else(|| "chip file".into()),
            date: "not stated".into(),
            licence: "the user's own".into(),
            confidence: Confidence::Medium,
        },
    }
}

/// Peaks of `[dense_op_per_s]`. Matrix units accumulate bfloat16 in 32 bits, so a bf16 peak below the fp16 one
/// says that 16-bit work with 32-bit accumulation is slower (GeForce cards).
fn peaks(form: &Form<'_>) -> DensePeaks {
    let Some(section) = form.section("dense_op_per_s") else {
        if !form.has("dense_op_per_s") {
            let message = "the table [dense_op_per_s] is missing; give at least one of fp32, bf16, fp16, fp8, fp4, \
                           int8, int4, in operations per second without sparsity";
            form.refuse_with(Problem::new("missing_key", message), "dense_op_per_s");
        }
        return DensePeaks::default();
    };
    let [fp32, bf16, fp16, fp8, fp4, int8, int4] =
        ["fp32", "bf16", "fp16", "fp8", "fp4", "int8", "int4"].map(|key| peak(key).optional(&section));
    let sixteen = fp16.into_iter().chain(bf16).reduce(f64::max);
    let peaks = DensePeaks {
        fp32,
        tf32: None,
        fp16: sixteen,
        fp16_fp32_accumulate: bf16.filter(|bf16| sixteen.is_some_and(|peak| *bf16 < peak)),
        fp8,
        fp4,
        int8,
        int4,
    };
    if ["fp32", "bf16", "fp16", "fp8", "fp4", "int8", "int4"].iter().all(|key| !section.has(key)) {
        let message = "[dense_op_per_s] gives no peak; give at least one of fp32, bf16, fp16, fp8, fp4, int8, int4";
        form.refuse_with(Problem::new("missing_key", message), "dense_op_per_s");
    }
    section.finish();
    peaks
}

fn domain(form: &Form<'_>) -> Option<u32> {
    let chips = form.optional_number("scaleup_domain_chips", &(1.0..=1e6))?;
    if chips.fract() != 0.0 {
        let message = format!("scaleup_domain_chips is {chips}; a whole number is wanted");
        form.refuse_with(Problem::new("not_a_count", message), "scaleup_domain_chips");
    }
    Some(chips as u32)
}

fn checked(form: &Form<'_>, key: &'static str, wanted: &str, good: impl Fn(&str) -> bool) -> String {
    let text = form.text(key);
    if !text.is_empty() && !good(&text) {
        form.refuse_with(Problem::new("bad_value", format!("{key} is '{text}'; {wanted} is wanted")), key);
    }
    text
}

fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte))
}

fn is_month(text: &str) -> bool {
    text.len() == 7 && text.parse::<crate::Period>().is_ok()
}

/// A quantity of a chip: what may stand, and what usually does, so that a slip of the unit can be named.
struct Quantity {
    key: &'static str,
    /// The unit in words.
    unit: &'static str,
    /// Smallest and largest value of any chip, with room; zero is allowed beside it where `zero` says so.
    allowed: (f64, f64),
    zero: bool,
    /// Where nearly every chip lies: a value that a usual unit brings in here was meant in that unit.
    usual: (f64, f64),
    /// Usual units and their size.
    slips: &'static [(f64, &'static str)],
}

const BYTES: &[(f64, &str)] = &[(1e9, "GB"), (1e12, "TB")];
const BYTE_RATES: &[(f64, &str)] = &[(1e9, "GB/s"), (1e12, "TB/s")];
const OP_RATES: &[(f64, &str)] = &[(1e12, "TFLOPS"), (1e15, "PFLOPS")];
const WATTS: &[(f64, &str)] = &[(1e3, "kW")];

const MEMORY: Quantity = Quantity {
    key: "memory_bytes",
    unit: "bytes",
    allowed: (1e7, 1e14),
    zero: false,
    usual: (4e9, 2e12),
    slips: BYTES,
};
const MEMORY_BW: Quantity = byte_rate("memory_bw_byte_per_s", (1e9, 1e17), false, (5e10, 6e13));
const SCALEUP: Quantity = byte_rate("scaleup_bidir_byte_per_s", (1e8, 1e15), true, (1e10, 1e13));
const HOST_IO: Quantity = byte_rate("host_io_bidir_byte_per_s", (1e8, 1e15), true, (8e9, 4e12));
const SCALEOUT: Quantity = byte_rate("scaleout_uni_byte_per_s", (1e7, 1e14), true, (1e9, 1e12));
const TDP: Quantity = watts("tdp_w", (1.0, 1e5), false);
const IDLE: Quantity = watts("idle_w", (0.1, 1e5), true);
const DIE_AREA: Quantity = plain("die_area_mm2", "square millimetres", (1.0, 1e5));
const PRICE: Quantity = plain("price_usd", "US dollars", (1.0, 1e8));
const RENTAL: Quantity = plain("rental_usd_per_hour", "US dollars an hour", (1e-3, 1e4));

const fn byte_rate(key: &'static str, allowed: (f64, f64), zero: bool, usual: (f64, f64)) -> Quantity {
    Quantity { key, unit: "bytes per second", allowed, zero, usual, slips: BYTE_RATES }
}

const fn peak(key: &'static str) -> Quantity {
    let (allowed, usual) = ((1e9, 1e19), (1e12, 3e17));
    Quantity { key, unit: "operations per second", allowed, zero: false, usual, slips: OP_RATES }
}

const fn watts(key: &'static str, allowed: (f64, f64), zero: bool) -> Quantity {
    Quantity { key, unit: "watts", allowed, zero, usual: (10.0, 3e3), slips: WATTS }
}

const fn plain(key: &'static str, unit: &'static str, allowed: (f64, f64)) -> Quantity {
    Quantity { key, unit, allowed, zero: false, usual: allowed, slips: &[] }
}

impl Quantity {
    fn optional(&self, form: &Form<'_>) -> Option<f64> {
        let value = form.any_number(self.key)?;
        let (low, high) = self.allowed;
        if (low..=high).contains(&value) || (self.zero && value == 0.0) {
            return Some(value);
        }
        let slip = self.slips.iter().find(|(size, _)| (self.usual.0..=self.usual.1).contains(&(value * size)));
        let (hint, suggestion) = match slip {
            Some((size, name)) => {
                (format!("; {value} looks like {name}: write {:e}", value * size), Some(format!("{:e}", value * size)))
            }
            None => (format!(", from {low:e} to {high:e}"), None),
        };
        let message = format!("{} is in {}{hint}", self.key, self.unit);
        form.refuse_with(Problem::new("out_of_range", message).suggest(suggestion), self.key);
        None
    }

    fn required(&self, form: &Form<'_>) -> f64 {
        if !form.has(self.key) {
            let message = format!("the key '{}' is missing; a number in {} is wanted", self.key, self.unit);
            form.refuse_with(Problem::new("missing_key", message), self.key);
        }
        self.optional(form).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
