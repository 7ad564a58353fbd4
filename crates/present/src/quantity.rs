//! Numbers with their units, as a reader wants them: `23.4 %`, `$50.0 bn a year`, `3.35 TB/s`.

use units::format;

use crate::Language;

/// What is written where there is no number.
pub const DASH: &str = "\u{2013}";

/// How a unit of the contracts is written.
enum Kind {
    /// A share of one, written in per cent.
    Share,
    /// A difference of shares, written in percentage points.
    ShareDifference,
    /// Percentage points as they are.
    Points,
    /// 1 for yes, 0 for no.
    Truth,
    /// Dollars, with what they are per.
    Money(&'static str),
    /// Seconds, in the unit that suits their size.
    Seconds,
    /// A number with an SI prefix and a symbol.
    Si(&'static str),
    /// A plain number, with the key of the word behind it (empty for none).
    Plain(&'static str),
    /// Not known here: the number and the unit as given.
    Other,
}

/// Units are compared in the spelling of the contract's suffixes.
fn kind(unit: &str) -> Kind {
    let unit = unit.trim().to_ascii_lowercase().replace('/', "_per_").replace([' ', '-'], "_");
    match unit.as_str() {
        "fraction" | "share" | "fraction_per_year" => Kind::Share,
        "fraction_points" => Kind::ShareDifference,
        "points" | "pp" | "percentage_points" => Kind::Points,
        "yes_1_no_0" => Kind::Truth,
        "usd" => Kind::Money(""),
        "usd_per_year" => Kind::Money("unit.a_year"),
        "usd_per_month" => Kind::Money("unit.a_month"),
        "usd_per_quarter" => Kind::Money("unit.a_quarter"),
        "usd_per_mtok" | "usd_per_million_tokens" => Kind::Money("unit.per_mtok"),
        "usd_per_hour" | "usd_per_chip_hour" => Kind::Money("unit.an_hour"),
        "usd_per_chip" => Kind::Money("unit.per_chip"),
        "usd_per_kwh" => Kind::Money("unit.per_kwh"),
        "1_per_year" | "ratio_per_year" => Kind::Plain("unit.a_year"),
        "usd_per_w" => Kind::Money("unit.per_watt"),
        "usd_per_head" | "usd_per_person" | "usd_per_capita" => Kind::Money("unit.per_head"),
        "flop_per_s" | "flops" | "flop_per_second" => Kind::Si("FLOP/s"),
        "flop" => Kind::Si("FLOP"),
        "byte_per_s" | "bytes_per_s" | "b_per_s" => Kind::Si("B/s"),
        "bytes" | "byte" => Kind::Si("B"),
        "tok_per_s" | "token_per_s" | "tokens_per_s" => Kind::Si("tok/s"),
        "tok_per_usd" | "tokens_per_usd" => Kind::Si("tok/$"),
        "tok" | "tokens" | "token" => Kind::Si("tok"),
        "tok_per_month" | "tokens_per_month" => Kind::Si("tok/mo"),
        "s" | "seconds" => Kind::Seconds,
        "op_per_s" => Kind::Si("op/s"),
        "w" | "watt" | "watts" => Kind::Si("W"),
        "chips" | "chip" | "units" | "packages" => Kind::Plain("unit.chips"),
        "chips_per_quarter" | "units_per_quarter" => Kind::Plain("unit.chips_per_quarter"),
        "months" | "month" => Kind::Plain("unit.months"),
        "quarters" | "quarter" => Kind::Plain("unit.quarters"),
        "years" | "year" => Kind::Plain("unit.years"),
        "ratio"
        | "factor"
        | ""
        | "1"
        | "count"
        | "models"
        | "index"
        | "ln"
        | "level"
        | "ln_units"
        | "ln_units_per_1e9_usd"
        | "scaled_0_to_1"
        | "usd_or_chips"
        | "futures"
        | "dates"
        | "draws"
        | "volumes"
        | "providers"
        | "camps"
        | "exponent"
        | "code"
        | "usd_per_usd"
        | "1_per_point"
        | "points_per_usd"
        | "points_per_usd_per_head" => Kind::Plain(""),
        _ => Kind::Other,
    }
}

/// A value with its unit; a dash where it is not finite.
pub fn quantity(value: f64, unit: &str, language: Language) -> String {
    if !value.is_finite() {
        return DASH.into();
    }
    match kind(unit) {
        Kind::Share => format::percent(whole(value, 1000.0)),
        Kind::ShareDifference => {
            format!("{:.1} {}", whole(value, 1000.0) * 100.0, language.text("unit.percentage_points"))
        }
        // What is small but not nothing keeps a digit.
        Kind::Points if value != 0.0 && value.abs() < 0.05 => {
            format!("{} {}", format::significant(value, 1), language.text("unit.points"))
        }
        Kind::Points => format!("{:.1} {}", whole(value, 10.0), language.text("unit.points")),
        Kind::Truth if value >= 0.5 => language.text("unit.yes").into(),
        Kind::Truth => language.text("unit.no").into(),
        Kind::Money(per) => with_word(&money(value, language), per, language),
        Kind::Seconds => format::seconds(value),
        Kind::Si(symbol) => format!("{}{symbol}", format::si(value)),
        Kind::Plain(word) => with_word(&plain(value), word, language),
        Kind::Other => format!("{} {}", plain(value), unit.replace('_', " ")),
    }
}

/// Zero for what would be rounded to it, so that no number is "-0.0"; all else as it is.
fn whole(value: f64, per_step: f64) -> f64 {
    if (value * per_step).round() == 0.0 { 0.0 } else { value }
}

/// A value without the words behind it, for a column whose caption says the unit.
pub fn number(value: f64, unit: &str, language: Language) -> String {
    match kind(unit) {
        Kind::Money(_) if value.is_finite() => money(value, language),
        Kind::Plain(_) if value.is_finite() => plain(value),
        _ => quantity(value, unit, language),
    }
}

/// A value that may be missing.
pub fn maybe(value: Option<f64>, unit: &str, language: Language) -> String {
    value.map_or_else(|| DASH.into(), |value| quantity(value, unit, language))
}

/// A range in one unit, `12.0 % to 15.3 %`; a dash where either end is missing.
pub fn range(low: Option<f64>, high: Option<f64>, unit: &str, language: Language) -> String {
    match low.zip(high) {
        Some((low, high)) if low.is_finite() && high.is_finite() => {
            let (low, high) = (quantity(low, unit, language), quantity(high, unit, language));
            // `5.0 % to 7.0 %` reads well as `5.0 to 7.0 %`: the unit once, where both ends have the same.
            let shared = low.split_once(' ').zip(high.split_once(' ')).filter(|((_, a), (_, b))| a == b);
            let low = shared.map_or(low.as_str(), |((number, _), _)| number);
            language.fill("range", &[("low", low), ("high", &high)])
        }
        _ => DASH.into(),
    }
}

/// A value for an axis: as short as may be, without the words behind it.
pub fn tick(value: f64, unit: &str, language: Language) -> String {
    if !value.is_finite() {
        return DASH.into();
    }
    match kind(unit) {
        Kind::Share | Kind::ShareDifference => format!("{} %", short(value * 100.0)),
        Kind::Points => format!("{} %", short(value)),
        Kind::Truth => quantity(value, unit, language),
        Kind::Money(_) if language == Language::English => money_short(value),
        Kind::Money(_) => money(value, language),
        Kind::Seconds => format::seconds(value),
        Kind::Si(_) => si_short(value),
        Kind::Plain(_) | Kind::Other => {
            if value.abs() >= 1e6 {
                si_short(value)
            } else {
                short(value)
            }
        }
    }
}

/// The unit that an axis stands in, for a caption: `%`, `FLOP/s`.
pub fn symbol(unit: &str, language: Language) -> String {
    match kind(unit) {
        Kind::Share => "%".into(),
        Kind::ShareDifference => language.text("unit.percentage_points").into(),
        Kind::Points => language.text("unit.points").into(),
        Kind::Money(per) => with_word("USD", per, language),
        Kind::Seconds => "s".into(),
        Kind::Si(symbol) => symbol.into(),
        Kind::Truth | Kind::Plain("") => String::new(),
        Kind::Plain(word) => language.text(word).into(),
        Kind::Other => unit.replace('_', " "),
    }
}

/// Dollars in the large numbers that people say: bn and tn, or 亿 and 万亿.
fn money(value: f64, language: Language) -> String {
    let size = value.abs();
    let (divisor, word) = match language {
        Language::English if size >= 1e12 => (1e12, "tn"),
        Language::English if size >= 1e9 => (1e9, "bn"),
        Language::English if size >= 1e6 => (1e6, "m"),
        Language::English => return format::usd(value),
        Language::Chinese if size >= 1e12 => (1e12, "万亿美元"),
        Language::Chinese if size >= 1e8 => (1e8, "亿美元"),
        Language::Chinese if size >= 1e5 => (1e4, "万美元"),
        Language::Chinese => return format!("{} 美元", format::usd(value).replace('$', "")),
    };
    let sign = if value < 0.0 { "-" } else { "" };
    let number = format::significant(size / divisor, 3);
    match language {
        Language::English => format!("{sign}${number} {word}"),
        Language::Chinese => format!("{sign}{number} {word}"),
    }
}

/// Dollars on an axis.
fn money_short(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    for (divisor, word) in [(1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k")] {
        if size >= divisor {
            return format!("{sign}${}{word}", short(size / divisor));
        }
    }
    format!("{sign}${}", short(size))
}

/// Three significant digits; whole numbers up to a million in full.
fn plain(value: f64) -> String {
    if value.abs() < 1e6 && value.fract() == 0.0 {
        return format::significant(value, 1 + value.abs().max(1.0).log10() as usize);
    }
    if value.abs() >= 1e6 { format::si(value).trim_end().to_string() } else { format::significant(value, 3) }
}

/// Up to three significant digits without trailing zeros.
fn short(value: f64) -> String {
    let text = format::significant(value, 3);
    if text.contains('e') || !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// An SI number without trailing zeros: `2.5 T`.
fn si_short(value: f64) -> String {
    let text = format::si(value);
    let (number, prefix) = text.split_once(' ').unwrap_or((&text, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {prefix}").trim_end().to_string()
}

/// A number with the word of a key behind it; an empty key is no word.
fn with_word(number: &str, key: &'static str, language: Language) -> String {
    if key.is_empty() {
        return number.to_string();
    }
    let one = if number == "1" { language.find(&format!("{key}_one")) } else { None };
    format!("{number} {}", one.unwrap_or_else(|| language.text(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_units() {
        let english = |value, unit| quantity(value, unit, Language::English);
        assert_eq!(english(0.1234, "fraction"), "12.3 %");
        assert_eq!(english(5e10, "usd_per_year"), "$50.0 bn a year");
        assert_eq!(english(3.35e12, "byte/s"), "3.35 TB/s");
        assert_eq!(english(2.5e20, "FLOP/s"), "250 EFLOP/s");
        assert_eq!(english(1.4, "ratio"), "1.40");
        assert_eq!(english(12.0, "count"), "12");
        assert_eq!(english(0.42, "usd_per_mtok"), "$0.420 per Mtok");
        assert_eq!(english(f64::NAN, "fraction"), DASH);
        assert_eq!(english(3.0, "furlongs_per_day"), "3 furlongs per day");
        assert_eq!(quantity(5e10, "usd_per_year", Language::Chinese), "500 亿美元 每年");
    }

    #[test]
    fn a_range_says_its_unit_once() {
        assert_eq!(range(Some(0.05), Some(0.07), "fraction", Language::English), "5.0 to 7.0 %");
        assert_eq!(range(Some(1e12), Some(2e15), "flop_per_s", Language::English), "1.00 TFLOP/s to 2.00 PFLOP/s");
        assert_eq!(range(None, Some(1.0), "ratio", Language::English), DASH);
    }

    #[test]
    fn ticks_are_short() {
        assert_eq!(tick(0.25, "fraction", Language::English), "25 %");
        assert_eq!(tick(1e21, "flop_per_s", Language::English), "1 Z");
        assert_eq!(tick(2.5e9, "usd", Language::English), "$2.5 bn");
        assert_eq!(tick(0.001, "usd_per_mtok", Language::English), "$0.001");
    }
}
