"""Steps that make the database; each begins with why it was needed."""
