//! Reading what a user names: one place for size limits, encodings, folders and gzip.

use flate2::read::GzDecoder;
use std::{fs::File, io::Read, path::Path};

use crate::Problem;

/// Largest text that is read [bytes], unpacked: far above any real table, far below what would fill memory.
pub const MAX_BYTES: u64 = 256 << 20;
/// Longest line [bytes]: a longer one is no table, scenario or configuration.
pub const MAX_LINE: usize = 1 << 20;

/// The text of a file, gunzipped where its content (never its name) says gzip, without a byte-order mark.
///
/// # Errors
/// A missing file, a folder, a special file, more than [`MAX_BYTES`], a line over [`MAX_LINE`], bytes that
/// are not UTF-8 (with the line), a truncated gzip stream: each a `Problem` that names the file.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let problem = |code, message: String| Problem::new(code, message).file(&name);
    let meta = std::fs::metadata(path)
        .map_err(|error| problem("unreadable_file", format!("cannot be read: {}", reason(&error))))?;
    if meta.is_dir() {
        return Err(problem("is_a_folder", "is a folder; a file is wanted here".into()));
    }
    if !meta.is_file() {
        return Err(problem("unreadable_file", "is not an ordinary file".into()));
    }
    let file = File::open(path)
        .map_err(|error| problem("unreadable_file", format!("cannot be opened: {}", reason(&error))))?;
    let mut raw = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut raw)
        .map_err(|error| problem("unreadable_file", format!("cannot be read: {}", reason(&error))))?;
    let bytes = if raw.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        GzDecoder::new(raw.as_slice())
            .take(MAX_BYTES + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| problem("bad_gzip", format!("is a broken gzip stream: {}", reason(&error))))?;
        unpacked
    } else {
        raw
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(problem("file_too_large", format!("is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count() as u64;
        problem("not_utf8", "is not UTF-8 text".into()).line(line)
    })?;
    if let Some(index) = text.lines().position(|line| line.len() > MAX_LINE) {
        return Err(problem("line_too_long", format!("has a line over {} KiB", MAX_LINE >> 10)).line(index as u64 + 1));
    }
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_string))
}

/// The operating system's words without its number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str, bytes: &[u8]) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("downstream-read-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn bad_files_are_named_with_their_line() {
        let code = |bytes: &[u8], name: &str| {
            let path = scratch(name, bytes);
            let problem = read_text(&path).unwrap_err();
            std::fs::remove_file(path).unwrap();
            (problem.code, problem.line)
        };
        assert_eq!(code(b"a\nb\xff", "utf8"), ("not_utf8", Some(2)));
        assert_eq!(code(&[0x1f, 0x8b, 8, 0, 0], "gzip"), ("bad_gzip", None));
        assert_eq!(code(&vec![b'x'; MAX_LINE + 1], "line"), ("line_too_long", Some(1)));
        assert_eq!(read_text(&std::env::temp_dir()).unwrap_err().code, "is_a_folder");
        assert_eq!(read_text(Path::new("/nowhere/at/all")).unwrap_err().code, "unreadable_file");
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let path = scratch("bom", "\u{feff}id".as_bytes());
        assert_eq!(read_text(&path).unwrap(), "id");
        std::fs::remove_file(path).unwrap();
    }
}
