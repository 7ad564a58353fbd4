//! What `brief`, `world` and `scenario` share: the registry of inputs, the scenario, the ground that a study stands on.

use std::path::{Path, PathBuf};
use study::{
    ground::{Ground, Inputs},
    scenario::{Known, Scenario},
};
use world::Registry;

use crate::{context::Context, failure::Failure, quantity};

/// Flags that choose or change a scenario.
#[derive(Debug, clap::Args)]
pub struct Overrides {
    /// Change one key of the scenario, as run.until=2030Q4 or inputs.chip_learning_rate.mode=0.2
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub sets: Vec<String>,
}

/// The inputs that a scenario may set.
///
/// # Errors
/// All problems of the table in `--data`.
pub fn registry(context: &Context) -> Result<Registry, Failure> {
    Ok(Registry::load(context.global.data.as_deref())?)
}

/// What a study runs: a scenario, and what of it is said on the command line.
#[derive(Debug, clap::Args)]
pub struct Chosen {
    /// A scenario file [default: the built-in scenario]
    #[arg(value_name = "SCENARIO")]
    pub scenario: Option<PathBuf>,
    /// Seed of every draw [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = quantity::whole)]
    pub seed: Option<u64>,
    /// A policy, by id or file; may be given again [default: the scenario's ten]
    #[arg(long = "policy", value_name = "P")]
    pub policies: Vec<String>,
    #[command(flatten)]
    pub overrides: Overrides,
}

impl Chosen {
    /// The scenario as chosen.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn scenario(&self, registry: &Registry, context: &Context) -> Result<Scenario, Failure> {
        let mut scenario = scenario(self.scenario.as_deref(), &self.overrides.sets, registry, context)?;
        if let Some(seed) = self.seed {
            scenario.run.seed = seed;
        }
        if !self.policies.is_empty() {
            scenario.run.policies = policies(&self.policies);
        }
        Ok(scenario)
    }

    /// The folder in which its `file:` policies lie.
    pub fn beside(&self) -> PathBuf {
        beside(self.scenario.as_deref())
    }
}

/// The scenario of a file, or the built-in one, with overrides.
///
/// # Errors
/// Everything that is wrong with it.
pub fn scenario(
    file: Option<&Path>,
    sets: &[String],
    registry: &Registry,
    context: &Context,
) -> Result<Scenario, Failure> {
    let known = Known::of(context.facts()?, registry);
    Ok(Scenario::load(file, sets, &known)?)
}

/// The folder in which a scenario's `file:` policies lie: beside the scenario file, else the current one.
pub fn beside(file: Option<&Path>) -> PathBuf {
    file.and_then(Path::parent).map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The world of a scenario, with its policies.
///
/// # Errors
/// A policy that cannot be read, a world that cannot be built.
pub fn ground<'a>(
    scenario: Scenario,
    policies_in: &'a Path,
    registry: &'a Registry,
    context: &'a Context,
) -> Result<Ground<'a>, Failure> {
    let folder = context.global.data.as_deref();
    let inputs = Inputs { facts: context.facts()?, book: context.rules()?, registry, folder, policies_in };
    Ok(Ground::new(inputs, scenario)?)
}

/// Policies named on the command line: an id, or the path of a file from the current folder (a scenario's own
/// `file:` policies lie beside it, so a path from here is made whole).
pub fn policies(named: &[String]) -> Vec<String> {
    let is_path = |name: &str| name.contains('/') || name.to_ascii_lowercase().ends_with(".toml");
    let whole =
        |path: &str| std::path::absolute(path).map_or_else(|_| path.to_string(), |path| path.display().to_string());
    named
        .iter()
        .map(|name| match name.strip_prefix("file:") {
            Some(path) => format!("file:{}", whole(path)),
            None if is_path(name) => format!("file:{}", whole(name)),
            None => name.clone(),
        })
        .collect()
}
