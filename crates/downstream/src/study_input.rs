//! What `brief`, `world` and `scenario` share: the registry of inputs, the scenario, the ground that a study stands on.

use std::path::{Path, PathBuf};
use study::{
    ground::{Ground, Inputs},
    scenario::{Known, Scenario},
};
use world::Registry;

use crate::{context::Context, failure::Failure};

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

/// The world of a scenario; `file:` policies are read beside the scenario file, else in the current folder.
///
/// # Errors
/// A policy that cannot be read, a world that cannot be built.
pub fn ground<'a>(
    scenario: Scenario,
    file: Option<&Path>,
    registry: &'a Registry,
    context: &'a Context,
) -> Result<Ground<'a>, Failure> {
    let beside = file.and_then(Path::parent).map_or_else(PathBuf::new, Path::to_path_buf);
    let inputs = Inputs {
        facts: context.facts()?,
        book: context.rules()?,
        registry,
        folder: context.global.data.as_deref(),
        policies_in: &beside,
    };
    Ok(Ground::new(inputs, scenario)?)
}

/// Policies named on the command line: an id, or the path of a file.
pub fn policies(named: &[String]) -> Vec<String> {
    let is_path = |name: &String| name.contains('/') || name.to_ascii_lowercase().ends_with(".toml");
    named
        .iter()
        .map(|name| if is_path(name) && !name.starts_with("file:") { format!("file:{name}") } else { name.clone() })
        .collect()
}
