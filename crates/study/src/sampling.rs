//! Futures: the values of all inputs for one row of the design, in one camp.
//!
//! The design is one Latin hypercube over every input that varies in any camp. A row's coordinate for an input is the
//! same in every camp and under every policy, so that what differs between two runs of a row is the camp or the
//! policy, never the luck of the draw (common random numbers).

use explore::{
    Design, Draws, Method,
    correlation::{Correlations, RankCorrelation},
};
use units::{Problem, Problems};

use crate::scenario::{InputSetting, Scenario, Shape, Spread};

/// One camp: the default, or one disagreement between sources decided the other way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampKey {
    /// The disagreement and the camp; `None` for the default.
    pub off_default: Option<(String, String)>,
}

impl CampKey {
    /// The default camps.
    pub const DEFAULT: Self = Self { off_default: None };

    /// `default`, or `disagreement=camp`.
    pub fn label(&self) -> String {
        self.off_default.as_ref().map_or_else(|| "default".into(), |(input, camp)| format!("{input}={camp}"))
    }
}

/// The camps of a scenario: the default first, then each other camp one at a time, never crossed.
pub fn camps(scenario: &Scenario) -> Vec<CampKey> {
    let mut camps = vec![CampKey::DEFAULT];
    for input in &scenario.inputs {
        let Spread::Camps { disagreement, .. } = &input.spread else { continue };
        for (name, _) in input.spread.other_camps() {
            let key = CampKey { off_default: Some((disagreement.clone(), name.clone())) };
            if !camps.contains(&key) {
                camps.push(key);
            }
        }
    }
    camps
}

/// An input's shape in a camp.
fn shape_in<'a>(input: &'a InputSetting, camp: &CampKey) -> &'a Shape {
    if let (Spread::Camps { disagreement, camps, .. }, Some((wanted, name))) = (&input.spread, &camp.off_default)
        && disagreement == wanted
        && let Some((_, shape)) = camps.iter().find(|(camp, _)| camp == name)
    {
        return shape;
    }
    input.spread.default_shape()
}

/// Draws futures of one camp.
#[derive(Clone, Debug)]
pub struct Sampler {
    shapes: Vec<Shape>,
    /// The design's dimension of each input, where it varies in some camp.
    dimensions: Vec<Option<u32>>,
    design: Design,
    correlations: Correlations,
}

impl Sampler {
    /// A sampler of `rows` futures in a camp, from the scenario's seed.
    ///
    /// # Errors
    /// Correlations that contradict one another; inputs correlated that do not vary.
    pub fn new(scenario: &Scenario, camp: &CampKey, rows: usize, seed: u64) -> Result<Self, Problems> {
        let all = camps(scenario);
        let mut next = 0;
        let dimensions: Vec<Option<u32>> = scenario
            .inputs
            .iter()
            .map(|input| {
                all.iter().any(|camp| shape_in(input, camp).varies()).then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let design = Design::new(Method::LatinHypercube, rows as u64, next.max(1), Draws::new(seed, 0))
            .map_err(|error| Problem::new("bad_design", error.message))?;
        let mut wanted = Vec::new();
        for correlation in &scenario.correlations {
            let mut of = Vec::new();
            for id in &correlation.inputs {
                let index = scenario.inputs.iter().position(|input| input.id == *id);
                let Some(dimension) = index.and_then(|index| dimensions[index]) else {
                    let message = format!("'{id}' does not vary, so that it cannot go together with another input");
                    return Err(Problem::new("bad_correlation", message).key("correlations.inputs").into());
                };
                of.push(dimension);
            }
            for (index, first) in of.iter().enumerate() {
                for second in &of[index + 1..] {
                    wanted.push(RankCorrelation { dimensions: (*first, *second), rank: correlation.rank });
                }
            }
        }
        let correlations = Correlations::new(&wanted)
            .map_err(|error| Problem::new("bad_correlation", error.message).key("correlations"))?;
        let shapes = scenario.inputs.iter().map(|input| shape_in(input, camp).clone()).collect();
        Ok(Self { shapes, dimensions, design, correlations })
    }

    /// Futures.
    pub fn rows(&self) -> u64 {
        self.design.rows()
    }

    /// Whether an input varies in this camp.
    pub fn varies(&self, input: usize) -> bool {
        self.shapes[input].varies()
    }

    /// How an input varies in this camp.
    pub fn shape(&self, input: usize) -> &Shape {
        &self.shapes[input]
    }

    /// The same futures with one input held at a value.
    #[must_use]
    pub fn holding(&self, input: usize, value: f64) -> Self {
        let mut held = self.clone();
        held.shapes[input] = Shape::of_registry(&world::Distribution::Fixed { value });
        held
    }

    /// The future of a row: one value an input, in the order of the registry.
    pub fn draw(&self, row: u64) -> Vec<f64> {
        let mut point = self.design.point(row);
        self.correlations.apply(&mut point);
        self.shapes
            .iter()
            .zip(&self.dimensions)
            .map(|(shape, dimension)| match dimension {
                Some(dimension) if shape.varies() => shape.quantile(point[*dimension as usize]),
                _ => shape.central(),
            })
            .collect()
    }

    /// The future in which every input has its central value.
    pub fn central(&self) -> Vec<f64> {
        self.shapes.iter().map(Shape::central).collect()
    }
}
