//! What is constant in one future under one policy and variant.

use rules::Outcome;

use super::{ChipDraw, Paths, chips};
use crate::{
    CompiledPolicy, MAX_BLOCS, Stance, Variant, World,
    compile::Outcomes,
    equations::{
        adoption::{self, Form, Tasks},
        controls, learning,
        productivity::{self, Economy, Relative, Uses},
        retirement::{Survival, deployed},
        trade,
    },
    history::Channel,
    parameters::Parameters,
    regions::{ByRegion, CHINA, REGIONS, REST, US},
    tables::Reach,
    world::quarter_index,
};

/// A number for each bloc.
pub(crate) type PerBloc = [f64; MAX_BLOCS];

/// Ages, in quarters, of the stock before 2022 at the first quarter.
pub(crate) const START_AGE: usize = 4;

/// Shares of a chip that a buyer in a bloc gets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    /// Share of uncontrolled demand that is shipped.
    pub allowed: f64,
    /// Share that meets no limit at all.
    pub free: f64,
}

/// The levers of a bloc in money and effect.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lever {
    /// Adoption programme in the bloc [USD/year].
    pub programme_usd: f64,
    /// Open science in the bloc [USD/year].
    pub science_usd: f64,
    /// Public capital in the bloc [USD/year].
    pub capital_usd: f64,
    /// Enforcement that the bloc pays [USD/year].
    pub enforcement_usd: f64,
    /// Stance before the policy and under it, 0 to 1.
    pub stance: [f64; 2],
}

/// What is constant in one future.
pub(crate) struct Setup {
    pub p: Parameters,
    pub chips: Vec<ChipDraw>,
    pub paths: Paths,
    /// Quarters in which what is on sale, or how it is judged, may change.
    pub menu_changes: Vec<bool>,
    /// Exponent of learning in Chinese yields.
    pub yield_learning: f64,
    /// Constant of each line in the choice of each bloc's buyers.
    pub line_weight: Vec<PerBloc>,
    /// Share of a vintage that works, by age in quarters: training pools, serving pools.
    pub alive: [Vec<f64>; 2],
    /// Share of a vintage in service by age: what is still in its crates is not.
    pub deployed: [f64; 4],
    /// Exponent of learning, 0 where it is switched off.
    pub learning: f64,
    /// Capital beside the chip, over its price before learning.
    pub beside_chip: f64,
    /// Access by row of the policy's outcomes; for accepting buyers likewise.
    access: Vec<Access>,
    access_accepting: Vec<Access>,
    /// Pull factors of barriers, user bloc by serving bloc, before services from China were barred anywhere.
    pub barrier_unbarred: [PerBloc; MAX_BLOCS],
    /// The same since.
    pub barrier: [PerBloc; MAX_BLOCS],
    /// The same under the policy, where cooperation lowers them.
    pub barrier_policy: [PerBloc; MAX_BLOCS],
    /// Whether users of a bloc may use closed models of an origin [share].
    pub reach: [PerBloc; MAX_BLOCS],
    /// Shares of models at the end of history: user bloc, then closed and open of each origin.
    pub share_then: [[f64; 2 * MAX_BLOCS]; MAX_BLOCS],
    /// Share of a bloc's demand that is closed to models of Chinese origin.
    pub barred: PerBloc,
    /// How far each bloc is China, for what concerns Chinese buyers, makers and models.
    pub chinese: PerBloc,
    pub levers: Vec<Lever>,
    pub envelope_usd: f64,
    /// Enforcement beyond that of 2024, by all that enforce [doublings].
    pub enforcement_doublings: f64,
    /// Strength of levers' effects, 0 where they are switched off.
    pub effects: f64,
    pub location_checks: bool,
    pub remote_access_licensed: bool,
    /// Cooperation of each bloc with its most cooperative partner, after defection, 0 to 1.
    pub cooperation: PerBloc,
    pub form: Form,
    /// What the tasks of each sector ask for.
    pub tasks: Vec<Tasks>,
    /// Log-odds slope of adoption in the log price.
    pub price_slope: f64,
    /// Gain in productivity of each sector at full adoption.
    pub gain: Vec<f64>,
    /// What adopters' uses of tokens are worth.
    pub uses: Uses,
    pub policy_start: usize,
    /// The bloc where Chinese firms' compute abroad stands.
    pub host: usize,
    /// Sales of history: factor on each channel.
    pub us_share: f64,
}

impl Setup {
    pub fn new(world: &World, policy: &CompiledPolicy, p: Parameters, draw: &[f64], variant: &Variant) -> Self {
        let quarters = world.quarters();
        let chips = chips::draw(world, &p, draw, variant);
        let us_share = p.us_share_outside_china;
        let ages = quarters + START_AGE;
        let alive = Survival::new(p.chip_life_years, p.chip_life_shape, p.training_failure_per_year).by_age(ages);
        let price_slope = adoption::slope(p.adopt_prior_price, p.price_elasticity_at);
        let mut setup = Self {
            learning: if variant.switches.learning { learning::exponent(p.chip_learning_rate) } else { 0.0 },
            access: Vec::new(),
            access_accepting: Vec::new(),
            barrier_unbarred: barriers(world, &p, 0.0, |_, _| 1.0),
            barrier: barriers(world, &p, p.barrier_china_service, |_, _| 1.0),
            barrier_policy: [[0.0; MAX_BLOCS]; MAX_BLOCS],
            reach: reach(world),
            share_then: shares_then(world, &p),
            barred: per_bloc(world, |bloc| p.trust_bar_rest * world.blocs[bloc].weight[REST]),
            effects: 0.0,
            enforcement_doublings: 0.0,
            location_checks: false,
            remote_access_licensed: false,
            cooperation: [0.0; MAX_BLOCS],
            form: Form::of(p.adoption_form),
            tasks: (0..world.tables.sectors.len())
                .map(|sector| {
                    let missing = p.quality_gate_points * p.sector_quality_gate[sector];
                    // ln of what a task costs for each point of quality.
                    let dearer = p.size_per_compute * std::f64::consts::LN_10 / p.capability_per_log10;
                    let ln_price = (p.price_gate * p.sector_price_gate[sector]).ln() + dearer * missing;
                    Tasks {
                        price_shut: (price_slope * ln_price).exp(),
                        quality_shut: (missing / p.quality_gate_width).exp(),
                        dearer: price_slope * dearer * p.quality_gate_width,
                    }
                })
                .collect(),
            price_slope,
            gain: gains(world, &p),
            uses: Uses::new(p.demand_elasticity, p.labour_price_ratio, 1.0 / p.price_gate),
            policy_start: quarter_index(world.options.policy_start),
            host: world.home[REST],
            paths: Paths::new(world, &p),
            menu_changes: Vec::new(),
            yield_learning: learning::exponent(p.yield_learning_rate),
            line_weight: line_weights(world, &p, &chips, us_share),
            chips,
            alive,
            deployed: std::array::from_fn(|age| deployed(age as f64, p.deployment_lag_quarters)),
            beside_chip: 1.0 / p.chip_share_of_capex - 1.0,
            chinese: per_bloc(world, |bloc| world.blocs[bloc].weight[CHINA]),
            levers: Vec::new(),
            envelope_usd: 0.0,
            us_share,
            p,
        };
        setup.follow(world, policy, variant);
        setup
    }

    /// Puts the future under another policy: everything that depends on one.
    pub fn follow(&mut self, world: &World, policy: &CompiledPolicy, variant: &Variant) {
        let p = &self.p;
        let strength = variant.strength.unwrap_or(policy.strength);
        let effects = if variant.switches.lever_effects { strength } else { 0.0 };
        let any = |set: fn(&crate::compile::BlocLevers) -> bool| effects > 0.0 && policy.levers.iter().any(set);
        let kept = 1.0 - variant.defection_probability.unwrap_or(policy.defection_probability);
        let level = |bloc: usize| policy.levers[bloc].cooperation * kept * effects;
        self.cooperation = per_bloc(world, |bloc| {
            let partners = (0..world.blocs.len()).filter(|other| *other != bloc);
            partners.map(|other| level(bloc).min(level(other))).fold(0.0, f64::max)
        });
        let lowered = |a: usize, b: usize| 1.0 - p.coop_growth * level(a).min(level(b));
        self.barrier_policy = barriers(world, p, p.barrier_china_service, lowered);
        self.access = access(world, &policy.outcomes, policy, p, variant);
        self.access_accepting =
            policy.for_accepting.as_ref().map_or_else(Vec::new, |outcomes| access(world, outcomes, policy, p, variant));
        self.effects = effects;
        self.enforcement_doublings = effects * policy.levers.iter().map(|lever| lever.enforcement).fold(0.0, f64::max);
        self.location_checks = any(|lever| lever.location_checks);
        self.remote_access_licensed = any(|lever| lever.remote_access_licensed);
        self.envelope_usd = policy.envelope_usd_per_year.unwrap_or(p.envelope_usd_per_year);
        self.levers = levers(world, policy, p, self.envelope_usd, strength, variant);
    }

    /// What a buyer in a bloc gets of a chip in a quarter.
    pub fn access(&self, policy: &CompiledPolicy, quarter: usize, chip: usize, bloc: usize) -> Access {
        let own = self.access[policy.outcomes.row(quarter, chip, bloc)];
        let Some(accepting) = &policy.for_accepting else { return own };
        let other = self.access_accepting[accepting.row(quarter, chip, bloc)];
        let share = self.p.location_check_acceptance;
        Access {
            allowed: own.allowed + share * (other.allowed - own.allowed),
            free: own.free + share * (other.free - own.free),
        }
    }
}

/// Fills a number for each bloc of the world; what lies beyond stays zero.
pub(crate) fn per_bloc(world: &World, figure: impl Fn(usize) -> f64) -> PerBloc {
    let mut filled = [0.0; MAX_BLOCS];
    for (bloc, value) in filled.iter_mut().enumerate().take(world.blocs.len()) {
        *value = figure(bloc);
    }
    filled
}

/// E12: the share that is shipped under each row of outcomes. A policy's own `[flow.*]` takes the place of the
/// input's range at the same point of it.
fn access(
    world: &World,
    outcomes: &Outcomes,
    policy: &CompiledPolicy,
    p: &Parameters,
    variant: &Variant,
) -> Vec<Access> {
    let keys = world.keys.flow();
    let mut share = [
        1.0,
        p.flow_aca,
        p.flow_nac,
        p.flow_licence_approval,
        p.flow_licence_cap,
        p.flow_licence_cbc,
        p.flow_licence_cbc_15pct,
        p.flow_licence,
        p.flow_denial,
        p.flow_policy_of_denial,
        p.flow_undetermined,
        p.flow_undetermined,
    ];
    for (outcome, range) in &policy.flow {
        if let Some(key) = keys[*outcome as usize] {
            let position = position(&world.registry.inputs[key].distribution, share[*outcome as usize]);
            share[*outcome as usize] = if position < 0.5 {
                range.low + (range.central - range.low) * position * 2.0
            } else {
                range.central + (range.high - range.central) * (position * 2.0 - 1.0)
            };
        }
    }
    // In the order of the groups of destinations; the last is their reference.
    let groups = [p.destination_weight_gulf, p.destination_weight_south_asia, 1.0];
    outcomes
        .rows
        .iter()
        .map(|row| {
            let (mut all, mut allowed, mut free) = (0.0, 0.0, 0.0);
            for (group, factor) in row.iter().zip(groups) {
                all += factor * group.iter().sum::<f64>();
                allowed += factor * group.iter().zip(share).map(|(weight, share)| weight * share).sum::<f64>();
                free += factor * (group[Outcome::Free as usize] + group[Outcome::Aca as usize]);
            }
            let allowed = (allowed / all.max(1e-12)).clamp(0.0, 1.0);
            let extra = variant.licensed_share_of_denied;
            Access { allowed: controls::with_licences(allowed, extra), free: free / all.max(1e-12) }
        })
        .collect()
}

/// Where a value lies in its distribution: 0 at the low end, a half at the centre, 1 at the high end.
fn position(distribution: &crate::Distribution, value: f64) -> f64 {
    let (low, central, high) = (distribution.low(), distribution.central(), distribution.high());
    let part = |from: f64, to: f64| if to > from { ((value - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
    if value < central { 0.5 * part(low, central) } else { 0.5 + 0.5 * part(central, high) }
}

/// E15: pull factors between blocs. Chinese users are barred from foreign services; Chinese services meet more
/// distrust abroad than others.
fn barriers(
    world: &World,
    p: &Parameters,
    chinese_service: f64,
    factor: impl Fn(usize, usize) -> f64,
) -> [PerBloc; MAX_BLOCS] {
    let mut filled = [[0.0; MAX_BLOCS]; MAX_BLOCS];
    for (user, row) in filled.iter_mut().enumerate().take(world.blocs.len()) {
        for (server, pull) in row.iter_mut().enumerate().take(world.blocs.len()) {
            if user == server {
                *pull = 1.0;
                continue;
            }
            for (a, user_weight) in world.blocs[user].weight.iter().enumerate() {
                for (b, server_weight) in world.blocs[server].weight.iter().enumerate() {
                    if (a == CHINA && b != CHINA) || user_weight * server_weight <= 0.0 {
                        continue;
                    }
                    let barrier = p.barrier_home_bias + if b == CHINA { chinese_service } else { 0.0 };
                    let lowered = barrier * factor(user, server);
                    *pull += user_weight * server_weight * trade::barrier_factor(lowered, p.trade_temperature);
                }
            }
        }
    }
    filled
}

/// Share of a bloc's users that may use closed models of an origin: foreign services are barred in China, and
/// American ones bar Chinese users.
fn reach(world: &World) -> [PerBloc; MAX_BLOCS] {
    let mut filled = [[0.0; MAX_BLOCS]; MAX_BLOCS];
    for (user, row) in filled.iter_mut().enumerate().take(world.blocs.len()) {
        for (origin, reach) in row.iter_mut().enumerate().take(world.blocs.len()) {
            let abroad = 1.0 - world.blocs[origin].weight[CHINA];
            *reach = if user == origin { 1.0 } else { 1.0 - world.blocs[user].weight[CHINA] * abroad };
        }
    }
    filled
}

/// E13: gain of each sector at full adoption. The camps speak of the US economy: a sector's exposure is taken over
/// the mean there.
fn gains(world: &World, p: &Parameters) -> Vec<f64> {
    let shares = &world.blocs[world.home[US]].sector_share;
    let mean: f64 = shares.iter().zip(p.sector_exposure).map(|(share, exposure)| share * exposure).sum();
    let economy = Economy {
        exposed: p.exposed_share,
        feasible: p.feasible_share,
        saving: p.labour_cost_saving,
        labour: p.labour_share,
    };
    let relative = |sector: usize| Relative {
        exposure: p.sector_exposure[sector] / mean.max(1e-9),
        feasible: p.sector_feasible[sector],
        saving: p.sector_saving[sector],
    };
    (0..shares.len()).map(|sector| productivity::gain(economy, relative(sector))).collect()
}

/// E8: shares of models at the end of 2025, by region of the user and origin, then by bloc.
fn shares_then(world: &World, p: &Parameters) -> [[f64; 2 * MAX_BLOCS]; MAX_BLOCS] {
    let split = |all: f64, open: f64| [all * (1.0 - open), all * open];
    let abroad = |rest_share: f64| {
        let rest = split(rest_share, p.rest_open_share_2025);
        let chinese = p.chinese_open_share_2025;
        let us_open = (p.open_share_2025 - chinese - rest[1]).max(0.0);
        let us_closed = (1.0 - us_open - chinese - p.chinese_closed_share_2025 - rest_share).max(0.0);
        [[us_closed, us_open], [p.chinese_closed_share_2025, chinese], rest]
    };
    let foreign = p.foreign_share_in_china_2025;
    let in_china =
        [split(foreign, p.foreign_open_share_in_china_2025), split(1.0 - foreign, p.china_open_share_2025), [0.0, 0.0]];
    let by_region = [abroad(p.rest_share_in_us_ratio * p.rest_share_2025), in_china, abroad(p.rest_share_2025)];
    let mut filled = [[0.0; 2 * MAX_BLOCS]; MAX_BLOCS];
    for (user, row) in filled.iter_mut().enumerate().take(world.blocs.len()) {
        for (origin, bloc) in world.blocs.iter().enumerate() {
            for open in 0..2 {
                let shares: ByRegion = std::array::from_fn(|region| {
                    (0..REGIONS.len()).map(|of| by_region[region][of][open] * bloc.share[of]).sum()
                });
                row[2 * origin + open] = world.blocs[user].mean(&shares);
            }
        }
        let total: f64 = row.iter().sum();
        for share in row.iter_mut() {
            *share /= total;
        }
    }
    filled
}

/// E21: the money of the policy by bloc. Programmes, science and enforcement come first; what is left of the
/// actor's envelope becomes capital there.
fn levers(
    world: &World,
    policy: &CompiledPolicy,
    p: &Parameters,
    envelope_usd: f64,
    strength: f64,
    variant: &Variant,
) -> Vec<Lever> {
    let observed: ByRegion = [Stance::Mixed, Stance::Open, Stance::Mixed].map(Stance::level);
    let usd = |money: Option<crate::policy::Money>| money.map_or(0.0, |money| money.usd_per_year(envelope_usd));
    let mut levers: Vec<Lever> = policy
        .levers
        .iter()
        .enumerate()
        .map(|(bloc, lever)| {
            let then = world.blocs[bloc].mean(&observed);
            let under = lever.stance.map_or(then, |stance| then + (stance.level() - then) * strength);
            let stance = if variant.switches.stances { [then, under] } else { [then, 0.5] };
            Lever {
                programme_usd: usd(lever.programme),
                science_usd: usd(lever.open_science),
                capital_usd: usd(lever.capital),
                enforcement_usd: lever.enforcement * p.enforcement_usd_per_doubling,
                stance,
            }
        })
        .collect();
    let spent = |lever: &Lever| lever.programme_usd + lever.science_usd + lever.capital_usd + lever.enforcement_usd;
    let total: f64 = levers.iter().map(spent).sum();
    // More than the envelope holds cannot be spent: every use is cut alike.
    if total > envelope_usd {
        for lever in &mut levers {
            let share = envelope_usd / total;
            lever.programme_usd *= share;
            lever.science_usd *= share;
            lever.capital_usd *= share;
            lever.enforcement_usd *= share;
        }
    } else {
        levers[policy.actor].capital_usd += envelope_usd - total;
    }
    levers
}

/// E16: constants of the lines, so that the choice of US buyers at the end of 2025 gives each line its share of
/// what they spent in the second half of that year. Chips that only others buy are taken as NVIDIA's or AMD's.
fn line_weights(world: &World, p: &Parameters, chips: &[ChipDraw], us_share: f64) -> Vec<PerBloc> {
    let end = world.span.known as i32 - 1;
    let lines = &world.tables.lines;
    let mut spent = vec![0.0; lines.len()];
    for sale in &world.history.sales {
        if sale.quarter + 2 < world.span.known {
            continue;
        }
        let share = match sale.channel {
            Channel::Outside => us_share,
            Channel::Own => 1.0,
            _ => 0.0,
        };
        spent[world.chips[sale.chip].line] += sale.units * chips[sale.chip].price * share;
    }
    let total: f64 = spent.iter().sum();
    let serving = p.inference_share_2025;
    // Serving weights are on another scale than training weights: NVIDIA's best chip brings them together.
    let sold = chips.iter().filter(|chip| chip.from <= end && chip.until > end && chip.maker == US);
    let best = sold.max_by(|a, b| a.flop.total_cmp(&b.flop));
    let scale = best.map_or(0.0, |best| if best.weight[1] > 0.0 { best.weight[0] / best.weight[1] } else { 0.0 });
    let mut weight = vec![0.0; lines.len()];
    for (index, chip) in chips.iter().enumerate() {
        let entry = &world.chips[index];
        if chip.from <= end && chip.until > end && !matches!(entry.origin, crate::Origin::Cut(..)) {
            weight[entry.line] += chip.weight[0] * (1.0 - serving) + chip.weight[1] * serving * scale;
        }
    }
    let constant: Vec<f64> = spent
        .iter()
        .zip(&weight)
        .map(|(spent, weight)| if *weight > 0.0 { spent / total / weight } else { 0.0 })
        .collect();
    let of = |vendor: &str| lines.iter().position(|line| line.id == vendor).map_or(1.0, |index| constant[index]);
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let by_region: ByRegion = std::array::from_fn(|region| match line.reach {
                Reach::All if constant[index] > 0.0 => constant[index],
                Reach::All if line.vendor == "AMD" => of("amd"),
                Reach::All => of("nvidia"),
                Reach::Own if region == line.origin => constant[index],
                Reach::Domestic if region == line.origin => of("nvidia"),
                Reach::Own | Reach::Domestic => 0.0,
            });
            per_bloc(world, |bloc| world.blocs[bloc].mean(&by_region))
        })
        .collect()
}
