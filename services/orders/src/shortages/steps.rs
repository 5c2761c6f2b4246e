//! What procurement's answers and orders do to shortages. No SQL.
use super::{
    domain::{Shortage, short_lines},
    store,
};
use crate::orders::domain::Order;
use platform::{Change, Result, Tx};
use wire::{
    orders::{OrderId, OrderShortage},
    procurement::AvailabilityAnswered,
};

/// What an answer makes of an order's shortage; written after the order.
pub(crate) enum Followed {
    New(Change<Shortage>),
    Known(Change<Shortage>),
}
impl Followed {
    /// As the order keeps it.
    pub(crate) fn brief(&self) -> OrderShortage {
        let (Self::New(change) | Self::Known(change)) = self;
        change.after().brief()
    }
    /// Writes it.
    pub(crate) async fn keep(self, tx: &mut Tx) -> Result<()> {
        match self {
            Self::New(change) => tx.create(change).await.map(drop),
            Self::Known(change) => tx.save(change).await.map(drop),
        }
    }
}

/// Short: the order's shortage opens, or learns the new figures. All held: it is resolved.
pub(crate) async fn follow(tx: &mut Tx, order: &Order, answer: &AvailabilityAnswered) -> Result<Option<Followed>> {
    let lines = short_lines(&order.lines_after(answer));
    let known = match store::open_of(tx.conn(), order.head.id).await? {
        Some(id) => Some(tx.load::<Shortage>(id).await?),
        None => None,
    };
    let stamp = tx.stamp();
    Ok(match (known, lines.is_empty()) {
        (None, true) => None,
        (Some(known), true) => Some(Followed::Known(known.resolve(&stamp)?)),
        (Some(known), false) => Some(Followed::Known(known.update(lines)?)),
        (None, false) => {
            let ids = (tx.id(), tx.next_number("shortage").await?);
            let cause = tx.cause_event().map(Into::into);
            Some(Followed::New(Shortage::detect(ids, order, lines, cause, &stamp)))
        }
    })
}

/// Ends the shortage of a cancelled order.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    let Some(id) = store::open_of(tx.conn(), order).await? else { return Ok(()) };
    let shortage: Shortage = tx.load(id).await?;
    tx.save(shortage.cancel()?).await.map(drop)
}
