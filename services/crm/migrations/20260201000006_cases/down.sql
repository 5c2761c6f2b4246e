DROP TABLE case_events, cases;
