//! Quantities on the command line: always with their unit, never negative, never NaN.

/// The least and the greatest number that anything typed can mean, whatever its unit.
const LEAST: f64 = 1e-12;
const MOST: f64 = 1e15;

/// A finite number above zero that is not absurd.
///
/// # Errors
/// A sentence for the user.
pub fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.trim().parse().map_err(|_| format!("'{text}' is not a number"))?;
    if value.is_finite() && (LEAST..=MOST).contains(&value) {
        Ok(value)
    } else {
        Err(format!("'{text}' is out of range; a number above 0 is wanted, from {LEAST:e} to {MOST:e}"))
    }
}

/// A whole number above zero that is not absurd.
///
/// # Errors
/// A sentence for the user.
pub fn count(text: &str) -> Result<u64, String> {
    let value: u64 =
        text.trim().replace('_', "").parse().map_err(|_| format!("'{text}' is not a whole number above 0"))?;
    if (1..=1_000_000_000).contains(&value) {
        Ok(value)
    } else {
        Err(format!("'{text}' must be between 1 and 1,000,000,000"))
    }
}

/// A whole number from 0 up: a seed, a number of images.
///
/// # Errors
/// A sentence for the user.
pub fn whole(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("'{text}' is not a whole number from 0 to {}", u64::MAX))
}

/// A duration with its unit: `2s`, `50ms`, `800us` [s].
///
/// # Errors
/// A sentence for the user, above all where the unit is missing.
pub fn duration_s(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let number = text.trim_end_matches(|letter: char| letter.is_alphabetic());
    let factor = match &text[number.len()..] {
        "s" => 1.0,
        "ms" => 1e-3,
        "us" => 1e-6,
        "" => return Err(format!("'{text}' has no unit; write {text}s or {text}ms")),
        unit => return Err(format!("'{unit}' in '{text}' is not a unit of time; use s, ms or us")),
    };
    Ok(positive(number)? * factor)
}

/// A rate of requests with its unit: `12/s`, `700/min`, `1e6/h` [requests/s].
///
/// # Errors
/// A sentence for the user, above all where the unit is missing.
pub fn rate_per_s(text: &str) -> Result<f64, String> {
    let Some((number, unit)) = text.trim().split_once('/') else {
        return Err(format!("'{text}' has no unit; write {text}/s, {text}/min or {text}/h"));
    };
    let seconds = match unit.trim() {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        "day" => 86_400.0,
        _ => return Err(format!("'/{unit}' is not a unit of rate; use /s, /min, /h or /day")),
    };
    Ok(positive(number)? / seconds)
}

/// The size of an image: `1024x768` [pixels].
///
/// # Errors
/// A sentence for the user.
pub fn image_size(text: &str) -> Result<(u64, u64), String> {
    let bad = || format!("'{text}' is not an image size; write it as 1024x768 (pixels)");
    let (width, height) = text.trim().split_once('x').ok_or_else(bad)?;
    let side = |text: &str| text.parse::<u64>().ok().filter(|side| (1..=65_536).contains(side)).ok_or_else(bad);
    Ok((side(width)?, side(height)?))
}

/// A day: `2026-01-20`.
///
/// # Errors
/// A sentence for the user.
pub fn day(text: &str) -> Result<units::Date, String> {
    text.trim().parse().map_err(|_| format!("'{text}' is not a date; write it as 2026-01-20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_wanted_and_converted() {
        assert_eq!(duration_s("50ms"), Ok(0.05));
        assert_eq!(rate_per_s("720/min"), Ok(12.0));
        assert!(duration_s("50").unwrap_err().contains("no unit"));
        assert!(duration_s("2parsec").unwrap_err().contains("'parsec'"));
        assert!(duration_s("1ns").unwrap_err().contains("'ns' in '1ns' is not a unit of time"));
        assert!(rate_per_s("12").unwrap_err().contains("no unit"));
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for text in ["NaN", "inf", "-1", "0", "", "1e400", "1e18", "1e-300", "x"] {
            assert!(positive(text).is_err(), "{text}");
        }
        assert!(positive("1e18").unwrap_err().contains("1e15"), "the limit is said");
        assert!(whole("1e5").unwrap_err().contains("whole number") && whole("0").is_ok());
        for text in ["0x5", "5", "5x", "99999999x1", "-1x1"] {
            assert!(image_size(text).is_err(), "{text}");
        }
        assert!(count("0").is_err() && count("-3").is_err() && count("8").is_ok());
        assert!(day("2026-13-01").is_err() && day("2026-01-20").is_ok());
    }
}
