//! Writing a quarter down, with the world's aggregate, and the accounts at the end.

use crate::{
    MAX_BLOCS, Trajectory, Variable,
    equations::productivity,
    run::{PerBloc, Run},
    state::State,
    step::fleet,
};

/// How a variable of blocs becomes one of the world.
enum Aggregate<'a> {
    /// What is counted.
    Sum,
    /// The mean by a weight.
    Mean(&'a PerBloc),
    /// The best.
    Max,
}

struct Writer<'a> {
    trajectory: &'a mut Trajectory,
    blocs: usize,
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, variable: Variable, aggregate: &Aggregate, figure: impl Fn(usize) -> f64) {
        let (mut sum, mut weight, mut max) = (0.0, 0.0, f64::NEG_INFINITY);
        for bloc in 0..self.blocs {
            let value = figure(bloc);
            self.trajectory.put(variable, bloc, self.at, value);
            match aggregate {
                Aggregate::Sum => sum += value,
                Aggregate::Mean(weights) => {
                    sum += weights[bloc] * value;
                    weight += weights[bloc];
                }
                Aggregate::Max => max = max.max(value),
            }
        }
        let world = match aggregate {
            Aggregate::Sum => sum,
            Aggregate::Mean(_) => {
                if weight > 0.0 {
                    sum / weight
                } else {
                    0.0
                }
            }
            Aggregate::Max => max,
        };
        self.trajectory.put(variable, self.blocs, self.at, world);
    }
}

/// Writes the quarter `quarter` (since 2022Q1) at position `at` of the trajectory.
pub(crate) fn record(run: &Run, state: &State, quarter: usize, at: usize, trajectory: &mut Trajectory) {
    let blocs = run.world.blocs.len();
    let p = &run.setup.p;
    let gdps = run.setup.paths.gdp_usd[quarter];
    let mut tokens = [0.0; MAX_BLOCS];
    let mut capacity = [0.0; MAX_BLOCS];
    for bloc in 0..blocs {
        tokens[bloc] = state.service[bloc].used;
        capacity[bloc] = state.service[bloc].capacity;
    }
    let value = values(run, state, &gdps, at, trajectory);
    let mut writer = Writer { trajectory, blocs, at };
    fleets(&mut writer, state);
    let sum = &Aggregate::Sum;
    writer.put(Variable::EffectiveTrainFlop, sum, |bloc| state.effective_flop[bloc]);
    writer.put(Variable::CapabilityIndex, &Aggregate::Max, |bloc| state.capability[bloc]);
    writer.put(Variable::AlgorithmicEfficiency, &Aggregate::Max, |bloc| state.ln_algorithm[bloc].exp());
    services(run, &mut writer, state, &tokens, &capacity);
    let software = run.setup.paths.software[quarter];
    writer.put(Variable::ServingSoftware, &Aggregate::Mean(&tokens), |_| software);
    writer.put(Variable::SmallerModels, &Aggregate::Mean(&tokens), |bloc| state.efficiency[bloc] / software);
    writer.put(Variable::TrainingUsd, sum, |bloc| state.service[bloc].training_usd * p.final_run_share);
    writer.put(Variable::ExperimentUsd, sum, |bloc| state.service[bloc].training_usd * (1.0 - p.final_run_share));
    writer.put(Variable::InferenceUsd, sum, |bloc| state.service[bloc].serving_usd);
    let bought = &state.bought;
    writer.put(Variable::ImportUnits, sum, |bloc| bought[bloc].import_units);
    writer.put(Variable::LeakUnits, sum, |bloc| bought[bloc].leak_units);
    writer.put(Variable::DomesticUnits, sum, |bloc| bought[bloc].domestic_units);
    writer.put(Variable::ExportValueDenied, sum, |bloc| bought[bloc].denied_usd * 4.0);
    writer.put(Variable::ExportUnitsDenied, sum, |bloc| bought[bloc].denied_units);
    writer.put(Variable::VendorRevenueForegone, sum, |bloc| state.foregone[bloc]);
    writer.put(Variable::AiCapex, sum, |bloc| bought[bloc].spent_usd * 4.0);
    let begun = quarter >= run.setup.policy_start;
    let envelope = |bloc: usize| if begun && bloc == run.policy.actor { run.setup.envelope_usd } else { 0.0 };
    writer.put(Variable::PolicyCost, sum, envelope);
    writer.put(Variable::Gdp, sum, |bloc| gdps[bloc] + value[bloc]);
    for (index, sold) in state.vendors.iter().enumerate() {
        trajectory.put(Variable::VendorUnits, index, at, sold.units);
        trajectory.put(Variable::VendorFlop, index, at, sold.flop);
        trajectory.put(Variable::VendorByte, index, at, sold.byte);
    }
    ecosystem(run, state, &tokens, at, trajectory);
}

fn fleets(writer: &mut Writer, state: &State) {
    let sum = &Aggregate::Sum;
    let fleet = &state.fleet;
    writer.put(Variable::FleetFlop, sum, |bloc| fleet[bloc].flop);
    writer.put(Variable::FleetByte, sum, |bloc| fleet[bloc].byte);
    writer.put(Variable::FleetMemory, sum, |bloc| fleet[bloc].memory);
    writer.put(Variable::FleetChips, sum, |bloc| fleet[bloc].chips);
    writer.put(Variable::SalesFlop, sum, |bloc| state.bought[bloc].flop);
    writer.put(Variable::SalesByte, sum, |bloc| state.bought[bloc].byte);
    writer.put(Variable::TrainFlop, sum, |bloc| fleet[bloc].training);
}

fn services(run: &Run, writer: &mut Writer, state: &State, tokens: &PerBloc, capacity: &PerBloc) {
    let sum = &Aggregate::Sum;
    let service = &state.service;
    writer.put(Variable::ServeCapacity, sum, |bloc| service[bloc].capacity);
    writer.put(Variable::TokensUsed, sum, |bloc| service[bloc].used);
    // What a bloc's firms serve from abroad is served by the bloc where it stands.
    let abroad: f64 = service.iter().map(|service| service.served_abroad).sum();
    let host = run.setup.host;
    writer.put(Variable::TokensServed, sum, |bloc| {
        service[bloc].served - service[bloc].served_abroad + if bloc == host { abroad } else { 0.0 }
    });
    writer.put(Variable::TokensUnserved, sum, |bloc| (service[bloc].wanted - service[bloc].used).max(0.0));
    writer.put(Variable::Utilisation, &Aggregate::Mean(capacity), |bloc| service[bloc].utilisation);
    writer.put(Variable::Markup, &Aggregate::Mean(tokens), |bloc| service[bloc].markup);
    writer.put(Variable::ServicePrice, &Aggregate::Mean(tokens), |bloc| service[bloc].price_to_users);
    writer.put(Variable::ServiceCost, &Aggregate::Mean(tokens), |bloc| service[bloc].cost);
    writer.put(Variable::ServingRevenue, sum, |bloc| service[bloc].revenue);
    // Makers of models share what serving earns, as their users pay; open ones at the price of open models.
    let p = &run.setup.p;
    let blocs = writer.blocs;
    let pays = |user: usize| service[user].used * state.anchor.heaviness[user] * service[user].price_to_users;
    let paid: f64 = (0..blocs).map(pays).sum();
    let earned: f64 = (0..blocs).map(|server| service[server].revenue).sum();
    writer.put(Variable::ModelRevenue, sum, |origin| {
        (0..blocs)
            .map(|user| {
                let shares = &state.shares[user];
                let weight = |maker: usize| shares[2 * maker] + shares[2 * maker + 1] * p.open_price_ratio;
                let all: f64 = (0..blocs).map(weight).sum();
                earned * pays(user) / paid.max(1e-12) * weight(origin) / all.max(1e-12)
            })
            .sum()
    });
}

/// Share of its adopters' value that a bloc realises, given what tokens cost it and how many it gets.
fn realised(run: &Run, state: &State) -> PerBloc {
    crate::run::per_bloc(run.world, |bloc| {
        let service = &state.service[bloc];
        let price = service.price_to_users / state.anchor.price_to_users[bloc];
        let served = if service.wanted > 0.0 { (service.used / service.wanted).min(1.0) } else { 1.0 };
        run.setup.uses.realised(price, served)
    })
}

/// Adoption and value by sector; returns the value of each bloc.
fn values(run: &Run, state: &State, gdps: &PerBloc, at: usize, trajectory: &mut Trajectory) -> PerBloc {
    let world = run.world;
    let (blocs, sectors) = (world.blocs.len(), world.tables.sectors.len());
    let stride = sectors + 1;
    let mut by_bloc = [0.0; MAX_BLOCS];
    let mut world_all = [0.0; 2];
    let realised = realised(run, state);
    for sector in 0..=sectors {
        let (mut value_sum, mut adoption_sum, mut weight_sum) = (0.0, 0.0, 0.0);
        for bloc in 0..blocs {
            let entry = &world.blocs[bloc];
            let (adoption, value, weight) = if sector < sectors {
                let adoption = state.adoption[bloc][sector];
                let share = entry.sector_share[sector];
                let gain = run.setup.gain[sector];
                let value = productivity::value_usd_per_year(gdps[bloc], share, gain, adoption) * realised[bloc];
                by_bloc[bloc] += value;
                (adoption, value, gdps[bloc] * share)
            } else {
                (super::adoption::adopters(run, state, bloc), by_bloc[bloc], gdps[bloc])
            };
            trajectory.put(Variable::Adoption, bloc * stride + sector, at, adoption);
            trajectory.put(Variable::Value, bloc * stride + sector, at, value);
            value_sum += value;
            adoption_sum += adoption * weight;
            weight_sum += weight;
        }
        world_all = [adoption_sum / weight_sum.max(1e-9), value_sum];
        trajectory.put(Variable::Adoption, blocs * stride + sector, at, world_all[0]);
        trajectory.put(Variable::Value, blocs * stride + sector, at, world_all[1]);
    }
    let _ = world_all;
    by_bloc
}

/// Shares of models by user bloc, and in all tokens.
fn ecosystem(run: &Run, state: &State, tokens: &PerBloc, at: usize, trajectory: &mut Trajectory) {
    let blocs = run.world.blocs.len();
    let total: f64 = tokens.iter().sum::<f64>().max(1e-9);
    for index in 0..2 * blocs {
        let mut world = 0.0;
        for bloc in 0..blocs {
            let share = state.shares[bloc][index];
            world += share * tokens[bloc] / total;
            trajectory.put(Variable::EcosystemShare, bloc * blocs * 2 + index, at, share);
        }
        trajectory.put(Variable::EcosystemShare, blocs * blocs * 2 + index, at, world);
    }
}

/// How long ago the best of all models was as good as each bloc's best is now [months]; what lies before the first
/// quarter is reckoned at the pace of the first year.
pub(crate) fn lags(trajectory: &mut Trajectory) {
    let quarters = trajectory.quarters().len();
    let world = trajectory.world();
    let frontier = |trajectory: &Trajectory, quarter: usize| trajectory.get(Variable::CapabilityIndex, world)[quarter];
    let pace =
        (frontier(trajectory, quarters.min(5) - 1) - frontier(trajectory, 0)) / (quarters.min(5) - 1).max(1) as f64;
    for quarter in 0..quarters {
        let mut most = 0.0_f64;
        for bloc in 0..world {
            let level = trajectory.get(Variable::CapabilityIndex, bloc)[quarter];
            let passed = (0..=quarter).rev().find(|past| frontier(trajectory, *past) <= level);
            let back = match passed {
                Some(past) if past == quarter => 0.0,
                Some(past) => {
                    let (low, high) = (frontier(trajectory, past), frontier(trajectory, past + 1));
                    (quarter - past) as f64 - if high > low { (level - low) / (high - low) } else { 0.0 }
                }
                None => quarter as f64 + (frontier(trajectory, 0) - level) / pace.max(1e-9),
            };
            trajectory.put(Variable::CapabilityLag, bloc, quarter, back * 3.0);
            most = most.max(back * 3.0);
        }
        trajectory.put(Variable::CapabilityLag, world, quarter, most);
    }
}

/// The accounts of the run.
pub(crate) fn accounts(run: &Run, state: &State, trajectory: &mut Trajectory) {
    for (bloc, account) in trajectory.accounts.iter_mut().enumerate() {
        let bought = fleet::bought(state, bloc);
        let fleet = &state.fleet[bloc];
        account.chips_bought = bought;
        account.chips_in_use = fleet.alive - fleet.idle;
        account.chips_idle = fleet.idle;
        account.chips_retired = bought - fleet.alive;
        account.capex_usd = state.capex_total[bloc];
        account.spent_usd = state.spent_total[bloc];
        account.unspent_usd = state.unspent_total[bloc];
        // Whoever acts pays for all, wherever it is spent.
        let pays = bloc == run.policy.actor;
        let sum = |part: fn(&crate::run::Lever) -> f64| {
            if pays { run.setup.levers.iter().map(part).sum() } else { 0.0 }
        };
        account.envelope_usd_per_year = if pays { run.setup.envelope_usd } else { 0.0 };
        account.programme_usd_per_year = sum(|lever| lever.programme_usd);
        account.open_science_usd_per_year = sum(|lever| lever.science_usd);
        account.enforcement_usd_per_year = sum(|lever| lever.enforcement_usd);
        account.capital_usd_per_year = sum(|lever| lever.capital_usd);
    }
}
