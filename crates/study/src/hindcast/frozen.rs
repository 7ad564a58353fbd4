//! The world model frozen in the past, run for many futures: the engine of V4 to V8.
//!
//! [`world::World::frozen`] reads no sale and no figure after the freeze, knows only chips on sale or announced by then,
//! and takes inputs as they could have been written then (`data/input_vintages.csv`). Export rules keep their dates:
//! they are the one thing of the years after that a hindcast may know.

use explore::{Design, Draws, Ensemble, Method};
use jiff::ToSpan;
use rules::RuleBook;
use std::convert::Infallible;
use units::{Problem, Problems, Quarter};
use world::{CompiledPolicy, Registry, RunOptions, Sources, Trajectory, Variant, World};

use super::Past;

/// A frozen world with its policy.
#[derive(Debug)]
pub struct Frozen {
    /// The world.
    pub world: World,
    registry: Registry,
    policy: CompiledPolicy,
    freeze: Quarter,
    seed: u64,
    draws: u64,
}

/// The rules with every date after a freeze moved by some quarters: what a placebo knows of policy.
fn shifted(book: &RuleBook, freeze: Quarter, quarters: i32) -> RuleBook {
    let mut book = book.clone();
    if quarters == 0 {
        return book;
    }
    let last = freeze.last_day();
    let late = |day: units::Date| {
        if day > last { day.checked_add((3 * quarters).months()).unwrap_or(units::Date::MAX) } else { day }
    };
    for rule in &mut book.rules {
        rule.effective = late(rule.effective);
        for day in [&mut rule.end, &mut rule.superseded, &mut rule.early_effective] {
            *day = day.map(late);
        }
        for licence in &mut rule.licences {
            licence.from = licence.from.map(late);
        }
    }
    book
}

impl Frozen {
    /// The world at a freeze, to be run until a quarter; `shift` moves the dates of policy after the freeze, 0 but for
    /// a placebo.
    ///
    /// # Errors
    /// Inputs and figures that were not known then.
    pub fn new(past: &Past<'_>, freeze: Quarter, until: Quarter, shift: i32) -> Result<Self, Problems> {
        let registry = past.registry.clone().known_at(freeze, past.folder)?;
        let book = shifted(past.book, freeze, shift);
        let sources = Sources { facts: past.facts, book: &book, registry: &registry, folder: past.folder };
        let options = RunOptions { policy_start: freeze + 1, until, ..RunOptions::default() };
        let world = World::frozen(&sources, &options, freeze)?;
        let policy = world.compile(&world::policy::builtin("history", &book)?)?;
        Ok(Self { world, registry, policy, freeze, seed: past.seed, draws: past.draws })
    }

    /// What every future says, in the order of the draws.
    ///
    /// # Errors
    /// A design that cannot be made.
    pub fn run<T: Send>(&self, read: impl Fn(&Trajectory) -> T + Sync) -> Result<Vec<T>, Problems> {
        let varying = self.registry.sampled().len() as u32;
        let stream = 100 + self.freeze.since(Quarter::new(2022, 1)) as u32;
        let design = Design::new(Method::LatinHypercube, self.draws, varying.max(1), Draws::new(self.seed, stream))
            .map_err(|error| Problem::new("bad_design", error.message))?;
        let one = |row: u64| {
            let mut run = self.world.trajectory();
            self.world.run(&self.policy, &self.registry.draw(&design.point(row)), &Variant::default(), &mut run);
            read(&run)
        };
        let mut found = Vec::new();
        // Neither the sink nor anybody watching can stop it.
        let _ = Ensemble::new(0..self.draws).run(one, |_, value| {
            found.push(value);
            Ok::<(), Infallible>(())
        });
        Ok(found)
    }

    /// Quarters forecast, with their place in a run.
    pub fn quarters(&self) -> Vec<(usize, Quarter)> {
        let first = self.world.options().start;
        let until = self.world.options().until;
        (1..=until.since(self.freeze)).map(|ahead| self.freeze + ahead).map(|q| (q.since(first) as usize, q)).collect()
    }

    /// How many of its inputs are assumptions of ours, written after every freeze.
    pub fn assumptions(&self) -> usize {
        self.registry.hindsight().len()
    }
}

#[cfg(test)]
mod probe {
    use super::*;
    #[test]
    fn probe() {
        let facts = facts::Facts::load(None).unwrap();
        let book = RuleBook::builtin();
        let registry = Registry::load(None).unwrap();
        let past = Past::new(&Sources { facts: &facts, book: &book, registry: &registry, folder: None }).unwrap();
        for (freeze, until) in [(Quarter::new(2023, 4), Quarter::new(2025, 4)), (Quarter::new(2023, 2), Quarter::new(2024, 4)), (Quarter::new(2024, 2), Quarter::new(2025, 4)), (Quarter::new(2025, 1), Quarter::new(2025, 4))] {
            match Frozen::new(&past, freeze, until, 0) {
                Err(e) => println!("{freeze}: {e}"),
                Ok(f) => {
                    let c = f.world.bloc("china").unwrap();
                    let runs = f.run(|run| (0..run.quarters().len()).map(|q| (run.get(world::Variable::SalesFlop, c)[q]/1979e12, run.get(world::Variable::SalesByte, c)[q]/3.35e12, run.published(world::Variable::TokenPrice, "gpt_4").map(|s| s[q]).unwrap_or(f64::NAN))).collect::<Vec<_>>()).unwrap();
                    for (i, q) in f.quarters() {
                        let m = |k: usize, s: f64| { let v: Vec<f64> = runs.iter().map(|r| [r[i].0, r[i].1, r[i].2][k]).collect(); explore::statistics::quantile(&v, s).unwrap_or(f64::NAN) };
                        println!("{freeze} {q} flop {:.0} {:.0} {:.0} bw {:.0} {:.0} {:.0} gpt4 {:.3} {:.3} {:.3}", m(0,0.05), m(0,0.5), m(0,0.95), m(1,0.05), m(1,0.5), m(1,0.95), m(2,0.05), m(2,0.5), m(2,0.95));
                    }
                }
            }
        }
    }
}
