//! The brief: what it says follows from the findings, and nothing in it asks for anything.

#[path = "support/sample.rs"]
mod sample;

use present::{Language, brief::page};
use study::findings::{Brief, ClaimId, Verdict};

/// The text of one claim's article.
fn article<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("<article class=\"claim\" id=\"{id}\">")).expect("the claim has an article");
    let to = page[from..].find("</article>").expect("the article ends");
    &page[from..from + to]
}

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from}")) + from.len();
    &text[start..start + text[start..].find(to).unwrap_or_else(|| panic!("no {to}"))]
}

/// Every element is closed in the order in which it was opened.
fn check_balance(page: &str) {
    const VOID: [&str; 4] = ["meta", "link", "br", "img"];
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "a bare '<' at: {}", &rest[start..(start + 40).min(rest.len())]);
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "closing at: {}", &rest[..start.min(80)]);
        } else if name == "style" {
            rest = &rest[rest.find("</style>").expect("the style ends") + "</style>".len()..];
            continue;
        } else if !VOID.contains(&name.as_str()) {
            open.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn opposed_results_give_opposed_verdicts_sentences_and_charts() {
    for language in Language::ALL {
        let (yes, no) = (page(&sample::brief(1.0), language), page(&sample::brief(-1.0), language));
        for (id, verdict_yes, verdict_no) in [("C5", "holds", "fails"), ("C1", "leans_for", "leans_against")] {
            let (yes, no) = (article(&yes, id), article(&no, id));
            let word = |code: &str| language.find(&format!("verdict.{code}")).unwrap();
            assert_eq!(between(between(yes, "class=\"badge", "/span"), ">", "<"), word(verdict_yes));
            assert_eq!(between(between(no, "class=\"badge", "/span"), ">", "<"), word(verdict_no));
            let headline = |article| between(article, "<p class=\"headline\">", "</p>").to_string();
            assert_ne!(headline(yes), headline(no), "{id}");
            let chart = |article| between(article, "<svg", "</svg>").to_string();
            assert_ne!(chart(yes), chart(no), "{id}");
        }
        let summary = |page: &str| between(page, "<div class=\"summary\">", "</div>").to_string();
        assert_ne!(summary(&yes), summary(&no));
    }
}

#[test]
fn the_votes_that_are_said_are_the_votes_that_were_counted() {
    let brief = sample::brief(1.0);
    let page = page(&brief, Language::English);
    for claim in &brief.claims {
        let article = article(&page, claim.id.name());
        let voters = between(article, " the conditions of the claim", "</p>");
        assert!(voters.contains("% interval"), "{}: {voters}", claim.id);
        let counts = format!("In {} of 1,000 ", claim.votes.in_favour);
        assert!(article.contains(&counts), "{}: no '{counts}'", claim.id);
        assert!(article.contains(&format!("in {} their mirror is", claim.votes.against)), "{}", claim.id);
    }
}

#[test]
fn every_verdict_has_a_sentence_of_its_own() {
    let mut headlines: Vec<String> = Vec::new();
    for verdict in [
        Verdict::Holds,
        Verdict::LeansFor,
        Verdict::Contested,
        Verdict::LeansAgainst,
        Verdict::Fails,
        Verdict::BuiltIn,
        Verdict::Undefined,
        Verdict::NotYetDecidable,
    ] {
        let mut brief = sample::brief(1.0);
        brief.claims[0].verdict = verdict;
        brief.claims[0].depends_on.clear();
        let page = page(&brief, Language::English);
        headlines.push(between(article(&page, "C1"), "<p class=\"headline\">", "</p>").to_string());
    }
    for (index, headline) in headlines.iter().enumerate() {
        assert!(!headlines[..index].contains(headline), "twice: {headline}");
    }
}

#[test]
fn a_claim_that_depends_on_one_input_says_so_first() {
    let brief = sample::brief(1.0);
    let page = page(&brief, Language::English);
    let headline = between(article(&page, "C4"), "<p class=\"headline\">", "</p>");
    assert!(headline.starts_with("It depends on licence flow cbc."), "{headline}");
}

#[test]
fn an_undecided_claim_says_what_it_needs_beside_the_numbers_that_there_are() {
    let brief = sample::brief(1.0);
    assert_eq!(brief.claim(ClaimId::C7).unwrap().verdict, Verdict::NotYetDecidable);
    let page = page(&brief, Language::English);
    let article = article(&page, "C7");
    assert!(article.contains("Not yet decidable: needs the mechanism behind"), "{article}");
    assert!(article.contains("the conditions of the claim are met"));
}

#[test]
fn nothing_in_the_page_asks_for_anything() {
    for language in Language::ALL {
        let page = page(&sample::brief(1.0), language);
        for asking in ["<script", "src=", "@import", "url(", "<iframe", "<object", "<embed", "http://", "https://"] {
            assert!(!page.contains(asking), "{asking}");
        }
        for link in page.split("href=\"").skip(1) {
            assert!(link.starts_with('#') || link.starts_with("data:,\""), "{}", &link[..link.len().min(40)]);
        }
    }
}

#[test]
fn the_page_is_well_formed_and_every_anchor_has_its_place_once() {
    for language in Language::ALL {
        let page = page(&sample::brief(1.0), language);
        check_balance(&page);
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id stands twice");
        for link in page.split("href=\"#").skip(1) {
            let anchor = link.split('"').next().unwrap();
            assert!(ids.contains(&anchor), "#{anchor} leads nowhere");
        }
    }
}

/// Puts a hostile text wherever a user's words can get.
fn poisoned() -> Brief {
    const POISON: &str = "<script>alert('x')</script>\" onload=\"x";
    let mut brief = sample::brief(1.0);
    brief.scenario.name = POISON.into();
    brief.scenario.changed = vec![(POISON.into(), POISON.into())];
    brief.scenario.policies[0].id = POISON.into();
    brief.scenario.policies[0].title = POISON.into();
    brief.trajectories.policies[0].id = POISON.into();
    brief.trajectories.blocs[0] = POISON.into();
    brief.assumptions[0].id = POISON.into();
    brief.assumptions[0].source = POISON.into();
    brief.assumptions[0].unit = POISON.into();
    brief.chips.rows[0].name = POISON.into();
    brief.chips.rows[0].origin = POISON.into();
    brief.claims[0].camps[1].name = Some(POISON.into());
    brief.claims[0].counter_case.codes = vec![POISON.into()];
    brief.claims[0].needs = Some(vec![POISON.into()]);
    brief.limits[0].code = POISON.into();
    brief.fit[0].id = POISON.into();
    brief.accounts[0].lines[0].item = POISON.into();
    brief.hashes.insert(POISON.into(), POISON.into());
    brief
}

#[test]
fn hostile_names_are_shown_and_never_run() {
    for language in Language::ALL {
        let page = page(&poisoned(), language);
        assert!(page.contains("&lt;script&gt;"), "the name is shown");
        assert!(!page.contains("<script") && !page.contains("\" onload"), "and escaped");
        check_balance(&page);
    }
}

#[test]
fn numbers_that_are_not_finite_never_reach_the_page() {
    let mut brief = sample::brief(1.0);
    for policy in &mut brief.trajectories.policies {
        for series in &mut policy.series {
            series.p50[3] = f64::NAN;
            series.p50[5] = f64::INFINITY;
            if let Some(low) = &mut series.p5 {
                low[7] = f64::NEG_INFINITY;
            }
            series.p95 = None;
        }
    }
    for claim in &mut brief.claims {
        for metric in claim.metrics.values_mut() {
            metric.p50 = Some(f64::NAN);
            metric.p95 = Some(f64::INFINITY);
        }
        claim.thresholds.insert("holds_share".into(), f64::NAN);
    }
    for chip in &mut brief.chips.rows {
        chip.training_ratio = f64::NAN;
        chip.inference_ratio = Some(f64::INFINITY);
    }
    for point in brief.fit.iter_mut().flat_map(|series| &mut series.points) {
        point.p50 = f64::NAN;
        point.observed_low = Some(f64::NAN);
    }
    brief.assumptions[0].central = f64::NAN;
    let page = page(&brief, Language::English);
    let body = &page[page.find("<body>").unwrap()..];
    assert!(!body.contains("NaN"), "NaN at: {}", &body[body.find("NaN").unwrap().saturating_sub(200)..][..240]);
    // `inf` as a number is a word of its own; `inference` is none.
    let words = body.split(|c: char| !c.is_ascii_alphabetic());
    assert_eq!(words.filter(|word| *word == "inf").count(), 0);
    check_balance(&page);
}

#[test]
fn a_run_that_kept_nothing_still_makes_a_page() {
    let mut brief = sample::brief(1.0);
    brief.claims.clear();
    brief.trajectories.policies.clear();
    brief.trajectories.quarters.clear();
    brief.chips.rows.clear();
    brief.fit.clear();
    brief.assumptions.clear();
    brief.accounts.clear();
    brief.limits.clear();
    brief.hashes.clear();
    for language in Language::ALL {
        let page = page(&brief, language);
        check_balance(&page);
        assert!(page.contains(language.find("page.no_data").unwrap()));
    }
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    assert_eq!(page(&sample::brief(0.3), Language::English), page(&sample::brief(0.3), Language::English));
}

#[test]
fn both_languages_show_the_same_numbers_of_charts_and_tables() {
    let brief = sample::brief(1.0);
    let [english, chinese] = Language::ALL.map(|language| page(&brief, language));
    for mark in ["<svg", "<table", "<figure", "<article"] {
        assert_eq!(english.matches(mark).count(), chinese.matches(mark).count(), "{mark}");
    }
}

#[test]
fn the_check_without_the_mechanism_says_whether_it_goes_the_same_way() {
    let said = |real: Verdict, without: Verdict| {
        let mut brief = sample::brief(1.0);
        brief.claims[0].verdict = real;
        brief.claims[0].verdict_by_votes = real;
        let check = brief.claims[0].built_in.as_mut().unwrap();
        (check.verdict, check.same_verdict) = (without, false);
        let page = page(&brief, Language::English);
        article(&page, "C1").to_string()
    };
    assert!(said(Verdict::Holds, Verdict::Fails).contains("does not go the same way"));
    assert!(said(Verdict::Fails, Verdict::Fails).contains("that is what switching it off must give"));
    assert!(said(Verdict::Contested, Verdict::Contested).contains("takes no side with the mechanism or without it"));
}
