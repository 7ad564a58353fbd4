//! One row of a case file: an item, a query and what is expected.

use facts::Chip;
use std::str::FromStr;
use units::{Confidence, Date, Problem, Problems};

use crate::{
    Figure, Item, Outcome, Query, RuleBook,
    item::ItemSource,
    sheet::{Row, Sheet},
};

/// Far above any figure of a chip or a rack (a TPP of 1e6 is a rack of 2026), whatever its unit.
const MOST: f64 = 1e12;

/// A row, read.
pub struct Case {
    pub id: String,
    pub item: Item,
    pub query: Query,
    pub expected_outcome: Option<Outcome>,
    pub expected_class: Option<String>,
}

/// A row being read.
pub struct Reader<'a> {
    pub sheet: &'a Sheet,
    pub row: Row<'a>,
    pub file: &'a str,
    pub problems: &'a mut Problems,
}

impl<'a> Reader<'a> {
    /// The case, or nothing where a problem was noted.
    pub fn case(&mut self, chip: &dyn Fn(&str) -> Result<Chip, Problem>, book: &RuleBook) -> Option<Case> {
        let before = self.problems.0.len();
        let id = self.wanted("case_id");
        let item = self.item(chip);
        let query = self.query(book);
        let expected_outcome = self.parsed("expected_outcome");
        let expected_class = self.row.get("expected_class").map(str::to_string);
        (self.problems.0.len() == before).then_some(())?;
        Some(Case { id: id?.to_string(), item: item?, query: query?, expected_outcome, expected_class })
    }

    fn item(&mut self, chip: &dyn Fn(&str) -> Result<Chip, Problem>) -> Option<Item> {
        let mut item = match self.wanted("chip_id")? {
            "hbm" => return Some(self.memory_stack()),
            "synthetic" => synthetic(),
            id => match chip(id) {
                Ok(chip) => Item::from_chip(&chip),
                Err(problem) => {
                    self.note("chip_id", problem);
                    return None;
                }
            },
        };
        // A column that is there speaks for the chip, also where it is blank: the figure is then unknown.
        let sram = item.dram_bw_gb_per_s == Figure::Known(0.0);
        for (column, figure) in [
            ("tpp", &mut item.tpp),
            ("pd", &mut item.performance_density),
            ("io_GBs", &mut item.io_gb_per_s),
            ("dram_bw_GBs", &mut item.dram_bw_gb_per_s),
        ] {
            let no_dram = column == "dram_bw_GBs" && sram;
            if self.sheet.has(column) && !no_dram {
                *figure = self.figure(column);
            }
        }
        if self.sheet.has("datacenter") {
            item.datacenter = self.yes_no("datacenter").unwrap_or(true);
        }
        for (column, word) in [("vendor", &mut item.vendor), ("kind", &mut item.kind), ("origin", &mut item.origin)] {
            if let Some(given) = self.row.get(column) {
                *word = given.to_string();
            }
        }
        item.source = ItemSource::File;
        Some(item)
    }

    fn memory_stack(&mut self) -> Item {
        let density = match (self.figure("hbm_GBs"), self.figure("hbm_mm2")) {
            (Figure::Known(bandwidth), Figure::Known(area)) if area > 0.0 => Figure::Known(bandwidth / area),
            _ => Figure::Unknown,
        };
        Item::memory_stack(self.row.get("chip_name").unwrap_or("HBM"), density)
    }

    fn query(&mut self, book: &RuleBook) -> Option<Query> {
        const AT_HOME_IN_D5: &str = "(HQ in D:5)";
        let destination = self.wanted("destination")?;
        let (to, in_d5) = match destination.strip_suffix(AT_HOME_IN_D5) {
            Some(to) => (to.trim(), true),
            None => (destination, false),
        };
        let snapshot = match self.row.get("snapshot").map(|id| book.snapshot(id)) {
            Some(Err(problem)) => {
                self.note("snapshot", problem);
                return None;
            }
            Some(Ok(snapshot)) => Some(snapshot),
            None => None,
        };
        let on = match (self.row.get("date"), snapshot) {
            (None, Some(snapshot)) => snapshot.date,
            _ => self.date("date")?,
        };
        // Any D:5 country will do for the headquarters: only membership is asked for.
        let headquarters = self.row.get("headquartered_in").or(in_d5.then_some("CN"));
        Some(Query {
            to: to.to_string(),
            on,
            headquartered_in: headquarters.map(str::to_string),
            reexport: self.yes_no("exported_from_us") == Some(false),
            snapshot: snapshot.map(|snapshot| snapshot.id.clone()),
        })
    }

    fn date(&mut self, column: &'static str) -> Option<Date> {
        let text = self.wanted(column)?;
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        if date.is_none() {
            self.note(column, Problem::new("bad_date", format!("'{text}' is no day; write it as 2026-01-15")));
        }
        date
    }

    /// A number from 0 up, or unknown where the cell is blank.
    fn figure(&mut self, column: &'static str) -> Figure {
        let Some(text) = self.row.get(column) else { return Figure::Unknown };
        match text.parse::<f64>() {
            Ok(value) if (0.0..=MOST).contains(&value) => Figure::Known(value),
            _ => {
                self.note(column, Problem::new("bad_number", format!("'{text}' is no number from 0 to {MOST:e}")));
                Figure::Unknown
            }
        }
    }

    fn yes_no(&mut self, column: &'static str) -> Option<bool> {
        match self.row.get(column)? {
            "yes" => Some(true),
            "no" => Some(false),
            other => {
                self.note(column, Problem::new("bad_yes_no", format!("'{other}' is neither yes nor no")));
                None
            }
        }
    }

    fn parsed<T: FromStr<Err = Problem>>(&mut self, column: &'static str) -> Option<T> {
        self.row.get(column)?.parse().map_err(|problem| self.note(column, problem)).ok()
    }

    fn wanted(&mut self, column: &'static str) -> Option<&'a str> {
        let cell = self.row.get(column);
        if cell.is_none() {
            self.note(column, Problem::new("missing_value", format!("'{column}' is blank")));
        }
        cell
    }

    fn note(&mut self, column: &'static str, problem: Problem) {
        self.problems.push(problem.file(self.file).line(self.row.line).key(column));
    }
}

/// A chip that does not exist, to stand at a threshold; it counts as an addressee of the letters.
fn synthetic() -> Item {
    Item {
        id: "synthetic".into(),
        name: "synthetic".into(),
        vendor: "NVIDIA".into(),
        kind: "gpu".into(),
        origin: "US".into(),
        tpp: Figure::Unknown,
        tpp_dtype: None,
        performance_density: Figure::Unknown,
        die_area_mm2: None,
        io_gb_per_s: Figure::Unknown,
        dram_bw_gb_per_s: Figure::Unknown,
        hbm_density: Figure::Inapplicable,
        transistors_b: Figure::Unknown,
        has_hbm: false,
        datacenter: true,
        source: ItemSource::File,
        confidence: Confidence::High,
    }
}
