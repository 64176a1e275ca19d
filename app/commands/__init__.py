"""Commands of `jingtu`, one module each; `app.cli` lists them."""
