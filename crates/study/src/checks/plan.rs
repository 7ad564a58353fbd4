//! Statements laid out over the series of a world, so that holding them against a run is arithmetic only.

use std::collections::BTreeMap;
use units::{Problem, Problems};
use world::{Accounts, SeriesInfo, Trajectory, Variable};

use super::{
    Break,
    read::{Along, Name, Relation, Right, Statement},
};

/// An account by name.
type Account = fn(&Accounts) -> f64;

/// The accounts of a bloc, by the names of a statement.
const ACCOUNTS: [(&str, Account); 12] = [
    ("accounts.envelope_usd_per_year", |all| all.envelope_usd_per_year),
    ("accounts.programme_usd_per_year", |all| all.programme_usd_per_year),
    ("accounts.open_science_usd_per_year", |all| all.open_science_usd_per_year),
    ("accounts.enforcement_usd_per_year", |all| all.enforcement_usd_per_year),
    ("accounts.capital_usd_per_year", |all| all.capital_usd_per_year),
    ("accounts.chips_bought", |all| all.chips_bought),
    ("accounts.chips_in_use", |all| all.chips_in_use),
    ("accounts.chips_idle", |all| all.chips_idle),
    ("accounts.chips_retired", |all| all.chips_retired),
    ("accounts.capex_usd", |all| all.capex_usd),
    ("accounts.spent_usd", |all| all.spent_usd),
    ("accounts.unspent_usd", |all| all.unspent_usd),
];

/// What a number is about: bloc, sector, origin, openness; empty where it does not apply or was summed over.
type Key = [String; 4];

/// Where numbers lie in a run.
#[derive(Clone, Debug)]
enum Source {
    /// Rows of the trajectory that are added up, quarter by quarter.
    Rows(Vec<usize>),
    /// Accounts of a bloc that are added up, one number a run.
    Accounts(usize, Vec<Account>),
    /// A number.
    Number(f64),
}

/// A comparison.
#[derive(Clone, Debug)]
struct Comparison {
    of: String,
    left: Source,
    right: Source,
}

/// Statements ready to be held against runs of one world.
#[derive(Clone, Debug)]
pub struct Plan {
    statements: Vec<(Relation, f64, Vec<Comparison>)>,
}

/// How one statement fared in one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Comparisons.
    pub compared: u64,
    /// Broken ones.
    pub broken: u64,
    /// The first; its camp, future and policy are for the caller to fill in.
    pub first: Option<Break>,
}

impl Plan {
    /// Finds the series of every statement.
    ///
    /// # Errors
    /// Names that are no variable and no account, blocs that do not exist, sides that are not about the same things.
    pub fn new(statements: &[Statement], like: &Trajectory) -> Result<Self, Problems> {
        let series: Vec<SeriesInfo> = like.all().into_iter().map(|(info, _)| info).collect();
        let layout = Layout { series: &series, blocs: like.blocs() };
        let mut problems = Problems::default();
        let mut planned = Vec::new();
        for statement in statements {
            match layout.comparisons(statement) {
                Ok(comparisons) => planned.push((statement.relation, statement.within, comparisons)),
                Err(found) => problems.0.extend(found.0),
            }
        }
        problems.check(Self { statements: planned })
    }

    /// Holds every statement against a run.
    pub fn hold(&self, run: &Trajectory) -> Vec<Tally> {
        let hold = |(relation, within, comparisons): &(Relation, f64, Vec<Comparison>)| {
            let mut tally = Tally::default();
            for comparison in comparisons {
                comparison.hold(*relation, *within, run, &mut tally);
            }
            tally
        };
        self.statements.iter().map(hold).collect()
    }
}

impl Source {
    fn at(&self, run: &Trajectory, quarter: usize) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Rows(rows) => rows.iter().map(|row| run.row(*row)[quarter]).sum(),
            Self::Accounts(bloc, accounts) => accounts.iter().map(|account| account(&run.accounts[*bloc])).sum(),
        }
    }
}

impl Comparison {
    fn hold(&self, relation: Relation, within: f64, run: &Trajectory, tally: &mut Tally) {
        let by_quarter = matches!(self.left, Source::Rows(_));
        let quarters = if by_quarter { run.quarters().len() } else { 1 };
        for quarter in 0..quarters {
            let (left, right) = (self.left.at(run, quarter), self.right.at(run, quarter));
            let slack = within * left.abs().max(right.abs());
            let holds = match relation {
                Relation::AtLeast => left >= right - slack,
                Relation::AtMost => left <= right + slack,
                Relation::Equals => (left - right).abs() <= slack,
            };
            tally.compared += 1;
            if holds {
                continue;
            }
            tally.broken += 1;
            tally.first.get_or_insert_with(|| Break {
                camp: String::new(),
                future: 0,
                policy: String::new(),
                of: self.of.clone(),
                quarter: by_quarter.then(|| run.quarters()[quarter].to_string()),
                left,
                right,
            });
        }
    }
}

/// The series and accounts that names stand for.
struct Layout<'a> {
    series: &'a [SeriesInfo],
    blocs: &'a [String],
}

impl Layout<'_> {
    fn comparisons(&self, statement: &Statement) -> Result<Vec<Comparison>, Problems> {
        if let Some(bloc) = &statement.only_for
            && !self.blocs.contains(bloc.get_ref())
            && bloc.get_ref() != "world"
        {
            let known = self.blocs.iter().map(String::as_str).chain(["world"]);
            return Err(statement.unknown(bloc, "bloc", known).into());
        }
        let sides: Vec<Vec<String>> = if statement.each.is_empty() {
            vec![Self::names(statement, &statement.left)?]
        } else {
            Self::names(statement, &statement.each)?.into_iter().map(|name| vec![name]).collect()
        };
        let mut comparisons = Vec::new();
        for names in sides {
            let left = self.sources(statement, &names, &statement.sum_over)?;
            let right = match &statement.right {
                Right::Number(_) => BTreeMap::new(),
                Right::Names(names) => {
                    let spanned: Vec<Name> = names.iter().map(|name| Name::new(0..0, name.clone())).collect();
                    self.sources(statement, &Self::names(statement, &spanned)?, &[])?
                }
            };
            let what = names.join(" + ");
            for (key, left) in left {
                if statement.only_for.as_ref().is_some_and(|bloc| *bloc.get_ref() != key[0]) {
                    continue;
                }
                let right = match &statement.right {
                    Right::Number(number) => Source::Number(*number),
                    Right::Names(_) => right
                        .get(&aggregate(&key, &statement.sum_over))
                        .cloned()
                        .ok_or_else(|| statement.problem(format!("the right side has nothing for {}", about(&key))))?,
                };
                if matches!(
                    (&left, &right),
                    (Source::Rows(_), Source::Accounts(..)) | (Source::Accounts(..), Source::Rows(_))
                ) {
                    return Err(statement.problem("a variable by quarter cannot stand against an account").into());
                }
                let of = format!("{what} {}", about(&key)).trim_end().to_string();
                comparisons.push(Comparison { of, left, right });
            }
        }
        if comparisons.is_empty() {
            return Err(statement.problem("compares nothing").into());
        }
        Ok(comparisons)
    }

    /// The names of a list, `*` replaced by every variable but the exceptions.
    fn names(statement: &Statement, names: &[Name]) -> Result<Vec<String>, Problems> {
        let known =
            || Variable::ALL.iter().map(|variable| variable.name()).chain(ACCOUNTS.iter().map(|(name, _)| *name));
        let mut problems = Problems::default();
        for name in names.iter().chain(&statement.except).filter(|name| *name.get_ref() != "*") {
            if !known().any(|known| known == name.get_ref()) {
                problems.push(statement.unknown(name, "variable or account", known()));
            }
        }
        let is_out = |name: &str| statement.except.iter().any(|out| out.get_ref() == name);
        let whole = names.iter().any(|name| *name.get_ref() == "*");
        let found = if whole {
            Variable::ALL.iter().map(|one| one.name().to_string()).filter(|name| !is_out(name)).collect()
        } else {
            names.iter().map(|name| name.get_ref().clone()).collect()
        };
        problems.check(found)
    }

    /// What the sum of names is made of, for everything that it is about.
    fn sources(
        &self,
        statement: &Statement,
        names: &[String],
        sum_over: &[Along],
    ) -> Result<BTreeMap<Key, Source>, Problem> {
        let accounts: Vec<Account> = ACCOUNTS
            .iter()
            .filter(|(known, _)| names.iter().any(|name| name == known))
            .map(|(_, account)| *account)
            .collect();
        if !accounts.is_empty() {
            if accounts.len() != names.len() || !sum_over.is_empty() {
                return Err(statement.problem("accounts are added to accounts, by bloc"));
            }
            let each = self.blocs.iter().enumerate();
            return Ok(each
                .map(|(bloc, name)| {
                    let key = [name.clone(), String::new(), String::new(), String::new()];
                    (key, Source::Accounts(bloc, accounts.clone()))
                })
                .collect());
        }
        let mut found: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (row, info) in
            self.series.iter().enumerate().filter(|(_, info)| names.iter().any(|n| n == info.variable.name()))
        {
            let text = |part: &Option<String>| part.clone().unwrap_or_default();
            let mut key =
                [text(&info.bloc), text(&info.sector), text(&info.origin), info.openness.unwrap_or("").to_string()];
            // An aggregate is not summed with its own parts.
            let is_aggregate = |along: &Along| match along {
                Along::Bloc => key[0] == "world",
                Along::Sector => key[1] == "all",
                Along::Origin | Along::Openness => false,
            };
            if sum_over.iter().any(is_aggregate) {
                continue;
            }
            for along in sum_over {
                key[*along as usize].clear();
            }
            found.entry(key).or_default().push(row);
        }
        Ok(found.into_iter().map(|(key, rows)| (key, Source::Rows(rows))).collect())
    }
}

/// The key under which a sum's aggregate is recorded.
fn aggregate(key: &Key, sum_over: &[Along]) -> Key {
    let mut key = key.clone();
    for along in sum_over {
        key[*along as usize] = match along {
            Along::Bloc => "world".into(),
            Along::Sector => "all".into(),
            Along::Origin | Along::Openness => String::new(),
        };
    }
    key
}

fn about(key: &Key) -> String {
    key.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" \u{b7} ")
}
