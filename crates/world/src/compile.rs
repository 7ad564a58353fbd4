//! A policy made ready for a world (E12, E21): the outcome of the rules for every chip, bloc and quarter, asked
//! once, and the levers by bloc.

use std::sync::Arc;

use rules::{Item, Outcome, RuleBook};
use units::{Problem, Problems, Quarter, Range, nearest};

use crate::{
    BlocSpec, MAX_BLOCS, Policy, Stance,
    blocs::Bloc,
    catalogue::CatalogueChip,
    history,
    policy::{Levers, Money, Signpost, Switch},
    run::Watch,
    tables::GROUPS,
};

/// Destination weight by outcome, in the order of [`Outcome::ALL`], for each group of destinations.
pub(crate) type Row = [[f64; Outcome::ALL.len()]; GROUPS.len()];

/// A policy made ready for a world.
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    /// The policy's id.
    pub id: String,
    pub(crate) outcomes: Outcomes,
    /// For buyers that accept location checks, where their rules differ.
    pub(crate) for_accepting: Option<Outcomes>,
    /// Whether stacked memory may go to China, by quarter since [`history::FIRST`].
    pub(crate) memory_to_china: Vec<bool>,
    pub(crate) flow: Vec<(Outcome, Range)>,
    pub(crate) actor: usize,
    pub(crate) envelope_usd_per_year: Option<f64>,
    pub(crate) levers: Vec<BlocLevers>,
    pub(crate) strength: f64,
    pub(crate) defection_probability: f64,
    pub(crate) switches: Vec<CompiledSwitch>,
}

/// A switch made ready for a world.
#[derive(Clone, Debug)]
pub struct CompiledSwitch {
    pub(crate) watch: Watch,
    pub(crate) to: Arc<CompiledPolicy>,
}

impl CompiledPolicy {
    /// Whether the rules may judge something otherwise in a quarter than in the one before.
    pub(crate) fn judged_anew(&self, quarter: usize) -> bool {
        let differs = |outcomes: &Outcomes| {
            let of = |quarter: usize| outcomes.regimes[quarter.min(outcomes.regimes.len() - 1)];
            quarter == 0 || of(quarter) != of(quarter - 1)
        };
        differs(&self.outcomes) || self.for_accepting.as_ref().is_some_and(differs)
    }

    /// The same policy with switches: in place of its own, if it had any.
    #[must_use]
    pub fn switching(&self, switches: Vec<CompiledSwitch>) -> Self {
        Self { switches, ..self.clone() }
    }

    /// The outcome of the rules for exports of a chip (by index in the catalogue) to a bloc in a quarter, as the
    /// destination weight of each outcome; outcomes without weight are left out.
    pub fn outcomes(&self, chip: usize, bloc: usize, quarter: Quarter) -> Vec<(Outcome, f64)> {
        let quarter = quarter.since(history::FIRST).max(0) as usize;
        let row = self.outcomes.rows[self.outcomes.row(quarter, chip, bloc)];
        let weight = |outcome: Outcome| row.iter().map(|group| group[outcome as usize]).sum::<f64>();
        Outcome::ALL.into_iter().map(|outcome| (outcome, weight(outcome))).filter(|(_, weight)| *weight > 0.0).collect()
    }
}

/// The outcomes of all chips, blocs and quarters, equal rows once.
#[derive(Clone, Debug)]
pub(crate) struct Outcomes {
    pub rows: Vec<Row>,
    /// Which of the regimes holds, by quarter since [`history::FIRST`].
    regimes: Vec<u16>,
    /// Row by regime, chip, bloc.
    table: Vec<u16>,
    chips: usize,
    blocs: usize,
}

impl Outcomes {
    /// The row of a chip, bloc and quarter; after the last quarter the last regime stays.
    pub fn row(&self, quarter: usize, chip: usize, bloc: usize) -> usize {
        let regime = usize::from(self.regimes[quarter.min(self.regimes.len() - 1)]);
        usize::from(self.table[(regime * self.chips + chip) * self.blocs + bloc])
    }
}

/// The levers of one bloc.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BlocLevers {
    pub programme: Option<Money>,
    /// Shares of the programme by sector; they sum to one.
    pub programme_sectors: Vec<f64>,
    pub capital: Option<Money>,
    pub open_science: Option<Money>,
    pub stance: Option<Stance>,
    pub enforcement: f64,
    pub location_checks: bool,
    pub remote_access_licensed: bool,
    pub cooperation: f64,
}

/// What a policy is compiled against.
pub(crate) struct Against<'a> {
    pub specs: &'a [BlocSpec],
    pub blocs: &'a [Bloc],
    pub sectors: Vec<&'a str>,
    pub chips: &'a [CatalogueChip],
    pub history: &'a RuleBook,
    pub quarters: usize,
    pub policy_start: usize,
}

/// Compiles a policy.
pub(crate) fn compile(policy: &Policy, against: &Against) -> Result<CompiledPolicy, Problems> {
    let mut problems = Problems::default();
    let actor = against.bloc(&policy.actor, "actor", &mut problems);
    let levers = levers(&policy.levers, against, &mut problems);
    problems.check(())?;
    let switches = switches(&policy.switches, against)?;
    let for_accepting = policy.book_for_accepting.as_ref().map(|book| outcomes(book, against));
    Ok(CompiledPolicy {
        id: policy.id.clone(),
        outcomes: outcomes(&policy.book, against),
        for_accepting,
        memory_to_china: memory_to_china(&policy.book, against),
        flow: policy.flow.clone(),
        actor,
        envelope_usd_per_year: policy.envelope_usd_per_year,
        levers,
        strength: policy.strength,
        defection_probability: policy.defection_probability,
        switches,
    })
}

/// Compiles what may be switched to, and where its signposts stand.
fn switches(all: &[Switch], against: &Against) -> Result<Vec<CompiledSwitch>, Problems> {
    let mut problems = Problems::default();
    let mut ready = Vec::new();
    for switch in all {
        let watch = watch(&switch.when, against, &mut problems);
        match compile(&switch.to, against) {
            Ok(to) => ready.push(CompiledSwitch { watch, to: Arc::new(to) }),
            Err(found) => problems.0.extend(found.0),
        }
    }
    problems.check(ready)
}

/// Where a signpost stands in this world.
pub(crate) fn watch(signpost: &Signpost, against: &Against, problems: &mut Problems) -> Watch {
    let bloc = if signpost.bloc == "world" {
        against.specs.len()
    } else {
        against.bloc(&signpost.bloc, "switch.bloc", problems)
    };
    Watch { signpost: signpost.clone(), bloc }
}

impl Against<'_> {
    fn bloc(&self, name: &str, key: &str, problems: &mut Problems) -> usize {
        self.specs.iter().position(|spec| spec.name == name).unwrap_or_else(|| {
            let near = nearest(name, self.specs.iter().map(|spec| &spec.name)).into_iter().next();
            let message = format!("'{key}' names the bloc '{name}', which the scenario has not");
            problems.push(Problem::new("unknown_bloc", message).key(key).suggest(near));
            0
        })
    }
}

/// Whether a stack of HBM2E, 460 GB/s over 110 mm2, may be shipped to China without a licence, quarter by quarter.
fn memory_to_china(book: &RuleBook, against: &Against) -> Vec<bool> {
    let stack = Item::memory_stack("HBM2E", rules::Figure::Known(460.0 / 110.0));
    let free = |quarter: usize| {
        let book = if quarter >= against.policy_start { book } else { against.history };
        let day = (history::FIRST + quarter as i32).last_day();
        rules::Iso2::new("CN").is_some_and(|china| book.outcome(&stack, china, day) <= Outcome::Aca)
    };
    (0..against.quarters).map(free).collect()
}

/// Asks a book for every chip and bloc, once for each stretch of quarters in which nothing changes: history's
/// rules before the policy starts, the policy's from then on.
fn outcomes(book: &RuleBook, against: &Against) -> Outcomes {
    let items: Vec<Item> = against.chips.iter().map(|entry| Item::from_chip(&entry.chip)).collect();
    let mut found = Outcomes {
        rows: Vec::new(),
        regimes: Vec::new(),
        table: Vec::new(),
        chips: items.len(),
        blocs: against.blocs.len(),
    };
    let alike = |book: &RuleBook| -> Vec<Vec<usize>> {
        let countries = |bloc: &Bloc| bloc.destinations.iter().map(|(country, ..)| *country).collect::<Vec<_>>();
        against.blocs.iter().map(|bloc| book.alike(&countries(bloc))).collect()
    };
    let (of_history_alike, of_policy_alike) = (alike(against.history), alike(book));
    let mut last_regime: Option<(bool, Vec<bool>, units::Date)> = None;
    for quarter in 0..against.quarters {
        let of_policy = quarter >= against.policy_start;
        let book = if of_policy { book } else { against.history };
        let day = (history::FIRST + quarter as i32).last_day();
        // Nothing can change in the outcome of a chip unless a policy's own rule starts or ends, or the table
        // speaks of a later day.
        let added: Vec<bool> =
            book.rules.iter().filter(|rule| rule.added).map(|rule| rule.effective <= day && !rule.over(day)).collect();
        let regime = (of_policy, added, day.min(book.as_of));
        if last_regime.as_ref() != Some(&regime) {
            let alike = if of_policy { &of_policy_alike } else { &of_history_alike };
            for item in &items {
                for (bloc, alike) in against.blocs.iter().zip(alike) {
                    let mut row: Row = [[0.0; Outcome::ALL.len()]; GROUPS.len()];
                    let mut asked = vec![None; bloc.destinations.len()];
                    for ((country, weight, group), first) in bloc.destinations.iter().zip(alike) {
                        let outcome = *asked[*first].get_or_insert_with(|| book.outcome(item, *country, day));
                        row[*group][outcome as usize] += weight;
                    }
                    let known = found.rows.iter().position(|other| *other == row).unwrap_or_else(|| {
                        found.rows.push(row);
                        found.rows.len() - 1
                    });
                    found.table.push(known as u16);
                }
            }
            last_regime = Some(regime);
        }
        let regimes = found.table.len() / (found.chips * found.blocs).max(1);
        found.regimes.push((regimes - 1) as u16);
    }
    found
}

fn levers(levers: &Levers, against: &Against, problems: &mut Problems) -> Vec<BlocLevers> {
    let mut by_bloc = vec![BlocLevers::default(); against.specs.len().min(MAX_BLOCS)];
    for (bloc, found) in by_bloc.iter_mut().enumerate() {
        found.programme_sectors.clone_from(&against.blocs[bloc].sector_share);
    }
    macro_rules! fill {
        ($($lever:ident => $set:expr),* $(,)?) => {
            $(for (name, value) in &levers.$lever {
                let bloc = against.bloc(name, stringify!($lever), problems);
                if let Some(found) = by_bloc.get_mut(bloc) {
                    let set: fn(&mut BlocLevers, _) = $set;
                    set(found, *value);
                }
            })*
        };
    }
    fill! {
        adoption_programme => |found, money| found.programme = Some(money),
        capital => |found, money| found.capital = Some(money),
        open_science => |found, money| found.open_science = Some(money),
        open_stance => |found, stance| found.stance = Some(stance),
        enforcement => |found, level| found.enforcement = level,
        location_checks => |found, on| found.location_checks = on,
        remote_access_licensed => |found, on| found.remote_access_licensed = on,
        cooperation => |found, level| found.cooperation = level,
    }
    for (name, shares) in &levers.adoption_sectors {
        let bloc = against.bloc(name, "adoption_sectors", problems);
        let mut split = vec![0.0; against.sectors.len()];
        for (sector, share) in shares {
            if let Some(index) = against.sectors.iter().position(|known| known == sector) {
                split[index] = *share;
            } else {
                let near = nearest(sector, &against.sectors).into_iter().next();
                let message = format!("'adoption_sectors' names the sector '{sector}', which is not known");
                problems.push(Problem::new("unknown_sector", message).key("adoption_sectors").suggest(near));
            }
        }
        by_bloc[bloc].programme_sectors = split;
    }
    by_bloc
}
