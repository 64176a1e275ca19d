"""Bodies and answers of the HTTP interface: one file per noun, as in `app.routes`."""
