//! Blocs: a partition of the world's countries.

use units::{Problem, Problems};

/// The most blocs of a run: state is kept in arrays of this length.
pub const MAX_BLOCS: usize = 8;

/// One bloc of a partition, as a scenario names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlocSpec {
    /// Its name, such as `us`.
    pub name: String,
    /// Countries [ISO 3166 alpha-2]; `*` = all that no other bloc names.
    pub countries: Vec<String>,
}

impl BlocSpec {
    /// The default partition: `us`, `china` (with Hong Kong and Macau), `rest`.
    pub fn default_partition() -> Vec<Self> {
        let bloc = |name: &str, countries: &[&str]| Self {
            name: name.into(),
            countries: countries.iter().map(ToString::to_string).collect(),
        };
        vec![bloc("us", &["US"]), bloc("china", &["CN", "HK", "MO"]), bloc("rest", &["*"])]
    }

    /// Checks a partition: one to [`MAX_BLOCS`] blocs, distinct names, no country in two, exactly one `*`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(blocs: &[Self]) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut problem = |message: String| problems.push(Problem::new("bad_blocs", message).key("blocs"));
        if blocs.is_empty() || blocs.len() > MAX_BLOCS {
            problem(format!("there are {} blocs; between 1 and {MAX_BLOCS} are simulated", blocs.len()));
        }
        for (index, bloc) in blocs.iter().enumerate() {
            if blocs[..index].iter().any(|other| other.name == bloc.name) {
                problem(format!("the bloc '{}' stands twice", bloc.name));
            }
            for country in &bloc.countries {
                let at = |other: &Self| other.countries.contains(country);
                if let Some(other) = blocs[..index].iter().find(|other| at(other)) {
                    problem(format!("'{country}' is in two blocs, '{}' and '{}'", other.name, bloc.name));
                }
            }
        }
        if !blocs.iter().any(|bloc| bloc.countries.iter().any(|country| country == "*")) {
            problem("no bloc holds '*', so some countries are in none".into());
        }
        problems.check(())
    }
}
