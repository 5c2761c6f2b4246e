DROP INDEX acceptances_department;
DROP INDEX acceptances_team;
DROP INDEX finance_reviews_department;
DROP INDEX finance_reviews_team;
DROP INDEX shipments_department;
DROP INDEX shipments_team;
DROP INDEX work_items_team;
