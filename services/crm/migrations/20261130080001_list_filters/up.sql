-- Lists by every filter that they have (tests/tests/plans.rs). Days are found by the id, which begins with its time.
CREATE INDEX leads_source ON leads (source, id);
CREATE INDEX leads_class ON leads (class, id);
CREATE INDEX opportunities_stage ON opportunities (stage, id);
CREATE INDEX accounts_tier ON accounts (tier, id);
