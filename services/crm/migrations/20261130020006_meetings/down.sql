DROP TABLE action_items;
DELETE FROM number_rules WHERE kind = 'meeting';
DROP TABLE meetings;
