DROP INDEX case_events_figures, case_events_figures_owner, case_events_figures_team, case_events_figures_department;
DROP TABLE sales_targets;
DELETE FROM number_rules WHERE kind = 'sales_target';
