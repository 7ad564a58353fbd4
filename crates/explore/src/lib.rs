//! Sampling, ensembles and robustness for any function of numbers.
//!
//! A study under uncertainty asks the same four things of any model: which futures to try, how to run
//! them all, how to sum up what came out, and which choice holds up. This crate answers them and knows nothing
//! of the model. The same seed gives the same bytes, for one thread or many, for the whole design or shards of it; only
//! [`store`] touches files, and only [`process`] looks at a clock, for the time limit of a run.
//!
//! | to | see |
//! |---|---|
//! | draw random numbers by coordinates, not by state | [`random`] |
//! | say how an input varies | [`Distribution`] |
//! | spread rows over the unit cube | [`Design`] |
//! | make inputs go together | [`correlation`] |
//! | run a model for every row on all cores | [`Ensemble`] |
//! | step a few runs side by side | [`lanes`] |
//! | keep runs on disk, and read them back | [`store`] |
//! | ask a program of one's own | [`process`] |
//! | sum up samples | [`statistics`] |
//! | find the inputs that matter | [`sensitivity`] |
//! | find where the runs of interest lie | [`discovery`] |
//! | compare alternatives by regret | [`robustness`] |
//! | search for what is best in several objectives | [`optimise`] |
//! | share a difference out among its causes | [`shapley`] |
//! | check a method on functions with known answers | [`known`] |
//!
//! # Tutorial: which pump?
//!
//! A town must choose a pump before it knows the demand and the price of power.
//!
//! First, how the two vary. A [`Form`](distribution::Form) is what a file would hold; it is checked as a whole.
//! ```
//! use explore::{Design, Distribution, Draws, Ensemble, Method, correlation, distribution::Form, robustness, statistics};
//!
//! let demand = Distribution::try_from(Form {
//!     low: Some(50.0), central: Some(80.0), high: Some(200.0), ..Form::of("range")
//! })?;
//! let price = Distribution::try_from(Form { median: Some(0.1), sigma: Some(0.4), ..Form::of("lognormal") })?;
//!
//! // 500 futures, spread by a Latin hypercube; dear power goes with high demand.
//! let design = Design::new(Method::LatinHypercube, 500, 2, Draws::new(1, 0))?;
//! let together = correlation::Correlations::new(&[
//!     correlation::RankCorrelation { dimensions: (0, 1), rank: 0.5 },
//! ])?;
//!
//! // The model: what each pump costs a year. The same futures for both, so that they can be compared.
//! let cost = |pump: usize, demand: f64, price: f64| match pump {
//!     0 => 4_000.0 + demand * 1_000.0 * price,   // large: dear to buy, thrifty
//!     _ => 1_000.0 + demand * 1_400.0 * price,   // small
//! };
//!
//! // Run it, on all cores. Results come in the order of the rows, as they are computed.
//! let mut costs: Vec<[f64; 2]> = Vec::new();
//! let ended = Ensemble::new(0..design.rows()).run(
//!     |row| {
//!         let mut point = design.point(row);
//!         together.apply(&mut point);
//!         let (demand, price) = (demand.quantile(point[0]), price.quantile(point[1]));
//!         [cost(0, demand, price), cost(1, demand, price)]
//!     },
//!     |_row, both| {
//!         costs.push(both);
//!         Ok::<(), std::convert::Infallible>(())
//!     },
//! )?;
//! assert_eq!(ended.delivered, 500);
//!
//! // Sum up: how often is the large one cheaper, and how sure is that share?
//! let wins = costs.iter().filter(|both| both[0] < both[1]).count() as u64;
//! let (low, high) = statistics::wilson_95(wins, 500).unwrap();
//! assert!(low < wins as f64 / 500.0 && wins as f64 / 500.0 < high);
//!
//! // Choose: the pump whose regret is small in 95 % of the futures. Payoffs are costs with the sign turned.
//! let payoffs = robustness::Payoffs::new([2, 500, 1], |pump, future, _| -costs[future][pump]).unwrap();
//! let regrets = payoffs.regret_quantiles(&[1.0], 0.95);
//! let (choice, margin) = robustness::least(&regrets).unwrap();
//! assert!(choice < 2 && margin >= 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod absent;
pub mod correlation;
pub mod design;
pub mod discovery;
pub mod distribution;
pub mod ensemble;
pub mod known;
pub mod lanes;
pub mod optimise;
pub mod process;
pub mod random;
pub mod robustness;
pub mod sensitivity;
pub mod shapley;
pub mod statistics;
pub mod store;

pub use design::{Design, Method};
pub use distribution::Distribution;
pub use ensemble::Ensemble;
pub use random::Draws;
