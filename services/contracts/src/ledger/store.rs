//! The only SQL of the register: signed contracts, and the sums of their milestones.
use crate::schema::{contracts, payment_milestones};
use diesel::{dsl::sum, prelude::*};
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, scoped};
use rust_decimal::Decimal;
use std::collections::HashMap;
use wire::{
    Amount, Currency, Day, Moment, Money, PageQuery, Rate,
    contracts::{ContractId, ContractKind, ContractStatus, LedgerRow},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = contracts)]
struct Row {
    id: ContractId,
    number: String,
    kind: ContractKind,
    status: ContractStatus,
    signed_at: Option<Moment>,
    account_name: String,
    currency: Currency,
    gross: Amount,
    delivery_date: Option<Day>,
    effective_at: Option<Moment>,
}

/// A page, newest first; two queries however long it is.
pub async fn list(conn: &mut Conn, page: &PageQuery, sight: &Sight) -> QueryResult<Vec<LedgerRow>> {
    let signed = contracts::table.filter(contracts::signed_at.is_not_null()).select(Row::as_select());
    let mut query = signed.order(contracts::id.desc()).limit(page.fetch()).into_boxed();
    query = scoped!(query, contracts, sight);
    if let Some(after) = page.after {
        query = query.filter(contracts::id.lt(ContractId(after)));
    }
    if let Some(case) = page.case_id {
        query = query.filter(contracts::case_id.eq(case));
    }
    if let Some(status) = &page.status {
        query = query.filter(contracts::status.eq(status.clone()));
    }
    let rows: Vec<Row> = query.load(conn).await?;
    let ids: Vec<ContractId> = rows.iter().map(|row| row.id).collect();
    let milestones = payment_milestones::table.filter(payment_milestones::contract_id.eq_any(ids));
    let sums: Vec<(Option<ContractId>, Option<Decimal>)> = milestones
        .group_by(payment_milestones::contract_id)
        .select((payment_milestones::contract_id, sum(payment_milestones::paid)))
        .load(conn)
        .await?;
    let paid: HashMap<ContractId, Decimal> = sums.into_iter().filter_map(|(id, paid)| Some((id?, paid?))).collect();
    Ok(rows.into_iter().filter_map(|row| show(row, &paid)).collect())
}

fn show(row: Row, paid: &HashMap<ContractId, Decimal>) -> Option<LedgerRow> {
    let Row { id, number, kind, status, signed_at, account_name, currency, gross, delivery_date, effective_at } = row;
    let paid = paid.get(&id).copied().unwrap_or_default();
    let amount = Money::new(gross, currency);
    Some(LedgerRow {
        contract_id: id,
        number,
        kind,
        status,
        signed_at: signed_at?,
        account_name,
        amount,
        delivery_date,
        effective_at,
        paid: Amount::new(paid),
        paid_rate: rate(paid, gross),
    })
}

/// Rounded down to four decimals: 1 only when all is paid. Of a contract over nothing, all is.
fn rate(paid: Decimal, gross: Amount) -> Rate {
    let whole = gross.get();
    let rate = if whole.is_zero() { Decimal::ONE } else { paid / whole };
    Rate::new(rate.trunc_with_scale(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn con_16_only_what_is_wholly_paid_is_one() {
        let rate = |paid: &str| rate(paid.parse().unwrap(), "100000.01".parse().unwrap()).to_string();
        assert_eq!([rate("100000.00"), rate("100000.01"), rate("0"), rate("30000.00")], ["0.9999", "1", "0", "0.2999"]);
    }
}
