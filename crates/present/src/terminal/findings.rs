//! The findings of the brief on the terminal.

use anstyle::AnsiColor;
use study::findings::{Brief, Verdict};

use super::grid::{Grid, Side, coloured, heading, paragraph};
use crate::{
    Style,
    brief::{Names, summary, verdict},
};

/// The findings of the brief: the nine verdicts with their votes, and what they depend on.
pub fn findings(brief: &Brief, style: &Style) -> String {
    let language = style.language;
    let names = Names::new(brief, language);
    let mut out = heading(&format!("{} \u{b7} {}", language.text("page.heading"), brief.scenario.name), style);
    for sentence in summary::sentences(brief, &names) {
        out.push('\n');
        // A number and its per cent sign stay on one line.
        out.push_str(&paragraph(&sentence.replace(" %", "\u{a0}%"), style));
    }
    out.push('\n');
    out.push_str(&table(brief, &names, style));
    out.push('\n');
    out.push_str(&paragraph(language.text("page.aid"), style));
    out
}

/// Inputs that a row names; the others are counted.
const TURNS: usize = 2;

fn table(brief: &Brief, names: &Names, style: &Style) -> String {
    let language = names.language;
    let mut grid = Grid::new(
        style,
        &[
            ("", Side::Left),
            (language.text("terminal.claim"), Side::Left),
            (language.text("terminal.verdict"), Side::Left),
            (language.text("vote.for"), Side::Right),
            (language.text("vote.neither"), Side::Right),
            (language.text("vote.against"), Side::Right),
            (language.text("terminal.turns_on"), Side::Left),
        ],
    );
    for claim in &brief.claims {
        let votes = claim.votes;
        let mut turns: Vec<String> = claim.depends_on.iter().take(TURNS).map(|each| names.input(&each.input)).collect();
        if claim.depends_on.len() > TURNS {
            let more = (claim.depends_on.len() - TURNS).to_string();
            turns.push(language.fill("terminal.more", &[("n", &more)]));
        }
        grid.row([
            claim.id.name().to_string(),
            language.name("claims", &format!("{}.short", claim.id)),
            verdict::word(claim.verdict, language),
            verdict::percent(votes.in_favour, votes),
            verdict::percent(votes.neither, votes),
            verdict::percent(votes.against, votes),
            turns.join(language.text("list.comma")),
        ]);
    }
    paint(&grid.text(style), brief, style)
}

/// Colours the verdicts after the table is laid out, so that escape codes cannot move a column.
fn paint(table: &str, brief: &Brief, style: &Style) -> String {
    if !style.colour {
        return table.to_string();
    }
    let mut out = String::new();
    for line in table.lines() {
        let claim = brief.claims.iter().find(|claim| line.trim_start().starts_with(&format!("{} ", claim.id)));
        let painted = claim.map(|claim| {
            let word = verdict::word(claim.verdict, style.language);
            line.replacen(&format!("  {word}"), &format!("  {}", coloured(&word, colour(claim.verdict), style)), 1)
        });
        out.push_str(painted.as_deref().unwrap_or(line));
        out.push('\n');
    }
    out
}

fn colour(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::Holds | Verdict::LeansFor => AnsiColor::Green,
        Verdict::Fails | Verdict::LeansAgainst => AnsiColor::Red,
        Verdict::Contested => AnsiColor::Yellow,
        Verdict::BuiltIn | Verdict::Undefined | Verdict::NotYetDecidable => AnsiColor::Cyan,
    }
}
