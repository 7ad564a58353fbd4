//! Countries between which no rule distinguishes, so that a question need only be asked about one of them.

use std::collections::BTreeSet;

use super::RuleBook;
use crate::{Iso2, predicate::Predicate, rule::Destination};

impl RuleBook {
    /// For each country, the index of the first one in the list that has the same [`RuleBook::outcome`] for every item
    /// on every day: both are in the same lists, and neither is named by any destination or condition.
    pub fn alike(&self, countries: &[Iso2]) -> Vec<usize> {
        let named = self.named_countries();
        let seen: Vec<(Option<Iso2>, Vec<bool>)> = countries
            .iter()
            .map(|country| {
                let country = country.under_the_rules();
                let lists = self.groups.memberships(country).collect();
                (named.contains(&country).then_some(country), lists)
            })
            .collect();
        seen.iter().map(|one| seen.iter().position(|other| other == one).unwrap_or_default()).collect()
    }

    /// Every country that a rule names outside the groups; Macau is named by the headquarters rule itself.
    fn named_countries(&self) -> BTreeSet<Iso2> {
        let mut named = BTreeSet::from([Iso2::MACAU]);
        for rule in &self.rules {
            let blocks = rule.licences.iter().flat_map(|block| block.item.iter().chain(&block.when));
            let conditions = rule.classes.iter().map(|class| &class.predicate).chain(blocks);
            named.extend(conditions.flat_map(Predicate::countries));
            named.extend(rule.licences.iter().flat_map(|block| &block.destinations).filter_map(|to| match to {
                Destination::Country(country) => Some(*country),
                Destination::Anywhere | Destination::Group(_) | Destination::GroupWithoutAllies(_) => None,
            }));
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Item;
    use units::Date;

    fn country(code: &str) -> Iso2 {
        Iso2::new(code).expect("a code")
    }

    #[test]
    fn countries_in_the_same_lists_are_alike_and_those_that_a_rule_names_stand_alone() {
        let codes = ["DE", "FR", "CN", "HK", "MO", "SG", "AE"].map(country);
        let alike = RuleBook::builtin().alike(&codes);
        assert_eq!((alike[0], alike[1]), (0, 0), "Germany and France are in the same lists");
        assert_eq!((alike[2], alike[3]), (2, 2), "Hong Kong is China under the rules");
        assert_eq!(alike[4], 4, "Macau is in the headquarters rule");
    }

    #[test]
    fn alike_countries_get_the_same_outcome_on_every_day_that_a_rule_begins_or_ends() {
        let book = RuleBook::builtin();
        let countries: Vec<Iso2> =
            ["DE", "FR", "JP", "PL", "CN", "MO", "IN", "BR", "AE", "SA", "SG", "IL", "MX", "CH", "TW", "ZA", "VN"]
                .map(country)
                .into();
        let alike = book.alike(&countries);
        assert!(alike.iter().collect::<BTreeSet<_>>().len() < countries.len());
        let mut item = Item::memory_stack("HBM2E", crate::Figure::Known(460.0 / 110.0));
        let days: BTreeSet<Date> =
            book.rules.iter().flat_map(|rule| [Some(rule.effective), rule.end]).flatten().collect();
        for tpp in [0.0, 2000.0, 4000.0, 8000.0] {
            item.tpp = crate::Figure::Known(tpp);
            item.kind = if tpp > 0.0 { "gpu".into() } else { item.kind };
            for day in &days {
                for (country, first) in countries.iter().zip(&alike) {
                    assert_eq!(
                        book.outcome(&item, *country, *day),
                        book.outcome(&item, countries[*first], *day),
                        "{country} and {} on {day}",
                        countries[*first]
                    );
                }
            }
        }
    }
}
