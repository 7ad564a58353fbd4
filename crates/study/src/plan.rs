//! Which world runs a future is made of: each claim asks for its own, and what two claims share is run once.

use units::{Problems, Quarter};
use world::{CompiledPolicy, Currency, FleetShock, Policy, Trajectory, Variable, Variant};

use crate::ground::{Ground, Prepared};

/// The index of a run among those of a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseId(pub usize);

/// One world run of a future.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Which of the plan's policies.
    pub policy: usize,
    /// What is changed beside it.
    pub change: Change,
}

/// What a run changes beside the policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What is known beforehand.
    Variant(Box<Variant>),
    /// A shock to the fleet of whichever bloc has the largest one, in FLOP/s, in another run of the same future.
    ShockOfLeader {
        /// The run in which the leader is looked for; it stands before this one.
        base: CaseId,
        /// The quarter at which it leads.
        at: Quarter,
        /// What is left of its fleet [fraction].
        factor: f64,
        /// Which currency is taken.
        currency: Currency,
        /// First quarter of the shock.
        from: Quarter,
    },
}

/// The policies and runs of every future.
#[derive(Debug)]
pub struct Plan {
    /// Policies: presets and those derived from them.
    pub policies: Vec<Prepared>,
    /// Runs, in the order in which they are made.
    pub cases: Vec<Case>,
}

impl Plan {
    /// Begins with the scenario's own policies, unchanged: their runs come first, in the scenario's order.
    pub fn new(ground: &Ground<'_>) -> Self {
        let mut plan = Self { policies: ground.policies.clone(), cases: Vec::new() };
        for policy in 0..plan.policies.len() {
            plan.case(policy, Variant::default());
        }
        plan
    }

    /// The index of a preset, compiled where it is not yet there.
    ///
    /// # Errors
    /// Those of reading it.
    pub fn preset(&mut self, ground: &Ground<'_>, id: &str) -> Result<usize, Problems> {
        if let Some(index) = self.policies.iter().position(|prepared| prepared.policy.id == id) {
            return Ok(index);
        }
        let policy = ground.read_policy(id)?;
        self.policies.push(ground.prepare(policy)?);
        Ok(self.policies.len() - 1)
    }

    /// A policy derived from a preset: the same with some fields changed, under an id of its own.
    ///
    /// # Errors
    /// Those of reading and compiling it.
    pub fn derived(
        &mut self,
        ground: &Ground<'_>,
        base: &str,
        id: &str,
        edit: impl FnOnce(&mut Policy),
    ) -> Result<usize, Problems> {
        if let Some(index) = self.policies.iter().position(|prepared| prepared.policy.id == id) {
            return Ok(index);
        }
        let mut policy = ground.read_policy(base)?;
        policy.id = id.into();
        edit(&mut policy);
        self.policies.push(ground.prepare(policy)?);
        Ok(self.policies.len() - 1)
    }

    /// A run with a variant; the same run twice is one.
    pub fn case(&mut self, policy: usize, variant: Variant) -> CaseId {
        self.add(Case { policy, change: Change::Variant(Box::new(variant)) })
    }

    /// A run; the same run twice is one.
    pub fn add(&mut self, case: Case) -> CaseId {
        let index = self.cases.iter().position(|known| *known == case).unwrap_or_else(|| {
            self.cases.push(case);
            self.cases.len() - 1
        });
        CaseId(index)
    }

    /// Fills the wanted runs of one future. `neutral` is laid over every variant (the built-in check). Policies under the
    /// same variant share their past, which is run once; shocks to the leader follow, since they look at another run.
    pub fn run(
        &self,
        ground: &Ground<'_>,
        draw: &[f64],
        wanted: &[bool],
        neutral: Option<&world::Switches>,
        runs: &mut [Trajectory],
    ) {
        let mut scratch: Option<Trajectory> = None;
        let laid_over = |mut variant: Variant| {
            if let Some(neutral) = neutral {
                variant.switches = both(&variant.switches, neutral);
            }
            variant
        };
        let mut open: Vec<(usize, Variant)> = Vec::new();
        let mut shocks: Vec<usize> = Vec::new();
        for (index, case) in self.cases.iter().enumerate().filter(|(index, _)| wanted[*index]) {
            match &case.change {
                Change::Variant(variant) => open.push((index, laid_over(**variant))),
                Change::ShockOfLeader { .. } => shocks.push(index),
            }
        }
        while let Some((_, variant)) = open.first().copied() {
            let group: Vec<usize> =
                open.iter().filter(|(_, other)| *other == variant).map(|(index, _)| *index).collect();
            open.retain(|(_, other)| *other != variant);
            let policy = |index: &usize| &self.policies[self.cases[*index].policy].compiled;
            if let [alone] = group.as_slice() {
                ground.world.run(policy(alone), draw, &variant, &mut runs[*alone]);
                continue;
            }
            let policies: Vec<&CompiledPolicy> = group.iter().map(policy).collect();
            let scratch = scratch.get_or_insert_with(|| runs[group[0]].clone());
            ground.world.run_each(&policies, (draw, &variant), scratch, |place, run| runs[group[place]].fill(run));
        }
        for index in shocks {
            let case = &self.cases[index];
            let Change::ShockOfLeader { base, at, factor, currency, from } = &case.change else { continue };
            let shock =
                FleetShock { bloc: leader(&runs[base.0], *at), factor: *factor, currency: *currency, from: *from };
            let variant = laid_over(Variant { fleet_shock: Some(shock), ..Variant::default() });
            ground.world.run(&self.policies[case.policy].compiled, draw, &variant, &mut runs[index]);
        }
    }

    /// Which runs a set of runs rests on, itself included.
    pub fn closure(&self, wanted: &[CaseId]) -> Vec<bool> {
        let mut mask = vec![false; self.cases.len()];
        for id in wanted {
            mask[id.0] = true;
            if let Change::ShockOfLeader { base, .. } = &self.cases[id.0].change {
                mask[base.0] = true;
            }
        }
        mask
    }
}

/// The bloc with the largest fleet in FLOP/s at a quarter; the first of equals.
pub fn leader(run: &Trajectory, at: Quarter) -> usize {
    let Some(quarter) = run.at(at) else { return 0 };
    let fleet = |bloc: usize| run.get(Variable::FleetFlop, bloc)[quarter];
    (0..run.blocs().len()).fold(0, |best, bloc| if fleet(bloc) > fleet(best) { bloc } else { best })
}

/// A mechanism is on where both have it on.
fn both(a: &world::Switches, b: &world::Switches) -> world::Switches {
    world::Switches {
        learning: a.learning && b.learning,
        design_trend: a.design_trend && b.design_trend,
        algorithms: a.algorithms && b.algorithms,
        model_size: a.model_size && b.model_size,
        markup: a.markup && b.markup,
        rent: a.rent && b.rent,
        trade_in_tokens: a.trade_in_tokens && b.trade_in_tokens,
        lever_effects: a.lever_effects && b.lever_effects,
        stances: a.stances && b.stances,
        performance_ratios: a.performance_ratios && b.performance_ratios,
        leakage: a.leakage && b.leakage,
    }
}
