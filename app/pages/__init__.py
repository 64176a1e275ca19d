"""Pages for people: templates, texts in zh and en, and the routes that show them."""
