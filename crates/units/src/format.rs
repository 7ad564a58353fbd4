//! Numbers for people: few digits, SI prefixes, money.

/// A number with `digits` significant digits and no exponent where it is of ordinary size.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..15).contains(&magnitude) {
        return format!("{value:.*e}", digits.saturating_sub(1));
    }
    let decimals = (digits as i32 - 1 - magnitude).max(0) as usize;
    let rounded = format!("{value:.decimals$}");
    // Rounding may carry into a new digit (9.99 -> 10.0): then one decimal too many is shown, so round again.
    let again = rounded.parse::<f64>().unwrap_or(value).abs().log10().floor() as i32;
    let text = if again > magnitude && decimals > 0 { format!("{value:.*}", decimals - 1) } else { rounded };
    thousands(&text)
}

/// A number with an SI prefix, such as `3.35 T` for 3.35e12; the caller adds the unit.
pub fn si(value: f64) -> String {
    const PREFIXES: [(f64, &str); 7] =
        [(1e24, "Y"), (1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")];
    for (size, prefix) in PREFIXES {
        if value.abs() >= size {
            return format!("{} {prefix}", significant(value / size, 3));
        }
    }
    if value.abs() >= 1e4 {
        format!("{} k", significant(value / 1e3, 3))
    } else {
        format!("{} ", significant(value, 3))
    }
}

/// Dollars: `$0.042`, `$1.27`, `$12,300`.
pub fn usd(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let value = value.abs();
    if value >= 100.0 {
        format!("{sign}${}", thousands(&format!("{value:.0}")))
    } else {
        format!("{sign}${}", significant(value, 3))
    }
}

/// Seconds: `812 us`, `23.4 ms`, `1.20 s`.
pub fn seconds(value: f64) -> String {
    if value < 1e-3 {
        format!("{} us", significant(value * 1e6, 3))
    } else if value < 1.0 {
        format!("{} ms", significant(value * 1e3, 3))
    } else {
        format!("{} s", significant(value, 3))
    }
}

/// A fraction as a percentage: `12.3 %`.
pub fn percent(fraction: f64) -> String {
    format!("{:.1} %", fraction * 100.0)
}

/// Commas between thousands in the whole part of a decimal number.
fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(significant(1234.5, 3), "1,234");
        assert_eq!(significant(9.999, 3), "10.0");
        assert_eq!(significant(0.012_345, 3), "0.0123");
        assert_eq!(si(3.35e12), "3.35 T");
        assert_eq!(usd(-12_345.6), "-$12,346");
        assert_eq!(seconds(0.0234), "23.4 ms");
        assert_eq!(percent(0.1234), "12.3 %");
    }
}
