//! What a plan promises, on the built-in facts.

#![allow(clippy::unwrap_used)] // A test may panic; the lint knows only functions marked as tests.

use facts::{Facts, architecture::Mlp};
use performance::{Deployment, Efficiencies, Engine, Placement, Prepared, Workload};
use planning::{Basis, Licence, Objectives, PriceBook, Request, Searches, plan, search};
use rules::RuleBook;
use std::sync::LazyLock;
use units::{Dtype, HOURS_PER_MONTH, Range};

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::load(None).expect("the built-in tables are sound"));
static BOOK: LazyLock<RuleBook> = LazyLock::new(RuleBook::builtin);

fn request(model: &str, rate_per_s: f64, chips: &[&str]) -> Request {
    let objectives = Objectives::new(2.0, 0.05);
    let mut request = Request::named(&FACTS, model, "azure-conversation", rate_per_s, objectives).unwrap();
    request.chips = Some(chips.iter().map(ToString::to_string).collect());
    request
}

/// The whole stated space of one chip, written out anew from the table in `planning::space`.
fn every_layout(chip: &facts::Chip, request: &Request) -> Vec<Deployment> {
    let architecture = &request.architecture;
    let moe = architecture.groups.iter().any(|group| matches!(group.mlp, Mlp::Moe(_)));
    let domain = u64::from(chip.scaleup_domain_chips.unwrap_or(1)).max(1);
    let widest = if chip.scaleout_uni_byte_per_s.is_some() { domain.max(32) } else { domain };
    let most_chips = (64.0 * architecture.counts().total as f64 / chip.memory_bytes).max(8.0) as u64;
    let runs = |dtype| chip.dense_op_per_s.of(dtype).is_some();
    let own = architecture.checkpoint_dtype;
    let narrower = |dtype: Dtype| dtype.bytes() < own.bytes();
    let mut layouts = Vec::new();
    for weights in Dtype::ALL {
        let eight_or_sixteen = [Dtype::Fp8, Dtype::Int8, Dtype::Bf16].contains(&weights);
        let searched = weights == own || (eight_or_sixteen && runs(weights) && (runs(own) == narrower(weights)));
        if !searched {
            continue;
        }
        for kv in [Dtype::Bf16, Dtype::Fp8] {
            if kv == Dtype::Fp8 && !runs(Dtype::Fp8) {
                continue;
            }
            for tp in [1, 2, 4, 8, 16, 32, 64].into_iter().filter(|tp| *tp <= domain) {
                let largest_tp = [1, 2, 4, 8, 16, 32, 64].into_iter().rfind(|tp| *tp <= domain).unwrap();
                for pp in [1, 2, 4] {
                    if pp > 1 && tp < largest_tp {
                        continue;
                    }
                    for dp in [1, 2, 4, 8, 16, 32, 64] {
                        if tp * pp * dp > most_chips || dp > 1 && (!moe || pp > 1 || tp * dp > widest) {
                            continue;
                        }
                        for ep in [1, tp * dp] {
                            let same = ep == 1 && tp * dp == 1;
                            let needs_experts = ep > 1 && !moe;
                            let across_domains = ep == 1 && tp * dp > domain;
                            if needs_experts
                                || across_domains
                                || (same
                                    && layouts.iter().any(|known: &Deployment| {
                                        (known.tp, known.dp, known.pp, known.weights, known.kv)
                                            == (tp, dp, pp, weights, kv)
                                    }))
                            {
                                continue;
                            }
                            layouts.push(Deployment {
                                replicas: 1,
                                tp,
                                pp,
                                dp,
                                ep,
                                overlap: false,
                                placement: Placement::Fixed,
                                engine: Engine::default(),
                                weights,
                                kv,
                                speculative: None,
                            });
                        }
                    }
                }
            }
        }
    }
    layouts
}

/// Cost, chip and layout of the cheapest plan by trying everything: all layouts, all numbers in flight up to 600 and
/// every power of two beyond, as long as time between tokens is not twice the objective.
fn brute_force(
    request: &Request,
    usd_per_month: impl Fn(&facts::Chip, u64, Option<f64>) -> f64,
) -> (f64, String, Deployment) {
    let mut best: Option<(f64, String, Deployment)> = None;
    for name in request.chips.as_ref().unwrap() {
        let chip = FACTS.chip(name).unwrap();
        for layout in every_layout(chip, request) {
            let Ok(prepared) = Prepared::new(chip, &request.architecture, &layout, Efficiencies::builtin()) else {
                continue;
            };
            let points: Vec<_> = (1..600)
                .chain([1024, 2048, 4096, 8192, 16384])
                .map_while(|concurrency| {
                    let shape = &request.workload;
                    let steady = prepared.steady(&Workload {
                        prefix_share: shape.prefix_share_fraction.unwrap_or(0.0),
                        ..Workload::text(shape.input.mean, shape.output.mean, concurrency)
                    })?;
                    // Far beyond the objective nothing comes back within it.
                    (steady.tpot_s <= 2.0 * request.objectives.tpot_s.unwrap()).then_some(steady)
                })
                .collect();
            let most = points
                .iter()
                .filter(|steady| steady.ttft_s <= request.objectives.ttft_s.unwrap())
                .filter(|steady| steady.tpot_s <= request.objectives.tpot_s.unwrap())
                .map(|steady| steady.requests_per_s)
                .fold(0.0, f64::max);
            if most == 0.0 {
                continue;
            }
            let replicas = (request.rate_per_s / (most * request.max_utilisation_fraction)).ceil();
            let point = points.iter().find(|steady| steady.requests_per_s >= request.rate_per_s / replicas).unwrap();
            let chips = replicas as u64 * layout.chips();
            let cost = usd_per_month(chip, chips, point.power_w.map(|power| power * replicas));
            let better = best.as_ref().is_none_or(|(least, _, _)| cost < *least * (1.0 - 1e-12));
            if better {
                best = Some((cost, chip.id.clone(), Deployment { replicas: replicas as u64, ..layout }));
            }
        }
    }
    best.expect("something serves it")
}

fn rent(request: &Request) -> impl Fn(&facts::Chip, u64, Option<f64>) -> f64 {
    let on = request.on;
    move |chip, chips, _| chips as f64 * FACTS.rental(&chip.id, on).unwrap().median * HOURS_PER_MONTH
}

/// The winner of the search is that of brute force: as cheap, and where cost alone decides, the same.
fn assert_same_winner(request: &Request, usd_per_month: impl Fn(&facts::Chip, u64, Option<f64>) -> f64) {
    let answer = plan(&FACTS, &BOOK, request).unwrap();
    let first = &answer.plans[0];
    let (cost, chip, layout) = brute_force(request, usd_per_month);
    assert!(
        (first.usd_per_month / cost - 1.0).abs() < 1e-9,
        "{} is not {cost} ({chip}, {layout:?})",
        first.usd_per_month
    );
    assert_eq!(first.deployment.chip, chip);
    assert_eq!(first.deployment.chips, layout.chips());
}

#[test]
fn the_cheapest_plan_of_a_small_model_is_that_of_brute_force() {
    let request = request("meta-llama/Meta-Llama-3.1-8B", 5.0, &["l40s", "a100-80-sxm", "h100-sxm"]);
    assert_same_winner(&request, rent(&request));
}

#[test]
fn the_cheapest_plan_of_a_large_dense_model_is_that_of_brute_force() {
    let request = request("meta-llama/Llama-3.3-70B-Instruct", 12.0, &["h100-sxm", "h200-sxm"]);
    assert_same_winner(&request, rent(&request));
}

#[test]
fn the_cheapest_plan_of_a_mixture_of_experts_is_that_of_brute_force() {
    let request = request("deepseek-ai/DeepSeek-V3", 6.0, &["h200-sxm", "b200"]);
    assert_same_winner(&request, rent(&request));
}

#[test]
fn the_cheapest_plan_at_a_trickle_is_that_of_brute_force() {
    let mut request = request("openai/gpt-oss-20b", 0.05, &["l4", "rtx-4090", "h100-pcie"]);
    request.objectives = Objectives::new(3.0, 0.1);
    assert_same_winner(&request, rent(&request));
}

#[test]
fn the_cheapest_plan_to_own_is_that_of_brute_force() {
    let mut request = request("Qwen/Qwen3-32B", 4.0, &["a100-80-sxm", "h100-sxm", "h200-sxm"]);
    request.country = Some("DE".into());
    request.basis = Basis::Owning;
    let electricity = FACTS.electricity("DE", None, request.on).unwrap().usd_per_kwh.central;
    assert_same_winner(&request, |chip, chips, power_w| {
        let owning = FACTS.owning(chip, request.on).unwrap();
        let hall_w = owning.allin_w.map_or_else(|| estimated_hall_w(chip), |power| power.central);
        let years = owning.server_life_years.central;
        let servers = owning.server_usd.central * (1.0 + owning.network_fraction.central) / years;
        let hall = hall_w * owning.facility_usd_per_w.central / owning.facility_life_years.central;
        let energy = power_w.unwrap() / 1000.0 * owning.pue.central * HOURS_PER_MONTH * electricity;
        ((servers + hall) / 12.0 * chips as f64 + energy) * (1.0 + owning.overhead_fraction.central)
    });
}

/// Hall power where only the TDP is known: the TDP times the median ratio over the chips that have both.
fn estimated_hall_w(chip: &facts::Chip) -> f64 {
    let mut ratios: Vec<f64> = FACTS.chips.iter().filter_map(|chip| Some(chip.allin_w? / chip.tdp_w?)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2] * chip.tdp_w.unwrap()
}

fn least_usd_per_month(request: &Request) -> f64 {
    let answer = plan(&FACTS, &BOOK, request).unwrap();
    answer.plans.first().map_or(f64::INFINITY, |line| line.usd_per_month)
}

const RENTED: [&str; 8] = ["l4", "l40s", "a100-80-sxm", "h100-sxm", "h200-sxm", "b200", "mi300x", "rtx-4090"];

#[test]
fn a_more_permissive_licence_is_never_dearer() {
    let mut request = request("meta-llama/Meta-Llama-3.1-8B", 5.0, &RENTED);
    request.country = Some("China".into());
    let costs = [Licence::Free, Licence::Notify, Licence::Any].map(|licence| {
        request.licence = licence;
        least_usd_per_month(&request)
    });
    assert!(costs.is_sorted_by(|strict, permissive| strict >= permissive), "{costs:?}");
    assert!(costs[2].is_finite());
}

#[test]
fn a_tighter_objective_is_never_cheaper() {
    let mut request = request("meta-llama/Llama-3.3-70B-Instruct", 8.0, &RENTED);
    let mut costs = |objectives: [(f64, f64); 5]| {
        objectives.map(|(ttft, tpot)| {
            request.objectives = Objectives::new(ttft, tpot);
            least_usd_per_month(&request)
        })
    };
    let by_tpot = costs([(2.0, 0.2), (2.0, 0.1), (2.0, 0.05), (2.0, 0.03), (2.0, 0.015)]);
    assert!(by_tpot.is_sorted(), "{by_tpot:?}");
    let by_ttft = costs([(10.0, 0.05), (5.0, 0.05), (2.0, 0.05), (1.0, 0.05), (0.3, 0.05)]);
    assert!(by_ttft.is_sorted(), "{by_ttft:?}");
    assert!(by_tpot[0] < by_tpot[4], "the objectives should matter: {by_tpot:?}");
}

#[test]
fn a_higher_rate_is_never_cheaper_in_total() {
    for basis in [Basis::Rental, Basis::Owning] {
        let mut request = request("meta-llama/Meta-Llama-3.1-8B", 1.0, &RENTED);
        request.basis = basis;
        request.electricity_usd_per_kwh = Some(Range::fixed(0.1));
        let costs = [0.01, 0.5, 1.0, 3.0, 10.0, 33.0, 100.0, 1000.0].map(|rate| {
            request.rate_per_s = rate;
            least_usd_per_month(&request)
        });
        // A replica with less than one request in flight is charged the power of one busy with a single request,
        // which is a little above that of two: an upper bound, so that owning is monotone within half a per cent.
        let slack = if basis == Basis::Owning { 1.005 } else { 1.0 };
        assert!(costs.is_sorted_by(|low, high| *low <= high * slack), "{basis:?}: {costs:?}");
        assert!(costs[0] < costs[7]);
    }
}

#[test]
fn plans_keep_the_objectives_and_the_share_of_the_load() {
    let request = request("meta-llama/Llama-3.3-70B-Instruct", 20.0, &RENTED);
    let answer = plan(&FACTS, &BOOK, &request).unwrap();
    assert!(answer.plans.len() > 2);
    for line in &answer.plans {
        assert!(line.ttft_s.value.unwrap() <= 2.0 && line.tpot_s.value.unwrap() <= 0.05, "{line:?}");
        assert!(line.utilisation_fraction > 0.0 && line.utilisation_fraction <= 0.8 + 1e-9, "{line:?}");
        assert_eq!(line.outcome, None);
    }
    assert!(answer.plans.is_sorted_by(|a, b| a.usd_per_month <= b.usd_per_month));
    assert!(answer.plans.iter().map(|line| line.rank).eq(1..=answer.plans.len() as u64));
    let counted: u64 = answer.refused.iter().map(|refused| refused.count).sum();
    assert!(counted < answer.searched);
}

#[test]
fn plans_show_the_latencies_of_the_search_and_of_the_estimate_alike() {
    let request = request("deepseek-ai/DeepSeek-V3", 6.0, &["h200-sxm"]);
    let found = search(&FACTS, &BOOK, &request).unwrap();
    let prices = PriceBook::of(&FACTS, &request).unwrap().central();
    let cheapest = found.cheapest(&prices).unwrap();
    let line = &plan(&FACTS, &BOOK, &request).unwrap().plans[0];
    assert!((line.ttft_s.value.unwrap() / cheapest.candidate.ttft_s - 1.0).abs() < 1e-9);
    assert!((line.tpot_s.value.unwrap() / cheapest.candidate.tpot_s - 1.0).abs() < 1e-9);
    assert_eq!(line.usd_per_month, cheapest.usd_per_month);
}

#[test]
fn only_chips_that_may_be_had_there_and_then_are_planned_with() {
    let mut request = request("deepseek-ai/DeepSeek-V3", 6.0, &["h20-96", "h100-sxm", "b300", "ascend-910c"]);
    request.country = Some("CN".into());
    request.basis = Basis::Owning;
    request.objectives = Objectives::new(5.0, 0.1);
    let mut chips = |on: &str| {
        request.on = on.parse().unwrap();
        let answer = plan(&FACTS, &BOOK, &request).unwrap();
        let mut chips: Vec<String> = answer.plans.iter().map(|line| line.deployment.chip.clone()).collect();
        chips.sort();
        let reason =
            |reason: &str| answer.refused.iter().find(|refused| refused.reason == reason).map(|refused| refused.count);
        (chips, reason("not_released"), reason("export_denial"))
    };
    // H20: free until 2025-04, then a licence (8-K of 2025-04-15). Ascend: made at home, whatever GP10 says.
    let (before, unreleased, denied) = chips("2025-01-15");
    assert_eq!(before, ["ascend-910c", "h20-96"]);
    assert_eq!((unreleased, denied), (Some(1), Some(1)));
    assert_eq!(chips("2025-05-20").0, ["ascend-910c"]);
    request.domestic_chips = false;
    assert!(plan(&FACTS, &BOOK, &request).unwrap().plans.is_empty());
}

#[test]
fn two_replicas_at_least_cost_twice_at_a_trickle() {
    let mut request = request("meta-llama/Meta-Llama-3.1-8B", 1e-4, &["l4"]);
    let one = least_usd_per_month(&request);
    request.min_replicas = 2;
    assert_eq!(least_usd_per_month(&request), 2.0 * one);
}

#[test]
fn interface_prices_are_those_of_the_day() {
    let mut request = request("deepseek-ai/DeepSeek-V3", 1.0, &["h200-sxm"]);
    request.on = "2025-03-01".parse().unwrap();
    let answer = plan(&FACTS, &BOOK, &request).unwrap();
    assert!(!answer.api.is_empty());
    assert!(answer.api.is_sorted_by(|a, b| a.usd_per_month <= b.usd_per_month));
    assert!(answer.api.iter().all(|line| line.observed.as_str() <= "2025-03-01"), "{:?}", answer.api);
    // DeepSeek's own list price from 2025-02: 0.27 in, 1.10 out (HARDWARE 4): 1155 and 211 tokens once a second.
    let wanted = (1155.0 * 0.27 + 211.0 * 1.10) / 1e6 * HOURS_PER_MONTH * 3600.0;
    assert!(
        answer.api.iter().any(|line| (line.usd_per_month / wanted - 1.0).abs() < 1e-9),
        "{wanted}: {:?}",
        answer.api
    );
}

/// HARDWARE 4: a neocloud's cost of owning an H100 in 2026-07 is given as 1.55 USD an hour by the source of the
/// parts; ours is put together from those parts.
#[test]
fn owning_an_hour_of_an_h100_costs_what_the_source_says() {
    let mut request = request("meta-llama/Llama-3.3-70B-Instruct", 40.0, &["h100-sxm"]);
    request.basis = Basis::Owning;
    request.country = Some("US".into());
    request.on = "2026-07-15".parse().unwrap();
    let line = &plan(&FACTS, &BOOK, &request).unwrap().plans[0];
    let usd_per_chip_hour = line.usd_per_month / line.deployment.chips as f64 / HOURS_PER_MONTH;
    assert!((1.35..1.75).contains(&usd_per_chip_hour), "{usd_per_chip_hour}");
}

#[test]
fn prices_are_drawn_without_another_search() {
    let request = request("meta-llama/Meta-Llama-3.1-8B", 5.0, &["h100-sxm", "a100-80-sxm"]);
    let found = search(&FACTS, &BOOK, &request).unwrap();
    let ranges = PriceBook::of(&FACTS, &request).unwrap();
    let cost = |prices: &PriceBook<f64>| found.cheapest(prices).unwrap().usd_per_month;
    let (low, high) = (ranges.draw(|_, range| range.low), ranges.draw(|_, range| range.high));
    let central = ranges.central();
    assert!(cost(&low) <= cost(&central) && cost(&central) <= cost(&high));
    assert!(cost(&low) < cost(&high));
}

#[test]
fn searches_that_share_what_they_found_answer_as_each_alone() {
    let mut searches = Searches::new(&FACTS, &BOOK);
    let first = request("meta-llama/Meta-Llama-3.1-70B", 3.0, &["h100-sxm", "h200"]);
    let another_model = request("Qwen/Qwen3-32B", 3.0, &["h200"]);
    let faster = Request { rate_per_s: 40.0, ..first.clone() };
    let abroad = Request {
        country: Some("china".into()),
        licence: Licence::Any,
        objectives: Objectives::new(5.0, 0.1),
        ..first.clone()
    };
    for asked in [&first, &another_model, &faster, &abroad, &first] {
        assert_eq!(searches.search(asked).unwrap(), search(&FACTS, &BOOK, asked).unwrap());
    }
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let request = request("openai/gpt-oss-120b", 30.0, &RENTED);
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| serde_json::to_string(&plan(&FACTS, &BOOK, &request).unwrap()).unwrap())
    };
    assert_eq!(bytes(1), bytes(5));
}

#[test]
fn the_answer_has_the_keys_of_the_contract() {
    let mut request = request("deepseek-ai/DeepSeek-V3", 5.0, &["h100-sxm"]);
    request.country = Some("US".into());
    let answer = serde_json::to_value(plan(&FACTS, &BOOK, &request).unwrap()).unwrap();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&answer), ["plans", "api", "refused", "searched"]);
    let line = &answer["plans"][0];
    let wanted =
        "rank deployment replicas usd_per_month usd_per_mtok_total ttft_s tpot_s utilisation_fraction outcome power_w";
    assert_eq!(keys(line), wanted.split(' ').collect::<Vec<_>>());
    assert_eq!(line["outcome"], "free");
    assert_eq!(keys(&line["ttft_s"]), ["value", "lo", "hi", "tier"]);
    assert_eq!(keys(&answer["api"][0]), ["provider", "model", "usd_per_month", "observed"]);
    assert_eq!(keys(&answer["refused"][0]), ["reason", "count"]);
}

#[test]
fn all_that_is_wrong_with_a_request_is_told_at_once() {
    let mut request = request("meta-llama/Meta-Llama-3.1-8B", f64::NAN, &["h100-smx"]);
    request.objectives = Objectives::new(-1.0, 0.05);
    request.country = Some("Chnia".into());
    request.min_replicas = 0;
    request.max_utilisation_fraction = 1.5;
    let problems = plan(&FACTS, &BOOK, &request).unwrap_err();
    let mut codes: Vec<&str> = problems.0.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    let wanted = ["bad_count", "bad_fraction", "bad_objective", "bad_rate", "unknown_chip", "unknown_country"];
    assert_eq!(codes, wanted);

    let both = Request::named(&FACTS, "lama", "azure-conversion", 1.0, Objectives::default()).unwrap_err();
    assert_eq!(both.0.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["unknown_model", "unknown_workload"]);
}

#[test]
fn owning_without_a_price_of_electricity_is_refused() {
    let mut request = request("meta-llama/Meta-Llama-3.1-8B", 1.0, &["h100-sxm"]);
    request.basis = Basis::Owning;
    assert_eq!(plan(&FACTS, &BOOK, &request).unwrap_err().0[0].code, "missing_electricity");
}

#[test]
fn nothing_that_serves_is_an_answer_without_plans() {
    let mut request = request("deepseek-ai/DeepSeek-V3", 1.0, &["l4"]);
    request.objectives = Objectives::new(1e-6, 1e-6);
    let answer = plan(&FACTS, &BOOK, &request).unwrap();
    assert!(answer.plans.is_empty());
    assert_eq!(answer.warnings[0].code, "no_plan");
    assert_eq!(answer.refused.iter().map(|refused| refused.count).sum::<u64>(), answer.searched);
}
