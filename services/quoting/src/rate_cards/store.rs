//! The only SQL of rate cards.
use super::domain::RateCard;
use crate::schema::rate_cards;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, page};
use std::collections::HashMap;
use wire::{PageQuery, quoting::RateCardId};

platform::store!(RateCard, rate_cards);

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &PageQuery) -> QueryResult<Vec<RateCard>> {
    page!(RateCard, rate_cards, query, all; status = query.status).load(conn).await
}

/// Those that a document names, in one query, or none where it names none.
pub async fn named(mut conn: &Conn, ids: &[RateCardId]) -> QueryResult<HashMap<RateCardId, RateCard>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let cards = rate_cards::table.filter(rate_cards::id.eq_any(ids)).select(RateCard::as_select());
    let cards: Vec<RateCard> = cards.load(&mut conn).await?;
    Ok(cards.into_iter().map(|card| (card.id, card)).collect())
}
