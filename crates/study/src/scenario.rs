//! Scenario files (CONTRACTS, section 9): what is run, over which quarters, in which blocs, with which inputs.
//!
//! A scenario is layers laid over one another: the built-in default, the files that `base` names, the file itself,
//! and `--set`. Each value knows the layer it came from. The laid-over whole is then read and checked once, and every
//! problem is reported with its place.
//!
//! | step | file |
//! |---|---|
//! | text to a tree with places | `scenario/tree.rs` |
//! | layers over one another | `scenario/layer.rs` |
//! | tree to a scenario, checked | `scenario/read.rs`, inputs in `scenario/input.rs`, blocs in `scenario/bloc.rs` |
//! | scenario to text, origins | `scenario/write.rs` |
//! | what two scenarios say differently | `scenario/diff.rs` |

mod bloc;
mod diff;
pub(crate) mod input;
pub(crate) mod layer;
pub(crate) mod read;
mod shape;
pub(crate) mod tree;
mod write;

use std::path::Path;
use units::{Problems, Quarter, read_text};

pub use bloc::Bloc;
pub use diff::{Difference, diff};
pub use shape::Shape;

/// The schema that a scenario file names.
pub const SCHEMA: &str = "downstream/scenario/1";
/// The scenario that every other one rests on.
pub const BUILTIN: &str = "builtin:default";

/// What is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The quarters, policies, futures and seed.
    pub run: Run,
    /// The partition of the world's countries, in order.
    pub blocs: Vec<Bloc>,
    /// Every input of the registry, in its order.
    pub inputs: Vec<InputSetting>,
    /// Rank correlations between inputs.
    pub correlations: Vec<Correlation>,
    /// Where each key came from: dotted path, layer and line, in the order of the file.
    pub origins: Vec<(String, Origin)>,
}

/// The `[run]` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// First quarter.
    pub start: Quarter,
    /// Last quarter.
    pub until: Quarter,
    /// Before it all policies follow history.
    pub policy_start: Quarter,
    /// Presets by id, or `file:PATH`.
    pub policies: Vec<String>,
    /// Futures in each camp.
    pub futures: usize,
    /// Seed of every draw.
    pub seed: u64,
}

/// How one input varies.
#[derive(Clone, Debug, PartialEq)]
pub struct InputSetting {
    /// Its id.
    pub id: String,
    /// Its unit, equal to the registered one.
    pub unit: String,
    /// Where the figure comes from.
    pub source: String,
    /// Its distribution or camps.
    pub spread: Spread,
}

/// A distribution, or several that are never averaged.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// One distribution.
    One(Shape),
    /// Named camps, the default first.
    Camps {
        /// The disagreement between sources: inputs of one disagreement change camp together.
        disagreement: String,
        /// Name and distribution.
        camps: Vec<(String, Shape)>,
        /// Which of them are run.
        chosen: Chosen,
    },
}

/// Which camps are run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The default one, and each other one at a time.
    Each,
    /// This one.
    Only(String),
}

/// A rank correlation between two inputs or more.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// Their ids.
    pub inputs: Vec<String>,
    /// Spearman's rank correlation of each pair, -1 to 1.
    pub rank: f64,
}

/// The layer that a key came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `builtin:default`, a file as the user named it, or `--set`.
    pub layer: String,
    /// Its line there.
    pub line: Option<u64>,
    /// Whether what it says is not what the built-in scenario says.
    pub differs: bool,
}

impl Origin {
    /// `builtin`, `file` or `--set`: what may stand in an output, which names no path of this machine.
    pub fn layer_kind(&self) -> &str {
        match self.layer.as_str() {
            BUILTIN => "builtin",
            "--set" => "--set",
            _ => "file",
        }
    }
}

/// What a scenario may name: given by the rooms below, so that this one reads files only.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The input registry, in its order, with what holds where a scenario says nothing.
    pub inputs: Vec<InputSetting>,
    /// The least and the greatest value that makes sense for each input, where stated.
    pub bounds: Vec<(f64, f64)>,
    /// The presets.
    pub policies: Vec<String>,
    /// Countries: ISO code and other spellings.
    pub countries: Vec<(String, Vec<String>)>,
    /// The default partition.
    pub blocs: Vec<Bloc>,
}

impl Spread {
    /// The distribution of the default camp, or of the one that was chosen.
    pub fn default_shape(&self) -> &Shape {
        match self {
            Self::One(distribution) => distribution,
            Self::Camps { camps, chosen, .. } => {
                let wanted = match chosen {
                    Chosen::Only(name) => camps.iter().find(|(camp, _)| camp == name),
                    Chosen::Each => None,
                };
                &wanted.unwrap_or(&camps[0]).1
            }
        }
    }

    /// The camps that are run one at a time off the default.
    pub fn other_camps(&self) -> &[(String, Shape)] {
        match self {
            Self::Camps { camps, chosen: Chosen::Each, .. } => &camps[1..],
            _ => &[],
        }
    }
}

impl Scenario {
    /// The built-in scenario.
    ///
    /// # Errors
    /// If the registry contradicts itself; that is ours to mend, and a test holds it.
    pub fn builtin(known: &Known) -> Result<Self, Problems> {
        Self::parse(&format!("schema = \"{SCHEMA}\"\n"), BUILTIN, &[], known)
    }

    /// Reads a scenario's text with the overrides of `--set`, each `path=value`.
    ///
    /// # Errors
    /// Everything that is wrong, with file, line, column and, where there is one, a suggestion.
    ///
    /// # Examples
    /// ```
    /// use study::scenario::{Known, Scenario};
    ///
    /// let problems = Scenario::parse("sceama = \"downstream/scenario/1\"", "a.toml", &[], &Known::default()).unwrap_err();
    /// let typo = problems.0.iter().find(|problem| problem.code == "unknown_key").unwrap();
    /// assert_eq!((typo.line, typo.suggestion.as_deref()), (Some(1), Some("schema")));
    /// ```
    pub fn parse(text: &str, file: &str, sets: &[String], known: &Known) -> Result<Self, Problems> {
        let laid = layer::resolve(text, file, sets, known)?;
        let mut scenario = read::read(&laid, known)?;
        let (own, builtin) = (scenario.to_toml(), write::builtin(known));
        let (own, builtin) = (write::pieces(&own), write::pieces(&builtin));
        for (path, origin) in &mut scenario.origins {
            origin.differs = own.get(path) != builtin.get(path);
        }
        Ok(scenario)
    }

    /// Reads a scenario file; no file means the built-in scenario.
    ///
    /// # Errors
    /// As [`Scenario::parse`], and those of reading the file.
    pub fn load(file: Option<&Path>, sets: &[String], known: &Known) -> Result<Self, Problems> {
        match file {
            None => Self::parse(&format!("schema = \"{SCHEMA}\"\n"), BUILTIN, sets, known),
            Some(path) => Self::parse(&read_text(path)?, &path.display().to_string(), sets, known),
        }
    }

    /// The resolved scenario as a file that reads back to the same scenario.
    pub fn to_toml(&self) -> String {
        write::to_toml(self)
    }

    /// The same with a comment behind each key: the layer and the line that it came from.
    ///
    /// # Examples
    /// ```
    /// use study::scenario::{Known, Scenario};
    ///
    /// let scenario = Scenario::parse("schema = \"downstream/scenario/1\"\n[run]\nseed = 7\npolicies = [\"file:p.toml\"]\n", "a.toml", &[], &Known::default())?;
    /// assert!(scenario.to_toml_with_origins().contains("seed = 7  # a.toml:3"));
    /// # Ok::<(), units::Problems>(())
    /// ```
    pub fn to_toml_with_origins(&self) -> String {
        write::with_origins(self)
    }

    /// An input's setting.
    pub fn input(&self, id: &str) -> Option<&InputSetting> {
        self.inputs.iter().find(|input| input.id == id)
    }

    /// The keys whose content is not that of the built-in scenario, with their origin.
    pub fn changed(&self) -> impl Iterator<Item = &(String, Origin)> {
        self.origins.iter().filter(|(_, origin)| origin.differs)
    }
}
