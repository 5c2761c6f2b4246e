//! Bytes as text where people, files and links carry them: two digits each, lower case.
use std::fmt::Write;

/// `[0, 171]` is `00ab`.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_two_digits() {
        assert_eq!(hexadecimal(&[0, 9, 16, 171, 255]), "000910abff");
        assert_eq!(hexadecimal(&[]), "");
    }
}
