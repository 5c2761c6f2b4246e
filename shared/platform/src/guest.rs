//! People without an account, who come by a link: what the token of a link is, and how often one may be used. An operation is
//! theirs only where `grants.txt` says `public`; what a link opens, and for how long, is the business of whoever gave it away.
//!
//! A token is 256 random bits, and only its digest is kept. It is looked for by that digest, so that how long a search takes says
//! nothing about any token: whoever guesses cannot choose what their guess is compared as.
use crate::{ApiError, hexadecimal};
use jiff::{SignedDuration, Timestamp};
use rand_core::{OsRng, RngCore};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Hexadecimal digits of a token.
const DIGITS: usize = 64;
/// Requests that a token may make at once.
const BURST: i32 = 30;
/// After them, one each time this has passed.
const INTERVAL: SignedDuration = SignedDuration::from_secs(1);
/// Tokens that are remembered at once: more than this many in `BURST` intervals is a flood of guesses.
const MOST: usize = 10_000;

/// A fresh token.
#[must_use]
pub fn token() -> String {
    let mut bytes = [0; DIGITS / 2];
    OsRng.fill_bytes(&mut bytes);
    hexadecimal(&bytes)
}

/// What is kept of a token.
#[must_use]
pub fn digest(token: &str) -> String {
    hexadecimal(&Sha256::digest(token))
}

/// The one answer to a token that opens nothing, whatever the reason.
#[must_use]
pub fn unknown_link() -> ApiError {
    ApiError::Request {
        status: 404,
        code: "link.invalid",
        message: "this link is not valid, or not any more; ask for a new one".into(),
        chinese: "该链接无效或已失效，请索取新的链接".into(),
    }
}

/// Written in one way only, so that nobody counts as two.
fn is_token(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// What each token has used up: when it will have made all that it asked for so far, at one each interval. Per process.
#[derive(Default)]
pub(crate) struct Guests(Mutex<HashMap<String, Timestamp>>);

impl Guests {
    /// Refuses what is no token at all, and a token that comes too often.
    pub(crate) fn admit(&self, token: &str, now: Timestamp) -> Result<(), ApiError> {
        if !is_token(token) {
            return Err(unknown_link());
        }
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MOST {
            used.retain(|_, until| *until > now);
        }
        let until = used.get(token).copied().unwrap_or(now).max(now) + INTERVAL;
        let full = used.len() >= MOST && !used.contains_key(token);
        if full || until > now + INTERVAL * BURST {
            return Err(too_often());
        }
        used.insert(token.to_owned(), until);
        Ok(())
    }
}

fn too_often() -> ApiError {
    ApiError::Busy {
        status: 429,
        code: "link.too_often",
        message: "this link is used too often; try again in a second",
        chinese: "该链接使用过于频繁，请稍后重试",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }
    fn status(outcome: Result<(), ApiError>) -> u16 {
        outcome.map_or_else(|error| error.status().as_u16(), |()| 200)
    }

    #[test]
    fn tokens_differ_and_only_their_digest_is_kept() {
        let (one, two) = (token(), token());
        assert!(is_token(&one) && one != two, "{one} {two}");
        assert!(digest(&one) == digest(&one) && digest(&one) != digest(&two) && !digest(&one).contains(&one));
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-4");
    }

    #[test]
    fn what_is_no_token_is_refused_before_anybody_looks() {
        let guests = Guests::default();
        let good = token();
        let upper = good.to_uppercase() + "A";
        for bad in ["", "x", &good[1..], &format!("{good}0"), &upper[1..], &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(guests.admit(bad, at(0)).unwrap_err().code(), "link.invalid", "{bad}");
        }
        assert!(guests.0.lock().unwrap().is_empty(), "and is not remembered");
    }

    #[test]
    fn a_token_may_be_used_30_times_at_once_and_then_once_a_second() {
        let (guests, one, two) = (Guests::default(), token(), token());
        let used: Vec<u16> = (0..31).map(|_| status(guests.admit(&one, at(0)))).collect();
        assert_eq!((used[..30].iter().all(|status| *status == 200), used[30]), (true, 429));
        assert_eq!(status(guests.admit(&two, at(0))), 200, "each token for itself");
        assert_eq!([999, 1000, 1001].map(|later| status(guests.admit(&one, at(later)))), [429, 200, 429]);
        assert_eq!(status(guests.admit(&one, at(60_000))), 200);
    }

    #[test]
    fn a_flood_of_guesses_is_not_remembered_for_ever() {
        let guests = Guests::default();
        let forged = |number: usize| format!("{number:064x}");
        for number in 0..MOST {
            assert_eq!(status(guests.admit(&forged(number), at(0))), 200);
        }
        assert_eq!(status(guests.admit(&forged(MOST), at(999))), 429);
        assert_eq!(status(guests.admit(&forged(0), at(999))), 200, "who was there before is served");
        assert_eq!(status(guests.admit(&forged(MOST), at(1000))), 200);
        assert_eq!(guests.0.lock().unwrap().len(), 2, "what has run out is forgotten");
    }
}
