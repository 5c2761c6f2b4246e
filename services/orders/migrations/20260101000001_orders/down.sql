DROP TABLE order_holds, order_lines, orders;
