//! Orders: from the customer's yes to accepted goods.
mod acceptance_policies;
mod acceptances;
mod events;
mod finance_reviews;
mod inspections;
mod nonconformities;
#[expect(clippy::module_inception, reason = "the service is named after its first collection")]
mod orders;
mod shipments;
mod shortages;
mod work_items;

pub use acceptance_policies::*;
pub use acceptances::*;
pub use events::*;
pub use finance_reviews::*;
pub use inspections::*;
pub use nonconformities::*;
pub use orders::*;
pub use shipments::*;
pub use shortages::*;
pub use work_items::*;

use crate::EventInfo;

/// The facts orders tells.
pub const EVENTS: &[EventInfo] = &[
    EventInfo::of::<OrderCreated>("An order was drafted, from a contract, a quote or directly."),
    EventInfo::of::<HoldPlaced>("Something keeps an order from going on, beside its state."),
    EventInfo::of::<HoldReleased>("A hold is gone."),
    EventInfo::of::<AvailabilityRequested>("An order asks procurement to hold goods."),
    EventInfo::of::<ShortageDetected>("Stock does not cover an order."),
    EventInfo::of::<ShortageDecided>("It is decided what is done about missing goods."),
    EventInfo::of::<OrderChecked>("Stock and price were checked."),
    EventInfo::of::<FinanceReviewCompleted>("Finance has looked at price and invoice data."),
    EventInfo::of::<OrderConfirmed>("An order is confirmed to the customer."),
    EventInfo::of::<OrderDecomposed>("Departments have their work items."),
    EventInfo::of::<WorkItemAcknowledged>("A department has seen its part of an order."),
    EventInfo::of::<InspectionCompleted>("Samples of an order's goods were inspected."),
    EventInfo::of::<InspectionReportIssued>("An inspection report was signed."),
    EventInfo::of::<NonconformityOpened>("Goods of an order did not pass their inspection."),
    EventInfo::of::<NonconformityClosed>("Goods passed after rework."),
    EventInfo::of::<NonconformityScrapped>("Goods of an order are scrapped; others must take their place."),
    EventInfo::of::<OrderReleasedForShipping>("Finance let the warehouse ship."),
    EventInfo::of::<ShipmentHandedOver>("The carrier has the goods."),
    EventInfo::of::<ShipmentNotified>("The customer got the shipping notice."),
    EventInfo::of::<ShipmentDelivered>("The customer signed for the goods."),
    EventInfo::of::<ShipmentReturned>("A shipment came back."),
    EventInfo::of::<AcceptanceInvited>("The customer was invited to accept."),
    EventInfo::of::<AcceptanceReminded>("The customer is reminded that an acceptance is open."),
    EventInfo::of::<AcceptanceOverdue>("The customer did not answer an invitation to accept in time."),
    EventInfo::of::<AcceptanceEscalated>("An unanswered invitation to accept needs a person."),
    EventInfo::of::<OrderAccepted>("The customer accepted the delivery."),
    EventInfo::of::<OrderCompleted>("Delivered, accepted and paid."),
    EventInfo::of::<OrderCancelled>("An order ended before it was shipped."),
];
