"""Persons whom an identity provider vouches for (OpenID Connect Core 1.0)."""
