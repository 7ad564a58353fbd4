//! What a study stands on: facts, rules, a scenario, and the world made of them.

use facts::Facts;
use rules::RuleBook;
use std::path::{Path, PathBuf};
use units::{Problem, Problems, read_text};
use world::{BlocSpec, CompiledPolicy, InputSpec, Policy, Registry, RunOptions, Sources, World};

use crate::scenario::{Bloc, Chosen, InputSetting, Known, Scenario, Shape, Spread};

/// What the rooms below give, read once by the binary.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Facts.
    pub facts: &'a Facts,
    /// Export rules.
    pub book: &'a RuleBook,
    /// Uncertain inputs.
    pub registry: &'a Registry,
    /// The user's folder of tables, if any.
    pub folder: Option<&'a Path>,
    /// The folder in which the scenario's `file:` policies are looked for.
    pub policies_in: &'a Path,
}

/// A world and all that made it.
#[derive(Debug)]
pub struct Ground<'a> {
    /// What it was made from.
    pub inputs: Inputs<'a>,
    /// The scenario.
    pub scenario: Scenario,
    /// The world, ready to run.
    pub world: World,
    /// The scenario's policies, in its order.
    pub policies: Vec<Prepared>,
    /// Policies that were files: as the scenario names them, the name in a run folder, the text.
    pub policy_files: Vec<PolicyFile>,
}

/// A policy that was a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// As the scenario names it, `file:PATH`.
    pub named: String,
    /// Its name in a run folder.
    pub copy: String,
    /// Its text.
    pub text: String,
}

/// A policy, read and compiled for this world.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The policy.
    pub policy: Policy,
    /// The same, ready to run.
    pub compiled: CompiledPolicy,
}

impl<'a> Ground<'a> {
    /// Makes the world of a scenario and reads its policies.
    ///
    /// # Errors
    /// All that is wrong with tables, blocs and policies.
    pub fn new(inputs: Inputs<'a>, scenario: Scenario) -> Result<Self, Problems> {
        let options = RunOptions {
            start: scenario.run.start,
            until: scenario.run.until,
            policy_start: scenario.run.policy_start,
            blocs: scenario
                .blocs
                .iter()
                .map(|bloc| BlocSpec { name: bloc.id.clone(), countries: bloc.members.clone() })
                .collect(),
        };
        let sources =
            Sources { facts: inputs.facts, book: inputs.book, registry: inputs.registry, folder: inputs.folder };
        let world = World::new(&sources, &options)?;
        let mut ground = Self { inputs, scenario, world, policies: Vec::new(), policy_files: Vec::new() };
        let mut problems = Problems::default();
        let mut prepared = Vec::new();
        for id in &ground.scenario.run.policies {
            match ground.read_policy(id).map(|policy| ground.prepare(policy)) {
                Ok(Ok(policy)) => prepared.push(policy),
                Ok(Err(found)) => ground.place(id, found, &mut problems),
                Err(found) => problems.0.extend(found.0),
            }
        }
        ground.policies = problems.check(prepared)?;
        apart(&ground.policies)?;
        for named in &ground.scenario.run.policies {
            if let Some(path) = named.strip_prefix("file:") {
                let copy = format!("policy-{}.toml", ground.policy_files.len() + 1);
                let text = read_text(&inputs.policies_in.join(path))?;
                ground.policy_files.push(PolicyFile { named: named.clone(), copy, text });
            }
        }
        Ok(ground)
    }

    /// The resolved scenario for a run folder, which holds copies of the policy files that it names.
    pub fn scenario_toml(&self) -> String {
        let mut scenario = self.scenario.clone();
        for policy in &mut scenario.run.policies {
            if let Some(file) = self.policy_files.iter().find(|file| file.named == *policy) {
                *policy = format!("file:{}", file.copy);
            }
        }
        scenario.to_toml()
    }

    /// A preset by id, or the policy of a file.
    ///
    /// # Errors
    /// An unknown preset; all that is wrong with the file.
    pub fn read_policy(&self, id: &str) -> Result<Policy, Problems> {
        let Some(path) = id.strip_prefix("file:") else {
            return world::policy::builtin(id, self.inputs.book);
        };
        let path: PathBuf = self.inputs.policies_in.join(path);
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let read = |base: &str| -> Result<String, Problem> { read_text(&folder.join(base)) };
        world::policy::parse(&read_text(&path)?, &path.display().to_string(), self.inputs.book, &read)
    }

    /// Adds what is wrong between a policy and this world, with its place: the file and the line of the key, where the
    /// policy is a file; else the first preset of which it is true (what all ten share is said once).
    fn place(&self, id: &str, found: Problems, problems: &mut Problems) {
        for mut problem in found.0 {
            if let Some(path) = id.strip_prefix("file:") {
                let path = self.inputs.policies_in.join(path);
                let key = problem.key.clone().unwrap_or_default();
                problem.line = read_text(&path).ok().and_then(|text| line_of(&text, &key));
                problem.file = Some(path.display().to_string());
            } else if problems.0.iter().any(|other| other.message.starts_with(&problem.message)) {
                continue;
            } else {
                problem.message = format!("{} (in the built-in policy '{id}')", problem.message);
            }
            problems.push(problem);
        }
    }

    /// Compiles a policy for this world.
    ///
    /// # Errors
    /// Levers of blocs or sectors that this world does not have.
    pub fn prepare(&self, policy: Policy) -> Result<Prepared, Problems> {
        let compiled = self.world.compile(&policy)?;
        Ok(Prepared { policy, compiled })
    }
}

/// The line, from 1, on which a policy file sets a key or opens the table of a lever.
fn line_of(text: &str, key: &str) -> Option<u64> {
    let sets = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    let opens = |line: &str| line.strip_prefix("[levers.").and_then(|rest| rest.strip_prefix(key)).is_some();
    text.lines().map(str::trim_start).position(|line| sets(line) || opens(line)).map(|index| index as u64 + 1)
}

/// Two policies of one id could not be told apart in any answer.
fn apart(policies: &[Prepared]) -> Result<(), Problems> {
    let ids: Vec<&str> = policies.iter().map(|prepared| prepared.policy.id.as_str()).collect();
    let mut problems = Problems::default();
    for (index, id) in ids.iter().enumerate() {
        let first = ids.iter().position(|other| other == id) == Some(index);
        if first && ids[index + 1..].contains(id) {
            let message = format!("two of the policies have the id '{id}'; give each an id of its own");
            problems.push(Problem::new("doubled_policy", message).key("id"));
        }
    }
    problems.check(())
}

impl Known {
    /// What a scenario may name, given facts and the registry of inputs.
    pub fn of(facts: &Facts, registry: &Registry) -> Self {
        Self {
            inputs: registry.inputs.iter().map(setting).collect(),
            bounds: registry.inputs.iter().map(bounds).collect(),
            policies: world::policy::builtin_ids().map(String::from).to_vec(),
            countries: facts.countries.iter().map(|country| (country.id.clone(), country.aliases.clone())).collect(),
            blocs: BlocSpec::default_partition()
                .into_iter()
                .map(|bloc| Bloc { id: bloc.name, members: bloc.countries })
                .collect(),
        }
    }
}

/// A registered input as a scenario would write it.
fn setting(input: &InputSpec) -> InputSetting {
    let spread = match &input.disagreement {
        Some(disagreement) if !input.camps.is_empty() => {
            let mut camps: Vec<(String, Shape)> =
                input.camps.iter().map(|view| (view.camp.clone(), Shape::of_registry(&view.distribution))).collect();
            if let Some(default) = camps.iter().position(|(camp, _)| Some(camp) == input.camp_default.as_ref()) {
                let default = camps.remove(default);
                camps.insert(0, default);
            }
            Spread::Camps { disagreement: disagreement.clone(), camps, chosen: Chosen::Each }
        }
        _ => Spread::One(Shape::of_registry(&input.distribution)),
    };
    let source = if input.provenance.source.trim().is_empty() { "not stated" } else { &input.provenance.source };
    InputSetting { id: input.key.clone(), unit: input.unit.clone(), source: source.into(), spread }
}

/// What is too far from anything registered to be meant: a negative number where none is registered, a share above
/// one, a figure a thousand times the largest.
fn bounds(input: &InputSpec) -> (f64, f64) {
    let views = input.camps.iter().map(|view| &view.distribution).chain([&input.distribution]);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for view in views {
        low = low.min(view.low());
        high = high.max(view.high());
    }
    let far = 1000.0 * low.abs().max(high.abs()).max(1e-9);
    let least = if low >= 0.0 { 0.0 } else { -far };
    let most = if input.unit == "fraction" && high <= 1.0 { 1.0 } else { far };
    (least, most)
}
