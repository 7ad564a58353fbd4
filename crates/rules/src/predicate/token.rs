//! Words of a condition.

use units::Problem;

/// A word and where it begins [byte of the text].
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it begins.
    pub at: usize,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// A number.
    Number(f64),
    /// A quoted word.
    Text(String),
    /// A name or a word of the language.
    Name(String),
    /// A sign.
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 13] = ["<=", ">=", "==", "!=", "<", ">", "(", ")", "[", "]", ",", "+", "-"];

/// Splits a condition into words.
pub fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            number(text, at)?
        } else if first == '\'' || first == '"' {
            let end = rest[1..].find(first).ok_or_else(|| problem_at(text, at, "a quote that is not closed"))?;
            (TokenKind::Text(rest[1..=end].to_string()), end + 2)
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            (TokenKind::Name(rest[..end].to_string()), end)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or_else(|| {
                problem_at(text, at, &format!("'{first}' is not part of the language")).suggest(instead(rest))
            })?;
            (TokenKind::Sign(sign), sign.len())
        };
        tokens.push(Token { kind, at });
        at += length;
    }
    Ok(tokens)
}

/// A number with its length: digits, underscores between them, a fraction, an exponent.
fn number(text: &str, at: usize) -> Result<(TokenKind, usize), Problem> {
    let bytes = &text.as_bytes()[at..];
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let exponent_sign = matches!(byte, b'+' | b'-') && matches!(bytes[end - 1], b'e' | b'E');
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || (exponent_sign && end > 0)) {
            break;
        }
        end += 1;
    }
    let word = &text[at..at + end];
    let value = word.replace('_', "").parse::<f64>().ok().filter(|value| value.is_finite());
    let value = value.ok_or_else(|| problem_at(text, at, &format!("'{word}' is not a number")))?;
    Ok((TokenKind::Number(value), end))
}

/// What is meant by a sign of another language.
fn instead(rest: &str) -> Option<String> {
    let meant = [("&&", "and"), ("||", "or"), ("!", "not"), ("=", "=="), ("≥", ">="), ("≤", "<="), ("–", "-")];
    let tail = |sign: &str| rest.starts_with(sign);
    meant.into_iter().find(|(sign, _)| tail(sign)).map(|(_, word)| word.to_string())
}

/// A problem at a byte of the condition, with line and column within it.
pub fn problem_at(text: &str, at: usize, message: &str) -> Problem {
    let before = &text[..at.min(text.len())];
    let line = 1 + before.matches('\n').count() as u64;
    let column = 1 + before.rsplit('\n').next().unwrap_or("").chars().count() as u64;
    Problem::new("bad_predicate", format!("{message} (in the condition '{text}')")).line(line).column(column)
}
