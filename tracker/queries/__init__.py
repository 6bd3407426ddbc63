"""What can be seen: loaded models and frozen figures; nothing here writes."""
