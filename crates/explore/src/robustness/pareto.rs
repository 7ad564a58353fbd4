//! Pareto sets: the alternatives that no other one beats in everything.

/// Places of the points that no other point dominates, in rising order. A point dominates another if it is at least as
/// good in every objective and better in one; more is better. Equal points do not dominate each other.
///
/// Points are compared only with those found before them in the order of their sums, largest first: a point cannot be
/// dominated by one of smaller sum. A point with a number that is not finite is left out.
///
/// # Examples
/// ```
/// let points = [vec![3.0, 1.0], vec![2.0, 2.0], vec![1.0, 1.5], vec![1.0, 3.0]];
/// assert_eq!(explore::robustness::pareto_set(&points), [0, 1, 3]);
/// ```
///
/// # Panics
/// If the points have different numbers of objectives.
pub fn pareto_set(points: &[Vec<f64>]) -> Vec<usize> {
    assert!(points.windows(2).all(|pair| pair[0].len() == pair[1].len()), "the points have different objectives");
    let mut order: Vec<(f64, usize)> = points
        .iter()
        .enumerate()
        .filter(|(_, point)| point.iter().all(|value| value.is_finite()))
        .map(|(place, point)| (point.iter().sum(), place))
        .collect();
    // Rounding may make the sums of two points equal though one dominates the other: those are in lexical order.
    order.sort_by(|a, b| {
        let lexical = || points[b.1].iter().zip(&points[a.1]).map(|(b, a)| b.total_cmp(a)).find(|order| order.is_ne());
        b.0.total_cmp(&a.0).then_with(|| lexical().unwrap_or(std::cmp::Ordering::Equal)).then(a.1.cmp(&b.1))
    });
    let mut set: Vec<usize> = Vec::new();
    for (_, place) in order {
        if !set.iter().any(|other| dominates(&points[*other], &points[place])) {
            set.push(place);
        }
    }
    set.sort_unstable();
    set
}

fn dominates(first: &[f64], second: &[f64]) -> bool {
    first.iter().zip(second).all(|(a, b)| a >= b) && first != second
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_points_stay_together_and_what_is_no_number_stays_out() {
        let points = [vec![1.0, 1.0], vec![1.0, 1.0], vec![f64::NAN, 9.0], vec![0.0, 1.0]];
        assert_eq!(pareto_set(&points), [0, 1]);
        assert_eq!(pareto_set(&[]), [0usize; 0]);
    }

    #[test]
    fn a_difference_that_the_sum_does_not_show_still_dominates() {
        assert_eq!(pareto_set(&[vec![1e20, 1.0], vec![1e20, 2.0]]), [1]);
    }

    proptest! {
        #[test]
        fn the_set_is_that_of_the_definition(points in prop::collection::vec(prop::collection::vec(0u8..6, 3), 0..40)) {
            let points: Vec<Vec<f64>> = points.into_iter().map(|point| point.into_iter().map(f64::from).collect()).collect();
            let wanted: Vec<usize> = (0..points.len())
                .filter(|place| !points.iter().any(|other| dominates(other, &points[*place])))
                .collect();
            prop_assert_eq!(pareto_set(&points), wanted);
        }
    }
}
