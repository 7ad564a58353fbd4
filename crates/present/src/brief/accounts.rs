//! The policies and who pays for what.

use maud::{Markup, html};
use study::findings::{Account, Brief};

use super::{Names, shell::section};
use crate::{
    chart::{Table, tone},
    quantity::{DASH, quantity},
};

/// The section.
pub fn markup(brief: &Brief, names: &Names) -> Markup {
    let language = names.language;
    let broken: Vec<String> = brief
        .accounts
        .iter()
        .filter(|account| !account.reconciles)
        .map(|account| names.policy(&account.policy))
        .collect();
    let title = language.text("accounts.title");
    let body = html! {
        dl.policies {
            @for policy in &brief.scenario.policies {
                div {
                    dt class=(tone::policy(&policy.id).class()) { i {} (names.policy(&policy.id)) }
                    dd { (language.find(&format!("policy_is.{}", policy.id)).unwrap_or(&policy.title)) }
                }
            }
        }
        p { (language.text("accounts.intro")) }
        @if !brief.accounts.is_empty() {
            p { @if broken.is_empty() { (language.text("accounts.whole")) } @else {
                strong { (language.fill("accounts.broken", &[("list", &language.list(&broken))])) }
            } }
            p.caption { (title) }
            (table(&brief.accounts, names).markup(title))
        }
    };
    section("policies", language.text("section.policies"), &body)
}

/// One row an account, one column an item of spending, in the order in which items first appear.
fn table(accounts: &[Account], names: &Names) -> Table {
    let language = names.language;
    let mut items: Vec<&str> = Vec::new();
    for line in accounts.iter().flat_map(|account| &account.lines) {
        if !items.contains(&line.item.as_str()) {
            items.push(&line.item);
        }
    }
    let mut head = vec![
        language.text("accounts.policy").to_string(),
        language.text("accounts.actor").to_string(),
        language.text("accounts.envelope").to_string(),
    ];
    head.extend(items.iter().map(|item| language.name("account", item)));
    head.push(language.text("accounts.foregone").to_string());
    head.push(language.text("accounts.reconciles").to_string());
    let mut table = Table::new(head);
    // Less than a dollar is what rounding leaves.
    let money = |value: f64| quantity(if value.abs() < 1.0 { 0.0 } else { value }, "usd", language);
    for account in accounts {
        let mut row =
            vec![names.policy(&account.policy), names.bloc(&account.bloc), money(account.envelope_usd_per_year)];
        for item in &items {
            let spent = account.lines.iter().filter(|line| line.item == *item).map(|line| line.usd_per_year);
            row.push(spent.reduce(|sum, next| sum + next).map_or_else(|| DASH.into(), money));
        }
        row.push(money(account.foregone_usd_per_year));
        row.push(if account.reconciles {
            language.text("accounts.yes").into()
        } else {
            language.text("accounts.no").into()
        });
        table.row(row);
    }
    table
}
