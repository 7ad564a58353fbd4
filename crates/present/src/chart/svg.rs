//! The few SVG elements that all charts draw with.

use maud::{Markup, html};

use super::{LETTER, Tone};

/// A coordinate with one decimal, the precision of a screen. What is not finite becomes 0 and cannot be drawn:
/// callers place values with [`super::Scale::at`], which has no place for it.
pub fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.into() }
}

/// Where a text is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// It starts at the place.
    Start,
    /// It is centred on the place.
    Middle,
    /// It ends at the place.
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A text with its baseline at `y`; `class` says what role it has.
pub fn text(x: f64, y: f64, anchor: Anchor, class: &str, words: &str) -> Markup {
    html! { text class=(class) x=(px(x)) y=(px(y)) text-anchor=(anchor.name()) { (words) } }
}

/// A straight line.
pub fn line(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! { line class=(class) x1=(px(from.0)) y1=(px(from.1)) x2=(px(to.0)) y2=(px(to.1)) {} }
}

/// A rectangle of a tone, not narrower than nothing.
pub fn rect(class: &str, tone: Tone, left_top: (f64, f64), size: (f64, f64)) -> Markup {
    html! {
        rect class=(format!("{class} {}", tone.class())) x=(px(left_top.0)) y=(px(left_top.1))
            width=(px(size.0.max(0.0))) height=(px(size.1.max(0.0))) {}
    }
}

/// A dot of a tone with a hint that a pointer shows.
pub fn dot(class: &str, tone: Tone, centre: (f64, f64), radius: f64, hint: &str) -> Markup {
    html! {
        circle class=(format!("{class} {}", tone.class())) cx=(px(centre.0)) cy=(px(centre.1)) r=(px(radius)) {
            @if !hint.is_empty() { title { (hint) } }
        }
    }
}

/// The `d` of an open line through the points; a missing point leaves a gap. Empty where nothing can be drawn.
pub fn path(points: &[Option<(f64, f64)>]) -> String {
    let mut d = String::new();
    let mut pen_down = false;
    for point in points {
        match point {
            Some((x, y)) => {
                d.push(if pen_down { 'L' } else { 'M' });
                d.push_str(&px(*x));
                d.push(' ');
                d.push_str(&px(*y));
                pen_down = true;
            }
            None => pen_down = false,
        }
    }
    d
}

/// The `d` of the area between two lines of equal length; a point missing in either leaves a gap.
pub fn area(upper: &[Option<(f64, f64)>], lower: &[Option<(f64, f64)>]) -> String {
    let pairs: Vec<_> = upper.iter().zip(lower).map(|(up, down)| up.zip(*down)).collect();
    let mut d = String::new();
    for stretch in pairs.split(Option::is_none) {
        if stretch.len() < 2 {
            continue;
        }
        let there = stretch.iter().flatten().map(|(up, _)| *up);
        let back = stretch.iter().rev().flatten().map(|(_, down)| *down);
        for (index, (x, y)) in there.chain(back).enumerate() {
            d.push(if index == 0 { 'M' } else { 'L' });
            d.push_str(&px(x));
            d.push(' ');
            d.push_str(&px(y));
        }
        d.push('Z');
    }
    d
}

/// Width of a Latin letter over its height, on the wide side of usual faces.
const NARROW: f64 = 0.6;

/// About how wide a text is [user units]: an ideograph takes a square, a Latin letter little more than half of one.
pub fn text_width(words: &str, letter: f64) -> f64 {
    words.chars().map(|c| if is_wide(c) { letter } else { letter * NARROW }).sum()
}

/// Whether a character takes a square (CJK ideographs, their punctuation and full-width forms).
pub fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x20000..=0x3fffd)
}

/// The text cut to a width, with an ellipsis where it was cut.
pub fn fit(words: &str, width: f64, letter: f64) -> String {
    if text_width(words, letter) <= width {
        return words.to_string();
    }
    let mut out = String::new();
    let mut used = letter * 0.8;
    for c in words.chars() {
        used += if is_wide(c) { letter } else { letter * NARROW };
        if used > width {
            break;
        }
        out.push(c);
    }
    format!("{}\u{2026}", out.trim_end())
}

/// What a chart of nothing says.
pub fn no_data(width: f64, height: f64, words: &str) -> Markup {
    html! {
        rect class="empty" x="0.5" y="0.5" width=(px(width - 1.0)) height=(px(height - 1.0)) rx="3" {}
        (text(width / 2.0, height / 2.0 + LETTER / 3.0, Anchor::Middle, "note", words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coordinate_is_short_and_never_nan() {
        assert_eq!(px(12.04), "12");
        assert_eq!(px(12.36), "12.4");
        assert_eq!(px(-0.01), "0");
        assert_eq!(px(f64::NAN), "0");
    }

    #[test]
    fn a_missing_point_leaves_a_gap_and_no_line_through_it() {
        assert_eq!(path(&[Some((0.0, 1.0)), Some((1.0, 1.0)), None, Some((3.0, 1.0))]), "M0 1L1 1M3 1");
        let up = [Some((0.0, 1.0)), Some((1.0, 1.0)), None];
        let down = [Some((0.0, 2.0)), Some((1.0, 2.0)), Some((2.0, 2.0))];
        assert_eq!(area(&up, &down), "M0 1L1 1L1 2L0 2Z");
    }

    #[test]
    fn a_chinese_letter_is_a_square() {
        assert!((text_width("芯片", 10.0) - 20.0).abs() < 1e-9);
        assert_eq!(fit("inference-chip controls", 66.0, 10.0), "inference…");
    }
}
