DROP TABLE handover_moves;
DROP TABLE handover_tasks;
