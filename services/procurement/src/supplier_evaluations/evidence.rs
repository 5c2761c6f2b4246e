//! What the purchases of a year show about a supplier (D-16). Reads, decides nothing.
use diesel::prelude::*;
use platform::Conn;
use wire::procurement::{EvaluationEvidence, SupplierId};

pub async fn evidence(_: &mut Conn, _: SupplierId, _: i32) -> QueryResult<EvaluationEvidence> {
    Ok(EvaluationEvidence::default())
}
