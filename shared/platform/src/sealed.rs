//! Short secrets in rows (numbers of identity papers): sealed with AES-256-GCM before they are stored, under a key that never
//! lies in the database, so that a copy of the database alone does not show them. Not for files, and not for passwords.
use crate::{ApiError, Result, hexadecimal, settings::Storage};
use anyhow::Context;
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use uuid::Uuid;

/// Bytes of a key.
const KEY_LEN: usize = 32;
/// Says how what follows is sealed, so that another way can take its place.
const SCHEME: &str = "gcm1:";

/// Seals and opens.
pub struct Sealer {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Sealer {
    /// With the key in `storage.sealing_key_file` (64 hexadecimal digits), or else in `sealing.key` of the storage folder,
    /// which is made at the first start and kept by the backup (encrypted, as all of it). Whoever names a file keeps it as well as
    /// the backup: without it, papers have numbers that can be compared no more.
    pub(crate) fn open(storage: &Storage) -> anyhow::Result<Self> {
        let own = storage.path.as_deref().context("storage.path is not set")?.join("sealing.key");
        let file = if let Some(file) = &storage.sealing_key_file {
            file
        } else {
            make(&own).with_context(|| format!("{}: cannot make a key there", own.display()))?;
            &own
        };
        let text = fs::read_to_string(file).with_context(|| format!("sealing key {}", file.display()))?;
        let key = bytes(text.trim()).filter(|key| key.len() == KEY_LEN);
        let key = key.with_context(|| format!("sealing key {}: expected 64 hexadecimal digits", file.display()))?;
        Self::of(&key)
    }
    fn of(key: &[u8]) -> anyhow::Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| anyhow::anyhow!("no key of AES-256"))?;
        Ok(Self { key: LessSafeKey::new(key), random: SystemRandom::new() })
    }

    /// Seals a text of the row `of`; in another row it cannot be opened.
    pub fn seal(&self, of: impl Into<Uuid>, text: &str) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(ApiError::internal)?;
        let mut sealed = text.as_bytes().to_vec();
        let about = Aad::from(of.into().into_bytes());
        let unique = Nonce::assume_unique_for_key(nonce);
        self.key.seal_in_place_append_tag(unique, about, &mut sealed).map_err(ApiError::internal)?;
        Ok(format!("{SCHEME}{}{}", hexadecimal(&nonce), hexadecimal(&sealed)))
    }
    /// Opens what was sealed for that row.
    pub fn reveal(&self, of: impl Into<Uuid>, sealed: &str) -> Result<String> {
        let broken = || ApiError::internal("a sealed text cannot be opened: another key, another row, or changed");
        let mut bytes = sealed.strip_prefix(SCHEME).and_then(bytes).ok_or_else(broken)?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let about = Aad::from(of.into().into_bytes());
        let text = self.key.open_in_place(nonce, about, sealed).map_err(|_| broken())?;
        String::from_utf8(text.to_vec()).map_err(|_| broken())
    }
}

/// A random key, whole or not at all; one that is there already stays.
fn make(place: &Path) -> anyhow::Result<()> {
    if place.exists() {
        return Ok(());
    }
    let mut key = [0; KEY_LEN];
    SystemRandom::new().fill(&mut key).map_err(|_| anyhow::anyhow!("the system has no randomness"))?;
    let aside = place.with_extension(format!("{}-{:p}", std::process::id(), &key));
    // Others may read it who may enter the folder: the backup does, as a user of its own.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o444).open(&aside)?;
    writeln!(file, "{}", hexadecimal(&key))?;
    file.sync_all()?;
    // Of several processes that start at once, one is first; a link never replaces.
    let linked = fs::hard_link(&aside, place);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|two| two.len() == 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_in_its_own_row_with_its_own_key_only() {
        let (ours, other) = (Sealer::of(&[7; KEY_LEN]).unwrap(), Sealer::of(&[8; KEY_LEN]).unwrap());
        let (row, another) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = ours.seal(row, "11010519491231002X").unwrap();
        assert!(!sealed.contains("11010519491231002X") && sealed.starts_with(SCHEME));
        assert_ne!(sealed, ours.seal(row, "11010519491231002X").unwrap(), "the same number looks different each time");
        assert_eq!(ours.reveal(row, &sealed).unwrap(), "11010519491231002X");
        assert!(ours.reveal(another, &sealed).is_err());
        assert!(other.reveal(row, &sealed).is_err());
        let last = if sealed.ends_with('0') { "1" } else { "0" };
        assert!(ours.reveal(row, &format!("{}{last}", &sealed[..sealed.len() - 1])).is_err());
        assert!(ours.reveal(row, "gcm1:00").is_err() && ours.reveal(row, "11010519491231002X").is_err());
        assert!(Sealer::of(&[7; KEY_LEN - 1]).is_err());
    }

    #[test]
    fn the_key_is_made_once_and_one_that_is_named_must_be_there() {
        let folder = std::env::temp_dir().join(format!("yewu-sealed-{}", Uuid::now_v7()));
        fs::create_dir_all(&folder).unwrap();
        let own = Storage { path: Some(folder.clone()), sealing_key_file: None, largest_import_bytes: 0 };
        let sealed = Sealer::open(&own).unwrap().seal(Uuid::nil(), "x").unwrap();
        assert_eq!(Sealer::open(&own).unwrap().reveal(Uuid::nil(), &sealed).unwrap(), "x");
        let named = Storage {
            path: Some(folder.clone()),
            sealing_key_file: Some(folder.join("elsewhere")),
            largest_import_bytes: 0,
        };
        assert!(Sealer::open(&named).is_err());
        fs::write(folder.join("elsewhere"), "0123").unwrap();
        assert!(Sealer::open(&named).is_err());
        fs::write(folder.join("elsewhere"), "07".repeat(KEY_LEN)).unwrap();
        assert!(Sealer::open(&named).unwrap().reveal(Uuid::nil(), &sealed).is_err());
        fs::remove_dir_all(folder).unwrap();
    }
}
