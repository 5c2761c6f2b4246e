DROP INDEX case_events_subject;
DROP TABLE activities;
