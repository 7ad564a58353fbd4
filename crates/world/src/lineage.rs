//! What each variable of a run is computed from (`data/variables.toml`): equations, an expression, other variables.
//!
//! The inputs of an equation are the rows of `inputs.csv` that name it. A test holds the table against the model: an
//! input that moves a variable must be found behind it.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use units::{Problem, Problems};

use crate::{InputSpec, Registry, Variable};

const TEXT: &str = include_str!("../../../data/variables.toml");
const FILE: &str = "data/variables.toml";
const SCHEMA: &str = "downstream/variables/1";

/// What one variable is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// The equations that compute it, such as `E5`.
    pub equations: Vec<String>,
    /// How, in the symbols of the book.
    pub expression: String,
    /// Names of the variables of the same quarter that it reads.
    pub from: Vec<String>,
    /// Names of the variables of the quarter before that it reads.
    pub before: Vec<String>,
}

/// What every variable is computed from.
#[derive(Clone, Debug)]
pub struct Lineages {
    by_variable: BTreeMap<Variable, Lineage>,
}

#[derive(Deserialize)]
struct File {
    schema: String,
    #[serde(flatten)]
    variables: BTreeMap<String, Lineage>,
}

impl Lineages {
    /// The table.
    ///
    /// # Errors
    /// What is wrong with it: a variable that is missing, or a name that is none. A test holds that nothing is.
    pub fn builtin() -> Result<Self, Problems> {
        let problem = |message: String| Problem::new("bad_variables", message).file(FILE);
        let file: File = toml::from_str(TEXT).map_err(|error| problem(error.message().to_string()))?;
        let mut problems = Problems::default();
        if file.schema != SCHEMA {
            problems.push(problem(format!("the schema is '{}'; this reads {SCHEMA}", file.schema)));
        }
        let named = |name: &str| Variable::ALL.into_iter().find(|variable| variable.name() == name);
        for (name, lineage) in &file.variables {
            for name in std::iter::once(name).chain(&lineage.from).chain(&lineage.before) {
                if named(name).is_none() {
                    problems.push(problem(format!("there is no variable '{name}'")));
                }
            }
        }
        let mut by_variable = BTreeMap::new();
        for variable in Variable::ALL {
            match file.variables.get(variable.name()) {
                Some(lineage) => drop(by_variable.insert(variable, lineage.clone())),
                None => problems.push(problem(format!("says nothing of '{}'", variable.name()))),
            }
        }
        problems.check(Self { by_variable })
    }

    /// What a variable is computed from.
    ///
    /// # Panics
    /// Never: [`Lineages::builtin`] has every variable.
    pub fn of(&self, variable: Variable) -> &Lineage {
        &self.by_variable[&variable]
    }

    /// The inputs that the equations of a variable read, in the order of the registry.
    pub fn inputs<'r>(&self, variable: Variable, registry: &'r Registry) -> Vec<&'r InputSpec> {
        let equations = &self.of(variable).equations;
        let reads = |input: &&InputSpec| input.equations.iter().any(|equation| equations.contains(equation));
        registry.inputs.iter().filter(reads).collect()
    }

    /// Every variable behind one, itself among them, however far back.
    pub fn behind(&self, variable: Variable) -> BTreeSet<Variable> {
        let mut found = BTreeSet::from([variable]);
        let mut open = vec![variable];
        while let Some(next) = open.pop() {
            let lineage = self.of(next);
            for name in lineage.from.iter().chain(&lineage.before) {
                let known = Variable::ALL.into_iter().find(|variable| variable.name() == name);
                open.extend(known.filter(|variable| found.insert(*variable)));
            }
        }
        found
    }
}
