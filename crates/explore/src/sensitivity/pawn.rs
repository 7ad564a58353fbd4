//! PAWN: how far knowing an input moves the distribution function of an output.
//!
//! The runs are cut into slices of equal size along the input; in each slice the Kolmogorov-Smirnov distance between the
//! output's distribution there and over all runs is taken, and the distances are summed up by their median or maximum
//! (Pianosi and Wagener, Environ. Model. Softw. 67, 2015, and, from any sample, 108, 2018).
//!
//! A slice of m out of n runs has a distance even if the input does nothing: on average sqrt(pi/2) ln 2 sqrt(1/m - 1/n)
//! (the mean of Kolmogorov's distribution, for a part of the sample itself). It stands beside the others as `noise`.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Whole;
use crate::statistics::{ascending, mean, median, ranks};

/// Kolmogorov-Smirnov distances over the slices of one input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// Smallest distance.
    pub least: f64,
    /// Mean distance.
    pub mean: f64,
    /// Median distance.
    pub median: f64,
    /// Largest distance.
    pub largest: f64,
    /// What the mean distance would be if the input did nothing.
    pub noise: f64,
}

/// PAWN of every input on one output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pawn {
    /// By input; `None` for an input that does not vary.
    pub inputs: Vec<Option<Distances>>,
    /// Runs that were left out because a number of theirs is not finite.
    pub dropped: u64,
}

/// PAWN of every input on each output, with `slices` slices (ten are usual). Equal inputs share a slice. `None` with fewer
/// whole runs than twice the slices, or if the output does not vary.
///
/// # Panics
/// If the columns have different lengths, or without slices.
///
/// # Examples
/// ```
/// use explore::sensitivity::pawn;
///
/// let input: Vec<f64> = (0..100).map(f64::from).collect();
/// let pawn = pawn::analyse(&[input.clone()], &[input], 2)[0].clone().unwrap();
/// // In the lower half of the runs everything lies below the median, overall one half.
/// assert_eq!(pawn.inputs[0].unwrap().median, 0.5);
/// ```
pub fn analyse(inputs: &[Vec<f64>], outputs: &[Vec<f64>], slices: usize) -> Vec<Option<Pawn>> {
    super::same_rows(inputs, outputs);
    assert!(slices > 0, "there must be a slice");
    outputs
        .iter()
        .map(|output| {
            let whole = Whole::new(inputs, output);
            if whole.rows.len() < 2 * slices || whole.is_constant() {
                return None;
            }
            let order = ascending(&whole.output);
            let one = |input: &Vec<f64>| distances(&whole.column(input), &whole.output, &order, slices);
            Some(Pawn { inputs: inputs.par_iter().map(one).collect(), dropped: whole.dropped })
        })
        .collect()
}

fn distances(input: &[f64], output: &[f64], order: &[u32], slices: usize) -> Option<Distances> {
    let n = input.len() as f64;
    let slice_of: Vec<usize> = ranks(input).iter().map(|rank| ((rank - 0.5) * slices as f64 / n) as usize).collect();
    let mut sizes = vec![0u32; slices];
    for slice in &slice_of {
        sizes[*slice] += 1;
    }
    if sizes.iter().filter(|size| **size > 0).count() < 2 && slices > 1 {
        return None;
    }
    let mut below = vec![0u32; slices];
    let mut largest = vec![0.0f64; slices];
    let mut all_below = 0u32;
    // Between two runs of a slice its own function is flat while the other rises: the distance peaks next to its runs.
    for equal in order.chunk_by(|a, b| output[*a as usize] == output[*b as usize]) {
        let mut look = |below: &[u32], all_below: u32| {
            for run in equal {
                let slice = slice_of[*run as usize];
                let gap = f64::from(below[slice]) / f64::from(sizes[slice]) - f64::from(all_below) / n;
                largest[slice] = largest[slice].max(gap.abs());
            }
        };
        look(&below, all_below);
        for run in equal {
            below[slice_of[*run as usize]] += 1;
        }
        all_below += equal.len() as u32;
        look(&below, all_below);
    }
    let filled: Vec<(f64, u32)> = largest.into_iter().zip(sizes).filter(|(_, size)| *size > 0).collect();
    let all: Vec<f64> = filled.iter().map(|(distance, _)| *distance).collect();
    let noise: Vec<f64> = filled.iter().map(|(_, size)| (1.0 / f64::from(*size) - 1.0 / n).max(0.0).sqrt()).collect();
    Some(Distances {
        least: all.iter().copied().fold(f64::INFINITY, f64::min),
        mean: mean(&all)?,
        median: median(&all)?,
        largest: all.iter().copied().fold(0.0, f64::max),
        noise: (std::f64::consts::PI / 2.0).sqrt() * std::f64::consts::LN_2 * mean(&noise)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Design, Draws, Method, known::ishigami};

    fn study(rows: u64, seed: u64) -> (Vec<Vec<f64>>, Vec<f64>) {
        let design = Design::new(Method::MonteCarlo, rows, 4, Draws::new(seed, 0)).unwrap();
        let inputs = (0..4).map(|d| (0..rows).map(|row| design.coordinate(row, d)).collect()).collect();
        let output = (0..rows).map(|row| ishigami(&design.point(row)[..3].try_into().unwrap())).collect();
        (inputs, output)
    }

    /// The same by the definition: both functions at every value.
    fn by_definition(input: &[f64], output: &[f64], slices: usize) -> Vec<f64> {
        let n = input.len();
        let ranks = ranks(input);
        let inside = |slice: usize, run: usize| ((ranks[run] - 0.5) * slices as f64 / n as f64) as usize == slice;
        let gap = |slice: usize, at: f64| {
            let part: Vec<usize> = (0..n).filter(|run| inside(slice, *run)).collect();
            let below = part.iter().filter(|run| output[**run] <= at).count() as f64 / part.len() as f64;
            (below - output.iter().filter(|value| **value <= at).count() as f64 / n as f64).abs()
        };
        (0..slices).map(|slice| output.iter().map(|at| gap(slice, *at)).fold(0.0, f64::max)).collect()
    }

    #[test]
    fn distances_are_those_of_the_definition_also_with_ties() {
        let (inputs, output) = study(120, 1);
        let tied: Vec<f64> = output.iter().map(|value| value.round()).collect();
        for output in [output, tied] {
            let pawn = analyse(&inputs, std::slice::from_ref(&output), 6)[0].clone().unwrap();
            for (input, got) in inputs.iter().zip(pawn.inputs) {
                let wanted = by_definition(input, &output, 6);
                assert!((got.unwrap().largest - wanted.iter().copied().fold(0.0, f64::max)).abs() < 1e-12);
                assert!((got.unwrap().median - median(&wanted).unwrap()).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn an_input_without_influence_shows_the_noise_and_the_others_more() {
        let (inputs, output) = study(8000, 2);
        let pawn = analyse(&inputs, &[output], 10)[0].clone().unwrap();
        let all: Vec<Distances> = pawn.inputs.iter().map(|input| input.unwrap()).collect();
        // Kolmogorov's distribution has standard deviation 0.26 and mean 0.87: of ten slices 9.5 %; three times that.
        assert!((all[3].mean / all[3].noise - 1.0).abs() < 0.28, "{:?}", all[3]);
        // Pianosi and Wagener 2015: the second input of Ishigami's function first, all three above the dummy.
        assert!(all[1].median > all[0].median && all[1].median > all[2].median, "{all:?}");
        assert!(all[..3].iter().all(|input| input.largest > 3.0 * input.noise), "{all:?}");
    }

    #[test]
    fn what_does_not_vary_has_none() {
        let (mut inputs, output) = study(100, 2);
        inputs[0] = vec![1.0; 100];
        assert_eq!(analyse(&inputs, &[output, vec![0.0; 100]], 5)[1], None);
        let (_, output) = study(100, 2);
        assert_eq!(analyse(&inputs, &[output], 5)[0].as_ref().unwrap().inputs[0], None);
    }
}
