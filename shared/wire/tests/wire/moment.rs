//! Days and instants keep to the years that business can deal with, and to one spelling.
use wire::{Day, Moment};

#[test]
fn a_day_is_written_one_way_and_of_a_usual_year() {
    let read = |text: &str| serde_json::from_value::<Day>(text.into()).map_err(|error| error.to_string());
    assert_eq!(read("2026-03-02").unwrap().to_string(), "2026-03-02");
    for wrong in ["20260302", "2026-03-02T01:00:00", "2026-02-30", "1899-12-31", "9999-12-31", "-009999-01-01", ""] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    assert!(read("9999-12-31").unwrap_err().contains("1900 to 2999"));
}

#[test]
fn an_instant_is_kept_as_it_is_read() {
    let read = |text: &str| serde_json::from_value::<Moment>(text.into());
    assert_eq!(read("2026-03-02T01:00:00.123456789Z").unwrap().to_string(), "2026-03-02T01:00:00.123456Z");
    assert!(read("9999-12-31T00:00:00Z").is_err());
    assert!(read("-009999-12-31T00:00:00Z").is_err());
    assert!(read("2026-03-02 01:00").is_err());
}
