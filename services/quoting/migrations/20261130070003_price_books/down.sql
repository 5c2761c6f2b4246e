DROP TABLE price_book_entries;
DROP TABLE price_books;
DELETE FROM number_rules WHERE kind = 'price_book';
