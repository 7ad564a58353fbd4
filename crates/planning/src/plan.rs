//! One question answered in full.

use facts::Facts;
use performance::Options;
use rules::RuleBook;
use units::{Problem, Problems, Warning};

use crate::{
    Found, PlanAnswer, PlanLine, PriceBook, Priced, Refused, Request, api::api_lines, search::search, search::workload,
};

/// The cheapest plan of each chip that may be had, beside interface prices.
///
/// # Errors
/// A request whose figures mean nothing, or that names what nobody knows; owning without a price of electricity.
/// That nothing serves the request is an answer without plans.
pub fn plan(facts: &Facts, book: &RuleBook, request: &Request) -> Result<PlanAnswer, Problems> {
    let found = search(facts, book, request)?;
    let prices = PriceBook::of(facts, request)?.central();
    let lines = found
        .ranked(&prices)
        .iter()
        .take(request.top)
        .zip(1..)
        .map(|(priced, rank)| line(facts, request, &prices, priced, rank))
        .collect::<Result<Vec<_>, _>>()?;
    let mut refused = found.refused.clone();
    let without_price = found.without_price(&prices);
    if without_price > 0 {
        refused.insert("no_power".into(), without_price);
    }
    Ok(PlanAnswer {
        warnings: warnings(facts, request, &found, &lines),
        plans: lines,
        api: api_lines(facts, request),
        refused: refused.into_iter().map(|(reason, count)| Refused { reason, count }).collect(),
        searched: found.searched,
    })
}

/// One plan, its latencies and names as `estimate` gives them for the same deployment.
fn line(
    facts: &Facts,
    request: &Request,
    prices: &PriceBook<f64>,
    priced: &Priced,
    rank: u64,
) -> Result<PlanLine, Problems> {
    let candidate = priced.candidate;
    let concurrency = candidate.concurrency_per_replica * candidate.deployment.replicas;
    let defaults = Options::default();
    let options =
        Options { pue: prices.pue().unwrap_or(defaults.pue), efficiencies: request.efficiencies.clone(), cost: None };
    let answer = performance::estimate(&performance::Request {
        chip: facts.chip(&candidate.chip)?,
        model: &request.model,
        architecture: &request.architecture,
        deployment: &candidate.deployment,
        workload: &workload(request, concurrency),
        options: &options,
    })?;
    // The search and the estimate disagree on what fits: a fault of ours, not of the request.
    let disagrees = |why: &str| Problem::new("plan_disagrees", format!("a plan was refused by the estimate: {why}"));
    if let Some(refusal) = answer.refusal {
        return Err(disagrees(&refusal.message).into());
    }
    let utilisation_fraction = candidate.utilisation_fraction(facts, request);
    Ok(PlanLine {
        rank,
        replicas: candidate.deployment.replicas,
        usd_per_month: priced.usd_per_month,
        usd_per_mtok_total: priced.usd_per_mtok_total,
        ttft_s: answer.latency.ttft_s,
        tpot_s: answer.latency.tpot_s,
        utilisation_fraction: utilisation_fraction.ok_or_else(|| disagrees("no load within the objectives"))?,
        outcome: candidate.outcome,
        power_w: candidate.power_w.map(|power| power * options.pue),
        deployment: answer.deployment,
    })
}

/// What the reader should know beside the plans.
fn warnings(facts: &Facts, request: &Request, found: &Found, lines: &[PlanLine]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if lines.is_empty() {
        let message = if found.candidates.is_empty() {
            "no deployment of the space serves this rate within the objectives; see 'refused'"
        } else {
            "deployments were found, but the power of their chips is not known, which owning needs"
        };
        warnings.push(Warning::new("no_plan", message));
    }
    let images = request.workload.images;
    if images.fract() != 0.0 {
        let message = format!("{images} images a request are counted as {}", images.round());
        warnings.push(Warning::new("images_rounded", message));
    }
    let model = facts.model(&request.model).ok();
    let month = format!("{:04}-{:02}", request.on.year(), request.on.month());
    if let Some(model) = model.filter(|model| model.release.as_str() > month.as_str()) {
        let message = format!("{} was released in {}, after {}", model.id, model.release, request.on);
        warnings.push(Warning::new("model_not_released", message));
    }
    let at_home = lines.iter().any(|line| line.outcome.is_some_and(|outcome| !request.licence.admits(outcome)));
    if at_home {
        let message = "chips designed in the country itself are listed whatever the export rules of others say; the outcome is printed";
        warnings.push(Warning::new("domestic_chips", message));
    }
    warnings
}
