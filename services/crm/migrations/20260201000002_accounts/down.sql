DROP TABLE contacts, accounts;
