//! Labels that do not cover one another.

/// Where labels that want the places `wanted` go, in the same order, so that neighbours keep `gap` and all stay
/// within `low..=high` as far as there is room; the sum of squared shifts is the least (pool adjacent violators).
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    // With the k-th label's place less k gaps, "keeps the gap" becomes "does not fall": isotonic regression.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (rank, index) in order.iter().enumerate() {
        let mut block = (wanted[*index] - rank as f64 * gap, 1);
        while let Some(last) = blocks.last().filter(|last| last.0 > block.0) {
            let count = last.1 + block.1;
            block = ((last.0 * last.1 as f64 + block.0 * block.1 as f64) / count as f64, count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let top = (high - wanted.len().saturating_sub(1) as f64 * gap).max(low);
    let mut places = vec![0.0; wanted.len()];
    let mut rank = 0;
    for (place, count) in blocks {
        for _ in 0..count {
            places[order[rank]] = place.clamp(low, top) + rank as f64 * gap;
            rank += 1;
        }
    }
    places
}

/// An upright box: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box2 {
    /// Left end.
    pub left: f64,
    /// Upper end.
    pub top: f64,
    /// Right end.
    pub right: f64,
    /// Lower end.
    pub bottom: f64,
}

impl Box2 {
    /// Whether two boxes share any area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether it lies inside another.
    pub fn inside(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// The first of the candidates that lies inside the frame and covers nothing taken.
pub fn first_free(candidates: &[Box2], taken: &[Box2], frame: &Box2) -> Option<usize> {
    candidates
        .iter()
        .position(|candidate| candidate.inside(frame) && !taken.iter().any(|other| other.overlaps(candidate)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_have_room_stay_where_they_want_to_be() {
        assert_eq!(spread(&[50.0, 10.0, 90.0], 12.0, 0.0, 100.0), [50.0, 10.0, 90.0]);
    }

    #[test]
    fn labels_that_would_overlap_part_evenly() {
        assert_eq!(spread(&[50.0, 50.0, 50.0], 12.0, 0.0, 100.0), [38.0, 50.0, 62.0]);
    }

    #[test]
    fn labels_stay_inside_and_apart_at_the_ends() {
        let places = spread(&[99.0, 99.5, 100.0, 1.0], 10.0, 0.0, 100.0);
        assert_eq!(places[2], 100.0);
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-9), "{places:?}");
        assert!(sorted[0] >= 0.0);
    }
}
