//! Which of our metrics a publication's metric is; the unit column decides over what it is counted.

use crate::validation::setup::Metric;

/// Our metric and the file's unit per SI unit; `None` = not modelled.
pub fn metric(name: &str, unit: &str) -> Option<(Metric, f64)> {
    let seconds = match unit {
        "s" => Some(1.0),
        "ms" => Some(1e3),
        "us" => Some(1e6),
        _ => None,
    };
    let over = |whole: Metric, chip: Metric, node: Option<Metric>| match unit {
        "tok/s" => Some(whole),
        "tok/s/GPU" | "tok/s/gpu" | "tok/s/chip" | "tok/s/card" => Some(chip),
        "tok/s/node" => node,
        _ => None,
    };
    let rate = match name {
        "output_throughput" | "output_throughput_per_chip" | "output_throughput_per_node" => {
            over(Metric::Output, Metric::OutputPerChip, Some(Metric::OutputPerNode))
        }
        // Of disaggregated runs this counts the chips that decode; of others it is the same.
        "output_throughput_per_gpu" => over(Metric::Output, Metric::OutputPerDecodeChip, None),
        "total_throughput_per_gpu" => over(Metric::Total, Metric::TotalPerChip, None),
        "input_throughput" | "input_throughput_per_node" => {
            over(Metric::Input, Metric::Input, Some(Metric::InputPerNode))
        }
        "decode_throughput" => (unit == "tok/s").then_some(Metric::Decode),
        "request_throughput" => (unit == "req/s").then_some(Metric::Requests),
        "energy_per_output_token" => (unit == "J/tok").then_some(Metric::Energy),
        _ => None,
    };
    if let Some(rate) = rate {
        return Some((rate, 1.0));
    }
    let latency = match name {
        "ttft_mean" => Metric::TtftBurst,
        "ttft_p50" | "ttft_p90" => Metric::Ttft,
        "ttft_p99" => Metric::TtftTail,
        "tpot_mean" | "tpot_p50" | "tpot_p99" | "itl_mean" => Metric::Tpot,
        name if name.starts_with("e2e_") => Metric::EndToEnd,
        _ => return None,
    };
    seconds.map(|scale| (latency, scale))
}
