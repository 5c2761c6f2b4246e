DROP TABLE hold_places, hold_lines, holds;
