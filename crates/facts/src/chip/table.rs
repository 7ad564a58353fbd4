//! The table of built-in chips.

use units::Problems;

use super::{Chip, ChipKind, DensePeaks};
use crate::table::{self, NOT_NEGATIVE, POSITIVE};

/// Words of the column `kind`.
pub(super) const KINDS: [(&str, ChipKind); 4] =
    [("gpu", ChipKind::Gpu), ("asic", ChipKind::Asic), ("soc", ChipKind::Soc), ("cpu", ChipKind::Cpu)];

const COLUMNS: [&str; 34] = [
    "id",
    "aliases",
    "name",
    "vendor",
    "kind",
    "release",
    "origin",
    "datacenter",
    "fp32_op_per_s",
    "tf32_op_per_s",
    "fp16_op_per_s",
    "fp16_fp32_accumulate_op_per_s",
    "fp8_op_per_s",
    "fp4_op_per_s",
    "int8_op_per_s",
    "int4_op_per_s",
    "die_area_mm2",
    "transistors",
    "memory_bytes",
    "memory_bw_byte_per_s",
    "memory_type",
    "scaleup_bidir_byte_per_s",
    "host_io_bidir_byte_per_s",
    "scaleup_domain_chips",
    "scaleout_uni_byte_per_s",
    "tdp_w",
    "allin_w",
    "idle_w",
    "price_usd",
    "price_date",
    "price_note",
    "low_confidence_fields",
    "disagreement",
    "source",
];

/// Reads `chips.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_chips(text: &str, file: &str) -> Result<Vec<Chip>, Problems> {
    let columns = [&COLUMNS[..], &table::PROVENANCE[1..]].concat();
    table::read(text, file, &columns, |row| Chip {
        id: row.text("id"),
        aliases: row.list("aliases"),
        name: row.text("name"),
        vendor: row.text("vendor"),
        kind: row.one_of("kind", &KINDS),
        release: row.text("release"),
        origin: row.text("origin"),
        datacenter: row.yes_no("datacenter"),
        dense_op_per_s: DensePeaks {
            fp32: row.optional_number("fp32_op_per_s", POSITIVE),
            tf32: row.optional_number("tf32_op_per_s", POSITIVE),
            fp16: row.optional_number("fp16_op_per_s", POSITIVE),
            fp16_fp32_accumulate: row.optional_number("fp16_fp32_accumulate_op_per_s", POSITIVE),
            fp8: row.optional_number("fp8_op_per_s", POSITIVE),
            fp4: row.optional_number("fp4_op_per_s", POSITIVE),
            int8: row.optional_number("int8_op_per_s", POSITIVE),
            int4: row.optional_number("int4_op_per_s", POSITIVE),
        },
        die_area_mm2: row.optional_number("die_area_mm2", POSITIVE),
        transistors: row.optional_number("transistors", POSITIVE),
        memory_bytes: row.number("memory_bytes", POSITIVE),
        memory_driver_bytes: None,
        memory_bw_byte_per_s: row.number("memory_bw_byte_per_s", POSITIVE),
        memory_type: row.text("memory_type"),
        scaleup_bidir_byte_per_s: row.optional_number("scaleup_bidir_byte_per_s", NOT_NEGATIVE),
        host_io_bidir_byte_per_s: row.optional_number("host_io_bidir_byte_per_s", NOT_NEGATIVE),
        scaleup_domain_chips: row.optional_count("scaleup_domain_chips").map(|count| count as u32),
        scaleout_uni_byte_per_s: row.optional_number("scaleout_uni_byte_per_s", NOT_NEGATIVE),
        tdp_w: row.optional_number("tdp_w", POSITIVE),
        allin_w: row.optional_number("allin_w", POSITIVE),
        idle_w: row.optional_number("idle_w", NOT_NEGATIVE),
        price_usd: row.optional_number("price_usd", POSITIVE),
        price_date: row.optional_parsed("price_date"),
        price_note: row.optional_text("price_note"),
        rental_usd_per_hour: None,
        low_confidence_fields: row.optional_text("low_confidence_fields"),
        disagreement: row.optional_text("disagreement"),
        provenance: row.provenance(),
    })
}
