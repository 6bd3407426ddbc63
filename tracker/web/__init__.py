"""The door for browsers: pages, forms and what surrounds them."""
