DROP TABLE users, departments;
