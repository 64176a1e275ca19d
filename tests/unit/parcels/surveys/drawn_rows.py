"""Polygons as the rows of a file, for checks of the whole of it."""

import numpy as np

from parcels.surveys.checks.coverage import index_rows, view_coverage
from parcels.surveys.checks.edges import find_unmatched
from parcels.surveys.row_shapes import RowShapes


def view_drawn(plane, srid=4526):
    """Return how polygons lie beside each other."""
    plane = np.array(plane, dtype=object)
    return view_coverage(index_rows(RowShapes(plane), srid), find_unmatched(plane))


def always(count):
    """Return the days of so many rows that all hold at one time."""
    return np.array([(0, 9999)] * count)
