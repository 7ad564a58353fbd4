//! PRIM, the patient rule induction method: a box is peeled, thin slice by thin slice, to where runs of interest are dense.
//!
//! Friedman and Fisher, "Bump hunting in high-dimensional data", Stat. Comput. 9 (1999); for scenarios, Bryant and Lempert
//! (2010). Each peel takes away the slice of about a share `peel` at one end of one input that gains most; then the box
//! is pasted: moved outwards again where that makes it denser. Gains are measured by default as in the EMA Workbench
//! (Kwakkel, Environ. Model. Softw. 96, 2017): the rise of the density for each run given up. Limits lie half-way between
//! two neighbouring values. Of equal gains the box with fewer restricted inputs wins, then the first input, its high end.

use serde::{Deserialize, Serialize};

use super::{Found, Limits, Sample, Side};

/// How PRIM peels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prim {
    /// Share of the box's runs that a peel takes, within 0 to 1/2: the smaller, the more patient.
    pub peel: f64,
    /// Share of the runs beyond a limit that a paste takes in.
    pub paste: f64,
    /// Smallest share of all runs that a box may hold.
    pub least_mass: f64,
    /// What a peel gains.
    pub gain: Gain,
}

/// What a peel gains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gain {
    /// The rise of the density, for each run given up: fair to inputs with few values, where a peel must take many runs.
    #[default]
    PerRun,
    /// The rise of the density (Friedman and Fisher).
    Density,
}

impl Default for Prim {
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, least_mass: 0.05, gain: Gain::default() }
    }
}

impl Prim {
    /// The peeling and pasting trajectory, from the box of all remaining runs on. `None` unless `peel` and `paste` lie
    /// within 0 to 1/2, ends not included.
    ///
    /// # Examples
    /// The runs of interest lie in the upper right fifth of a square, 0.55 by 0.55 wide:
    /// ```
    /// use explore::{Design, Draws, Method, discovery::{Sample, prim::Prim}};
    ///
    /// let design = Design::new(Method::Sobol, 1024, 2, Draws::new(1, 0)).unwrap();
    /// let column = |dimension| (0..1024).map(|row| design.coordinate(row, dimension)).collect::<Vec<f64>>();
    /// let inputs = [column(0), column(1)];
    /// let of_interest: Vec<bool> = (0..1024).map(|run| inputs[0][run] > 0.45 && inputs[1][run] > 0.45).collect();
    /// let trajectory = Prim::default().find(&Sample::new(&inputs, &of_interest).unwrap()).unwrap();
    /// let best = trajectory.iter().find(|found| found.density > 0.99).unwrap();
    /// assert!(best.coverage > 0.9);
    /// assert!((best.limits[0].low.unwrap() - 0.45).abs() < 0.03 && best.limits[0].high.is_none());
    /// ```
    pub fn find(&self, sample: &Sample) -> Option<Vec<Found>> {
        let share = |share: f64| share > 0.0 && share < 0.5;
        if !share(self.peel) || !share(self.paste) {
            return None;
        }
        let mut boxes = Boxes::new(sample);
        let mut trajectory = vec![sample.measure(&boxes.limits)];
        while self.peel_once(&mut boxes) {
            trajectory.push(sample.measure(&boxes.limits));
        }
        while self.paste_once(&mut boxes) {
            trajectory.push(sample.measure(&boxes.limits));
        }
        Some(trajectory)
    }

    fn peel_once(&self, boxes: &mut Boxes) -> bool {
        let mut best: Option<Step> = None;
        for input in 0..boxes.sorted.len() {
            for side in [Side::High, Side::Low] {
                let step = boxes.peel(input, side, self.peel);
                let gain = self.gain(boxes.inside, step.inside);
                let step = Step { gain, ..step };
                if best.as_ref().is_none_or(|best| step.beats(best)) {
                    best = Some(step);
                }
            }
        }
        let Some(best) = best else { return false };
        let enough = best.inside.0 as f64 / boxes.all() as f64 >= self.least_mass;
        if best.gain <= 0.0 || !enough {
            return false;
        }
        boxes.shrink(&best);
        true
    }

    fn paste_once(&self, boxes: &mut Boxes) -> bool {
        let mut best: Option<(Step, Vec<u32>)> = None;
        for input in 0..boxes.sorted.len() {
            for side in [Side::Low, Side::High] {
                let Some((step, added)) = boxes.paste(input, side, self.paste) else { continue };
                let gain = self.gain(boxes.inside, step.inside);
                let step = Step { gain, ..step };
                if best.as_ref().is_none_or(|(best, _)| step.beats(best)) {
                    best = Some((step, added));
                }
            }
        }
        let Some((best, added)) = best.filter(|(best, _)| best.gain > 0.0) else { return false };
        boxes.grow(&best, &added);
        true
    }

    fn gain(&self, old: Count, new: Count) -> f64 {
        let density = |count: Count| if count.0 == 0 { 0.0 } else { count.1 as f64 / count.0 as f64 };
        let moved = old.0.abs_diff(new.0);
        let rise = density(new) - density(old);
        match self.gain {
            _ if moved == 0 => 0.0,
            Gain::PerRun => rise / moved as f64,
            Gain::Density => rise,
        }
    }
}

/// Runs, and runs of interest among them.
type Count = (usize, usize);

/// A limit that may be moved.
struct Step {
    input: usize,
    side: Side,
    limit: Option<f64>,
    inside: Count,
    gain: f64,
    /// Inputs with a limit afterwards.
    restricted: usize,
}

impl Step {
    fn beats(&self, other: &Step) -> bool {
        self.gain > other.gain || (self.gain == other.gain && self.restricted < other.restricted)
    }
}

/// The box under way.
struct Boxes<'a> {
    sample: &'a Sample<'a>,
    limits: Vec<Limits>,
    inside: Count,
    /// For each input the runs in the box, by rising value.
    sorted: Vec<Vec<u32>>,
}

impl<'a> Boxes<'a> {
    fn new(sample: &'a Sample<'a>) -> Self {
        let limits = vec![Limits::default(); sample.inputs.len()];
        let interest = sample.remaining.iter().filter(|run| sample.of_interest[**run as usize]).count();
        Self { inside: (sample.remaining.len(), interest), sample, limits, sorted: sample.sorted() }
    }

    /// All runs, those that were taken out too.
    fn all(&self) -> usize {
        self.sample.of_interest.len()
    }

    fn of_interest(&self, runs: &[u32]) -> usize {
        runs.iter().filter(|run| self.sample.of_interest[**run as usize]).count()
    }

    fn restricted_with(&self, input: usize) -> usize {
        let others = self.limits.iter().enumerate().filter(|(other, limits)| *other != input && limits.restrict());
        others.count() + 1
    }

    fn peel(&self, input: usize, side: Side, share: f64) -> Step {
        let (values, runs) = (&self.sample.inputs[input], &self.sorted[input]);
        let value = |place: usize| values[runs[place] as usize];
        let limit = (!runs.is_empty()).then(|| between(runs.len(), value, side, share));
        let removed = limit.map_or(&runs[..0], |limit| match side {
            Side::High => &runs[runs.partition_point(|run| values[*run as usize] <= limit)..],
            Side::Low => &runs[..runs.partition_point(|run| values[*run as usize] < limit)],
        });
        let inside = (self.inside.0 - removed.len(), self.inside.1 - self.of_interest(removed));
        Step { input, side, limit, inside, gain: 0.0, restricted: self.restricted_with(input) }
    }

    /// A limit moved outwards over a share of the runs beyond it, and the runs that it takes in. `None` if there are none.
    fn paste(&self, input: usize, side: Side, share: f64) -> Option<(Step, Vec<u32>)> {
        let old = (*self.limits[input].clone().side(side))?;
        let values = &self.sample.inputs[input];
        let beyond = |run: &u32| match side {
            Side::Low => values[*run as usize] < old,
            Side::High => values[*run as usize] > old,
        };
        let mut open = self.limits.clone();
        *open[input].side(side) = None;
        let opened = |run: &u32| self.sample.holds(&open, *run);
        let mut runs: Vec<u32> =
            self.sample.remaining.iter().copied().filter(|run| beyond(run) && opened(run)).collect();
        runs.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
        if runs.is_empty() {
            return None;
        }
        // Beyond a low limit the runs next to the box are the upper ones.
        let inner = if side == Side::Low { Side::High } else { Side::Low };
        let limit = between(runs.len(), |place| values[runs[place] as usize], inner, share);
        let within = Limits { low: (side == Side::Low).then_some(limit), high: (side == Side::High).then_some(limit) };
        runs.retain(|run| within.hold(values[*run as usize]));
        let inside = (self.inside.0 + runs.len(), self.inside.1 + self.of_interest(&runs));
        let step = Step { input, side, limit: Some(limit), inside, gain: 0.0, restricted: self.restricted_with(input) };
        Some((step, runs))
    }

    fn shrink(&mut self, step: &Step) {
        *self.limits[step.input].side(step.side) = step.limit;
        self.inside = step.inside;
        let (values, limits) = (&self.sample.inputs[step.input], self.limits[step.input]);
        for runs in &mut self.sorted {
            runs.retain(|run| limits.hold(values[*run as usize]));
        }
    }

    fn grow(&mut self, step: &Step, added: &[u32]) {
        *self.limits[step.input].side(step.side) = step.limit;
        self.inside = step.inside;
        for (runs, values) in self.sorted.iter_mut().zip(self.sample.inputs) {
            runs.extend(added);
            runs.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]).then(a.cmp(b)));
        }
    }
}

/// A limit that cuts a share of `count` rising values off at one end: half-way between the two values around that place.
/// Where they are equal the cut moves inwards to where values differ, so that equal values stay together.
fn between(count: usize, value: impl Fn(usize) -> f64, side: Side, share: f64) -> f64 {
    let place = (count - 1) as f64 * if side == Side::High { 1.0 - share } else { share };
    let (mut below, mut above) = (place.floor() as usize, place.ceil() as usize);
    match side {
        Side::High => {
            while value(below) == value(above) && below > 0 {
                below -= 1;
            }
        }
        Side::Low => {
            while value(below) == value(above) && above < count - 1 {
                above += 1;
            }
        }
    }
    f64::midpoint(value(below), value(above))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Design, Draws, Method};
    use proptest::prelude::*;

    fn square(runs: u64, seed: u64) -> Vec<Vec<f64>> {
        let design = Design::new(Method::LatinHypercube, runs, 3, Draws::new(seed, 0)).unwrap();
        (0..3).map(|d| (0..runs).map(|row| design.coordinate(row, d)).collect()).collect()
    }

    #[test]
    fn an_input_that_does_nothing_is_left_alone_and_simplified_away() {
        let inputs = square(2000, 4);
        let of_interest: Vec<bool> = (0..2000).map(|run| inputs[0][run] > 0.6 && inputs[1][run] < 0.5).collect();
        let sample = Sample::new(&inputs, &of_interest).unwrap();
        let trajectory = Prim::default().find(&sample).unwrap();
        let best = sample.simplify(trajectory.last().unwrap(), 0.05);
        assert!(best.density > 0.98 && best.coverage > 0.8, "{best:?}");
        assert!(!best.limits[2].restrict() && best.restricted() == 2, "{best:?}");
    }

    /// Two boxes of interest: the second is found once the first is taken out.
    #[test]
    fn boxes_are_found_one_after_the_other() {
        let inputs = square(2000, 5);
        let first = |run: usize| inputs[0][run] > 0.75;
        let second = |run: usize| (0.3..0.5).contains(&inputs[0][run]) && inputs[1][run] > 0.8;
        let of_interest: Vec<bool> = (0..2000).map(|run| first(run) || second(run)).collect();
        let mut sample = Sample::new(&inputs, &of_interest).unwrap();
        let mut coverage = 0.0;
        for _ in 0..2 {
            let found = Prim::default().find(&sample).unwrap().pop().unwrap();
            // The second holds 4 % of the runs, and a box may hold no fewer than 5 %.
            assert!(found.density > 0.75, "{found:?}");
            coverage += found.coverage;
            sample = sample.without(&found.limits);
        }
        assert!(coverage > 0.8, "{coverage}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn peels_keep_the_mass_and_raise_the_density_whatever_the_data(
            runs in prop::collection::vec((0u8..6, 0u8..200, any::<bool>()), 20..120), peel in 0.02..0.3f64,
            gain in prop_oneof![Just(Gain::PerRun), Just(Gain::Density)],
        ) {
            // The first input has few values, so that ties are cut.
            let inputs = [runs.iter().map(|run| run.0.into()).collect(), runs.iter().map(|run| run.1.into()).collect()];
            let of_interest: Vec<bool> = runs.iter().map(|run| run.2).collect();
            let Some(sample) = Sample::new(&inputs, &of_interest) else { return Ok(()) };
            let prim = Prim { peel, gain, ..Prim::default() };
            let trajectory = prim.find(&sample).unwrap();
            for pair in trajectory.windows(2) {
                prop_assert!(pair[1].density > pair[0].density, "{pair:?}");
                prop_assert!(pair[1].mass >= prim.least_mass);
            }
        }
    }
}
