"""One file per kind of fault (core): what a survey must be to enter the register.

Checks of rows take `Candidates` and give `Issues`; they read nothing and change
nothing. Checks of a whole file take the columns of all its rows.
"""
