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

/// Short: the order's shortage opens, or learns the new figures. All held: it is resolved. Where another model is short as
/// well, the old shortage is resolved and the other model has one of its own.
pub(crate) async fn follow(tx: &mut Tx, order: &Order, answer: &AvailabilityAnswered) -> Result<Vec<Followed>> {
    let lines = short_lines(&order.lines_after(answer));
    let known = match store::open_of(tx.conn(), order.head.id).await? {
        Some(id) => Some(tx.load::<Shortage>(id).await?),
        None => None,
    };
    let (short, stamp, mut followed) = (!lines.is_empty(), tx.stamp(), Vec::new());
    match known {
        Some(known) if short && !known.is_replaced() => return Ok(vec![Followed::Known(known.update(lines)?)]),
        Some(known) => followed.push(Followed::Known(known.resolve(&stamp)?)),
        None => {}
    }
    if short {
        let ids = (tx.id(), tx.next_number("shortage").await?);
        let cause = tx.cause_event().map(Into::into);
        followed.push(Followed::New(Shortage::detect(ids, order, lines, cause, &stamp)));
    }
    Ok(followed)
}

/// Ends the shortage of a cancelled order.
pub(crate) async fn cancel(tx: &mut Tx, order: OrderId) -> Result<()> {
    let Some(id) = store::open_of(tx.conn(), order).await? else { return Ok(()) };
    let shortage: Shortage = tx.load(id).await?;
    tx.save(shortage.cancel()?).await.map(drop)
}
