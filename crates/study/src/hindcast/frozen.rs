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

use super::{Past, Sample};

/// FLOP/s and bandwidth.
pub type Both = [f64; 2];

/// The vendor of whose sales the shares are.
pub const NVIDIA: &str = "NVIDIA";

/// One H100 in both currencies (WORLD E1) [FLOP/s, byte/s].
pub const H100: Both = [1979e12, 3.35e12];

/// A chip in H100 equivalents of both currencies.
///
/// # Errors
/// `no_data` where its peak is not known.
pub fn equivalents(chip: &facts::Chip) -> Result<Both, Problem> {
    let flop = chip.dense_op_per_s.eight_bit();
    let flop = flop.ok_or_else(|| Problem::new("no_data", format!("'{}' has no known peak", chip.id)))?;
    Ok([flop / H100[0], chip.memory_bw_byte_per_s / H100[1]])
}

/// Adds `b` times a factor to `a`.
pub fn add(a: &mut Both, b: Both, factor: f64) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b * factor);
}

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

    /// A bloc by name.
    ///
    /// # Errors
    /// `no_data` where the world has it not.
    pub fn bloc(&self, name: &str) -> Result<usize, Problem> {
        self.world.bloc(name).ok_or_else(|| Problem::new("no_data", format!("the world has no bloc '{name}'")))
    }

    /// NVIDIA among the vendors.
    ///
    /// # Errors
    /// `no_data` where the world has it not.
    pub fn nvidia(&self) -> Result<usize, Problem> {
        let found = self.world.vendors().iter().position(|vendor| vendor == NVIDIA);
        found.ok_or_else(|| Problem::new("no_data", format!("the world has no vendor '{NVIDIA}'")))
    }

    /// An input as it was known.
    ///
    /// # Errors
    /// `unknown_input`.
    pub fn input(&self, key: &str) -> Result<&world::Distribution, Problem> {
        Ok(&self.registry.inputs[self.registry.index(key)?].distribution)
    }

    /// A sample of what the futures say.
    ///
    /// # Errors
    /// `no_data` where one is not finite.
    pub fn sample(draws: Vec<f64>) -> Result<Sample, Problem> {
        Sample::new(draws).ok_or_else(|| Problem::new("no_data", "a future of a frozen world is not finite"))
    }

    /// What to know of a frozen world beside a result.
    pub fn note(&self) -> String {
        format!(
            "{} of {} inputs count as assumptions at the freeze: ours, written with hindsight, or known from later \
             sources only; the others rest on sources before it",
            self.assumptions(),
            self.registry.len()
        )
    }

    /// How many of its inputs are assumptions of ours, written after every freeze.
    fn assumptions(&self) -> usize {
        self.registry.hindsight().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placebo_moves_only_what_comes_after_the_freeze() {
        let book = RuleBook::builtin();
        let freeze = Quarter::new(2025, 1);
        let late = shifted(&book, freeze, 4);
        let of =
            |book: &RuleBook, id: &str| book.rules.iter().find(|rule| rule.id.contains(id)).map(|rule| rule.effective);
        // The first chip rule of October 2022 stands; the letters of April 2025 come a year later.
        assert_eq!(of(&book, "us-2022-10-07"), of(&late, "us-2022-10-07"));
        let (april, later) = (of(&book, "us-2025-04").unwrap(), of(&late, "us-2025-04").unwrap());
        assert_eq!(april.checked_add(12.months()).unwrap(), later);
        assert_eq!(shifted(&book, freeze, 0).rules, book.rules);
    }

    #[test]
    fn an_h100_is_one_in_both_currencies() {
        let facts = facts::Facts::load(None).unwrap();
        assert_eq!(equivalents(facts.chip("h100-sxm").unwrap()).unwrap(), [1.0, 1.0]);
    }
}
