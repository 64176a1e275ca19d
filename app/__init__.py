"""HTTP, pages, command line, settings, security and jobs: translates, decides nothing.

The outermost layer of 净土 Jingtu. It calls the use cases of `screening` and
`parcels`; neither of them ever imports from here.
"""

from importlib.metadata import version

__version__ = version("jingtu")
