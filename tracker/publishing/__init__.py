"""Documents for people to take away. What they hold comes in as arguments."""
