//! C8: open source lowers the entry barrier for startups and small firms.
//!
//! At six volumes, on one day: (i) self-hosting an open model, the cheapest feasible plan, rented, two replicas; (ii) the
//! same model by a third party's API; (iii) the cheapest closed API of equal or higher published score. The level
//! of quality is that of the best-scored open model that three third parties or more sell and that has a closed equal; at
//! that level each side takes its cheapest model. Rents are drawn from their rows, and so is
//! the provider of (ii). No world run stands behind this claim: its votes are draws of prices.

use explore::statistics::median;
use facts::{ApiPrice, Model};
use planning::{Found, Objectives, PriceBook, Request, Searches, api};
use units::{Problems, Quarter, Range, SECONDS_PER_MONTH};

use super::{
    Ballot, Claim, Context, Future, Neutral, Tally,
    settings::C8 as Settings,
    verdict::{Vote, count},
};
use crate::findings::{Cell, ClaimFinding, ClaimId, Column, Metric, Note, Table};
use crate::market::{PriceDraws, is_as_good, middle_of, open_models, workload};
use crate::plan::{CaseId, Plan};

/// The claim with its market.
#[derive(Debug)]
pub struct C8 {
    settings: Settings,
    /// The open model that sets the level of quality; `None` where none has both enough third parties and a closed equal.
    level: Option<String>,
    closed_model: String,
    closed_provider: String,
    volumes: Vec<Volume>,
}

/// One volume, draw by draw [USD over the months].
#[derive(Debug)]
struct Volume {
    tokens_per_month: f64,
    /// The open model that is cheapest at this volume, and its third parties.
    model: String,
    third_parties: usize,
    /// Plan of (i) at central rents: chip and chips.
    plan: Option<(String, u64)>,
    self_hosted: Vec<f64>,
    third_party: Vec<f64>,
    closed: f64,
    commitment_self_hosted: f64,
}

impl Volume {
    /// The median over the draws of what the cheaper open way costs.
    fn open_cost(&self) -> f64 {
        let cheaper: Vec<f64> = self.self_hosted.iter().zip(&self.third_party).map(|(a, b)| a.min(*b)).collect();
        median(&cheaper).unwrap_or(f64::INFINITY)
    }

    /// Whether the cheaper open way is cheaper by the ratio, or dearer by it, in a draw.
    fn vote(&self, draw: usize, settings: &Settings) -> Vote {
        let (own, bought) = (self.self_hosted[draw], self.third_party[draw]);
        let open = own.min(bought);
        // Both APIs are paid as they are used.
        let commitment = if own < bought { self.commitment_self_hosted } else { 0.0 };
        Vote::of(
            open <= settings.cost_ratio * self.closed && commitment <= settings.commitment_slack_usd,
            self.closed <= settings.cost_ratio * open,
        )
    }
}

/// Whether a provider is the model's own maker.
fn is_maker(provider: &str, developer: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace([' ', '-', '.', '_'], "");
    let (provider, developer) = (plain(provider), plain(developer));
    developer.contains(&provider) || provider.contains(&developer)
}

impl C8 {
    /// Finds the market of the day and prices every volume.
    pub fn new(context: &Context<'_>) -> Result<Self, Problems> {
        let settings = context.settings.c8.clone();
        let ground = context.ground;
        let facts = ground.inputs.facts;
        let on = middle_of(&settings.on)?;
        let shape = workload(facts, &settings.workload, settings.input_tokens, settings.output_tokens)?;
        let objectives = Objectives::new(settings.ttft_mean_s, settings.tpot_mean_s);
        let closed_names: Vec<&str> = {
            let of = facts.model_scores.iter().filter(|score| !score.open_weights).map(|score| score.model.as_str());
            let mut names: Vec<&str> = of.collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let open = open_models(facts, on, &settings.score_benchmark);
        let sellers = |model: &Model| -> Vec<&ApiPrice> {
            let offers = facts.api_prices_of(&model.id, on);
            offers.into_iter().filter(|price| !is_maker(&price.provider, &model.developer)).collect()
        };
        let sold: Vec<&Model> = open
            .iter()
            .map(|(model, _)| *model)
            .filter(|model| sellers(model).len() >= settings.sellers_at_least)
            .collect();
        let mut searches = Searches::new(facts, ground.inputs.book);
        let mut market = Self {
            settings,
            level: None,
            closed_model: String::new(),
            closed_provider: String::new(),
            volumes: Vec::new(),
        };
        for level in &sold {
            let settings = &market.settings;
            let as_good = |name: &str| is_as_good(facts, name, &level.id, settings.score_tolerance);
            let unit = Request { on, ..Request::new(level, shape.clone(), 1.0, objectives) };
            let monthly = |price: &ApiPrice| api::usd_per_month(price, &unit);
            let closed = closed_names
                .iter()
                .filter(|name| as_good(name))
                .flat_map(|name| {
                    facts.api_prices_of(name, on).into_iter().filter(|price| price.open_weights != Some(true))
                })
                .min_by(|a, b| monthly(a).total_cmp(&monthly(b)).then_with(|| a.id.cmp(&b.id)));
            let Some(closed) = closed else { continue };
            let mut draws = PriceDraws::new(ground.scenario.run.seed);
            let mut volumes = Vec::new();
            for volume in &settings.volumes_tokens_per_month {
                let rate = volume / (settings.input_tokens + settings.output_tokens) / SECONDS_PER_MONTH;
                let mut best: Option<Volume> = None;
                for model in sold.iter().filter(|model| as_good(&model.id)) {
                    let request = Request {
                        on,
                        min_replicas: settings.replicas,
                        ..Request::new(model, shape.clone(), rate, objectives)
                    };
                    let found = searches.search(&request)?;
                    let rents = PriceBook::of(facts, &request)?;
                    let priced =
                        price(settings, *volume, &request, (&found, &rents), (&sellers(model), closed), &mut draws);
                    if best.as_ref().is_none_or(|best| priced.open_cost() < best.open_cost()) {
                        best = Some(priced);
                    }
                }
                volumes.extend(best);
            }
            market.level = Some(level.id.clone());
            market.closed_model.clone_from(&closed.model);
            market.closed_provider.clone_from(&closed.provider);
            market.volumes = volumes;
            break;
        }
        Ok(market)
    }

    /// The vote of one draw of prices: at enough volumes.
    fn vote(&self, draw: usize) -> Vote {
        let votes: Vec<Vote> = self.volumes.iter().map(|volume| volume.vote(draw, &self.settings)).collect();
        let enough = |wanted| votes.iter().filter(|vote| **vote == wanted).count() >= self.settings.volumes_needed;
        Vote::of(enough(Vote::For), enough(Vote::Against))
    }

    /// The smallest volume at which self-hosting alone is no dearer than the closed API, with an engineer's share of
    /// pay on top.
    fn break_even(&self, engineer: f64) -> Option<f64> {
        let pay = engineer * self.settings.engineer_usd_per_year * self.settings.months / 12.0;
        self.volumes
            .iter()
            .find(|volume| median(&volume.self_hosted).is_some_and(|cost| cost + pay <= volume.closed))
            .map(|volume| volume.tokens_per_month)
    }
}

/// Prices one volume in every draw.
fn price(
    settings: &Settings,
    tokens_per_month: f64,
    request: &Request,
    (found, rents): (&Found, &PriceBook<Range>),
    (sellers, closed): (&[&ApiPrice], &ApiPrice),
    draws: &mut PriceDraws,
) -> Volume {
    let central = rents.central();
    let best = found.cheapest(&central);
    let mut volume = Volume {
        tokens_per_month,
        model: request.model.clone(),
        third_parties: sellers.len(),
        plan: best.as_ref().map(|best| (best.candidate.chip.clone(), best.candidate.deployment.chips())),
        self_hosted: Vec::new(),
        third_party: Vec::new(),
        closed: settings.months * api::usd_per_month(closed, request),
        commitment_self_hosted: best.and_then(|best| central.commitment_usd(best.candidate)).unwrap_or(f64::INFINITY),
    };
    for draw in 0..settings.price_draws as u64 {
        let drawn = rents.draw(|figure, range| draws.value(figure, draw, range));
        let own = found.cheapest(&drawn).map_or(f64::INFINITY, |best| best.usd_per_month);
        let seller = ((draws.uniform("third_party", draw) * sellers.len() as f64) as usize).min(sellers.len() - 1);
        volume.self_hosted.push(settings.months * own);
        volume.third_party.push(settings.months * api::usd_per_month(sellers[seller], request));
    }
    volume
}

impl Claim for C8 {
    fn id(&self) -> ClaimId {
        ClaimId::C8
    }

    fn cases(&self) -> Vec<CaseId> {
        Vec::new()
    }

    fn metrics(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn deciding(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn needs(&self) -> Vec<String> {
        if self.level.is_some() { Vec::new() } else { vec!["prices_and_scores_of_open_and_closed_models".into()] }
    }

    fn votes_by_future(&self) -> bool {
        false
    }

    fn judge(&self, _future: &Future<'_>, _horizon: Quarter) -> Ballot {
        Ballot::new(Vote::Undefined, Vec::new())
    }

    fn tally(&self, _ballots: &[Ballot]) -> Tally {
        let draws = if self.level.is_some() { self.settings.price_draws } else { 0 };
        Tally { votes: count((0..draws).map(|draw| self.vote(draw))), camp_vote: None }
    }

    fn neutral(&self) -> Option<Neutral> {
        None
    }

    fn complete(
        &self,
        _context: &Context<'_>,
        _plan: &Plan,
        _ballots: &[Ballot],
        finding: &mut ClaimFinding,
    ) -> Result<(), Problems> {
        // The world's camps and horizons say nothing here: there is one market, on one day.
        finding.camps.truncate(1);
        finding.horizons.clear();
        finding.horizon_changes_verdict = false;
        let Some(level) = &self.level else { return Ok(()) };
        finding.tables.push(self.table());
        finding.notes.push(
            Note::new("c8_market")
                .name("open_model", level)
                .name("closed_model", &self.closed_model)
                .name("closed_provider", &self.closed_provider)
                .name("date", &self.settings.on)
                .number(
                    "third_parties",
                    "providers",
                    self.volumes.first().map_or(0.0, |volume| volume.third_parties as f64),
                ),
        );
        finding.notes.push(Note::new("votes_are_draws_of_prices").number(
            "draws",
            "draws",
            self.settings.price_draws as f64,
        ));
        let counter = &mut finding.counter_case;
        let alone = |wanted: Vote| {
            let votes = self.volumes.iter().filter(|volume| {
                let cost = median(&volume.self_hosted).unwrap_or(f64::INFINITY);
                let vote = Vote::of(
                    cost <= self.settings.cost_ratio * volume.closed,
                    volume.closed <= self.settings.cost_ratio * cost,
                );
                vote == wanted
            });
            votes.count() as f64
        };
        let mut add = |name: &str, unit, value: f64| counter.metrics.insert(name.into(), Metric::single(unit, value));
        add("self_hosting_alone_cheaper_at_volumes", "volumes", alone(Vote::For));
        add("self_hosting_alone_dearer_at_volumes", "volumes", alone(Vote::Against));
        for (name, engineer) in [
            ("break_even_volume", 0.0),
            ("break_even_volume_with_a_quarter_engineer", self.settings.engineer_low),
            ("break_even_volume_with_an_engineer", self.settings.engineer_high),
        ] {
            add(name, "tokens_per_month", self.break_even(engineer).unwrap_or(f64::NAN));
        }
        if self.break_even(0.0).is_none() {
            counter.codes.push("self_hosting_alone_never_breaks_even".into());
        }
        Ok(())
    }
}

impl C8 {
    /// Costs by volume, medians over the draws.
    fn table(&self) -> Table {
        let middle = |values: &[f64]| median(values).map_or(Cell::Empty, Cell::number);
        let rows = self
            .volumes
            .iter()
            .map(|volume| {
                let votes = count((0..self.settings.price_draws).map(|draw| volume.vote(draw, &self.settings)));
                vec![
                    Cell::number(volume.tokens_per_month),
                    Cell::text(&volume.model),
                    volume.plan.as_ref().map_or(Cell::Empty, |(chip, _)| Cell::text(chip)),
                    volume.plan.as_ref().map_or(Cell::Empty, |(_, chips)| Cell::number(*chips as f64)),
                    middle(&volume.self_hosted),
                    middle(&volume.third_party),
                    Cell::number(volume.closed),
                    Cell::number(volume.commitment_self_hosted),
                    Cell::number(votes.in_favour as f64 / votes.total().max(1) as f64),
                    Cell::number(votes.against as f64 / votes.total().max(1) as f64),
                ]
            })
            .collect();
        let column = |key, unit| Column { key, unit };
        Table {
            id: "c8_cost_by_volume",
            columns: vec![
                column("tokens_per_month", "tokens"),
                column("open_model", ""),
                column("chip", ""),
                column("chips", "chips"),
                column("self_hosted", "usd"),
                column("third_party_api", "usd"),
                column("closed_api", "usd"),
                column("commitment_self_hosted", "usd"),
                column("share_for", "fraction"),
                column("share_against", "fraction"),
            ],
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maker_of_a_model_is_no_third_party() {
        assert!(is_maker("deepseek", "DeepSeek") && is_maker("moonshotai", "Moonshot AI"));
        assert!(!is_maker("together", "Meta") && !is_maker("groq", "OpenAI"));
    }
}
