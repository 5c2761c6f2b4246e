//! How far the targets of somebody are (KPI-15): each target weighs the same, whatever it is measured in. No SQL.
use super::domain::{KpiRule, rounded};
use crate::{
    figures::{self, Counted, Record},
    sales_targets,
};
use platform::{Conn, Entity, Result, Sight};
use rust_decimal::Decimal;
use wire::{
    crm::SubjectKind,
    kpi::{KpiQuery, KpiSubject},
};

/// The approved targets of the subject for exactly this period, as far as the caller may see them; and of how many nothing is
/// known yet.
pub async fn records(conn: &mut Conn, query: &KpiQuery, sight: &Sight) -> Result<(Vec<Record>, i64)> {
    let (kind, code) = match &query.subject {
        Some(KpiSubject::User(code)) => (SubjectKind::User, code),
        Some(KpiSubject::Team(code)) => (SubjectKind::Team, code),
        Some(KpiSubject::Department(code)) => (SubjectKind::Department, code),
        None => return Err(KpiRule::Subject.into()),
    };
    let targets = sales_targets::of_subject(conn, (kind, code), &query.period.to_string()).await?;
    let (mut records, mut unknown) = (Vec::new(), 0);
    for target in targets.into_iter().filter(|target| sight.sees(target.ownership().as_ref())) {
        let attained = match target.attained {
            Some(attained) => Some(attained.get()),
            None => figures::attained(conn, &target).await?,
        };
        let Some(share) = attained.and_then(|attained| attained.checked_div(target.value.get())) else {
            unknown += 1;
            continue;
        };
        records.push(Record {
            kind: "sales_target".to_owned(),
            id: target.id.into(),
            number: Some(target.number),
            at: target.created_at,
            owner_id: target.owner_id,
            value: rounded(share),
            weight: Decimal::ONE,
        });
    }
    records.sort_by_key(|record| std::cmp::Reverse(record.id));
    Ok((records, unknown))
}

/// What they add up to.
pub fn add_up(records: &[Record]) -> Counted {
    let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
    Counted { count, sum: records.iter().map(|record| record.value).sum(), weight: Decimal::from(count) }
}
