//! Who gets what: the arithmetic of a hold, on plain values. Knows no state, writes nothing.
use super::domain::{Line, Place};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use wire::{
    Quantity,
    procurement::{HoldId, StockId},
};

/// What can be taken from a place. Listed in the order of sku and place.
#[derive(Debug, Clone)]
pub struct Free {
    pub stock_id: StockId,
    /// As orders call it.
    pub sku: String,
    pub quantity: Decimal,
}

/// How much more (or, with a minus, less) is set aside in each place.
pub type Moves = BTreeMap<StockId, Decimal>;

/// What leaves each place, by line.
pub type Issues = BTreeMap<StockId, Vec<(Uuid, Decimal)>>;

/// Set aside or shipped for a line.
pub fn covered(places: &[Place], line_id: Uuid) -> Decimal {
    places.iter().filter(|place| place.line_id == line_id).map(|place| place.held.get() + place.issued.get()).sum()
}

/// Sets aside what others have been waiting for longer: it cannot be taken.
pub fn reserve(free: &mut [Free], mut owed: HashMap<String, Decimal>) {
    for source in free {
        if let Some(owed) = owed.get_mut(&source.sku) {
            let kept = source.quantity.min(*owed);
            source.quantity -= kept;
            *owed -= kept;
        }
    }
}

/// Brings the places in line with what the lines ask for: first puts back what is too much, then takes what is short,
/// as much as there is, first come first served in the order of the lines.
pub fn allot(hold_id: HoldId, lines: &[Line], places: &mut Vec<Place>, free: &mut [Free]) -> Moves {
    let mut moves = Moves::new();
    for line in lines {
        let surplus = covered(places, line.line_id) - line.requested.get();
        give_back(line.line_id, surplus, places, free, &mut moves);
    }
    for line in lines {
        let mut short = line.requested.get() - covered(places, line.line_id);
        for source in free.iter_mut().filter(|source| source.sku == line.sku) {
            let taken = short.min(source.quantity);
            if taken > Decimal::ZERO {
                source.quantity -= taken;
                short -= taken;
                *moves.entry(source.stock_id).or_default() += taken;
                put(hold_id, line.line_id, source.stock_id, taken, places);
            }
        }
    }
    places.retain(|place| !(place.held.get().is_zero() && place.issued.get().is_zero()));
    moves.retain(|_, change| !change.is_zero());
    moves
}

fn give_back(line_id: Uuid, mut surplus: Decimal, places: &mut [Place], free: &mut [Free], moves: &mut Moves) {
    for place in places.iter_mut().rev().filter(|place| place.line_id == line_id) {
        let back = surplus.min(place.held.get());
        if back > Decimal::ZERO {
            surplus -= back;
            place.held = Quantity::new(place.held.get() - back);
            *moves.entry(place.stock_id).or_default() -= back;
            if let Some(source) = free.iter_mut().find(|source| source.stock_id == place.stock_id) {
                source.quantity += back;
            }
        }
    }
}

fn put(hold_id: HoldId, line_id: Uuid, stock_id: StockId, quantity: Decimal, places: &mut Vec<Place>) {
    match places.iter_mut().find(|place| place.line_id == line_id && place.stock_id == stock_id) {
        Some(place) => place.held = Quantity::new(place.held.get() + quantity),
        None => {
            places.push(Place { hold_id, line_id, stock_id, held: Quantity::new(quantity), issued: Quantity::ZERO });
        }
    }
}

/// Turns shipped into held, or into nothing that is ours to hold; `Err` is what never left this place for the line.
pub fn take_back(
    line_id: Uuid,
    stock_id: StockId,
    quantity: Decimal,
    held: bool,
    places: &mut [Place],
) -> Result<(), Decimal> {
    let place = places.iter_mut().find(|place| place.line_id == line_id && place.stock_id == stock_id);
    let Some(place) = place else { return Err(quantity) };
    if quantity > place.issued.get() {
        return Err(quantity - place.issued.get());
    }
    place.issued = Quantity::new(place.issued.get() - quantity);
    if held {
        place.held = Quantity::new(place.held.get() + quantity);
    }
    Ok(())
}

/// Turns held into shipped; `Err` is what is missing of the line.
pub fn ship(line_id: Uuid, quantity: Decimal, places: &mut [Place], issues: &mut Issues) -> Result<(), Decimal> {
    let mut left = quantity;
    for place in places.iter_mut().filter(|place| place.line_id == line_id) {
        let part = left.min(place.held.get());
        if part > Decimal::ZERO {
            left -= part;
            place.held = Quantity::new(place.held.get() - part);
            place.issued = Quantity::new(place.issued.get() + part);
            issues.entry(place.stock_id).or_default().push((line_id, part));
        }
    }
    if left.is_zero() { Ok(()) } else { Err(left) }
}
