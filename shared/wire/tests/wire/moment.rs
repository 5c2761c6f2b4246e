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

#[test]
fn clocks_differ_by_a_minute_and_no_more() {
    let at = |text: &str| text.parse::<jiff::Timestamp>().map(Moment::new).unwrap();
    let noted = at("2026-03-02T01:00:00Z");
    assert!(!noted.is_well_before(noted) && !at("2026-03-02T02:00:00Z").is_well_before(noted));
    assert!(!at("2026-03-02T00:59:00Z").is_well_before(noted));
    assert!(at("2026-03-02T00:58:59.999999Z").is_well_before(noted));
}
