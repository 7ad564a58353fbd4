//! `facts`: the built-in facts, each with its source.

use facts::catalogue::{Kind, Row};
use rules::RuleBook;
use serde_json::json;
use units::{Problem, nearest, nearest_hint};

use crate::{
    context::Context,
    failure::Failure,
    output::{self, Answer},
};

/// List and show the built-in facts, each with its source.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  downstream facts chips               every chip
  downstream facts chips h200          one chip, whole
  downstream facts models --json       every model with what is counted from its architecture
  downstream facts prices h100         rents and costs of a chip
  downstream facts rules               the export rules, dated")]
pub struct Args {
    /// chips, models, rules, prices, workloads, sectors, policies, countries, history, events, supply, successors, levers
    #[arg(value_name = "KIND")]
    kind: String,
    /// One of them, by id or alias
    #[arg(value_name = "ID")]
    id: Option<String>,
}

/// Answers.
///
/// # Errors
/// An unknown kind or id, with the nearest.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let rows = rows(&args.kind, args.id.as_deref(), context)?;
    let kind = args.kind.to_ascii_lowercase();
    let result = json!({"kind": kind, "rows": rows});
    let text = present::terminal::facts(&result, &output::style());
    context.answer(&Answer::new("facts", &result, text)?)
}

fn rows(kind: &str, id: Option<&str>, context: &Context) -> Result<Vec<Row>, Failure> {
    let facts = context.facts()?;
    let wanted = kind.trim().to_ascii_lowercase();
    if let Some((_, kind)) = Kind::WORDS.into_iter().find(|(word, _)| *word == wanted) {
        return Ok(match id {
            None => facts.list(kind),
            Some(id) => facts.show(kind, id)?,
        });
    }
    let mut rows = match wanted.as_str() {
        "rules" => rule_rows(context.rules()?),
        "policies" => policy_rows(context.rules()?)?,
        _ => {
            let words = Kind::WORDS.iter().map(|(word, _)| *word).chain(["rules", "policies"]);
            let known = words.clone().collect::<Vec<_>>().join(", ");
            let message = format!("there are no facts called '{kind}'; use one of {known}");
            let near = nearest(&wanted, words).into_iter().next();
            return Err(Problem::new("unknown_kind", message).suggest(near).into());
        }
    };
    let named = |row: &Row| row["id"].as_str().unwrap_or_default().to_string();
    rows.sort_by_key(named);
    let Some(id) = id else { return Ok(rows) };
    let found: Vec<Row> = rows.iter().filter(|row| named(row).eq_ignore_ascii_case(id.trim())).cloned().collect();
    if found.is_empty() {
        let near = nearest(id, rows.iter().map(named)).into_iter().next();
        let hint = nearest_hint(id, rows.iter().map(named));
        let message = format!("there is nothing called '{id}' among the {wanted}{hint}");
        return Err(Problem::new("unknown_fact", message).suggest(near).into());
    }
    Ok(found)
}

/// The rules.
fn rule_rows(book: &RuleBook) -> Vec<Row> {
    let row = |rule: &rules::Rule| {
        let value = json!({
            "id": rule.id,
            "title": rule.title,
            "kind": rule.kind.name(),
            "effective": rule.effective,
            "end": rule.end,
            "superseded": rule.superseded,
            "citation": rule.citation,
            "source": rule.source,
            "date": rule.effective,
            "licence": "public domain (United States regulations); summary ours",
            "confidence": rule.confidence,
        });
        value.as_object().cloned().unwrap_or_default()
    };
    book.rules.iter().map(row).collect()
}

/// The ten presets.
fn policy_rows(book: &RuleBook) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for id in world::policy::builtin_ids() {
        let policy = world::policy::builtin(id, book)?;
        let value = json!({
            "id": policy.id,
            "title": policy.title,
            "actor": policy.actor,
            "note": policy.note,
            "source": "POLICIES of the design notes",
            "date": facts::load::AS_OF.to_string(),
            "licence": "MIT OR Apache-2.0",
            "confidence": "high",
        });
        rows.push(value.as_object().cloned().unwrap_or_default());
    }
    Ok(rows)
}
