//! What drivers report of a chip's memory, which is not quite what its label says.

use serde::Serialize;
use units::{Problem, Problems, Provenance};

use super::Chip;
use crate::table::{self, POSITIVE};

/// The memory of one chip as its driver reports it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChipMemory {
    /// Id of the chip.
    pub chip: String,
    /// Memory, over all dies of the package [bytes].
    pub memory_bytes: f64,
    /// Who says so and in which words, such as `nvidia-smi 81559 MiB`.
    pub reported: String,
    /// Where the row comes from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

/// Reads `chip_memory.csv`.
///
/// # Errors
/// Every problem of the table.
pub fn read_chip_memory(text: &str, file: &str) -> Result<Vec<ChipMemory>, Problems> {
    let columns = [&["chip", "memory_bytes", "reported"][..], &table::PROVENANCE].concat();
    table::read(text, file, &columns, |row| ChipMemory {
        chip: row.text("chip"),
        memory_bytes: row.number("memory_bytes", POSITIVE),
        reported: row.text("reported"),
        provenance: row.provenance(),
    })
}

/// Gives each chip what its driver reports.
///
/// # Errors
/// `unknown_chip` for each row whose chip is in no table.
pub(crate) fn attach(chips: &mut [Chip], memory: &[ChipMemory]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for row in memory {
        match chips.iter_mut().find(|chip| chip.id == row.chip) {
            Some(chip) => chip.memory_driver_bytes = Some(row.memory_bytes),
            None => {
                let message = format!("names '{}', which is no chip of chips.csv", row.chip);
                problems.push(Problem::new("unknown_chip", message).file("chip_memory.csv").key("chip"));
            }
        }
    }
    problems.check(())
}
