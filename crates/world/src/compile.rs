//! A policy made ready for a world (E12, E21): the outcome of the rules for every chip, bloc and quarter, asked
//! once, and the levers by bloc.

mod outcomes;

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
};

pub(crate) use outcomes::Outcomes;

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
        let differs = |outcomes: &Outcomes| outcomes.differ(quarter);
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
    /// What history's rules say of the quarters before the policy starts.
    pub past: &'a Outcomes,
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
    let for_accepting = policy.book_for_accepting.as_ref().map(|book| against.outcomes(book));
    Ok(CompiledPolicy {
        id: policy.id.clone(),
        outcomes: against.outcomes(&policy.book),
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
    /// History's rules before the policy starts, the policy's from then on.
    fn outcomes(&self, book: &RuleBook) -> Outcomes {
        self.past.followed_by(book, self.chips, self.blocs, self.quarters)
    }

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
