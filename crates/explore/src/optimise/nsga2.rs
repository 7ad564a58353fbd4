//! NSGA-II: a population that moves towards the front and spreads along it.
//!
//! Deb, Pratap, Agarwal and Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE Trans. Evol.
//! Comput. 6 (2002). Of parents and children together the better half lives on: front by front, and in the front that does
//! not fit whole those farthest from their neighbours. Beside the population an [`Archive`] keeps what was best.

use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Archive, Rating, Solution, variation};
use crate::{Method, design::Design, random::Draws};

static NEVER: AtomicBool = AtomicBool::new(false);

/// A search.
///
/// # Examples
/// What is near to both 0 and 2 lies between them:
/// ```
/// use explore::{Draws, optimise::{Nsga2, Rating}};
///
/// let near = |x: &[f64]| Rating::from(vec![-x[0].powi(2), -(x[0] - 2.0).powi(2)]);
/// let found = Nsga2::new(vec![(-10.0, 10.0)], Draws::new(1, 0)).generations(30).run(&[0.05, 0.05], near);
/// assert!(found.solutions.len() > 10);
/// assert!(found.solutions.iter().all(|solution| (-0.1..2.1).contains(&solution.variables[0])));
/// ```
#[derive(Clone)]
pub struct Nsga2<'a> {
    bounds: Vec<(f64, f64)>,
    draws: Draws,
    population: usize,
    generations: u32,
    progress: &'a (dyn Fn(u64) + Sync),
    cancel: &'a AtomicBool,
}

impl std::fmt::Debug for Nsga2<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Nsga2").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// Candidates that no other one beats, the best in the first objective first.
    pub solutions: Vec<Solution>,
    /// Candidates that were rated.
    pub rated: u64,
    /// Whether it was stopped before its last generation.
    pub cancelled: bool,
    /// The volume, in widths of the archive's boxes above the worst of the first population, after each generation: what has
    /// stopped rising will not rise much more.
    pub volume: Vec<f64>,
}

impl<'a> Nsga2<'a> {
    /// A search within bounds, low and high by variable: 100 candidates, 100 generations.
    ///
    /// # Panics
    /// If a bound is not finite, or low above high.
    pub fn new(bounds: Vec<(f64, f64)>, draws: Draws) -> Self {
        let sound = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite() && low <= high;
        assert!(bounds.iter().all(sound), "bounds are finite, low and high");
        Self { bounds, draws, population: 100, generations: 100, progress: &|_| {}, cancel: &NEVER }
    }

    /// Candidates of a generation: at least 4, made even.
    #[must_use]
    pub fn population(mut self, candidates: usize) -> Self {
        self.population = candidates.max(4).next_multiple_of(2);
        self
    }

    /// Generations after the first population.
    #[must_use]
    pub fn generations(mut self, generations: u32) -> Self {
        self.generations = generations;
        self
    }

    /// Called with the number of candidates rated.
    #[must_use]
    pub fn progress(mut self, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        self.progress = progress;
        self
    }

    /// Stops soon after it is set.
    #[must_use]
    pub fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = cancel;
        self
    }

    /// Searches; `widths` says which differences of the objectives matter (the archive's boxes).
    ///
    /// # Panics
    /// If a rating has another number of payoffs than there are widths, or a width is not positive.
    pub fn run(&self, widths: &[f64], rate: impl Fn(&[f64]) -> Rating + Sync) -> Searched {
        let mut archive = Archive::new(widths.to_vec());
        let mut found = Searched { solutions: Vec::new(), rated: 0, cancelled: false, volume: Vec::new() };
        let mut population = self.rate(self.first(), &rate, &mut archive, &mut found);
        let worst: Vec<f64> = (0..widths.len())
            .map(|objective| {
                let payoffs = population.iter().filter(|one| one.rating.broken() == 0.0);
                payoffs.map(|one| one.rating.payoffs[objective]).fold(f64::INFINITY, f64::min)
            })
            .collect();
        for generation in 1..=self.generations {
            if self.cancel.load(Ordering::Relaxed) {
                found.cancelled = true;
                break;
            }
            let places = crowded(&population);
            let children = self.children(&population, &places, generation);
            let children = self.rate(children, &rate, &mut archive, &mut found);
            population.extend(children);
            population = survivors(population, self.population);
            found.volume.push(volume(&archive, widths, &worst));
        }
        found.solutions = archive.solutions().into_iter().cloned().collect();
        found
    }

    /// The first population: a Latin hypercube over the bounds.
    fn first(&self) -> Vec<Vec<f64>> {
        let rows = self.population as u64;
        let design = Design::new(Method::LatinHypercube, rows, self.bounds.len() as u32, self.draws);
        let value = |row: u64, variable: usize, (low, high): (f64, f64)| {
            // A hypercube always exists; without one, plain draws do.
            let u = design.as_ref().map_or_else(
                |_| self.draws.uniform(row, variable as u32),
                |design| design.coordinate(row, variable as u32),
            );
            low + u * (high - low)
        };
        let point =
            |row| self.bounds.iter().enumerate().map(|(variable, bound)| value(row, variable, *bound)).collect();
        (0..rows).map(point).collect()
    }

    fn rate(
        &self,
        candidates: Vec<Vec<f64>>,
        rate: &(impl Fn(&[f64]) -> Rating + Sync),
        archive: &mut Archive,
        found: &mut Searched,
    ) -> Vec<Solution> {
        let ratings: Vec<Rating> = candidates.par_iter().map(|variables| rate(variables)).collect();
        found.rated += candidates.len() as u64;
        (self.progress)(found.rated);
        let solutions: Vec<Solution> =
            candidates.into_iter().zip(ratings).map(|(variables, rating)| Solution { variables, rating }).collect();
        for solution in &solutions {
            archive.offer(solution);
        }
        solutions
    }

    /// As many children as there are candidates; of two drawn parents the better one breeds.
    fn children(&self, population: &[Solution], places: &[Place], generation: u32) -> Vec<Vec<f64>> {
        let draws = Draws { stream: self.draws.stream.wrapping_add(1), ..self.draws };
        let choices = Draws { stream: self.draws.stream.wrapping_add(2), ..self.draws };
        let size = population.len();
        (0..self.population as u64 / 2)
            .flat_map(|pair| {
                let at = u64::from(generation) << 32 | pair;
                let pick = |which: u32| {
                    let one = |dimension: u32| (choices.uniform(at, dimension) * size as f64) as usize % size;
                    let (a, b) = (one(2 * which), one(2 * which + 1));
                    if places[b].beats(&places[a]) { &population[b] } else { &population[a] }
                };
                variation::children([&pick(0).variables, &pick(1).variables], &self.bounds, draws, at)
            })
            .collect()
    }
}

/// The volume of what is kept, in boxes.
fn volume(archive: &Archive, widths: &[f64], worst: &[f64]) -> f64 {
    if worst.iter().any(|worst| !worst.is_finite()) {
        return 0.0;
    }
    let scaled = |values: &[f64]| values.iter().zip(widths).map(|(value, width)| value / width).collect::<Vec<f64>>();
    let points: Vec<Vec<f64>> = archive.solutions().iter().map(|kept| scaled(&kept.rating.payoffs)).collect();
    super::hypervolume(&points, &scaled(worst))
}

/// Where a candidate stands: its front, and how far its neighbours there are.
#[derive(Clone, Copy, Debug)]
struct Place {
    front: usize,
    distance: f64,
}

impl Place {
    fn beats(&self, other: &Self) -> bool {
        self.front < other.front || (self.front == other.front && self.distance > other.distance)
    }
}

/// Every candidate's place.
fn crowded(population: &[Solution]) -> Vec<Place> {
    let mut places = vec![Place { front: 0, distance: 0.0 }; population.len()];
    for (number, front) in fronts(population).into_iter().enumerate() {
        let distances = distances(population, &front);
        for (member, distance) in front.into_iter().zip(distances) {
            places[member] = Place { front: number, distance };
        }
    }
    places
}

/// The better candidates, as many as wanted.
fn survivors(population: Vec<Solution>, wanted: usize) -> Vec<Solution> {
    let places = crowded(&population);
    let mut order: Vec<usize> = (0..population.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&places[*a], &places[*b]);
        a.front.cmp(&b.front).then(b.distance.total_cmp(&a.distance))
    });
    order.truncate(wanted);
    order.sort_unstable();
    let mut live = order.into_iter().peekable();
    let lives = |(index, solution): (usize, Solution)| (live.next_if_eq(&index).is_some()).then_some(solution);
    population.into_iter().enumerate().filter_map(lives).collect()
}

/// The fronts: those that none beats, then those that only these beat, and so on.
fn fronts(population: &[Solution]) -> Vec<Vec<usize>> {
    let size = population.len();
    let beaten: Vec<Vec<usize>> = (0..size)
        .into_par_iter()
        .map(|a| (0..size).filter(|b| population[a].rating.dominates(&population[*b].rating)).collect())
        .collect();
    let mut by = vec![0usize; size];
    for beaten in beaten.iter().flatten() {
        by[*beaten] += 1;
    }
    let mut fronts = Vec::new();
    let mut front: Vec<usize> = (0..size).filter(|one| by[*one] == 0).collect();
    while !front.is_empty() {
        let mut next = Vec::new();
        for beaten in front.iter().flat_map(|one| &beaten[*one]) {
            by[*beaten] -= 1;
            if by[*beaten] == 0 {
                next.push(*beaten);
            }
        }
        next.sort_unstable();
        fronts.push(std::mem::replace(&mut front, next));
    }
    fronts
}

/// Crowding distances: by objective the gap between a member's neighbours over the front's span, the ends infinite.
fn distances(population: &[Solution], front: &[usize]) -> Vec<f64> {
    let mut distances = vec![0.0; front.len()];
    let objectives = front.first().map_or(0, |one| population[*one].rating.payoffs.len());
    for objective in 0..objectives {
        let payoff = |member: usize| population[front[member]].rating.payoffs[objective];
        let mut order: Vec<usize> = (0..front.len()).collect();
        order.sort_by(|a, b| payoff(*a).total_cmp(&payoff(*b)));
        let span = payoff(order[order.len() - 1]) - payoff(order[0]);
        if !(span > 0.0 && span.is_finite()) {
            continue;
        }
        distances[order[0]] = f64::INFINITY;
        distances[order[order.len() - 1]] = f64::INFINITY;
        for three in order.windows(3) {
            distances[three[1]] += (payoff(three[2]) - payoff(three[0])) / span;
        }
    }
    distances
}

#[cfg(test)]
mod tests;
