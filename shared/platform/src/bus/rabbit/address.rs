//! Where the broker is, as one of its users. Asked anew for each connection, since the user's password may have been changed
//! meanwhile; it keeps none.
use std::sync::Arc;

type Url = dyn Fn() -> anyhow::Result<String> + Send + Sync;

/// See the module.
#[derive(Clone)]
pub struct Address(Arc<Url>);

impl Address {
    /// `url` is called before each connection; its error is one more failed attempt.
    pub fn new(url: impl Fn() -> anyhow::Result<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(url))
    }
    pub(super) fn url(&self) -> anyhow::Result<String> {
        (self.0)()
    }
}

/// One that never changes.
impl<T: AsRef<str> + ?Sized> From<&T> for Address {
    fn from(url: &T) -> Self {
        let url = url.as_ref().to_owned();
        Self::new(move || Ok(url.clone()))
    }
}
