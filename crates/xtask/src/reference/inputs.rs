//! `inputs.md`: the uncertain inputs of `data/inputs.csv`.

use std::{fmt::Write, path::Path};

use units::read_text;

use super::{cell, head};
use crate::failure::Failure;

const FILE: &str = "data/inputs.csv";
const INTRODUCTION: &str = "
Low, central and high are the ends and the mode of a triangle, or the 5 %, 50 % and 95 % points of a normal or
lognormal distribution. An input with a camp stands once for each camp; camps are run one at a time and never
averaged; the default one is in bold. *Read by* names the equations and the claims. Set an input in a scenario as
`[inputs.KEY]`, or on the command line with `--set inputs.KEY=VALUE`.

| key | what | unit | distribution | low | central | high | camp | read by | kind | confidence | source |
|---|---|---|---|--:|--:|--:|---|---|---|---|---|
";

pub fn page(root: &Path) -> Result<String, Failure> {
    let text = read_text(&root.join(FILE))?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    let mut page = head("Inputs", &format!("`{FILE}`")) + INTRODUCTION;
    for record in reader.records() {
        let record = record?;
        let field = |name: &str| {
            names.iter().position(|known| known == name).and_then(|index| record.get(index)).unwrap_or_default()
        };
        let camp = match (field("camp"), field("camp_default")) {
            (camp, "yes") => format!("**{camp}**"),
            (camp, _) => camp.to_string(),
        };
        let read_by = [field("equation"), field("mechanism")].join(" ").replace('|', ", ");
        let cells = [
            field("title"),
            field("unit"),
            field("dist"),
            field("low"),
            field("central"),
            field("high"),
            &camp,
            &read_by,
            field("kind"),
            field("confidence"),
            field("source"),
        ];
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        writeln!(page, "| `{}` | {} |", field("key"), cells.join(" | "))?;
    }
    Ok(page)
}
