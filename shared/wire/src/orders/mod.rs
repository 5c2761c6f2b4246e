//! Orders: from the customer's yes to accepted goods.
mod acceptances;
mod events;
mod finance_reviews;
#[expect(clippy::module_inception, reason = "the service is named after its first collection")]
mod orders;
mod shipments;
mod work_items;

pub use acceptances::*;
pub use events::*;
pub use finance_reviews::*;
pub use orders::*;
pub use shipments::*;
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
    EventInfo::of::<OrderReleasedForShipping>("Finance let the warehouse ship."),
    EventInfo::of::<ShipmentHandedOver>("The carrier has the goods."),
    EventInfo::of::<ShipmentNotified>("The customer got the shipping notice."),
    EventInfo::of::<ShipmentDelivered>("The customer signed for the goods."),
    EventInfo::of::<AcceptanceInvited>("The customer was invited to accept."),
    EventInfo::of::<OrderAccepted>("The customer accepted the delivery."),
    EventInfo::of::<OrderCompleted>("Delivered, accepted and paid."),
    EventInfo::of::<OrderCancelled>("An order ended before it was shipped."),
];
