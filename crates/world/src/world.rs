//! The world, made once: tables of chips, models, countries and inputs, ready to be run.

use facts::{Chip, Model};
use rules::RuleBook;
use units::{Problems, Quarter};

use crate::{BlocSpec, CatalogueChip, Observation, Policy, ReferenceModel, Registry, Trajectory, Variant};

/// The facts that a world is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Chips (`facts.chips`).
    pub chips: &'a [Chip],
    /// Models (`facts.models`), for the reference models.
    pub models: &'a [Model],
    /// The export rules of history.
    pub book: &'a RuleBook,
    /// The uncertain inputs, with their camps.
    pub registry: &'a Registry,
    /// A folder whose tables take the place of the built-in ones of the same name.
    pub folder: Option<&'a std::path::Path>,
}

/// The span and the blocs of a run (`[run]` and `[blocs]` of a scenario).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// First quarter.
    pub start: Quarter,
    /// Last quarter.
    pub until: Quarter,
    /// First quarter in which a policy differs from history.
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

/// A policy made ready for a world: the outcome of every chip, bloc and quarter, and its levers by bloc.
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    /// The policy's id.
    pub id: String,
}

/// The world.
#[derive(Clone, Debug)]
pub struct World {
    options: RunOptions,
    registry: Registry,
    chips: Vec<CatalogueChip>,
    models: Vec<ReferenceModel>,
    observations: Vec<Observation>,
}

impl World {
    /// Reads the world's own tables, and tabulates tokens per second of every chip and reference model.
    ///
    /// # Errors
    /// All that is wrong with options and tables.
    pub fn new(sources: &Sources, options: &RunOptions) -> Result<Self, Problems> {
        BlocSpec::check(&options.blocs)?;
        Ok(Self {
            options: options.clone(),
            registry: sources.registry.clone(),
            chips: Vec::new(),
            models: Vec::new(),
            observations: Vec::new(),
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
        &self.models
    }

    /// The published figures of 2022 to 2025 that the model is held against.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// What a run says of each of [`World::observations`], in their order.
    pub fn modelled(&self, draw: &[f64], trajectory: &Trajectory) -> Vec<f64> {
        let _ = (draw, trajectory);
        Vec::new()
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
        Ok(CompiledPolicy { id: policy.id.clone() })
    }

    /// An empty trajectory of this world's shape, to be filled by runs.
    pub fn trajectory(&self) -> Trajectory {
        Trajectory {
            shape: crate::trajectory::Shape {
                quarters: Vec::new(),
                blocs: Vec::new(),
                sectors: Vec::new(),
                vendors: Vec::new(),
                offsets: Vec::new(),
            },
            values: Vec::new(),
            accounts: Vec::new(),
        }
    }

    /// Runs one future under one policy. `draw` holds one number an input, in the order of the registry.
    ///
    /// # Panics
    /// Where `draw` has another length than the registry, or `trajectory` was made by another world.
    pub fn run(&self, policy: &CompiledPolicy, draw: &[f64], variant: &Variant, trajectory: &mut Trajectory) {
        assert_eq!(draw.len(), self.registry.len(), "a draw has one number an input");
        let _ = (policy, variant, trajectory);
    }
}
