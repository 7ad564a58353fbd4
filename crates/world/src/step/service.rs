//! Service: what a token costs and fetches (E5, E19), who wants it (E6), who serves it (E15).

use units::SECONDS_PER_YEAR;

use crate::{
    MAX_BLOCS,
    equations::{
        DT, clearing,
        clearing::Market,
        demand, levers,
        price::{self, Fleet as PricedFleet, Running},
        trade,
    },
    history,
    run::{PerBloc, Run},
    state::State,
};

/// Years since the last quarter of data.
pub(super) fn years(run: &Run, quarter: usize) -> f64 {
    (quarter as f64 - (run.world.span.known - 1) as f64) * DT
}

/// Works out the tokens at fixed quality that a chip serves, over those at the end of history: serving software,
/// and smaller models for the same quality.
pub(super) fn gain_efficiency(run: &Run, state: &mut State, quarter: usize) {
    let (p, switches) = (&run.setup.p, &run.variant.switches);
    let past = quarter < run.world.span.begin;
    let software = if switches.algorithms || past { run.setup.paths.software[quarter] } else { 1.0 };
    for bloc in 0..run.world.blocs.len() {
        let gained = state.ln_algorithms_used[bloc] - state.anchor.ln_algorithms[bloc];
        let size = if switches.model_size || past { (p.size_elasticity * gained).exp() } else { 1.0 };
        state.efficiency[bloc] = software * size;
    }
}

fn running(run: &Run, bloc: usize) -> Running {
    let p = &run.setup.p;
    Running {
        life_years: p.server_life_years,
        overhead_per_year: p.overhead_fraction_per_year,
        electricity_usd_per_kwh: run.world.blocs[bloc].mean(&p.electricity_usd_per_kwh),
        pue: p.pue,
    }
}

/// Power for a token of the reference mix, above which a vintage costs more to run than it earns [W s/token].
pub(super) fn power_limit(run: &Run, state: &State, bloc: usize) -> f64 {
    let price = state.service[bloc].price;
    if price <= 0.0 {
        return f64::INFINITY;
    }
    let running = running(run, bloc);
    let usd_per_joule = running.electricity_usd_per_kwh * running.pue / 3.6e6;
    price / 1e6 * state.efficiency[bloc] / usd_per_joule
}

/// Fleets in a quarter, before any market: capacity in tokens of the reference mix, cost, both by bloc.
pub(super) fn offer(run: &Run, state: &mut State) -> PerBloc {
    let p = &run.setup.p;
    let mut reference = [0.0; MAX_BLOCS];
    for bloc in 0..run.world.blocs.len() {
        let fleet = state.fleet[bloc];
        let running = running(run, bloc);
        let cost =
            |(capital_usd, power_w): (f64, f64)| price::usd_per_year(PricedFleet { capital_usd, power_w }, running);
        let offered = (fleet.tps * state.efficiency[bloc]).max(1.0);
        reference[bloc] = offered;
        let service = &mut state.service[bloc];
        service.serving_usd = cost(fleet.serving);
        service.training_usd = cost(fleet.training_cost);
        service.cost = price::cost_usd_per_mtok(service.serving_usd.max(1.0), offered, p.utilisation_normal);
        let heaviness = state.anchor.heaviness[bloc];
        service.capacity = if heaviness > 0.0 { offered / heaviness } else { offered };
    }
    reference
}

/// E15: shares of each bloc's demand by the bloc that serves it.
pub(super) fn served_by(run: &Run, state: &State, reference: &PerBloc, quarter: usize) -> [PerBloc; MAX_BLOCS] {
    let blocs = run.world.blocs.len();
    let mut shares = [[0.0; MAX_BLOCS]; MAX_BLOCS];
    let policy = quarter >= run.setup.policy_start;
    if policy && !run.variant.switches.trade_in_tokens {
        for (bloc, row) in shares.iter_mut().enumerate().take(blocs) {
            row[bloc] = 1.0;
        }
        return shares;
    }
    let setup = &run.setup;
    let since = quarter as f64 - setup.policy_start as f64;
    let lowered = if policy { levers::ramp(since, setup.p.lag_barrier_quarters) } else { 0.0 };
    let barrier = if history::FIRST + (quarter as i32) < trade::CHINESE_SERVICES_BARRED {
        &setup.barrier_unbarred
    } else {
        &setup.barrier
    };
    let exponent = -1.0 / run.setup.p.trade_temperature;
    let mut price_pull = [0.0; MAX_BLOCS];
    for (pull, service) in price_pull.iter_mut().zip(&state.service[..blocs]) {
        *pull = service.price.powf(exponent);
    }
    for (user, row) in shares.iter_mut().enumerate().take(blocs) {
        let mut total = 0.0;
        for server in 0..blocs {
            let then = barrier[user][server];
            let pull = if lowered > 0.0 { then + lowered * (setup.barrier_policy[user][server] - then) } else { then };
            row[server] = trade::pull(reference[server], price_pull[server], pull);
            total += row[server];
        }
        for share in &mut row[..blocs] {
            *share /= total;
        }
    }
    shares
}

/// Normal mark-up now: entry by open models lowers it (E18).
pub(super) fn normal_markup(run: &Run, state: &State) -> f64 {
    let p = &run.setup.p;
    if !run.variant.switches.markup {
        return p.markup_normal;
    }
    let more = open_share_world(run, state) - state.anchor.open_share_world;
    p.markup_normal * (1.0 - p.open_markup_effect * more / 0.10).clamp(0.1, 2.0)
}

/// Share of open models in the world's tokens, by the tokens of the end of history.
pub(super) fn open_share_world(run: &Run, state: &State) -> f64 {
    let tokens = |bloc: usize| run.world.blocs[bloc].part(&run.setup.p.tokens_2025q4_per_s);
    let blocs = 0..run.world.blocs.len();
    let total: f64 = blocs.clone().map(tokens).sum();
    blocs.map(|bloc| tokens(bloc) * open_share(run, state, bloc)).sum::<f64>() / total
}

/// Share of open models in a bloc's tokens.
pub(super) fn open_share(run: &Run, state: &State, bloc: usize) -> f64 {
    (0..run.world.blocs.len()).map(|origin| state.shares[bloc][2 * origin + 1]).sum()
}

/// Price to a bloc's users: that of its servers, lower as far as it uses open models, which are sold for less.
pub(super) fn price_to_users(run: &Run, state: &State, bloc: usize, served_by: &PerBloc) -> f64 {
    let servers: f64 = (0..run.world.blocs.len()).map(|server| served_by[server] * state.service[server].price).sum();
    let discount = 1.0 - run.setup.p.open_price_ratio;
    let then = 1.0 - discount * state.anchor.open_share[bloc];
    servers * (1.0 - discount * open_share(run, state, bloc)) / then
}

/// Tokens that a bloc wants at its price and adoption.
pub(super) fn wanted(run: &Run, state: &State, bloc: usize, adopters: f64, quarter: usize) -> f64 {
    let p = &run.setup.p;
    let anchor = &state.anchor;
    let then = run.world.blocs[bloc].part(&p.tokens_2025q4_per_s);
    let price_ratio = state.service[bloc].price_to_users / anchor.price_to_users[bloc];
    then * demand::relative(
        price_ratio,
        p.demand_elasticity,
        adopters / anchor.adopters[bloc],
        run.setup.paths.intensity[quarter],
    )
}

/// A quarter's market: servers' prices rise or fall until what is wanted at them can be served, or is rationed.
pub(super) fn clear(run: &Run, state: &mut State, quarter: usize) {
    let blocs = run.world.blocs.len();
    let p = &run.setup.p;
    let reference = offer(run, state);
    let shares = served_by(run, state, &reference, quarter);
    let mut adopters = [0.0; MAX_BLOCS];
    for bloc in 0..blocs {
        adopters[bloc] = super::adoption::adopters(run, state, bloc);
        // At last quarter's prices, with this quarter's servers.
        state.service[bloc].price_to_users = price_to_users(run, state, bloc, &shares[bloc]);
        state.service[bloc].wanted = wanted(run, state, bloc, adopters[bloc], quarter);
    }
    let markup_normal = normal_markup(run, state);
    for server in 0..blocs {
        let asked: f64 = (0..blocs).map(|user| state.service[user].wanted * shares[user][server]).sum();
        let service = &mut state.service[server];
        let market = Market {
            ln_wanted_over_capacity: (asked.max(1e-3) / service.capacity).ln(),
            ln_price: service.price.ln(),
            ln_cost: service.cost.ln(),
            elasticity: p.demand_elasticity,
            markup_normal,
            sensitivity: if run.variant.switches.rent { p.markup_sensitivity } else { 0.0 },
            utilisation_normal: p.utilisation_normal,
        };
        let utilisation = clearing::utilisation(&market, state.utilisation[server]);
        state.utilisation[server] = utilisation;
        service.markup = clearing::markup(&market, utilisation.min(3.0));
        service.price = service.cost * (1.0 + service.markup);
    }
    for bloc in 0..blocs {
        state.service[bloc].price_to_users = price_to_users(run, state, bloc, &shares[bloc]);
        state.service[bloc].wanted = wanted(run, state, bloc, adopters[bloc], quarter);
        state.service[bloc].used = 0.0;
    }
    deliver(run, state, &shares);
}

/// Serves what is wanted as far as capacity goes, and counts what is not.
pub(super) fn deliver(run: &Run, state: &mut State, shares: &[PerBloc; MAX_BLOCS]) {
    let blocs = run.world.blocs.len();
    for bloc in 0..blocs {
        state.service[bloc].used = 0.0;
    }
    for server in 0..blocs {
        let asked: f64 = (0..blocs).map(|user| state.service[user].wanted * shares[user][server]).sum();
        let capacity = state.service[server].capacity;
        let share = if asked > capacity { capacity / asked } else { 1.0 };
        for user in 0..blocs {
            let used = state.service[user].wanted * shares[user][server] * share;
            state.service[user].used += used;
        }
        let fleet = state.fleet[server];
        let service = &mut state.service[server];
        service.served = asked * share;
        service.served_abroad = if fleet.tps > 0.0 { service.served * fleet.tps_abroad / fleet.tps } else { 0.0 };
        service.utilisation = service.served / capacity;
        let heaviness = state.anchor.heaviness[server];
        service.revenue = service.served * heaviness * service.price / 1e6 * SECONDS_PER_YEAR;
    }
}
