"""The HTTP interface below ``/v1`` and at the root: one file per noun, translating."""
