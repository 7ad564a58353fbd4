//! Dimensional stacking: a table of shares of interest over a few inputs at once.
//!
//! Each input is cut into bins of equal size by rank; the inputs of the rows are nested in each other, and so are those of
//! the columns, the first changing slowest (Suzuki, Stern and Manzocchi, "Using association rule mining and
//! high-dimensional visualization to explore the impact of geological features on dynamic flow behavior", SPE 2015;
//! LeBlanc, Ward and Wittels 1990). Choose the inputs that matter, by [regional](crate::sensitivity::regional) sensitivity
//! for one: more than three on a side is hard to read.

use serde::{Deserialize, Serialize};

use super::Sample;
use crate::statistics::ranks;

/// A table over bins of some inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// Inputs that are nested along the rows, the first changing slowest.
    pub rows: Vec<usize>,
    /// Inputs that are nested along the columns.
    pub columns: Vec<usize>,
    /// Bins of each input.
    pub bins: usize,
    /// Row by row.
    pub cells: Vec<Vec<Cell>>,
}

/// A cell of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Runs in it.
    pub runs: usize,
    /// Runs of interest in it.
    pub interest: usize,
}

impl Cell {
    /// Share of its runs that are of interest; `None` for an empty cell.
    pub fn density(&self) -> Option<f64> {
        (self.runs > 0).then(|| self.interest as f64 / self.runs as f64)
    }
}

/// The table of `bins` bins for each of the inputs in `rows` and `columns`. Equal values share a bin.
///
/// # Panics
/// If there is no such input, no bin, or more than 2^24 cells.
///
/// # Examples
/// ```
/// use explore::discovery::{Sample, stacking};
///
/// let inputs = [vec![1.0, 1.0, 2.0, 2.0], vec![5.0, 6.0, 5.0, 6.0]];
/// let sample = Sample::new(&inputs, &[false, false, false, true]).unwrap();
/// let stack = stacking::stack(&sample, &[0], &[1], 2);
/// assert_eq!(stack.cells[1][1].density(), Some(1.0));
/// assert_eq!(stack.cells[1][0].density(), Some(0.0));
/// ```
pub fn stack(sample: &Sample, rows: &[usize], columns: &[usize], bins: usize) -> Stack {
    assert!(bins > 0, "there must be a bin");
    let size = |inputs: &[usize]| bins.checked_pow(inputs.len() as u32).unwrap_or(usize::MAX);
    let (height, width) = (size(rows), size(columns));
    assert!(height.saturating_mul(width) <= 1 << 24, "a table of {height} x {width} cells is too large");
    let binned = |input: &usize| -> Vec<usize> {
        let values: Vec<f64> = sample.remaining.iter().map(|run| sample.inputs[*input][*run as usize]).collect();
        let scale = bins as f64 / values.len() as f64;
        ranks(&values).into_iter().map(|rank| ((rank - 0.5) * scale) as usize).collect()
    };
    let nested = |inputs: &[usize]| -> Vec<usize> {
        let bins_of: Vec<Vec<usize>> = inputs.iter().map(binned).collect();
        (0..sample.remaining.len()).map(|run| bins_of.iter().fold(0, |place, of| place * bins + of[run])).collect()
    };
    let mut cells = vec![vec![Cell::default(); width]; height];
    for ((row, column), run) in nested(rows).into_iter().zip(nested(columns)).zip(&sample.remaining) {
        let cell = &mut cells[row][column];
        cell.runs += 1;
        cell.interest += usize::from(sample.of_interest[*run as usize]);
    }
    Stack { rows: rows.to_vec(), columns: columns.to_vec(), bins, cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_input_changes_slowest_and_every_run_is_in_one_cell() {
        let inputs = [
            (0..8).map(|run| f64::from(run / 4)).collect::<Vec<f64>>(),
            (0..8).map(|run| f64::from(run / 2 % 2)).collect(),
            (0..8).map(|run| f64::from(run % 2)).collect(),
        ];
        let of_interest: Vec<bool> = (0..8).map(|run| run == 5).collect();
        let stack = stack(&Sample::new(&inputs, &of_interest).unwrap(), &[0, 1], &[2], 2);
        assert_eq!((stack.cells.len(), stack.cells[0].len()), (4, 2));
        assert!(stack.cells.iter().flatten().all(|cell| cell.runs == 1));
        // Run 5 is binary 101: row 10, column 1.
        assert_eq!(stack.cells[2][1].interest, 1);
    }
}
