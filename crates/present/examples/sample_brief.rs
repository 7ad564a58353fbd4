//! Writes the brief of a made-up result, to look at the page: `cargo run -p present --example sample_brief FOLDER`.

#[path = "../tests/support/sample.rs"]
mod sample;

use std::{env, fs, path::PathBuf};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| ".".into()));
    fs::create_dir_all(&folder)?;
    for language in present::Language::ALL {
        let page = present::brief::page(&sample::brief(1.0), language);
        fs::write(folder.join(format!("brief-{}.html", language.tag())), page)?;
    }
    Ok(())
}
