//! What may be ordered of requisitions, on a real Postgres.
use super::{
    super::domain::{
        Birth, Progress,
        tests::{asked, by, order, wish},
    },
    *,
};
use crate::SERVICE;
use wire::procurement::RequisitionStatus as Status;

/// A requisition of four and one, in this status, straight in the tables.
async fn stored(conn: &mut Conn, status: Status) -> Requisition {
    let id = Uuid::now_v7();
    let birth = Birth { id: RequisitionId(id), number: id.to_string(), case_id: wire::CaseId(id) };
    let lines = vec![asked("4", "100"), asked("1", "50")];
    let change = Requisition::draft(birth, wish(lines), Uuid::now_v7, &by()).expect("a draft");
    let mut requisition = change.after().clone();
    requisition.head.status = status;
    requisition.insert(conn).await.expect("stored");
    requisition
}

#[test]
fn pro_02_what_may_be_ordered_is_what_is_approved_and_not_ordered_yet_in_the_order_asked_for() {
    testkit::run(&[SERVICE], async |yewu| {
        let mut conn = yewu.node.apps[0].writers.get().await.expect("a connection");
        let conn = &mut *conn;
        let (first, second) = (stored(conn, Status::Approved).await, stored(conn, Status::Approved).await);
        let mut ids = vec![second.head.id, first.head.id];
        for status in [Status::Draft, Status::InApproval, Status::Rejected, Status::Ordered, Status::Cancelled] {
            ids.push(stored(conn, status).await.head.id);
        }
        let mut part = order(1, &[(1, "3"), (2, "1")]);
        for (line, own) in part.lines.iter_mut().zip(&first.lines) {
            line.requisition_line_id = Some(own.id);
        }
        let change = first.clone().track(&part, Progress::Sent).expect("approved").expect("news");
        change.after().update(conn).await.expect("stored");
        let wanted = approved(conn, &ids).await.expect("an answer");
        let found: Vec<_> = wanted.iter().map(|one| (one.requisition_line_id, one.quantity.to_string())).collect();
        assert_eq!(
            found,
            [(second.lines[0].id, "4".into()), (second.lines[1].id, "1".into()), (first.lines[0].id, "1".into())]
        );
        assert_eq!((wanted[0].sku.as_str(), wanted[0].currency.as_str()), ("CHAIR", "CNY"));
    });
}
