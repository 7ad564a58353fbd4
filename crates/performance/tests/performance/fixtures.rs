//! Chips and models from the production loader.

use facts::{Architecture, Chip, Facts};
use performance::{Answer, Deployment, Options, Request, Workload, estimate};
use std::sync::LazyLock;

static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::load(None).expect("the embedded tables read"));

pub fn facts() -> &'static Facts {
    &FACTS
}

pub fn chip(id: &str) -> &'static Chip {
    FACTS.chip(id).expect("a built-in chip")
}

pub fn model(id: &str) -> &'static Architecture {
    &FACTS.model(id).expect("a built-in model").architecture
}

pub fn deepseek() -> &'static Architecture {
    model("deepseek-ai/DeepSeek-V3")
}

pub fn llama70() -> &'static Architecture {
    model("meta-llama/Meta-Llama-3.1-70B")
}

/// A chip that holds any model, so that nothing has to be cut.
pub fn roomy(id: &str) -> Chip {
    Chip { id: "roomy".into(), memory_bytes: 1e13, memory_driver_bytes: None, ..chip(id).clone() }
}

pub fn ask(chip: &Chip, architecture: &Architecture, deployment: &Deployment, workload: &Workload) -> Answer {
    let options = Options::default();
    estimate(&Request { chip, model: "m", architecture, deployment, workload, options: &options })
        .expect("a sound question")
}
