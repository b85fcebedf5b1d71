"""Report values and the files made from them."""
