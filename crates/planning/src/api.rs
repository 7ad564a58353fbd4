//! What the same requests cost through somebody's interface.

use facts::{ApiPrice, Facts};
use units::SECONDS_PER_MONTH;

use crate::{ApiLine, Request};

/// Every provider's latest price of the request's model at or before its day, cheapest first; providers that cost
/// the same in the order of their names.
pub fn api_lines(facts: &Facts, request: &Request) -> Vec<ApiLine> {
    let mut lines: Vec<ApiLine> = facts
        .api_prices_of(&request.model, request.on)
        .into_iter()
        .map(|price| ApiLine {
            provider: price.provider.clone(),
            model: price.model.clone(),
            usd_per_month: usd_per_month(price, request),
            observed: price.period.to_string(),
        })
        .collect();
    lines.sort_by(|a, b| {
        a.usd_per_month
            .total_cmp(&b.usd_per_month)
            .then_with(|| a.provider.cmp(&b.provider))
            .then_with(|| a.model.cmp(&b.model))
    });
    lines
}

/// The request's tokens of a month at a price [USD/month]. Tokens found in a prefix cache pay the price of cached
/// input where there is one; image tokens pay as input, as the workload's source counts them.
pub fn usd_per_month(price: &ApiPrice, request: &Request) -> f64 {
    let workload = &request.workload;
    let cached = workload.input.mean * workload.prefix_share_fraction.unwrap_or(0.0);
    let read = workload.input.mean - cached + workload.image_tokens.unwrap_or(0.0);
    let cached_price = price.cached_input_usd_per_mtok.unwrap_or(price.input_usd_per_mtok);
    let usd_per_mrequest =
        read * price.input_usd_per_mtok + cached * cached_price + workload.output.mean * price.output_usd_per_mtok;
    usd_per_mrequest / 1e6 * request.rate_per_s * SECONDS_PER_MONTH
}
