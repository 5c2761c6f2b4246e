//! The bus of a single process: a parcel is confirmed once every subscriber's inbox holds it, so nothing is lost with the
//! process. For tests and broker-less laptops only.
use super::{Arrival, Parcel, Receiver, Settled, Window};
use std::sync::{Arc, OnceLock};

/// Who hears what.
type Ears = Vec<(Vec<String>, Arc<dyn Receiver>)>;

/// Cheap to clone; all clones are one bus.
#[derive(Clone, Default)]
pub struct Memory(Arc<OnceLock<Ears>>);

impl Memory {
    /// Once, when all services are built.
    pub fn connect(&self, ears: Ears) {
        let _ = self.0.set(ears);
    }
    /// Delivers in order; the first parcel that a subscriber could not store ends the window.
    pub async fn publish(&self, parcels: Vec<Parcel>) -> Window {
        let mut window = Window::default();
        let Some(ears) = self.0.get() else { return window };
        for parcel in parcels {
            for (kinds, receiver) in ears {
                if kinds.contains(&parcel.kind) {
                    let arrival = Arrival {
                        body: parcel.body.clone(),
                        message_id: Some(parcel.id.to_string()),
                        kind: Some(parcel.kind.clone()),
                        deaths: 0,
                    };
                    if receiver.receive(arrival).await == Settled::Again {
                        return window;
                    }
                }
            }
            window.confirmed.push(parcel.id);
        }
        window
    }
}
