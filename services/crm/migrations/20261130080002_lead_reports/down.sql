DROP TABLE lead_reports;
