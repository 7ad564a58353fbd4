//! Shards put together.

use std::path::Path;

use super::{Line, Manifest, Shard, StoreError, Writer, line, table::each_block};

/// Puts the shards of a study together in a folder: once finished, its bytes are those of a run in one piece.
///
/// # Errors
/// Everything that keeps the shards from being one study: other designs, other inputs, shards that are missing, given
/// twice, unfinished or damaged.
pub fn merge(shards: &[&Path], folder: &Path) -> Result<Writer, Vec<StoreError>> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for folder in shards {
        match Manifest::read(folder) {
            Ok(manifest) => found.push((*folder, manifest)),
            Err(error) => problems.push(error),
        }
    }
    let Some((reference, first)) = found.first().cloned() else {
        return Err(problems);
    };
    for (folder, manifest) in &found {
        let differences = manifest.differences(&first);
        if !differences.is_empty() {
            let message = format!("is of another study than {}; here: {}", reference.display(), differences.join("; "));
            problems.push(StoreError::new("other_study", folder, message));
        }
    }
    let wrong = |folder: &Path, message: String| StoreError::new("bad_shards", folder, message);
    let Some(of) = found.iter().find_map(|(_, manifest)| manifest.shard).map(Shard::of) else {
        problems.push(wrong(reference, "holds all runs, not a shard of them: there is nothing to merge".into()));
        return Err(problems);
    };
    let mut by_index: Vec<Option<&Path>> = vec![None; of as usize];
    for (folder, manifest) in &found {
        match manifest.shard {
            None => problems.push(wrong(folder, "holds all runs, not a shard of them".into())),
            Some(shard) if shard.of() != of => {
                problems.push(wrong(folder, format!("is shard {shard}, where others are shards of {of}")));
            }
            Some(shard) => match &mut by_index[shard.index() as usize - 1] {
                Some(other) => {
                    problems.push(wrong(folder, format!("is shard {shard}, and so is {}", other.display())));
                }
                empty => *empty = Some(folder),
            },
        }
    }
    let missing: Vec<String> = by_index
        .iter()
        .zip(1..)
        .filter(|(folder, _)| folder.is_none())
        .map(|(_, index)| format!("{index}/{of}"))
        .collect();
    if !missing.is_empty() && problems.is_empty() {
        const SHOWN: usize = 10;
        let more = missing.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("shards are missing: {}{more}", missing[..missing.len().min(SHOWN)].join(", "));
        problems.push(wrong(reference, message));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let whole = Manifest { shard: None, ..first };
    let columns = whole.inputs.len() + whole.width();
    let mut writer = Writer::create(folder, &whole).map_err(|error| vec![error])?;
    for folder in by_index.into_iter().flatten() {
        let manifest = Manifest::read(folder).map_err(|error| vec![error])?;
        let copied = each_block(folder, &manifest, |block, text| {
            for (run, text) in (block.first..).zip(text.split_inclusive('\n')) {
                let parsed = line::parse(text.trim_end_matches('\n'), columns).filter(|parsed| parsed.run == run);
                let Some(parsed) = parsed else {
                    return Err(StoreError::new("damaged", folder, format!("does not hold run {run} where it should")));
                };
                writer.push(run, &Line { text: text.to_string(), failure: parsed.failure })?;
            }
            Ok(true)
        });
        copied.map_err(|error| vec![error])?;
    }
    Ok(writer)
}
