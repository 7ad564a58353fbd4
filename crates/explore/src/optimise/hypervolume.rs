//! Hypervolume: how much of the space of objectives a set beats.

/// The volume that lies below one of the points in every objective and above the reference in all (Zitzler and Thiele 1998);
/// more is better. Points that are not above the reference add nothing.
///
/// By slices: along the last objective the volume is that of the points above, in one objective less.
///
/// # Panics
/// If a point has another number of objectives than the reference.
///
/// # Examples
/// ```
/// let points = [vec![3.0, 1.0], vec![2.0, 2.0], vec![1.0, 1.0]];
/// assert_eq!(explore::optimise::hypervolume(&points, &[0.0, 0.0]), 5.0);
/// ```
pub fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    assert!(points.iter().all(|point| point.len() == reference.len()), "the points have different objectives");
    let above = |point: &&[f64]| point.iter().zip(reference).all(|(value, least)| value > least && value.is_finite());
    slices(points.iter().map(Vec::as_slice).filter(above).collect(), reference)
}

fn slices(mut points: Vec<&[f64]>, reference: &[f64]) -> f64 {
    let Some((floor, others)) = reference.split_last() else { return 0.0 };
    let last = |point: &[f64]| point[others.len()];
    points.sort_by(|a, b| last(b).total_cmp(&last(a)));
    if others.is_empty() {
        return points.first().map_or(0.0, |point| last(point) - floor);
    }
    let mut volume = 0.0;
    // In the slice below a point there are that point and all above it; of them only those that none beats count.
    let mut front: Vec<&[f64]> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let beats = |a: &[f64], b: &[f64]| a[..others.len()].iter().zip(b).all(|(a, b)| a >= b);
        if !front.iter().any(|other| beats(other, point)) {
            front.retain(|other| !beats(point, other));
            front.push(point);
        }
        let next = points.get(place + 1).map_or(*floor, |point| last(point));
        let height = last(point) - next;
        if height > 0.0 {
            volume += height * slices(front.iter().map(|point| &point[..others.len()]).collect(), others);
        }
    }
    volume
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: the unit cube and a box 2 x 1/2 x 1/2 share 1/4.
    #[test]
    fn two_boxes_in_space() {
        let points = [vec![1.0, 1.0, 1.0], vec![2.0, 0.5, 0.5]];
        assert!((hypervolume(&points, &[0.0; 3]) - 1.25).abs() < 1e-12);
    }

    #[test]
    fn what_is_beaten_or_below_adds_nothing() {
        let points = [vec![1.0, 1.0], vec![0.5, 0.5], vec![-1.0, 9.0], vec![f64::NAN, 1.0]];
        assert_eq!(hypervolume(&points, &[0.0, 0.0]), 1.0);
        assert_eq!(hypervolume(&[], &[0.0, 0.0]), 0.0);
    }
}
