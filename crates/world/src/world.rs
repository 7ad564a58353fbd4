//! The world, made once: tables of chips, models, countries and inputs, ready to be run.

use std::{path::Path, sync::Arc};

use facts::Facts;
use rules::RuleBook;
use units::{Problem, Problems, Quarter};

use crate::{
    BlocSpec, CatalogueChip, CompiledPolicy, CompiledSwitch, Observation, Policy, ReferenceModel, Registry, Trajectory,
    Variant,
    blocs::{self, Bloc},
    catalogue,
    compile::{self, Against, Outcomes},
    equations::controls,
    fit,
    history::{self, History, Span},
    parameters::Keys,
    policy::Signpost,
    published::{self, Published},
    regions::{CHINA, REGIONS, US},
    run,
    tables::{MAX_VENDORS, Reach, Tables},
    trajectory::Shape,
};

/// The facts that a world is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Chips, models, economies, history.
    pub facts: &'a Facts,
    /// The export rules of history.
    pub book: &'a RuleBook,
    /// The uncertain inputs, with their camps.
    pub registry: &'a Registry,
    /// A folder whose tables take the place of the built-in ones of the same name.
    pub folder: Option<&'a Path>,
}

/// The span and the blocs of a run (`[run]` and `[blocs]` of a scenario).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// First quarter that is recorded; the model itself always begins in 2022Q1.
    pub start: Quarter,
    /// Last quarter.
    pub until: Quarter,
    /// First quarter in which a policy differs from history, 2022Q4 at the earliest. Before 2026Q1 it starts a
    /// counterfactual past: sales are data until then, and worked out by the model from then on.
    pub policy_start: Quarter,
    /// The partition.
    pub blocs: Vec<BlocSpec>,
}

impl Default for RunOptions {
    /// 2022Q1 to 2035Q4, policies from 2026Q1, `us`, `china`, `rest`.
    fn default() -> Self {
        Self {
            start: Quarter::new(2022, 1),
            until: Quarter::new(2035, 4),
            policy_start: Quarter::new(2026, 1),
            blocs: BlocSpec::default_partition(),
        }
    }
}

impl RunOptions {
    /// The last quarter that can be asked for: what grows until then is a scenario, after it nothing is said.
    const LATEST: Quarter = Quarter::new(2050, 4);
    /// The first quarter in which a policy may part from history: that of the first chip controls.
    pub const EARLIEST_POLICY: Quarter = Quarter::new(2022, 4);
    /// The first quarter after which data may be withheld: growth over a year must have been seen.
    pub const EARLIEST_FREEZE: Quarter = Quarter::new(2023, 1);

    /// How far the data reach in a world that reads none after `last`, and where the model begins.
    fn span(&self, last: Quarter) -> Span {
        let known = quarter_index(last) + 1;
        Span { known, begin: known.min(quarter_index(self.policy_start)) }
    }

    fn check(&self, last: Quarter) -> Result<(), Problems> {
        let mut problems = match BlocSpec::check(&self.blocs) {
            Ok(()) => Problems::default(),
            Err(problems) => problems,
        };
        let mut problem = |key: &str, message: String| {
            problems.push(Problem::new("bad_span", message).key(key));
        };
        if self.start < history::FIRST || self.start > self.until {
            problem("start", format!("start is {}; it must lie between {} and until", self.start, history::FIRST));
        }
        if self.until <= last || self.until > Self::LATEST {
            problem("until", format!("until is {}; it must lie between {} and {}", self.until, last + 1, Self::LATEST));
        }
        let earliest = if last < history::LAST { last + 1 } else { Self::EARLIEST_POLICY };
        if self.policy_start < earliest || self.policy_start > self.until {
            let message = format!("policy_start is {}; it must lie between {earliest} and until", self.policy_start);
            problem("policy_start", message);
        }
        problems.check(())
    }
}

/// The world.
#[derive(Clone, Debug)]
pub struct World {
    pub(crate) options: RunOptions,
    pub(crate) span: Span,
    pub(crate) registry: Registry,
    pub(crate) keys: Keys,
    pub(crate) tables: Tables,
    pub(crate) blocs: Vec<Bloc>,
    pub(crate) chips: Vec<CatalogueChip>,
    pub(crate) history: History,
    /// The central draw, by which chips to come were made.
    pub(crate) central: Vec<f64>,
    /// Where each line's growth after its last announced chip stands in a draw: FLOP/s, bandwidth, memory, power.
    pub(crate) growth: Vec<Option<[usize; 4]>>,
    /// Gap between the best denied and the best allowed chip for China at the end of 2024, by FLOP/s per dollar.
    pub(crate) gap_2024: f64,
    /// The bloc that holds most of each region.
    pub(crate) home: [usize; REGIONS.len()],
    vendors: Vec<String>,
    book: RuleBook,
    /// What the book says of the quarters before a policy may start.
    past: Outcomes,
    observations: Vec<Observation>,
    /// Series that a run is shown as (E23).
    pub(crate) published: Vec<Published>,
}

impl World {
    /// Reads the world's own tables, and tabulates tokens per second of every chip and reference model.
    ///
    /// # Errors
    /// All that is wrong with options and tables.
    pub fn new(sources: &Sources, options: &RunOptions) -> Result<Self, Problems> {
        Self::until(sources, options, history::LAST)
    }

    /// A world as it could be made at the end of the quarter `freeze`, for hindcasts: sales after it are not read,
    /// chips that were neither on sale nor announced then do not exist, and the model runs from the next quarter.
    /// Rules keep their dates: what the book holds is the hindcast's own to say. The registry must hold what was
    /// known then ([`Registry::known_at`]).
    ///
    /// # Errors
    /// All that is wrong with options and tables; `from_the_future` for every input that a source after the freeze
    /// is cited for.
    pub fn frozen(sources: &Sources, options: &RunOptions, freeze: Quarter) -> Result<Self, Problems> {
        if freeze < RunOptions::EARLIEST_FREEZE || freeze > history::LAST {
            let (from, to) = (RunOptions::EARLIEST_FREEZE, history::LAST);
            let message = format!("the freeze is {freeze}; it must lie between {from} and {to}");
            return Err(Problem::new("bad_span", message).key("freeze").into());
        }
        sources.registry.check_known(freeze)?;
        let mut facts = sources.facts.clone();
        for table in [&mut facts.history, &mut facts.sectors, &mut facts.supply] {
            table.retain(|figure| figure.period.last <= freeze.last_day());
        }
        // A year that has begun has a projection of its product.
        facts.macro_economy.retain(|figure| figure.period.first <= freeze.last_day());
        Self::until(&Sources { facts: &facts, ..*sources }, options, freeze)
    }

    fn until(sources: &Sources, options: &RunOptions, last: Quarter) -> Result<Self, Problems> {
        options.check(last)?;
        let span = options.span(last);
        let tables = Tables::load(sources.folder)?;
        if tables.vendors().len() > MAX_VENDORS {
            let message = format!("there are {} vendors; at most {MAX_VENDORS} are simulated", tables.vendors().len());
            return Err(Problem::new("too_many_vendors", message).file("data/vendor_lines.csv").into());
        }
        let keys = Keys::resolve(sources.registry, &tables.sectors, "inputs.csv")?;
        let blocs = blocs::resolve(&options.blocs, &tables, sources.facts)?;
        let horizon =
            catalogue::Horizon { known: last, begin: history::FIRST + span.begin as i32, until: options.until };
        let chips = catalogue::build(sources.facts, &tables, sources.registry, horizon)?;
        let history = history::read(sources.facts, &chips, &tables, span.known)?;
        let growth = tables
            .lines
            .iter()
            .map(|line| {
                let growth = line.growth.as_ref()?;
                let keys = [&growth.flop, &growth.bandwidth, &growth.memory, &growth.power];
                // Every key was found when the catalogue was built.
                Some(keys.map(|key| sources.registry.index(key).unwrap_or(0)))
            })
            .collect();
        let home = std::array::from_fn(|region| {
            let share = |bloc: &usize| blocs[*bloc].share[region];
            (0..blocs.len()).rev().max_by(|a, b| share(a).total_cmp(&share(b))).unwrap_or(0)
        });
        let published = published::resolve(sources.facts, &blocs, &home, &tables.sectors, last)?;
        Ok(Self {
            options: options.clone(),
            span,
            central: sources.registry.central(),
            registry: sources.registry.clone(),
            keys,
            gap_2024: gap_2024(sources.book, &chips, &tables, last),
            past: Outcomes::of(sources.book, &chips, &blocs, quarter_index(options.policy_start)),
            blocs,
            chips,
            history,
            growth,
            home,
            vendors: tables.vendors(),
            book: sources.book.clone(),
            tables,
            observations: fit::observations(sources.facts),
            published,
        })
    }

    /// The span and the blocs.
    pub fn options(&self) -> &RunOptions {
        &self.options
    }

    /// The inputs, in the order of a draw.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The catalogue of chips.
    pub fn chips(&self) -> &[CatalogueChip] {
        &self.chips
    }

    /// The reference models.
    pub fn reference_models(&self) -> &[ReferenceModel] {
        &self.tables.models
    }

    /// The vendors of chips.
    pub fn vendors(&self) -> &[String] {
        &self.vendors
    }

    /// The sectors of the economy, by id.
    pub fn sectors(&self) -> Vec<&str> {
        self.tables.sectors.iter().map(|sector| sector.id.as_str()).collect()
    }

    /// The published figures of 2022 to 2025 that the model is held against.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// What a run says of each of [`World::observations`], in their order. The run must have been recorded from
    /// 2022Q1 on; a figure before its first quarter is not a number.
    pub fn modelled(&self, draw: &[f64], trajectory: &Trajectory) -> Vec<f64> {
        fit::modelled(self, &self.keys.read(draw), trajectory)
    }

    /// Product of a bloc in 2025 [USD/year].
    pub fn gdp_usd_per_year(&self, bloc: usize) -> f64 {
        self.blocs[bloc].gdp_usd
    }

    /// Index of a bloc by name.
    pub fn bloc(&self, name: &str) -> Option<usize> {
        self.options.blocs.iter().position(|bloc| bloc.name == name)
    }

    /// Asks the rules for every chip, bloc and quarter of a policy, and resolves its levers.
    ///
    /// # Errors
    /// Levers of blocs or sectors that do not exist.
    pub fn compile(&self, policy: &Policy) -> Result<CompiledPolicy, Problems> {
        compile::compile(policy, &self.against())
    }

    fn against(&self) -> Against<'_> {
        Against {
            specs: &self.options.blocs,
            blocs: &self.blocs,
            sectors: self.sectors(),
            chips: &self.chips,
            history: &self.book,
            past: &self.past,
            quarters: self.quarters(),
            policy_start: quarter_index(self.options.policy_start),
        }
    }

    /// A switch to a policy that is ready already, for a search over many.
    ///
    /// # Errors
    /// A bloc that does not exist.
    pub fn switch(&self, when: &Signpost, to: &Arc<CompiledPolicy>) -> Result<CompiledSwitch, Problems> {
        let mut problems = Problems::default();
        let watch = compile::watch(when, &self.against(), &mut problems);
        problems.check(CompiledSwitch { watch, to: Arc::clone(to) })
    }

    /// An empty trajectory of this world's shape, to be filled by runs.
    pub fn trajectory(&self) -> Trajectory {
        let start = quarter_index(self.options.start);
        let names: Vec<String> = self.options.blocs.iter().map(|bloc| bloc.name.clone()).collect();
        Trajectory::new(Shape {
            quarters: (start..self.quarters()).map(|index| history::FIRST + index as i32).collect(),
            blocs: names.clone(),
            sectors: self.tables.sectors.iter().map(|sector| sector.id.clone()).collect(),
            vendors: self.vendors.clone(),
            published: published::names(&self.published, &names),
        })
    }

    /// Runs one future under one policy. `draw` holds one number an input, in the order of the registry.
    ///
    /// # Panics
    /// Where `draw` has another length than the registry, or `trajectory` was made by another world.
    pub fn run(&self, policy: &CompiledPolicy, draw: &[f64], variant: &Variant, trajectory: &mut Trajectory) {
        assert_eq!(draw.len(), self.registry.len(), "a draw has one number an input");
        run::run(self, policy, draw, variant, trajectory);
    }

    /// Runs one future under several policies and shows `each` trajectory, by the policy's index, before the next is
    /// written over it. The numbers are those of [`World::run`]; what lies before policies may part is run once.
    ///
    /// # Panics
    /// As [`World::run`].
    pub fn run_each(
        &self,
        policies: &[&CompiledPolicy],
        (draw, variant): (&[f64], &Variant),
        trajectory: &mut Trajectory,
        each: impl FnMut(usize, &Trajectory),
    ) {
        assert_eq!(draw.len(), self.registry.len(), "a draw has one number an input");
        run::run_each(self, policies, (draw, variant), trajectory, each);
    }

    /// Quarters from 2022Q1 to the end.
    pub(crate) fn quarters(&self) -> usize {
        quarter_index(self.options.until) + 1
    }
}

/// Quarters since 2022Q1; 0 for what is earlier.
pub(crate) fn quarter_index(quarter: Quarter) -> usize {
    quarter.since(history::FIRST).max(0) as usize
}

/// The gap at which the leak of 2024 was measured: FLOP/s per dollar of the best chip denied to China at the end
/// of 2024 (or of an earlier freeze), against the best that it could have.
fn gap_2024(book: &RuleBook, chips: &[CatalogueChip], tables: &Tables, last: Quarter) -> f64 {
    let then = Quarter::new(2024, 4).min(last);
    let Some(china) = rules::Iso2::new("CN") else { return 1.0 };
    let (mut allowed, mut denied) = (0.0_f64, 0.0_f64);
    let sold = chips.iter().filter(|entry| matches!(entry.origin, catalogue::Origin::Listed));
    for entry in sold.filter(|entry| entry.available <= then && then < entry.withdrawn) {
        let line = &tables.lines[entry.line];
        let value = entry.flop_per_s / entry.price_usd;
        let free = || book.outcome(&rules::Item::from_chip(&entry.chip), china, then.last_day()) <= rules::Outcome::Aca;
        match (line.reach, line.origin) {
            (Reach::Domestic, CHINA) => allowed = allowed.max(value),
            (Reach::All, US) if free() => allowed = allowed.max(value),
            (Reach::All, US) => denied = denied.max(value),
            _ => {}
        }
    }
    controls::gap(allowed, denied).clamp(0.05, 1.0)
}
