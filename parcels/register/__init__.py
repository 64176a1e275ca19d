"""The register: every layer of land and what is known of it, valid × recorded."""
