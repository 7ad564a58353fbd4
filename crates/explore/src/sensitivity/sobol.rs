//! Sobol' indices: shares of an output's variance.
//!
//! The first-order index of an input is the share that knowing it would remove on average, the total index the share that
//! would be left if all others were known; the second-order index of a pair is what the two explain together beyond what
//! each does alone (Sobol', Math. Model. Comput. Exp. 1, 1993; Homma and Saltelli, Reliab. Eng. Syst. Saf. 52, 1996).
//!
//! With f the output less its mean, and means over the base rows:
//! - first:  V_i = mean f(B) (f(AB_i) - f(A))          (Saltelli et al., Comput. Phys. Commun. 181, 2010, table 2 b)
//! - total:  T_i = mean (f(A) - f(AB_i))^2 / 2          (Jansen, Comput. Phys. Commun. 117, 1999)
//! - closed: C_ij = mean f(AB_i) f(BA_j) - f(A) f(B)    (Saltelli 2002, theorem 2); S_ij = C_ij/V - S_i - S_j
//!
//! With the samples BA each also holds with A and B exchanged, and the mean of the two is taken.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Bootstrap, Estimate};
use crate::design::Saltelli;

/// Sobol' indices of one output, by group of inputs (by input, if they are not grouped).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indices {
    /// Mean of the output over the samples A and B.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// First-order indices.
    pub first: Vec<Estimate>,
    /// Total indices.
    pub total: Vec<Estimate>,
    /// Second-order indices of each pair, if the design has second order.
    pub second: Vec<Pair>,
    /// Base rows that were left out because a run of theirs has no finite output.
    pub dropped: u64,
}

/// What two groups explain together beyond their first-order indices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The two groups, the smaller number first.
    pub groups: (usize, usize),
    /// The second-order index.
    pub index: Estimate,
}

/// Sobol' indices of each output; an output holds one value a row of the design. `None` where fewer than two base rows
/// are whole or the output does not vary.
///
/// # Panics
/// If an output has not one value a row.
///
/// # Examples
/// ```
/// use explore::{Draws, Method, design::Saltelli, known::ishigami, sensitivity::{Bootstrap, sobol}};
///
/// let design = Saltelli::new(Method::Sobol, 1024, 3, Draws::new(1, 0)).unwrap();
/// let output = (0..design.rows()).map(|row| ishigami(&design.point(row).try_into().unwrap())).collect();
/// let indices = sobol::analyse(&design, &[output], &Bootstrap::new(100, Draws::new(1, 1)))[0].clone().unwrap();
/// assert!((indices.first[1].value - 0.4424).abs() < 0.02);
/// assert!(indices.first[1].low < 0.4424 && 0.4424 < indices.first[1].high);
/// ```
pub fn analyse(design: &Saltelli, outputs: &[Vec<f64>], bootstrap: &Bootstrap) -> Vec<Option<Indices>> {
    outputs.iter().map(|output| analyse_one(design, output, bootstrap)).collect()
}

fn analyse_one(design: &Saltelli, output: &[f64], bootstrap: &Bootstrap) -> Option<Indices> {
    assert_eq!(output.len() as u64, design.rows(), "an output has one value a row of the design");
    let (stride, groups) = (design.stride(), design.groups());
    let whole: Vec<&[f64]> =
        output.chunks_exact(stride).filter(|row| row.iter().all(|value| value.is_finite())).collect();
    if whole.len() < 2 {
        return None;
    }
    let mean = whole.iter().map(|row| row[0] + row[1]).sum::<f64>() / (2 * whole.len()) as f64;
    // Less the mean: the products below then lose no digits to it.
    let rows: Vec<Vec<f64>> = whole.iter().map(|row| row.iter().map(|value| value - mean).collect()).collect();
    let resamples: Vec<Vec<u16>> = std::iter::once(vec![1; rows.len()])
        .chain(
            (0..bootstrap.resamples)
                .into_par_iter()
                .map(|resample| bootstrap.counts(resample, rows.len()))
                .collect::<Vec<_>>(),
        )
        .collect();

    let singles: Vec<Single> = means(&rows, 2 + 2 * groups, &resamples, |row, terms| single_terms(design, row, terms))
        .into_iter()
        .map(|means| Single::new(&means, groups))
        .collect();
    let variance = singles[0].variance;
    // Rounding of the mean alone leaves this much.
    if variance.is_nan() || variance <= mean.powi(2) * 1e-28 {
        return None;
    }
    let estimate = |of: &dyn Fn(usize) -> f64| {
        let resampled: Vec<f64> = (1..singles.len()).map(of).filter(|value| value.is_finite()).collect();
        bootstrap.estimate(of(0), resampled.iter().copied())
    };
    let mut second = Vec::new();
    if design.has_second_order() {
        for i in 0..groups {
            let closed = means(&rows, groups - i - 1, &resamples, |row, terms| closed_terms(groups, i, row, terms));
            second.extend((i + 1..groups).map(|j| {
                let index = |sample: usize| {
                    let single = &singles[sample];
                    closed[sample][j - i - 1] / single.variance - single.first[i] - single.first[j]
                };
                Pair { groups: (i, j), index: estimate(&index) }
            }));
        }
    }
    Some(Indices {
        mean,
        variance,
        first: (0..groups).map(|group| estimate(&|sample| singles[sample].first[group])).collect(),
        total: (0..groups).map(|group| estimate(&|sample| singles[sample].total[group])).collect(),
        second,
        dropped: design.samples() - rows.len() as u64,
    })
}

/// Means of `width` terms of a row over each resample, on all cores.
fn means(
    rows: &[Vec<f64>],
    width: usize,
    resamples: &[Vec<u16>],
    terms: impl Fn(&[f64], &mut [f64]) + Sync,
) -> Vec<Vec<f64>> {
    if width == 0 {
        return vec![Vec::new(); resamples.len()];
    }
    let mut table = vec![0.0; rows.len() * width];
    table.par_chunks_exact_mut(width).with_min_len(512).zip(rows).for_each(|(line, row)| terms(row, line));
    let mean = |counts: &Vec<u16>| {
        let mut sums = vec![0.0; width];
        for (line, count) in table.chunks_exact(width).zip(counts) {
            let count = f64::from(*count);
            for (sum, term) in sums.iter_mut().zip(line) {
                *sum += count * term;
            }
        }
        sums.into_iter().map(|sum| sum / rows.len() as f64).collect()
    };
    resamples.par_iter().map(mean).collect()
}

/// What mean, variance, first-order and total indices are made of.
fn single_terms(design: &Saltelli, row: &[f64], terms: &mut [f64]) {
    let (a, b, groups) = (row[0], row[1], design.groups());
    terms[0] = f64::midpoint(a, b);
    terms[1] = f64::midpoint(a * a, b * b);
    let (first, total) = terms[2..].split_at_mut(groups);
    for group in 0..groups {
        let ab = row[2 + group];
        first[group] = b * (ab - a);
        total[group] = (a - ab).powi(2) / 2.0;
        if design.has_second_order() {
            let ba = row[2 + groups + group];
            first[group] = f64::midpoint(first[group], a * (ba - b));
            total[group] = f64::midpoint(total[group], (b - ba).powi(2) / 2.0);
        }
    }
}

/// What the closed indices of `i` with each group after it are made of.
fn closed_terms(groups: usize, i: usize, row: &[f64], terms: &mut [f64]) {
    let (ab, ba) = (&row[2..2 + groups], &row[2 + groups..]);
    for (j, term) in (i + 1..groups).zip(terms) {
        *term = f64::midpoint(ab[i] * ba[j], ba[i] * ab[j]) - row[0] * row[1];
    }
}

/// Indices of single groups in one resample.
struct Single {
    variance: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

impl Single {
    fn new(means: &[f64], groups: usize) -> Self {
        let variance = means[1] - means[0].powi(2);
        let (first, total) = means[2..].split_at(groups);
        let share = |part: &f64| part / variance;
        Self { variance, first: first.iter().map(share).collect(), total: total.iter().map(share).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::{ishigami, sobol_g, sobol_g_indices};
    use crate::{Draws, Method};

    fn run(design: &Saltelli, f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        (0..design.rows()).map(|row| f(&design.point(row))).collect()
    }

    fn ishigami_of(point: &[f64]) -> f64 {
        ishigami(&[point[0], point[1], point[2]])
    }

    fn bootstrap() -> Bootstrap {
        Bootstrap::new(100, Draws::new(8, 1))
    }

    fn assert_close(got: f64, wanted: f64, within: f64) {
        assert!((got - wanted).abs() < within, "{got} is not within {within} of {wanted}");
    }

    /// Exact values of the closed form (the design notes).
    #[test]
    fn ishigami_has_its_known_indices() {
        let design = Saltelli::new(Method::Sobol, 1 << 13, 3, Draws::new(8, 0)).unwrap().second_order();
        let indices = analyse(&design, &[run(&design, ishigami_of)], &bootstrap())[0].clone().unwrap();
        assert_close(indices.mean, 3.5, 0.01);
        assert_close(indices.variance, 13.844_588, 0.05);
        for (got, wanted) in indices.first.iter().zip([0.313_905, 0.442_411, 0.0]) {
            assert_close(got.value, wanted, 0.005);
            assert!(got.low < wanted && wanted < got.high, "{got:?} misses {wanted}");
        }
        for (got, wanted) in indices.total.iter().zip([0.557_589, 0.442_411, 0.243_684]) {
            assert_close(got.value, wanted, 0.005);
            assert!(got.low < wanted && wanted < got.high, "{got:?} misses {wanted}");
        }
        for (pair, wanted) in indices.second.iter().zip([((0, 1), 0.0), ((0, 2), 0.243_684), ((1, 2), 0.0)]) {
            assert_eq!(pair.groups, wanted.0);
            assert_close(pair.index.value, wanted.1, 0.01);
        }
    }

    #[test]
    fn the_g_function_has_its_known_indices_in_eight_dimensions() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let design = Saltelli::new(Method::Sobol, 1 << 13, 8, Draws::new(8, 0)).unwrap();
        let indices = analyse(&design, &[run(&design, |point| sobol_g(point, &a))], &bootstrap())[0].clone().unwrap();
        let (first, total) = sobol_g_indices(&a);
        for group in 0..8 {
            assert_close(indices.first[group].value, first[group], 0.01);
            assert_close(indices.total[group].value, total[group], 0.01);
        }
    }

    /// Of an additive model y = x1 + 2 x2 + 3 x3 the indices are c_i^2/14; grouped, they add up.
    #[test]
    fn groups_of_an_additive_model_add_up() {
        let design = Saltelli::new(Method::Sobol, 1 << 11, 3, Draws::new(8, 0)).unwrap();
        let design = design.grouped(&[0, 1, 0]).unwrap().second_order();
        let sum = |point: &[f64]| point[0] + 2.0 * point[1] + 3.0 * point[2];
        let indices = analyse(&design, &[run(&design, sum)], &bootstrap())[0].clone().unwrap();
        for (group, wanted) in [(0, 10.0 / 14.0), (1, 4.0 / 14.0)] {
            assert_close(indices.first[group].value, wanted, 0.01);
            assert_close(indices.total[group].value, wanted, 0.01);
        }
        assert_close(indices.second[0].index.value, 0.0, 0.01);
    }

    /// 95 % intervals of independent runs hold the exact value in 95 % of studies: of 6 x 60, at least 88 %.
    #[test]
    fn intervals_cover_as_often_as_they_say() {
        let exact = [0.313_905, 0.442_411, 0.0, 0.557_589, 0.442_411, 0.243_684];
        let mut held = 0;
        for seed in 0..60 {
            let design = Saltelli::new(Method::MonteCarlo, 400, 3, Draws::new(seed, 0)).unwrap();
            let bootstrap = Bootstrap::new(100, Draws::new(seed, 1));
            let indices = analyse(&design, &[run(&design, ishigami_of)], &bootstrap)[0].clone().unwrap();
            let all = indices.first.iter().chain(&indices.total).zip(exact);
            held += all.filter(|(estimate, exact)| estimate.low < *exact && *exact < estimate.high).count();
        }
        assert!((317..=358).contains(&held), "{held} of 360");
    }

    #[test]
    fn many_outputs_are_each_analysed_as_alone_and_failed_runs_are_counted() {
        let design = Saltelli::new(Method::Sobol, 64, 3, Draws::new(8, 0)).unwrap();
        let first = run(&design, ishigami_of);
        let mut failed = first.clone();
        failed[7] = f64::NAN;
        let outputs = [first.clone(), vec![2.5; first.len()], failed];
        let together = analyse(&design, &outputs, &bootstrap());
        assert_eq!(together[0], analyse(&design, &[first], &bootstrap())[0]);
        assert_eq!(together[1], None, "a constant has no variance to share out");
        assert_eq!(together[2].as_ref().unwrap().dropped, 1);
    }

    #[test]
    fn one_thread_and_many_give_the_same_numbers() {
        let design = Saltelli::new(Method::Sobol, 256, 3, Draws::new(8, 0)).unwrap().second_order();
        let output = [run(&design, ishigami_of)];
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| analyse(&design, &output, &bootstrap()))
        };
        assert_eq!(with(1), with(4));
    }
}
