//! Published words are the words that are read.
use wire::EvidenceChannel;

#[test]
fn the_published_words_are_those_that_are_read() {
    let schema = serde_json::to_value(<EvidenceChannel as utoipa::PartialSchema>::schema()).unwrap();
    let words: Vec<EvidenceChannel> = serde_json::from_value(schema["enum"].clone()).unwrap();
    assert_eq!(words, EvidenceChannel::ALL);
    assert_eq!(schema["description"], "How the customer let us know.");
}
