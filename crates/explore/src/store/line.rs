//! One run as a line of the table, there and back.

use std::fmt::Write;

use super::Manifest;

/// A run as it goes into the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its text: number, inputs, outputs (nothing where it failed), and why it failed.
    pub text: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

impl Manifest {
    /// The line of a run. Numbers are in their shortest form that reads back to the same bits.
    pub fn line(&self, run: u64, inputs: &[f64], outcome: Result<&[f64], &str>) -> Line {
        let mut text = String::with_capacity(16 + 20 * (inputs.len() + self.width()));
        let _ = write!(text, "{run}");
        for value in inputs {
            number(&mut text, *value);
        }
        match outcome {
            Ok(outputs) => {
                for value in outputs {
                    number(&mut text, *value);
                }
                text.push(',');
            }
            Err(reason) => {
                text.extend(std::iter::repeat_n(',', self.width() + 1));
                quoted(&mut text, reason);
            }
        }
        text.push('\n');
        Line { text, failure: outcome.err().map(str::to_string) }
    }
}

/// A number with so many significant digits, for results that are not worth more and tables that are long.
///
/// # Examples
/// ```
/// assert_eq!(explore::store::rounded(123.456789, 5), 123.46);
/// ```
pub fn rounded(value: f64, digits: usize) -> f64 {
    // By way of text, so that the nearest number to the digits comes out, whose shortest form is those digits.
    format!("{value:.*e}", digits.max(1) - 1).parse().unwrap_or(value)
}

fn number(text: &mut String, value: f64) {
    text.push(',');
    let size = value.abs();
    let _ =
        if value == 0.0 || (1e-5..1e16).contains(&size) { write!(text, "{value}") } else { write!(text, "{value:e}") };
}

/// A reason in quotes, on one line whatever it holds.
fn quoted(text: &mut String, reason: &str) {
    text.push('"');
    for letter in reason.chars() {
        match letter {
            '"' => text.push_str("\"\""),
            letter if letter.is_control() => text.push(' '),
            letter => text.push(letter),
        }
    }
    text.push('"');
}

/// What a line says.
pub(super) struct Parsed<'a> {
    pub run: u64,
    /// Inputs, then outputs; as many as there are columns, empty where a run failed.
    pub fields: std::str::Split<'a, char>,
    /// Why it failed.
    pub failure: Option<String>,
}

/// Reads a line without its end; `columns` counts inputs and outputs together.
pub(super) fn parse(line: &str, columns: usize) -> Option<Parsed<'_>> {
    // The reason is last and may hold commas: cut it off first.
    let at = line.match_indices(',').nth(columns).map(|(at, _)| at)?;
    let (numbers, failure) = (&line[..at], &line[at + 1..]);
    let failure = match failure {
        "" => None,
        quoted => Some(quoted.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\"")),
    };
    let mut fields = numbers.split(',');
    let run = fields.next()?.parse().ok()?;
    Some(Parsed { run, fields, failure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        design::{Kind, Scheme},
        store::{Input, Output},
    };
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn manifest(inputs: usize, outputs: usize) -> Manifest {
        let unit = String::new;
        Manifest {
            schema: Manifest::SCHEMA.into(),
            design: Scheme::fit(Kind::MonteCarlo, 1, inputs as u32, 1).unwrap(),
            shard: None,
            inputs: (0..inputs)
                .map(|index| Input { name: format!("x{index}"), unit: unit(), distribution: None, levels: Vec::new() })
                .collect(),
            alternatives: Vec::new(),
            outputs: (0..outputs).map(|index| Output { name: format!("y{index}"), unit: unit() }).collect(),
            about: BTreeMap::new(),
        }
    }

    proptest! {
        #[test]
        fn a_line_reads_back_to_the_same_bits(
            run: u64, inputs in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 0..5),
            outputs in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 0..5),
        ) {
            let written = manifest(inputs.len(), outputs.len()).line(run, &inputs, Ok(&outputs)).text;
            let parsed = parse(written.strip_suffix('\n').unwrap(), inputs.len() + outputs.len()).unwrap();
            let read: Vec<f64> = parsed.fields.map(|field| field.parse().unwrap()).collect();
            prop_assert_eq!((parsed.run, parsed.failure), (run, None));
            prop_assert_eq!(read, [inputs, outputs].concat());
        }

        #[test]
        fn a_failed_run_keeps_its_reason_on_one_line(reason in ".+") {
            let written = manifest(1, 2).line(7, &[1.5], Err(&reason)).text;
            prop_assert_eq!(written.matches('\n').count(), 1);
            let parsed = parse(written.strip_suffix('\n').unwrap(), 3).unwrap();
            let kept: String = reason.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
            prop_assert_eq!(parsed.failure, Some(kept));
            prop_assert_eq!(parsed.fields.collect::<Vec<_>>(), ["1.5", "", ""]);
        }

        #[test]
        fn a_rounded_number_is_written_with_no_more_digits(value in prop::num::f64::NORMAL, digits in 1usize..12) {
            let shown = format!("{:e}", rounded(value, digits));
            let mantissa = shown.split('e').next().unwrap();
            prop_assert!(mantissa.chars().filter(char::is_ascii_digit).count() <= digits, "{shown}");
            prop_assert!((rounded(value, digits) / value - 1.0).abs() <= 0.5 * 10f64.powi(1 - digits as i32));
        }
    }

    #[test]
    fn numbers_are_short() {
        let line = manifest(2, 3).line(3, &[0.1, -2.0], Ok(&[1e22, 1.5e-9, 1234.5]));
        assert_eq!(line.text, "3,0.1,-2,1e22,1.5e-9,1234.5,\n");
    }
}
