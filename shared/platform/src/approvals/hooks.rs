//! What a service does when its documents are decided on: lines in its `approvals`. In the transaction of the vote.
use crate::{Result, Tx, auth::Role, inbox::Handle};
use futures_util::future::BoxFuture;
use uuid::Uuid;
use wire::approval::Verdict;

/// What was decided about a document.
#[derive(Debug, Clone)]
pub struct Decided {
    pub subject: Uuid,
    pub verdict: Verdict,
    pub comment: Option<String>,
    /// The last voter.
    pub by: String,
    /// The absent person for whom they spoke (PLT-29).
    pub on_behalf_of: Option<String>,
}

/// A step that everybody whom it needs has said yes to; of the last step too, before what was decided.
#[derive(Debug, Clone)]
pub struct Passed {
    pub subject: Uuid,
    /// Index into the approval's steps.
    pub step: usize,
    pub name: String,
    /// The seats that were filled.
    pub roles: Vec<Role>,
    /// Who completed it.
    pub by: String,
    pub comment: Option<String>,
}

type Hook<E> = Box<dyn for<'a> Fn(&'a mut Tx, E) -> BoxFuture<'a, Result<()>> + Send + Sync>;

/// Which documents of a service can be approved, and what then happens to them.
#[derive(Default)]
pub struct Approvals {
    decided: Vec<(&'static str, Hook<Decided>)>,
    passed: Vec<(&'static str, Hook<Passed>)>,
}

impl Approvals {
    /// `f` loads the document and saves its `approve` or `reject`; it commits together with the vote.
    pub fn on(
        &mut self,
        entity: &'static str,
        f: impl for<'a> Handle<'a, Decided> + Send + Sync + 'static,
    ) -> &mut Self {
        self.decided.push((entity, Box::new(move |tx, decided| Box::pin(f(tx, decided)))));
        self
    }
    /// `f` hears of each passed step; a refusal of its refuses the vote.
    pub fn on_step(
        &mut self,
        entity: &'static str,
        f: impl for<'a> Handle<'a, Passed> + Send + Sync + 'static,
    ) -> &mut Self {
        self.passed.push((entity, Box::new(move |tx, passed| Box::pin(f(tx, passed)))));
        self
    }
    pub(super) async fn decided(&self, tx: &mut Tx, entity: &str, decided: Decided) -> Result<()> {
        call(&self.decided, tx, entity, decided).await
    }
    pub(super) async fn passed(&self, tx: &mut Tx, entity: &str, passed: Passed) -> Result<()> {
        call(&self.passed, tx, entity, passed).await
    }
}

async fn call<E: Clone>(hooks: &[(&'static str, Hook<E>)], tx: &mut Tx, entity: &str, what: E) -> Result<()> {
    for (kind, hook) in hooks {
        if *kind == entity {
            hook(tx, what.clone()).await?;
        }
    }
    Ok(())
}
