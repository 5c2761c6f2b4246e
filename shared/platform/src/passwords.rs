//! Passwords at a server: one for all users, or a file for each of them, so that a container holds only its own.
//! Refuses to make any, and the ones that nobody chose.
use crate::settings::Secret;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// What people leave in place of a password.
const DEFAULTS: [&str; 3] = ["changeme", "password", ""];

/// Where the users' passwords are.
#[derive(Debug, Clone)]
pub enum Passwords {
    /// Nobody needs one.
    None,
    /// All have the same.
    Shared(Secret),
    /// A file for each: the placeholder in its path becomes the user.
    Files { path: PathBuf, placeholder: &'static str },
}

impl Passwords {
    /// Is it a path for each user?
    pub(crate) fn is_each(path: &Path, placeholder: &str) -> bool {
        path.to_str().is_some_and(|path| path.contains(placeholder))
    }
    /// The password of a user.
    ///
    /// # Errors
    /// Its file cannot be read, or holds a default.
    pub fn of(&self, user: &str) -> anyhow::Result<Option<Secret>> {
        match self {
            Self::None => Ok(None),
            Self::Shared(secret) => Ok(Some(secret.clone())),
            Self::Files { path, placeholder } => {
                let path = path.display().to_string().replace(placeholder, user);
                let secret = read(Path::new(&path)).with_context(|| format!("the password of {user}"))?;
                anyhow::ensure!(!is_default(&secret), "the password of {user} in {path} is a default; set a real one");
                Ok(Some(secret))
            }
        }
    }
}

/// A secret in a file, without the blanks around it.
pub(crate) fn read(path: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.trim().to_owned().into())
}

/// Did nobody choose it?
pub(crate) fn is_default(secret: &Secret) -> bool {
    DEFAULTS.contains(&secret.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_a_file_and_a_default_in_it_is_refused() {
        let folder = std::env::temp_dir().join(format!("yewu-passwords-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in [("db_crm", "tea-42\n"), ("db_orders", "changeme\n"), ("db_quoting", " \n")] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let each = Passwords::Files { path: folder.join("db_{role}"), placeholder: "{role}" };
        assert_eq!(each.of("crm").unwrap().unwrap().reveal(), "tea-42");
        for (user, why) in [("orders", "is a default"), ("quoting", "is a default"), ("contracts", "db_contracts")] {
            let error = format!("{:#}", each.of(user).unwrap_err());
            assert!(error.contains(why) && error.contains(user), "{error}");
        }
        std::fs::remove_dir_all(folder).unwrap();
        let shared = Passwords::Shared("tea-42".to_owned().into());
        assert_eq!(shared.of("crm").unwrap().unwrap().reveal(), shared.of("orders").unwrap().unwrap().reveal());
        assert!(Passwords::None.of("crm").unwrap().is_none());
    }
}
