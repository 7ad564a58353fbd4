use super::*;
use crate::known::{Lake, dtlz2, zdt1};
use crate::optimise::hypervolume;

fn payoffs(found: &Searched) -> Vec<Vec<f64>> {
    found.solutions.iter().map(|solution| solution.rating.payoffs.clone()).collect()
}

/// ZDT1's front is f2 = 1 - sqrt(f1): below the reference (1.1, 1.1) lie 2/3 + 0.1 + 0.11 = 0.87667. Deb's NSGA-II reaches
/// 0.87 in 25,000 evaluations.
#[test]
fn the_front_of_zdt1_is_found() {
    let search = Nsga2::new(vec![(0.0, 1.0); 30], Draws::new(1, 0)).generations(249);
    let found = search.run(&[0.005, 0.005], |x| Rating::from(zdt1(x).map(|f| -f).to_vec()));
    assert_eq!(found.rated, 25_000);
    let volume = hypervolume(&payoffs(&found), &[-1.1, -1.1]);
    assert!((0.868..0.876_67).contains(&volume), "{volume}");
    assert!(found.volume.windows(2).all(|pair| pair[1] >= 0.99 * pair[0]), "what is kept never gets much worse");
}

/// DTLZ2's front is the octant of the unit sphere: below the reference (1.1, 1.1, 1.1) lie 1.331 - pi/6 = 0.80740.
#[test]
fn the_front_of_dtlz2_is_found() {
    let search = Nsga2::new(vec![(0.0, 1.0); 12], Draws::new(2, 0)).generations(149);
    let found = search.run(&[0.05; 3], |x| Rating::from(dtlz2(x).map(|f| -f).to_vec()));
    let volume = hypervolume(&payoffs(&found), &[-1.1; 3]);
    assert!((0.72..0.8074).contains(&volume), "{volume} of {}", found.solutions.len());
}

/// A town releases the same amount every year. A larger one is worth more until the lake tips: the largest that it bears is
/// the peak of b x - x^q/(1 + x^q) before the tipping point, for b = 0.42, q = 2 found here by a fine grid.
#[test]
fn the_lake_is_loaded_to_its_critical_release_and_no_more() {
    let lake = Lake { loss: 0.42, steepness: 2.0 };
    let tipping = lake.tipping_point().unwrap();
    let bearable = |x: f64| 0.42 * x - lake.recycled(x);
    let critical = (0..100_000).map(|step| bearable(tipping * f64::from(step) / 1e5)).fold(0.0, f64::max);
    // After two hundred years, and in the worst.
    let end = |release: f64| (0..200).fold(0.0, |x, _| lake.next(x, release));
    let rate = |x: &[f64]| Rating { payoffs: vec![x[0], -end(x[0])], violation: end(x[0]) - tipping };
    let search = Nsga2::new(vec![(0.0, 0.2)], Draws::new(3, 0)).population(40).generations(60);
    let found = search.run(&[1e-4, 1e-3], rate);
    let largest = found.solutions[0].variables[0];
    // In two hundred years a release a little above has not tipped the lake yet.
    assert!((0.995..1.03).contains(&(largest / critical)), "{largest} {critical}");
    assert!(found.solutions.iter().all(|solution| end(solution.variables[0]) <= tipping));
}

#[test]
fn one_thread_and_many_find_the_same() {
    let search = Nsga2::new(vec![(0.0, 1.0); 5], Draws::new(4, 0)).population(20).generations(10);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search.run(&[0.01, 0.01], |x| Rating::from(zdt1(x).map(|f| -f).to_vec())))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn a_search_without_anything_that_may_be_taken_finds_nothing_and_one_that_is_stopped_says_so() {
    let stop = AtomicBool::new(true);
    let search = Nsga2::new(vec![(0.0, 1.0)], Draws::new(5, 0)).population(4).generations(3);
    let found = search.run(&[0.1], |x| Rating { payoffs: vec![x[0]], violation: 1.0 });
    assert!(found.solutions.is_empty() && !found.cancelled);
    let found = search.cancel(&stop).run(&[0.1], |x| Rating::from(vec![x[0]]));
    assert!(found.cancelled && !found.solutions.is_empty());
}

#[test]
fn a_candidate_without_a_number_is_never_kept() {
    let search = Nsga2::new(vec![(0.0, 1.0)], Draws::new(6, 0)).population(10).generations(5);
    let found = search.run(&[0.1], |x| Rating::from(vec![if x[0] > 0.5 { f64::NAN } else { x[0] }]));
    assert!(!found.solutions.is_empty() && found.solutions.iter().all(|solution| solution.variables[0] <= 0.5));
}
