"""Live charts: curves over a series store, a histogram, and the column that holds them."""
