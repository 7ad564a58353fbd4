//! Prints the findings of a made-up result, to look at the table: `cargo run -p present --example sample_findings zh`.

#[path = "../tests/support/sample.rs"]
mod sample;

use std::{
    env,
    io::{self, Write},
};

fn main() -> io::Result<()> {
    let language = env::args().nth(1).and_then(|tag| tag.parse().ok()).unwrap_or_default();
    let style = present::Style { language, ..present::Style::PLAIN };
    io::stdout().write_all(present::terminal::findings(&sample::brief(1.0), &style).as_bytes())
}
