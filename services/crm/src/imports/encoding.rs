//! Bytes of a table as UTF-8 text: UTF-8 itself, GB 18030 (GBK, GB 2312) as Excel writes it in China, or what a byte order
//! mark says. It guesses once for the whole file, and refuses what is neither. Every line ends with a line feed alone.
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use std::io::{self, Read};

/// Bytes decoded at once.
const PIECE: usize = 16 * 1024;

/// Reads `inner` as text; bytes that are none are `InvalidData`.
pub struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    /// The last character was a carriage return, which has become a line feed.
    returned: bool,
}

impl<R: Read> Decoded<R> {
    /// A byte order mark overrules `encoding`, and is left out.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; PIECE],
            text: Vec::new(),
            at: 0,
            ended: false,
            returned: false,
        }
    }
    fn decode_more(&mut self) -> io::Result<()> {
        let got = self.inner.read(&mut self.raw)?;
        self.ended = got == 0;
        let room = self.decoder.max_utf8_buffer_length_without_replacement(got).unwrap_or(PIECE * 4);
        self.text.resize(room, 0);
        self.at = 0;
        let piece = &self.raw[..got];
        let (result, _, written) = self.decoder.decode_to_utf8_without_replacement(piece, &mut self.text, self.ended);
        self.text.truncate(written);
        let returned = &mut self.returned;
        self.text.retain(|byte| !(std::mem::replace(returned, *byte == b'\r') && *byte == b'\n'));
        self.text.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        match result {
            DecoderResult::InputEmpty => Ok(()),
            DecoderResult::OutputFull | DecoderResult::Malformed(..) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "not text of this encoding"))
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let count = out.len().min(self.text.len() - self.at);
        out[..count].copy_from_slice(&self.text[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Which encoding `open` reads: the `declared` one; otherwise UTF-8 if all of it is, otherwise GB 18030 if all of it is.
/// `None` where it is not what it must be.
pub fn find<R: Read>(
    declared: Option<&'static Encoding>,
    mut open: impl FnMut() -> io::Result<R>,
) -> io::Result<Option<&'static Encoding>> {
    let tried = declared.map_or(vec![UTF_8, GB18030], |encoding| vec![encoding]);
    for encoding in tried {
        match io::copy(&mut Decoded::new(open()?, encoding), &mut io::sink()) {
            Ok(_) => return Ok(Some(encoding)),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time, so that every character is cut.
    struct Drops<'a>(&'a [u8]);
    impl Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            (out[0], self.0) = (*first, rest);
            Ok(1)
        }
    }
    fn text(bytes: &[u8], encoding: &'static Encoding) -> io::Result<String> {
        io::read_to_string(Decoded::new(Drops(bytes), encoding))
    }
    fn found(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<&'static str> {
        find(declared, || Ok(bytes)).unwrap().map(Encoding::name)
    }

    #[test]
    fn crm_07_characters_survive_being_cut_between_pieces() {
        let said = "名称,晨光泵业 𠮷 e\u{301}\n";
        assert_eq!(text(b"a\r\nb\rc\n\r\n", UTF_8).unwrap(), "a\nb\nc\n\n");
        assert_eq!(text(said.as_bytes(), UTF_8).unwrap(), said);
        assert_eq!(text(&GB18030.encode(said).0, GB18030).unwrap(), said);
        assert_eq!(text(&[b"\xef\xbb\xbf", said.as_bytes()].concat(), GB18030).unwrap(), said, "the mark overrules");
        assert!(text(b"\xe5\x90", UTF_8).is_err(), "cut at the end");
    }

    #[test]
    fn crm_07_what_is_no_utf_8_is_gb_18030_and_what_is_neither_is_refused() {
        let gb = GB18030.encode("名称").0;
        assert_eq!(found("名称".as_bytes(), None), Some("UTF-8"));
        assert_eq!(found(&gb, None), Some("gb18030"));
        assert_eq!(found(&gb, Some(UTF_8)), None, "declared, and not so");
        assert_eq!(found(b"\xff\xff", None), None);
    }
}
