//! Mean input lengths of MLPerf's benchmarks, which no result states: `data/mlperf_lengths.csv`.

use facts::table::{self, POSITIVE, PROVENANCE};
use rules::sheet::Row;
use std::{collections::BTreeMap, sync::LazyLock};

const TABLE: &str = include_str!("../../../../../data/mlperf_lengths.csv");

static LENGTHS: LazyLock<BTreeMap<String, f64>> = LazyLock::new(|| {
    let columns = [&["benchmark", "input_tokens"][..], &PROVENANCE].concat();
    let rows = table::read(TABLE, "data/mlperf_lengths.csv", &columns, |row| {
        row.provenance();
        (row.text("benchmark"), row.number("input_tokens", POSITIVE))
    });
    rows.unwrap_or_default().into_iter().collect()
});

/// The mean input length of a row's benchmark [tokens]; none where it is no row of MLPerf, or none is known.
pub fn input_tokens(row: &Row) -> Option<f64> {
    row.get("source").filter(|source| source.starts_with("MLPerf"))?;
    let model = row.get("model")?;
    let benchmark = model.trim_end_matches(".9").trim_end_matches("-99").trim_end_matches("-interactive");
    LENGTHS.get(benchmark).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(LENGTHS.len(), TABLE.lines().count() - 1);
    }
}
