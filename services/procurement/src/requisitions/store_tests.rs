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
        assert_eq!(wanted[0].sku, "CHAIR");
    });
}

#[test]
fn pro_08_on_its_way_is_what_is_wanted_still_and_what_orders_still_expect() {
    testkit::run(&[SERVICE], async |yewu| {
        let [item, supplier, order, line] = [(); 4].map(|()| Uuid::now_v7());
        let mut conn = yewu.node.apps[0].writers.get().await.expect("a connection");
        let wish = stored(&mut conn, Status::Approved).await;
        let (id, wanted) = (wish.head.id, wish.lines[0].id);
        // Four wanted, of which three are ordered: ten are missing, but for these.
        let known = format!(
            "INSERT INTO suppliers (id, number, name, status, contact, external_refs, created_at, version) \
                 VALUES ('{supplier}', '{supplier}', '某商', 'qualified', '{{}}', '[]', now(), 1); \
             INSERT INTO items (id, sku, name, unit, status, reorder_level, external_refs, created_at, version) \
                 VALUES ('{item}', '{item}', '泵', '台', 'active', 10, '[]', now(), 1); \
             UPDATE requisition_lines SET sku = '{item}' WHERE id = '{wanted}'; \
             INSERT INTO purchase_orders (id, number, status, origin, supplier_id, supplier_name, currency, net, tax, gross, promises, arrivals, inspections, open_discrepancies, external_refs, created_at, sent_at, version) \
                 VALUES ('{order}', '{order}', 'sent', 'imported', '{supplier}', '某商', 'CNY', 1, 0, 1, '[]', 0, 0, 0, '[]', now(), now(), 1); \
             INSERT INTO purchase_order_lines (id, purchase_order_id, line_number, item_id, sku, name, specification, unit, quantity, unit_price, tax_rate, net, tax, requisition_id, requisition_line_id, received, forgone) \
                 VALUES ('{line}', '{order}', 1, '{item}', '{item}', '泵', '', '台', 3, 1, 0, 1, 0, '{id}', '{wanted}', 0, 0); \
             INSERT INTO requisition_orders VALUES ('{id}', '{wanted}', '{order}', 3, 'sent')"
        );
        yewu.as_owner("procurement", &known).await;
        let mut missing = async |statement: &str| {
            yewu.as_owner("procurement", statement).await;
            let low = low(&mut conn).await.expect("an answer").into_iter().find(|one| one.item_id == item);
            low.map(|one| one.missing.normalize().to_string())
        };
        assert_eq!(missing("SELECT 1").await.as_deref(), Some("6"), "once, though it is wanted and ordered");
        let set = |what: &str| format!("UPDATE purchase_order_lines SET {what} WHERE id = '{line}'");
        assert_eq!(missing(&set("received = 1")).await.as_deref(), Some("7"), "what arrived is in stock or it is not");
        assert_eq!(missing(&set("forgone = 1.5")).await.as_deref(), Some("8.5"), "what will never come");
        let closed = format!("UPDATE requisitions SET status = 'closed' WHERE id = '{id}'");
        assert_eq!(missing(&closed).await.as_deref(), Some("9.5"), "nobody wants the rest ordered");
        let for_an_order = format!("UPDATE requisitions SET order_id = '{order}', source = 'order' WHERE id = '{id}'");
        assert_eq!(missing(&for_an_order).await.as_deref(), Some("10"), "it leaves again with the order");
        assert_eq!(
            missing(&set("requisition_id = NULL")).await.as_deref(),
            Some("9.5"),
            "bought without being asked for"
        );
    });
}
