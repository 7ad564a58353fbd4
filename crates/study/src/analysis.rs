//! What a table of runs says: which inputs matter, what one must believe, which choice holds up.
//!
//! | part | asks | file |
//! |---|---|---|
//! | influence | which inputs an output depends on | `analysis/influence.rs` |
//! | belief | where in the inputs the runs of interest lie, and what must be true for them | `analysis/belief.rs` |
//! | choice | which alternative holds up, by which criterion and in which camp | `analysis/choice.rs` |
//!
//! Only methods that the design permits are run; [`Method::why_not`] says why another was not. The methods themselves
//! are those of [`explore`]; here they get names, units and camps. There is no prose: sentences are composed where they are
//! shown.

mod belief;
mod choice;
mod influence;
mod interest;
mod tables;

use explore::{
    design::Kind,
    sensitivity::Estimate,
    store::{Manifest, Table},
};
use serde::Serialize;
use units::{Problem, Problems, nearest};

pub use belief::{Belief, CampDensity, Condition, Leaf, Peel, Separation, Stack};
pub use choice::{Alternative, Choice, Rating};
pub use influence::{Effect, Influence, Pair, Pawn, Sobol, Swing};
pub use interest::Interest;

/// What is asked of the runs.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Outputs to analyse; none for the first four.
    pub outputs: Vec<String>,
    /// Outputs of which less is better, beside those variables of the world of which it always is.
    pub less: Vec<String>,
    /// The alternative whose outputs are explained; none for the first.
    pub alternative: Option<String>,
    /// Which runs are of interest, as `wins:ALTERNATIVE`, `OUTPUT>X` or `OUTPUT<X`; none for a default.
    pub interest: Option<String>,
    /// Seed of the resampling.
    pub seed: u64,
}

/// A number with its interval; an end is none where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Number {
    /// Best estimate.
    pub value: f64,
    /// Low end of the 95 % interval.
    pub low: Option<f64>,
    /// High end of the 95 % interval.
    pub high: Option<f64>,
}

impl From<Estimate> for Number {
    fn from(estimate: Estimate) -> Self {
        let end = |end: f64| end.is_finite().then_some(end);
        Self { value: estimate.value, low: end(estimate.low), high: end(estimate.high) }
    }
}

/// An input of the runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Names of its values 0, 1, ... where it is one of several cases.
    pub levels: Vec<String>,
}

/// An output that is analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// Whether less of it is better.
    pub less_is_better: bool,
}

/// A method, and why it was not used if it was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Method {
    /// Its id: `tornado`, `sobol`, `given`, `morris`, `delta`, `pawn`, `regional`, `prim`, `cart`, `stacking`, `regret`,
    /// `pareto`, `parallel`.
    pub id: &'static str,
    /// Why it was not used, as a code: `needs_saltelli`, `needs_morris`, `not_independent`, `one_alternative`,
    /// `few_of_interest`, `few_runs`, `nothing_varies`; none where it was used.
    pub why_not: Option<&'static str>,
}

/// What a table of runs says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// What was run, in a word: the scenario's name, or the model's.
    pub name: String,
    /// The design.
    pub design: &'static str,
    /// Runs, and how many of them failed.
    pub runs: u64,
    /// Runs that failed; they are left out.
    pub failed: u64,
    /// Runs that are independent of each other, on which given-data methods rest.
    pub independent_runs: u64,
    /// Seed of the runs.
    pub seed: u64,
    /// What varied.
    pub inputs: Vec<Input>,
    /// What was compared.
    pub alternatives: Vec<String>,
    /// The alternative whose outputs are explained; none where there are none.
    pub explained: Option<String>,
    /// What is analysed.
    pub outputs: Vec<Output>,
    /// Every method, used or not.
    pub methods: Vec<Method>,
    /// Which inputs matter, by output.
    pub influence: Vec<Influence>,
    /// What one must believe.
    pub belief: Option<Belief>,
    /// Which alternative holds up.
    pub choice: Option<Choice>,
}

impl Analysis {
    /// Why a method was not used; none where it was.
    pub fn why_not(&self, id: &str) -> Option<&'static str> {
        self.methods.iter().find(|method| method.id == id).and_then(|method| method.why_not)
    }
}

/// The table with what is asked of it.
struct Runs<'a> {
    table: &'a Table,
    ask: &'a Ask,
    /// Indices of the outputs that are analysed.
    outputs: Vec<usize>,
    /// The alternative that is explained.
    explained: usize,
    /// Rows that are independent draws and succeeded.
    independent: Vec<usize>,
}

/// Variables of the world of which less is better.
const LESS: [&str; 5] = [
    "service_price_usd_per_mtok",
    "service_cost_usd_per_mtok",
    "tokens_unserved_per_s",
    "policy_cost_usd_per_year",
    "vendor_revenue_foregone_usd_per_year",
];

impl Runs<'_> {
    /// Whether less of an output is better: so it was asked for, or so it is with this variable of the world.
    fn less(&self, output: &str) -> bool {
        let of_world = self.manifest().about.get("model").is_some_and(|model| model == "world");
        let variable = output.split(['@', '.']).next().unwrap_or_default();
        self.ask.less.iter().any(|known| known == output) || (of_world && LESS.contains(&variable))
    }

    fn manifest(&self) -> &Manifest {
        &self.table.manifest
    }

    /// Values of a column in the independent rows.
    fn pick(&self, column: &[f64]) -> Vec<f64> {
        self.independent.iter().map(|row| column[*row]).collect()
    }

    fn inputs(&self) -> Vec<Vec<f64>> {
        (0..self.manifest().inputs.len()).map(|input| self.pick(self.table.input(input))).collect()
    }
}

/// Fewest independent runs for methods that need no design.
const FEWEST: usize = 100;

/// Analyses a table of runs.
///
/// # Errors
/// Outputs, alternatives or runs of interest that are not there.
pub fn analyse(table: &Table, ask: &Ask) -> Result<Analysis, Problems> {
    let manifest = &table.manifest;
    let runs = Runs {
        table,
        ask,
        outputs: chosen(manifest, ask)?,
        explained: explained(manifest, ask)?,
        independent: independent(table),
    };
    let interest = Interest::parse(&runs)?;
    let given = match manifest.design.design {
        Kind::Morris | Kind::Factorial => Some("not_independent"),
        _ if runs.independent.len() < FEWEST => Some("few_runs"),
        _ => None,
    };
    let influence = influence::of(&runs, given.is_none());
    let belief = if given.is_none() { belief::of(&runs, &interest) } else { None };
    let choice = choice::of(&runs, given.is_none() || manifest.design.design == Kind::Factorial);
    let unless = |done: bool, why: &'static str| (!done).then_some(why);
    let few = given.or(unless(belief.is_some(), "few_of_interest"));
    let alone = unless(manifest.alternatives.len() > 1, "one_alternative").or(unless(choice.is_some(), "few_runs"));
    let methods = vec![
        Method { id: "tornado", why_not: given },
        Method { id: "sobol", why_not: unless(influence.iter().any(|one| one.sobol.is_some()), "needs_saltelli") },
        Method { id: "given", why_not: given },
        Method { id: "morris", why_not: unless(influence.iter().any(|one| one.morris.is_some()), "needs_morris") },
        Method { id: "delta", why_not: given },
        Method { id: "pawn", why_not: given },
        Method { id: "regional", why_not: few },
        Method { id: "prim", why_not: few },
        Method { id: "cart", why_not: few },
        Method { id: "stacking", why_not: few },
        Method { id: "parallel", why_not: few },
        Method { id: "regret", why_not: alone },
        Method { id: "pareto", why_not: alone },
    ];
    Ok(Analysis {
        name: manifest.about.get("name").or(manifest.about.get("model")).cloned().unwrap_or_default(),
        design: manifest.design.design.name(),
        runs: table.rows() as u64,
        failed: table.failed.len() as u64,
        independent_runs: runs.independent.len() as u64,
        seed: manifest.design.seed,
        inputs: manifest
            .inputs
            .iter()
            .map(|input| Input { name: input.name.clone(), unit: input.unit.clone(), levels: input.levels.clone() })
            .collect(),
        alternatives: manifest.alternatives.clone(),
        explained: manifest.alternatives.get(runs.explained).cloned(),
        outputs: runs
            .outputs
            .iter()
            .map(|output| {
                let known = &manifest.outputs[*output];
                let less_is_better = runs.less(&known.name);
                Output { name: known.name.clone(), unit: known.unit.clone(), less_is_better }
            })
            .collect(),
        methods,
        influence,
        belief,
        choice,
    })
}

/// The outputs that are analysed.
fn chosen(manifest: &Manifest, ask: &Ask) -> Result<Vec<usize>, Problems> {
    const BY_DEFAULT: usize = 4;
    let mut problems = Problems::default();
    let mut index = |name: &str, key: &str| {
        let found = manifest.outputs.iter().position(|output| output.name == name);
        if found.is_none() {
            let near = nearest(name, manifest.outputs.iter().map(|output| &output.name)).into_iter().next();
            let message = format!("'{name}' is no output of these runs");
            problems.push(Problem::new("unknown_output", message).key(key).suggest(near));
        }
        found
    };
    let mut chosen: Vec<usize> = Vec::new();
    for output in ask.outputs.iter().filter_map(|name| index(name, "--output")) {
        if !chosen.contains(&output) {
            chosen.push(output);
        }
    }
    for name in &ask.less {
        index(name, "--less");
    }
    if ask.outputs.is_empty() {
        chosen = (0..manifest.outputs.len().min(BY_DEFAULT)).collect();
    }
    problems.check(chosen)
}

fn explained(manifest: &Manifest, ask: &Ask) -> Result<usize, Problems> {
    let Some(wanted) = &ask.alternative else { return Ok(0) };
    manifest.alternatives.iter().position(|known| known == wanted).ok_or_else(|| {
        let near = nearest(wanted, &manifest.alternatives).into_iter().next();
        let message = format!("'{wanted}' is none of the alternatives of these runs");
        Problem::new("unknown_policy", message).key("--policy").suggest(near).into()
    })
}

/// Rows whose runs are independent draws and succeeded: of Saltelli's design those of its two samples.
fn independent(table: &Table) -> Vec<usize> {
    let scheme = &table.manifest.design;
    let inputs = table.manifest.inputs.len() as u64;
    let stride = if scheme.second_order { 2 + 2 * inputs } else { 2 + inputs };
    let drawn = |row: &usize| match scheme.design {
        Kind::Saltelli => table.runs[*row] % stride < 2,
        Kind::Morris => false,
        _ => true,
    };
    table.succeeded().filter(drawn).collect()
}
