//! A part of a transaction that can be undone by itself: one row of many that a job takes in. What the part wrote, told and
//! noted goes with it, or is forgotten with it; the rest of the transaction stands. Refuses nothing of its own.
use crate::{Result, Tx};
use diesel_async::SimpleAsyncConnection;
use wire::Ownership;

/// Where a part began. A part can have parts: the one that began last is the first to be kept or undone.
#[must_use = "a part is kept or undone"]
pub struct Part {
    recorded: [usize; 4],
    drawn: Vec<String>,
}

impl Tx {
    /// Begins a part.
    pub async fn part(&mut self) -> Result<Part> {
        self.conn().batch_execute("SAVEPOINT part").await?;
        Ok(Part { recorded: self.record.length(), drawn: self.drawn.all() })
    }
    /// What it did stands, if the transaction does.
    pub async fn keep(&mut self, _: Part) -> Result<()> {
        Ok(self.conn().batch_execute("RELEASE SAVEPOINT part").await?)
    }
    /// What it did never happened.
    pub async fn undo(&mut self, part: Part) -> Result<()> {
        self.record.truncate(part.recorded);
        self.drawn.restore(part.drawn);
        Ok(self.conn().batch_execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part").await?)
    }
    /// What a job does from here on with what someone handed in is that person's: their rows, their name in facts and in the
    /// audit log. `actor` as in [`Stamp`](crate::Stamp).
    pub fn act_for(&mut self, actor: &str, ownership: Ownership) {
        actor.clone_into(&mut self.cause.stamp.actor);
        self.cause.stamp.ownership = ownership;
    }
    /// A job that has more to do is run again at once instead of at its next time.
    pub fn again(&mut self) {
        self.again = true;
    }
}
